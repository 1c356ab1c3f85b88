"""A few pictures at the sizes that matter; behaviour is asserted elsewhere."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from hand import Hand
from screen_stand_in import MakeApp

SnapCompare = Callable[..., bool]


def after(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Press keys and wait until the chips are counted, which happens a moment after the last key."""

    async def press(pilot: Pilot[None]) -> None:
        hand = Hand(pilot.app)
        await hand.press(*keys)
        await hand.counted()

    return press


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_the_table(snap_compare: SnapCompare, make_app: MakeApp, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(), run_before=after(), terminal_size=size)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_a_filter_with_a_mistake(snap_compare: SnapCompare, make_app: MakeApp, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(), run_before=after("slash", *"qwen ctx>=12xk"), terminal_size=size)


def test_the_offers_of_a_model(snap_compare: SnapCompare, make_app: MakeApp) -> None:
    assert snap_compare(make_app(), run_before=after("slash", *"qwen3", "enter", "enter"), terminal_size=(120, 40))


def test_the_sources(snap_compare: SnapCompare, make_app: MakeApp) -> None:
    assert snap_compare(make_app(), run_before=after("p"), terminal_size=(80, 24))


def test_a_light_theme(snap_compare: SnapCompare, make_app: MakeApp) -> None:
    assert snap_compare(make_app(theme="textual-light"), run_before=after("space", "asterisk"), terminal_size=(120, 40))


def test_the_providers_beside_the_table_and_the_details(snap_compare: SnapCompare, make_app: MakeApp) -> None:
    assert snap_compare(make_app(), run_before=after("t", "down", "space"), terminal_size=(200, 50))


def test_the_workload_on_80_columns(snap_compare: SnapCompare, make_app: MakeApp) -> None:
    keys = ("w", *"8k", "tab", *"1000", "tab", *"7x")
    assert snap_compare(make_app(), run_before=after(*keys), terminal_size=(80, 24))


def test_two_models_compared(snap_compare: SnapCompare, make_app: MakeApp) -> None:
    assert snap_compare(make_app(), run_before=after("space", "space", "c"), terminal_size=(120, 40))
