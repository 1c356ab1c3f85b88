"""Rows side by side: one line a column, what differs and which is best."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from modeltui.columns import COLUMNS, Column, Row
from modeltui.format import MISSING

BEST = "★"
LOWER_IS_BETTER = frozenset({"in", "out", "cache", "ttft", "cost"})
HIGHER_IS_BETTER = frozenset({"context", "output", "tps"})


class CompareLine(Struct, frozen=True):
    """One property of several rows."""

    key: str
    title: str
    texts: tuple[str, ...]
    best: tuple[bool, ...]
    """True for those that no other row betters, where that means anything."""
    differs: bool


def compare_lines(rows: Sequence[Row], now: datetime) -> list[CompareLine]:
    """Compare rows on every column that says something of any of them."""
    lines = [_line(column, rows, now) for column in COLUMNS]
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
