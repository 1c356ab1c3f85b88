"""The ways from the table to the screens that tell of all of it: charts, changes, gaps, review."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from modeltui.model import Offer
from modeltui.query import matching_offers
from modeltui.tui.progress import Progress
from modeltui.tui.screens.filtering import FilterScreen
from modeltui.tui.screens.linking import Linking


class Reports(Linking, FilterScreen):
    """A screen with a filter that charts, changes, gaps and the review are opened from."""

    progress: Progress
    last_visit: datetime | None = None
    _visiting = False

    def on_mount(self) -> None:
        """Remember this visit once the first frame stands."""
        self.call_after_refresh(self._begin_visit)

    def _begin_visit(self) -> None:
        # Textual calls the handler of every class, and a subclass calls this one too: a visit begins once.
        if not self._visiting:
            self._visiting = True
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
        self.once_caught_up(partial(self._jump, offer))

    def _jump(self, offer: Offer) -> None:
        key = offer.key if self.view.by == "offer" else offer.model
        if self._go_to(key):
            return
        if all(row.key != key for row in self.view.rows):
            self.notify(f"{offer.key} is not listed any more.")
            return
        self.bar.editor.set("")
        self.follow_text()
        self.once_caught_up(partial(self._go_or_tell, offer.key, key))

    def _go_or_tell(self, name: str, key: str) -> None:
        if not self._go_to(key):
            self.notify(f"{name} is hidden; X shows hidden rows.")

    def once_caught_up(self, deed: Callable[[], object]) -> None:
        """Do something with the rows that were asked for, as soon as they are there."""
        raise NotImplementedError

    def _go_to(self, key: str) -> bool:
        table = self.table
        place = next((place for place, index in enumerate(table.order) if table.rows[index].key == key), None)
        if place is not None:
            table.move(place - table.cursor)
        return place is not None

    def action_sources(self) -> None:
        """Show every source."""
        from modeltui.tui.screens.sources import SourcesScreen  # not needed for the first frame

        self.app.push_screen(SourcesScreen(self.around, self.view.catalog, self.progress))

    def action_gaps(self) -> None:
        """Show how two sources join."""
        from modeltui.tui.screens.gaps import GapsScreen  # not needed for the first frame

        self.app.push_screen(GapsScreen(self.around, self.view.catalog))

    def action_review(self) -> None:
        """Show links and look-alikes that a person should judge."""
        from modeltui.tui.screens.review import ReviewScreen  # not needed for the first frame

        self.app.push_screen(ReviewScreen(self.around, self.view.catalog))
