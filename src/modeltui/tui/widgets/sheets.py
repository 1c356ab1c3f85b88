"""Sheets: lines of text wrapped to a width and drawn as they come into view, and kept for when they are shown again."""

from collections.abc import Callable, Hashable, Iterable
from typing import Final, TypeVar

from textual.strip import Strip

from modeltui.tui.widgets.ink import Line, Span, width_of

T = TypeVar("T")
Hung = tuple[Line, int]
"""A line and the indent of its continuation."""
KEPT: Final = 24
"""Sheets that are kept; back and forth between a few rows, or a word typed and erased, need no more."""


class Sheet:
    """Lines, each with the indent of its continuation, that are asked for as they come into view.

    So a long text costs what is seen of it.
    """

    def __init__(self, lines: Iterable[Hung] = ()) -> None:
        self.wrapped: list[list[Span]] = []
        self._strips: dict[int, Strip] = {}
        self._drawn_for: Hashable = None
        self._lines: list[Hung] = []
        self._coming = iter(lines)
        self._room = 0

    @property
    def text(self) -> str:
        """What the lines asked for so far say, without their colours."""
        return "\n".join("".join(text for text, _ in line) for line, _ in self._lines)

    def pull(self, rows: int, room: int) -> None:
        """Wrap lines to `room` cells until there are that many rows, or no more lines."""
        if room != self._room:
            self._room = room
            self.wrapped = [part for line, hang in self._lines for part in wrap(line, room, hang)]
            self._strips.clear()
        wrapped = self.wrapped
        while len(wrapped) < rows and (following := next(self._coming, None)) is not None:
            self._lines.append(following)
            wrapped += wrap(following[0], room, following[1])

    def strips_for(self, drawn_for: Hashable) -> dict[int, Strip]:
        """Give the rows of `wrapped` drawn so far, for whoever draws more; empty where they were drawn otherwise."""
        if drawn_for != self._drawn_for:
            self._drawn_for = drawn_for
            self._strips.clear()
        return self._strips


class Sheets:
    """Sheets told lately, by what they tell of; all are forgotten when the grounds they were told on change."""

    def __init__(self) -> None:
        self._sheets: dict[int, tuple[object, Sheet]] = {}
        """By the id of the thing, the latest last; in no cycle, so that what they tell of is freed with them."""
        self._grounds: tuple[object, Hashable] = (None, None)

    def of(self, thing: T, tell: Callable[[T], Iterable[Hung]], grounds: object, more: Hashable) -> Sheet:
        """Give the sheet that tells of this very thing, as long as `grounds` is the same object and `more` equal."""
        if self._grounds[0] is not grounds or self._grounds[1] != more:
            self._sheets.clear()
            self._grounds = grounds, more
        kept = self._sheets.pop(id(thing), None)  # an id stands for its thing as long as the thing is held here
        if kept is None:
            kept = thing, Sheet(tell(thing))
            if len(self._sheets) == KEPT:
                del self._sheets[next(iter(self._sheets))]
        self._sheets[id(thing)] = kept
        return kept[1]


def wrap(line: Line, width: int, hang: int = 0) -> list[list[Span]]:
    """Break a line of spans at spaces so that each part fits `width`; later parts are indented by `hang`."""
    if sum(width_of(text) for text, _ in line) <= width:
        return [list(line)]
    lines: list[list[Span]] = [[]]
    used = 0
    hang = min(hang, max(0, width - 8))
    for word, tone in _words(line):
        if used + width_of(word.rstrip()) > width and used > hang:
            _trim(lines[-1])
            lines.append([(" " * hang, "")])
            used = hang
            word = word.lstrip()  # noqa: PLW2901  # a space before a break is not drawn
        while width_of(word) > width - used and width_of(word.rstrip()) > width - used:
            part = word[: max(1, width - used)]
            lines[-1].append((part, tone))
            lines.append([(" " * hang, "")])
            word, used = word[len(part) :], hang  # noqa: PLW2901  # the rest of a word longer than the line
        lines[-1].append((word, tone))
        used += width_of(word)
    _trim(lines[-1])
    return lines


def _trim(line: list[Span]) -> None:
    """Drop the spaces at the end of a line, which may reach beyond the width."""
    while line and not line[-1][0].strip():
        line.pop()
    if line:
        line[-1] = (line[-1][0].rstrip(), line[-1][1])


def _words(line: Line) -> list[Span]:
    words: list[Span] = []
    for text, tone in line:
        start = 0
        while start < len(text):
            end = text.find(" ", start)
            end = len(text) if end < 0 else end + 1
            words.append((text[start:end], tone))
            start = end
    return words
