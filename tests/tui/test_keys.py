"""The declaration of keys: complete, free of clashes, and what the README shows."""

from collections import Counter

import pytest

from modeltui.tui.app import ModelTuiApp
from modeltui.tui.keys import ACTIONS, APP_ACTIONS, Place, actions_of, keys_of, markdown_table
from modeltui.tui.screens.analysis import AnalysisScreen
from modeltui.tui.screens.browse import BrowseScreen
from modeltui.tui.screens.changes import ChangesScreen
from modeltui.tui.screens.compare import CompareScreen
from modeltui.tui.screens.gaps import GapsScreen
from modeltui.tui.screens.offers import OffersScreen
from modeltui.tui.screens.panes import DetailScreen, HelpScreen
from modeltui.tui.screens.providers import ProvidersScreen
from modeltui.tui.screens.raw import RawScreen
from modeltui.tui.screens.review import ReviewScreen
from modeltui.tui.screens.sources import SourcesScreen
from modeltui.tui.screens.tables import PlacedScreen
from modeltui.tui.widgets.providers import ProviderList

SCREENS: dict[Place, type[PlacedScreen]] = {
    "browse": BrowseScreen,
    "offers": OffersScreen,
    "sources": SourcesScreen,
    "compare": CompareScreen,
    "detail": DetailScreen,
    "raw": RawScreen,
    "help": HelpScreen,
    "providers": ProvidersScreen,
    "analysis": AnalysisScreen,
    "gaps": GapsScreen,
    "changes": ChangesScreen,
    "review": ReviewScreen,
}


@pytest.mark.parametrize("place", SCREENS)
def test_no_key_means_two_things_on_one_screen(place: Place) -> None:
    counted = Counter(key for action in actions_of(place) for key in keys_of(action, {}))
    assert [key for key, number in counted.items() if number > 1] == []


@pytest.mark.parametrize("place", SCREENS)
def test_every_declared_action_can_be_done_where_it_is_declared(place: Place) -> None:
    for action in actions_of(place):
        owners: tuple[type, ...] = (ModelTuiApp,) if action.name in APP_ACTIONS else (SCREENS[place],)
        owners += (ProviderList,) if place == "providers" else ()
        assert any(hasattr(owner, f"action_{action.name}") for owner in owners), action.name


def test_ids_are_unique_so_that_a_config_can_name_them() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_the_readme_table_has_a_row_for_every_action() -> None:
    assert len(markdown_table().splitlines()) == len(ACTIONS) + 4
