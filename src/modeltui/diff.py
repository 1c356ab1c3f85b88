"""What changed between two catalogs: offers that came and went, prices, limits, capabilities, how they are served.

Only sources that were read in both catalogs are believed: what a source that only one of them knows adds or takes
away is no change of the world, and is told as first seen. Rounding is no change either.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from modeltui.format import MISSING, clean, date, tokens, usd
from modeltui.model import CAPABILITIES, CAPABILITY_BITS, PRICE_FIELDS, Claims, Offer, PriceState, PriceTier
from modeltui.state import Catalog
from modeltui.table_rows import price_of


class ChangeKind(StrEnum):
    """What sort of change; in the order in which they are told."""

    ADDED = "added"
    REMOVED = "removed"
    PRICE = "price"
    LIMIT = "limit"
    CAPABILITY = "capability"
    QUANTIZATION = "quantization"
    STATUS = "status"


FIELDS: Mapping[str, ChangeKind] = {
    "context_length": ChangeKind.LIMIT,
    "max_input_tokens": ChangeKind.LIMIT,
    "max_output_tokens": ChangeKind.LIMIT,
    "quantization": ChangeKind.QUANTIZATION,
    "status": ChangeKind.STATUS,
    "retires_at": ChangeKind.STATUS,
}
"""Plain fields whose changes are told."""
PRICES = tuple(f"prices.{name}" for name in PRICE_FIELDS if name != "discount")
_ORDER = {kind: place for place, kind in enumerate(ChangeKind)}
_PRICELESS = frozenset({PriceState.PLAN, PriceState.DYNAMIC})


class Change(Struct, frozen=True):
    """One thing that is not as it was."""

    kind: ChangeKind
    offer: Offer
    """As it is now; as it was where it is gone."""
    field: str = ""
    """Dotted, as in claims; empty where the whole offer came or went."""
    before: object = None
    """`None` is not stated."""
    after: object = None

    @property
    def percent(self) -> Decimal | None:
        """How much an amount rose, negative where it fell; `None` where it was zero, or is no amount."""
        before, after = self.before, self.after
        if isinstance(before, bool) or isinstance(after, bool):
            return None
        if not isinstance(before, Decimal | int) or not isinstance(after, Decimal | int) or not before:
            return None
        return (Decimal(after - before) / before * 100).quantize(Decimal("0.1"))


class FirstSeen(Struct, frozen=True):
    """A source that only the newer catalog has read: its offers are not new, they were not looked at."""

    source: str
    offers: int


class Diff(Struct, frozen=True):
    """Everything that changed from one moment to another."""

    since: datetime
    until: datetime
    changes: tuple[Change, ...]
    """By kind, provider, id and field."""
    first_seen: tuple[FirstSeen, ...] = ()
    left_out: tuple[str, ...] = ()
    """Sources that only the older catalog has read."""


def compare(older: Catalog, newer: Catalog) -> Diff:
    """Tell what changed from one catalog to a newer one."""
    before, after = _Side(older), _Side(newer)
    common = before.read & after.read
    changes: list[Change] = []
    for key in before.offers.keys() | after.offers.keys():
        one, other = before.offers.get(key), after.offers.get(key)
        if one is None and other is not None and before.could_list(other, common):
            changes.append(Change(ChangeKind.ADDED, other))
        elif other is None and one is not None and after.could_list(one, common):
            changes.append(Change(ChangeKind.REMOVED, one))
        elif one is not None and other is not None and one is not other:
            changes += _changes(*_facts(one, other, older, newer, common), other)
    changes.sort(key=lambda change: (_ORDER[change.kind], change.offer.provider, change.offer.id, change.field))
    return Diff(
        since=older.built_at,
        until=newer.built_at,
        changes=tuple(changes),
        first_seen=tuple(FirstSeen(source, after.counts[source]) for source in sorted(after.read - before.read)),
        left_out=tuple(sorted(before.read - after.read)),
    )


class _Side:
    """One of the two catalogs, with what is asked of it often."""

    def __init__(self, catalog: Catalog) -> None:
        self.offers = {offer.key: offer for offer in catalog.offers}
        self.counts = {status.source: status.records for status in catalog.sources if status.records}

    @cached_property
    def read(self) -> frozenset[str]:
        """The sources that answered something that could be read."""
        return frozenset(self.counts)

    @cached_property
    def _answered(self) -> frozenset[str]:
        return frozenset(source.partition("/")[0] for source in self.counts)

    def could_list(self, offer: Offer, common: frozenset[str]) -> bool:
        """Tell whether the lack of an offer here means that it is not offered.

        A source of its provider must have been read on both sides and list it; a catalogue's word counts only for
        a provider that neither side has read.
        """
        own = [source for source in offer.sources if source.startswith(f"{offer.provider}/")]
        if own:
            return not common.isdisjoint(own)
        return offer.provider not in self._answered and not common.isdisjoint(offer.sources)


# ---------------------------------------------------------------------------------------------------- facts

Facts = Mapping[str, object]
"""Dotted field name to value; what is not stated is not there."""


def _facts(one: Offer, other: Offer, older: Catalog, newer: Catalog, common: frozenset[str]) -> tuple[Facts, Facts]:
    """Collect the compared fields of an offer as far as they rest on sources that both sides have read."""
    if common.issuperset(one.sources) and common.issuperset(other.sources):
        return _stated(one), _stated(other)
    before, after = older.claims.get(one.key), newer.claims.get(other.key)
    if before is None or after is None:
        return {}, {}
    return _claimed(before, common), _claimed(after, common)


def _stated(offer: Offer) -> Facts:
    found: dict[str, object] = {name: getattr(offer, name) for name in FIELDS}
    found |= {name: price_of(offer, name[7:]) for name in PRICES}
    if offer.price_state not in _PRICELESS:
        found["price_tiers"] = offer.price_tiers or None
    found |= {f"capabilities.{word}": True for word in CAPABILITIES if offer.capabilities & CAPABILITY_BITS[word]}
    stated = {name: value for name, value in found.items() if value is not None}
    return {**stated, "price_state": offer.price_state}


def _claimed(claims: Claims, common: frozenset[str]) -> Facts:
    """Take the best claim among the common sources; which state the price is in cannot be told from a part."""
    found: dict[str, object] = {}
    for name, said in claims.items():
        value = next((claim.value for claim in said if claim.source in common), None)
        compared = name in FIELDS or name in PRICES or name == "price_tiers" or name.startswith("capabilities.")
        if compared and value is not None and value is not False:
            found[name] = value
    return found


def _changes(before: Facts, after: Facts, offer: Offer) -> Iterator[Change]:
    if before == after:
        return
    named = dict.fromkeys(_changed_prices(before, after), ChangeKind.PRICE)
    named |= {name: FIELDS[name] for name in _differing(FIELDS, before, after)}
    abilities = (f"capabilities.{word}" for word in CAPABILITIES)
    named |= dict.fromkeys(_differing(abilities, before, after), ChangeKind.CAPABILITY)
    for name, kind in named.items():
        yield Change(kind, offer, name, before.get(name), after.get(name))


def _changed_prices(before: Facts, after: Facts) -> list[str]:
    """Name the prices that differ, or the state alone where it tells more: a plan or a router has no prices."""
    states = [facts.get("price_state") for facts in (before, after)]
    prices = list(_differing((*PRICES, "price_tiers"), before, after))
    if None in states or states[0] == states[1]:
        return prices
    return prices if prices and _PRICELESS.isdisjoint(states) else ["price_state"]


def _differing(names: Iterable[str], before: Facts, after: Facts) -> Iterator[str]:
    return (name for name in names if before.get(name) != after.get(name))


# ---------------------------------------------------------------------------------------------------- words


def told(change: Change) -> str:
    """Say one change in words: `input $0.3 → $0.25 (-16.7 %)`; safe for a terminal."""
    if change.kind in {ChangeKind.ADDED, ChangeKind.REMOVED}:
        return summary(change.offer)
    if change.kind is ChangeKind.CAPABILITY:
        word = change.field.partition(".")[2].replace("_", " ")
        return f"{'+' if change.after else '-'} {word}"
    title = change.field.removeprefix("prices.").replace("_", " ")
    before, after = _value(change.before), _value(change.after)
    if before == after and not isinstance(change.after, tuple):
        before, after = _exact(change.before), _exact(change.after)
    percent = change.percent
    share = "" if percent is None else f" ({percent:+f} %)"
    return f"{title} {before} → {after}{share}"


def summary(offer: Offer) -> str:
    """Say what an offer is in one line: its context and its prices, or what is known of them."""
    parts = [f"{tokens(offer.context_length)} context"] if offer.context_length is not None else []
    prices = [f"{usd(amount)} {name}" for name in ("input", "output") if (amount := price_of(offer, name)) is not None]
    return ", ".join([*parts, *(prices or [f"price: {_value(offer.price_state)}"])])


def _value(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, Decimal):
        return usd(value)
    if isinstance(value, int):
        return tokens(value)
    if isinstance(value, datetime):
        return date(value)
    if isinstance(value, tuple):
        return "; ".join(_tier(part) for part in value if isinstance(part, PriceTier))
    return clean(value.replace("_", " ") if isinstance(value, PriceState) else str(value))


def _tier(tier: PriceTier) -> str:
    hours = f"{tier.utc_start} to {tier.utc_end} UTC"
    where = hours if tier.above_prompt_tokens is None else f"above {tokens(tier.above_prompt_tokens)}"
    stated = [(name, getattr(tier.prices, name)) for name in PRICE_FIELDS]
    return f"{clean(where)}: " + ", ".join(f"{usd(amount)} {name}" for name, amount in stated if amount is not None)


def _exact(value: object) -> str:
    """Spell out what reads the same when it is short: 131072 and 131100 are both 131K."""
    return value.isoformat(" ") if isinstance(value, datetime) else clean(str(value))
