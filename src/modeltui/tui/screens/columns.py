"""Which columns the table has, in which order and how wide."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from modeltui.columns import COLUMNS, COLUMNS_BY_KEY
from modeltui.tui.remembered import NARROWEST, WIDEST
from modeltui.tui.screens.turns import InTurn
from modeltui.tui.widgets.ink import crop

NOTE = "Space: show or not   J K: down, up   < >: narrower, wider   0: as declared   Enter: done   Esc: cancel"


class ColumnsChosen(NamedTuple):
    """The answer: keys in order, none for the declared ones, and the widths that a person chose."""

    keys: tuple[str, ...]
    widths: Mapping[str, int]


class ColumnsScreen(InTurn[ColumnsChosen | None], ModalScreen[ColumnsChosen | None]):
    """A list of all columns; the shown ones come first, in their order."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", show=False),
        Binding("space", "turn", show=False, priority=True),
        Binding("J,shift+down", "shift(1)", show=False),
        Binding("K,shift+up", "shift(-1)", show=False),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
        Binding("less_than_sign,comma", "widen(-1)", show=False),
        Binding("greater_than_sign,full_stop", "widen(1)", show=False),
        Binding("0", "declared", show=False),
    ]

    def __init__(self, chosen: Sequence[str], widths: Mapping[str, int]) -> None:
        super().__init__()
        self._widths = dict(widths)
        self._chosen = set(chosen)
        self._keys = [*chosen, *(column.key for column in COLUMNS if column.key not in self._chosen)]

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content("Columns")
            yield OptionList()
            yield Static(Content(NOTE), classes="note")

    def on_mount(self) -> None:
        """Draw."""
        self.query_one(OptionList).focus()
        self._draw(1)

    def _draw(self, highlighted: int) -> None:
        entries = self.query_one(OptionList)
        entries.clear_options()
        for key in self._keys:
            column = COLUMNS_BY_KEY[key]
            sign = "✓" if key in self._chosen else " "
            cells = str(self._widths[key]) if key in self._widths else f"({column.width})"
            line = f"{sign} {column.title:<11} {cells:>4}  {column.help}"
            entries.add_option(Option(Content(crop(line, self.app.size.width * 9 // 10 - 6))))
        entries.highlighted = highlighted

    def _place(self) -> int:
        return self.query_one(OptionList).highlighted or 0

    def action_turn(self) -> None:
        """Show the column, or no longer; the first one always stays."""
        place = self._place()
        if place:
            self._chosen ^= {self._keys[place]}
        self._draw(place)

    def action_shift(self, by: int) -> None:
        """Move the column among the others."""
        place = self._place()
        to = place + by
        if place >= 1 and 1 <= to < len(self._keys):
            self._keys[place], self._keys[to] = self._keys[to], self._keys[place]
            self._draw(to)

    def action_widen(self, by: int) -> None:
        """Make the column a cell wider or narrower; its usual width is no choice any more."""
        place = self._place()
        key = self._keys[place]
        usual = COLUMNS_BY_KEY[key].width
        cells = max(NARROWEST, min(self._widths.get(key, usual) + by, WIDEST))
        if cells == usual:
            self._widths.pop(key, None)
        else:
            self._widths[key] = cells
        self._draw(place)

    def action_move(self, by: int) -> None:
        """Move the highlight."""
        self.query_one(OptionList).highlighted = max(0, min(self._place() + by, len(self._keys) - 1))

    def action_declared(self) -> None:
        """Go back to the declared columns."""
        self.dismiss(ColumnsChosen((), {}))

    @on(OptionList.OptionSelected)
    def done(self) -> None:
        """Answer with what is chosen."""
        self.dismiss(ColumnsChosen(tuple(key for key in self._keys if key in self._chosen), self._widths))

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)
