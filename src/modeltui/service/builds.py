"""When catalogs are built while answers come in: soon after the first, and not more often than the machine bears."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from modeltui.service.events import CatalogBuilt
from modeltui.state import Catalog

EVERY_S: Final = 0.25
"""From the end of one build to the next, or as long as the build took where that is longer."""


class Builds:
    """Builds a catalog whenever something has changed since the last one."""

    def __init__(self, build: Callable[[], Awaitable[Catalog]], tell: Callable[[CatalogBuilt], None]) -> None:
        self._build = build
        self._tell = tell
        self._has_changed = False
        self._is_over = False
        self._woken = asyncio.Event()

    def note_change(self) -> None:
        """Have a catalog built."""
        self._has_changed = True
        self._woken.set()

    def finish(self, *, one_more: bool) -> None:
        """Build what has changed, or once more in any case, without waiting any longer, and end."""
        self._has_changed = self._has_changed or one_more
        self._is_over = True
        self._woken.set()

    async def run(self) -> None:
        """Build until it is over."""
        while not self._is_over or self._has_changed:
            await self._woken.wait()
            self._woken.clear()
            if self._has_changed:
                self._has_changed = False
                began = time.monotonic()
                self._tell(CatalogBuilt(await self._build()))
                await self._rest(max(EVERY_S, time.monotonic() - began))

    async def _rest(self, span_s: float) -> None:
        """Let some time pass, less if it is over meanwhile."""
        end = time.monotonic() + span_s
        while not self._is_over and (left_s := end - time.monotonic()) > 0:
            self._woken.clear()
            try:
                async with asyncio.timeout(left_s):
                    await self._woken.wait()
            except TimeoutError:
                break
        self._woken.set()
