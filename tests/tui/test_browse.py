"""The main screen: what each key does to the rows, asserted on its state."""

import msgspec
import pytest

from hand import Hand, running
from modeltui.columns import Row
from modeltui.model import Model
from modeltui.state import Catalog
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.browse import BrowseScreen
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from screen_stand_in import MakeApp, StandIn, make_offer

pytestmark = pytest.mark.usefixtures("each_way")

SIZE = (120, 40)


def browse(app: ModelTuiApp) -> BrowseScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, BrowseScreen)
    return screen


def titles(app: ModelTuiApp) -> list[str]:
    view = browse(app).view
    return [view.rows[index].title for index in view.order]


def current(app: ModelTuiApp) -> Row:
    row = browse(app).table.current
    assert row is not None
    return row


def line(app: ModelTuiApp, name: str) -> str:
    return browse(app).query_one(f"#{name}", DrawnLine).text


async def type_filter(pilot: Hand, text: str) -> None:
    await pilot.press("slash", *text)


async def test_the_newest_model_comes_first_and_every_model_is_there(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE):
        assert titles(app)[0].startswith("Mistral")
        assert len(titles(app)) == 4


async def test_the_table_follows_every_key_of_the_filter(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await type_filter(pilot, "qwe")
        assert titles(app) == ["Qwen3 32B"]
        assert "1 of 4" in line(app, "filter")
        await pilot.press("ctrl+u")
        assert len(titles(app)) == 4


async def test_a_letter_typed_into_the_filter_is_no_command(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await type_filter(pilot, "qm1")
        assert app.is_running
        assert browse(app).view.text == "qm1"
        assert browse(app).view.by == "model"


async def test_a_mistake_is_told_in_place_and_the_last_good_rows_stay(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await type_filter(pilot, "grok ctx>=12xk")
        assert titles(app) == ["Grok 4"]
        assert browse(app).view.error is not None
        assert "✗" in line(app, "filter")


async def test_escape_clears_the_filter_and_then_leaves_it(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await type_filter(pilot, "grok")
        await pilot.press("escape")
        assert browse(app).bar.typing
        assert browse(app).view.text == ""
        await pilot.press("escape")
        assert not browse(app).bar.typing


async def test_tab_completes_a_provider(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await type_filter(pilot, "provider:chu")
        await pilot.press("tab")
        assert browse(app).view.text == "provider:chutes"
        assert titles(app) == ["Qwen3 32B"]


async def test_a_chip_requires_then_excludes_then_asks_no_more(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("2")
        assert browse(app).bar.editor.text == "vision"
        assert sorted(titles(app)) == ["Grok 4", "Qwen3 32B"]
        await pilot.press("2")
        assert browse(app).bar.editor.text == "-vision"
        await pilot.press("2")
        assert browse(app).bar.editor.text == ""


async def test_free_shows_only_what_is_stated_to_cost_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("9")
        assert titles(app) == ["Grok 4"]
        await pilot.press("0")
        assert len(titles(app)) == 4


async def test_m_shows_one_row_an_offer_and_goes_back(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("m")
        assert len(titles(app)) == 5
        await pilot.press("m")
        assert len(titles(app)) == 4


async def test_the_cheapest_comes_first_and_the_unknown_price_last_both_ways(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        browse(app).sort_by("in")
        await pilot.settle()
        assert titles(app)[0] == "Grok 4"
        assert titles(app)[-1].startswith("Mistral")
        await pilot.press("S")
        assert titles(app)[-1].startswith("Mistral")
        assert titles(app)[-2] == "Grok 4"


async def test_a_new_catalog_keeps_cursor_filter_and_marks(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    added = make_offer("openrouter", "new/model", "new-model", "1", name="New 1", created_at=None)
    old = backend.catalog
    backend.next_catalog = Catalog(
        (added, *old.offers), (Model("new-model", "New 1", (added,)), *old.models), old.sources, old.built_at
    )
    async with running(app, SIZE) as pilot:
        await type_filter(pilot, "-venice")
        await pilot.press("enter", "down", "space")
        kept = current(app).key
        await pilot.press("r")
        await pilot.done()
        assert len(browse(app).view.rows) == 5
        assert current(app).key == kept
        assert browse(app).view.text == "-venice"
        assert list(browse(app).view.marked) == ["grok-4"]


async def test_a_refresh_says_how_far_it_is_while_the_table_stays_live(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    backend.gate.clear()
    async with running(app, SIZE) as pilot:
        await pilot.press("r")
        await pilot.pause()
        assert "0/2 sources" in line(app, "status")
        await pilot.press("down")
        assert browse(app).table.cursor == 1
        backend.gate.set()
        await pilot.done()
        assert "refreshed: 1 updated, 1 failed" in line(app, "status")


async def test_the_program_refreshes_by_itself_at_the_start(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app(auto_refresh=True)
    async with running(app, SIZE) as pilot:
        await pilot.done()
        assert backend.refreshes == 1


async def test_the_first_latency_test_asks_before_anything_is_sent(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await type_filter(pilot, "grok")
        await pilot.press("enter", "l")
        await pilot.pause()
        assert backend.measured == []
        await pilot.press("n")
        await pilot.pause()
        assert backend.measured == []
        await pilot.press("l")
        await pilot.pause()
        await pilot.press("y")
        await pilot.done()
        assert backend.measured == ["openrouter/x-ai/grok-4:free"]
        sample = current(app).latency
        assert sample is not None
        assert sample.ttft_s == 0.42
        await pilot.press("l")
        await pilot.done()
        assert len(backend.measured) == 2


async def test_escape_gives_up_a_running_latency_test(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    backend.gate.clear()
    async with running(app, SIZE) as pilot:
        await pilot.press("l")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert browse(app).left_to_measure == 1
        await pilot.press("escape")
        await pilot.pause()
        await pilot.pause()
        assert browse(app).left_to_measure == 0
        assert backend.measured == []


async def test_favourites_and_hidden_rows_are_remembered_and_come_back(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("asterisk", "down")
        hidden = current(app).key
        await pilot.press("x")
        assert len(titles(app)) == 3
        assert backend.view["favourites"] == ["mistral-large"]
        assert backend.view["hidden"] == [hidden]
        await pilot.press("X")
        assert [current(app).key] == [hidden]
        await pilot.press("x", "escape")
        assert len(titles(app)) == 4


async def test_what_was_chosen_is_there_at_the_next_start(make_app: MakeApp, backend: StandIn) -> None:
    backend.view = {"by": "offer", "sort": [["in", True]], "columns": ["model", "in"], "theme": "textual-light"}
    app = make_app()
    async with running(app, SIZE):
        assert browse(app).view.by == "offer"
        assert [face.key for face in browse(app).table.faces] == ["model", "in"]
        assert app.theme == "textual-light"


async def test_broken_memories_are_no_obstacle(make_app: MakeApp, backend: StandIn) -> None:
    backend.view = {"by": 7, "sort": "x", "columns": [3, "nonsense"], "theme": "gone", "hidden": None}
    app = make_app()
    async with running(app, SIZE):
        assert len(titles(app)) == 4


async def test_the_details_name_source_conflict_and_why_a_field_is_empty(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("m")
        await type_filter(pilot, "chutes")
        await pilot.pause()
        told = browse(app).query_one("#detail", LinePane).text
        assert "max_output_length" in told
        assert "32.8K (32,768)" in told
        assert "openrouter/models" in told
        assert "chutes/models carries no license" in told


async def test_below_110_columns_the_details_are_a_screen(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        assert not browse(app).query_one("#detail").display
        await pilot.press("i")
        await pilot.pause()
        assert "Mistral" in app.screen.query_one(LinePane).text
        await pilot.press("escape")
        assert app.screen is browse(app)


async def test_text_from_outside_reaches_the_screen_as_text_only(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("end")
        await pilot.pause()
        panes = (browse(app).table, browse(app).query_one("#detail", LinePane))
        strips = [strip for pane in panes for strip in pane.render_lines(pane.size.region)]
        drawn = "".join(strip.text for strip in strips) + app.export_screenshot()
        assert "evil" in drawn
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn
        app.notify("[bold]x[/nope]\x1b[2J")
        await pilot.pause()
        assert app.is_running


async def test_clicks_sort_and_choose(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        table = browse(app).table
        place = next(placed for placed in table.layout_now.placed if placed.face.key == "in")
        await pilot.click(table, offset=(place.x + 2, 0))
        await pilot.pause()
        assert browse(app).view.sort == (("in", False),)
        await pilot.click(table, offset=(5, 3))
        assert table.cursor == 2
        await pilot.click("#chips", offset=(3, 0))
        await pilot.pause()
        assert browse(app).view.text == "tools"


async def test_a_chip_is_counted_in_the_same_breath_as_it_is_pressed(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        screen = browse(app)
        screen.counts = []
        screen.action_chip(1)
        await screen.wait_for_rows()
        assert screen.counts == screen.view.chip_counts()
        await pilot.pause()
        assert f"tools {len(screen.view.order)}" in screen.query_one("#chips", DrawnLine).text


async def test_columns_scroll_sideways_while_the_first_one_stays(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        await pilot.press("right", "right", "right")
        placed = [each.face.key for each in browse(app).table.layout_now.placed]
        assert placed[0] == "model"
        assert placed[1] == "quant"
        await pilot.press("left", "left", "left")
        assert browse(app).table.skipped == 0


async def test_a_row_that_vanishes_leaves_a_cursor_in_range(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    backend.next_catalog = msgspec.structs.replace(
        backend.catalog, offers=backend.catalog.offers[:1], models=backend.catalog.models[:1]
    )
    async with running(app, SIZE) as pilot:
        await pilot.press("end", "r")
        await pilot.done()
        assert current(app).title == "Qwen3 32B"
