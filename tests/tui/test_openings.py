"""A start with the first rows: it looks as with all of them, and keys that ask for rows wait until all are there."""

import asyncio
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import ref

import pytest
from textual.widget import Widget

from hand import Hand, polled, running
from modeltui.state import Catalog
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.openings import OPENING_ROWS, opening_of
from modeltui.tui.view import View
from screen_stand_in import NOW, StandIn, browse, make_many

SIZE = (160, 30)


class Slow(StandIn):
    """A backend whose catalog comes when it is let."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self.may_load = threading.Event()
        self.loads = 0

    def load(self) -> Catalog:
        self.loads += 1
        assert self.may_load.wait(30)
        return super().load()

    def keep(self) -> None:
        """Keep what a run before would have kept."""
        opening = opening_of(whole_view(self, "", **self.saved_view()))
        assert opening is not None
        self.keep_opening(self.catalog, opening)


@pytest.fixture
def slow() -> Iterator[Slow]:
    backend = Slow(make_many(600))
    backend.keep()
    yield backend
    backend.may_load.set()


def app_of(backend: StandIn, *, auto_refresh: bool = False) -> ModelTuiApp:
    return ModelTuiApp(backend, clock=lambda: NOW, auto_refresh=auto_refresh)


def drawn(app: ModelTuiApp) -> list[list[str]]:
    """What every widget of the screen shows, line by line, its colours included."""
    return [
        [repr(list(strip)) for strip in widget.render_lines(widget.size.region)]
        for widget in browse(app).walk_children(Widget)
        if widget.display and widget.size.width and hasattr(widget, "_ink")
    ]


@contextmanager
def not_waiting() -> Iterator[None]:
    """Let a hand go on although rows are still to come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Hand, "_is_busy", _has_messages)
        yield


def _has_messages(hand: Hand) -> bool:
    pumps = (hand.app, *hand.app._registry)
    return bool(hand.app.screen._callbacks) or any(
        pump._next_callbacks or not pump._message_queue.empty() for pump in pumps
    )


def shown(view: View) -> list[str]:
    return [view.rows[index].key for index in view.order]


def whole_view(backend: StandIn, text: str, **saved: object) -> View:
    """A view that had all rows from the beginning."""
    view = View(lambda: NOW, saved)
    view.set_catalog(backend.catalog)
    view.set_text(text)
    return view


async def all_there(hand: Hand, backend: Slow) -> None:
    backend.may_load.set()
    await hand.until(lambda: browse(hand.app).view.opening is None)
    await hand.settle()


async def test_the_first_frame_looks_as_with_all_rows(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            await hand.until(lambda: slow.loads == 1)  # the details are drawn before
            assert browse(app).view.opening is not None
            first = drawn(app)
            await all_there(hand, slow)
            assert len(browse(app).view.rows) == 300
            assert drawn(app) == first


async def test_what_is_typed_meanwhile_is_seen_and_then_answered(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            await hand.press("slash", *"model-29")
            screen = browse(app)
            assert "model-29" in screen.bar.text
            assert "…" in screen.bar.text
            await all_there(hand, slow)
            assert shown(screen.view) == shown(whole_view(slow, "model-29"))


async def test_the_last_row_is_the_last_of_all(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            hand._send("end")
            await all_there(hand, slow)
            screen = browse(app)
            await hand.until(lambda: screen.table.cursor > 0)
            assert screen.table.cursor == 299


async def test_a_key_that_comes_with_the_first_frame_waits_for_rows_that_do_come(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first key comes before what follows the first frame, and keeps it from coming.
    monkeypatch.setattr(ModelTuiApp, "call_after_refresh", lambda *_: True)
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            assert slow.loads == 0
            hand._send("end")
            await polled(lambda: slow.loads == 1)
            await all_there(hand, slow)
            await hand.until(lambda: browse(app).table.cursor == 299)


async def test_a_column_that_is_sorted_by_meanwhile_sorts_all_rows(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            browse(app).sort_by("context")
            await all_there(hand, slow)
            assert shown(browse(app).view) == shown(whole_view(slow, "", sort=[["context", True]]))


async def test_changing_to_offers_meanwhile_shows_all_offers(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            await hand.press("m")
            assert browse(app).view.opening is not None
            await all_there(hand, slow)
            assert (browse(app).view.by, len(browse(app).view.rows)) == ("offer", 600)


async def test_a_refresh_begins_when_all_rows_are_there(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow, auto_refresh=True)
        async with running(app, SIZE) as hand:
            await hand.until(lambda: slow.loads == 1)
            assert slow.refreshes == 0
            await all_there(hand, slow)
            await hand.until(lambda: slow.refreshes == 1)


async def test_a_refresh_asked_for_meanwhile_is_the_only_one(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow, auto_refresh=True)
        async with running(app, SIZE) as hand:
            slow.gate.clear()
            await hand.press("r")
            await hand.until(lambda: slow.refreshes == 1)
            await all_there(hand, slow)
            slow.gate.set()
            await hand.done()
            assert slow.refreshes == 1


async def test_a_newer_catalog_is_not_replaced_by_the_one_of_the_last_run(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            await hand.until(lambda: slow.loads == 1)
            newer = make_many(800)
            browse(app).catching_up.take(newer)
            await hand.until(lambda: browse(app).view.opening is None)
            slow.may_load.set()
            await hand.done()
            assert browse(app).view.catalog is newer


async def test_leaving_does_not_wait_for_the_rows(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            await hand.until(lambda: slow.loads == 1)
            await hand.press("q")
            assert not app.is_running
            slow.may_load.set()


async def test_leaving_does_not_wait_behind_keys_that_only_move(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            for key in ("down", "pagedown"):
                hand._send(key)
                await polled(lambda: app._may_leave)
            hand._send("q")
            await polled(lambda: not app.is_running)
            assert not slow.may_load.is_set()
            slow.may_load.set()


async def test_leaving_waits_until_what_was_asked_for_before_is_done(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            hand._send("down")
            await polled(lambda: app._may_leave)
            for key in ("asterisk", "q"):
                hand._send(key)
            await polled(lambda: not app._may_leave)
            assert not app._exit
            slow.may_load.set()
            await polled(lambda: not app.is_running)
    assert slow.view["favourites"]


async def test_a_letter_of_the_filter_leaves_nothing(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            for key in ("slash", "down", "q", "w"):
                hand._send(key)
                await asyncio.sleep(0.05)
            assert not app._exit
            await all_there(hand, slow)
            assert browse(app).view.text == "qw"


async def test_a_deed_that_came_in_one_burst_with_a_move_is_done_before_leaving(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            for key in ("down", "asterisk"):
                hand._send(key)
            await asyncio.sleep(0.05)
            hand._send("q")
            await polled(lambda: slow.loads == 1)
            slow.may_load.set()
            await polled(lambda: not app.is_running)
    assert slow.view["favourites"]


async def test_the_review_waits_for_all_that_may_be_in_doubt(slow: Slow) -> None:
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE) as hand:
            hand._send("R")
            await asyncio.sleep(0.05)
            assert app.screen is browse(app)
            await all_there(hand, slow)
            await hand.until(lambda: app.screen is not browse(app))


async def test_rows_that_are_to_be_others_are_not_kept_for_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modeltui.tui.view.AT_ONCE", 0)
    backend = StandIn(make_many(600))
    app = app_of(backend)
    async with running(app, SIZE) as hand:
        await hand.counted()
        screen = browse(app)
        screen.action_toggle_view()
        assert not screen.catching_up.has_caught_up
        screen.catching_up.keep_opening()
        await hand.done()
        await hand.counted()
        await hand.until(lambda: backend.kept[1] is not None and "'offer'" in backend.kept[1].usual)
        assert backend.kept[1] is not None
        assert backend.kept[1].rows == 600


async def test_old_rows_and_old_catalogs_are_let_go(slow: Slow) -> None:
    slow.may_load.set()
    app = app_of(slow)
    async with running(app, SIZE) as hand:
        await hand.counted()
        screen = browse(app)
        await hand.until(lambda: screen.catching_up._kept[0]() is not None)
        await hand.press("slash", *"model-2")
        old_rows, old_catalog = ref(screen.view.row_set), ref(screen.view.catalog)
        screen.query_one("#detail").display = False
        slow.catalog = make_many(700)
        slow.kept = None, None
        screen.catching_up.take(slow.catalog)
        await hand.done()
        await hand.counted()
        gc.collect()
        assert old_rows() is None
        assert old_catalog() is None


async def test_a_terminal_higher_than_the_opening_waits_for_all(slow: Slow) -> None:
    slow.may_load.set()
    app = app_of(slow)
    async with running(app, (160, OPENING_ROWS + 1)):
        assert browse(app).view.opening is None
        assert len(browse(app).view.rows) == 300


async def test_what_was_chosen_is_what_the_next_start_begins_with() -> None:
    backend = StandIn(make_many(600))
    app = app_of(backend)
    async with running(app, SIZE) as hand:
        await hand.counted()
        await hand.until(lambda: backend.kept[1] is not None)
        browse(app).sort_by("context")
        await hand.press("S")
        await hand.counted()
        view = browse(app).view
        await hand.until(lambda: backend.kept[1] is not None and "context" in backend.kept[1].usual)
        first = shown(view)[:20]
    slow = Slow(backend.catalog)
    slow.kept, slow.view = backend.kept, backend.view
    with not_waiting():
        app = app_of(slow)
        async with running(app, SIZE):
            view = browse(app).view
            assert view.opening is not None
            assert shown(view)[:20] == first
            slow.may_load.set()
