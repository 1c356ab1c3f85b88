"""Companies that serve other makers' open models, by token."""

from modeltui.providers.charges import Charged, unless_both_zero
from modeltui.providers.envelopes import One
from modeltui.providers.marks import Present, Root
from modeltui.providers.prices import BAND, CACHE_BAND, Price, Tiers, other_prices, price, prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    Choice,
    CountWhere,
    Has,
    Id,
    Instant,
    Quantization,
    Time,
    Weights,
    Words,
    arrow,
    count,
    either,
    flag,
    is_in,
    lists,
    modalities,
    text,
    unless,
    where,
)
from modeltui.providers.shapes import OPENAI_DATED, openai_source, openrouter_like
from modeltui.providers.spec import (
    Bearer,
    KeyUse,
    NextToken,
    PageNumber,
    Provider,
    Public,
    Source,
    field_map,
)
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
                weights=Root("root"),
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
            each("items|data"),
            endpoint="https://api.chutes.ai",
            query="include_public=true",
            public=Public.YES,
            paging=PageNumber(size=1000, total="total"),
            prefer=where("user.username", "chutes"),
            fields=field_map(id=Id("name|id"), **_DEPLOYMENT),  # type: ignore[arg-type]  # rules and groups of rules
        ),
        Source(
            "utilization",
            "/chutes/utilization",
            each("|items|data", drop=("name", ("[private chute]",))),
            endpoint="https://api.chutes.ai",
            public=Public.YES,
            key_use=KeyUse.NEVER,
            enriches_only=True,
            fields=field_map(
                id=Id("name|id"),
                deployment=dict(
                    deployment_id=text("chute_id"),
                    instances=count("active_instance_count", zero=True),
                    **other_prices(unit=Unit.FRACTION, zero=True, utilization="utilization_5m"),
                ),
            ),
        ),
        Source(
            "deployment",
            "/chutes/{id}",
            One(),
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
instance is up, so listed is not hot. With a key and without `include_public=true` the list is only one's own.
TEI, embedding and custom deployments have no token price, which is not a price of zero; `usd.hour` is the price of the
hardware. The utilization feed calls most of its rows `[private chute]`."""

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
                price_tiers=Tiers(
                    "model_spec.pricing.extended",
                    threshold="context_token_threshold",
                    prices=(
                        ("input", Price("input.usd", unit=Unit.USD_PER_MTOK)),
                        ("output", Price("output.usd", unit=Unit.USD_PER_MTOK)),
                        ("cache_read", Price("cache_input.usd", unit=Unit.USD_PER_MTOK, band=CACHE_BAND, zero=False)),
                        ("cache_write", Price("cache_write.usd", unit=Unit.USD_PER_MTOK, band=CACHE_BAND, zero=False)),
                    ),
                ),
            ),
        ),
    ),
    docs="https://docs.venice.ai/api-reference/endpoint/models/list",
    evidence="recorded 2025-07 (13 rows, text), 2026-03 and 2026-06",
)
"""Prices come in `usd`, `diem` (the same number) and `vcu` (ten times it): only `usd` is read. Rows that are no text
are priced by the image, second or song. Names are marketing and no modality is listed: vision is its own flag."""


_GROQ_TEXT = where("output_modalities", "text", None)

GROQ = Provider(
    slug="groq",
    name="Groq",
    endpoint="https://api.groq.com/openai/v1",
    auth=Bearer(env=("GROQ_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **OPENAI_DATED,
                **field_map(
                    name=text("name"),
                    context_length=count("context_window|context_length"),
                    max_output_tokens=count("max_completion_tokens|max_output_length"),
                    weights=Weights("hugging_face_id"),
                    status=Choice("active", table=((True, "active"), (False, "offline"))),
                    **modalities("input_modalities", "output_modalities"),
                    tools=lists("supported_features", "tools"),
                    json_mode=lists("supported_features", "json_mode"),
                    structured_output=lists("supported_features", "structured_outputs"),
                    reasoning=lists("supported_features", "reasoning"),
                    prices=prices(
                        unit=Unit.USD_PER_TOKEN,
                        only=_GROQ_TEXT,
                        zero_cache=False,
                        input="pricing.prompt",
                        output="pricing.completion",
                        cache_read="pricing.input_cache_read",
                    )
                    | other_prices(unit=Unit.USD, image="pricing.image", request="pricing.request")
                    | other_prices(
                        unit=Unit.USD_PER_CHARACTER,
                        only=where("output_modalities", "speech", "audio"),
                        characters="pricing.prompt",
                    ),
                ),
            },
        ),
    ),
    docs="https://console.groq.com/docs/api-reference#models-list",
    evidence="recorded 2025-07 (22 rows) and 2026-07 (17 rows)",
)
"""Speech rows write their price by the character under the same key. compound, whisper and allam have no price key,
guard and speech rows no features: both are unknown. 448 is whisper's own context."""

_TOGETHER_TOKENS = where("type", "chat", "language", "code", "moderation", "embedding", "rerank")

TOGETHER = Provider(
    slug="together",
    name="Together AI",
    endpoint="https://api.together.xyz/v1",
    auth=Bearer(env=("TOGETHER_API_KEY", "TOGETHER_AI_API_KEY")),
    sources=(
        Source(
            "models",
            "/models",
            each("|data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                name=text("display_name"),
                owner=text("organization"),
                license=text("license"),
                created_at=Instant("created"),
                context_length=count("context_length"),
                max_output_tokens=count("config.max_output_length"),
                embeddings=is_in("type", "embedding"),
                rerank=is_in("type", "rerank"),
                moderation=is_in("type", "moderation"),
                image_generation=is_in("type", "image"),
                video_generation=is_in("type", "video"),
                speech=is_in("type", "audio"),
                transcription=is_in("type", "transcribe"),
                prices=unless_both_zero(
                    prices(unit=Unit.USD_PER_MTOK, input="pricing.input", output="pricing.output"),
                    only=_TOGETHER_TOKENS,
                )
                | prices(
                    unit=Unit.USD_PER_MTOK, only=_TOGETHER_TOKENS, zero_cache=False, cache_read="pricing.cached_input"
                )
                | other_prices(unit=Unit.USD_PER_MCHAR, only=where("type", "audio"), characters="pricing.input"),
            ),
        ),
        Source(
            "endpoints",
            "/endpoints",
            each("data|"),
            query="type=serverless",
            key_use=KeyUse.ALWAYS,
            enriches_only=True,
            fields=field_map(id=Id("model|id"), deployment=dict(hot=is_in("state", "STARTED"))),
        ),
    ),
    docs="https://docs.together.ai/reference/models-1",
    evidence="recorded 2025-07 (88 rows); endpoints from a client of 2026",
)
"""Only text rows are priced by tokens: 65 on an audio row is USD per 1M characters, image rows say 0 and 0, and so do
chat rows that are a preview or dedicated only: that is not free. An id can serve another checkpoint than it names
(DeepSeek-R1 is R1-0528) and `link` follows the id, so no weights are read. `running` is false everywhere."""

FIREWORKS = Provider(
    slug="fireworks",
    name="Fireworks",
    endpoint="https://api.fireworks.ai/inference/v1",
    auth=Bearer(env=("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY")),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **OPENAI_DATED,
                **field_map(
                    context_length=count("context_length"),
                    tools=flag("supports_tools"),
                    vision=flag("supports_image_input"),
                    image_generation=is_in("kind", "FLUMINA_BASE_MODEL"),
                ),
            },
        ),
        Source(
            "control",
            "/accounts/fireworks/models",
            each("models|data", drop=("supportsServerless", (False,))),
            endpoint="https://api.fireworks.ai/v1",
            key_use=KeyUse.ALWAYS,
            paging=NextToken("pageToken", "nextPageToken", size=200, size_param="pageSize"),
            fields=field_map(
                id=Id("name|id"),
                name=text("displayName"),
                description=text("description"),
                created_at=Instant("createTime", form=Time.ISO),
                retires_at=Instant("deprecationDate", form=Time.PARTS, future=True),
                context_length=count("contextLength"),
                quantization=Quantization("defaultPrecision"),
                weights=Weights("huggingFaceUrl"),
                tools=flag("supportsTools"),
                vision=flag("supportsImageInput"),
                fine_tuning=flag("tunable"),
                image_generation=is_in("kind", "FLUMINA_BASE_MODEL"),
            ),
        ),
    ),
    docs="https://docs.fireworks.ai/api-reference/list-models",
    evidence="recorded 2025-07 (27 rows); control plane from its SDK of 2026",
)
"""No interface tells a price. Ids are `accounts/ACCOUNT/models/SLUG`, with `p` for the dot of a version. The control
plane also lists what has to be deployed first: those rows are left out, and routers are not listed there."""

_DEEPINFRA_TOKENS = where("pricing.type", "tokens")


def _cents(amount: str, times: str = "") -> Charged:
    return Charged(
        "pricing",
        _DEEPINFRA_TOKENS,
        unit=Unit.CENTS_PER_TOKEN,
        amount=amount,
        times=times,
        discount="discount",
        band=CACHE_BAND if times else BAND,
    )


DEEPINFRA = Provider(
    slug="deepinfra",
    name="DeepInfra",
    endpoint="https://api.deepinfra.com/v1/openai",
    auth=Bearer(env=("DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN")),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                description=text("metadata.description"),
                context_length=count("metadata.context_length"),
                max_output_tokens=count("metadata.max_tokens"),
                vision=lists("metadata.tags", "vision"),
                reasoning=lists("metadata.tags", "reasoning", "reasoning_effort"),
                embeddings=lists("metadata.tags", "embed"),
                image_generation=lists("metadata.tags", "image-gen"),
                prompt_caching=lists("metadata.tags", "prompt_cache"),
                prices=prices(
                    unit=Unit.USD_PER_MTOK,
                    only=unless("metadata.tags", "image-gen"),
                    zero_cache=False,
                    input="metadata.pricing.input_tokens",
                    output="metadata.pricing.output_tokens",
                    cache_read="metadata.pricing.cache_read_tokens",
                )
                | other_prices(unit=Unit.USD, image="metadata.pricing.per_image_unit"),
            ),
        ),
        Source(
            "native",
            "/models/list",
            each("|data"),
            endpoint="https://api.deepinfra.com",
            public=Public.YES,
            key_use=KeyUse.NEVER,
            fields=field_map(
                id=Id("model_name|id"),
                description=text("description"),
                context_length=count("max_tokens"),
                quantization=Quantization("quantization"),
                retires_at=Instant("deprecated", future=True),
                status=Present("deprecated", word="deprecated"),
                vision=lists("tags", "vision"),
                embeddings=is_in("reported_type|type", "embeddings"),
                image_generation=is_in("reported_type|type", "text-to-image"),
                transcription=is_in("reported_type|type", "automatic-speech-recognition"),
                speech=is_in("reported_type|type", "text-to-speech"),
                video_generation=is_in("reported_type|type", "text-to-video"),
                prices=dict(
                    input=_cents("cents_per_input_token"),
                    output=_cents("cents_per_output_token"),
                    cache_read=_cents("cents_per_input_token", "rate_per_input_token_cached"),
                    discount=price("pricing.discount", unit=Unit.FRACTION, band=None, zero=False),
                    **other_prices(
                        unit=Unit.CENTS,
                        only=unless("pricing.type", "tokens"),
                        image="pricing.cents_per_image_unit",
                        second="pricing.cents_per_sec",
                    ),
                ),
            ),
        ),
    ),
    docs="https://deepinfra.com/docs/openai_api",
    models_url="https://deepinfra.com/{id}",
    evidence="recorded 2025-07 (103 ids); metadata and the native list from adapters of 2026",
)
"""`created` is 0, `metadata` null on rows without a price, and its `max_tokens` often the window again. In the native
list `max_tokens` is the window, prices are cents per token before a discount, and the cache price a ratio of the
input's; only type `tokens` is priced by tokens."""


def _novita_source(name: str, *, public: Public) -> Source:
    return Source(
        name,
        "/models",
        each("data"),
        public=public,
        fields=field_map(
            id=Id("id"),
            name=text("display_name|title"),
            description=text("description"),
            created_at=Instant("created"),
            context_length=count("context_size"),
            max_output_tokens=count("max_output_tokens"),
            status=Choice("status", table=((1, "active"), (0, "offline"), (-1, "offline"))),
            **{
                **modalities("input_modalities", "output_modalities"),
                "vision": either(Has("input_modalities", words=("image",)), Has("features", words=("vision",))),
                "embeddings": is_in("model_type", "embedding"),
                "rerank": is_in("model_type", "reranker", "rerank"),
            },
            tools=lists("features", "function-calling"),
            structured_output=lists("features", "structured-outputs"),
            reasoning=lists("features", "reasoning"),
            prices=prices(
                unit=Unit.USD_E4_PER_MTOK,
                only=unless("model_type", "image", "video", "audio", "tts", "asr"),
                zero_cache=False,
                input="input_token_price_per_m",
                output="output_token_price_per_m",
                cache_read="pricing.input_cache_read.price_per_m",
            ),
        ),
    )


NOVITA = Provider(
    slug="novita",
    name="Novita",
    endpoint="https://api.novita.ai/openai/v1",
    auth=Bearer(env=("NOVITA_API_KEY",)),
    sources=(_novita_source("models", public=Public.INFERRED),),
    docs="https://novita.ai/docs/guides/introduction",
    evidence="recorded 2025-07 (50 rows); modalities and cache price from adapters of 2026; public only inferred",
)
"""Prices are whole numbers of 1/10000 USD per 1M tokens: 2800 is 0.28. 0 is a promotion that costs nothing. `features`
is null on many rows, names end in tabs, and the output limit is above the context on some."""

JIEKOU = Provider(
    slug="jiekou",
    name="Jiekou",
    endpoint="https://api.jiekou.ai/openai",
    auth=Bearer(env=("JIEKOU_API_KEY",)),
    sources=(_novita_source("models", public=Public.NO),),
    docs="https://docs.jiekou.ai/docs/support/quickstart",
    evidence="inferred: the same platform and answer as Novita, adapters of 2026",
)
"""Inferred: Novita's answer under another name, prices in the same unit."""

CEREBRAS = Provider(
    slug="cerebras",
    name="Cerebras",
    endpoint="https://api.cerebras.ai/v1",
    auth=Bearer(env=("CEREBRAS_API_KEY",)),
    sources=(
        openai_source(dated=True),
        Source(
            "public",
            "/models",
            each("data"),
            endpoint="https://api.cerebras.ai/public/v1",
            public=Public.YES,
            key_use=KeyUse.NEVER,
            fields={
                **OPENAI_DATED,
                **field_map(
                    name=text("name"),
                    context_length=count("limits.max_context_length"),
                    max_output_tokens=count("limits.max_completion_tokens"),
                    status=Choice("deprecated", table=((True, "deprecated"), (False, "active"))),
                    tools=flag("capabilities.function_calling"),
                    structured_output=flag("capabilities.structured_outputs"),
                    streaming=flag("capabilities.streaming"),
                    vision=flag("capabilities.vision"),
                    reasoning=flag("capabilities.reasoning"),
                    prices=prices(unit=Unit.USD_PER_TOKEN, input="pricing.prompt", output="pricing.completion"),
                ),
            },
        ),
    ),
    docs="https://inference-docs.cerebras.ai/models/overview",
    evidence="recorded 2025-07 (6 ids) and 2026-07 (3 ids); public catalogue from an adapter of 2026-08",
)
"""`created` is real in 2025 and 0 in 2026. A key may list models that then answer model_not_found. The public
catalogue's other formats have prices in another unit: only the plain one is read."""

_SAMBANOVA_TOKENS = where("pricing.duration_per_hour", None)

SAMBANOVA = Provider(
    slug="sambanova",
    name="SambaNova",
    endpoint="https://api.sambanova.ai/v1",
    auth=Bearer(env=("SAMBANOVA_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.YES,
            fields=field_map(
                id=Id("id"),
                context_length=count("context_length"),
                max_output_tokens=count("max_completion_tokens"),
                prices=prices(
                    unit=Unit.USD_PER_TOKEN,
                    only=_SAMBANOVA_TOKENS,
                    input="pricing.prompt",
                    output="pricing.completion",
                )
                | other_prices(unit=Unit.USD_PER_HOUR, second="pricing.duration_per_hour"),
            ),
        ),
    ),
    docs="https://docs.sambanova.ai",
    evidence="recorded 2025-07 (10 rows)",
)
"""Whisper says 0 and 0 beside a price by the hour: that zero is not free. `owned_by` is a mail address."""

HYPERBOLIC = Provider(
    slug="hyperbolic",
    name="Hyperbolic",
    endpoint="https://api.hyperbolic.xyz/v1",
    auth=Bearer(env=("HYPERBOLIC_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                context_length=count("context_length"),
                tools=flag("supports_tools"),
                vision=flag("supports_image_input"),
            ),
        ),
    ),
    docs="https://docs.hyperbolic.xyz",
    evidence="recorded 2025-07 (22 rows)",
)
"""`supports_tools` is false on every row, a weak word. `created` is the time of the answer and `owned_by` the host. No
prices."""

_NEBIUS_IMAGE = ("text->image", "text+image->image", "image->image")
_NEBIUS_ROWS = openrouter_like(
    only=unless("architecture.modality", *_NEBIUS_IMAGE),
    without=("created_at", "max_output_tokens", "weights", "prices.cache_read", "prices.cache_write"),
)

NEBIUS = Provider(
    slug="nebius",
    name="Nebius Token Factory",
    endpoint="https://api.tokenfactory.nebius.com/v1",
    auth=Bearer(env=("NEBIUS_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            query="verbose=true",
            key_use=KeyUse.ALWAYS,
            fields={
                **_NEBIUS_ROWS,
                **field_map(**arrow("architecture.modality")),
            },
        ),
    ),
    docs="https://docs.tokenfactory.nebius.com/",
    evidence="plain list recorded 2025-07 (52 ids); verbose list from adapters of 2026",
)
"""`-fast` is another price of the same weights. `created` is the time of the answer. Without `verbose=true`
there are only ids."""

NVIDIA = Provider(
    slug="nvidia",
    name="NVIDIA NIM",
    endpoint="https://integrate.api.nvidia.com/v1",
    auth=Bearer(env=("NVIDIA_API_KEY", "NVIDIA_NIM_API_KEY")),
    sources=(openai_source(public=Public.INFERRED),),
    docs="https://docs.api.nvidia.com/nim/",
    models_url="https://build.nvidia.com/{id}",
    evidence="recorded 2025-07 (148 ids); public only inferred",
)
"""`created` is the same second of 1993 everywhere. Embeddings, rerankers, guards and speech stand there
without a type."""

NSCALE = Provider(
    slug="nscale",
    name="nscale",
    endpoint="https://inference.api.nscale.com/v1",
    auth=Bearer(env=("NSCALE_API_KEY", "NSCALE_SERVICE_TOKEN")),
    sources=(openai_source(),),
    docs="https://docs.nscale.com",
    evidence="recorded 2025-07 (24 ids); that a key is needed is inferred",
)
"""Ids only; chat and image models mixed."""

SILICONFLOW = Provider(
    slug="siliconflow",
    name="SiliconFlow",
    endpoint="https://api.siliconflow.com/v1",
    auth=Bearer(env=("SILICONFLOW_API_KEY", "SILICON_FLOW_API_KEY")),
    sources=(openai_source(),),
    docs="https://docs.siliconflow.com/en/api-reference/models/get-model-list",
    evidence="adapters of 2026",
)
"""Ids only, `created` 0; `type` and `sub_type` filter in the query and are not in the answer."""

HOSTS = (
    CHUTES, VENICE, GROQ, TOGETHER, FIREWORKS, DEEPINFRA, NOVITA, JIEKOU, CEREBRAS, SAMBANOVA, HYPERBOLIC, NEBIUS,
    NVIDIA, NSCALE, SILICONFLOW,
)  # fmt: skip
