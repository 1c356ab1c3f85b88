"""Which old responses are given up, and which are worth keeping for diffs and price history."""

from collections.abc import Sequence
from itertools import pairwise

MOST_OLD_RESPONSES = 30
"""Kept for one source and scope, beside its last good response."""

Stored = tuple[int, str]
"""Row id and the instant it was fetched, as text that sorts."""


def superfluous(stored: Sequence[Stored], *, before: str | None, most: int = MOST_OLD_RESPONSES) -> list[int]:
    """Name the rows to delete of one source's responses, which come oldest first; the last is never among them.

    A response goes when its successor was already there at the instant `before`, so that what held then stays
    known. Beyond `most`, several of one day are thinned first: a source that changes with every refresh would
    otherwise push out last week within hours.
    """
    gone = [] if before is None else [one[0] for one, following in pairwise(stored) if following[1] <= before]
    old = [row for row in stored[:-1] if row[0] not in set(gone)]
    while len(old) > most:
        place = next((place for place, (one, following) in enumerate(pairwise(old)) if _same_day(one, following)), 0)
        gone.append(old.pop(place)[0])
    return gone


def _same_day(one: Stored, other: Stored) -> bool:
    return one[1][:10] == other[1][:10]
