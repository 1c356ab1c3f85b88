"""Rows in the order of their columns' values, worked out a piece at a time."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from modeltui.columns import COLUMNS_BY_KEY, SortValue
from modeltui.table_rows import Row
from modeltui.work import PIECE, breathe, pieces

SHARE = PIECE // 4
"""Values that are sorted in one go, about: shares are not quite even."""
PICKED = 16
"""Values that are picked out of as many as make one share, to find where shares begin."""


def sort_rows(rows: Sequence[Row], keys: Sequence[tuple[str, bool]], every: Iterable[int] | None = None) -> list[int]:
    """Sort by `(column key, descending)`, the first key weighing most; gives indexes into `rows`.

    Stable, and rows that lack a key's value stand last in both directions. `every` are all indexes, where they are at
    hand: many orders of many rows are lists of the same objects then.
    """
    order = list(range(len(rows)) if every is None else every)
    by_value = _grouped if len(rows) > PIECE else _compared
    for key, descending in reversed(keys):
        order = by_value(rows, order, COLUMNS_BY_KEY[key].sort_value, descending=descending)
    return order


def _compared(
    rows: Sequence[Row], order: list[int], value_of: Callable[[Row], SortValue | None], *, descending: bool
) -> list[int]:
    values = [value_of(row) for row in rows]
    present = [index for index in order if values[index] is not None]
    missing = [index for index in order if values[index] is None] if len(present) < len(order) else []
    present.sort(key=values.__getitem__, reverse=descending)  # type: ignore[arg-type]  # one column, one kind
    return present + missing


def _grouped(
    rows: Sequence[Row], order: list[int], value_of: Callable[[Row], SortValue | None], *, descending: bool
) -> list[int]:
    """Sort many rows, most of which share their value with others, without one call that takes long."""
    values = [value_of(row) for part in pieces(rows) for row in part]
    groups: defaultdict[SortValue | None, list[int]] = defaultdict(list)
    for part in pieces(order):
        for index in part:
            groups[values[index]].append(index)
    missing = groups.pop(None, [])
    found = [index for value in _in_order(groups, descending=descending) for index in groups[value]]
    return found + missing


def _in_order(values: Collection[Any], *, descending: bool) -> list[Any]:
    """Sort distinct values, of one kind; many of them in shares between some that are picked out."""
    if len(values) <= PIECE:
        return sorted(values, reverse=descending)
    picked = sorted(islice(values, None, None, SHARE // PICKED))
    bounds = picked[PICKED::PICKED]
    shares: list[list[Any]] = [[] for _ in range(len(bounds) + 1)]
    for part in pieces(values):
        for value in part:
            shares[bisect(bounds, value)].append(value)
    ordered: list[Any] = []
    for share in reversed(shares) if descending else shares:
        ordered += sorted(share, reverse=descending)
        breathe()
    return ordered
