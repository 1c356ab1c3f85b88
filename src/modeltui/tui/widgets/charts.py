"""Charts as lines of spans: bars, ranges, and a cloud of points in braille with logarithmic axes."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from modeltui.analysis import Point
from modeltui.format import tokens, usd
from modeltui.tui.widgets.ink import Ink, Inked, Line, Span, width_of

EIGHTHS = " ▏▎▍▌▋▊▉"
BRAILLE = 0x2800
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille cell, by row and column."""
BEST, HERE, POINT = "●", "◆", "•"
SPARSE = 4
"""With this many cells a point, a cell's place is fine enough, and a sign that is easier to see takes it."""
LEAST = (24, 6)
"""Cells of width and height below which no chart can be read."""


def bar(share: float, width: int) -> str:
    """Draw a bar of this share of the width; anything above nothing is seen."""
    eighths = round(max(0.0, min(share, 1.0)) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def reach(start: float, end: float, width: int) -> str:
    """Draw a range as `├──┤`, or `┼` where both ends fall together; a negative start draws nothing."""
    if start < 0 or width < 1:
        return ""
    first, last = (round(place * (width - 1)) for place in (start, end))
    body = "┼" if first == last else f"├{'─' * (last - first - 1)}┤"
    return " " * first + body


class Axis:
    """A logarithmic scale from the smallest to the greatest of some positive amounts."""

    def __init__(self, amounts: Sequence[float]) -> None:
        low, high = min(amounts, default=1.0), max(amounts, default=1.0)
        if low == high:
            low, high = low / 2, high * 2
        self.low, self.high = low, high

        self._log_low = math.log(low)
        self._span = math.log(high) - self._log_low

    def place(self, amount: float, steps: int) -> int:
        """Give the step, from 0 to `steps - 1`, at which an amount stands."""
        share = (math.log(amount) - self._log_low) / self._span
        return max(0, min(steps - 1, round(share * (steps - 1))))

    def ticks(self) -> list[float]:
        """Give round amounts within the scale: powers of ten, with their two and five where there are few."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        factors = (1,) if last - first > 3 else (1, 2, 5)
        # Dividing keeps the amount round: ten to the minus two, times five, is 0.05 and a little.
        found = [
            factor * 10**power if power >= 0 else factor / 10**-power
            for power in range(first, last + 1)
            for factor in factors
        ]
        return [amount for amount in found if self.low <= amount <= self.high]


class _Grid:
    """The cells of a plot: dots that share a cell, and signs that take one."""

    def __init__(self, width: int, height: int, points: int) -> None:
        self.width = width
        self._sparse = points * SPARSE < width * height
        self._dots: dict[tuple[int, int], int] = {}
        self._best: set[tuple[int, int]] = set()

    def dot(self, x: int, y: int, *, best: bool) -> tuple[int, int]:
        """Set a dot; `x` counts half cells, `y` quarters from the top. Gives the cell that it is in."""
        cell = (x // 2, y // 4)
        self._dots[cell] = self._dots.get(cell, 0) | DOTS[y % 4][x % 2]
        if best:
            self._best.add(cell)
        return cell

    def row(self, y: int, here: tuple[int, int] | None) -> list[Span]:
        """Give one row of cells as runs of one tone."""
        cells = [self._cell((x, y), here) for x in range(self.width)]
        return [("".join(sign for sign, _ in run), tone) for tone, run in groupby(cells, key=lambda cell: cell[1])]

    def _cell(self, cell: tuple[int, int], here: tuple[int, int] | None) -> Span:
        dots = self._dots.get(cell)
        if dots is None:
            return " ", ""
        if cell == here:
            return HERE, "key"
        if cell in self._best:
            return BEST, "good"
        return (POINT if self._sparse else chr(BRAILLE + dots)), "accent"


class CloudDrawing:
    """Points by context and price, placed once for a size; drawn again at little cost when the cursor moves.

    A price of zero has no place on a logarithmic scale, so the bottom row is its own.
    """

    def __init__(self, points: Sequence[Point], width: int, height: int) -> None:
        self.size = (width, height)
        self._flaw = _flaw(points, width, height)
        if self._flaw:
            return
        across = Axis([float(point.context) for point in points])
        up = Axis([float(point.price) for point in points if point.price > 0])
        self._free = any(not point.price for point in points)
        names = {amount: usd(Decimal(repr(amount))) for amount in up.ticks()}
        self._margin = max([5, *map(width_of, names.values())]) + 2
        self._columns, self._rows = width - self._margin, height - 3 - self._free
        self._labels = _labels(names, up, self._rows)
        self._foot = _foot(across, self._margin, self._columns)
        self._grid = _Grid(self._columns, self._rows + self._free, len(points))
        self._cells: dict[str, tuple[int, int]] = {}
        lowest, steps = self._rows * 4 - 1, self._columns * 2
        for point in points:
            y = lowest - up.place(float(point.price), lowest + 1) if point.price else lowest + 2
            self._cells[point.entry.key] = self._grid.dot(across.place(point.context, steps), y, best=point.best)

    def lines(self, here: str = "") -> list[Line]:
        """Draw; the best points are discs, the one whose key is `here` a diamond."""
        if self._flaw:
            return [[(self._flaw, "dim")]]
        cell, wide = self._cells.get(here), self._margin - 2
        lines: list[Line] = [[("input $ per 1M tokens", "dim")]]
        for y in range(self._rows):
            name = self._labels.get(y, "")
            lines.append([(f"{name:>{wide}} {'┤' if name else '│'}", "dim"), *self._grid.row(y, cell)])
        if self._free:
            lines.append([(f"{'$0':>{wide}} ╎", "dim"), *self._grid.row(self._rows, cell)])
        return [*lines, *self._foot]


def _flaw(points: Sequence[Point], width: int, height: int) -> str:
    """Say why nothing can be drawn; empty where something can."""
    if width < LEAST[0] or height < LEAST[1]:
        return "too small for a chart"
    return "" if points else "No offer in view states both."


def _labels(names: dict[float, str], up: Axis, rows: int) -> dict[int, str]:
    """Give each tick's name to the row that it stands at; where two fall together, the first stays."""
    labels: dict[int, str] = {}
    for amount, name in names.items():
        labels.setdefault((rows * 4 - 1 - up.place(amount, rows * 4)) // 4, name)
    return labels


def _foot(across: Axis, margin: int, columns: int) -> list[Line]:
    """Draw the axis and its names; a name that would touch the one before it is left out."""
    axis, names = list("─" * columns), ""
    for amount in across.ticks():
        place, name = across.place(amount, columns), tokens(round(amount))
        start = max(0, min(place - len(name) // 2, columns - len(name)))
        if not names or start > len(names):
            axis[place] = "┬"
            names = f"{names:<{start}}{name}"
    title = "context"
    if len(names) + len(title) + 2 <= columns:
        names = f"{names:<{columns - len(title)}}{title}"
    return [[(" " * (margin - 1) + "└" + "".join(axis), "dim")], [(" " * margin + names, "dim")]]


class Plot(Inked, Widget):
    """Lines that fill a place, exchanged without a layout pass; what they are is asked for when the size is known."""

    can_focus = False
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id)
        self._ink = Ink(self)
        self._lines: list[Line] = []

    def show(self, lines: Iterable[Line]) -> None:
        """Exchange the lines."""
        self._lines = list(lines)
        self.refresh()

    @property
    def text(self) -> str:
        """What is drawn, without its colours."""
        return "\n".join("".join(text for text, _ in line) for line in self._lines)

    def notify_style_update(self) -> None:
        """Forget the styles: colours changed."""
        super().notify_style_update()
        if hasattr(self, "_ink"):
            self._ink.forget()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in view."""
        width = self.size.width
        blank: Line = ()
        lines = [
            self._ink.strip(self._lines[y] if y < len(self._lines) else blank, width)
            for y in range(crop.y, crop.bottom)
        ]
        if crop.x or crop.right != width:
            return [line.crop_extend(crop.x, crop.right, self._ink.style()) for line in lines]
        return lines
