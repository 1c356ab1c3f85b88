"""Two to six rows side by side."""

from collections.abc import Sequence

from textual.app import ComposeResult

from modeltui.columns import Row
from modeltui.format import MISSING
from modeltui.tui.backend import Surroundings
from modeltui.tui.compare import BEST, CompareLine, compare_lines, compared
from modeltui.tui.keys import bindings
from modeltui.tui.screens.panes import HelpScreen
from modeltui.tui.screens.tables import TableScreen
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.tui.widgets.faces import Cell, Face
from modeltui.tui.widgets.table import ModelTable

LABELS = 14
NARROWEST, WIDEST = 18, 34


class CompareScreen(TableScreen[CompareLine]):
    """One line a property: `≠` where the rows differ, a star at the best."""

    PLACE = "compare"
    BINDINGS = bindings("compare")

    def __init__(self, around: Surroundings, rows: Sequence[Row]) -> None:
        super().__init__(around)
        self._whole = rows
        self._rows = [compared(row) for row in rows]

    def compose(self) -> ComposeResult:
        """Lay out title, table and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield ModelTable[CompareLine](lambda line: line.key)
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        several = any(len(row.offers) > 1 for row in self._whole)
        said = f"  {len(self._rows)} side by side   ≠ differs   {BEST} best"
        said += "   a model by its cheapest offer" if several else ""
        self.query_one("#caption", DrawnLine).show([(" Compare", "strong"), (said, "dim")])
        lines = compare_lines(self._rows, self.around.clock(), [len(row.offers) for row in self._whole])
        self._place_columns()
        self.table.set_rows(lines, range(len(lines)))

    def on_resize(self) -> None:
        """Share the width among the rows."""
        self._place_columns()

    def _place_columns(self) -> None:
        room = (self.size.width - LABELS - 6) // len(self._rows) - 1
        width = max(NARROWEST, min(WIDEST, room))
        label: Face[CompareLine] = Face("label", "", LABELS, _label)
        self.table.set_faces([label, *(self._face(place, width) for place in range(len(self._rows)))])

    def _face(self, place: int, width: int) -> Face[CompareLine]:
        row = self._rows[place]
        title = f"{row.title} · {row.offers[0].provider}"

        def cell(line: CompareLine) -> Cell:
            text = line.texts[place]
            if line.best[place]:
                return Cell(f"{BEST} {text}", "good")
            tone = "dim" if text == MISSING or not line.differs else "strong"
            return Cell(f"  {text}", tone)

        return Face(str(place), f"  {title}", width, cell)

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))


def _label(line: CompareLine) -> Cell:
    return Cell(f"{'≠' if line.differs else ' '} {line.title}", "key" if line.differs else "dim")
