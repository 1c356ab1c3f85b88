"""Rows side by side: one line a column, what differs and which is best.

A model is compared by one of its offers, the cheapest, so that price, context and speed are those of the same thing.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from msgspec import Struct

from modeltui.columns import COLUMNS, Column, Row
from modeltui.format import MISSING
from modeltui.table_rows import price_of
from modeltui.tui.narrowing import narrowed

BEST = "★"
LOWER_IS_BETTER = frozenset({"in", "out", "cache", "ttft", "cost"})
HIGHER_IS_BETTER = frozenset({"context", "output", "tps"})


def compared(row: Row) -> Row:
    """Give a model's row with the offer it is compared by: the cheapest; of several, and without prices, the first."""
    return row if len(row.offers) == 1 else narrowed(row, [min(range(len(row.offers)), key=partial(_dearness, row))])


def _dearness(row: Row, place: int) -> tuple[bool, Decimal]:
    if row.costs:
        cost = row.costs[place]
        return cost is None, cost or Decimal(0)
    prices = [price_of(row.offers[place], field) for field in ("input", "output")]
    stated = [price for price in prices if price is not None]
    return len(stated) < len(prices), sum(stated, Decimal(0))


class CompareLine(Struct, frozen=True):
    """One property of several rows."""

    key: str
    title: str
    texts: tuple[str, ...]
    best: tuple[bool, ...]
    """True for those that no other row betters, where that means anything."""
    differs: bool


def compare_lines(rows: Sequence[Row], now: datetime, offers: Sequence[int]) -> list[CompareLine]:
    """Compare rows of one offer on every column that says something of any; `offers` counts those each stands for."""
    counts = tuple(map(str, offers))
    lines = [
        CompareLine("offers", column.title, counts, (False,) * len(rows), differs=len(set(counts)) > 1)
        if column.key == "offers"
        else _line(column, rows, now)
        for column in COLUMNS
    ]
    return [line for line in lines if line.key != "model" and any(text != MISSING for text in line.texts)]


def _line(column: Column, rows: Sequence[Row], now: datetime) -> CompareLine:
    texts = tuple(column.text(row, now) for row in rows)
    return CompareLine(column.key, column.title, texts, _best(column, rows), len(set(texts)) > 1)


def _best(column: Column, rows: Sequence[Row]) -> tuple[bool, ...]:
    values = [column.sort_value(row) for row in rows]
    stated = [value for value in values if value is not None]
    if column.key not in LOWER_IS_BETTER | HIGHER_IS_BETTER or len(set(stated)) < 2:
        return (False,) * len(rows)
    best = min(stated) if column.key in LOWER_IS_BETTER else max(stated)
    return tuple(value == best for value in values)
