"""Which hits come first, what nearly matches where nothing does, and which letters of a title matched."""

import re
import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import add

from modeltui.table_rows import Row
from modeltui.work import pieces

CUTOFF = 80
"""Likeness, 0 to 100, from which a word counts as a misspelling."""
MOST = 50
"""Rows that are shown at most where only misspellings are found."""
_STEP = 1 << 32
_WIDTH = 8
SHORTEST = 4
"""Letters below which a word is not looked for with misspellings: one wrong letter would leave too little of it."""


def best_first(words: Sequence[str], rows: Sequence[Row], hits: Sequence[int]) -> list[int]:
    """Order hits by how well their titles have the words; equal ones keep their order."""
    titles = [rows[index].title.lower() for index in hits]
    distances = list(map(len, titles))
    for word in words:
        distances = list(map(add, distances, _distances(word, titles)))
    return [hits[place] for place in sorted(range(len(hits)), key=distances.__getitem__)]


def _distances(word: str, titles: Sequence[str]) -> list[int]:
    """Weigh titles: 0 a word is its beginning, 1 begins a part of it, 2 stands in it, 3 is elsewhere in the row.

    A step is more than any length: of titles that have the words equally well, the shorter one is nearer.
    """
    found = map(str.find, titles, repeat(word))
    return [
        0 if not at else _STEP * (3 if at < 0 else 2 if title[at - 1].isalnum() else 1)
        for title, at in zip(titles, found, strict=True)
    ]


class Heads:
    """The beginnings of many texts, side by side as numbers: texts lie all over the memory, which is slow to walk."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._numbers = array("Q")
        for part in pieces(texts):
            self._numbers.frombytes(b"".join([_head(text[:_WIDTH]) for text in part]))
        if sys.byteorder == "little":
            self._numbers.byteswap()

    def begin_with(self, word: str, places: Sequence[int]) -> list[bool]:
        """Tell of the texts at these places whether they begin with a word."""
        raw = word.encode("utf-8", "surrogatepass")
        if len(raw) > _WIDTH:
            texts = self._texts
            return [texts[place].startswith(word) for part in pieces(places) for place in part]
        numbers, beyond, wanted = self._numbers, 8 * (_WIDTH - len(raw)), int.from_bytes(raw, "big")
        return [numbers[place] >> beyond == wanted for part in pieces(places) for place in part]


def _head(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")[:_WIDTH].ljust(_WIDTH, b"\0")


def resemble(words: Sequence[str], rows: Sequence[Row], candidates: Sequence[int]) -> list[int]:
    """Find rows whose titles nearly have every word, best first; words that do occur must occur."""
    scores = dict.fromkeys(candidates, 0.0)
    for word in words:
        exact = {index: score for index, score in scores.items() if word in rows[index].haystack}
        scores = exact or _misspelt(word, rows, scores)
    best = sorted(scores, key=lambda index: (-scores[index], len(rows[index].title), index))
    return best[:MOST]


def _misspelt(word: str, rows: Sequence[Row], scores: dict[int, float]) -> dict[int, float]:
    if len(word) < SHORTEST:
        return {}
    from rapidfuzz import fuzz, process  # only a word that nothing has needs it: 20 ms at a start

    indexes = list(scores)
    titles = [rows[index].title_lower for index in indexes]
    found = process.extract(word, titles, scorer=fuzz.partial_ratio, score_cutoff=CUTOFF, limit=None)
    return {indexes[place]: scores[indexes[place]] + score for _, score, place in found}


def matches(words: Iterable[str], row: Row) -> list[tuple[int, int]]:
    """Give the spans of a row's title that words match, in order and without overlap, for highlighting."""
    spans: list[tuple[int, int]] = []
    for word in words:
        found = [match.span() for match in re.finditer(re.escape(word), row.title, re.IGNORECASE)]
        spans += found or ([] if word in row.haystack else _nearly(word, row))
    return _merged(sorted(spans))


def _nearly(word: str, row: Row) -> list[tuple[int, int]]:
    from rapidfuzz import fuzz  # only a misspelt word needs it

    if len(row.title_lower) != len(row.title) or len(word) > len(row.title):
        return []
    found = fuzz.partial_ratio_alignment(word, row.title_lower, score_cutoff=CUTOFF)
    return [] if found is None else [(found.dest_start, found.dest_end)]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged
