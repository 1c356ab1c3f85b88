"""Rows that do not change, and what is made of them once: orders, facts to filter by, columns that say something."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain
from operator import attrgetter

from modeltui.columns import COLUMNS_BY_KEY, DEFAULT_COLUMNS, Row
from modeltui.model import Offer
from modeltui.query import Narrower, Vocabulary, vocabulary_of
from modeltui.tui.orders import Orders
from modeltui.tui.remembered import Sort
from modeltui.work import PIECE, breathing, pieces

IDLE = frozenset({"uses", "ttft", "tps", "cost", "cache", "quant"})
"""Columns that leave by themselves while no row has anything to say in them."""

_OFFERS, _SAMPLES, _COSTS = attrgetter("offers"), attrgetter("samples"), attrgetter("costs")
_DEPLOYMENT, _PROVIDER, _QUANTIZATION = attrgetter("deployment"), attrgetter("provider"), attrgetter("quantization")


def _offers(rows: Iterable[Row]) -> Iterable[Offer]:
    return chain.from_iterable(map(_OFFERS, rows))


def _is_measured(rows: Iterable[Row]) -> bool:
    return any(chain.from_iterable(map(_SAMPLES, rows)))


_MAY_SAY: Mapping[str, Callable[[Iterable[Row]], bool]] = {
    "uses": lambda rows: any(map(_DEPLOYMENT, _offers(rows))),
    "ttft": _is_measured,
    "tps": _is_measured,
    "cost": lambda rows: any(map(_COSTS, rows)),
    "quant": lambda rows: any(map(_QUANTIZATION, _offers(rows))),
}
"""Cheap looks, without which all rows would be asked for numbers that usually no row has."""


def spoken(keys: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Leave out the idle columns that say nothing of any row."""
    return [key for key in keys if key not in IDLE or _says(key, rows)]


def _says(key: str, rows: Sequence[Row]) -> bool:
    may_say, value_of = _MAY_SAY.get(key, any), COLUMNS_BY_KEY[key].sort_value
    if not any(may_say(part) for part in pieces(rows)):
        return False
    return any(value_of(row) is not None for row in breathing(rows, PIECE))


class RowSet:
    """The rows of one catalog; everything else is made when it is first asked for, or ahead in another thread."""

    def __init__(self, rows: list[Row], now: datetime) -> None:
        self.rows = rows
        self.narrower = Narrower(rows, now)
        self.orders = Orders(rows, self.narrower.facts.every)
        self._starred: tuple[frozenset[str], frozenset[int]] | None = None

    def tell(self, spoken: Sequence[str], providers: int) -> None:
        """Say of the whole what these rows, which are the first of it, cannot tell."""
        vars(self).update(spoken=spoken, providers=providers)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The values that occur in the rows."""
        return vocabulary_of(self.rows)

    @property
    def has_vocabulary(self) -> bool:
        """Whether the values that occur are at hand."""
        return "vocabulary" in vars(self)

    @cached_property
    def spoken(self) -> Sequence[str]:
        """The declared columns that say something of any row."""
        return spoken(DEFAULT_COLUMNS, self.rows)

    @cached_property
    def providers(self) -> int:
        """How many providers have an offer."""
        found: set[str] = set()
        for part in pieces(self.rows):
            found.update(map(_PROVIDER, _offers(part)))
        return len(found)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where in the rows each key stands."""
        return {row.key: place for place, row in enumerate(self.rows)}

    def starred(self, favourites: Collection[str]) -> frozenset[int]:
        """Find the rows that are favourites."""
        wanted = frozenset(favourites)
        if self._starred is None or self._starred[0] != wanted:
            rows = self.rows
            found = (index for index, row in enumerate(breathing(rows, PIECE)) if row.key in wanted)
            self._starred = (wanted, frozenset(found))
        return self._starred[1]

    def take_favourites(self, favourites: Collection[str], now: datetime) -> None:
        """Filter by these favourites from now on."""
        if favourites != self.narrower.favourites:
            self.narrower = Narrower(self.rows, now, frozenset(favourites), self.narrower.facts)

    def warm_up(self, sort: Sort) -> None:
        """Make everything that a screen or the first keys would wait for; `sort` is the order that is shown."""
        self.narrower.facts.warm_up()
        for made in (self.orders.of(sort), self.vocabulary, self.spoken, self.providers):
            del made
