"""Servers on the user's own machine or network, and the shape of any other OpenAI-compatible one."""

from modeltui.providers.marks import Root
from modeltui.providers.prices import prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    Flag,
    Id,
    Quantization,
    Text,
    Words,
    count,
    either,
    flag,
    is_in,
    lists,
    text,
    where,
)
from modeltui.providers.shapes import ENGINES, OPENAI_COMPATIBLE, OPENAI_IDS
from modeltui.providers.spec import Bearer, NoKey, Provider, Public, Source, field_map
from modeltui.providers.units import Unit

OPENAI_LIKE = Provider(
    slug="openai-compatible",
    name="OpenAI-compatible server",
    endpoint="http://localhost:8000/v1",
    auth=Bearer(env=()),
    sources=(Source("models", "/models", each("data|models|"), OPENAI_COMPATIBLE, public=Public.YES),),
    local=True,
    evidence="vLLM quoted 2026-05, llama.cpp recorded 2026-07, LM Studio's source of 2026",
)
"""What `like = "openai"` means in the config."""

_INFO = "model_info."

LITELLM = Provider(
    slug="litellm",
    name="LiteLLM proxy",
    endpoint="http://localhost:4000",
    auth=Bearer(env=("LITELLM_MASTER_KEY", "LITELLM_API_KEY")),
    chat_path="/v1/chat/completions",
    local=True,
    sources=(
        Source(
            "models",
            "/model/info",
            each("data"),
            public=Public.INFERRED,
            fields=field_map(
                id=Id("model_name|id"),
                slug=text("litellm_params.model"),
                context_length=count(f"{_INFO}max_input_tokens|max_input_tokens"),
                max_output_tokens=count(f"{_INFO}max_output_tokens|max_output_tokens"),
                tools=flag(f"{_INFO}supports_function_calling"),
                vision=flag(f"{_INFO}supports_vision"),
                reasoning=flag(f"{_INFO}supports_reasoning"),
                structured_output=flag(f"{_INFO}supports_response_schema"),
                prompt_caching=flag(f"{_INFO}supports_prompt_caching"),
                web_search=flag(f"{_INFO}supports_web_search"),
                audio=flag(f"{_INFO}supports_audio_input"),
                speech=either(flag(f"{_INFO}supports_audio_output"), is_in(f"{_INFO}mode|mode", "audio_speech")),
                embeddings=is_in(f"{_INFO}mode|mode", "embedding"),
                rerank=is_in(f"{_INFO}mode|mode", "rerank"),
                moderation=is_in(f"{_INFO}mode|mode", "moderation"),
                image_generation=is_in(f"{_INFO}mode|mode", "image_generation"),
                transcription=is_in(f"{_INFO}mode|mode", "audio_transcription"),
                prices=prices(
                    unit=Unit.USD_PER_TOKEN,
                    only=where(f"{_INFO}mode", "chat", "completion", "responses", "embedding", None),
                    zero_cache=False,
                    input=f"{_INFO}input_cost_per_token",
                    output=f"{_INFO}output_cost_per_token",
                    cache_read=f"{_INFO}cache_read_input_token_cost",
                    cache_write=f"{_INFO}cache_creation_input_token_cost",
                    reasoning=f"{_INFO}output_cost_per_reasoning_token",
                    audio_input=f"{_INFO}input_cost_per_audio_token",
                ),
            ),
        ),
    ),
    docs="https://docs.litellm.ai/docs/proxy/model_management",
    evidence="ids recorded 2025-07 (37); model info from the server's source of 2026",
)
"""A plain list of ids is read too; its `created` is one constant. A `model_name` that repeats is load balancing: one is
kept. Prices are numbers in USD per token; null is not stated."""

_TAGS = field_map(
    id=Id("model|name|id"),
    quantization=Quantization("details.quantization_level"),
)

OLLAMA = Provider(
    slug="ollama",
    name="Ollama",
    endpoint="http://localhost:11434",
    auth=NoKey(),
    chat_path="/v1/chat/completions",
    local=True,
    sources=(Source("models", "/api/tags", each("models|data"), _TAGS, public=Public.YES),),
    docs="https://docs.ollama.com/api/tags",
    evidence="ids recorded 2025-07 (11); tags recorded 2025-05 (6 rows)",
)
"""The tag is part of the id: deepseek-r1:14b is a distillation. `modified_at` is the time of the pull. Context and
capabilities are only told by a POST for each model, which is not sent."""

OLLAMA_CLOUD = Provider(
    slug="ollama-cloud",
    name="Ollama Cloud",
    endpoint="https://ollama.com",
    auth=Bearer(env=("OLLAMA_API_KEY",)),
    chat_path="/v1/chat/completions",
    plan=True,
    sources=(Source("models", "/api/tags", each("models|data"), _TAGS, public=Public.YES),),
    docs="https://docs.ollama.com/cloud",
    models_url="https://ollama.com/library",
    evidence="an adapter of 2026; the answer is that of the local server",
)
"""The local server's answer from another host; sold as a subscription, without prices in the list."""

LM_STUDIO = Provider(
    slug="lmstudio",
    name="LM Studio",
    endpoint="http://localhost:1234",
    auth=Bearer(env=("LMSTUDIO_API_KEY",)),
    chat_path="/v1/chat/completions",
    local=True,
    sources=(
        Source(
            "models",
            "/api/v0/models",
            each("data|models"),
            public=Public.YES,
            fields=field_map(
                id=Id("id|key"),
                name=text("display_name"),
                owner=Text("publisher", nothing=ENGINES),
                context_length=count("max_context_length"),
                quantization=Quantization("quantization.name|quantization"),
                tools=lists("capabilities", "tool_use", "trained_for_tool_use"),
                vision=either(flag("capabilities.vision"), is_in("type", "vlm")),
                reasoning=Flag("capabilities.reasoning", where("capabilities.reasoning", True, False)),
                embeddings=is_in("type", "embeddings", "embedding"),
                deployment=dict(hot=is_in("state", "loaded")),
            ),
        ),
    ),
    docs="https://lmstudio.ai/docs/app/api/endpoints/rest",
    evidence="the server's documentation and source of 2026",
)
"""Two generations of the answer: `data` with `id`, and `models` with `key` and capabilities as flags."""

_SERVED = {
    **OPENAI_IDS,
    **field_map(context_length=count("max_model_len"), weights=Root("root")),
}

VLLM = Provider(
    slug="vllm",
    name="vLLM server",
    endpoint="http://localhost:8000/v1",
    auth=Bearer(env=("VLLM_API_KEY",)),
    local=True,
    sources=(Source("models", "/models", each("data"), _SERVED, public=Public.YES),),
    docs="https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    evidence="the server's source; rows quoted 2026-05",
)
"""`max_model_len` is null on adapters, `created` the time of the answer, `owned_by` the engine, `root` may be a
path."""

SGLANG = Provider(
    slug="sglang",
    name="SGLang server",
    endpoint="http://localhost:30000/v1",
    auth=Bearer(env=("SGLANG_API_KEY",)),
    local=True,
    sources=(Source("models", "/models", each("data"), _SERVED, public=Public.YES),),
    docs="https://docs.sglang.ai",
    evidence="rows quoted 2026-05",
)
"""The same answer as vLLM's; an id may end in a slash where a path was given."""

LLAMA_CPP = Provider(
    slug="llamacpp",
    name="llama.cpp server",
    endpoint="http://localhost:8080/v1",
    auth=Bearer(env=("LLAMA_API_KEY",)),
    local=True,
    sources=(
        Source(
            "models",
            "/models",
            each("data"),
            public=Public.YES,
            fields=field_map(
                id=Id("id"),
                aliases=Words("aliases"),
                context_length=count("meta.n_ctx|meta.n_ctx_train"),
            ),
        ),
    ),
    docs="https://github.com/ggml-org/llama.cpp/tree/master/tools/server",
    evidence="recorded 2026-07",
)
"""The answer has `models` too, of empty text. `n_ctx` is the context that is served, `n_ctx_train` the model's own."""

LOCAL = (OPENAI_LIKE, LITELLM, OLLAMA, OLLAMA_CLOUD, LM_STUDIO, VLLM, SGLANG, LLAMA_CPP)
