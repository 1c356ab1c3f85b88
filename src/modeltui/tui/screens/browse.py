"""The main screen: filter, chips, providers, table, details, status and hints."""

import sys
from collections.abc import Callable, Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from modeltui.columns import Row
from modeltui.query import Query, matches
from modeltui.tui.backend import Surroundings
from modeltui.tui.catching_up import DETAILS, CatchingUp, Counts
from modeltui.tui.keys import bindings
from modeltui.tui.messages import MeasureCancelled, MeasureTold, PaneShown, RefreshAsked, RefreshTold, RowOpened
from modeltui.tui.progress import Progress
from modeltui.tui.row_faces import faces, fitting
from modeltui.tui.screens.facets import ROOMY
from modeltui.tui.screens.keeping import KeepScreen
from modeltui.tui.screens.reports import Reports
from modeltui.tui.status import status_parts
from modeltui.tui.view import View
from modeltui.tui.widgets.bars import chips, status_line
from modeltui.tui.widgets.drawn import Covered, DrawnLine, LinePane
from modeltui.tui.widgets.filterbar import FilterBar
from modeltui.tui.widgets.table import ModelTable

WIDE = 110
BROAD = 150
COUNT_DELAY_S = 0.15
"""Chips and providers are counted this long after the last key, so that a key costs one paint."""
BETWEEN_S = 0.03
"""Between two pieces of work that no key has asked for yet."""
NOTHING = "No model fits this filter. Esc clears it."


class BrowseScreen(Reports, KeepScreen):
    """Holds the view; every key ends in the view and one drawing of what changed."""

    PLACE = "browse"
    BINDINGS = bindings("browse")
    BLANK = True  # its widgets leave no cell free: nothing is drawn beneath them
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # Textual's own declaration
        (0, "-narrow"), (ROOMY, "-roomy"), (WIDE, "-wide"), (BROAD, "-broad"),
    ]  # fmt: skip

    def __init__(self, around: Surroundings, progress: Progress) -> None:
        self._saved = around.backend.saved_view()
        super().__init__(around, View(around.clock, self._saved, around.backend.config))
        self.progress = progress
        self.left_to_measure = 0
        self.counts: list[int] = []
        self._counting: Timer | None = None
        self._placed: tuple[list[str], Mapping[str, int], Query | None] | None = None
        self._kept: frozenset[str] = frozenset()
        self.catching_up = CatchingUp(self)
        self.view.beside = self.catching_up.newest

    def compose(self) -> ComposeResult:
        """Lay out the screen; the rows are there before the first frame."""
        self._take_width()
        self.recall(self._saved)
        self.catching_up.open()
        yield FilterBar(id="filter")
        yield DrawnLine(id="chips")
        with Covered(id="body"):
            if self.lists_providers:
                from modeltui.tui.widgets.providers import ProviderList  # the list is hidden at the usual start

                yield ProviderList(id="providers")
            yield ModelTable[Row](lambda row: row.key, fitting=self._fitting, empty=NOTHING)
            yield LinePane(rule=True, id="detail")
        yield DrawnLine(id="status")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw the first frame."""
        self.watch(self.table, "cursor", self.draw_detail, init=False)
        self.draw_rows(to_top=True)
        self.set_interval(30, self.draw_status)

    def _take_width(self) -> None:
        """Have the class of this width at once: Textual gives it after the first frame, which is then drawn twice."""
        fits = [name for least, name in self.HORIZONTAL_BREAKPOINTS if least <= self.app.size.width]
        self.add_class(fits[-1], update=False)

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self.draw_lines()
        self.follow_pane()

    # -- drawing -------------------------------------------------------------------------------------------

    def _fitting(self, keys: Sequence[str], width: int) -> list[tuple[str, int]]:
        return fitting(keys, width, self.view.widths, self.view.columns_kept)

    def draw_rows(self, *, to_top: bool = False) -> None:
        """Show what the view holds now, or will hold once it has caught up."""
        view, table = self.view, self.table
        if view.is_behind:
            self.catching_up.arrange(to_top=to_top)
            return
        self._draw_columns()
        query = view.query
        table.highlight = (lambda row: matches(query, row)) if query.words else None
        table.marked, table.starred = view.marked.keys(), view.favourites
        table.set_sort(view.sort)
        table.foreseen = view.shown_in_all + 1
        table.set_rows(view.rows, view.order, to_top=to_top)
        self.draw_lines()

    def _draw_columns(self) -> None:
        """Place the columns anew where there are others or of other widths, or where rows are seen otherwise."""
        view, table = self.view, self.table
        keys, conditions, kept = list(view.columns_wanted), view.narrowing.conditions, view.columns_kept
        placed = (keys, view.widths, conditions)
        if placed != self._placed:
            table.set_faces(faces(keys, self.around.clock, view.widths, view.seen if conditions else None))
        elif kept != self._kept:
            table.fit_anew()
        self._placed, self._kept = placed, kept

    def draw_lines(self) -> None:
        """Draw filter, chips and status; the chips and the providers are counted a moment later."""
        bar, view = self.bar, self.view
        bar.error = view.error
        shown, total = view.shown_in_all, view.rows_in_all
        bar.note = f"{shown:,} of {total:,}" if shown != total else f"{total:,}"
        bar.note = "…" if view.is_behind else bar.note + (" resemble it" if view.resembling else "")
        bar.draw()
        self.draw_chips()
        self.draw_providers()
        self.draw_status()
        if self._counting is not None:
            self._counting.stop()
        self._counting = self.set_timer(COUNT_DELAY_S, self._count_late)

    def count(self) -> None:
        """Count chips and providers now: who pressed one of them looks there."""
        if self._counting is not None:
            self._counting.stop()
        if not self.view.is_whole:
            self.catching_up.count()
            return
        self.counts = self.view.chip_counts()
        self.draw_chips()
        self.count_providers()

    @property
    def shows_list(self) -> bool:
        """Whether the providers are listed beside the table."""
        return self.lists_providers and self.size.width >= ROOMY

    def show_counts(self, counts: Counts) -> None:
        """Show what was counted beside the screen's loop."""
        self.counts = counts.chips
        self.provider_counts = self.provider_counts if counts.providers is None else counts.providers
        self.draw_chips()
        self.draw_providers()

    def _count_late(self) -> None:
        if self.view.is_large:
            self.catching_up.count_ahead()
            return
        self.count()
        self.view.warm_up()
        self.catching_up.keep_opening()
        self._counting = self.set_timer(BETWEEN_S, self._order_ahead)

    def _order_ahead(self) -> None:
        """Make one order a moment; the next key puts it off."""
        if self.view.row_set.orders.warm_up(self.view.columns_wanted):
            self._counting = self.set_timer(BETWEEN_S, self._order_ahead)

    def show_query(self) -> None:
        """Show what a chip or the list asks for, and count in the same paint."""
        super().show_query()
        self.count()

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
        pane, row, view = self.query_one("#detail", LinePane), self.table.current, self.view
        if not (pane.display and pane.size) or row is None:
            pane.forget()
            return
        if DETAILS not in sys.modules:
            return  # what tells them is loaded after the first frame
        minute = self.around.clock().timestamp() // 60  # the finest step in which ages are told
        pane.show_of(row, self.row_lines, view.catalog, (view.workload, minute))

    @on(PaneShown)
    def follow_pane(self) -> None:
        """Show the row of now in a pane that has come, once the rows are drawn: it may have been away for a while."""
        self.call_after_refresh(self.draw_detail)

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
        self.view.turn_by()
        self.remake_rows(to_top=True)
        self.remember()

    def remake_rows(self, *, to_top: bool = False, awaited: bool = True) -> None:
        """Show rows made as the view wants them now; `awaited` where a key asked for it."""
        if self.view.is_large:
            self.catching_up.remake(to_top=to_top, awaited=awaited)
        else:
            self.view.set_catalog(self.view.catalog)
            self.draw_rows(to_top=to_top)

    def once_caught_up(self, deed: Callable[[], object]) -> None:
        """Do something with the rows that were asked for, as soon as they are there."""
        self.catching_up.afterwards(deed)

    async def wait_for_rows(self) -> None:
        """Wait until the rows are those that were asked for."""
        await self.catching_up.wait()

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

        self.app.push_screen(OffersScreen(self.around, self.view, row.model))

    def action_detail_down(self) -> None:
        """Scroll the details down."""
        pane = self.query_one("#detail", LinePane)
        pane.scroll_to(y=pane.scroll_offset.y + pane.size.height // 2, animate=False)

    def action_detail_up(self) -> None:
        """Scroll the details up."""
        pane = self.query_one("#detail", LinePane)
        pane.scroll_to(y=pane.scroll_offset.y - pane.size.height // 2, animate=False)

    # -- data ----------------------------------------------------------------------------------------------

    def action_refresh(self) -> None:
        """Ask every source again."""
        self.post_message(RefreshAsked())

    @on(RefreshTold)
    def follow_refresh(self, message: RefreshTold) -> None:
        """Show how far the refresh is, and a new catalog where one was built."""
        if message.catalog is not None:
            self.catching_up.take(message.catalog)
        else:
            self.draw_status()
            self.catching_up.keep_opening()

    @on(MeasureTold)
    def follow_latency(self, message: MeasureTold) -> None:
        """Show a finished latency test in its row."""
        self.left_to_measure = message.left
        if message.sample is None:
            self.draw_status()
        else:
            self.view.note_sample(message.sample)
            self.remake_rows(awaited=False)
