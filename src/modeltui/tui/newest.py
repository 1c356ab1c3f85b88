"""Work in a thread for whoever waits at the screen: only the newest is wanted."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from modeltui.work import GivenUpError, until

T = TypeVar("T")


class Newest:
    """Does one piece of work at a time; a newer one puts an end to the one under way, and to one that waits."""

    def __init__(self) -> None:
        self._given_up = threading.Event()
        self._under_way: asyncio.Future[Any] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no thread works."""
        return self._under_way is None or self._under_way.done()

    async def do(self, work: Callable[[], T]) -> T:
        """Do work in a thread, after what was under way has ended; `GivenUpError` where it is not wanted any more."""
        self.give_up()
        given_up = self._given_up = threading.Event()
        await self._ended()
        if given_up.is_set():
            raise GivenUpError
        under_way: asyncio.Future[T] = asyncio.get_running_loop().run_in_executor(None, until, given_up, work)
        under_way.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever asked may be gone
        self._under_way = under_way
        try:
            done = await asyncio.shield(under_way)
        except asyncio.CancelledError:
            given_up.set()
            raise
        if given_up.is_set():  # after it was done, but before it was taken
            raise GivenUpError
        return done

    def give_up(self) -> None:
        """Want what is under way no more, nor what is done and not taken yet."""
        self._given_up.set()

    async def halt(self) -> None:
        """Give up what is under way, and wait until no thread works at it any more."""
        self.give_up()
        await self._ended()

    async def _ended(self) -> None:
        while self._under_way is not None and not self._under_way.done():
            await asyncio.wait([self._under_way])
