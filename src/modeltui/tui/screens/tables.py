"""What every screen with a table does: move, scroll sideways, show its hints, follow clicks on drawn lines."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, ClassVar, Generic, TypeVar

from textual import on

from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import Place, hints
from modeltui.tui.messages import ZonePressed
from modeltui.tui.moving import MoveActions
from modeltui.tui.screens.turns import InTurn
from modeltui.tui.widgets.bars import hint_line
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.tui.widgets.table import ModelTable

R = TypeVar("R")


class PlacedScreen(InTurn[None]):
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
            told = hints(self.hinted, self.around.keys, without=self.meaningless)
            zones = hint_line(told, self.size.width)
            line.show(zones.line, zones.zones)

    @property
    def hinted(self) -> Place:
        """The place whose keys are hinted at."""
        return self.PLACE

    @property
    def meaningless(self) -> Collection[str]:
        """Names of actions that mean nothing on this screen now."""
        return ()

    def extra_commands(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        """Give what the palette offers beside the declared actions: name, explanation, deed."""
        return ()

    @on(ZonePressed)
    async def follow_zone(self, message: ZonePressed) -> None:
        """Do what the clicked part of a line stands for."""
        message.stop()
        await self.run_action(message.action)

    @property
    def is_commanded(self) -> bool:
        """Whether a key is a command, and not a letter of something that is typed."""
        return True

    async def wait_for_rows(self) -> None:
        """Wait until the rows are those that were asked for; most screens have them at once."""

    def action_back(self) -> None:
        """Leave this screen."""
        self.dismiss()


class TableScreen(MoveActions, PlacedScreen, Generic[R]):
    """A screen with one table that the cursor keys move in."""

    _table: ModelTable[R] | None = None

    @property
    def table(self) -> ModelTable[R]:
        """The table of this screen; a list of providers beside it is another one."""
        if self._table is None:
            found: ModelTable[Any] = self.query("ModelTable").exclude("ProviderList").first(ModelTable)
            self._table = found
        return self._table

    @property
    def moved(self) -> ModelTable[Any]:
        """The table that the keys move in."""
        return self.table
