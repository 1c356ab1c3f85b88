"""What charts are drawn from: points, bars and ranges of the offers in view, each with the query that finds it."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from modeltui.format import MISSING, clean_cell, percent, tokens, usd
from modeltui.model import Offer, PriceState
from modeltui.query_terms import quoted
from modeltui.table_rows import Row, price_of

NOT_STATED = "not stated"


class Entry(Struct, frozen=True):
    """One thing that a chart shows: a bar, a range or a point, and how to find it."""

    key: str
    label: str
    text: str
    """Its amount in words."""
    query: str
    """Leaves just this in the table when it is added to the filter."""
    start: float = 0.0
    """Where its bar begins, 0 to 1 of the room."""
    end: float = 0.0
    note: str = ""


class Chart(Struct, frozen=True):
    """Bars or ranges under one title."""

    title: str
    said: str
    """What is counted, and what is left out because nobody states it."""
    entries: tuple[Entry, ...]


class Point(Struct, frozen=True):
    """One offer by its context length in tokens and its price in USD per 1,000,000 prompt tokens."""

    entry: Entry
    context: int
    price: Decimal
    best: bool
    """No other offer that has a price has as much context for less."""


class Cloud(Struct, frozen=True):
    """Price against context."""

    title: str
    said: str
    points: tuple[Point, ...]
    """The best ones first, by context; then the others, the cheapest first."""


def id_query(offer: Offer) -> str:
    """Write the query that finds an offer by its id."""
    return f"id:{quoted(offer.id.lower())}"


def price_against_context(offers: Sequence[Offer]) -> Cloud:
    """Place every offer that states both; what states only one, or is priced otherwise, is counted."""
    placed = [
        (offer, offer.context_length, price)
        for offer in offers
        if offer.context_length and (price := price_of(offer, "input")) is not None
    ]
    placed.sort(key=lambda found: (found[2], -found[1], found[0].key))
    best, others = list[Point](), list[Point]()
    longest = 0
    for offer, context, price in placed:
        entry = Entry(
            offer.key, clean_cell(offer.id), f"{tokens(context)} {usd(price)}", id_query(offer), note=offer.provider
        )
        betters = price > 0 and context > longest
        longest = max(longest, context) if price > 0 else longest
        (best if betters else others).append(Point(entry, context, price, betters))
    left = len(offers) - len(placed)
    said = f"{len(placed):,} offers" + (f", {left:,} without a stated price or context" if left else "")
    best.sort(key=lambda point: -point.context)
    return Cloud("Price against context", said, (*best, *others))


def quantizations(offers: Sequence[Offer]) -> Chart:
    """Count the offers by how their weights are quantized; the commonest first, not stated last."""
    counted = Counter((offer.quantization or "").lower() for offer in offers)
    unknown = counted.pop("", 0)
    ranked: list[tuple[str, int]] = [*sorted(counted.items(), key=lambda found: (-found[1], found[0]))]
    most = max([*counted.values(), unknown], default=0)
    entries = [
        Entry(
            word,
            clean_cell(word),
            f"{number:,}",
            f"quant:{quoted(word)}",
            end=number / most,
            note=_share(number, offers),
        )
        for word, number in ranked
    ]
    if unknown:
        entries.append(
            Entry("", NOT_STATED, f"{unknown:,}", "quant:none", end=unknown / most, note=_share(unknown, offers))
        )
    return Chart("Quantization", f"{len(offers):,} offers, {unknown:,} do not state it", tuple(entries))


def contexts(found: Sequence[tuple[Row, Sequence[int]]]) -> Chart:
    """Rank rows by the longest context that an offer in view states; bars grow with its logarithm."""
    stated = [
        (context, row, row.offers[place])
        for row, places in found
        for context, place in [
            max(((row.offers[place].context_length or 0, place) for place in places), default=(0, 0))
        ]
        if context
    ]
    stated.sort(key=lambda each: (-each[0], each[1].title_lower))
    low = math.log2(min((each[0] for each in stated), default=1)) - 1
    room = math.log2(max((each[0] for each in stated), default=1)) - low or 1.0
    entries = tuple(
        Entry(
            row.key,
            row.title,
            tokens(context),
            id_query(offer),
            end=(math.log2(context) - low) / room,
            note=offer.provider,
        )
        for context, row, offer in stated
    )
    left = len(found) - len(stated)
    said = f"{len(stated):,} rows, log scale" + (f", {left:,} without a stated context" if left else "")
    return Chart("Context ranking", said, entries)


def availability(offers: Sequence[Offer]) -> Chart:
    """Count what is hot, not hot and not told, then rank deployments by their instances."""
    hot = [offer for offer in offers if offer.deployment is not None and offer.deployment.hot is True]
    cold = [offer for offer in offers if offer.deployment is not None and offer.deployment.hot is False]
    unknown = len(offers) - len(hot) - len(cold)
    counts = (
        ("hot", "hot", len(hot), "hot"),
        ("cold", "not hot", len(cold), "state:cold"),
        ("unknown", "not told", unknown, "-hot -state:cold"),
    )
    most = max([number for *_, number, _ in counts]) or 1
    entries = [
        Entry(f"={key}", label, f"{number:,}", query, end=number / most, note=_share(number, offers))
        for key, label, number, query in counts
    ]
    ranked = sorted(_instances(offers), key=lambda each: (-each[0], each[1].key))
    greatest = max([number for number, _ in ranked], default=0) or 1
    entries += [
        Entry(
            offer.key, clean_cell(offer.id), f"{number:,} instance{'s' * (number != 1)}", id_query(offer),
            end=number / greatest, note=offer.provider,
        )
        for number, offer in ranked
    ]  # fmt: skip
    said = f"{len(offers):,} offers; {len(ranked):,} tell their instances: {sum(number for number, _ in ranked):,}"
    return Chart("Availability", said, tuple(entries))


def _instances(offers: Iterable[Offer]) -> list[tuple[int, Offer]]:
    return [
        (offer.deployment.instances, offer)
        for offer in offers
        if offer.deployment is not None and offer.deployment.instances is not None
    ]


def price_ranges(row: Row) -> Chart:
    """Span each offer of a row from its input to its output price, on one logarithmic scale; cheapest first."""
    priced = [(offer, price_of(offer, "input"), price_of(offer, "output")) for offer in row.offers]
    amounts = [float(price) for _, *prices in priced for price in prices if price]
    low, high = (math.log(min(amounts)), math.log(max(amounts))) if amounts else (0.0, 1.0)
    room = high - low or 1.0

    def at(price: Decimal) -> float:
        return 0.05 + 0.95 * (math.log(float(price)) - low) / room if price > 0 else 0.0

    entries = []
    for offer, first, last in sorted(priced, key=lambda each: (each[1] is None, each[1] or 0, each[0].key)):
        ends = [price for price in (first, last) if price is not None]
        text = f"{usd(first)} / {usd(last)}" if ends else _unpriced(offer)
        places = [at(price) for price in ends] or [-1.0]
        label = offer.provider if offer.variant is None else f"{offer.provider} {offer.variant}"
        query = f"{id_query(offer)} provider:{quoted(offer.provider)}"
        entries.append(Entry(offer.key, clean_cell(label), text, query, min(places), max(places), clean_cell(offer.id)))
    said = f"input to output price, USD per 1M tokens, log scale{_bounds(amounts)}"
    return Chart(f"Prices of {row.title}", said, tuple(entries))


def _bounds(amounts: Sequence[float]) -> str:
    if not amounts:
        return ""
    return f": {usd(Decimal(repr(min(amounts))))} to {usd(Decimal(repr(max(amounts))))}"


def _unpriced(offer: Offer) -> str:
    return MISSING if offer.price_state is PriceState.UNKNOWN else offer.price_state.replace("_", " ")


def _share(number: int, whole: Sequence[Offer]) -> str:
    return percent(number / len(whole)) if whole else ""
