"""The rows of the table: one a model or one an offer, with everything that filtering and sorting ask for often.

A row holds its offers; what is known of each offer besides (state, latency, cost) stands in tuples of the same
order, so a *place* in them means one offer. Columns and queries read rows, never the catalog.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar, cast

import msgspec

from modeltui.format import clean_cell
from modeltui.model import CAPABILITIES, Model, Offer, PriceState
from modeltui.state import Catalog, LatencySample, SourceHealth

OPEN_BIT, FREE_BIT, HOT_BIT, CONFLICT_BIT = (1 << len(CAPABILITIES) + place for place in range(4))
"""Marks of a row's mask above the capabilities: open weights, costs nothing, an instance is up, sources differ."""

STATES = (
    "hot", "live", "shipped", "beta", "preview", "alpha", "stale", "cold", "deprecated", "offline", "retired",
)  # fmt: skip
"""States of an offer, from the one most worth calling to the least."""

_ENDED = frozenset({"deprecated", "offline", "retired"})
_EARLY = frozenset({"beta", "preview", "alpha"})
_HEALTH_STATES = {
    SourceHealth.LIVE: "live",
    SourceHealth.SHIPPED: "shipped",
    SourceHealth.STALE: "stale",
    SourceHealth.FAILED: "stale",
}
_PRICED = frozenset({PriceState.STATED, PriceState.ZERO, PriceState.OTHER_UNIT})


V = TypeVar("V")


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of the table: a model with all its offers, or one offer."""

    title: str
    """The model's name or the offer's id, clean for a terminal."""
    offers: tuple[Offer, ...]
    model: Model | None
    """The model in the view by models; `None` in the view by offers."""
    mask: int
    """Capabilities and the marks above, of all offers together."""
    states: tuple[str | None, ...] = ()
    """One of `STATES` for each offer; `None` where nothing tells."""
    samples: tuple[LatencySample | None, ...] = ()
    """The newest latency test of each offer."""
    keyed: tuple[bool, ...] = ()
    """Whether there is a key for the provider of each offer, so that it can be called now."""
    costs: tuple[Decimal | None, ...] = ()
    """What the workload costs with each offer, in USD; empty where no workload is set."""
    text: str = ""
    """The haystack, once it has been looked into."""

    @property
    def key(self) -> str:
        """The model's key, or `provider/id`; stays the same from catalog to catalog."""
        return self.offers[0].key if self.model is None else self.model.key

    @property
    def haystack(self) -> str:
        """Lower-cased title, then provider, id, name, model key and owner of every offer, separated by U+001F."""
        if not self.text:
            msgspec.structs.force_setattr(self, "text", _haystack(self))  # the first frame looks into none
        return self.text

    @property
    def title_lower(self) -> str:
        """The title as words are looked for in it."""
        return self.title.lower()

    @property
    def latency(self) -> LatencySample | None:
        """The test with the shortest time to first token, else any that was made."""
        made = [sample for sample in self.samples if sample is not None]
        return min(made, key=_slowness, default=None)

    @property
    def cost(self) -> Decimal | None:
        """The lowest cost of the workload with any offer; `None` where no cost is known."""
        return min((cost for cost in self.costs if cost is not None), default=None)


def _slowness(sample: LatencySample) -> float:
    return float("inf") if sample.ttft_s is None else sample.ttft_s


def price_of(offer: Offer, field: str) -> Decimal | None:
    """Give a price that is really one: a zero in a plan and a router's placeholder are none."""
    if offer.price_state not in _PRICED:
        return None
    price: Decimal | None = getattr(offer.prices, field)
    return price


def is_hot(offer: Offer) -> bool:
    """Say whether at least one instance of the offer answers now."""
    return offer.deployment is not None and offer.deployment.hot is True


def mask_of_offer(offer: Offer) -> int:
    """Give the capabilities of an offer together with the marks that a row's mask has."""
    return _mask_of((offer,))


def _mask_of(offers: Iterable[Offer]) -> int:
    mask, zero = 0, PriceState.ZERO
    for offer in offers:
        mask |= offer.capabilities
        if offer.open_weights:
            mask |= OPEN_BIT
        if offer.price_state is zero:
            mask |= FREE_BIT
        if offer.deployment is not None and offer.deployment.hot is True:
            mask |= HOT_BIT
        if offer.conflicts:
            mask |= CONFLICT_BIT
    return mask


def state_of(offer: Offer, health: Mapping[str, SourceHealth]) -> str | None:
    """Tell how an offer stands: an ended life first, then its instances, then how fresh its source is."""
    if offer.status in _ENDED:
        return offer.status
    if offer.deployment is not None and offer.deployment.hot is not None:
        return "hot" if offer.deployment.hot else "cold"
    if offer.status in _EARLY:
        return offer.status
    for source in offer.sources:
        if state := _HEALTH_STATES.get(health.get(source, SourceHealth.NEVER)):
            return state
    return None


def rows_by_offer(catalog: Catalog, latency: Mapping[str, LatencySample] | None = None) -> list[Row]:
    """Make one row an offer, in the catalog's order; `latency` maps offer keys and defaults to the catalog's."""
    around = _Around.of(catalog, latency)
    return [_offer_row(offer, around) for offer in catalog.offers]


class _Around(msgspec.Struct, frozen=True):
    """What a row tells of its offers that the offers themselves do not."""

    health: Mapping[str, SourceHealth]
    samples: Mapping[str, LatencySample]
    keyed: frozenset[str]
    """Providers with a key."""
    states: dict[tuple[str | None, tuple[str, ...]], str | None]
    """State by status and sources, of offers without a deployment."""
    shared: dict[tuple[object, ...], tuple[object, ...]]
    """Tuples that many rows have, each once."""

    @classmethod
    def of(cls, catalog: Catalog, latency: Mapping[str, LatencySample] | None) -> "_Around":
        """Take it from a catalog; `latency` defaults to the catalog's."""
        return cls(
            {status.source: status.health for status in catalog.sources},
            catalog.latency if latency is None else latency,
            frozenset(status.provider for status in catalog.sources if status.key_present),
            {},
            {},
        )

    def states_of(self, offers: Sequence[Offer]) -> tuple[str | None, ...]:
        """Give the state of each offer."""
        known, found = self.states, []
        for offer in offers:
            told = (offer.status, offer.sources)
            if offer.deployment is not None:
                found.append(state_of(offer, self.health))
            elif told in known:
                found.append(known[told])
            else:
                known[told] = state_of(offer, self.health)
                found.append(known[told])
        return self._once(tuple(found))

    def samples_of(self, offers: Sequence[Offer]) -> tuple[LatencySample | None, ...]:
        """Give the newest latency test of each offer."""
        if not self.samples:
            return self._once((None,) * len(offers))
        return tuple(self.samples.get(offer.key) for offer in offers)

    def keyed_of(self, offers: Sequence[Offer]) -> tuple[bool, ...]:
        """Say of each offer whether there is a key for its provider."""
        keyed = self.keyed
        return self._once(tuple([offer.provider in keyed for offer in offers]) if keyed else (False,) * len(offers))

    def _once(self, values: tuple[V, ...]) -> tuple[V, ...]:
        return cast("tuple[V, ...]", self.shared.setdefault(values, values))


def _offer_row(offer: Offer, around: _Around) -> Row:
    title, offers = clean_cell(offer.id), (offer,)
    return Row(
        title, offers, None, _mask_of(offers),
        around.states_of(offers), around.samples_of(offers), around.keyed_of(offers),
    )  # fmt: skip


def rows_by_model(catalog: Catalog, latency: Mapping[str, LatencySample] | None = None) -> list[Row]:
    """Make one row a model, in the catalog's order; `latency` maps offer keys and defaults to the catalog's."""
    around = _Around.of(catalog, latency)
    return [_model_row(model, around) for model in catalog.models]


def _model_row(model: Model, around: _Around) -> Row:
    title, offers = clean_cell(model.name), model.offers
    return Row(
        title, offers, model, _mask_of(offers),
        around.states_of(offers), around.samples_of(offers), around.keyed_of(offers),
    )  # fmt: skip


def _haystack(row: Row) -> str:
    if row.model is not None:
        return _model_haystack(row.title, row.model)
    offer = row.offers[0]
    parts = [row.title, offer.provider, offer.name or "", offer.model, offer.owner or ""]
    if offer.id != row.title:
        parts.append(offer.id)
    return "\x1f".join(parts).lower()


def _model_haystack(title: str, model: Model) -> str:
    """Give every text of a model's offers once: most of them say the same."""
    parts = dict.fromkeys((title, model.name, model.key))
    for offer in model.offers:
        parts.update(dict.fromkeys((offer.provider, offer.id, offer.name or "", offer.owner or "")))
    return "\x1f".join(parts).lower()


def with_costs(rows: Iterable[Row], cost_of: Callable[[Offer], Decimal | None]) -> list[Row]:
    """Give every row the cost of a workload with each of its offers; `None` from `cost_of` is not known."""
    return [msgspec.structs.replace(row, costs=tuple(map(cost_of, row.offers))) for row in rows]


def with_latency(rows: Sequence[Row], latency: Mapping[str, LatencySample]) -> list[Row]:
    """Give every row the tests in `latency`, by offer key; rows whose tests are the same stay the same objects."""
    fresh: list[Row] = []
    for row in rows:
        samples = tuple(latency.get(offer.key) for offer in row.offers)
        fresh.append(row if samples == row.samples else msgspec.structs.replace(row, samples=samples))
    return fresh
