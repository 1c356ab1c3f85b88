"""Gateways that route to other providers, and catalogues that tell of them."""

from modeltui.providers.charges import Columns
from modeltui.providers.envelopes import Joined
from modeltui.providers.prices import CACHE_BAND, Price, Tiers, other_prices, prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    Choice,
    Id,
    Instant,
    Quantization,
    Renamed,
    Text,
    Time,
    Weights,
    choose,
    count,
    either,
    flag,
    is_in,
    lists,
    modalities,
    text,
    where,
)
from modeltui.providers.spec import Bearer, KeyUse, NoKey, Provider, Public, Source, field_map
from modeltui.providers.units import Unit

_PER_TOKEN = Unit.USD_PER_TOKEN
OPENROUTER_FIELDS = field_map(
    id=Id("id"),
    name=text("name"),
    owner=Text("id", before="/"),
    description=text("description"),
    created_at=Instant("created"),
    context_length=count("context_length"),
    max_output_tokens=count("top_provider.max_completion_tokens"),
    weights=Weights("hugging_face_id"),
    slug=text("canonical_slug"),
    knowledge=text("knowledge_cutoff"),
    retires_at=Instant("expiration_date", form=Time.ISO, future=True),
    **modalities("architecture.input_modalities", "architecture.output_modalities"),
    tools=lists("supported_parameters", "tools"),
    structured_output=lists("supported_parameters", "structured_outputs"),
    json_mode=lists("supported_parameters", "response_format"),
    reasoning=lists("supported_parameters", "reasoning", "include_reasoning"),
    web_search=lists("supported_parameters", "web_search_options"),
    prices=prices(
        unit=_PER_TOKEN,
        zero_cache=False,
        input="pricing.prompt",
        output="pricing.completion",
        cache_read="pricing.input_cache_read",
        cache_write="pricing.input_cache_write",
        cache_write_1h="pricing.input_cache_write_1h",
        reasoning="pricing.internal_reasoning",
        audio_input="pricing.audio",
        audio_output="pricing.audio_output",
        image_output="pricing.image_output",
        image_input="pricing.image_token",
    )
    | other_prices(unit=Unit.USD, request="pricing.request", web_search="pricing.web_search")
    | other_prices(unit=Unit.FRACTION, discount="pricing.discount"),
    price_tiers=Tiers(
        "pricing.overrides",
        threshold="min_prompt_tokens",
        prices=(
            ("input", Price("prompt", unit=_PER_TOKEN)),
            ("output", Price("completion", unit=_PER_TOKEN)),
            ("cache_read", Price("input_cache_read", unit=_PER_TOKEN, band=CACHE_BAND)),
            ("cache_write", Price("input_cache_write", unit=_PER_TOKEN, band=CACHE_BAND)),
        ),
    ),
)
"""`context_length` is the model's, `top_provider.context_length` what the provider served first allows: a second fact,
not a correction. `pricing.image` is documented per image and observed per token, so it is not read."""

ENDPOINT_FIELDS = field_map(
    id=Id("tag|name"),
    name=text("provider_name"),
    context_length=count("context_length"),
    max_input_tokens=count("max_prompt_tokens"),
    max_output_tokens=count("max_completion_tokens"),
    quantization=Quantization("quantization"),
    status=Choice("status", table=((0, "active"), (-10, "offline"))),
    uptime=Price("uptime_last_30m|uptime_last_1d", unit=Unit.FRACTION, band=None),
    prompt_caching=flag("supports_implicit_caching"),
    tools=lists("supported_parameters", "tools"),
    prices=prices(
        unit=_PER_TOKEN,
        zero_cache=False,
        input="pricing.prompt",
        output="pricing.completion",
        cache_read="pricing.input_cache_read",
        cache_write="pricing.input_cache_write",
    )
    | other_prices(unit=Unit.USD, request="pricing.request")
    | other_prices(unit=Unit.FRACTION, discount="pricing.discount"),
)
"""One provider behind one model, asked for one model at a time: its own prices, limits, quantization and uptime. The
id is its tag, such as `deepinfra/fp8`; `uptime` is in percent."""

OPENROUTER = Provider(
    slug="openrouter",
    name="OpenRouter",
    endpoint="https://openrouter.ai/api/v1",
    auth=Bearer(env=("OPENROUTER_API_KEY",)),
    sources=(
        Source("models", "/models", each("data"), OPENROUTER_FIELDS, query="output_modalities=all", public=Public.YES),
        Source(
            "endpoints",
            "/models/{id}/endpoints",
            each("data.endpoints"),
            ENDPOINT_FIELDS,
            public=Public.YES,
            on_demand=True,
        ),
    ),
    docs="https://openrouter.ai/docs/api-reference/list-available-models",
    models_url="https://openrouter.ai/{id}",
    evidence="recorded 2025-07 (319 rows), 2026-05, 2026-07 (344) and 2026-08",
)
"""Without `output_modalities=all` the list has only models that answer in text. `-1` is a router's price."""

KILO = Provider(
    slug="kilo",
    name="Kilo Gateway",
    endpoint="https://api.kilo.ai/api/gateway",
    auth=Bearer(env=("KILO_API_KEY",)),
    copies="openrouter",
    sources=(Source("models", "/models", each("data"), OPENROUTER_FIELDS, public=Public.INFERRED),),
    docs="https://kilo.ai",
    evidence="recorded 2025-07 (264 rows) and 2026-08 (361); public only inferred",
)
"""OpenRouter's facts again, so the two are one witness. `kilo-auto` rows are routers: price -1, created 0, and `pdf`
where others say `file`."""

REQUESTY = Provider(
    slug="requesty",
    name="Requesty",
    endpoint="https://router.requesty.ai/v1",
    auth=Bearer(env=("REQUESTY_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.INFERRED,
            fields=field_map(
                id=Id("id"),
                name=text("name"),
                owner=Text("model_lab"),
                description=text("description"),
                created_at=Instant("created"),
                context_length=count("context_window"),
                max_output_tokens=count("max_output_tokens"),
                quantization=Quantization("quantization"),
                slug=text("model_canonical_name"),
                open_weights=flag("open_weights"),
                tools=flag("supports_tool_calling"),
                vision=flag("supports_vision"),
                reasoning=flag("supports_reasoning"),
                structured_output=flag("supports_output_json_schema"),
                json_mode=flag("supports_output_json_object"),
                image_generation=flag("supports_image_generation"),
                web_search=flag("supports_web_search"),
                prompt_caching=flag("supports_caching"),
                prices=prices(
                    unit=_PER_TOKEN,
                    zero_cache=False,
                    input="input_price",
                    output="output_price",
                    cache_read="cached_price",
                    cache_write="caching_price",
                ),
                price_tiers=Tiers(
                    "pricing",
                    threshold="prompt_tokens_threshold",
                    prices=(
                        ("input", Price("input_price", unit=_PER_TOKEN)),
                        ("output", Price("output_price", unit=_PER_TOKEN)),
                        ("cache_read", Price("cached_price", unit=_PER_TOKEN, band=CACHE_BAND, zero=False)),
                        ("cache_write", Price("caching_price", unit=_PER_TOKEN, band=CACHE_BAND, zero=False)),
                    ),
                ),
            ),
        ),
    ),
    docs="https://docs.requesty.ai/api-reference/endpoint/models-list",
    evidence="recorded 2025-07 (5 rows, scoped to a key), excerpt 2026-10",
)
"""`max_output_tokens` 0 is not stated; `owned_by` is always `system`."""

_VERCEL_TOKENS = where("type", "language", "embedding", "reranking", None)

VERCEL = Provider(
    slug="vercel",
    name="Vercel AI Gateway",
    endpoint="https://ai-gateway.vercel.sh/v1",
    auth=Bearer(env=("AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN")),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.YES,
            fields=field_map(
                id=Id("id"),
                name=text("name"),
                owner=text("owned_by"),
                description=text("description"),
                created_at=Instant("released"),
                context_length=count("context_window"),
                max_output_tokens=count("max_tokens", nothing=(1000, 1024)),
                tools=lists("tags", "tool-use"),
                vision=lists("tags", "vision"),
                reasoning=lists("tags", "reasoning"),
                prompt_caching=lists("tags", "implicit-caching"),
                web_search=lists("tags", "web-search"),
                embeddings=is_in("type", "embedding"),
                rerank=is_in("type", "reranking"),
                image_generation=either(is_in("type", "image"), lists("tags", "image-generation")),
                video_generation=is_in("type", "video"),
                speech=is_in("type", "speech"),
                transcription=is_in("type", "transcription"),
                prices=prices(
                    unit=_PER_TOKEN,
                    only=_VERCEL_TOKENS,
                    zero_cache=False,
                    input="pricing.input",
                    output="pricing.output",
                    cache_read="pricing.input_cache_read",
                    cache_write="pricing.input_cache_write",
                )
                | other_prices(unit=Unit.USD, image="pricing.image", web_search="pricing.web_search"),
                price_tiers=Columns(
                    "pricing",
                    _VERCEL_TOKENS,
                    unit=_PER_TOKEN,
                    lists=(
                        ("input", "input_tiers"),
                        ("output", "output_tiers"),
                        ("cache_read", "input_cache_read_tiers"),
                        ("cache_write", "input_cache_write_tiers"),
                    ),
                ),
            ),
        ),
        Source(
            "endpoints",
            "/models/{id}/endpoints",
            each("data.endpoints"),
            ENDPOINT_FIELDS,
            public=Public.YES,
            on_demand=True,
        ),
    ),
    docs="https://vercel.com/docs/ai-gateway/models-and-providers",
    models_url="https://vercel.com/ai-gateway/models",
    evidence="recorded 2025-07 (78 rows); released, type, tags and tiers from adapters of 2026",
)
"""1024 and 1000 as `max_tokens` are the gateway's default. `created` was the time of the answer, `released` is the
date of the model. deepseek/deepseek-r1 serves R1-0528."""

HUGGINGFACE = Provider(
    slug="huggingface",
    name="Hugging Face router",
    endpoint="https://router.huggingface.co/v1",
    auth=Bearer(env=("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_API_KEY")),
    sources=(
        Source(
            "models",
            "/models",
            Joined("data", expand="providers", drop=("status", ("staging", "error"))),
            public=Public.YES,
            fields=field_map(
                id=Id("^id"),
                weights=Weights("^.id"),
                owner=text("^.owned_by"),
                created_at=Instant("^.created"),
                context_length=count("context_length"),
                **modalities("^.architecture.input_modalities", "^.architecture.output_modalities"),
                tools=flag("supports_tools"),
                structured_output=flag("supports_structured_output"),
                prices=prices(unit=Unit.USD_PER_MTOK, input="pricing.input", output="pricing.output"),
            ),
        ),
    ),
    docs="https://huggingface.co/docs/inference-providers",
    models_url="https://huggingface.co/{id}",
    evidence="adapters of 2026",
)
"""One offer a provider behind the router, asked for as `repo:provider`; only those that are live. Prices are USD per 1M
tokens with float noise. No output limit."""

CATALOGUE_SLUGS = (
    ("togetherai", "together"), ("fireworks-ai", "fireworks"), ("novita-ai", "novita"), ("llama", "meta-llama"),
    ("moonshotai", "moonshot"), ("cloudflare-workers-ai", "cloudflare"), ("amazon-bedrock", "bedrock"),
    ("wafer.ai", "wafer"), ("gmicloud", "gmi"), ("perplexity-agent", "perplexity"),
)  # fmt: skip
"""The catalogue's provider ids that are not ours."""

PLANS = (
    "alibaba-coding-plan", "alibaba-coding-plan-cn", "github-copilot", "gitlab", "kimi-for-coding",
    "kuae-cloud-coding-plan", "minimax-coding-plan", "minimax-cn-coding-plan", "tencent-coding-plan",
    "umans-ai-coding-plan", "xiaomi-token-plan-ams", "xiaomi-token-plan-cn", "xiaomi-token-plan-sgp",
    "zai-coding-plan", "zhipuai-coding-plan",
)  # fmt: skip
"""Providers of the catalogue that are sold as a subscription: a zero there is not a price."""

_MTOK = Unit.USD_PER_MTOK
MODELS_DEV = Provider(
    slug="models-dev",
    name="models.dev",
    endpoint="https://models.dev",
    auth=NoKey(),
    catalogue=True,
    chat_path=None,
    sources=(
        Source(
            "catalog",
            "/api.json",
            each("*", expand="models.*"),
            public=Public.YES,
            key_use=KeyUse.NEVER,
            fields=field_map(
                id=Id("id|^key"),
                provider=Renamed("^.^key", table=CATALOGUE_SLUGS),
                name=text("name"),
                created_at=Instant("release_date", form=Time.ISO),
                knowledge=text("knowledge"),
                context_length=count("limit.context"),
                max_input_tokens=count("limit.input"),
                max_output_tokens=count("limit.output"),
                open_weights=flag("open_weights"),
                status=choose("status", alpha="alpha", beta="beta", deprecated="deprecated"),
                tools=flag("tool_call"),
                reasoning=flag("reasoning"),
                structured_output=flag("structured_output"),
                **modalities("modalities.input", "modalities.output"),
                price_state=Choice("^.^key", table=tuple((slug, "plan") for slug in PLANS)),
                prices=prices(
                    unit=_MTOK,
                    zero_cache=False,
                    input="cost.input",
                    output="cost.output",
                    cache_read="cost.cache_read",
                    cache_write="cost.cache_write",
                    reasoning="cost.reasoning",
                    audio_input="cost.input_audio",
                    audio_output="cost.output_audio",
                ),
                price_tiers=Tiers(
                    "cost.tiers",
                    threshold="tier.size",
                    prices=(
                        ("input", Price("input", unit=_MTOK)),
                        ("output", Price("output", unit=_MTOK)),
                        ("cache_read", Price("cache_read", unit=_MTOK, band=CACHE_BAND, zero=False)),
                        ("cache_write", Price("cache_write", unit=_MTOK, band=CACHE_BAND, zero=False)),
                    ),
                ),
            ),
        ),
    ),
    docs="https://models.dev",
    evidence="schema and generated file of 2026-04 to 2026-07; 4,803 listings of 132 providers",
)
"""Hand-kept and partly synchronised: it fills gaps, always marked as its own word, never over the provider's answer."""

AGGREGATORS = (OPENROUTER, KILO, REQUESTY, VERCEL, HUGGINGFACE, MODELS_DEV)
