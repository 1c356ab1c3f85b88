"""The ways from the table to the screens that tell of all of it: charts, changes, gaps, review."""

from datetime import datetime

from modeltui.model import Offer
from modeltui.query import matching_offers
from modeltui.tui.screens.deciding import Deciding
from modeltui.tui.screens.filtering import FilterScreen
from modeltui.tui.view import OFFER


class Reports(Deciding, FilterScreen):
    """A screen with a filter that charts, changes, gaps and the review are opened from."""

    last_visit: datetime | None = None

    def on_mount(self) -> None:
        """Remember this visit once the first frame stands."""
        super().on_mount()
        self.call_after_refresh(self._begin_visit)

    def _begin_visit(self) -> None:
        self.last_visit = self.around.backend.begin_visit()

    def action_analysis(self) -> None:
        """Show charts of the rows in view."""
        from modeltui.tui.screens.analysis import AnalysisScreen  # not needed for the first frame

        view, now = self.view, self.around.clock()
        rows = [view.rows[index] for index in view.order]
        found = [
            (row, matching_offers(view.query, row, now, view.favourites) or range(len(row.offers))) for row in rows
        ]
        self.app.push_screen(AnalysisScreen(self.around, found, self.table.current, view.text, self.narrow))

    def narrow(self, query: str) -> None:
        """Add a query to the filter."""
        self.bar.editor.set(f"{self.view.text.rstrip()} {query}".strip())
        self.follow_text()

    def action_changes(self) -> None:
        """Show what changed."""
        from modeltui.tui.screens.changes import ChangesScreen  # not needed for the first frame

        self.app.push_screen(ChangesScreen(self.around, self.last_visit, self.jump))

    def jump(self, offer: Offer) -> None:
        """Put the cursor on the row of an offer; a filter that hides it is cleared."""
        key = offer.key if self.view.by == OFFER else offer.model
        if self.table.go_to(key):
            return
        if all(row.key != key for row in self.view.rows):
            self.notify(f"{offer.key} is not listed any more.")
            return
        self.bar.editor.set("")
        self.follow_text()
        if not self.table.go_to(key):
            self.notify(f"{offer.key} is hidden; X shows hidden rows.")

    def action_gaps(self) -> None:
        """Show how two sources join."""
        from modeltui.tui.screens.gaps import GapsScreen  # not needed for the first frame

        self.app.push_screen(GapsScreen(self.around, self.view.catalog))

    def action_review(self) -> None:
        """Show links and look-alikes that a person should judge."""
        from modeltui.tui.screens.review import ReviewScreen  # not needed for the first frame

        self.app.push_screen(ReviewScreen(self.around, self.view.catalog))
