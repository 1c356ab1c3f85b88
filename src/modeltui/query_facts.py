"""What every key press compares again, kept as lists in the order of the rows."""

from collections.abc import Sequence
from functools import cached_property

from modeltui.query_fuzzy import Heads
from modeltui.query_plan import Amount, getter
from modeltui.table_rows import Row, mask_of_offer
from modeltui.work import pieces

MANY = 200_000
"""Rows from which on looking at the title of each takes longer than a frame."""


class Facts:
    """What every key press compares again, as lists in the order of the rows; each is made when it is first needed."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._kept: dict[str, list[Amount | None]] = {}

    @cached_property
    def every(self) -> list[int]:
        """The index of every row; lists of hits and orders are made of the same numbers, which saves memory."""
        return list(range(len(self._rows)))

    @cached_property
    def haystacks(self) -> list[str]:
        """The text of each row that words are looked for in."""
        return [row.haystack for part in pieces(self._rows) for row in part]

    @cached_property
    def masks(self) -> list[int]:
        """The mask of each row."""
        return [row.mask for part in pieces(self._rows) for row in part]

    @cached_property
    def shared(self) -> frozenset[int]:
        """The rows of several offers."""
        return frozenset(index for index, row in enumerate(self._rows) if len(row.offers) > 1)

    @cached_property
    def offer_masks(self) -> list[Sequence[int]]:
        """The mask of every offer of each row."""
        return [
            tuple(map(mask_of_offer, row.offers)) if len(row.offers) > 1 else ()
            for part in pieces(self._rows)
            for row in part
        ]

    @cached_property
    def heads(self) -> Heads:
        """The beginnings of the titles."""
        return Heads(self.haystacks)

    def begin_with(self, word: str, hits: Sequence[int]) -> list[bool]:
        """Tell of some rows whether their titles begin with a word."""
        haystacks = self.haystacks
        if len(haystacks) > MANY:
            return self.heads.begin_with(word, hits)
        return [haystacks[index].startswith(word) for part in pieces(hits) for index in part]

    def warm_up(self) -> None:
        """Make in an idle moment what the first chip and the first word would wait for."""
        self.begin_with("", ())
        for made in (self.every, self.haystacks, self.masks, self.shared, self.offer_masks):
            del made

    def of(self, field: str) -> list[Amount | None]:
        """Give the number of each row's first offer, in the order of the rows."""
        if field not in self._kept:
            get = getter(field)
            self._kept[field] = [get(row, 0) for part in pieces(self._rows) for row in part]
        return self._kept[field]
