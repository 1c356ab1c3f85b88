"""The orders of a table's rows, each worked out once: what a query leaves is then picked from it, not sorted again."""

from collections.abc import Iterable, Sequence

from modeltui.columns import Row
from modeltui.sorting import sort_rows
from modeltui.tui.remembered import Sort
from modeltui.work import pieces

DEFAULT_SORT: Sort = (("released", True),)
DESCENDING_FIRST = frozenset({"context", "output", "released", "uses", "tps", "offers", "caps"})
"""Columns whose greatest value is what a person looks for."""
KEPT_AT_ONCE = 200_000
"""Rows up to which picking from what is kept takes less than a frame."""
MADE_AHEAD = 10_000
"""Rows up to which one order takes less than a frame, so that it can be made before it is asked for."""


def sorted_anew(sort: Sort, key: str) -> Sort:
    """Sort by one column; where it leads already, the other way round."""
    return ((key, not sort[0][1]),) if sort and sort[0][0] == key else ((key, key in DESCENDING_FIRST),)


def sorted_further(sort: Sort, key: str) -> Sort:
    """Sort by one more column after the others; where it is one of them, it is turned round in its place."""
    if any(key == each for each, _ in sort):
        return tuple((each, not down if each == key else down) for each, down in sort)
    return (*sort, (key, key in DESCENDING_FIRST))


class Orders:
    """The orders of rows that do not change."""

    def __init__(self, rows: Sequence[Row], every: Sequence[int]) -> None:
        self._rows = rows
        self._every = every
        """Every index once, so that many orders of many rows are lists of the same objects."""
        self._kept: dict[Sort, list[int]] = {}
        self._places: dict[Sort, list[int]] = {}

    def has(self, sort: Sort) -> bool:
        """Say whether an order is at hand."""
        return sort in self._kept

    def of(self, sort: Sort) -> list[int]:
        """Give all rows in an order, as indexes."""
        if sort not in self._kept:
            self._kept[sort] = sort_rows(self._rows, sort, self._every)
        return self._kept[sort]

    def sorted(self, hits: list[int], sort: Sort) -> list[int]:
        """Put some of the rows in an order; the list is the caller's."""
        count, order = len(self._rows), self.of(sort)
        if len(hits) == count:
            return order.copy()
        if len(hits) * 8 < count:
            return sorted(hits, key=self._places_of(sort).__getitem__)
        present = bytearray(count)
        for part in pieces(hits):
            for index in part:
                present[index] = 1
        return [index for part in pieces(order) for index in part if present[index]]

    def _places_of(self, sort: Sort) -> list[int]:
        if sort not in self._places:
            places, order = [0] * len(self._rows), iter(self.of(sort))
            for part in pieces(self._every):
                for place, index in zip(part, order, strict=False):  # the piece ends first
                    places[index] = place
            self._places[sort] = places
        return self._places[sort]

    def warm_up(self, keys: Iterable[str]) -> bool:
        """Make one more order by a single column; says whether there was one to make."""
        if len(self._rows) > MADE_AHEAD:
            return False
        sort = next((sort for sort in (sorted_anew((), key) for key in keys) if sort not in self._kept), None)
        if sort is not None:
            self.of(sort)
        return sort is not None
