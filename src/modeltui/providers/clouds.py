"""Clouds and smaller hosts that serve models beside other things, by token or by plan."""

from modeltui.providers.charges import ByForm
from modeltui.providers.prices import BAND, CACHE_BAND, other_prices, prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    IN_WORDS,
    OUT_WORDS,
    Choice,
    Id,
    Instant,
    Modalities,
    Rule,
    Time,
    Weights,
    count,
    flag,
    is_in,
    lists,
    text,
    unless,
    where,
)
from modeltui.providers.shapes import OPENAI_IDS, openai_source, openrouter_like
from modeltui.providers.spec import Bearer, KeyUse, PageNumber, Provider, Public, Source, field_map
from modeltui.providers.units import Unit

_MTOK = Unit.USD_PER_MTOK


def _priced(name: str, *, unit: str) -> str:
    return f"properties[property_id=price].value[unit={unit}].{name}"


_CF_USD = where("properties[property_id=price].value[currency=USD].currency", "USD")


def _property(name: str) -> str:
    return f"properties[property_id={name}].value"


CLOUDFLARE = Provider(
    slug="cloudflare",
    name="Cloudflare Workers AI",
    endpoint="https://api.cloudflare.com/client/v4/accounts/{CLOUDFLARE_ACCOUNT_ID}/ai",
    auth=Bearer(env=("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_WORKERS_AI_API_TOKEN")),
    chat_path="/v1/chat/completions",
    sources=(
        Source(
            "models",
            "/models/search",
            each("result"),
            key_use=KeyUse.ALWAYS,
            paging=PageNumber(
                first=1, size=100, size_param="per_page", total="result_info.total_pages", total_is_pages=True
            ),
            fields=field_map(
                id=Id("name"),
                description=text("description"),
                created_at=Instant("created_at", form=Time.ISO),
                retires_at=Instant(_property("planned_deprecation_date"), form=Time.ISO, future=True),
                status=Choice(_property("beta"), table=(("true", "beta"),)),
                context_length=count(_property("context_window")),
                tools=flag(_property("function_calling")),
                reasoning=flag(_property("reasoning")),
                fine_tuning=flag(_property("lora")),
                embeddings=is_in("task.name", "Text Embeddings"),
                image_generation=is_in("task.name", "Text-to-Image"),
                transcription=is_in("task.name", "Automatic Speech Recognition", "ASR"),
                speech=is_in("task.name", "Text-to-Speech"),
                prices=prices(
                    unit=_MTOK,
                    only=_CF_USD,
                    zero_cache=False,
                    input=_priced("price", unit="per M input tokens"),
                    output=_priced("price", unit="per M output tokens"),
                    cache_read=_priced("price", unit="per M cached input tokens"),
                )
                | other_prices(unit=Unit.USD_PER_MINUTE, only=_CF_USD, second=_priced("price", unit="per audio minute"))
                | other_prices(
                    unit=Unit.USD_PER_THOUSAND_CHARACTERS,
                    only=_CF_USD,
                    characters=_priced("price", unit="per 1k characters"),
                )
                | other_prices(unit=Unit.USD, only=_CF_USD, step=_priced("price", unit="per step")),
            ),
        ),
    ),
    docs="https://developers.cloudflare.com/api/resources/ai/subresources/models/methods/list/",
    models_url="https://developers.cloudflare.com/workers-ai/models/",
    evidence="adapters of 2026",
)
"""The usable id is `name` (`@cf/...`), `id` is a UUID. Facts are a list of properties whose values are text; the
unit of a price is told in words, and words that are no tokens, minutes, characters or steps (tiles) are not read."""

BEDROCK = Provider(
    slug="bedrock",
    name="Amazon Bedrock",
    endpoint="https://bedrock.{AWS_REGION}.amazonaws.com",
    auth=Bearer(env=("AWS_BEARER_TOKEN_BEDROCK",)),
    chat_path=None,
    sources=(
        Source(
            "models",
            "/foundation-models",
            each("modelSummaries"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("modelId"),
                name=text("modelName"),
                owner=text("providerName"),
                created_at=Instant("modelLifecycle.startOfLifeTime", form=Time.ISO),
                retires_at=Instant("modelLifecycle.endOfLifeTime", form=Time.ISO, future=True),
                status=Choice("modelLifecycle.status", table=(("ACTIVE", "active"), ("LEGACY", "deprecated"))),
                max_output_tokens=count("converse.maxTokensMaximum"),
                input_modalities=Modalities("inputModalities", split=","),
                output_modalities=Modalities("outputModalities", split=","),
                vision=lists("inputModalities", "IMAGE"),
                audio=lists("inputModalities", "AUDIO", "SPEECH"),
                video=lists("inputModalities", "VIDEO"),
                embeddings=lists("outputModalities", "EMBEDDING"),
                image_generation=lists("outputModalities", "IMAGE"),
                video_generation=lists("outputModalities", "VIDEO"),
                speech=lists("outputModalities", "SPEECH", "AUDIO"),
                streaming=flag("responseStreamingSupported"),
            ),
        ),
    ),
    docs="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html",
    evidence="console variant recorded 2026-05 (125 rows)",
)
"""Asked with a Bedrock API key; signed requests are not made. One row a context variant (`:0:24k`), modalities in
capitals, no window and no prices."""

DIGITALOCEAN = Provider(
    slug="digitalocean",
    name="DigitalOcean",
    endpoint="https://inference.do-ai.run/v1",
    auth=Bearer(env=("DIGITALOCEAN_INFERENCE_KEY", "DIGITALOCEAN_ACCESS_TOKEN", "MODEL_ACCESS_KEY")),
    sources=(
        openai_source(dated=True),
        Source(
            "catalog",
            "/v2/gen-ai/models",
            each("models|data"),
            endpoint="https://api.digitalocean.com",
            key_use=KeyUse.ALWAYS,
            paging=PageNumber(first=1, size=200, size_param="per_page", total="meta.total"),
            enriches_only=True,
            fields=field_map(
                id=Id("inference_name|id"),
                context_length=count("context_window"),
                status=Choice(
                    "lifecycle_status",
                    table=(
                        ("active", "active"),
                        ("deprecated", "deprecated"),
                        ("preview", "preview"),
                        ("retired", "retired"),
                    ),
                ),
                reasoning=flag("thinking"),
            ),
        ),
    ),
    docs="https://docs.digitalocean.com/products/gradient-ai-platform/details/models/",
    evidence="recorded 2025-07 (13 ids); catalogue from an adapter of 2026, its envelope and ids inferred",
)
"""Ids are its own (`anthropic-claude-3.5-sonnet`). The catalogue wants an account token rather than a model key; its
`context_window` is a number or text."""

OVHCLOUD = Provider(
    slug="ovhcloud",
    name="OVHcloud AI Endpoints",
    endpoint="https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
    auth=Bearer(env=("OVHCLOUD_API_KEY", "OVH_AI_ENDPOINTS_ACCESS_TOKEN")),
    sources=(
        Source(
            "models",
            "/openrouter",
            each("data"),
            openrouter_like(cache_read="input_cache_reads", cache_write="input_cache_writes"),
            endpoint="https://catalog.endpoints.ai.ovh.net/rest/v2",
            public=Public.YES,
            key_use=KeyUse.NEVER,
        ),
    ),
    docs="https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog/",
    evidence="adapters of 2026",
)
"""The catalogue stands on another host than the models; ids are in mixed case."""

_BARE = (
    "name", "description", "created_at", "quantization", "weights", "input_modalities", "output_modalities",
    "prices.cache_write", "prices.image", "prices.request",
    *(f"capabilities.{word}" for word in (*IN_WORDS, *OUT_WORDS)),
)  # fmt: skip
"""What Crusoe leaves out."""

CRUSOE = Provider(
    slug="crusoe",
    name="Crusoe",
    endpoint="https://api.inference.crusoecloud.com/v1",
    auth=Bearer(env=("CRUSOE_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            openrouter_like(
                unit=_MTOK,
                max_output="max_output_tokens",
                features="supported_parameters",
                cache_read="input_cache_reads",
                without=_BARE,
            ),
            key_use=KeyUse.ALWAYS,
        ),
    ),
    docs="https://docs.crusoecloud.com",
    evidence="adapters of 2026; that a key is needed is inferred",
)
"""Looks like OpenRouter's answer, and its text prices are USD per 1M tokens: "1.40"."""

_NO_OUTPUTS = (
    "description", "created_at", "quantization", "weights", "output_modalities",
    "prices.cache_write", "prices.image", "prices.request",
    *(f"capabilities.{word}" for word in OUT_WORDS),
)  # fmt: skip
"""What Baseten leaves out."""

BASETEN = Provider(
    slug="baseten",
    name="Baseten",
    endpoint="https://inference.baseten.co/v1",
    auth=Bearer(env=("BASETEN_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            openrouter_like(max_output="max_completion_tokens", without=_NO_OUTPUTS),
            key_use=KeyUse.ALWAYS,
        ),
    ),
    docs="https://docs.baseten.co/development/model-apis/overview",
    evidence="adapters of 2026",
)
"""OpenRouter's provider schema in USD per token; a key goes as Bearer or as Api-Key."""

INCEPTION = Provider(
    slug="inception",
    name="Inception Labs",
    endpoint="https://api.inceptionlabs.ai/v1",
    auth=Bearer(env=("INCEPTION_API_KEY",)),
    sources=(Source("models", "/models", each("data"), openrouter_like(), key_use=KeyUse.ALWAYS),),
    docs="https://platform.inceptionlabs.ai/docs",
    evidence="quoted 2026; that a key is needed is inferred",
)
"""OpenRouter's provider schema in USD per token."""

SYNTHETIC = Provider(
    slug="synthetic",
    name="Synthetic",
    endpoint="https://api.synthetic.new/openai/v1",
    auth=Bearer(env=("SYNTHETIC_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            openrouter_like(cache_read="input_cache_reads", cache_write="input_cache_writes"),
            public=Public.YES,
        ),
    ),
    docs="https://synthetic.new/pricing",
    evidence="adapters of 2026",
)
"""OpenRouter's provider schema; prices are text with a dollar sign, USD per token."""


def _friendli(path: str, *, zero: bool = True) -> Rule:
    return ByForm(
        path,
        unless("pricing.unit_type", "SECOND"),
        unit=Unit.USD_PER_TOKEN,
        number_unit=_MTOK,
        zero=zero,
        band=BAND if zero else CACHE_BAND,
    )


FRIENDLI = Provider(
    slug="friendli",
    name="FriendliAI",
    endpoint="https://api.friendli.ai/serverless/v1",
    auth=Bearer(env=("FRIENDLI_TOKEN", "FRIENDLI_API_KEY")),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.YES,
            fields=field_map(
                id=Id("id"),
                name=text("name"),
                created_at=Instant("created"),
                context_length=count("context_length"),
                max_output_tokens=count("max_completion_tokens"),
                weights=Weights("hugging_face_url"),
                tools=flag("functionality.tool_call"),
                structured_output=flag("functionality.structured_output"),
                prices={
                    "input": _friendli("pricing.input|pricing.prompt"),
                    "output": _friendli("pricing.output|pricing.completion"),
                    "cache_read": _friendli("pricing.input_cache_read", zero=False),
                    **other_prices(
                        unit=Unit.USD, only=where("pricing.unit_type", "SECOND"), second="pricing.response_time"
                    ),
                },
            ),
        ),
    ),
    docs="https://friendli.ai/docs/guides/serverless_endpoints/introduction",
    evidence="two adapters, 2025 and 2026-08, that disagree on the unit",
)
"""The unit is inferred from the form: text is USD per token, a number of at least 0.001 USD per 1M tokens, and the band
refuses what is neither. Rows of unit SECOND have no token price."""

IO_NET = Provider(
    slug="io-net",
    name="io.net Intelligence",
    endpoint="https://api.intelligence.io.solutions/api/v1",
    auth=Bearer(env=("IO_INTELLIGENCE_API_KEY", "IONET_API_KEY", "IOINTELLIGENCE_API_KEY")),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                context_length=count("context_window"),
                max_output_tokens=count("max_tokens"),
                vision=flag("supports_images_input"),
                prices=prices(unit=Unit.USD_PER_TOKEN, input="input_token_price", output="output_token_price"),
            ),
        ),
    ),
    docs="https://io.net/docs/guides/intelligence/io-intelligence",
    evidence="adapters of 2026; that a key is needed and that `max_tokens` is the output limit are inferred",
)
"""Prices are numbers in USD per token."""

AVIAN = Provider(
    slug="avian",
    name="Avian",
    endpoint="https://api.avian.io/v1",
    auth=Bearer(env=("AVIAN_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **OPENAI_IDS,
                **field_map(
                    context_length=count("context_length"),
                    max_output_tokens=count("max_output"),
                    prices=prices(
                        unit=_MTOK,
                        zero_cache=False,
                        input="pricing.input_per_million",
                        output="pricing.output_per_million",
                        cache_read="pricing.cache_read_per_million",
                    ),
                ),
            },
        ),
    ),
    docs="https://avian.io",
    evidence="adapters of 2026; the names of the limits are inferred",
)
"""Prices in USD per 1M tokens, as their names say."""

NEURALWATT = Provider(
    slug="neuralwatt",
    name="Neuralwatt",
    endpoint="https://api.neuralwatt.com/v1",
    auth=Bearer(env=("NEURALWATT_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **OPENAI_IDS,
                **field_map(
                    context_length=count("metadata.limits.max_context_length|max_model_len"),
                    max_output_tokens=count("metadata.limits.max_output_tokens"),
                    vision=flag("metadata.capabilities.vision"),
                    reasoning=flag("metadata.capabilities.reasoning"),
                    prices=prices(
                        unit=_MTOK,
                        zero_cache=False,
                        input="metadata.pricing.input_per_million",
                        output="metadata.pricing.output_per_million",
                        cache_read="metadata.pricing.cached_input_per_million",
                    ),
                ),
            },
        ),
    ),
    docs="https://portal.neuralwatt.com/docs",
    evidence="adapters of 2026",
)
"""Prices in USD per 1M tokens under `metadata`."""

WAFER = Provider(
    slug="wafer",
    name="Wafer",
    endpoint="https://pass.wafer.ai/v1",
    auth=Bearer(env=("WAFER_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **OPENAI_IDS,
                **field_map(
                    context_length=count("wafer.context_length|max_model_len"),
                    prices=prices(
                        unit=Unit.CENTS_PER_MTOK,
                        zero_cache=False,
                        input="wafer.pricing.input_cents_per_million",
                        output="wafer.pricing.output_cents_per_million",
                        cache_read="wafer.pricing.cache_read_cents_per_million",
                    ),
                ),
            },
        ),
    ),
    docs="https://docs.wafer.ai/wafer-pass",
    evidence="adapters of 2026; the names of the limits are inferred",
)
"""Prices in US cents per 1M tokens: 150 is 1.50 USD. The same list serves a flat plan and payment by use."""

TINFOIL = Provider(
    slug="tinfoil",
    name="Tinfoil",
    endpoint="https://inference.tinfoil.sh/v1",
    auth=Bearer(env=("TINFOIL_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.INFERRED,
            fields=field_map(
                id=Id("id"),
                created_at=Instant("created"),
                context_length=count("context_window"),
                tools=flag("tool_calling"),
                reasoning=flag("reasoning"),
                embeddings=is_in("type", "embedding"),
                transcription=is_in("type", "audio", "transcription"),
                prices=prices(
                    unit=_MTOK,
                    only=where("type", "chat", "embedding", None),
                    input="pricing.inputTokenPricePer1M",
                    output="pricing.outputTokenPricePer1M",
                )
                | other_prices(unit=Unit.USD, request="pricing.requestPrice"),
            ),
        ),
    ),
    docs="https://docs.tinfoil.sh",
    evidence="adapters of 2026; public only inferred",
)
"""Prices in USD per 1M tokens. `multimodal` does not say which modality, so it is not read."""

LIGHTNING = Provider(
    slug="lightning",
    name="Lightning AI",
    endpoint="https://lightning.ai/api/v1",
    auth=Bearer(env=("LIGHTNING_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **OPENAI_IDS,
                **field_map(
                    name=text("name"),
                    context_length=count("context_length"),
                    prices=prices(
                        unit=Unit.USD_PER_TOKEN, input="input_cost_per_token", output="output_cost_per_token"
                    ),
                ),
            },
        ),
    ),
    docs="https://lightning.ai/docs",
    evidence="adapters of 2026; the name of the context and that a key is needed are inferred",
)
"""Prices are numbers in USD per token."""

GMI = Provider(
    slug="gmi",
    name="GMI Cloud",
    endpoint="https://api.gmi-serving.com/v1",
    auth=Bearer(env=("GMICLOUD_API_KEY", "GMI_API_KEY")),
    sources=(openai_source(),),
    docs="https://docs.gmicloud.ai/inference-engine/api-reference/llm-api-reference",
    evidence="adapters of 2026; that a key is needed is inferred",
)
"""Ids only."""

CLOUDS = (
    CLOUDFLARE, BEDROCK, DIGITALOCEAN, OVHCLOUD, CRUSOE, BASETEN, INCEPTION, SYNTHETIC, FRIENDLI, IO_NET, AVIAN,
    NEURALWATT, WAFER, TINFOIL, LIGHTNING, GMI,
)  # fmt: skip
