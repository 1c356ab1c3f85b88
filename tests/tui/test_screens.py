"""The screens behind the main one: offers, sources, compare, raw record, help, columns, palette."""

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList, Tree

from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.browse import BrowseScreen
from modeltui.tui.screens.choose import ChooseScreen
from modeltui.tui.screens.columns import ColumnsScreen
from modeltui.tui.screens.compare import CompareScreen
from modeltui.tui.screens.offers import OffersScreen
from modeltui.tui.screens.panes import DetailScreen, HelpScreen
from modeltui.tui.screens.raw import RawScreen
from modeltui.tui.screens.sources import SourcesScreen
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from screen_stand_in import MakeApp, StandIn

SIZE = (120, 40)


def browse(app: ModelTuiApp) -> BrowseScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, BrowseScreen)
    return screen


async def test_enter_opens_the_offers_of_a_model_cheapest_first(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter", "enter")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, OffersScreen)
        rows = [screen.view.rows[index] for index in screen.view.order]
        assert [row.offers[0].provider for row in rows] == ["chutes", "openrouter"]
        await pilot.press("S", "enter")
        await pilot.pause()
        assert isinstance(app.screen, DetailScreen)
        assert "qwen/qwen3-32b" in app.screen.query_one(LinePane).text
        await pilot.press("escape", "escape")
        assert len(app.screen_stack) == 1


async def test_the_offers_follow_a_new_catalog(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter", "enter")
        await pilot.pause()
        app.refresh_sources()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, OffersScreen)
        assert len(app.screen.view.rows) == 2


async def test_the_sources_screen_says_what_failed_and_what_to_do(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, SourcesScreen)
        current = screen.table.current
        assert current is not None
        assert current.source == "venice/models"
        await pilot.press("enter")
        await pilot.pause()
        told = app.screen.query_one(LinePane).text
        assert "timed out after 20 s" in told
        assert "check the network" in told


async def test_the_sources_screen_is_live_during_a_refresh(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    backend.gate.clear()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p")
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, SourcesScreen)
        state = next(face for face in screen.table.faces if face.key == "state")
        assert {state.cell(row).text for row in screen.table.rows} >= {"asking", "skipped"}
        backend.gate.set()
        await app.workers.wait_for_complete()


async def test_marked_rows_are_compared_side_by_side(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space")
        await pilot.press("c")
        assert len(app.screen_stack) == 1
        await pilot.press("space", "space", "c")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        context = next(line for line in screen.table.rows if line.key == "context")
        assert context.differs
        assert context.best.count(True) == 1


async def test_the_raw_record_is_a_tree_of_plain_text(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("J")
        await pilot.pause()
        assert isinstance(app.screen, RawScreen)
        tree = app.screen.query_one(Tree)
        tree.root.expand_all()
        await pilot.pause()
        assert "\x1b" not in app.export_screenshot()
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_y_copies_the_id_and_asks_which_where_there_are_several(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("y")
        assert app.clipboard == "mistral-large-2512"
        await pilot.press("slash", *"qwen3", "enter", "Y")
        await pilot.pause()
        assert isinstance(app.screen, ChooseScreen)
        await pilot.press("down", "enter")
        assert app.clipboard == "openrouter/qwen/qwen3-32b"


async def test_s_chooses_a_column_and_plus_adds_a_further_one(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        browse(app).sort_by("provider")
        await pilot.press("s")
        await pilot.pause()
        entries = app.screen.query_one(OptionList)
        entries.highlighted = [face.key for face in browse(app).table.faces].index("context")
        await pilot.press("plus")
        await pilot.pause()
        assert browse(app).view.sort == (("provider", False), ("context", True))


async def test_columns_are_chosen_and_remembered(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert isinstance(app.screen, ColumnsScreen)
        await pilot.press("space", "enter")
        await pilot.pause()
        assert "provider" not in [face.key for face in browse(app).table.faces]
        assert "model" in str(backend.view["columns"])


async def test_the_help_lists_the_keys_of_the_screen_it_was_asked_on(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        told = app.screen.query_one(LinePane).text
        assert "Measure time to first token" in told
        assert "ctx>=128k" in told


async def test_the_palette_runs_the_declared_actions(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        await pilot.press(*"models/offers")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await pilot.pause(0.3)
        assert browse(app).view.by == "offer"


async def test_one_deployment_is_asked_for_on_demand(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "slash", *"chutes", "enter", "i")
        await pilot.pause()
        await pilot.press("u")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "asked now" in app.screen.query_one(LinePane).text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (40, 10), (20, 5)])
async def test_every_size_draws_and_every_screen_opens(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with app.run_test(size=size) as pilot:
        for key in ("p", "question_mark", "i", "J", "v", "s"):
            await pilot.press(key)
            await pilot.pause()
            assert app.screen is not browse(app)
            await pilot.press("escape")
        assert app.is_running


async def test_the_keys_of_the_config_take_the_place_of_the_declared_ones(backend: StandIn) -> None:
    from screen_stand_in import NOW

    app = ModelTuiApp(backend, clock=lambda: NOW, auto_refresh=False, keys={"toggle_view": "t"})
    async with app.run_test(size=SIZE) as pilot:
        assert "t models/offers" in browse(app).query_one("#hints", DrawnLine).text
        await pilot.press("m")
        assert browse(app).view.by == "model"
        await pilot.press("t")
        assert browse(app).view.by == "offer"


async def test_q_leaves(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0
