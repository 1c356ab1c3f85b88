"""What every screen with a table does: move, scroll sideways, show its hints, follow clicks on drawn lines."""

from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.screen import Screen

from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import Place, hints
from modeltui.tui.messages import ZonePressed
from modeltui.tui.widgets.bars import hint_line
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from modeltui.tui.widgets.table import ModelTable

R = TypeVar("R")


class PlacedScreen(Screen[None]):
    """A screen that knows its place in the declaration of keys."""

    AUTO_FOCUS = ""
    PLACE: ClassVar[Place]

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.around = around

    def on_mount(self) -> None:
        """Show the hints."""
        self.draw_hints()

    def on_resize(self) -> None:
        """Show as many hints as fit."""
        self.draw_hints()

    def draw_hints(self) -> None:
        """Draw the hint line of this screen."""
        for line in self.query("#hints").results(DrawnLine):
            zones = hint_line(hints(self.PLACE, self.around.keys), self.size.width)
            line.show(zones.line, zones.zones)

    @on(ZonePressed)
    async def follow_zone(self, message: ZonePressed) -> None:
        """Do what the clicked part of a line stands for."""
        message.stop()
        await self.run_action(message.action)

    def action_back(self) -> None:
        """Leave this screen."""
        self.dismiss()


class PaneScreen(PlacedScreen):
    """A screen of one scrolling pane of lines."""

    @property
    def pane(self) -> LinePane:
        """The pane."""
        return self.query_one(LinePane)

    def _scroll(self, by: int) -> None:
        self.pane.scroll_to(y=self.pane.scroll_offset.y + by, animate=False)

    def action_cursor_up(self) -> None:
        """One line up."""
        self._scroll(-1)

    def action_cursor_down(self) -> None:
        """One line down."""
        self._scroll(1)

    def action_page_up(self) -> None:
        """One screen up."""
        self._scroll(-self.pane.size.height)

    def action_page_down(self) -> None:
        """One screen down."""
        self._scroll(self.pane.size.height)

    def action_first_row(self) -> None:
        """To the first line."""
        self.pane.scroll_to(y=0, animate=False)

    def action_last_row(self) -> None:
        """To the last line."""
        self.pane.pull_all()
        self.pane.scroll_to(y=self.pane.virtual_size.height, animate=False)


class TableScreen(PlacedScreen, Generic[R]):
    """A screen with one table that the cursor keys move in."""

    _table: ModelTable[R] | None = None

    @property
    def table(self) -> ModelTable[R]:
        """The table of this screen."""
        if self._table is None:
            found: ModelTable[Any] = self.query_one(ModelTable)
            self._table = found
        return self._table

    def action_cursor_up(self) -> None:
        """One row up."""
        self.table.move(-1)

    def action_cursor_down(self) -> None:
        """One row down."""
        self.table.move(1)

    def action_page_up(self) -> None:
        """One screen of rows up."""
        self.table.move(-self.table.page)

    def action_page_down(self) -> None:
        """One screen of rows down."""
        self.table.move(self.table.page)

    def action_first_row(self) -> None:
        """To the first row."""
        self.table.move(-len(self.table.order))

    def action_last_row(self) -> None:
        """To the last row."""
        self.table.move(len(self.table.order))

    def action_columns_left(self) -> None:
        """One column to the left."""
        self.table.shift_columns(-1)

    def action_columns_right(self) -> None:
        """One column to the right."""
        self.table.shift_columns(1)
