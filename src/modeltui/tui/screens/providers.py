"""The list of providers as a screen, for terminals without room beside the table."""

from collections.abc import Callable
from typing import Any

from textual import on
from textual.app import ComposeResult

from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.messages import ListLeft, ProvidersChosen
from modeltui.tui.screens.panes import HelpScreen
from modeltui.tui.screens.tables import PlacedScreen
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.tui.widgets.providers import ProviderLine, ProviderList


class ProvidersScreen(PlacedScreen):
    """The list has the keys; what is chosen goes to the screen beneath at once."""

    PLACE = "providers"
    AUTO_FOCUS = "ProviderList"
    BINDINGS = bindings("providers")

    def __init__(
        self,
        around: Surroundings,
        lines: Callable[[], list[ProviderLine]],
        choose: Callable[[tuple[str, ...]], Any],
    ) -> None:
        super().__init__(around)
        self._lines = lines
        self._choose = choose

    def compose(self) -> ComposeResult:
        """Lay out title, list and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield ProviderList()
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        self.draw()

    def draw(self) -> None:
        """Show the providers as they are chosen now."""
        lines = self._lines()
        chosen = [line.slug for line in lines if line.chosen]
        said = f"  only {', '.join(chosen)}" if chosen else f"  all {len(lines)}"
        self.query_one("#caption", DrawnLine).show([(" Providers", "strong"), (said, "dim")])
        self.query_one(ProviderList).show(lines)

    @on(ProvidersChosen)
    def follow_providers(self, message: ProvidersChosen) -> None:
        """Ask for what was chosen in the list."""
        self._choose(message.slugs)
        self.draw()

    def action_providers(self) -> None:
        """Go back to the table."""
        self.dismiss()

    @on(ListLeft)
    def action_switch_list(self) -> None:
        """Go back to the table."""
        self.dismiss()

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))
