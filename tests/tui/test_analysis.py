"""The analysis screen: what its charts count, what they say without colour, and how picking filters the table."""

from decimal import Decimal

import msgspec
import pytest

from hand import Hand, running
from modeltui.analysis import availability, contexts, price_against_context, price_ranges, quantizations
from modeltui.columns import rows_by_model
from modeltui.model import Deployment, PriceState
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.analysis import AnalysisScreen
from modeltui.tui.screens.browse import BrowseScreen
from modeltui.tui.widgets.charts import Axis, CloudDrawing, Plot, bar, reach
from modeltui.tui.widgets.drawn import DrawnLine
from screen_stand_in import MakeApp, make_catalog, make_offer

SIZE = (120, 40)


def analysis(app: ModelTuiApp) -> AnalysisScreen:
    screen = app.screen
    assert isinstance(screen, AnalysisScreen)
    return screen


def filter_text(app: ModelTuiApp) -> str:
    screen = app.screen_stack[0]
    assert isinstance(screen, BrowseScreen)
    return screen.view.text


async def opened(pilot: Hand, *keys: str) -> None:
    await pilot.press("a")
    await pilot.pause()
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def test_a_point_is_best_where_nothing_priced_has_as_much_context_for_less() -> None:
    offers = [
        make_offer("a", "short", "m", "0.1", context_length=8_000),
        make_offer("a", "long", "m", "1", context_length=200_000),
        make_offer("a", "worse", "m", "2", context_length=100_000),
        make_offer("a", "free", "m", "0", context_length=1_000_000),
        make_offer("a", "dark", "m", None, context_length=1_000_000),
    ]
    found = price_against_context(offers)
    assert [point.entry.label for point in found.points if point.best] == ["long", "short"]
    assert "4 offers, 1 without" in found.said


def test_a_price_within_a_plan_is_no_point() -> None:
    offer = make_offer("a", "x", "m", "1", context_length=8_000)
    planned = make_offer("a", "y", "m", "0", context_length=8_000)
    planned = msgspec.structs.replace(planned, price_state=PriceState.PLAN)
    assert [point.entry.label for point in price_against_context([offer, planned]).points] == ["x"]


def test_what_is_not_stated_is_counted_last_and_can_be_asked_for() -> None:
    offers = [
        make_offer("a", str(place), "m", "1", quantization=quant) for place, quant in enumerate(("fp8", None, None))
    ]
    entries = quantizations(offers).entries
    assert [(entry.label, entry.text, entry.query) for entry in entries] == [
        ("fp8", "1", "quant:fp8"),
        ("not stated", "2", "quant:none"),
    ]
    assert entries[1].end == 1.0


def test_contexts_are_ranked_and_unknown_ones_left_out() -> None:
    rows = rows_by_model(make_catalog())
    chart = contexts([(row, range(len(row.offers))) for row in rows])
    assert [entry.text for entry in chart.entries] == ["256K", "131K"]
    assert "2 without" in chart.said


def test_unknown_is_not_cold() -> None:
    offers = [
        make_offer("a", "x", "m", "1", deployment=Deployment(hot=True, instances=3)),
        make_offer("a", "y", "m", "1", deployment=Deployment(hot=False, instances=0)),
        make_offer("b", "z", "m", "1"),
    ]
    entries = availability(offers).entries
    assert [entry.text for entry in entries] == ["1", "1", "1", "3 instances", "0 instances"]
    assert entries[2].query == "-hot -state:cold"


def test_a_price_range_goes_from_input_to_output_on_one_scale() -> None:
    row = next(row for row in rows_by_model(make_catalog()) if row.key == "qwen3-32b")
    first, second = price_ranges(row).entries
    assert first.text == "$0.08 / $0.32"
    assert first.start < second.start < first.end < second.end


def test_no_price_draws_no_range() -> None:
    row = next(row for row in rows_by_model(make_catalog()) if row.key == "mistral-large")
    assert [reach(entry.start, entry.end, 20) for entry in price_ranges(row).entries] == [""]


@pytest.mark.parametrize(
    ("share", "drawn"), [(0.0, ""), (0.001, "▏"), (0.5, "█████"), (0.55, "█████▌"), (1.0, "██████████")]
)
def test_anything_above_nothing_is_seen_in_a_bar(share: float, drawn: str) -> None:
    assert bar(share, 10) == drawn


def test_a_range_shows_both_ends_or_where_they_meet() -> None:
    assert reach(0.0, 1.0, 5) == "├───┤"
    assert reach(0.5, 0.5, 5) == "  ┼"


def test_ticks_are_round() -> None:
    assert Axis([0.02, 80]).ticks() == [0.1, 1, 10]
    assert Axis([3000, 40000]).ticks() == [5000, 10000, 20000]


@pytest.mark.parametrize("size", [(24, 6), (48, 19), (140, 45)])
def test_a_cloud_fills_its_place_and_nothing_more(size: tuple[int, int]) -> None:
    offers = [
        make_offer("a", f"m{place}", "m", str(Decimal(place) / 10), context_length=1000 * 2**place)
        for place in range(10)
    ]
    lines = [
        "".join(text for text, _ in line) for line in CloudDrawing(price_against_context(offers).points, *size).lines()
    ]
    assert len(lines) <= size[1]
    assert max(map(len, lines)) <= size[0]


async def test_a_opens_the_cloud_of_the_filtered_rows(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter")
        await opened(pilot)
        assert [entry.key for entry in analysis(app).table.rows] == [
            "chutes/Qwen/Qwen3-32B", "openrouter/qwen/qwen3-32b",
        ]  # fmt: skip
        drawn = analysis(app).query_one(Plot).text
        assert "◆" in drawn
        assert "input $ per 1M tokens" in drawn
        assert "filter: qwen3" in analysis(app).query_one("#caption", DrawnLine).text


async def test_only_offers_that_meet_the_filter_are_drawn(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"provider:chutes", "enter")
        await opened(pilot)
        assert [entry.key for entry in analysis(app).table.rows] == ["chutes/Qwen/Qwen3-32B"]


async def test_enter_filters_the_table_by_the_line(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await opened(pilot, "2", "enter")
        assert filter_text(app) == "quant:fp8"


async def test_picked_lines_are_applied_when_the_screen_is_left(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"tools", "enter")
        await opened(pilot, "2", "space", "space")
        assert analysis(app).query_picked == "quant:fp8,none"
        await pilot.press("escape")
        await pilot.pause()
        assert filter_text(app) == "tools quant:fp8,none"


async def test_leaving_without_a_pick_changes_nothing(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await opened(pilot, "right", "right", "escape")
        assert filter_text(app) == ""


async def test_the_prices_chart_is_of_the_row_under_the_cursor(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter")
        await opened(pilot, "5")
        assert analysis(app).chart.title == "Prices of Qwen3 32B"
        assert [entry.label for entry in analysis(app).table.rows] == ["chutes", "openrouter"]
        await pilot.press("enter")
        await pilot.pause()
        assert filter_text(app).endswith("id:qwen/qwen3-32b provider:chutes")


async def test_every_query_that_a_chart_offers_can_be_read(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await opened(pilot)
        browse = app.screen_stack[0]
        assert isinstance(browse, BrowseScreen)
        for number in range(1, 6):
            await pilot.press(str(number))
            await pilot.pause()
            for entry in analysis(app).table.rows:
                browse.view.set_text(entry.query)
                assert browse.view.error is None, entry.query
                assert browse.view.order or entry.text == "0", entry.query


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (30, 8)])
async def test_every_chart_draws_at_every_size(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with running(app, size) as pilot:
        await opened(pilot, "2", "3", "4", "5", "1")
        assert app.is_running
