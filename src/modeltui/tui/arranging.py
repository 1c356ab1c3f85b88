"""Which rows are shown, and in which order: worked out from what is asked, in any thread."""

from datetime import datetime
from typing import NamedTuple

from modeltui.memory import uncollected
from modeltui.query import Query
from modeltui.sorting import sort_rows
from modeltui.tui.narrowing import Narrowing
from modeltui.tui.remembered import Sort
from modeltui.tui.row_set import RowSet


class Asked(NamedTuple):
    """Everything that rows are picked and ordered by."""

    query: Query
    sort: Sort
    """Empty while the best hits of words come first."""
    hidden: frozenset[str]
    """Keys of rows."""
    shows_hidden: bool
    """The hidden rows are shown, and no others."""
    favourites: frozenset[str]
    favourites_first: bool


class Arranged(NamedTuple):
    """Which of some rows are shown, as indexes in their order."""

    order: list[int]
    resembling: bool
    """They only nearly have the words that were asked for."""
    narrowing: Narrowing
    """How they are seen."""


def usual(row_set: RowSet, hits: list[int], asked: Asked) -> list[int]:
    """Leave out the hidden rows, or all others."""
    rows, hidden, wanted = row_set.rows, asked.hidden, asked.shows_hidden
    return [index for index in hits if (rows[index].key in hidden) is wanted] if hidden else hits


def arrange(row_set: RowSet, asked: Asked, narrowing: Narrowing, now: datetime) -> Arranged:
    """Apply the query, drop hidden rows, and order what is left; in one thread at a time, since rows keep their hits.

    `narrowing` is how these rows were seen before.
    """
    narrower, narrowing = row_set.narrower, narrowing.following(asked.query)
    with uncollected():
        hits = _sorted(row_set, usual(row_set, narrower.apply(asked.query), asked), asked, narrowing, now)
        if asked.favourites_first and asked.favourites:
            starred = row_set.starred(asked.favourites)
            hits = [*(hit for hit in hits if hit in starred), *(hit for hit in hits if hit not in starred)]
    return Arranged(hits, narrower.resembling, narrowing)


def _sorted(row_set: RowSet, hits: list[int], asked: Asked, narrowing: Narrowing, now: datetime) -> list[int]:
    if not asked.sort:
        return hits
    if narrowing.conditions is not None:
        seen = [narrowing.seen(row_set.rows[index], now, asked.favourites) for index in hits]
        return [hits[place] for place in sort_rows(seen, asked.sort)]
    return row_set.orders.sorted(hits, asked.sort)
