"""Charts of the rows in view; what is picked in a chart's list becomes part of the filter."""

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from modeltui.analysis import (
    Chart,
    Cloud,
    Entry,
    availability,
    contexts,
    price_against_context,
    price_ranges,
    quantizations,
)
from modeltui.columns import Row
from modeltui.format import clean
from modeltui.model import Offer
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import CHARTS, bindings
from modeltui.tui.messages import RowMarkPressed, RowOpened
from modeltui.tui.screens.panes import HelpScreen
from modeltui.tui.screens.tables import TableScreen
from modeltui.tui.widgets.charts import CloudDrawing, Plot, bar, reach
from modeltui.tui.widgets.drawn import DrawnLine, Zones
from modeltui.tui.widgets.faces import Cell, Face
from modeltui.tui.widgets.table import ModelTable

SHORT = ("price/context", "quant", "context", "availability", "prices")
SHORTEST = ("p/ctx", "quant", "ctx", "avail", "prices")
CLOUD, RANGES = 0, 4
Found = Sequence[tuple[Row, Sequence[int]]]
"""Rows in view, each with the places of the offers that meet the filter."""


class AnalysisScreen(TableScreen[Entry]):
    """One chart at a time with its list; leaving applies what was picked."""

    PLACE = "analysis"
    BINDINGS = bindings("analysis")
    CSS_PATH = "analysis.tcss"

    def __init__(
        self, around: Surroundings, found: Found, current: Row | None, shown: str, narrow: Callable[[str], None]
    ) -> None:
        super().__init__(around)
        self._found = found
        self._offers: list[Offer] = [row.offers[place] for row, places in found for place in places]
        self._current = current
        self._shown = shown
        """The filter in force, in words."""
        self._narrow = narrow
        self._made: dict[int, Cloud | Chart] = {}
        self._drawing: CloudDrawing | None = None
        self.place = CLOUD
        self.picked: dict[str, Entry] = {}

    def compose(self) -> ComposeResult:
        """Lay out title, charts, chart and list, status and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield DrawnLine(id="charts")
        with Horizontal(id="body"):
            yield Plot()
            yield ModelTable[Entry](lambda entry: entry.key, empty="Nothing in view can be drawn.")
        yield DrawnLine(id="status")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw the first chart."""
        self.watch(self.table, "cursor", self._follow_cursor, init=False)
        self._show(CLOUD)

    def on_resize(self) -> None:
        """Share the new width."""
        self.call_after_refresh(self.draw)

    # -- the chart -----------------------------------------------------------------------------------------

    @property
    def chart(self) -> Cloud | Chart:
        """The chart that is shown, made when it is first looked at."""
        if self.place not in self._made:
            self._made[self.place] = self._make(self.place)
        return self._made[self.place]

    def _make(self, place: int) -> Cloud | Chart:
        if place == CLOUD:
            return price_against_context(self._offers)
        if place == RANGES:
            return price_ranges(self._current) if self._current is not None else Chart("Prices", "no row", ())
        makers: dict[int, Callable[[], Chart]] = {
            1: lambda: quantizations(self._offers),
            2: lambda: contexts(self._found),
            3: lambda: availability(self._offers),
        }
        return makers[place]()

    def _show(self, place: int) -> None:
        self.place = place
        self.picked = {}
        self.set_class(place != CLOUD, "-bars")
        self.call_after_refresh(self.draw, to_top=True)

    def draw(self, *, to_top: bool = False) -> None:
        """Draw the chart, its list and the lines at the width of now."""
        chart = self.chart
        entries = [point.entry for point in chart.points] if isinstance(chart, Cloud) else list(chart.entries)
        self.table.set_faces(self._point_faces() if isinstance(chart, Cloud) else self._bar_faces())
        self.table.marked = self.picked.keys()
        self.table.set_rows(entries, range(len(entries)), to_top=to_top)
        self.table.redraw()
        within = f" · filter: {self._shown}" if self._shown else ""
        line = [(f" {chart.title}  ", "strong"), (chart.said, "dim"), (clean(within), "dim")]
        self.query_one("#caption", DrawnLine).show(line)
        zones = next((zones for zones in map(self._charts, (CHARTS, SHORT)) if zones.width <= self.size.width), None)
        zones = zones or self._charts(SHORTEST)
        self.query_one("#charts", DrawnLine).show(zones.line, zones.zones)
        self._follow_cursor()

    def _charts(self, labels: Sequence[str]) -> Zones:
        zones = Zones().add(" ")
        for place, label in enumerate(labels):
            here, action = place == self.place, f"chart({place + 1})"
            zones.add(str(place + 1), "key", action).add(
                f" {'▸' if here else ''}{label}", "good" if here else "", action
            )
            zones.add("  ")
        return zones

    def _follow_cursor(self) -> None:
        """Show where the line under the cursor stands, and what leaving would do."""
        entry, chart = self.table.current, self.chart
        if isinstance(chart, Cloud):
            plot = self.query_one(Plot)
            if self._drawing is None or self._drawing.size != plot.size:
                self._drawing = CloudDrawing(chart.points, plot.size.width, plot.size.height)
            plot.show(self._drawing.lines(entry.key if entry else ""))
        if self.picked:
            said = [(" filter on leaving: ", "key"), (clean(self.query_picked), "")]
        elif entry is not None:
            note = f"{entry.note} " if entry.note else ""
            said = [(f" {note}{entry.label}: {entry.text}", ""), (f"   Enter filters: {clean(entry.query)}", "dim")]
        else:
            said = []
        self.query_one("#status", DrawnLine).show(said)

    def _point_faces(self) -> list[Face[Entry]]:
        best = (
            {point.entry.key for point in self.chart.points if point.best} if isinstance(self.chart, Cloud) else set()
        )

        def label(entry: Entry) -> Cell:
            return Cell(f"{'●' if entry.key in best else ' '} {entry.label}", "good" if entry.key in best else "")

        return [
            Face("label", "● best", 40, label, grows=True),
            Face("context", "Context", 7, lambda entry: Cell(entry.text.partition(" ")[0]), right=True),
            Face("in", "In $/M", 7, lambda entry: Cell(entry.text.partition(" ")[2]), right=True),
            Face("note", "Provider", 12, lambda entry: Cell(clean(entry.note), "dim")),
        ]

    def _bar_faces(self) -> list[Face[Entry]]:
        width = self.size.width
        text = 18 if self.place == RANGES else 12
        label, note = max(16, min(36, width // 4)), max(8, min(30, width // 5))
        room = max(8, width - label - text - note - 8)
        ranged = self.place == RANGES

        def drawn(entry: Entry) -> Cell:
            return Cell(reach(entry.start, entry.end, room) if ranged else bar(entry.end, room), "accent")

        return [
            Face("label", "", label, lambda entry: Cell(entry.label)),
            Face("bar", "├ input   output ┤" if ranged else "", room, drawn),
            Face("text", "", text, lambda entry: Cell(entry.text), right=True),
            Face("note", "", note, lambda entry: Cell(clean(entry.note), "dim")),
        ]

    # -- deeds ---------------------------------------------------------------------------------------------

    def action_chart(self, number: int) -> None:
        """Show a chart."""
        self._show(number - 1)

    def action_next_chart(self) -> None:
        """Show the next chart."""
        self._show((self.place + 1) % len(CHARTS))

    def action_previous_chart(self) -> None:
        """Show the chart before."""
        self._show((self.place - 1) % len(CHARTS))

    @property
    def query_picked(self) -> str:
        """The query of what is picked: one of several values of a field, where the picked lines name the same."""
        queries = [entry.query for entry in self.picked.values()]
        fields = {query.partition(":")[0] for query in queries}
        single = len(fields) == 1 and all(":" in query and " " not in _unquoted(query) for query in queries)
        if len(queries) > 1 and single:
            values = ",".join(query.partition(":")[2] for query in queries)
            return f"{fields.pop()}:{values}"
        if len(queries) > 1 and all(" " not in _unquoted(query) for query in queries):
            return ",".join(queries)
        return queries[-1] if queries else ""

    @on(RowMarkPressed)
    def pick(self) -> None:
        """Pick the line, or put it back."""
        entry = self.table.current
        if entry is None:
            return
        if self.picked.pop(entry.key, None) is None:
            self.picked[entry.key] = entry
        self.table.redraw()
        self._follow_cursor()

    def action_pick(self) -> None:
        """Pick the line, or put it back, and go on to the next."""
        self.pick()
        self.table.move(1)

    @on(RowOpened)
    def action_take(self) -> None:
        """Leave, and filter by what is picked, else by the line under the cursor."""
        entry = self.table.current
        if not self.picked and entry is not None:
            self.picked[entry.key] = entry
        self.action_back()

    def action_back(self) -> None:
        """Leave, and filter by what is picked."""
        self.dismiss()
        if self.picked:
            self._narrow(self.query_picked)

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))


def _unquoted(query: str) -> str:
    """Leave out what stands in quotes."""
    return "".join(query.split('"')[::2])
