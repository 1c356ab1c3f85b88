"""Companies that serve other makers' models."""

from modeltui.providers.prices import other_prices, prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    Choice,
    CountWhere,
    Id,
    Instant,
    Quantization,
    Time,
    Weights,
    Words,
    count,
    either,
    flag,
    is_in,
    lists,
    modalities,
    text,
    where,
)
from modeltui.providers.spec import Bearer, KeyUse, PageNumber, Provider, Public, Source, field_map
from modeltui.providers.units import Unit

_INPUT = "current_estimated_price.per_million_tokens.input.usd|current_estimated_price.per_million_tokens.usd"
_OUTPUT = "current_estimated_price.per_million_tokens.output.usd|current_estimated_price.per_million_tokens.usd"
_DEPLOYMENT = dict(
    description=text("tagline"),
    created_at=Instant("created_at", form=Time.ISO),
    prices=prices(unit=Unit.USD_PER_MTOK, only=where("standard_template", "vllm"), input=_INPUT, output=_OUTPUT)
    | other_prices(unit=Unit.USD, zero=True, step="current_estimated_price.per_step.usd"),
    deployment=dict(
        hot=flag("hot"),
        instances=CountWhere("instances", flags=("active", "verified")),
        gpus=Words("supported_gpus|node_selector.supported_gpus"),
        gpu_count=count("node_selector.gpu_count"),
        min_vram_gb=count("node_selector.min_vram_gb_per_gpu"),
        **other_prices(unit=Unit.USD, gpu_usd_per_hour="current_estimated_price.usd.hour"),
        invocations=count("invocation_count", zero=True),
        template=text("standard_template"),
        user=text("user.username"),
        public=flag("public"),
        deployment_id=text("chute_id"),
        slug=text("slug"),
        concurrency=count("concurrency"),
        updated_at=Instant("updated_at", form=Time.ISO),
    ),
)

CHUTES = Provider(
    slug="chutes",
    name="Chutes",
    endpoint="https://llm.chutes.ai/v1",
    auth=Bearer(env=("CHUTES_API_KEY", "CHUTES_API_TOKEN")),
    sources=(
        Source(
            "v1",
            "/models",
            each("data"),
            public=Public.YES,
            key_use=KeyUse.NEVER,
            fields=field_map(
                id=Id("id"),
                weights=Weights("root"),
                context_length=count("context_length|max_model_len"),
                max_output_tokens=count("max_output_length"),
                quantization=Quantization("quantization"),
                **modalities("input_modalities", "output_modalities"),
                tools=lists("supported_features", "tools"),
                structured_output=lists("supported_features", "structured_outputs"),
                json_mode=lists("supported_features", "json_mode"),
                reasoning=lists("supported_features", "reasoning"),
                prices=prices(
                    unit=Unit.USD_PER_MTOK,
                    input="pricing.prompt|price.input.usd|price.usd",
                    output="pricing.completion|price.output.usd|price.usd",
                    cache_read="pricing.input_cache_read",
                ),
                deployment=dict(deployment_id=text("chute_id")),
            ),
        ),
        Source(
            "deployments",
            "/chutes/",
            each("items"),
            endpoint="https://api.chutes.ai",
            query="include_public=true",
            public=Public.YES,
            paging=PageNumber(size=1000, total="total"),
            prefer=where("user.username", "chutes"),
            fields=field_map(id=Id("name"), **_DEPLOYMENT),  # type: ignore[arg-type]  # rules and groups of rules
        ),
        Source(
            "deployment",
            "/chutes/{id}",
            each(""),
            endpoint="https://api.chutes.ai",
            public=Public.YES,
            on_demand=True,
            fields=field_map(id=Id("name"), **_DEPLOYMENT),  # type: ignore[arg-type]  # the same
        ),
    ),
    precedence={"prices": ("deployments", "v1")},
    docs="https://chutes.ai/docs",
    models_url="https://chutes.ai/app/chute/{deployment_id}",
    evidence="V1 recorded 2025-07, rows quoted 2026-05 and 2026-07; deployments from the server's source of 2025-10",
)
"""`created` of V1 is the time an instance answered and `owned_by` its engine: neither is read. A V1 row stays when no
instance is up, so listed is not hot. With a key and without `include_public=true` the list is only one's own."""

_TEXT = where("type", "text", None)

VENICE = Provider(
    slug="venice",
    name="Venice",
    endpoint="https://api.venice.ai/api/v1",
    auth=Bearer(env=("VENICE_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            query="type=all",
            public=Public.YES,
            fields=field_map(
                id=Id("id"),
                name=text("model_spec.name"),
                created_at=Instant("created"),
                context_length=count("model_spec.availableContextTokens"),
                max_output_tokens=count("model_spec.maxCompletionTokens"),
                quantization=Quantization("model_spec.capabilities.quantization"),
                weights=Weights("model_spec.modelSource"),
                retires_at=Instant("model_spec.deprecation.date", form=Time.ISO, future=True),
                status=either(
                    Choice("model_spec.offline", table=((True, "offline"),)),
                    Choice("model_spec.betaModel", table=((True, "beta"),)),
                    Choice("model_spec.offline", table=((False, "active"),)),
                ),
                tools=flag("model_spec.capabilities.supportsFunctionCalling"),
                vision=flag("model_spec.capabilities.supportsVision"),
                reasoning=flag("model_spec.capabilities.supportsReasoning"),
                structured_output=flag("model_spec.capabilities.supportsResponseSchema"),
                web_search=flag("model_spec.capabilities.supportsWebSearch"),
                code=flag("model_spec.capabilities.optimizedForCode"),
                audio=flag("model_spec.capabilities.supportsAudioInput"),
                video=flag("model_spec.capabilities.supportsVideoInput"),
                embeddings=is_in("type", "embedding"),
                image_generation=is_in("type", "image", "inpaint"),
                video_generation=is_in("type", "video"),
                speech=is_in("type", "tts"),
                transcription=is_in("type", "asr"),
                prices=prices(
                    unit=Unit.USD_PER_MTOK,
                    only=where("type", "text", "embedding", None),
                    zero_cache=False,
                    input="model_spec.pricing.input.usd",
                    output="model_spec.pricing.output.usd",
                    cache_read="model_spec.pricing.cache_input.usd",
                    cache_write="model_spec.pricing.cache_write.usd",
                )
                | other_prices(
                    unit=Unit.USD,
                    only=where("type", "image", "inpaint", "upscale"),
                    image="model_spec.pricing.generation.usd",
                ),
            ),
        ),
    ),
    docs="https://docs.venice.ai/api-reference/endpoint/models/list",
    evidence="recorded 2025-07 (13 rows, text), 2026-03 and 2026-06",
)
"""Prices come in `usd`, `diem` (the same number) and `vcu` (ten times it): only `usd` is read."""

HOSTS = (CHUTES, VENICE)
