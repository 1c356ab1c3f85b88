"""Single drawn lines and panes of drawn lines: no layout pass, no markup, one paint."""

import sys
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from textual import events
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from modeltui.tui.messages import PaneShown, ZonePressed
from modeltui.tui.widgets.ink import Ink, Inked, Line, Span, width_of
from modeltui.tui.widgets.rail import RailView
from modeltui.tui.widgets.sheets import Hung, Sheet, Sheets

T = TypeVar("T")


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


class LinePane(Inked, RailView):
    """A scrolling pane of drawn lines, wrapped to its width."""

    RAIL_STAYS = False
    can_focus = False
    ALLOW_SELECT = False

    def __init__(self, *, rule: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id)
        self._ink = Ink(self)
        self._rule = rule
        self._sheet = Sheet()
        self._sheets = Sheets()

    def show(self, lines: Iterable[Hung], *, keep_scroll: bool = False) -> None:
        """Exchange the lines; each comes with the indent of its continuation."""
        self._exchange(Sheet(lines), keep_scroll=keep_scroll)

    def show_of(self, thing: T, tell: Callable[[T], Iterable[Hung]], grounds: object, more: Hashable) -> None:
        """Show what is told of a thing; nothing is told or drawn again while `grounds` and `more` are the same."""
        sheet = self._sheets.of(thing, tell, grounds, more)
        if sheet is not self._sheet:
            self._exchange(sheet, keep_scroll=False)

    def forget(self) -> None:
        """Show nothing, and let go of everything that was told: what it tells of may be large."""
        self._sheets = Sheets()
        self._exchange(Sheet(), keep_scroll=False)

    def _exchange(self, sheet: Sheet, *, keep_scroll: bool) -> None:
        self._sheet = sheet
        self._pull((self.scroll_offset.y if keep_scroll else 0) + self.size.height + 10)
        if not keep_scroll:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    @property
    def text(self) -> str:
        """Everything the pane says, without its colours."""
        self.pull_all()
        return self._sheet.text

    def pull_all(self) -> None:
        """Ask for every line that is still to come."""
        self._pull(sys.maxsize)

    def _pull(self, rows: int) -> None:
        """Wrap lines until there are that many rows, and tell the scrollbar."""
        self._sheet.pull(rows, self._room)
        size = Size(max(1, self.scrollable_content_region.width), len(self._sheet.wrapped))
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
        if new_value + 2 * self.size.height > len(self._sheet.wrapped):
            self._pull(int(new_value) + 3 * self.size.height)

    def notify_style_update(self) -> None:
        """Forget the drawn lines: colours changed."""
        super().notify_style_update()
        if hasattr(self, "_ink"):
            self._ink.forget()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._pull(self.scroll_offset.y + 2 * self.size.height)

    def on_show(self) -> None:
        """Tell that there is room now."""
        self.post_message(PaneShown())

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in view; strips end where the scrollbar begins, so the compositor cuts none of them."""
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        strips = self._sheet.strips_for((width, self._ink.forgotten))
        lines = [self._strip_at(top + y, width, strips) for y in range(crop.y, crop.bottom)]
        if crop.x or crop.right < width:
            return [line.crop_extend(crop.x, crop.right, self._ink.style()) for line in lines]
        return lines

    def _strip_at(self, row: int, width: int, strips: dict[int, Strip]) -> Strip:
        wrapped = self._sheet.wrapped
        row = row if row < len(wrapped) else -1  # below the last line all are alike
        strip = strips.get(row)
        if strip is None:
            edge: Span = ("│ ", "dim") if self._rule else (" ", "")
            line = wrapped[row] if row >= 0 else []
            strip = strips[row] = self._ink.strip([edge, *line], width)
        return strip
