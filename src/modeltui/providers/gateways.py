"""Further gateways: catalogues of other companies' models behind one key."""

from modeltui.providers.charges import zero_only_where
from modeltui.providers.envelopes import Joined
from modeltui.providers.prices import prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    Has,
    Id,
    Instant,
    Modalities,
    count,
    is_in,
    lists,
    modalities,
    text,
    unless,
    where,
)
from modeltui.providers.shapes import openai_source, openrouter_like
from modeltui.providers.spec import Bearer, KeyUse, Provider, Public, Source, field_map
from modeltui.providers.units import Unit

GITHUB_MODELS = Provider(
    slug="github-models",
    name="GitHub Models",
    endpoint="https://models.github.ai",
    auth=Bearer(env=("GITHUB_TOKEN", "GITHUB_MODELS_TOKEN"), extra={"X-GitHub-Api-Version": "2022-11-28"}),
    chat_path="/inference/chat/completions",
    sources=(
        Source(
            "models",
            "/catalog/models",
            each(""),
            public=Public.INFERRED,
            fields=field_map(
                id=Id("id"),
                name=text("name"),
                owner=text("publisher"),
                description=text("summary"),
                context_length=count("limits.max_input_tokens"),
                max_output_tokens=count("limits.max_output_tokens"),
                **modalities("supported_input_modalities", "supported_output_modalities"),
                tools=lists("capabilities", "tool-calling"),
                reasoning=lists("capabilities", "reasoning"),
                streaming=lists("capabilities", "streaming"),
            ),
        ),
    ),
    docs="https://docs.github.com/en/rest/models/catalog",
    evidence="recorded 2025-07 (54 rows) and 2026-07 (37); public only inferred",
)
"""The answer is the list itself. An empty list of capabilities or modalities states nothing, and the tag `reasoning` is
marketing, so tags are not read. No prices; phi-3-small-8k says 131072."""

GITHUB_COPILOT = Provider(
    slug="github-copilot",
    name="GitHub Copilot",
    endpoint="https://api.githubcopilot.com",
    auth=Bearer(env=("GITHUB_COPILOT_TOKEN",), extra={"Copilot-Integration-Id": "vscode-chat"}),
    plan=True,
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                name=text("name"),
                owner=text("vendor"),
                slug=text("version"),
                context_length=count("capabilities.limits.max_context_window_tokens"),
                max_input_tokens=count("capabilities.limits.max_prompt_tokens"),
                max_output_tokens=count("capabilities.limits.max_output_tokens"),
                tools=lists("capabilities.supports", "tool_calls"),
                vision=lists("capabilities.supports", "vision"),
                structured_output=lists("capabilities.supports", "structured_outputs"),
                streaming=lists("capabilities.supports", "streaming"),
                embeddings=is_in("capabilities.type", "embeddings"),
            ),
        ),
    ),
    docs="https://docs.github.com/en/copilot",
    evidence="recorded 2025-07 (24 rows); billing from a client's source of 2026",
)
"""A subscription: billing is in credits a batch, so no price is read. The variable holds the short-lived token that a
login gives. Flags are sent only when true, `max_prompt_tokens` is what is enforced, and `version` is the snapshot."""

LLM_GATEWAY = Provider(
    slug="llmgateway",
    name="LLM Gateway",
    endpoint="https://api.llmgateway.io/v1",
    auth=Bearer(env=("LLMGATEWAY_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.YES,
            fields={
                **openrouter_like(
                    architecture="architecture.",
                    features="supported_parameters",
                    without=("max_output_tokens", "quantization", "weights"),
                ),
                **field_map(
                    prices=prices(unit=Unit.USD_PER_TOKEN, zero_cache=False, reasoning="pricing.internal_reasoning"),
                ),
            },
        ),
    ),
    docs="https://llmgateway.io/docs",
    evidence="adapters of 2026",
)
"""OpenRouter's shape; 0 as price of a cache or of reasoning, and as context, is not stated."""

_NAGA_TEXT = where("architecture.output_modalities", "text", "embeddings", "embedding", None)

NAGA = Provider(
    slug="naga",
    name="NagaAI",
    endpoint="https://api.naga.ac/v1",
    auth=Bearer(env=("NAGA_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.INFERRED,
            fields=field_map(
                id=Id("id"),
                name=text("display_name"),
                description=text("description"),
                created_at=Instant("created"),
                context_length=count("context_window"),
                **modalities("architecture.input_modalities", "architecture.output_modalities"),
                tools=lists("supported_parameters", "tools"),
                structured_output=lists("supported_parameters", "structured_outputs"),
                json_mode=lists("supported_parameters", "response_format"),
                reasoning=lists("supported_parameters", "reasoning", "reasoning_effort"),
                prices=zero_only_where(
                    _NAGA_TEXT,
                    prices(unit=Unit.USD_PER_TOKEN, input="pricing.per_input_token", output="pricing.per_output_token"),
                )
                | prices(unit=Unit.USD_PER_TOKEN, zero_cache=False, cache_read="pricing.per_cached_input_token"),
            ),
        ),
    ),
    docs="https://naga.ac",
    evidence="recorded 2026-07 (235 rows); its address and public only inferred",
)
"""Prices are numbers in USD per token; a zero on rows that make no text or vectors is no price by tokens."""

_AIHUBMIX_OTHER = ("image_generation", "video", "video_generation", "tts", "stt", "asr", "audio", "image", "3d", "ocr")

AIHUBMIX = Provider(
    slug="aihubmix",
    name="AIHubMix",
    endpoint="https://aihubmix.com/v1",
    auth=Bearer(env=("AIHUBMIX_API_KEY",)),
    sources=(
        Source(
            "models",
            "/api/v1/models",
            each("data"),
            endpoint="https://aihubmix.com",
            public=Public.YES,
            fields=field_map(
                id=Id("model_id"),
                name=text("model_name"),
                description=text("desc"),
                context_length=count("context_length"),
                max_output_tokens=count("max_output"),
                input_modalities=Modalities("input_modalities", split=","),
                vision=Has("input_modalities", words=("image",)),
                audio=Has("input_modalities", words=("audio",)),
                video=Has("input_modalities", words=("video",)),
                tools=Has("features", words=("tools", "function_calling")),
                reasoning=Has("features", words=("thinking", "reasoning")),
                structured_output=Has("features", words=("structured_outputs",)),
                web_search=Has("features", words=("web", "web_search")),
                embeddings=Has("types", words=("embedding", "embeddings")),
                rerank=Has("types", words=("rerank",)),
                image_generation=Has("types", words=("image_generation",)),
                video_generation=Has("types", words=("video", "video_generation")),
                speech=Has("types", words=("tts",)),
                transcription=Has("types", words=("stt", "asr")),
                prices=prices(
                    unit=Unit.USD_PER_MTOK,
                    only=unless("types", *_AIHUBMIX_OTHER),
                    zero_cache=False,
                    input="pricing.input",
                    output="pricing.output",
                    cache_read="pricing.cache_read",
                    cache_write="pricing.cache_write",
                ),
            ),
        ),
    ),
    docs="https://docs.aihubmix.com",
    evidence="recorded 2026-07 (805 rows)",
)
"""Lists are text joined by commas; contexts and output limits of 0 and empty types, on half of the rows, are not
stated. Embeddings say 0 for output."""

HELICONE = Provider(
    slug="helicone",
    name="Helicone AI Gateway",
    endpoint="https://ai-gateway.helicone.ai/v1",
    auth=Bearer(env=("HELICONE_API_KEY",)),
    sources=(
        Source(
            "models",
            "/v1/public/model-registry/models",
            Joined("data.models", expand="endpoints", mark="/"),
            endpoint="https://jawn.helicone.ai",
            public=Public.YES,
            fields=field_map(
                id=Id("^id"),
                slug=text("^.id"),
                name=text("^.name"),
                owner=text("^.author"),
                context_length=count("^.contextLength"),
                max_output_tokens=count("^.maxOutput"),
                input_modalities=Modalities("^.inputModalities", split=","),
                vision=lists("^.inputModalities", "image"),
                audio=lists("^.inputModalities", "audio"),
                tools=lists("^.supportedParameters", "tools"),
                structured_output=lists("^.supportedParameters", "structured_outputs"),
                reasoning=lists("^.supportedParameters", "reasoning", "include_reasoning"),
                prices=prices(
                    unit=Unit.USD_PER_MTOK,
                    zero_cache=False,
                    input="pricing.prompt",
                    output="pricing.completion",
                    cache_read="pricing.cacheRead",
                    cache_write="pricing.cacheWrite",
                    reasoning="pricing.reasoning",
                ),
            ),
        ),
    ),
    docs="https://docs.helicone.ai/gateway/overview",
    models_url="https://helicone.ai/models",
    evidence="adapters of 2026; the form of an id is inferred",
)
"""One offer a provider behind the gateway, asked for as `model/provider`: prices differ among them."""

REDPILL = Provider(
    slug="redpill",
    name="Phala RedPill",
    endpoint="https://api.redpill.ai/v1",
    auth=Bearer(env=("REDPILL_API_KEY", "PHALA_API_KEY")),
    sources=(Source("models", "/models", each("data"), openrouter_like(), public=Public.INFERRED),),
    docs="https://docs.redpill.ai",
    evidence="adapters of 2026; public only inferred",
)
"""OpenRouter's provider schema in USD per token."""

OPENCODE = Provider(
    slug="opencode",
    name="OpenCode Zen",
    endpoint="https://opencode.ai/zen/v1",
    auth=Bearer(env=("OPENCODE_API_KEY",)),
    sources=(openai_source(),),
    docs="https://opencode.ai/docs/zen",
    evidence="adapters of 2026",
)
"""Ids only; the word `public` is accepted as a key."""

CORTECS = Provider(
    slug="cortecs",
    name="Cortecs",
    endpoint="https://api.cortecs.ai/v1",
    auth=Bearer(env=("CORTECS_API_KEY",)),
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            key_use=KeyUse.ALWAYS,
            fields=field_map(
                id=Id("id"),
                context_length=count("context_size"),
                tools=lists("tags", "Tools", "tools"),
                reasoning=lists("tags", "Reasoning", "reasoning"),
                vision=lists("tags", "Image", "vision"),
            ),
        ),
    ),
    docs="https://docs.cortecs.ai",
    evidence="adapters of 2026; the words of `tags` and that a key is needed are inferred",
)
"""Prices are told for one model at a time, in euros: not read."""

GATEWAYS = (
    GITHUB_MODELS, GITHUB_COPILOT, LLM_GATEWAY, NAGA, AIHUBMIX, HELICONE, REDPILL, OPENCODE, CORTECS,
)  # fmt: skip
