"""The command palette: the actions of the screen beneath it, by name."""

from collections.abc import Callable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from modeltui.tui.keys import Action, actions_of, keys_of, shown_key
from modeltui.tui.screens.tables import PlacedScreen


class ActionCommands(Provider):
    """Offers every declared action of the active screen, with its key."""

    def _actions(self) -> list[tuple[str, Action]]:
        screen = self.screen
        if not isinstance(screen, PlacedScreen):
            return []
        keys = screen.around.keys
        return [
            (f"{action.label.capitalize()}  ({shown_key(keys_of(action, keys)[0])})", action)
            for action in actions_of(screen.PLACE)
            if action.palette
        ]

    def _extra(self) -> list[tuple[str, str, Callable[[], object]]]:
        screen = self.screen
        return list(screen.extra_commands()) if isinstance(screen, PlacedScreen) else []

    async def discover(self) -> Hits:
        """Offer everything before a letter is typed."""
        for name, action in self._actions():
            yield DiscoveryHit(name, partial(self.screen.run_action, action.call), name, action.help)
        for name, about, deed in self._extra():
            yield DiscoveryHit(Content(name), deed, name, about)

    async def search(self, query: str) -> Hits:
        """Offer what fits the letters, in the label or the explanation."""
        matcher = self.matcher(query)
        for name, action in self._actions():
            score = max(matcher.match(name), matcher.match(action.help) * 0.5)
            if score > 0:
                run = partial(self.screen.run_action, action.call)
                yield Hit(score, matcher.highlight(name), run, name, action.help)
        for name, about, deed in self._extra():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, Content(name), deed, name, about)
