"""The changes screen: periods, kinds, and the way to the row; and what the session tells of the past."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from hand import Hand, running
from modeltui.config import Config
from modeltui.diff import Change, ChangeKind, Diff
from modeltui.errors import StoreError
from modeltui.service.remembered import begin_visit
from modeltui.service.session import Session
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.browse import BrowseScreen
from modeltui.tui.screens.changes import FACES, ChangesScreen
from modeltui.tui.widgets.drawn import DrawnLine
from screen_stand_in import NOW, MakeApp, StandIn, make_catalog, make_offer

SIZE = (120, 40)
QWEN = make_catalog().offers[0]
GONE = make_offer("openrouter", "old/model", "old-model", "2")
SOME = (
    Change(ChangeKind.REMOVED, GONE),
    Change(ChangeKind.PRICE, QWEN, "prices.input", Decimal("0.1"), Decimal("0.08")),
    Change(ChangeKind.LIMIT, QWEN, "context_length", 40960, 131072),
    Change(ChangeKind.CAPABILITY, QWEN, "capabilities.tools", None, after=True),
)


async def opened(app: ModelTuiApp, pilot: Hand) -> ChangesScreen:
    await pilot.pause()
    await pilot.press("d")
    await pilot.done()
    assert isinstance(app.screen, ChangesScreen)
    return app.screen


def browse(app: ModelTuiApp) -> BrowseScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, BrowseScreen)
    return screen


def cells(screen: ChangesScreen) -> list[list[str]]:
    table = screen.table
    return [[face.cell(table.rows[index]).text for face in FACES] for index in table.order]


async def test_d_tells_what_changed_since_the_last_visit(make_app: MakeApp, backend: StandIn) -> None:
    backend.some_changes = SOME
    app = make_app()
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        assert backend.asked_since == [NOW - timedelta(days=2)]
        assert cells(screen) == [
            ["− removed", "openrouter/old/model", "$2 input, $8 output", ""],  # noqa: RUF001
            ["$ price", "chutes/Qwen/Qwen3-32B", "input $0.1 → $0.08", "-20.0 %"],
            ["↔ limit", "chutes/Qwen/Qwen3-32B", "context length 41K → 131K", "+220.0 %"],
            ["± can do", "chutes/Qwen/Qwen3-32B", "+ tools", ""],
        ]  # fmt: skip
        assert "4 changes" in screen.query_one("#caption", DrawnLine).text


async def test_the_first_visit_shows_the_last_week(make_app: MakeApp, backend: StandIn) -> None:
    backend.last_visit = None
    app = make_app()
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        assert backend.asked_since == [NOW - timedelta(days=7)]
        assert "7 days ago" in screen.query_one("#caption", DrawnLine).text


async def test_s_chooses_another_period(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("s")
        await pilot.pause()
        await pilot.press("down", "down", "enter")
        await pilot.done()
        assert backend.asked_since[-1] == NOW - timedelta(days=30)


async def test_a_digit_shows_one_kind_and_again_every_kind(make_app: MakeApp, backend: StandIn) -> None:
    backend.some_changes = SOME
    app = make_app()
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("3")
        assert [row[0] for row in cells(screen)] == ["$ price"]
        await pilot.press("3")
        assert len(cells(screen)) == 4
        await pilot.press("4", "0")
        assert len(cells(screen)) == 4


async def test_enter_goes_to_the_row_even_through_a_filter_that_hides_it(make_app: MakeApp, backend: StandIn) -> None:
    backend.some_changes = SOME
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"grok", "enter")
        await opened(app, pilot)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert len(app.screen_stack) == 1
        current = browse(app).table.current
        assert current is not None
        assert current.key == "qwen3-32b"
        assert browse(app).view.text == ""


async def test_a_row_that_is_gone_is_said_to_be_gone(make_app: MakeApp, backend: StandIn) -> None:
    backend.some_changes = SOME
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"grok", "enter")
        await opened(app, pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert browse(app).view.text == "grok"
        assert [note.message for note in app._notifications] == ["openrouter/old/model is not listed any more."]


async def test_a_store_that_fails_is_told_and_the_screen_stays(make_app: MakeApp, backend: StandIn) -> None:
    class Failing(StandIn):
        def changes(self, since: datetime) -> Diff:
            raise StoreError("the cache cannot be read")

    app = ModelTuiApp(Failing(), clock=lambda: NOW, auto_refresh=False)
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        assert screen.table.empty == "the cache cannot be read"


async def test_a_visit_begins_once(backend: StandIn) -> None:
    class Counting(StandIn):
        visits = 0

        def begin_visit(self) -> datetime | None:
            self.visits += 1
            return None

    counting = Counting()
    app = ModelTuiApp(counting, clock=lambda: NOW, auto_refresh=False)
    async with running(app, SIZE) as pilot:
        await pilot.pause()
        assert counting.visits == 1


def test_the_visit_before_this_one_is_remembered(tmp_path: Path) -> None:
    assert begin_visit(tmp_path, NOW) is None
    assert begin_visit(tmp_path, NOW + timedelta(days=1)) == NOW


def test_a_visit_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "visit").write_text("yesterday")
    assert begin_visit(tmp_path, NOW) is None
    assert begin_visit(tmp_path, NOW) == NOW


def test_a_session_without_answers_tells_of_no_change(tmp_path: Path) -> None:
    session = Session(Config(), cache_dir=tmp_path / "cache", state_dir=tmp_path / "state", environ={}, offline=True)
    found = session.changes(session.clock() - timedelta(days=7))
    assert (found.changes, found.first_seen, found.left_out) == ((), (), ())
    assert session.begin_visit() is None
    assert session.begin_visit() is not None
    session.close()


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (30, 8)])
async def test_the_screen_draws_at_every_size(make_app: MakeApp, backend: StandIn, size: tuple[int, int]) -> None:
    backend.some_changes = SOME
    app = make_app()
    async with running(app, size) as pilot:
        await opened(app, pilot)
        assert app.is_running
