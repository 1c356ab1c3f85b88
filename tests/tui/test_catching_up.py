"""Rows that take longer than a frame: the loop stays free, a newer key ends the work, and a key of rows waits."""

import asyncio
import threading

import msgspec
import pytest

from hand import polled, running
from modeltui.state import LatencySample
from modeltui.tui.arranging import Arranged
from modeltui.tui.messages import MeasureTold, RefreshTold
from modeltui.tui.newest import Newest
from modeltui.tui.screens.compare import CompareScreen
from modeltui.tui.screens.offers import OffersScreen
from modeltui.tui.view import View
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.work import GivenUpError, breathe
from screen_stand_in import NOW, MakeApp, StandIn, browse, titles

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the few rows of the stand-in for many."""
    monkeypatch.setattr("modeltui.tui.view.AT_ONCE", 0)


class Gate:
    """Holds the thread that arranges rows, until it is opened or its work is given up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.begun: list[str] = []
        self.ended: list[str] = []
        arranged = View.arranged

        def held(view: View) -> Arranged:
            if threading.current_thread() is not threading.main_thread():
                self.begun.append(view.text)
                while not self.open.wait(0.001):
                    breathe()
                self.ended.append(view.text)
            return arranged(view)

        monkeypatch.setattr(View, "arranged", held)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


async def test_the_screen_goes_on_while_rows_are_worked_out(make_app: MakeApp, gate: Gate) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        screen, before = browse(app), titles(app)
        hand._send("/")
        hand._send("q")
        await polled(lambda: gate.begun == ["q"])
        assert titles(app) == before, "what is shown stays"
        await polled(lambda: screen.bar.note == "…")
        gate.open.set()
        await hand.settle()
        assert 0 < len(titles(app)) < len(before)
        assert screen.bar.note == f"{len(titles(app))} of {len(before)}"


async def test_a_newer_key_puts_an_end_to_it(make_app: MakeApp, gate: Gate) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        hand._send("/")
        for key in "qwe":
            hand._send(key)
            typed = browse(app).bar.editor.text + key
            await polled(lambda typed=typed: gate.begun[-1:] == [typed])  # type: ignore[misc]
        gate.open.set()
        await hand.settle()
        assert gate.begun == ["q", "qw", "qwe"]
        assert gate.ended == ["qwe"]
        assert titles(app) == ["Qwen3 32B"]


async def test_a_key_that_looks_at_the_rows_waits_for_those_that_were_asked_for(make_app: MakeApp, gate: Gate) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        for key in ("/", *"qwen", "enter", "enter"):
            hand._send(key)
        await polled(lambda: gate.begun[-1:] == ["qwen"])
        assert app.screen is browse(app)
        gate.open.set()
        await hand.settle()
        assert isinstance(app.screen, OffersScreen)
        assert app.screen._model.key == "qwen3-32b"


async def test_quitting_waits_for_no_rows(make_app: MakeApp, gate: Gate) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        for key in ("S", "q"):
            hand._send(key)
        await polled(lambda: app._exit)
        gate.open.set()
    assert app.return_code == 0


async def test_a_chip_comes_with_its_rows_and_all_counts(make_app: MakeApp, gate: Gate) -> None:
    gate.open.set()
    app = make_app()
    async with running(app, SIZE) as hand:
        screen = browse(app)
        await hand.press("1")
        assert f"tools {len(screen.view.order)}" in screen.query_one("#chips", DrawnLine).text
        assert screen.counts == screen.view.chip_counts()


async def test_rows_are_made_anew_beside_the_loop(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        screen = browse(app)
        await hand.press_at_once("m", "end")
        assert len(titles(app)) == len(backend.catalog.offers)
        assert screen.table.cursor == len(titles(app)) - 1
        offer = backend.catalog.offers[0]
        screen.post_message(MeasureTold(LatencySample(offer.provider, offer.id, NOW, 3, ttft_s=0.25), 0))
        await hand.done()
        (row,) = (row for row in screen.view.rows if row.key == offer.key)
        assert row.latency is not None
        assert row.latency.ttft_s == 0.25


async def test_a_new_catalog_puts_an_end_to_what_is_worked_out_of_the_last(
    make_app: MakeApp, backend: StandIn, gate: Gate
) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        screen = browse(app)
        hand._send("S")
        await polled(lambda: bool(gate.begun))
        screen.catching_up.take(backend.catalog)
        await polled(lambda: screen.view.catalog is backend.catalog and screen.catching_up.has_caught_up)
        assert not gate.ended
        assert titles(app) == [screen.view.rows[index].title for index in screen.view.arranged().order]


async def test_a_jump_waits_until_the_filter_that_hid_the_row_is_gone(
    make_app: MakeApp, backend: StandIn, gate: Gate
) -> None:
    gate.open.set()
    app = make_app()
    async with running(app, SIZE) as hand:
        screen = browse(app)
        await hand.press("/", *"grok", "enter")
        screen.jump(backend.catalog.offers[0])
        await hand.settle()
        assert screen.view.text == ""
        assert screen.table.current is not None
        assert screen.table.current.key == backend.catalog.offers[0].model


async def test_the_program_is_left_although_a_key_waits_for_rows(make_app: MakeApp, gate: Gate) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        for key in ("S", "j"):
            hand._send(key)
        await polled(lambda: bool(gate.begun))
        hand._send("ctrl+q")
        await polled(lambda: not app.is_running)
    assert app.return_code == 0
    assert not gate.ended


async def test_rows_of_another_kind_are_those_of_the_newest_catalog(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        screen = browse(app)
        fewer = msgspec.structs.replace(backend.catalog, offers=backend.catalog.offers[:3])
        screen.post_message(RefreshTold(fewer))
        offer = fewer.offers[0]
        screen.post_message(MeasureTold(LatencySample(offer.provider, offer.id, NOW, 3, ttft_s=0.25), 0))
        await hand.press_at_once("m")
        await hand.done()
        assert len(titles(app)) == 3
        assert [row.latency is not None for row in screen.view.rows] == [True, False, False]


async def test_a_finished_test_makes_no_key_wait(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        screen, offer = browse(app), backend.catalog.offers[0]
        screen.post_message(MeasureTold(LatencySample(offer.provider, offer.id, NOW, 3, ttft_s=0.25), 0))
        await polled(lambda: bool(screen.view.catalog.latency))
        assert screen.catching_up.has_caught_up
        await hand.done()
        assert any(row.latency for row in screen.view.rows)


async def test_columns_are_chosen_while_rows_are_still_to_come(make_app: MakeApp, gate: Gate) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        for key in ("S", "v", "enter"):
            hand._send(key)
        await polled(lambda: bool(gate.begun) and app.screen is browse(app))
        app.refresh(layout=True)
        await asyncio.sleep(0.05)
        assert browse(app).table.faces
        gate.open.set()
        await hand.settle()
        assert app.is_running


async def test_rows_are_seen_by_the_query_that_they_were_arranged_by(make_app: MakeApp, gate: Gate) -> None:
    gate.open.set()
    app = make_app()
    async with running(app, SIZE) as hand:
        view = browse(app).view
        await hand.press("/", *"provider:chutes")
        (row,) = view.rows_shown()
        gate.open.clear()
        hand._send(",")
        for letter in "groq":
            hand._send(letter)
        await polled(lambda: view.text.endswith("groq") and gate.begun[-1:] == [view.text])
        assert view.rows_shown() == [row]
        gate.open.set()


async def test_a_jump_waits_for_the_rows_that_are_being_made(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        screen, offer = browse(app), backend.catalog.offers[-1]
        screen.action_toggle_view()
        screen.jump(offer)
        await hand.settle()
        assert screen.table.current is not None
        assert screen.table.current.key == offer.key


async def test_what_is_compared_waits_for_the_filter(make_app: MakeApp, gate: Gate) -> None:
    gate.open.set()
    app = make_app()
    async with running(app, SIZE) as hand:
        screen = browse(app)
        for row in screen.view.rows[:2]:
            screen.view.toggle_mark(row)
        gate.open.clear()
        screen.show_view("provider:openrouter")
        hand._send("c")
        await asyncio.sleep(0.05)
        assert app.screen is screen
        gate.open.set()
        await hand.settle()
        assert isinstance(app.screen, CompareScreen)


async def test_what_is_kept_from_before_is_shown_at_once(make_app: MakeApp, gate: Gate) -> None:
    gate.open.set()
    app = make_app()
    async with running(app, SIZE) as hand:
        await hand.press("/", "q", "w")
        await hand.counted()
        gate.begun.clear()
        await hand.press("backspace")
        assert gate.begun == []
        assert titles(app) == ["Qwen3 32B"]
        await hand.press("x")
        assert gate.begun == ["qx"]


# -- the thread ----------------------------------------------------------------------------------------------


async def test_only_the_newest_is_done_and_one_at_a_time() -> None:
    newest, under_way, most = Newest(), 0, 0
    done: list[int] = []

    def work(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            for _ in range(20):
                threading.Event().wait(0.001)
                breathe()
        finally:
            under_way -= 1
        done.append(number)
        return number

    async def asked(number: int) -> int | None:
        try:
            return await newest.do(lambda: work(number))
        except GivenUpError:
            return None

    tasks = []
    for number in range(5):
        tasks.append(asyncio.create_task(asked(number)))
        await asyncio.sleep(0.003)
    assert await asyncio.gather(*tasks) == [None, None, None, None, 4]
    assert done == [4]
    assert most == 1


async def test_what_is_done_but_was_given_up_before_it_was_taken_is_not_given() -> None:
    newest = Newest()
    task = asyncio.create_task(newest.do(lambda: 42))
    while newest._under_way is None or not newest._under_way.done():  # noqa: ASYNC110  # the very turn is wanted
        await asyncio.sleep(0)
    newest.give_up()
    with pytest.raises(GivenUpError):
        await task


async def test_what_fails_is_told_to_whoever_asked() -> None:
    newest = Newest()

    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await newest.do(fails)
    assert await newest.do(lambda: 42) == 42


async def test_work_whose_task_is_cancelled_is_given_up() -> None:
    newest, ended = Newest(), threading.Event()

    def endless() -> None:
        try:
            while True:
                threading.Event().wait(0.001)
                breathe()
        finally:
            ended.set()

    task = asyncio.create_task(newest.do(endless))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.to_thread(ended.wait, 5)
    assert ended.is_set()


async def test_halting_waits_until_no_thread_works_any_more() -> None:
    newest, steps = Newest(), 0

    def endless() -> None:
        nonlocal steps
        while True:
            threading.Event().wait(0.001)
            steps += 1
            breathe()

    task = asyncio.create_task(newest.do(endless))
    await asyncio.sleep(0.02)
    await newest.halt()
    seen = steps
    await asyncio.sleep(0.02)
    assert steps == seen
    with pytest.raises(GivenUpError):
        await task
