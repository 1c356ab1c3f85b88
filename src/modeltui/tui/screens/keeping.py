"""What a person keeps of the main table: favourites, hidden rows, saved views, a workload; all of it remembered."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual import on

from modeltui.errors import ConfigError
from modeltui.format import clean
from modeltui.tui.messages import ThemeChosen
from modeltui.tui.remembered import workload_remembered
from modeltui.tui.screens.facets import FacetScreen

if TYPE_CHECKING:
    from modeltui.tui.screens.choose import Choice

NO_VIEWS = 'No view is saved. The config\'s [views] holds them: cheap-tools = "tools ctx>=128k sort:in"'


class KeepScreen(FacetScreen):
    """A screen of rows that remembers what was decided on it."""

    @on(ThemeChosen)
    def remember(self) -> None:
        """Have what was chosen remembered for the next run."""
        state = {**self.view.saved(), "theme": self.app.theme, "providers_shown": self.lists_providers}
        self.around.backend.save_view(state)

    def recall(self, saved: Mapping[str, object]) -> None:
        """Take up the workload and the list of providers where the last run left them."""
        try:
            workload = workload_remembered(saved, self.around.backend.config)
        except ConfigError as error:
            self.notify(error.message, title="Config", severity="warning")
            workload = None
        if workload is not None:
            self.view.want_workload(workload)
        if saved.get("providers_shown") is True:
            self.list_providers(shown=True)

    def sort_by(self, key: str, *, added: bool = False) -> None:
        """Sort, and remember it."""
        super().sort_by(key, added=added)
        self.remember()

    def action_reverse(self) -> None:
        """Reverse the order, and remember it."""
        super().action_reverse()
        self.remember()

    # -- favourites and hidden rows ------------------------------------------------------------------------

    def action_favourite(self) -> None:
        """Make the row a favourite, or no longer."""
        if self.table.current is not None:
            self.view.toggle_favourite(self.table.current)
            self.draw_rows()
            self.remember()

    def action_favourites_first(self) -> None:
        """Put the favourites above all other rows, or no longer."""
        first = self.view.toggle_favourites_first()
        self.draw_rows(to_top=True)
        self.remember()
        none = "" if self.view.favourites else "; * makes the first one"
        self.notify(f"Favourites first{none}." if first else "Favourites stand among the others.")

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

    # -- saved views ---------------------------------------------------------------------------------------

    def show_view(self, text: str) -> None:
        """Put a saved query into the filter."""
        self.bar.editor.set(text)
        self.follow_text()

    def extra_commands(self) -> Iterable[tuple[str, str, Callable[[], object]]]:
        """Offer the saved views in the palette."""
        for name, text in self.around.backend.config.views.items():
            yield f"View: {clean(name)}", clean(text), partial(self.show_view, text)

    def action_saved_views(self) -> None:
        """Choose one of the saved views."""
        from modeltui.tui.screens.choose import ChooseScreen  # not needed for the first frame

        views = self.around.backend.config.views
        if not views:
            self.notify(NO_VIEWS)
            return

        def chosen(choice: "Choice | None") -> None:
            if choice is not None:
                self.show_view(views[choice[0]])

        width = max(map(len, views))
        options = [(name, f"{name:<{width}}  {text}") for name, text in views.items()]
        self.app.push_screen(ChooseScreen("Saved views", options), chosen)

    # -- columns -------------------------------------------------------------------------------------------

    def action_columns(self) -> None:
        """Choose the columns, their order and their widths."""
        from modeltui.tui.screens.columns import ColumnsChosen, ColumnsScreen  # not needed for the first frame

        def take(chosen: ColumnsChosen | None) -> None:
            if chosen is not None:
                self.view.choose_columns(chosen.keys, chosen.widths)
                self.draw_rows()
                self.remember()

        self.app.push_screen(ColumnsScreen([face.key for face in self.table.faces], self.view.widths), take)

    # -- workload ------------------------------------------------------------------------------------------

    def remake_rows(self, *, to_top: bool = False, awaited: bool = True) -> None:
        """Show rows made as the view wants them now; `awaited` where a key asked for it."""
        raise NotImplementedError

    def action_workload(self) -> None:
        """Ask what requests are made of, and cost every offer for them."""
        from modeltui.tui.screens.forms import FormScreen  # not needed for the first frame
        from modeltui.tui.workload import workload_fields, workload_typed

        def take(texts: dict[str, str] | None) -> None:
            if texts is not None:
                self.view.want_workload(workload_typed(texts))
                self.remake_rows()
                self.remember()

        note = "No tokens at all: no column of costs."
        asked = FormScreen("What your requests are made of", workload_fields(self.view.workload), note)
        self.app.push_screen(asked, take)
