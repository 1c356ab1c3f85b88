"""Single drawn lines and panes of drawn lines: no layout pass, no markup, one paint."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from textual import events
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from modeltui.tui.messages import PaneShown, ZonePressed
from modeltui.tui.widgets.ink import Ink, Inked, Line, Span, width_of
from modeltui.tui.widgets.rail import RailView


class Zones:
    """Builds a line of spans and remembers which cells stand for which action."""

    def __init__(self) -> None:
        self.line: list[Span] = []
        self.zones: list[tuple[int, int, str]] = []
        self.width = 0

    def add(self, text: str, tone: str = "", action: str = "") -> "Zones":
        """Append a span; its cells call for `action` when clicked."""
        start, self.width = self.width, self.width + width_of(text)
        self.line.append((text, tone))
        if action:
            self.zones.append((start, self.width, action))
        return self


class Covered(Horizontal):
    """A row of widgets that leave no cell of it free: nothing is drawn beneath them."""

    BLANK = True


class DrawnLine(Inked, Widget):
    """One line of spans, exchanged without a layout pass."""

    can_focus = False
    ALLOW_SELECT = False

    def __init__(self, *, ground: str = "", id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id)
        self._ink = Ink(self)
        self._ground = ground
        self._line: Line = ()
        self._zones: Sequence[tuple[int, int, str]] = ()
        self._strip: Strip | None = None

    def show(self, line: Line, zones: Sequence[tuple[int, int, str]] = ()) -> None:
        """Exchange the text; a line that is already shown is not painted again."""
        if line != self._line or zones != self._zones:
            self._line, self._zones, self._strip = line, zones, None
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says, without its colours."""
        return "".join(text for text, _ in self._line)

    def notify_style_update(self) -> None:
        """Forget the drawn line: colours changed."""
        super().notify_style_update()
        if hasattr(self, "_ink"):
            self._ink.forget()
            self._strip = None

    def on_resize(self) -> None:
        """Draw anew at the new width."""
        self._strip = None

    def on_click(self, event: events.Click) -> None:
        """Tell which action the clicked cells stand for."""
        event.stop()
        for start, end, action in self._zones:
            if start <= event.x < end:
                self.post_message(ZonePressed(action))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the line, and blanks below it."""
        width = self.size.width
        if self._strip is None:
            self._strip = self._ink.strip(self._line, width, self._ground)
        lines = [self._strip] * crop.height
        if crop.x or crop.right != width:
            return [line.crop_extend(crop.x, crop.right, self._ink.style("", self._ground)) for line in lines]
        return lines


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


class LinePane(Inked, RailView):
    """A scrolling pane of drawn lines, wrapped to its width."""

    RAIL_STAYS = False
    can_focus = False
    ALLOW_SELECT = False

    def __init__(self, *, rule: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id)
        self._ink = Ink(self)
        self._rule = rule
        self._lines: list[tuple[Line, int]] = []
        self._coming: Iterator[tuple[Line, int]] = iter(())
        self._wrapped: list[list[Span]] = []
        self._strips: dict[int, Strip] = {}

    def show(self, lines: Iterable[tuple[Line, int]], *, keep_scroll: bool = False) -> None:
        """Exchange the lines; each comes with the indent of its continuation.

        Lines are asked for as they come into view, so that a long text costs what is seen of it.
        """
        self._lines, self._coming = [], iter(lines)
        self._wrapped.clear()
        self._strips.clear()
        wanted = self.scroll_offset.y if keep_scroll else 0
        self._pull(wanted + self.size.height + 10)
        if not keep_scroll:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    @property
    def text(self) -> str:
        """Everything the pane says, without its colours."""
        self.pull_all()
        return "\n".join("".join(text for text, _ in line) for line, _ in self._lines)

    def pull_all(self) -> None:
        """Ask for every line that is still to come."""
        self._pull(sys.maxsize)

    def _pull(self, rows: int) -> None:
        """Wrap lines until there are that many rows, and tell the scrollbar."""
        room, wrapped = self._room, self._wrapped
        while len(wrapped) < rows and (following := next(self._coming, None)) is not None:
            self._lines.append(following)
            wrapped += wrap(following[0], room, following[1])
        size = Size(max(1, self.scrollable_content_region.width), len(self._wrapped))
        self.set_reactive(Widget.virtual_size, size)
        if self.is_attached and self.size.height:
            self._scroll_update(size)

    @property
    def _room(self) -> int:
        # Room for the scrollbar is always kept: it appears after the lines are wrapped.
        return max(8, self.size.width - self.styles.scrollbar_size_vertical - (2 if self._rule else 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for more lines before the last one is in view."""
        super().watch_scroll_y(old_value, new_value)
        if new_value + 2 * self.size.height > len(self._wrapped):
            self._pull(int(new_value) + 3 * self.size.height)

    def _rewrap(self) -> None:
        room = self._room
        self._wrapped = [part for line, hang in self._lines for part in wrap(line, room, hang)]
        self._strips.clear()
        self._pull(self.scroll_offset.y + 2 * self.size.height)

    def notify_style_update(self) -> None:
        """Forget the drawn lines: colours changed."""
        super().notify_style_update()
        if hasattr(self, "_ink"):
            self._ink.forget()
            self._strips.clear()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._rewrap()

    def on_show(self) -> None:
        """Tell that there is room now."""
        self.post_message(PaneShown())

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in view; strips end where the scrollbar begins, so the compositor cuts none of them."""
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        lines = [self._strip_at(top + y, width) for y in range(crop.y, crop.bottom)]
        if crop.x or crop.right < width:
            return [line.crop_extend(crop.x, crop.right, self._ink.style()) for line in lines]
        return lines

    def _strip_at(self, row: int, width: int) -> Strip:
        row = row if row < len(self._wrapped) else -1  # below the last line all are alike
        strip = self._strips.get(row)
        if strip is None:
            edge: Span = ("│ ", "dim") if self._rule else (" ", "")
            line = self._wrapped[row] if row >= 0 else []
            strip = self._strips[row] = self._ink.strip([edge, *line], width)
        return strip
