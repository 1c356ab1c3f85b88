"""A query applied to rows: what it leaves, best first, and narrowed from what the last key press left.

A condition holds for a model when at least one of its offers meets all conditions on offers together, so that
tools, context and price are those of the same offer. Words look at the whole row, and an excluded flag means that
no offer of the row has it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import compress
from operator import not_
from typing import NamedTuple

from modeltui.query_facts import Facts
from modeltui.query_fuzzy import best_first, resemble
from modeltui.query_plan import OfferTest, Plan, plan
from modeltui.query_terms import Query
from modeltui.query_words import FLAG_BITS
from modeltui.table_rows import Row, mask_of_offer
from modeltui.work import pieces

RANKED_AT_MOST = 4000
"""Hits up to which each one is weighed; more are only parted by how their title begins."""


def _scan(fresh: Plan, every: Plan, rows: Sequence[Row], hits: list[int], facts: Facts) -> list[int]:
    """Keep the hits that meet what is fresh, then those of which one offer meets everything."""
    hits = _scan_words(fresh, len(rows), hits, facts)
    if fresh.need or fresh.forbid:
        need, both, masks = fresh.need, fresh.need | fresh.forbid, facts.masks
        hits = [index for part in pieces(hits) for index in part if masks[index] & both == need]
    for row_test in fresh.row_tests:
        hits = [index for part in pieces(hits) for index in part if row_test(rows[index])]
    for test in fresh.tests:
        hits = _scan_offers(test, rows, hits, facts)
    if len(every.tests) + every.need.bit_count() > 1 and facts.shared:
        shared = facts.shared
        hits = [
            index for part in pieces(hits) for index in part if index not in shared or _together(every, rows[index])
        ]
    return hits


def _scan_words(fresh: Plan, count: int, hits: list[int], facts: Facts) -> list[int]:
    haystacks = facts.haystacks if fresh.words or fresh.without_words else []
    for word in fresh.words:
        if len(hits) == count:
            rest = iter(facts.every)  # counted along: looking each text up by its index takes longer
            hits = [
                index for part in pieces(haystacks) for text, index in zip(part, rest, strict=False) if word in text
            ]
        else:
            hits = [index for part in pieces(hits) for index in part if word in haystacks[index]]
    for word in fresh.without_words:
        hits = [index for part in pieces(hits) for index in part if word not in haystacks[index]]
    return hits


def _scan_offers(offer_test: OfferTest, rows: Sequence[Row], hits: list[int], facts: Facts) -> list[int]:
    test, holds = offer_test.test, offer_test.holds
    if holds is None or len(hits) * 4 < len(rows):
        return [
            index
            for part in pieces(hits)
            for index in part
            if test(row := rows[index], 0) or _elsewhere(offer_test, row)
        ]
    first = facts.of(offer_test.field)
    return [
        index
        for part in pieces(hits)
        for index in part
        if ((number := first[index]) is not None and holds(number)) or _elsewhere(offer_test, rows[index])
    ]


def _elsewhere(test: OfferTest, row: Row) -> bool:
    return len(row.offers) > 1 and any(test.test(row, place) for place in range(1, len(row.offers)))


def _together(every: Plan, row: Row) -> bool:
    return any(True for _ in _places(every, row))


def _places(every: Plan, row: Row) -> Iterable[int]:
    for place, offer in enumerate(row.offers):
        if mask_of_offer(offer) & every.need == every.need and all(each.test(row, place) for each in every.tests):
            yield place


def matching_offers(query: Query, row: Row, now: datetime, favourites: Collection[str] = frozenset()) -> list[int]:
    """Give the places of a row's offers that meet every condition on offers of a query."""
    return list(_places(plan(query.terms, now, favourites), row))


def apply(query: Query, rows: Sequence[Row], now: datetime, favourites: Collection[str] = frozenset()) -> list[int]:
    """Give the indexes of the rows that a query leaves: best first where it has words and no order, else as given.

    Where words leave nothing, up to 50 rows whose titles nearly have them come instead.
    """
    return Narrower(rows, now, favourites).apply(query)


class _Kept(NamedTuple):
    """What a query left."""

    query: Query
    hits: list[int]
    """In the order of the rows; where there are many and the query has words, those that lead come first."""
    leading: int = 0
    """How many of the hits lead, because their titles begin with the first word."""
    ranked: list[int] | None = None
    """The best hits first, once that was asked for."""


class Narrower:
    """Applies one query after another to the same rows, each from what the query before it left.

    A query that asks for more narrows the hits of the last; one that asks for less, as backspace makes it,
    goes back to hits that were kept. `resembling` tells that the last hits only nearly have the words.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        now: datetime,
        favourites: Collection[str] = frozenset(),
        facts: Facts | None = None,
    ) -> None:
        self.rows = rows
        self.now = now
        self.favourites = favourites
        self.resembling = False
        self.facts = facts or Facts(rows)
        self._stack = [_Kept(Query(), self.facts.every)]

    def has(self, query: Query) -> bool:
        """Say whether the hits of a query are at hand, so that nothing is looked for."""
        return any(kept.query.terms == query.terms for kept in self._stack)

    def apply(self, query: Query) -> list[int]:
        """Give the indexes of the rows that a query leaves, as the function `apply` does; the list is the caller's."""
        while not _implies(query, self._stack[-1].query):
            self._stack.pop()
        before = self._stack[-1]
        if query.terms != before.query.terms:
            self._stack.append(self._narrowed(before, query))
        kept, self.resembling = self._stack[-1], False
        if not query.words:
            return list(kept.hits)
        if not kept.hits:
            near_hits = self._resembling(query)
            self.resembling = bool(near_hits)
            return near_hits
        if query.sort:
            return sorted(kept.hits)
        if len(kept.hits) > RANKED_AT_MOST:
            return list(kept.hits)
        if kept.ranked is None:
            kept = kept._replace(ranked=best_first(query.words, self.rows, sorted(kept.hits)))
            self._stack[-1] = kept
        return list(kept.ranked or ())

    def _narrowed(self, before: _Kept, query: Query) -> _Kept:
        if before.leading and _grows_first(before.query, query):
            return self._grown(before, query)
        fresh = [term for term in query.terms if term not in before.query.terms]
        every = plan(query.terms, self.now, self.favourites)
        wanted = plan(fresh, self.now, self.favourites)
        hits = _scan(wanted, every, self.rows, sorted(before.hits) if before.leading else before.hits, self.facts)
        if not query.words or len(hits) <= RANKED_AT_MOST:
            return _Kept(query, hits)
        leading, others = self._parted(hits, query.words[0])
        return _Kept(query, leading + others, len(leading))

    def _parted(self, hits: Sequence[int], first: str) -> tuple[list[int], list[int]]:
        """Tell the rows whose titles begin with a word from the others."""
        leads = self.facts.begin_with(first, hits)
        fallen = [] if all(leads) else list(compress(hits, map(not_, leads)))
        return list(compress(hits, leads)) if fallen else list(hits), fallen

    def _grown(self, before: _Kept, query: Query) -> _Kept:
        """Look for a longer first word: a row that goes on leading has it, only the others are searched."""
        haystacks, first = self.facts.haystacks, query.words[0]
        leading, fallen = self._parted(before.hits[: before.leading], first)
        rest = [*before.hits[before.leading :], *fallen]
        others = [index for part in pieces(rest) for index in part if first in haystacks[index]]
        others.sort()
        return _Kept(query, leading + others, len(leading))

    def _resembling(self, query: Query) -> list[int]:
        others = tuple(term for term in query.terms if term.word is None or term.negated)
        every = plan(others, self.now, self.favourites)
        candidates = _scan(every, every, self.rows, self._stack[0].hits, self.facts)
        return resemble(query.words, self.rows, candidates)


def _grows_first(before: Query, query: Query) -> bool:
    """Say whether all that a query asks more than the last is a longer first word."""
    words = before.words
    if not words or words[1:] != query.words[1:] or not query.words[0].startswith(words[0]):
        return False
    return [term for term in before.terms if term.word is None or term.negated] == [
        term for term in query.terms if term.word is None or term.negated
    ]


def _implies(query: Query, before: Query) -> bool:
    """Say whether every row that meets `query` meets `before`."""
    terms = set(query.terms)
    return all(
        term in terms or (term.word is not None and not term.negated and any(term.word in word for word in query.words))
        for term in before.terms
    )


def flag_counts(
    query: Query,
    rows: Sequence[Row],
    hits: Sequence[int],
    now: datetime,
    flags: Iterable[str],
    facts: Facts | None = None,
) -> dict[str, int]:
    """Count for each flag of a row's mask how many of a query's hits stay when it is required as well.

    `facts` are those of the same rows, where they are kept.
    """
    every = plan(query.terms, now, frozenset())
    facts = facts or Facts(rows)
    masks: Counter[int] = Counter()
    if every.tests or every.need:
        shared = facts.shared
        reached = (
            _reach(every, rows[index], facts.offer_masks[index]) if index in shared else facts.masks[index]
            for part in pieces(hits)
            for index in part
        )
        masks.update(reached)
    else:
        for part in pieces(hits):
            masks.update(map(facts.masks.__getitem__, part))
    return {name: sum(n for mask, n in masks.items() if mask & FLAG_BITS[name]) for name in flags}


def _reach(every: Plan, row: Row, offer_masks: Sequence[int]) -> int:
    """Join the masks of the offers that meet everything: what more could be required of one of them."""
    need, tests, reach = every.need, every.tests, 0
    for place, mask in enumerate(offer_masks):
        if mask & need == need and all(each.test(row, place) for each in tests):
            reach |= mask
    return reach


def value_counts(rows: Sequence[Row], hits: Sequence[int], field: str = "provider") -> dict[str, int]:
    """Count in how many of the hits each value of an offer's text field occurs, the most frequent first."""
    counts: Counter[str] = Counter(
        value
        for part in pieces(hits)
        for index in part
        for value in {getattr(offer, field) for offer in rows[index].offers}
    )
    return {value: n for value, n in counts.most_common() if value}
