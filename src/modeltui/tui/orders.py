"""The orders of a table's rows, each worked out once: what a query leaves is then picked from it, not sorted again."""

from collections.abc import Iterable, Sequence
from itertools import compress

from modeltui.columns import Row, sort_rows
from modeltui.tui.remembered import Sort

MADE_AHEAD = 10_000
"""Rows up to which one order takes less than a frame, so that it can be made before it is asked for."""


class Orders:
    """The orders of rows that do not change."""

    def __init__(self, rows: Sequence[Row], every: Sequence[int]) -> None:
        self._rows = rows
        self._every = every
        """Every index once, so that many orders of many rows are lists of the same objects."""
        self._kept: dict[Sort, list[int]] = {}
        self._places: dict[Sort, list[int]] = {}

    def of(self, sort: Sort) -> list[int]:
        """Give all rows in an order, as indexes."""
        if sort not in self._kept:
            self._kept[sort] = list(map(self._every.__getitem__, sort_rows(self._rows, sort)))
        return self._kept[sort]

    def sorted(self, hits: list[int], sort: Sort) -> list[int]:
        """Put some of the rows in an order; the list is the caller's."""
        count, order = len(self._rows), self.of(sort)
        if len(hits) == count:
            return order.copy()
        if len(hits) * 8 < count:
            return sorted(hits, key=self._places_of(sort).__getitem__)
        present = bytearray(count)
        for index in hits:
            present[index] = 1
        return list(compress(order, map(present.__getitem__, order)))

    def _places_of(self, sort: Sort) -> list[int]:
        if sort not in self._places:
            places = self._places[sort] = [0] * len(self._rows)
            for place, index in enumerate(self.of(sort)):
                places[index] = place
        return self._places[sort]

    def warm_up(self, wanted: Iterable[tuple[str, bool]]) -> bool:
        """Make one more order by a single column; says whether there was one to make."""
        if len(self._rows) > MADE_AHEAD:
            return False
        sort = next(((pair,) for pair in wanted if (pair,) not in self._kept), None)
        if sort is not None:
            self.of(sort)
        return sort is not None
