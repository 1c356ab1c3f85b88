"""The sources of one provider become that provider's offers, field by field, with every claim kept.

Precedence: the provider's own sources in their order (or the order its `precedence` names for a field), then a
catalogue, which fills gaps and never overrides. What a catalogue says against the provider is marked as stale.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from modeltui.merge.aliases import Aliases
from modeltui.merge.match import Pair, pair
from modeltui.model import (
    CAPABILITY_BITS,
    NO_PRICES,
    PRICE_FIELDS,
    TOKEN_PRICES,
    Claim,
    Claims,
    Deployment,
    Offer,
    Prices,
    PriceState,
    Problem,
)
from modeltui.providers.spec import Provider
from modeltui.state import Reading, Record

PLAIN_FIELDS = frozenset(Offer.__struct_fields__) - {
    "provider", "id", "model", "capabilities", "prices", "price_state", "deployment", "variant", "sources",
    "conflicts", "stale_catalogue", "problems", "fetched_at",
}  # fmt: skip
COMPARED = frozenset({"context_length", "max_input_tokens", "max_output_tokens", "quantization", "open_weights"})
"""Plain fields on which two sources can really differ; names, texts and dates differ by nature."""


class Catalogue(Struct, frozen=True):
    """What a catalogue says of one provider."""

    source: str
    records: tuple[Record, ...]
    fetched_at: datetime | None


class ProviderOffers(Struct, frozen=True):
    """The offers of one provider with their evidence."""

    provider: str
    offers: tuple[Offer, ...]
    claims: Mapping[str, Claims]
    """Offer key to every claim of every field, the winner first."""
    pairs: Mapping[tuple[str, str], tuple[Pair, ...]]
    """Two sources to how their ids were joined."""


class _Group(Struct):
    """The records of one offer, one a source, in order of precedence."""

    id: str
    records: list[tuple[str, Record]]
    catalogue: Record | None = None


def build_offers(
    provider: Provider, readings: Sequence[Reading], catalogue: Catalogue | None, aliases: Aliases
) -> ProviderOffers:
    """Merge one provider's readings, and what a catalogue adds, into its offers.

    A catalogue's records become offers of their own only where the provider itself has not answered.
    """
    groups, pairs = _grouped(provider, readings, aliases)
    if catalogue is not None:
        _enrich(provider, groups, catalogue, aliases, own=bool(readings))
    fetched = {reading.source: reading.fetched_at for reading in readings}
    if catalogue is not None:
        fetched[catalogue.source] = catalogue.fetched_at
    problems = _problems_by_record(readings)
    order = _precedence(provider, readings)
    offers: list[Offer] = []
    evidence: dict[str, Claims] = {}
    alone: _Alone = {}
    for group in groups:
        own = _of_group(group, problems)
        claims = _claims(group, order, {problem.field for problem in own}, alone)
        offer = _offer(provider, group, claims, fetched, own)
        offers.append(offer)
        evidence[offer.key] = claims
    return ProviderOffers(provider.slug, tuple(offers), evidence, pairs)


# ---------------------------------------------------------------------------------------------------- groups


def _grouped(
    provider: Provider, readings: Sequence[Reading], aliases: Aliases
) -> tuple[list[_Group], dict[tuple[str, str], tuple[Pair, ...]]]:
    groups: list[_Group] = []
    pairs: dict[tuple[str, str], tuple[Pair, ...]] = {}
    enriching = {f"{provider.slug}/{s.name}" for s in provider.sources if s.enriches_only}
    for reading in readings:
        by_id = {record.id: record for record in reading.records}
        if groups:
            known = {group.id: group for group in groups}
            joined = pair(tuple(known), tuple(by_id), aliases, provider.slug)
            for found in joined:
                known[found.left].records.append((reading.source, by_id.pop(found.right)))
            pairs[readings[0].source, reading.source] = joined
        if reading.source not in enriching:
            groups += [_Group(record.id, [(reading.source, record)]) for record in by_id.values()]
    return groups, pairs


def _enrich(provider: Provider, groups: list[_Group], catalogue: Catalogue, aliases: Aliases, *, own: bool) -> None:
    by_id = {record.id: record for record in catalogue.records}
    if not own:
        groups += [_Group(record.id, [], record) for record in by_id.values()]
        return
    rest: list[_Group] = []
    for group in groups:
        group.catalogue = by_id.get(group.id)
        if group.catalogue is None:
            rest.append(group)
    left = {group.id: group for group in rest}
    right = set(by_id) - {group.id for group in groups}
    for found in pair(tuple(left), tuple(sorted(right)), aliases, provider.slug) if left and right else ():
        if found.method != "fuzzy":
            left[found.left].catalogue = by_id[found.right]


def _problems_by_record(readings: Iterable[Reading]) -> dict[str, list[Problem]]:
    problems: dict[str, list[Problem]] = {}
    for reading in readings:
        for problem in reading.problems:
            problems.setdefault(problem.record, []).append(problem)
    return problems


def _of_group(group: _Group, problems: Mapping[str, list[Problem]]) -> Sequence[Problem]:
    found = problems.get(group.id)
    if not found:
        return ()
    own = {source for source, _ in group.records}
    return [problem for problem in found if problem.source in own]


# ---------------------------------------------------------------------------------------------------- claims

Order = Callable[[str], Mapping[str, int]]


def _precedence(provider: Provider, readings: Sequence[Reading]) -> Order | None:
    """Rank the sources for a field; `None` where the order of the sources holds for every field."""
    if not provider.precedence or len(readings) < 2:
        return None
    usual = [reading.source for reading in readings]

    @lru_cache(maxsize=256)
    def ranks(name: str) -> Mapping[str, int]:
        names = provider.precedence.get(name) or provider.precedence.get(name.partition(".")[0]) or ()
        first = [f"{provider.slug}/{source}" for source in names]
        return {source: place for place, source in enumerate([*first, *(s for s in usual if s not in first)])}

    return ranks


_Alone = dict[int, tuple[Claim, ...]]
"""Claims that nobody else makes, by identity: many offers share one, as the answer's reader does."""


def _claims(group: _Group, order: Order | None, doubted: set[str], alone: _Alone) -> Claims:
    claims: dict[str, tuple[Claim, ...]] = {}
    for _, record in group.records:
        for name, claim in record.claims.items():
            claims[name] = (*claims[name], claim) if name in claims else alone.setdefault(id(claim), (claim,))
    if order is not None and len(group.records) > 1:
        for name, found in claims.items():
            if len(found) > 1:
                rank = order(name)
                claims[name] = tuple(sorted(found, key=lambda claim: rank[claim.source]))
    if group.catalogue is not None:
        _add_catalogue(claims, group.catalogue, doubted, alone)
    return claims


def _add_catalogue(claims: dict[str, tuple[Claim, ...]], record: Record, doubted: set[str], alone: _Alone) -> None:
    """Append a catalogue's claims; it cannot price what the provider says is decided at request time.

    Nor does it stand in for a value that the provider sent and that could not be believed: that is a problem to show.
    """
    dynamic = "price_state" in claims
    for name, claim in record.claims.items():
        if name == "provider" or (dynamic and name.startswith("price")) or (name in doubted and name not in claims):
            continue
        claims[name] = (*claims[name], claim) if name in claims else alone.setdefault(id(claim), (claim,))


# ---------------------------------------------------------------------------------------------------- offers


def _offer(
    provider: Provider,
    group: _Group,
    claims: Claims,
    fetched: Mapping[str, datetime | None],
    problems: Sequence[Problem],
) -> Offer:
    plain: dict[str, object] = {}
    prices: dict[str, Decimal] = {}
    deployment: dict[str, object] = {}
    mask = 0
    for name, found in claims.items():
        value = found[0].value
        if name in PLAIN_FIELDS:
            plain[name] = value
        elif name.startswith("capabilities."):
            if value is True:
                mask |= CAPABILITY_BITS[name[13:]]
        elif name.startswith("prices."):
            prices[name[7:]] = value  # type: ignore[assignment]  # price rules make decimals
        elif name.startswith("deployment."):
            deployment[name[11:]] = value
    catalogue = group.catalogue
    source = next(iter(catalogue.claims.values())).source if catalogue is not None and catalogue.claims else ""
    own = [name for name, _ in group.records]
    conflicts, stale = _disagreements(claims, source)
    times = [when for name in (own or [source]) if (when := fetched.get(name)) is not None]
    return Offer(
        provider=provider.slug,
        id=group.id,
        capabilities=mask,
        prices=Prices(**prices) if prices else NO_PRICES,
        price_state=price_state(prices, claims, plan=provider.plan),
        deployment=Deployment(**deployment) if deployment else None,  # type: ignore[arg-type]  # fields by name
        sources=tuple([*own, source] if source else own),
        conflicts=conflicts,
        stale_catalogue=stale,
        problems=tuple(problems),
        fetched_at=max(times) if times else None,
        **plain,  # type: ignore[arg-type]  # rules make each field's type
    )


def price_state(prices: Mapping[str, Decimal], claims: Claims, *, plan: bool = False) -> PriceState:
    """Say what is known of a price: unknown is not zero, zero is not a plan, and a router's is none of these."""
    stated = claims.get("price_state")
    if stated and stated[0].value == PriceState.DYNAMIC.value:
        return PriceState.DYNAMIC
    plan = plan or bool(stated and stated[0].value == PriceState.PLAN.value)
    if any(prices[name] > 0 for name in prices if name in TOKEN_PRICES):
        return PriceState.STATED
    if plan:
        return PriceState.PLAN
    if "input" in prices or "output" in prices:
        return PriceState.ZERO
    others = (name for name in PRICE_FIELDS if name not in TOKEN_PRICES and name != "discount")
    return PriceState.OTHER_UNIT if any(name in prices for name in others) else PriceState.UNKNOWN


def _disagreements(claims: Claims, catalogue: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    conflicts: list[str] = []
    stale: list[str] = []
    for name, found in claims.items():
        if len(found) < 2 or not (name in COMPARED or name.startswith(("prices.", "capabilities."))):
            continue
        first = found[0]
        if any(differ(name, first.value, claim.value) for claim in found[1:] if claim.source != catalogue):
            conflicts.append(name)
        last = found[-1]
        if last.source == catalogue and differ(name, first.value, last.value):
            stale.append(name)
    return tuple(conflicts), tuple(stale)


def differ(name: str, one: object, other: object) -> bool:
    """Tell whether two claims of a field really differ: 131072 against 131K is rounding, so is 0.2976 against 0.3."""
    if one == other:
        return False
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return not _same_amount(one, other)
    if type(one) is int and type(other) is int:
        return abs(one - other) > max(one, other) * 0.01
    if isinstance(one, tuple) and isinstance(other, tuple):
        return set(one) != set(other)
    return not (isinstance(one, str) and isinstance(other, str) and one.casefold() == other.casefold())


def _same_amount(one: Decimal, other: Decimal) -> bool:
    """Prices are the same where one is the other rounded to its own last digit, of cents at the coarsest."""
    gap, larger = abs(one - other), max(one, other)
    if gap <= larger * Decimal("0.001"):
        return True
    digits = max(int(one.as_tuple().exponent), int(other.as_tuple().exponent), -6)
    half = min(Decimal(5).scaleb(digits - 1), Decimal("0.005"))
    return gap <= half and gap <= larger * Decimal("0.05")
