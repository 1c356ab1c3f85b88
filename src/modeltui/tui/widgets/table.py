"""The table: rows drawn line by line, so that five thousand of them cost what a screenful costs."""

from collections.abc import Callable, Collection, Sequence
from typing import Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from modeltui.tui.messages import HeaderPressed, RowMarkPressed, RowOpened
from modeltui.tui.widgets.faces import GAP, GUTTER, Cell, Face, Layout, furthest, heading, settle, window
from modeltui.tui.widgets.ink import Ink, Inked, InkStrip, Span, crop, fit
from modeltui.tui.widgets.pen import Pen
from modeltui.tui.widgets.rail import RailView

R = TypeVar("R")
Hit = Sequence[tuple[int, int]]
"""The spans of a text that the query hit."""
REMEMBERED = 640
"""Rows whose cells and drawn lines are kept: a dozen screenfuls."""


class ModelTable(Inked, RailView, Generic[R]):
    """Rows of any kind under a heading that stays, with a first column that stays.

    The owner gives rows, their order and the faces; the table keeps the cursor on the same key and at the same
    height when rows are exchanged. It has no keys of its own: screens bind them.
    """

    can_focus = False
    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0, repaint=False, init=False, always_update=True)
    """Place of the cursor in `order`."""

    def __init__(
        self,
        key_of: Callable[[R], str],
        *,
        fitting: Callable[[Sequence[str], int], Sequence[tuple[str, int]]] | None = None,
        empty: str = "Nothing to show.",
        id: str | None = None,  # noqa: A002  # Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self.key_of = key_of
        self.fitting = fitting
        """Chooses the columns that fit and their widths while the table is not scrolled sideways."""
        self.empty = empty
        self.rows: Sequence[R] = ()
        self.order: Sequence[int] = ()
        self.faces: Sequence[Face[R]] = ()
        self.sort: Sequence[tuple[str, bool]] = ()
        self.marked: Collection[str] = frozenset()
        self.starred: Collection[str] = frozenset()
        self.highlight: Callable[[R], Hit] | None = None
        """Looks for the query in the text of the first column."""
        self.shows_cursor = True
        self.skipped = 0
        """How many columns after the first are scrolled out at the left."""
        self._ink = Ink(self)
        self._strips: LRUCache[tuple[int, int, Hit], Strip] = LRUCache(REMEMBERED)
        self._cells: LRUCache[int, list[Cell]] = LRUCache(REMEMBERED)
        self._header: Strip | None = None
        self._layout_known: Layout[R] | None = None

    # -- what the owner sets -------------------------------------------------------------------------------

    @property
    def current(self) -> R | None:
        """The row under the cursor, or `None` in an empty table."""
        if 0 <= self.cursor < len(self.order):
            return self.rows[self.order[self.cursor]]
        return None

    def set_faces(self, faces: Sequence[Face[R]]) -> None:
        """Choose the columns, in order; the first one stays while scrolling sideways."""
        self.faces = faces
        self.skipped = min(self.skipped, furthest(faces, self.inner_width)) if self.inner_width else 0
        self._place_anew()

    def set_rows(self, rows: Sequence[R], order: Sequence[int], *, to_top: bool = False) -> None:
        """Exchange the rows; the cursor stays on the row of the same key at the same height of the screen."""
        kept = None if to_top or self.current is None else self.order[self.cursor]
        height, before = self.cursor - self.scroll_offset.y, self.rows
        self.rows, self.order = rows, order
        if rows is not before:
            self._strips.clear()
            self._cells.clear()
        place_now = 0 if kept is None else self._place_of(kept, before)
        self._resize_virtual()
        if place_now is not None:
            self.scroll_to(y=0 if kept is None else max(0, place_now - height), animate=False)
        self._move(place_now if place_now is not None else min(self.cursor, max(0, len(order) - 1)))
        self.refresh()

    def set_sort(self, sort: Sequence[tuple[str, bool]]) -> None:
        """Tell which columns the order comes from, for the arrows of the heading."""
        self.sort, self._header = sort, None
        self.refresh(Region(0, 0, self.inner_width, 1))

    def fit_anew(self) -> None:
        """Choose anew the columns that fit: `fitting` goes by something else now."""
        self._place_anew()

    def redraw(self) -> None:
        """Draw every row anew: marks, matches or colours changed."""
        self._strips.clear()
        self._header = None
        self.refresh()

    def _place_anew(self) -> None:
        """Place the columns anew: there are others, or another width."""
        self._layout_known = None
        self._cells.clear()
        self.redraw()

    def _place_of(self, index: int, before: Sequence[R]) -> int | None:
        """Find where a row of before stands now."""
        if before is self.rows:
            return self.order.index(index) if index in self.order else None
        key_of, rows, key = self.key_of, self.rows, self.key_of(before[index])
        return next((place for place, index in enumerate(self.order) if key_of(rows[index]) == key), None)

    # -- moving --------------------------------------------------------------------------------------------

    @property
    def page(self) -> int:
        """How many rows are in view."""
        return max(1, self.size.height - 1)

    @property
    def inner_width(self) -> int:
        """The cells of a line, without the scrollbar."""
        return self.scrollable_content_region.width

    def move(self, rows: int) -> None:
        """Move the cursor by that many rows, as far as there are any."""
        self._move(self.cursor + rows)

    def _move(self, to: int) -> None:
        self.cursor = max(0, min(to, len(self.order) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw the two rows that changed and bring the cursor into view."""
        if not self.is_attached:
            return
        for row in {old, new}:
            line = row - self.scroll_offset.y + 1
            if 0 < line < self.size.height:
                self.refresh(Region(0, line, self.inner_width, 1))
        if new < self.scroll_offset.y:
            self.scroll_to(y=new, animate=False)
        elif new >= self.scroll_offset.y + self.page:
            self.scroll_to(y=new - self.page + 1, animate=False)

    def shift_columns(self, by: int) -> None:
        """Scroll sideways by whole columns; the first one stays."""
        to = max(0, min(self.skipped + by, furthest(self.faces, self.inner_width)))
        if to != self.skipped:
            self.skipped = to
            self._place_anew()

    # -- mouse ---------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """A heading sorts, a row takes the cursor, the gutter marks, a second click opens."""
        event.stop()
        if event.y == 0:
            self._press_header(event)
            return
        row = self.scroll_offset.y + event.y - 1
        if not 0 <= row < len(self.order):
            return
        self.cursor = row
        if event.x < GUTTER:
            self.post_message(RowMarkPressed())
        elif event.chain == 2:
            self.post_message(RowOpened())

    def _press_header(self, event: events.Click) -> None:
        for face, x, width in self.layout_now.placed:
            if x <= event.x < x + width + GAP:
                self.post_message(HeaderPressed(face.key, added=event.shift or event.ctrl))
                return

    # -- drawing -------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Forget every drawn line: colours changed."""
        super().notify_style_update()
        if hasattr(self, "_ink"):
            self._ink.forget()
            self._strips.clear()
            self._header = None

    def on_resize(self) -> None:
        """Place the columns anew and keep the cursor in view."""
        self.skipped = min(self.skipped, furthest(self.faces, self.inner_width))
        self._place_anew()
        self._resize_virtual()
        self.watch_cursor(self.cursor, self.cursor)

    def _resize_virtual(self) -> None:
        """Set the scrollable height without the layout pass that the reactive would cause."""
        size = Size(max(1, self.inner_width), len(self.order) + 1)
        self.set_reactive(Widget.virtual_size, size)
        if self.is_attached and self.size.height:
            self._scroll_update(size)

    @property
    def layout_now(self) -> Layout[R]:
        """The columns in view and their places."""
        if self._layout_known is None:
            self._layout_known = self._lay_out(self.inner_width)
        return self._layout_known

    def _lay_out(self, width: int) -> Layout[R]:
        if self.skipped or self.fitting is None:
            return window(self.faces, self.skipped, width)
        widths = self.fitting([face.key for face in self.faces], width - GUTTER)
        return settle(self.faces, widths)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the visible lines; strips end where the scrollbar begins, so the compositor cuts none of them."""
        width = self.inner_width
        top = self.scroll_offset.y - 1
        lines = [
            self._header_strip(width) if y == 0 else self._row_strip(top + y, width) for y in range(crop.y, crop.bottom)
        ]
        is_whole = not crop.x and crop.right >= width
        return lines if is_whole else [line.crop_extend(crop.x, crop.right, self._ink.style()) for line in lines]

    def _header_strip(self, width: int) -> Strip:
        if self._header is None:
            before, after = self.layout_now.before, self.layout_now.after
            line: list[Span] = [(("◂" if before else " ") + ("▸" if after > 0 else " "), "key")]
            for face, _, cells in self.layout_now.placed:
                gap = " " * GAP if len(line) > 1 else ""
                text, tone = heading(face, cells, self.sort)
                line.append((gap + fit(text, cells, face.right), tone))
            self._header = self._ink.strip(line, width, "header")
        return self._header

    def _row_strip(self, row: int, width: int) -> Strip:
        if row >= len(self.order):
            return self._blank_strip(row, width)
        index = self.order[row]
        key = self.key_of(self.rows[index])
        under_cursor = row == self.cursor and self.shows_cursor
        flags = under_cursor | (row & 1) << 1 | (key in self.marked) << 2 | (key in self.starred) << 3
        hit = tuple(self.highlight(self.rows[index])) if self.highlight else ()
        strip = self._strips.get((index, flags, hit))
        if strip is None:
            strip = self._strips[index, flags, hit] = self._draw_row(index, flags, hit, width)
        return strip

    def _blank_strip(self, row: int, width: int) -> Strip:
        if not self.order and row == 1:
            return self._ink.strip([("  " + crop(self.empty, self.inner_width - 2), "dim")], width)
        return InkStrip([Segment(" " * width, self._ink.style())], width)

    def _draw_row(self, index: int, flags: int, hit: Hit, width: int) -> Strip:
        under_cursor, odd, marked, starred = flags & 1, flags & 2, flags & 4, flags & 8
        ground = "cursor" if under_cursor else "marked" if marked else "odd" if odd else ""
        pen = Pen(self._ink, ground)
        pen.write("▌" if under_cursor else " ", "")
        pen.write("✓" if marked else "★" if starred else " ", "key")
        placed = self.layout_now.placed
        if placed:
            self._write_first(pen, placed[0].width, index, hit)
        for text, tone in self._cells_of(index)[1:]:
            pen.write(text, tone)
        return pen.finish(placed[-1].x + placed[-1].width + GAP if placed else GUTTER, width)

    def _cells_of(self, index: int) -> list[Cell]:
        """Give the cells of a row, fitted to their columns; they outlive what the query highlights."""
        cells = self._cells.get(index)
        if cells is None:
            row = self.rows[index]
            cells = []
            for face, _, width in self.layout_now.placed:
                text, tone = face.cell(row)
                cells.append(Cell(fit(text, width, face.right) + " " * GAP, tone))
            self._cells[index] = cells
        return cells

    def _write_first(self, pen: Pen, cells: int, index: int, hit: Hit) -> None:
        shown, tone = self._cells_of(index)[0]
        start = 0
        for begin, end in hit:
            if end > cells or begin < start:
                break
            pen.write(shown[start:begin], tone)
            pen.write(shown[begin:end], "match")
            start = end
        pen.write(shown[start:], tone)
