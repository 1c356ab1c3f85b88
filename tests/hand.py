"""A hand at the keys and the mouse that goes on as soon as the program has nothing left to do.

Textual's own pilot waits until the process has been idle for a while after each key; this one looks at what is
queued, and asks for the next frame instead of waiting for it.
"""

import asyncio
import time
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.events import Key, Paste
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot
from textual.timer import Timer

from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.browse import BrowseScreen
from screen_stand_in import browse

STILL = 2
"""How many times in a row nothing may be found queued."""
PATIENCE_S = 30.0
"""How long a state is waited for before the test has failed."""


def _written(key: str) -> str | None:
    """Give the character that a key writes."""
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        return key if len(key) == 1 else None


def _is_over(timer: Timer | None) -> bool:
    return timer is None or timer._task is None or timer._task.done()


async def polled(met: Callable[[], bool]) -> None:
    """Wait for a state while rows are still to come, which a hand would wait for."""
    for _ in range(2000):
        if met():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("what was waited for did not come")


class Hand(Pilot[None]):
    """A pilot that waits for what is queued, not for the clock."""

    async def press(self, *keys: str) -> None:
        for key in keys:
            self._send(key)
            await self._settle(draw=False)
        await self.settle()

    async def press_at_once(self, *keys: str) -> None:
        """Have keys come faster than the program handles them."""
        for key in keys:
            self._send(key)
        await self.settle()

    def _send(self, key: str) -> None:
        name = key if len(key) > 1 or key.isalnum() else _character_to_key(key)
        event = Key(name, _written(name))
        event.set_sender(self.app)
        assert self.app._driver is not None
        self.app._driver.send_message(event)

    async def paste(self, text: str) -> None:
        """Have the terminal paste a text."""
        assert self.app._driver is not None
        self.app._driver.send_message(Paste(text))
        await self.settle()

    async def pause(self, delay: float | None = None) -> None:
        if delay is not None:
            await asyncio.sleep(delay)
        await self.settle()

    async def settle(self) -> None:
        """Wait until no widget has a message left and all is drawn; timers and threads may still run."""
        await self._settle(draw=True)

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait for a state that a timer or a thread brings about."""
        last = time.monotonic() + PATIENCE_S
        while not met():
            assert time.monotonic() < last, "what was waited for did not come"
            await asyncio.sleep(0.005)
            await self.settle()
        await self.settle()

    async def counted(self) -> None:
        """Wait until chips and providers are counted, which is a moment after the last key."""
        await self.settle()
        while not _is_over(browse(self.app)._counting):
            await self.until(lambda: _is_over(browse(self.app)._counting))
            await self.settle()  # the timer is over before what it calls is done, which may set another one
        await self.until(lambda: all(worker.is_finished for worker in self.app.workers if worker.group == "arrange"))

    async def done(self) -> None:
        """Wait until nothing runs beside the screen any more, and what it brought is drawn."""
        await self.settle()
        while any(not worker.is_finished for worker in self.app.workers):
            await self.app.workers.wait_for_complete()
            await self.settle()

    async def _settle(self, *, draw: bool) -> None:
        """Wait; a frame that only repaints is not drawn unless asked for, as where somebody types faster than that."""
        still = 0
        while still < STILL and self.app.is_running:
            await self._wait_for_screen()
            await self.app.animator.wait_until_complete()
            still = 0 if self._is_busy() else still + 1
            screen = self.app.screen
            if draw or screen._callbacks or screen._layout_required or screen._recompose_required:
                screen._on_timer_update()
            await asyncio.sleep(0)

    def _is_busy(self) -> bool:
        pumps = (self.app, *self.app._registry)
        first = self.app.screen_stack[0]
        if isinstance(first, BrowseScreen) and not first.catching_up.has_caught_up:
            return True
        return bool(self.app.screen._callbacks) or any(
            pump._next_callbacks or not pump._message_queue.empty() for pump in pumps
        )


@asynccontextmanager
async def running(app: ModelTuiApp, size: tuple[int, int]) -> AsyncIterator[Hand]:
    """Run an app without a terminal and give a hand at its keys."""
    async with app.run_test(size=size):
        hand = Hand(app)
        await hand.settle()
        yield hand
        if app.is_running and not app._exit:
            app.exit()  # as a person leaves: what works beside the screen learns of it before the widgets go
