"""The list of providers beside the table: the same query as the filter's text, seen another way."""

from typing import TYPE_CHECKING

from textual import events, on

from modeltui.tui.keys import Place
from modeltui.tui.messages import ListLeft, ProvidersChosen
from modeltui.tui.screens.filtering import FilterScreen

if TYPE_CHECKING:
    # Imported where the list is shown: it is hidden at the usual start.
    from modeltui.tui.widgets.providers import ProviderLine, ProviderList

ROOMY = 100
"""Cells from which on the list stands beside the table; on a narrower terminal it is a screen."""


class FacetScreen(FilterScreen):
    """A screen of rows with a list of providers that can be shown."""

    lists_providers = False
    provider_counts: dict[str, int] | None = None
    """Rows by provider; `None` until they are counted."""

    @property
    def providers_list(self) -> "ProviderList":
        """The list, which is made when it is first shown."""
        from modeltui.tui.widgets.providers import ProviderList

        return self.query_one(ProviderList)

    @property
    def list_has_keys(self) -> bool:
        """Whether keys go to the list."""
        return self.focused is not None and self.focused.id == "providers"

    @property
    def hinted(self) -> Place:
        """Hint at the keys of the list while it has them."""
        return "providers" if self.list_has_keys else self.PLACE

    def remember(self) -> None:
        """Have what was chosen remembered for the next run."""
        raise NotImplementedError

    def provider_lines(self) -> "list[ProviderLine]":
        """Make the lines from what was counted last and what is chosen now."""
        from modeltui.tui.widgets.providers import provider_lines

        return provider_lines(self.view.catalog, self.provider_counts or {}, self.view.providers_chosen)

    def count_providers(self) -> None:
        """Count the rows of each provider, where the list is shown."""
        if self.lists_providers and self.size.width >= ROOMY and self.view.is_whole:
            self.provider_counts = self.view.provider_counts()
            self.draw_providers()

    def draw_providers(self) -> None:
        """Draw the list, once something is counted."""
        if self.lists_providers and self.provider_counts is not None:
            self.providers_list.show(self.provider_lines())

    def list_providers(self, *, shown: bool) -> None:
        """Show the list or hide it; the table has the keys afterwards."""
        self.lists_providers = shown
        self.set_class(shown, "-listed")
        if shown and not self.query("#providers"):
            self._make_list()
        self.set_focus(None)
        self.call_after_refresh(self.count_providers)

    def _make_list(self) -> None:
        from modeltui.tui.widgets.providers import ProviderList

        for body in self.query("#body"):  # there is none yet while the screen is composed, which then makes the list
            body.mount(ProviderList(id="providers"), before=0)

    def action_providers(self) -> None:
        """Show the list and give it the keys, or hide it; on a narrow terminal it is a screen."""
        if self.size.width < ROOMY:
            from modeltui.tui.screens.providers import ProvidersScreen  # not needed for the first frame

            self.provider_counts = self.view.provider_counts()
            self.app.push_screen(ProvidersScreen(self.around, self.provider_lines, self.choose_providers))
            return
        self.list_providers(shown=not self.lists_providers)
        if self.lists_providers:
            self.set_focus(self.providers_list)
        self.remember()

    def action_switch_list(self) -> None:
        """Give the keys to the list or back to the table."""
        if self.list_has_keys or not self.lists_providers or self.size.width < ROOMY:
            self.set_focus(None)
        else:
            self.set_focus(self.providers_list)

    def choose_providers(self, slugs: tuple[str, ...]) -> None:
        """Ask for the rows of these providers; the filter's text follows."""
        self.view.choose_providers(slugs)
        self.show_query()

    @on(ProvidersChosen)
    def follow_providers(self, message: ProvidersChosen) -> None:
        """Ask for what was chosen in the list."""
        self.choose_providers(message.slugs)

    @on(ListLeft)
    def leave_list(self) -> None:
        """Give the keys back to the table."""
        self.set_focus(None)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def follow_focus(self) -> None:
        """Hint at the keys that hold now."""
        self.draw_hints()

    def action_filter(self) -> None:
        """Begin to type; the list gives its keys away."""
        self.set_focus(None)
        super().action_filter()

    @on(events.Resize)
    def follow_width(self) -> None:
        """Take the keys from a list that there is no room for."""
        if self.size.width < ROOMY:
            self.set_focus(None)
