"""Models seen through a filter that names providers: each with the offers that meet the filter, and no others."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from modeltui.columns import Row
from modeltui.query import Choice, Query, matching_offers, value_counts
from modeltui.table_rows import mask_of_offer
from modeltui.work import PIECE, breathing

PROVIDER = "provider"


def narrowed(row: Row, places: Sequence[int]) -> Row:
    """Keep some offers of a row, with what is known of each."""
    mask = 0
    for place in places:
        mask |= mask_of_offer(row.offers[place])
    return msgspec.structs.replace(
        row,
        offers=tuple(row.offers[place] for place in places),
        mask=mask,
        states=tuple(row.states[place] for place in places) if row.states else (),
        samples=tuple(row.samples[place] for place in places) if row.samples else (),
        keyed=tuple(row.keyed[place] for place in places) if row.keyed else (),
        costs=tuple(row.costs[place] for place in places) if row.costs else (),
    )


def names_providers(query: Query) -> bool:
    """Say whether a query chooses among providers, or leaves some out."""
    return any(isinstance(atom, Choice) and atom.field == PROVIDER for term in query.terms for atom in term.atoms)


class Narrowing:
    """Rows as a query that names providers sees them; another one where the query asks for other offers."""

    def __init__(self, conditions: Query | None = None) -> None:
        self.conditions = conditions
        """What is asked of an offer; `None` while rows are seen whole."""
        self._seen: dict[str, Row] = {}

    def anew(self) -> "Narrowing":
        """Ask the same of other rows."""
        return Narrowing(self.conditions)

    def following(self, query: Query) -> "Narrowing":
        """Give the one of a query: this one, unless rows are seen otherwise by it."""
        wanted = None
        if names_providers(query):
            wanted = Query(tuple(term for term in query.terms if term.word is None))
        return self if wanted == self.conditions else Narrowing(wanted)

    def seen(self, row: Row, now: datetime, favourites: Collection[str]) -> Row:
        """Give a row with the offers that are asked for; a row of which none is (it only resembles) stays whole."""
        if self.conditions is None or len(row.offers) == 1:
            return row
        known = self._seen.get(row.key)
        if known is None:
            places = matching_offers(self.conditions, row, now, favourites)
            known = narrowed(row, places) if 0 < len(places) < len(row.offers) else row
            self._seen[row.key] = known
        return known


def provider_counts(
    query: Query, rows: Sequence[Row], hits: Sequence[int], now: datetime, favourites: Collection[str]
) -> dict[str, int]:
    """Count in how many of the hits each provider has an offer that meets the query."""
    conditions = Query(tuple(term for term in query.terms if term.word is None))
    if not conditions.terms:
        return value_counts(rows, hits, PROVIDER)
    counts: Counter[str] = Counter()
    for index in breathing(hits, PIECE):
        row = rows[index]
        if len(row.offers) == 1:
            counts[row.offers[0].provider] += 1
        else:
            places = matching_offers(conditions, row, now, favourites) or range(len(row.offers))
            counts.update({row.offers[place].provider for place in places})
    return dict(counts)
