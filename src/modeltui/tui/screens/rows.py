"""What can be done with a row of the table, the same in the main table and among a model's offers."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual import on

from modeltui.columns import COLUMNS_BY_KEY, Row
from modeltui.model import Offer
from modeltui.tui.backend import Surroundings
from modeltui.tui.messages import HeaderPressed, MeasureAsked, RowMarkPressed
from modeltui.tui.screens.tables import TableScreen
from modeltui.tui.view import View

if TYPE_CHECKING:
    from modeltui.tui.screens.choose import Choice
    from modeltui.tui.widgets.sheets import Hung

RUNS = 3
COMPARED_AT_MOST = 6


class RowScreen(TableScreen[Row]):
    """A table of models or offers and the deeds on its rows; `view` holds its state."""

    def __init__(self, around: Surroundings, view: View) -> None:
        super().__init__(around)
        self.view = view

    def draw_rows(self, *, to_top: bool = False) -> None:
        """Show the view's rows in its order."""
        raise NotImplementedError

    # -- order ---------------------------------------------------------------------------------------------

    def sort_by(self, key: str, *, added: bool = False) -> None:
        """Sort by a column; the column that leads already is reversed."""
        self.view.sort_by(key, added=added)
        self.draw_rows(to_top=True)

    @on(HeaderPressed)
    def sort_by_heading(self, message: HeaderPressed) -> None:
        """Sort by the heading that was clicked."""
        self.sort_by(message.key, added=message.added)

    def action_sort(self) -> None:
        """Choose the column to sort by."""
        from modeltui.tui.screens.choose import ChooseScreen  # not needed for the first frame

        options = [(face.key, face.title) for face in self.table.faces if face.key in COLUMNS_BY_KEY]
        chosen = self.view.sort[0][0] if self.view.sort else ""

        def sort(choice: "Choice | None") -> None:
            if choice is not None:
                self.sort_by(choice[0], added=choice[1])

        note = "Enter: sort by it    +: then by it"
        self.app.push_screen(ChooseScreen("Sort by", options, chosen=chosen, note=note, adds=True), sort)

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.view.reverse()
        self.draw_rows(to_top=True)

    # -- marks ---------------------------------------------------------------------------------------------

    def action_mark(self) -> None:
        """Mark the row, or take the mark away, and go on to the next."""
        self.mark()
        self.table.move(1)

    @on(RowMarkPressed)
    def mark(self) -> None:
        """Mark the row, or take the mark away."""
        if self.table.current is not None:
            self.view.toggle_mark(self.table.current)
            self.table.marked = self.view.marked.keys()
            self.table.redraw()

    def action_compare(self) -> None:
        """Show the marked rows side by side."""
        from modeltui.tui.screens.compare import CompareScreen  # not needed for the first frame

        rows = list(self.view.marked.values())
        if not 2 <= len(rows) <= COMPARED_AT_MOST:
            self.notify(f"Mark two to {COMPARED_AT_MOST} rows with space first; {len(rows)} marked now.")
            return
        self.app.push_screen(CompareScreen(self.around, [self.view.seen(row) for row in rows]))

    # -- one offer of the row ------------------------------------------------------------------------------

    def with_offer(self, deed: Callable[[Offer], None]) -> None:
        """Do something with the row's offer; where it has several, one is chosen first."""
        from modeltui.tui.screens.choose import ChooseScreen  # not needed for the first frame

        row = self.table.current
        if row is None:
            return
        if len(row.offers) == 1:
            deed(row.offers[0])
            return
        by_key = {offer.key: offer for offer in row.offers}

        def chosen(choice: "Choice | None") -> None:
            if choice is not None:
                deed(by_key[choice[0]])

        self.app.push_screen(ChooseScreen(f"{row.title}: which offer?", [(key, key) for key in by_key]), chosen)

    def action_copy_id(self) -> None:
        """Copy the id that a request must send."""
        self.with_offer(lambda offer: self._copy(offer.id))

    def action_copy_key(self) -> None:
        """Copy provider/id."""
        self.with_offer(lambda offer: self._copy(offer.key))

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self.notify(text, title="Copied")

    def action_open_page(self) -> None:
        """Open the web page of the offer, and say which it is."""
        self.with_offer(self._open_page)

    def _open_page(self, offer: Offer) -> None:
        from modeltui.tui.pages import page_of  # not needed for the first frame

        page = page_of(offer, self.view.catalog.sources)
        if page is None:
            self.notify(f"No page of {offer.key} is known.", severity="warning")
            return
        self.app.open_url(page)
        self.notify(page, title="Opened")

    def action_raw(self) -> None:
        """Show the record as a source sent it."""
        self.with_offer(self._choose_source)

    def _choose_source(self, offer: Offer) -> None:
        from modeltui.tui.screens.choose import ChooseScreen  # not needed for the first frame

        found = {
            source: raw for source in offer.sources if (raw := self.around.backend.raw(source, offer.id)) is not None
        }
        if not found:
            self.notify(f"No raw record of {offer.key} is at hand.", severity="warning")
        elif len(found) == 1:
            self._show_raw(offer, *found.popitem())
        else:
            options = [(source, source) for source in found]

            def chosen(choice: "Choice | None") -> None:
                if choice is not None:
                    self._show_raw(offer, choice[0], found[choice[0]])

            self.app.push_screen(ChooseScreen("Raw record of which source?", options), chosen)

    def _show_raw(self, offer: Offer, source: str, record: object) -> None:
        from modeltui.tui.screens.raw import RawScreen  # not needed for the first frame

        self.app.push_screen(RawScreen(self.around, f"{source}  {offer.id}", record))

    def action_latency(self) -> None:
        """Measure every offer of the row."""
        if self.table.current is not None:
            self.post_message(MeasureAsked(self.table.current.offers, RUNS))

    def action_export(self) -> None:
        """Write the rows and columns of this view to a file."""
        from modeltui.tui.screens.exports import Export  # not needed for the first frame

        keys = [face.key for face in self.table.faces if face.key in COLUMNS_BY_KEY]
        Export(self.app, self.view.rows_shown(), [COLUMNS_BY_KEY[key] for key in keys], self.around.clock()).begin()

    # -- details -------------------------------------------------------------------------------------------

    def row_lines(self, row: Row) -> "Iterable[Hung]":
        """Tell everything of a row."""
        from modeltui.tui.details import model_lines, offer_lines  # told after the first frame

        now, catalog, why = self.around.clock(), self.view.catalog, self.around.backend.why_missing
        if row.model is not None:
            return model_lines(row.model, catalog, now, why, self.view.workload)
        offer = row.offers[0]
        return offer_lines(offer, catalog, now, why, self.view.link_of(offer), self.view.workload)

    def action_details(self) -> None:
        """Show everything of the row on a screen of its own."""
        from modeltui.tui.screens.panes import DetailScreen  # not needed for the first frame

        row = self.table.current
        if row is not None:
            offer = row.offers[0] if len(row.offers) == 1 else None
            self.app.push_screen(DetailScreen(self.around, row.title, lambda: self.row_lines(row), offer))

    def action_help(self) -> None:
        """Show the keys of this screen."""
        from modeltui.tui.screens.panes import HelpScreen  # not needed for the first frame

        self.app.push_screen(HelpScreen(self.around, self.PLACE))
