"""Why a field is empty: which source cannot state it, which could and does not, and where the offer is not listed."""

from modeltui.model import Offer, PriceState
from modeltui.providers.spec import Provider, Source

WORDS = {
    "context_length": "context length",
    "max_output_tokens": "output limit",
    "max_input_tokens": "input limit",
    "created_at": "release date",
    "open_weights": "word on open weights",
    "retires_at": "retirement date",
    "input_modalities": "input modalities",
    "output_modalities": "output modalities",
}
STATES = {
    PriceState.DYNAMIC: "the provider decides the price at request time",
    PriceState.PLAN: "the provider sells it as part of a plan",
    PriceState.OTHER_UNIT: "it is priced by something other than tokens",
}


def why_missing(provider: Provider, offer: Offer, field: str) -> str:
    """Say in one line why nothing is stated for a dotted field of an offer."""
    if field in {"prices.input", "prices.output"} and offer.price_state in STATES:
        return STATES[offer.price_state]
    listing = [
        source
        for source in provider.sources
        if not source.on_demand and (not source.enriches_only or field in source.fields)
    ]
    if not listing:
        return f"{offer.sources[0] if offer.sources else provider.slug} does not state it"
    return "; ".join(_of_source(provider, source, offer, field) for source in listing)


def _of_source(provider: Provider, source: Source, offer: Offer, field: str) -> str:
    name = f"{provider.slug}/{source.name}"
    if name not in offer.sources:
        return f"not in {name}"
    rule = source.fields.get(field)
    if rule is None:
        word = WORDS.get(field) or field.rpartition(".")[2].replace("_", " ")
        return f"{name} carries no {word}"
    path = rule.path or " or ".join(inner.path for inner in getattr(rule, "rules", ()))
    return f"{name} has it at {path.replace('|', ' or ')}, and says nothing there for this model"
