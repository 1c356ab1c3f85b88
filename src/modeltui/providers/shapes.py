"""Field maps that more than one provider answers in; what differs is an argument, above all the unit of prices."""

from modeltui.providers.marks import Root
from modeltui.providers.prices import other_prices, prices
from modeltui.providers.records import each
from modeltui.providers.rules import (
    Condition,
    Id,
    Instant,
    Quantization,
    Rule,
    Text,
    Weights,
    Words,
    count,
    lists,
    modalities,
    text,
)
from modeltui.providers.spec import KeyUse, Public, Source, field_map
from modeltui.providers.units import Unit

ENGINES = (
    "vllm", "sglang", "llamacpp", "library", "system", "organization_owner", "openai-internal", "unknown",
    "digitalocean", "fireworks", "gmi", "opencode",
)  # fmt: skip
"""Words that servers and hosts write into `owned_by` and that own no model."""

OPENAI_IDS = field_map(id=Id("id"), owner=Text("owned_by", nothing=ENGINES))
"""A listing of ids and nothing else; `created` is left out where it is the time of the answer or a constant."""

OPENAI_DATED = {**OPENAI_IDS, **field_map(created_at=Instant("created"))}
"""The same with dates of creation that can be believed."""

OPENAI_COMPATIBLE = field_map(
    id=Id("id|key|model"),
    name=text("display_name|name"),
    owner=Text("publisher|owned_by", nothing=ENGINES),
    created_at=Instant("created"),
    context_length=count(
        "loaded_context_length|meta.n_ctx|max_model_len|context_length|context_window|max_context_length"
    ),
    max_output_tokens=count("max_output_tokens|max_completion_tokens|max_output_length"),
    quantization=Quantization("quantization|quantization.name|details.quantization_level"),
    weights=Root("root|hugging_face_id"),
    aliases=Words("aliases"),
    tools=lists("capabilities|supported_features", "tool_use", "tools", "function_calling"),
)
"""Any OpenAI-compatible server: vLLM's `max_model_len`, llama.cpp's `meta`, LM Studio's fields. No prices: their unit
cannot be known."""


def openai_source(
    name: str = "models", *, path: str = "/models", dated: bool = False, public: Public = Public.NO
) -> Source:
    """Make the source of a plain OpenAI-shaped listing."""
    return Source(
        name,
        path,
        each("data"),
        OPENAI_DATED if dated else OPENAI_IDS,
        public=public,
        key_use=KeyUse.OPTIONAL if public is not Public.NO else KeyUse.ALWAYS,
    )


def openrouter_like(
    *,
    unit: Unit = Unit.USD_PER_TOKEN,
    only: Condition | None = None,
    max_output: str = "max_output_length",
    features: str = "supported_features",
    architecture: str = "",
    cache_read: str = "input_cache_read",
    cache_write: str = "input_cache_write",
    without: tuple[str, ...] = (),
) -> dict[str, Rule]:
    """Map what OpenRouter asks its own providers to publish, found at a dozen hosts.

    The unit of the token prices and some names differ; `without` names the fields that a host does not send, and
    `architecture` is the path, with its dot, under which modalities stand.
    """
    fields = field_map(
        id=Id("id"),
        name=text("name"),
        description=text("description"),
        created_at=Instant("created"),
        context_length=count("context_length"),
        max_output_tokens=count(max_output),
        quantization=Quantization("quantization"),
        weights=Weights("hugging_face_id"),
        tools=lists(features, "tools"),
        structured_output=lists(features, "structured_outputs"),
        json_mode=lists(features, "json_mode", "response_format"),
        reasoning=lists(features, "reasoning", "include_reasoning"),
        web_search=lists(features, "web_search", "web_search_options"),
        **modalities(f"{architecture}input_modalities", f"{architecture}output_modalities"),
        prices=prices(
            unit=unit,
            only=only,
            zero_cache=False,
            input="pricing.prompt",
            output="pricing.completion",
            cache_read=f"pricing.{cache_read}",
            cache_write=f"pricing.{cache_write}",
        )
        | other_prices(unit=Unit.USD, image="pricing.image", request="pricing.request"),
    )
    return {name: rule for name, rule in fields.items() if name not in without}
