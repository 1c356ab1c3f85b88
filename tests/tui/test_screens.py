"""The screens behind the main one: offers, sources, compare, raw record, help, columns, palette."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList, Tree

from hand import Hand, running
from modeltui.config import Config
from modeltui.model import Claim, Model
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.choose import ChooseScreen
from modeltui.tui.screens.columns import ColumnsScreen
from modeltui.tui.screens.compare import CompareScreen
from modeltui.tui.screens.offers import OffersScreen
from modeltui.tui.screens.panes import DetailScreen, HelpScreen
from modeltui.tui.screens.raw import RawScreen
from modeltui.tui.screens.sources import SourcesScreen
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from screen_stand_in import MakeApp, StandIn, browse

SIZE = (120, 40)


async def test_enter_opens_the_offers_of_a_model_cheapest_first(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
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
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter", "enter")
        await pilot.pause()
        app.refresh_sources()
        await pilot.done()
        assert isinstance(app.screen, OffersScreen)
        assert len(app.screen.view.rows) == 2


async def test_the_sources_screen_says_what_failed_and_what_to_do(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
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
    async with running(app, SIZE) as pilot:
        await pilot.press("p")
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, SourcesScreen)
        state = next(face for face in screen.table.faces if face.key == "state")
        assert {state.cell(row).text for row in screen.table.rows} >= {"asking", "skipped"}
        backend.gate.set()
        await pilot.done()


async def test_marked_rows_are_compared_side_by_side(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
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
    async with running(app, SIZE) as pilot:
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
    async with running(app, SIZE) as pilot:
        await pilot.press("y")
        assert app.clipboard == "mistral-large-2512"
        await pilot.press("slash", *"qwen3", "enter", "Y")
        await pilot.pause()
        assert isinstance(app.screen, ChooseScreen)
        await pilot.press("down", "enter")
        assert app.clipboard == "openrouter/qwen/qwen3-32b"


async def test_s_chooses_a_column_and_plus_adds_a_further_one(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
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
    async with running(app, SIZE) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert isinstance(app.screen, ColumnsScreen)
        await pilot.press("space", "enter")
        await pilot.pause()
        assert "provider" not in [face.key for face in browse(app).table.faces]
        assert "model" in str(backend.view["columns"])


async def test_the_help_lists_the_keys_of_the_screen_it_was_asked_on(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        told = app.screen.query_one(LinePane).text
        assert "Measure time to first token" in told
        assert "ctx>=128k" in told


async def found_in_palette(pilot: Hand, name: str) -> None:
    """Wait until the palette has found what was typed, and nothing else."""
    found = pilot.app.screen.query_one(OptionList)
    await pilot.until(lambda: [str(option.prompt).startswith(name) for option in found.options] == [True])


async def test_the_palette_runs_the_declared_actions(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert isinstance(app.screen, CommandPalette)
        await pilot.press(*"models/offers")
        await found_in_palette(pilot, "Models/offers")
        await pilot.press("enter")
        await pilot.until(lambda: browse(app).view.by == "offer")
        assert browse(app).view.by == "offer"


async def test_one_deployment_is_asked_for_on_demand(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("m", "slash", *"chutes", "enter", "i")
        await pilot.pause()
        await pilot.press("u")
        await pilot.done()
        assert "asked now" in app.screen.query_one(LinePane).text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (40, 10), (20, 5)])
async def test_every_size_draws_and_every_screen_opens(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with running(app, size) as pilot:
        for key in ("p", "question_mark", "i", "J", "v", "s"):
            await pilot.press(key)
            await pilot.pause()
            assert app.screen is not browse(app)
            await pilot.press("escape")
        assert app.is_running


async def test_the_keys_of_the_config_take_the_place_of_the_declared_ones(backend: StandIn) -> None:
    from screen_stand_in import NOW

    app = ModelTuiApp(backend, clock=lambda: NOW, auto_refresh=False, keys={"toggle_view": "t"})
    async with running(app, SIZE) as pilot:
        assert "t models/offers" in browse(app).query_one("#hints", DrawnLine).text
        await pilot.press("m")
        assert browse(app).view.by == "model"
        await pilot.press("t")
        assert browse(app).view.by == "offer"


async def test_q_leaves(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0


async def test_columns_are_widened_moved_and_remembered(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("v", "down", "greater_than_sign", "greater_than_sign", "K", "J", "J", "enter")
        await pilot.pause()
        placed = {each.face.key: each.width for each in browse(app).table.layout_now.placed}
        assert [face.key for face in browse(app).table.faces][:4] == ["model", "provider", "output", "context"]
        assert placed["context"] == 12
        assert backend.view["widths"] == {"context": 12}
    app = make_app()
    async with running(app, SIZE):
        assert {each.face.key: each.width for each in browse(app).table.layout_now.placed} == placed


async def test_a_click_with_shift_sorts_by_a_further_column(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        table = browse(app).table
        places = {placed.face.key: placed.x + 2 for placed in table.layout_now.placed}
        await pilot.click(table, offset=(places["context"], 0))
        await pilot.click(table, offset=(places["in"], 0), shift=True)
        await pilot.pause()
        assert browse(app).view.sort == (("context", True), ("in", False))


async def test_the_columns_and_the_order_of_the_config_are_the_first_ones(make_app: MakeApp, backend: StandIn) -> None:
    backend.config = Config(columns=("model", "in", "nonsense"), sort=("-in",))
    app = make_app()
    async with running(app, SIZE):
        assert [face.key for face in browse(app).table.faces] == ["model", "in"]
        assert browse(app).view.sort == (("in", True),)


async def test_the_offers_that_the_filter_asked_for_are_told_from_the_others(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3 ctx>=100k", "enter", "enter")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, OffersScreen)
        assert "1 of them fit: ctx>=100k" in screen.query_one("#caption", DrawnLine).text
        fits = next(face for face in screen.table.faces if face.key == "fit")
        assert [fits.cell(row).text for row in screen.view.rows] == ["✓", "no"]
        screen.sort_by("fit")
        assert screen.view.sort == (("in", False),)


async def test_without_conditions_no_offer_is_told_from_the_others(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter", "enter")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, OffersScreen)
        assert "fit" not in [face.key for face in screen.table.faces]


async def test_models_are_compared_by_one_offer_each(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        browse(app).sort_by("in")
        await pilot.press("space", "space", "c")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        lines = {line.key: line for line in screen.table.rows}
        assert lines["provider"].texts == ("openrouter", "chutes")
        assert lines["in"].texts == ("$0", "$0.08")
        assert lines["in"].best == (True, False)
        assert lines["offers"].texts == ("1", "2")
        cells = [face.cell(lines["in"]).text for face in screen.table.faces]
        assert cells == ["≠ In $/M", "★ $0", "  $0.08"]
        assert "a model by its cheapest offer" in screen.query_one("#caption", DrawnLine).text


async def test_the_whole_error_and_hint_of_a_source_are_readable_on_80_columns(
    make_app: MakeApp, backend: StandIn
) -> None:
    error = "the answer is no list of models: " + "expected an array under data, found an object " * 2
    sources = tuple(
        msgspec.structs.replace(status, error=error, hint="see `modeltui raw venice/models`, then report it")
        if status.source == "venice/models" else status
        for status in backend.catalog.sources
    )  # fmt: skip
    backend.catalog = msgspec.structs.replace(backend.catalog, sources=sources)
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        await pilot.press("p")
        await pilot.pause()
        pane = app.screen.query_one("#told", LinePane)
        strips = pane.render_lines(pane.size.region)
        drawn = " ".join(" ".join(strip.text for strip in strips).split())
        assert error.strip() in drawn
        assert "then report it" in drawn
        await pilot.press("down")
        await pilot.pause()
        assert "venice" not in pane.text


async def test_u_is_hinted_only_where_somebody_can_be_asked(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("m", "slash", *"mistral", "enter", "i")
        await pilot.pause()
        assert "ask now" not in app.screen.query_one("#hints", DrawnLine).text
        await pilot.press("u", "escape", "slash", "ctrl+u", *"chutes", "enter", "i")
        await pilot.pause()
        assert "ask now" in app.screen.query_one("#hints", DrawnLine).text


async def test_the_endpoints_behind_an_offer_are_listed_cheapest_first(make_app: MakeApp, backend: StandIn) -> None:
    backend.answer = {
        "deepinfra/fp8 prices.input": Claim(Decimal("0.2"), "openrouter/endpoints", "pricing.prompt"),
        "deepinfra/fp8 prices.output": Claim(Decimal("0.4"), "openrouter/endpoints", "pricing.completion"),
        "deepinfra/fp8 uptime": Claim(Decimal("99.2"), "openrouter/endpoints", "uptime_last_30m"),
        "groq prices.input": Claim(Decimal("0.1"), "openrouter/endpoints", "pricing.prompt"),
        "groq context_length": Claim(131072, "openrouter/endpoints", "context_length"),
    }
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("m", "slash", *"grok", "enter", "i", "u")
        await pilot.done()
        told = app.screen.query_one(LinePane).text
        assert "2 endpoints, asked now" in told
        assert told.index("groq ") < told.index("deepinfra/fp8")
        assert "$0.2 / $0.4  up >99 %" in told
        assert "context 131K" in told


async def test_saved_views_are_chosen_by_key_and_from_the_palette(make_app: MakeApp, backend: StandIn) -> None:
    backend.config = Config(views={"cheap": "in<=0.5 sort:in", "looking": "vision"})
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("V", "down", "enter")
        await pilot.pause()
        assert browse(app).view.text == "vision"
        await pilot.press("ctrl+p")
        await pilot.pause()
        await pilot.press(*"view: cheap")
        await found_in_palette(pilot, "View: cheap")
        await pilot.press("enter")
        await pilot.until(lambda: browse(app).view.text != "vision")
        assert browse(app).bar.editor.text == "in<=0.5 sort:in"
        assert [browse(app).view.rows[index].title for index in browse(app).view.order] == ["Grok 4", "Qwen3 32B"]


async def test_without_saved_views_it_is_told_where_they_are_kept(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("V")
        await pilot.pause()
        assert any("[views]" in toast.message for toast in app._notifications)


async def test_favourites_come_first_on_demand(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("end", "asterisk", "F")
        view = browse(app).view
        assert view.rows[view.order[0]].key == "evil"
        assert backend.view["favourites_first"] is True
        await pilot.press("F")
        assert view.rows[view.order[-1]].key == "evil"


async def test_m_gives_the_mouse_back_and_takes_it_again(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("M")
        assert not app.mouse
        await pilot.press("M")
        assert app.mouse


async def test_an_end_that_is_near_is_told_in_the_details(make_app: MakeApp, backend: StandIn) -> None:
    from screen_stand_in import NOW, make_offer

    ending = make_offer("venice", "old", "old", "1", name="Old", retires_at=NOW + timedelta(days=12))
    old = backend.catalog
    backend.catalog = msgspec.structs.replace(
        old, offers=(*old.offers, ending), models=(*old.models, Model("old", "Old", (ending,)))
    )
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"venice/old", "enter", "i")
        await pilot.pause()
        assert "ends 2026-07-15, in 12 d" in app.screen.query_one(LinePane).text
