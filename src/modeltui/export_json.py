"""The JSON of offers, models and sources, as the README promises it to scripts.

Numbers are numbers, absent facts are null, instants are ISO 8601 in UTC; a model's row has ranges.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from msgspec import Struct

from modeltui.format import instant, json_number
from modeltui.model import PRICE_FIELDS, Claim, Deployment, Link, Model, Offer, Prices, PriceTier, Problem, words_of
from modeltui.state import Catalog, SourceStatus
from modeltui.table_rows import price_of

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

_Amount = TypeVar("_Amount", int, Decimal)


def plain(value: object) -> Json:
    """Turn a value of the program into JSON: decimals and instants too, and a struct as an object of its fields."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return json_number(value)
    return _compound(value)


def _compound(value: object) -> Json:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, frozenset | set):
        return [plain(part) for part in sorted(value, key=str)]
    if isinstance(value, Iterable):
        return [plain(part) for part in value]
    return str(value)


def prices_json(prices: Prices) -> dict[str, Json]:
    """Give every price field, null where it is not stated; USD per 1,000,000 tokens or per other unit."""
    return {field: plain(getattr(prices, field)) for field in PRICE_FIELDS}


def _tier(tier: PriceTier) -> Json:
    return {
        "above_prompt_tokens": tier.above_prompt_tokens,
        "utc_start": tier.utc_start,
        "utc_end": tier.utc_end,
        "utc_days": list[Json](tier.utc_days),
        "prices": prices_json(tier.prices),
    }


def _deployment(deployment: Deployment | None) -> Json:
    return None if deployment is None else plain(deployment)


def _stated(words: Sequence[str]) -> Json:
    return list[Json](words) or None


def problem_json(problem: Problem) -> Json:
    """Give what could not be read: source, record, field, reason."""
    return plain(problem)


def _claim(claim: Claim, times: Mapping[str, datetime | None]) -> Json:
    return {"source": claim.source, "path": claim.path, "fetched_at": plain(times.get(claim.source))}


def _times(catalog: Catalog) -> dict[str, datetime | None]:
    return {status.source: status.fetched_at for status in catalog.sources}


def _confirmed_at(offer: Offer, times: Mapping[str, datetime | None]) -> datetime | None:
    """When the newest of the offer's own sources last answered or confirmed its answer."""
    own = [when for source in offer.sources if source.startswith(f"{offer.provider}/") and (when := times.get(source))]
    return max(own, default=offer.fetched_at)


def offer_json(offer: Offer, catalog: Catalog) -> dict[str, Json]:
    """Give an offer with its winning claims, its conflicts and its problems."""
    return _offer(offer, catalog, _times(catalog))


def _offer(offer: Offer, catalog: Catalog, times: Mapping[str, datetime | None]) -> dict[str, Json]:
    claims = catalog.claims.get(offer.key, {})
    return {
        "provider": offer.provider,
        "id": offer.id,
        "model": offer.model or None,
        "name": offer.name,
        "owner": offer.owner,
        "description": offer.description,
        "created_at": plain(offer.created_at),
        "context_length": offer.context_length,
        "max_output_tokens": offer.max_output_tokens,
        "quantization": offer.quantization,
        "input_modalities": _stated(offer.input_modalities),
        "output_modalities": _stated(offer.output_modalities),
        "capabilities": list[Json](words_of(offer.capabilities)),
        "open_weights": offer.open_weights,
        "status": offer.status,
        "prices": prices_json(offer.prices),
        "price_state": offer.price_state.value,
        "price_tiers": [_tier(tier) for tier in offer.price_tiers],
        "deployment": _deployment(offer.deployment),
        "variant": offer.variant,
        "sources": list[Json](offer.sources),
        "claims": {field: _claim(found[0], times) for field, found in claims.items() if found},
        "conflicts": {field: conflict_json(claims.get(field, ())) for field in offer.conflicts},
        "problems": [problem_json(problem) for problem in offer.problems],
        "fetched_at": plain(_confirmed_at(offer, times)),
    }


def conflict_json(claims: Iterable[Claim]) -> Json:
    """Give every claim of one field with its value, the winner first."""
    return [{"value": plain(claim.value), "source": claim.source, "path": claim.path} for claim in claims]


def _range(amounts: Iterable[_Amount | None]) -> Json:
    known = [amount for amount in amounts if amount is not None]
    return {"min": plain(min(known)), "max": plain(max(known))} if known else None


def _link(link: Link) -> Json:
    return {
        "offer": f"{link.provider}/{link.offer_id}",
        "method": link.method,
        "score": plain(link.score),
        "basis": link.basis,
    }


def model_json(model: Model) -> dict[str, Json]:
    """Give a model with the ranges over its offers, the keys of the offers, and why each belongs to it.

    Ranges of prices leave out what is no price: plans and routers.
    """
    offers = model.offers
    mask = 0
    for offer in offers:
        mask |= offer.capabilities
    return {
        "key": model.key,
        "name": model.name,
        "offers": [offer.key for offer in offers],
        "variants": {offer.key: offer.variant for offer in offers},
        "providers": _sorted(offer.provider for offer in offers),
        "context_length": _range(offer.context_length for offer in offers),
        "max_output_tokens": _range(offer.max_output_tokens for offer in offers),
        "quantizations": _sorted(offer.quantization for offer in offers),
        "capabilities": list[Json](words_of(mask)),
        "prices": {field: _range(price_of(offer, field) for offer in offers) for field in PRICE_FIELDS},
        "price_states": _sorted(offer.price_state.value for offer in offers),
        "links": [_link(link) for link in model.links],
    }


def _sorted(words: Iterable[str | None]) -> list[Json]:
    return list[Json](sorted({word for word in words if word}))


def source_json(status: SourceStatus) -> dict[str, Json]:
    """Give a source's state: health, times, HTTP status, counts, problems as objects, whether a key is there."""
    found = {name: plain(getattr(status, name)) for name in status.__struct_fields__}
    found["problem_count"] = len(status.problems)
    return found


def document(
    catalog: Catalog, offers: Iterable[Offer], models: Iterable[Model], version: str, merge_analysis: Json
) -> dict[str, Json]:
    """Give the whole export: the chosen offers and models, every source, and the merge analysis."""
    times = _times(catalog)
    return {
        "generated_at": plain(catalog.built_at),
        "version": version,
        "sources": [source_json(status) for status in catalog.sources],
        "merge_analysis": merge_analysis,
        "offers": [_offer(offer, catalog, times) for offer in offers],
        "models": [model_json(model) for model in models],
    }
