"""Rows that do not change, and what is made of them once: orders, facts to filter by, columns that say something."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from modeltui.columns import COLUMNS_BY_KEY, DEFAULT_COLUMNS, Row
from modeltui.query import Narrower, Vocabulary, vocabulary_of
from modeltui.tui.orders import Orders
from modeltui.tui.remembered import Sort

IDLE = frozenset({"uses", "ttft", "tps", "cost", "cache", "quant"})
"""Columns that leave by themselves while no row has anything to say in them."""

_MAY_SAY: Mapping[str, Callable[[Row], bool]] = {
    "uses": lambda row: any(offer.deployment is not None for offer in row.offers),
    "ttft": lambda row: any(row.samples),
    "tps": lambda row: any(row.samples),
    "cost": lambda row: bool(row.costs),
}
"""Cheap looks, without which all rows would be asked for numbers that usually no row has."""


def spoken(keys: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Leave out the idle columns that say nothing of any row."""
    return [key for key in keys if key not in IDLE or _says(key, rows)]


def _says(key: str, rows: Sequence[Row]) -> bool:
    if key in _MAY_SAY and not any(map(_MAY_SAY[key], rows)):
        return False
    return any(COLUMNS_BY_KEY[key].sort_value(row) is not None for row in rows)


class RowSet:
    """The rows of one catalog; everything else is made when it is first asked for, or ahead in another thread."""

    def __init__(self, rows: list[Row], now: datetime) -> None:
        self.rows = rows
        self.narrower = Narrower(rows, now)
        self.orders = Orders(rows, self.narrower.facts.every)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The values that occur in the rows."""
        return vocabulary_of(self.rows)

    @cached_property
    def spoken(self) -> Sequence[str]:
        """The declared columns that say something of any row."""
        return spoken(DEFAULT_COLUMNS, self.rows)

    @cached_property
    def providers(self) -> int:
        """How many providers have an offer."""
        return len({offer.provider for row in self.rows for offer in row.offers})

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where in the rows each key stands."""
        return {row.key: place for place, row in enumerate(self.rows)}

    def take_favourites(self, favourites: Collection[str], now: datetime) -> None:
        """Filter by these favourites from now on."""
        if favourites != self.narrower.favourites:
            self.narrower = Narrower(self.rows, now, frozenset(favourites), self.narrower.facts)

    def warm_up(self, sort: Sort) -> None:
        """Make everything that a screen or the first keys would wait for; `sort` is the order that is shown."""
        self.narrower.facts.warm_up()
        for made in (self.orders.of(sort), self.vocabulary, self.spoken, self.providers):
            del made
