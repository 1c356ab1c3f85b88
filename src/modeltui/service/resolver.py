"""Threads to look names up in, so many that a few hanging names do not hold up the others."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from weakref import WeakSet

RESOLVER_THREADS: Final = 64
_widened: Final[WeakSet[asyncio.AbstractEventLoop]] = WeakSet()


def wide_resolver(loop: asyncio.AbstractEventLoop) -> None:
    """Give a loop 64 default threads, once; name lookups and all `to_thread` work share them."""
    if loop not in _widened:
        loop.set_default_executor(ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="modeltui"))
        _widened.add(loop)
