"""Threads to look names up in, so many that a few hanging names do not hold up the others, nor the way out."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Final, ParamSpec, TypeVar
from weakref import WeakSet

RESOLVER_THREADS: Final = 64
_widened: Final[WeakSet[asyncio.AbstractEventLoop]] = WeakSet()
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Threads(ThreadPoolExecutor):
    """A pool that nobody waits for at the end: a lookup may hang for half a minute, and no one needs it any more.

    Its threads are daemons that Python's own pool does not know of. What they write is safe when they are cut short.
    """

    def __init__(self, most: int) -> None:
        super().__init__(max_workers=1)
        self._most = most
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._started = 0
        self._is_over = False

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
        """Hand work to an idle thread, a new one, or the next that becomes idle."""
        if self._is_over:
            raise RuntimeError("the program is being left")
        future: Future[_T] = Future()

        def task() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001  # it belongs to whoever asked, as in Python's own pool
                future.set_exception(error)

        self._tasks.put(task)
        if not self._idle.acquire(blocking=False) and self._started < self._most:
            self._started += 1
            threading.Thread(target=self._work, name=f"modeltui_{self._started}", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # Python's
        """Take no more work; threads that are idle end, the others are not waited for."""
        del wait, cancel_futures
        if not self._is_over:
            self._is_over = True
            for _ in range(self._started):
                self._tasks.put(None)
        super().shutdown(wait=False)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
            del task
            self._idle.release()


def wide_resolver(loop: asyncio.AbstractEventLoop) -> None:
    """Give a loop 64 default threads, once; name lookups and all `to_thread` work share them."""
    if loop not in _widened:
        loop.set_default_executor(Threads(RESOLVER_THREADS))
        _widened.add(loop)
