"""Companies that serve the models they make."""

from modeltui.providers.envelopes import Itself
from modeltui.providers.marks import Default, Refused
from modeltui.providers.prices import CACHE_BAND, Price, Tiers, prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    Choice,
    Id,
    Instant,
    Quantization,
    Rule,
    Time,
    Words,
    choose,
    count,
    either,
    flag,
    lists,
    modalities,
    text,
    where,
)
from modeltui.providers.shapes import OPENAI_DATED, OPENAI_IDS, openai_source
from modeltui.providers.spec import Bearer, HeaderKey, KeyUse, NextToken, Provider, Source, field_map
from modeltui.providers.units import Unit

MISTRAL = Provider(
    slug="mistral",
    name="Mistral",
    endpoint="https://api.mistral.ai/v1",
    auth=Bearer(env=("MISTRAL_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                slug=text("name"),
                aliases=Words("aliases"),
                description=text("description"),
                context_length=either(
                    count("max_context_length", only=where("capabilities.completion_chat", True)),
                    count("max_context_length", only=where("capabilities.audio_transcription", True)),
                    Default("max_context_length", numbers=(32768,), what="the default for models that do not chat"),
                    count("max_context_length", nothing=(32768,)),
                ),
                retires_at=Instant("deprecation", form=Time.ISO, future=True),
                tools=flag("capabilities.function_calling"),
                vision=flag("capabilities.vision"),
                reasoning=flag("capabilities.reasoning"),
                code=flag("capabilities.completion_fim"),
                fine_tuning=flag("capabilities.fine_tuning"),
                moderation=flag("capabilities.moderation"),
                audio=flag("capabilities.audio"),
                transcription=flag("capabilities.audio_transcription"),
                speech=flag("capabilities.audio_speech"),
            ),
        ),
    ),
    docs="https://docs.mistral.ai/api/#tag/models",
    evidence="recorded 2025-07 (62 rows) and 2026-07 (70 rows, 60 ids)",
)
"""One row an alias; `name` is the card it resolves to, `created` the time of the answer. 32768 on models that cannot
chat is the API's default. No prices and no output limit."""

OPENAI = Provider(
    slug="openai",
    name="OpenAI",
    endpoint="https://api.openai.com/v1",
    auth=Bearer(env=("OPENAI_API_KEY",)),
    sources=(openai_source(dated=True),),
    docs="https://platform.openai.com/docs/api-reference/models/list",
    models_url="https://platform.openai.com/docs/models/{id}",
    evidence="documented; recorded 2025-07 (75 ids) and 2026-06 (120)",
)
"""Ids, dates and `owned_by`, which names the account of a fine-tune; everything else has to come from a catalogue."""

ANTHROPIC = Provider(
    slug="anthropic",
    name="Anthropic",
    endpoint="https://api.anthropic.com/v1",
    auth=HeaderKey(env=("ANTHROPIC_API_KEY",), header="x-api-key", extra={"anthropic-version": "2023-06-01"}),
    chat_path="/messages",
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            paging=NextToken("after_id", "last_id", more="has_more", size=1000, size_param="limit"),
            fields=field_map(
                id=Id("id"),
                name=text("display_name"),
                created_at=Instant("created_at", form=Time.ISO),
                context_length=count("max_input_tokens"),
                max_output_tokens=count("max_tokens"),
                status=choose("lifecycle", active="active", deprecated="deprecated", retired="retired"),
                retires_at=Instant("retires_at", form=Time.ISO, future=True),
                vision=flag("capabilities.image_input.supported"),
                reasoning=flag("capabilities.thinking.supported"),
                structured_output=flag("capabilities.structured_outputs.supported"),
                web_search=flag("capabilities.server_tools.web_search.supported"),
            ),
        ),
    ),
    docs="https://docs.anthropic.com/en/api/models-list",
    evidence="documented; recorded 2025-07 (8 rows) and 2026-01 (9); limits and capabilities from its SDK of 2026",
)
"""Twenty rows a page unless asked for more. A date of 1970 and a limit of 0 are not stated; `max_tokens` is the output
limit. No prices."""

GOOGLE = Provider(
    slug="google",
    name="Google Gemini API",
    endpoint="https://generativelanguage.googleapis.com/v1beta",
    auth=HeaderKey(env=("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"), header="x-goog-api-key"),
    chat_path="/openai/chat/completions",
    sources=(
        Source(
            "models",
            "/models",
            each("models"),
            key_use=KeyUse.ALWAYS,
            paging=NextToken("pageToken", "nextPageToken", size=1000, size_param="pageSize"),
            fields=field_map(
                id=Id("name", prefix="models/"),
                name=text("displayName"),
                description=text("description"),
                slug=text("baseModelId"),
                context_length=count("inputTokenLimit"),
                max_output_tokens=count("outputTokenLimit"),
                reasoning=flag("thinking"),
                embeddings=lists("supportedGenerationMethods", "embedContent"),
                image_generation=lists("supportedGenerationMethods", "predict"),
                video_generation=lists("supportedGenerationMethods", "predictLongRunning"),
                prompt_caching=lists("supportedGenerationMethods", "createCachedContent"),
            ),
        ),
    ),
    docs="https://ai.google.dev/api/models",
    models_url="https://ai.google.dev/gemini-api/docs/models",
    evidence="first page recorded 2026-06 (50 rows)",
)
"""Fifty rows a page unless asked for more. The key goes in a header: in the query it would stand in logs. `thinking` is
sent only when true. `predict` makes images and `predictLongRunning` videos. No prices, dates or modalities."""

COHERE = Provider(
    slug="cohere",
    name="Cohere",
    endpoint="https://api.cohere.com/v1",
    auth=Bearer(env=("COHERE_API_KEY", "CO_API_KEY")),
    chat_path=None,
    sources=(
        Source(
            "models",
            "/models",
            each("models"),
            key_use=KeyUse.ALWAYS,
            paging=NextToken("page_token", "next_page_token", size=1000, size_param="page_size"),
            fields=field_map(
                id=Id("name"),
                context_length=count("context_length"),
                status=Choice("is_deprecated", table=((True, "deprecated"), (False, "active"))),
                tools=lists("features", "tools"),
                structured_output=lists("features", "json_schema"),
                json_mode=lists("features", "json_mode"),
                reasoning=lists("features", "reasoning"),
                vision=either(flag("supports_vision"), lists("features", "vision")),
                embeddings=lists("endpoints", "embed", "embed_image"),
                rerank=lists("endpoints", "rerank"),
            ),
        ),
    ),
    docs="https://docs.cohere.com/reference/list-models",
    evidence="first page recorded 2025-07 (21 rows and a token)",
)
"""Twenty rows a page unless asked for more; `name` is the id, and one's own fine-tunes are mixed in. 132096 and 288000
are real contexts, 0 on image embeddings is none. No prices, dates or output limits."""

_XAI_UNIT = Unit.CENTS_PER_100MTOK
_XAI_ROWS = field_map(
    id=Id("id"),
    created_at=Instant("created"),
    aliases=Words("aliases"),
    **modalities("input_modalities", "output_modalities"),
)

XAI = Provider(
    slug="xai",
    name="xAI",
    endpoint="https://api.x.ai/v1",
    auth=Bearer(env=("XAI_API_KEY", "GROK_API_KEY")),
    sources=(
        Source(
            "models",
            "/language-models",
            Itself("models|data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **_XAI_ROWS,
                **field_map(
                    context_length=count("max_prompt_length|context_length"),
                    prices=prices(
                        unit=_XAI_UNIT,
                        zero_cache=False,
                        input="prompt_text_token_price",
                        output="completion_text_token_price",
                        cache_read="cached_prompt_text_token_price",
                        image_input="prompt_image_token_price",
                    ),
                    price_tiers=Tiers(
                        "^",
                        threshold="long_context_threshold",
                        prices=(
                            ("input", Price("prompt_text_token_price_long_context", unit=_XAI_UNIT, zero=False)),
                            ("output", Price("completion_text_token_price_long_context", unit=_XAI_UNIT, zero=False)),
                            (
                                "cache_read",
                                Price(
                                    "cached_prompt_text_token_price_long_context",
                                    unit=_XAI_UNIT,
                                    band=CACHE_BAND,
                                    zero=False,
                                ),
                            ),
                        ),
                    ),
                ),
            },
        ),
        Source("images", "/image-generation-models", each("models|data"), _XAI_ROWS, key_use=KeyUse.ALWAYS),
        Source("videos", "/video-generation-models", each("models|data"), _XAI_ROWS, key_use=KeyUse.ALWAYS),
    ),
    docs="https://docs.x.ai/docs/api-reference#list-language-models",
    evidence="ids recorded 2025-07 and 2025-08 (8); language models from adapters and its SDK of 2026",
)
"""Prices are whole numbers of US cents per 100M tokens: 20000 is 2 USD per 1M. `long_context_threshold` is where a
price changes, no limit. The list shows what the key may use. The units of `search_price` and `image_price` are not
known: neither is read."""

DEEPSEEK = Provider(
    slug="deepseek",
    name="DeepSeek",
    endpoint="https://api.deepseek.com",
    auth=Bearer(env=("DEEPSEEK_API_KEY",)),
    sources=(openai_source(),),
    docs="https://api-docs.deepseek.com/api/list-models",
    evidence="recorded 2025-08 (2 ids)",
)
"""Two ids that move from one checkpoint to the next."""

MOONSHOT = Provider(
    slug="moonshot",
    name="Moonshot AI (Kimi)",
    endpoint="https://api.moonshot.ai/v1",
    auth=Bearer(env=("MOONSHOT_API_KEY", "KIMI_API_KEY")),
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
                    vision=flag("supports_image_in"),
                    video=flag("supports_video_in"),
                    reasoning=flag("supports_reasoning"),
                ),
            },
        ),
    ),
    docs="https://platform.moonshot.ai/docs/api/chat",
    evidence="adapters of 2026",
)
"""No prices. The Chinese platform is another endpoint with other keys."""

ZAI = Provider(
    slug="zai",
    name="Z.ai",
    endpoint="https://api.z.ai/api/paas/v4",
    auth=Bearer(env=("ZAI_API_KEY", "ZHIPU_API_KEY", "ZHIPUAI_API_KEY")),
    sources=(openai_source(dated=True),),
    docs="https://docs.z.ai",
    evidence="adapters of 2026",
)
"""Ids only; the coding plan and the Chinese platform are other endpoints."""

MINIMAX = Provider(
    slug="minimax",
    name="MiniMax",
    endpoint="https://api.minimax.io/v1",
    auth=Bearer(env=("MINIMAX_API_KEY",)),
    sources=(openai_source(dated=True),),
    docs="https://platform.minimax.io/docs/guides/quickstart",
    evidence="adapters of 2026",
)
"""Ids only, in OpenAI's envelope."""

AI21 = Provider(
    slug="ai21",
    name="AI21",
    endpoint="https://api.ai21.com/studio/v1",
    auth=Bearer(env=("AI21_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                name=text("name"),
                context_length=count("context_length"),
                max_output_tokens=count("max_completion_tokens"),
                quantization=Quantization("quantization"),
            ),
        ),
    ),
    docs="https://docs.ai21.com/reference",
    evidence="recorded 2025-07 (4 rows, by hand); the live shape and that a key is needed are inferred",
)
"""Inferred: the recorded answer looks made by hand."""

_PERPLEXITY_UNIT = "usd_per_1m_tokens"


def _perplexity(name: str) -> Rule:
    price = prices(
        unit=Unit.USD_PER_MTOK,
        only=where("pricing.unit", _PERPLEXITY_UNIT),
        zero_cache=False,
        **{name: f"pricing.{name}"},
    )
    refused = Refused("pricing.unit", words=(_PERPLEXITY_UNIT,), what="price unit")
    return either(price[name], refused)


PERPLEXITY = Provider(
    slug="perplexity",
    name="Perplexity",
    endpoint="https://api.perplexity.ai",
    auth=Bearer(env=("PERPLEXITY_API_KEY", "PPLX_API_KEY")),
    sources=(
        Source(
            "models",
            "/v1/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields={
                **OPENAI_IDS,
                **field_map(
                    prices={name: _perplexity(name) for name in ("input", "output", "cache_read", "cache_write")}
                ),
            },
        ),
    ),
    docs="https://docs.perplexity.ai",
    evidence="recorded 2026-08 (39 rows)",
)
"""The models of its agent interface, other makers' among them. The answer tells the unit of its prices; another unit
than USD per 1M tokens is refused. `created` is 0."""

META = Provider(
    slug="meta-llama",
    name="Meta Llama API",
    endpoint="https://api.llama.com/compat/v1",
    auth=Bearer(env=("LLAMA_API_KEY",)),
    sources=(openai_source(),),
    docs="https://llama.developer.meta.com/docs/models",
    evidence="recorded 2025-07 (4 ids); that a key is needed is inferred",
)
"""Ids only; `created` is one constant."""

VENDORS = (
    MISTRAL, OPENAI, ANTHROPIC, GOOGLE, COHERE, XAI, DEEPSEEK, MOONSHOT, ZAI, MINIMAX, AI21, PERPLEXITY, META,
)  # fmt: skip
