"""Keys that come faster than the program handles them, as from a quick hand or while it is still starting."""

import pytest

from hand import running
from modeltui.tui.keys import Place
from modeltui.tui.screens.forms import FormScreen
from modeltui.tui.screens.tables import PlacedScreen
from screen_stand_in import MakeApp, browse, titles

pytestmark = pytest.mark.usefixtures("each_way")


async def test_a_query_typed_at_once_is_a_query_and_no_commands(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        every = titles(app)
        await hand.press_at_once("/", *"qwen", "backspace", "n")
        assert app.screen is browse(app)
        assert browse(app).bar.editor.text == "qwen"
        assert 0 < len(titles(app)) < len(every)


async def test_what_follows_the_end_of_a_query_moves_in_the_table(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        await hand.press_at_once("/", "e", "enter", "j", "j", "k")
        assert browse(app).bar.editor.text == "e"
        assert browse(app).table.cursor == 1


async def test_keys_after_the_end_do_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        screen = browse(app)
        await hand.press_at_once("q", *"w5S")
    assert app.return_code == 0
    assert screen.view.query.terms == ()


async def test_keys_that_come_while_a_form_opens_are_no_commands_of_the_screen_below(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        await hand.press_at_once("w", "1", "2")
        assert isinstance(app.screen, FormScreen)
        assert browse(app).view.query.terms == ()


@pytest.mark.parametrize(("opens", "place"), [("p", "sources"), ("?", "help"), ("a", "analysis")])
async def test_a_screen_opened_and_left_at_once_leaves_the_table_in_charge(
    make_app: MakeApp, opens: str, place: Place
) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        await hand.press_at_once(opens)
        opened = app.screen
        assert isinstance(opened, PlacedScreen)
        assert place == opened.PLACE
        await hand.press("escape")
        await hand.press_at_once(opens, "escape", "j")
        assert app.screen is browse(app)


@pytest.mark.parametrize("keys", [("s", "a", "escape"), ("s", "enter", "enter"), ("w", "escape"), ("v", "j", "escape")])
async def test_a_list_or_a_form_opened_and_left_at_once_takes_nothing_with_it(
    make_app: MakeApp, keys: tuple[str, ...]
) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        await hand.press_at_once(*keys)
        await hand.press("escape")
        assert app.screen is browse(app)
        assert app.is_running


async def test_a_screen_that_was_left_is_not_left_again(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        await hand.press("p")
        opened = app.screen
        assert isinstance(opened, PlacedScreen)
        opened.action_back()
        opened.action_back()
        await hand.settle()
        assert app.screen is browse(app)


async def test_the_palette_takes_keys_as_ever(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (120, 40)) as hand:
        await hand.press("ctrl+p")
        assert app.screen is not browse(app)
        await hand.press("escape")
        assert app.screen is browse(app)
