"""The main screen: filter, chips, table, details, status and hints."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer

from modeltui.columns import Row
from modeltui.query import matches
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.messages import MeasureCancelled, MeasureTold, RefreshAsked, RefreshTold, RowOpened, ThemeChosen
from modeltui.tui.progress import Progress
from modeltui.tui.row_faces import faces, fitting
from modeltui.tui.screens.filtering import FilterScreen
from modeltui.tui.status import status_parts
from modeltui.tui.view import View
from modeltui.tui.widgets.bars import chips, status_line
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from modeltui.tui.widgets.filterbar import FilterBar
from modeltui.tui.widgets.table import ModelTable

WIDE = 110
COUNT_DELAY_S = 0.15
"""Chips are counted this long after the last key, so that a key costs one paint."""
NOTHING = "No model fits this filter. Esc clears it."


class BrowseScreen(FilterScreen):
    """Holds the view; every key ends in the view and one drawing of what changed."""

    PLACE = "browse"
    BINDINGS = bindings("browse")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012  # Textual's own declaration

    def __init__(self, around: Surroundings, progress: Progress) -> None:
        super().__init__(around, View(around.clock, around.backend.saved_view()))
        self.progress = progress
        self.left_to_measure = 0
        self.counts: list[int] = []
        self._counting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen; the rows are there before the first frame."""
        self.view.set_catalog(self.around.backend.load())
        yield FilterBar(id="filter")
        yield DrawnLine(id="chips")
        with Horizontal(id="body"):
            yield ModelTable[Row](lambda row: row.key, fitting=fitting, empty=NOTHING)
            yield LinePane(rule=True, id="detail")
        yield DrawnLine(id="status")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw the first frame."""
        super().on_mount()
        self.watch(self.table, "cursor", self.draw_detail, init=False)
        self.draw_rows(to_top=True)
        self.set_interval(30, self.draw_status)

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        super().on_resize()
        self.draw_lines()
        self.call_after_refresh(self.draw_detail)

    # -- drawing -------------------------------------------------------------------------------------------

    def draw_rows(self, *, to_top: bool = False) -> None:
        """Show what the view holds now."""
        view, table = self.view, self.table
        keys = view.columns_wanted
        if [face.key for face in table.faces] != list(keys):
            table.set_faces(faces(keys, self.around.clock))
        query = view.query
        table.highlight = (lambda row: matches(query, row)) if query.words else None
        table.marked, table.starred = view.marked.keys(), view.favourites
        table.set_sort(view.sort)
        table.redraw()
        table.set_rows(view.rows, view.order, to_top=to_top)
        self.draw_lines()

    def draw_lines(self) -> None:
        """Draw filter, chips and status; the chips are counted a moment later."""
        bar, view = self.bar, self.view
        bar.error = view.error
        shown, total = len(view.order), len(view.rows)
        bar.note = f"{shown:,} of {total:,}" if shown != total else f"{total:,}"
        bar.note += " resemble it" if view.resembling else ""
        bar.draw()
        self.draw_chips()
        self.draw_status()
        if self._counting is not None:
            self._counting.stop()
        self._counting = self.set_timer(COUNT_DELAY_S, self._count_chips)

    def _count_chips(self) -> None:
        self.counts = self.view.chip_counts()
        self.draw_chips()
        self.view.warm_up()

    def draw_chips(self) -> None:
        """Draw the chips with the counts that are known."""
        zones = chips(self.view.chip_states(), self.counts, self.size.width)
        self.query_one("#chips", DrawnLine).show(zones.line, zones.zones)

    def draw_status(self) -> None:
        """Draw the status line."""
        parts = status_parts(self.view, self.progress, self.left_to_measure, self.around.clock())
        self.query_one("#status", DrawnLine).show(status_line(parts, self.size.width).line)

    def draw_detail(self) -> None:
        """Show everything of the row under the cursor, where there is room for it."""
        pane, row = self.query_one("#detail", LinePane), self.table.current
        if self.size.width >= WIDE:
            pane.show(self.row_lines(row) if row is not None else [])

    def action_clear(self) -> None:
        """Cancel a running test, else clear the filter, else show the usual rows, else drop the marks."""
        if self.left_to_measure:
            self.post_message(MeasureCancelled())
        elif self.view.text:
            self.bar.editor.set("")
            self.follow_text()
        elif self.view.shows_hidden:
            self.action_show_hidden()
        elif self.view.marked:
            self.view.marked.clear()
            self.draw_rows()

    # -- seeing --------------------------------------------------------------------------------------------

    def action_toggle_view(self) -> None:
        """Change between models and offers."""
        self.view.toggle_by()
        self.draw_rows(to_top=True)
        self.remember()

    @on(RowOpened)
    def action_open(self) -> None:
        """Open the offers of a model; details where there is one offer only."""
        row = self.table.current
        if row is None:
            return
        if row.model is None or len(row.offers) == 1:
            self.action_details()
            return
        from modeltui.tui.screens.offers import OffersScreen  # not needed for the first frame

        self.app.push_screen(OffersScreen(self.around, self.view.catalog, row.model))

    def action_detail_down(self) -> None:
        """Scroll the details down."""
        pane = self.query_one("#detail", LinePane)
        pane.scroll_to(y=pane.scroll_offset.y + pane.size.height // 2, animate=False)

    def action_detail_up(self) -> None:
        """Scroll the details up."""
        pane = self.query_one("#detail", LinePane)
        pane.scroll_to(y=pane.scroll_offset.y - pane.size.height // 2, animate=False)

    def action_sources(self) -> None:
        """Show every source."""
        from modeltui.tui.screens.sources import SourcesScreen  # not needed for the first frame

        self.app.push_screen(SourcesScreen(self.around, self.view.catalog, self.progress))

    def action_columns(self) -> None:
        """Choose the columns."""
        from modeltui.tui.screens.columns import ColumnsScreen  # not needed for the first frame

        def take(keys: tuple[str, ...] | None) -> None:
            if keys is not None:
                self.view.choose_columns(keys)
                self.draw_rows()
                self.remember()

        self.app.push_screen(ColumnsScreen([face.key for face in self.table.faces]), take)

    # -- keeping -------------------------------------------------------------------------------------------

    def action_favourite(self) -> None:
        """Make the row a favourite, or no longer."""
        if self.table.current is not None:
            self.view.toggle_favourite(self.table.current)
            self.draw_rows()
            self.remember()

    def action_hide(self) -> None:
        """Hide the row, or bring it back."""
        row = self.table.current
        if row is not None:
            hidden = self.view.toggle_hidden(row)
            self.draw_rows()
            self.remember()
            self.notify(f"{row.title}: hidden, X shows hidden rows" if hidden else f"{row.title}: back again")

    def action_show_hidden(self) -> None:
        """Change between the usual rows and the hidden ones."""
        if not self.view.hidden:
            self.notify("No row is hidden.")
        self.view.show_hidden()
        self.draw_rows(to_top=True)

    @on(ThemeChosen)
    def remember(self) -> None:
        """Have what was chosen remembered for the next run."""
        self.around.backend.save_view({**self.view.saved(), "theme": self.app.theme})

    def sort_by(self, key: str, *, added: bool = False) -> None:
        """Sort, and remember it."""
        super().sort_by(key, added=added)
        self.remember()

    # -- data ----------------------------------------------------------------------------------------------

    def action_refresh(self) -> None:
        """Ask every source again."""
        self.post_message(RefreshAsked())

    @on(RefreshTold)
    def follow_refresh(self, message: RefreshTold) -> None:
        """Show how far the refresh is, and a new catalog where one was built."""
        if message.catalog is not None:
            self.view.set_catalog(message.catalog)
            self.draw_rows()
        else:
            self.draw_status()

    @on(MeasureTold)
    def follow_latency(self, message: MeasureTold) -> None:
        """Show a finished latency test in its row."""
        self.left_to_measure = message.left
        if message.sample is not None:
            self.view.add_sample(message.sample)
            self.draw_rows()
        else:
            self.draw_status()
