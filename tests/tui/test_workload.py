"""The workload: what is typed, what it costs, and what is remembered of it."""

from decimal import Decimal

import pytest
from textual.widgets import Input

from hand import running
from modeltui.config import Config
from modeltui.cost import Workload, count_of, share_of
from modeltui.tui.screens.forms import FormScreen
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from modeltui.tui.workload import workload_text
from screen_stand_in import MakeApp, StandIn, browse, titles

pytestmark = pytest.mark.usefixtures("each_way")

SIZE = (120, 40)


@pytest.mark.parametrize(
    ("text", "number"), [("8000", 8000), (" 8k ", 8000), ("1.5M", 1_500_000), ("8,000", 8000), ("", None)]
)
def test_counts_are_read_as_people_write_them(text: str, number: int | None) -> None:
    assert count_of(text) == number


@pytest.mark.parametrize("text", ["x", "1.5", "-1", "8q", "nan", "1e9"])
def test_what_is_no_count_says_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected a whole number"):
        count_of(text)


@pytest.mark.parametrize(("text", "share"), [("0.7", "0.7"), ("70%", "0.7"), ("", "0"), ("1", "1")])
def test_shares_may_be_in_percent(text: str, share: str) -> None:
    assert share_of(text) == Decimal(share)


@pytest.mark.parametrize("text", ["1.1", "70", "x", "nan", "-0.1", "101%"])
def test_what_is_no_share_says_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected a share"):
        share_of(text)


def test_a_workload_is_told_on_one_line() -> None:
    assert workload_text(Workload(8000, 1000, Decimal("0.7"), 10_000)) == (
        "8K in (70 % cached), 1K out × 10K a month"  # noqa: RUF001  # the sign for "times"
    )
    assert workload_text(Workload(8000, 1000)) == "8K in, 1K out a request"


async def test_w_asks_for_a_workload_and_a_column_tells_what_it_costs(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        assert "cost" not in [face.key for face in browse(app).table.faces]
        await pilot.press("w", *"1m", "tab", *"1m", "enter")
        await pilot.pause()
        view = browse(app).view
        costs = {row.key: row.cost for row in view.rows}
        assert costs == {
            "qwen3-32b": Decimal("0.4"), "grok-4": 0, "mistral-large": None, "evil": Decimal("15"),
        }  # fmt: skip
        face = next(face for face in browse(app).table.faces if face.key == "cost")
        assert [face.cell(row).text for row in view.rows] == ["$0.4…0.5", "$0", "unknown", "$15"]
        assert "cost of 1M in, 1M out a request" in browse(app).query_one("#status", DrawnLine).text
        browse(app).sort_by("cost")
        await pilot.settle()
        assert titles(app)[0] == "Grok 4"
        assert titles(app)[-1].startswith("Mistral")
        assert backend.view["workload"] == {
            "tokens_in": 1_000_000, "tokens_out": 1_000_000, "cached": "0", "requests_per_month": None,
        }  # fmt: skip


async def test_a_mistake_is_told_where_it_stands_and_nothing_is_taken(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("w", *"8k", "tab", "tab", *"70", "enter")
        await pilot.pause()
        assert isinstance(app.screen, FormScreen)
        assert "expected a share" in str(app.screen.query_one("#about-cached").render())
        assert app.focused is app.screen.query_one("#cached", Input)
        await pilot.press("%", "enter")
        await pilot.pause()
        assert browse(app).view.workload == Workload(8000, 0, Decimal("0.7"))


async def test_a_workload_without_tokens_takes_the_column_away(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("w", *"8k", "enter")
        await pilot.pause()
        await pilot.press("w", "ctrl+u", "tab", "ctrl+u", "enter")
        await pilot.pause()
        assert browse(app).view.workload is None
        assert "cost" not in [face.key for face in browse(app).table.faces]


async def test_the_configs_workload_is_the_first_and_the_remembered_one_wins(
    make_app: MakeApp, backend: StandIn
) -> None:
    backend.config = Config(workload={"tokens_in": 8000, "tokens_out": 1000})
    app = make_app()
    async with running(app, SIZE):
        assert browse(app).view.workload == Workload(8000, 1000)
    backend.view = {"workload": {"tokens_in": 5, "tokens_out": 6, "cached": "0.5", "requests_per_month": 7}}
    app = make_app()
    async with running(app, SIZE):
        assert browse(app).view.workload == Workload(5, 6, Decimal("0.5"), 7)
    backend.view = {"workload": None}
    app = make_app()
    async with running(app, SIZE):
        assert browse(app).view.workload is None


@pytest.mark.parametrize("saved", [7, {"tokens_in": "x"}, {"tokens_in": -1}, {"cached": "9", "tokens_in": 1}])
async def test_a_broken_remembered_workload_is_none(make_app: MakeApp, backend: StandIn, saved: object) -> None:
    backend.view = {"workload": saved}
    app = make_app()
    async with running(app, SIZE):
        assert browse(app).view.workload is None


async def test_a_config_that_makes_no_sense_is_told_and_is_no_obstacle(make_app: MakeApp, backend: StandIn) -> None:
    backend.config = Config(workload={"tokens_in": 8000, "cached": 3})
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.pause()
        assert any("[workload] cached" in toast.message for toast in app._notifications)
        assert len(titles(app)) == 4


async def test_on_80_columns_the_costs_stay_while_others_leave(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        await pilot.press("w", *"8k", "enter")
        await pilot.pause()
        assert "cost" in [placed.face.key for placed in browse(app).table.layout_now.placed]


async def test_the_details_tell_what_the_cost_rests_on(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("w", *"1m", "tab", *"1m", "tab", "tab", *"10", "enter")
        await pilot.press("slash", *"evil", "enter")
        await pilot.pause()
        told = browse(app).query_one("#detail", LinePane).text
        assert "A request    $15" in told
        assert "A month      $150" in told
        assert "at $3/M" in told
