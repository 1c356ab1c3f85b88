"""A stream on a loop and a thread of its own, so that the loop of whoever listens never waits for its work."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Final, Generic, NamedTuple, TypeVar

from modeltui.service.resolver import wide_resolver

T = TypeVar("T")
_NAME: Final = "modeltui-aside"


class _Over(NamedTuple):
    """The stream has ended, or failed."""

    error: BaseException | None


async def aside(make: Callable[[], AsyncGenerator[T, None]]) -> AsyncGenerator[T, None]:
    """Run a stream in a thread of its own and yield what it yields; its error is raised here.

    Closing this one cancels the other and does not wait for it: its thread is a daemon, and what it writes is safe
    when it is cut short.
    """
    here = asyncio.get_running_loop()
    told: asyncio.Queue[tuple[T] | _Over] = asyncio.Queue()

    def tell(item: tuple[T] | _Over) -> None:
        with suppress(RuntimeError):  # the loop of the listener is closed: nobody listens any more
            here.call_soon_threadsafe(told.put_nowait, item)

    stream = _Stream(make, tell)
    threading.Thread(target=stream.run, name=_NAME, daemon=True).start()
    try:
        while not isinstance(item := await told.get(), _Over):
            yield item[0]
        if item.error is not None:
            raise item.error
    finally:
        stream.cancel()


class _Stream(Generic[T]):
    """The stream in its thread; `cancel` may be called from any other, at any time."""

    def __init__(self, make: Callable[[], AsyncGenerator[T, None]], tell: Callable[[tuple[T] | _Over], None]) -> None:
        self._make = make
        self._tell = tell
        self._changing = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None
        self._is_cancelled = False

    def run(self) -> None:
        """Run to the end, and tell of it."""
        error: BaseException | None = None
        try:
            asyncio.run(self._follow())
        except asyncio.CancelledError:
            error = None
        except BaseException as failure:  # noqa: BLE001  # it belongs to whoever listens
            error = failure
        self._tell(_Over(error))

    async def _follow(self) -> None:
        task = asyncio.create_task(self._drain())
        with self._changing:
            self._running = (asyncio.get_running_loop(), task)
            if self._is_cancelled:
                task.cancel()
        try:
            await task
        finally:
            with self._changing:
                self._running = None

    async def _drain(self) -> None:
        wide_resolver(asyncio.get_running_loop())
        async with aclosing(self._make()) as items:
            async for item in items:
                self._tell((item,))

    def cancel(self) -> None:
        """Have the stream end soon, wherever it is."""
        with self._changing:
            self._is_cancelled = True
            if self._running is not None:
                loop, task = self._running
                loop.call_soon_threadsafe(task.cancel)
