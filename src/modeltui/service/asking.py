"""One source being asked, page after page, with the repetitions that are allowed; knows nothing of HTTP libraries."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from modeltui.secret import Redactor
from modeltui.service.answers import Fetched, FetchRequest, NotModified, Reply
from modeltui.service.bodies import check_page, off_loop
from modeltui.service.failures import Fault, bad_answer, cut
from modeltui.service.paging import Pager
from modeltui.service.retry import LONGEST_ASKED_S, RETRIES, backoff_s

OnRetry = Callable[[str, float, int], None]
"""Told the reason, the wait in seconds and the number of the try that comes after it."""
Send = Callable[[str, Mapping[str, str], int], Awaitable[Reply]]
"""Ask a URL with extra headers for at most so many decoded bytes; what goes wrong is a `Fault`."""
_VALIDATOR: Final = re.compile(r"[\x20-\x7e]{1,16384}")


def _now() -> datetime:
    return datetime.now(UTC)


class Timing(Struct, frozen=True):
    """What asking takes from the world besides the network."""

    chance: Callable[[], float] = random.random
    """Random numbers from 0 to 1, for the waits between tries."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    """Seconds that never step back."""
    now: Callable[[], datetime] = _now
    """Aware UTC."""


REAL_TIME: Final = Timing()


class Asking:
    """Collects the pages of one source; what goes wrong for good is raised as a `Fault`."""

    def __init__(
        self, request: FetchRequest, send: Send, redactor: Redactor, timing: Timing, on_retry: OnRetry | None
    ) -> None:
        self._request = request
        self._send = send
        self._redactor = redactor
        self._timing = timing
        self._on_retry = on_retry
        self._started = timing.clock()
        self._retries = 0
        self._validators = _validators(request)

    async def answer(self) -> Fetched | NotModified:
        """Ask for the first page and all that follow."""
        request = self._request
        pager = Pager(request.url, request.paging, request.max_pages)
        reply = await self._patiently(pager.first, self._validators, request.max_page_bytes)
        if reply.status == 304:
            if not self._validators:
                raise bad_answer("status 304, which nobody asked for")
            return NotModified(self._kept(reply, "etag"), self._kept(reply, "last-modified"), self._elapsed_s())
        pages = await self._pages(pager, reply.body)
        return Fetched(
            status=reply.status,
            pages=pages,
            etag=self._kept(reply, "etag"),
            last_modified=self._kept(reply, "last-modified"),
            elapsed_s=self._elapsed_s(),
            url=_without_userinfo(request.url),
        )

    async def _pages(self, pager: Pager, page: bytes) -> tuple[bytes, ...]:
        """Check each page and ask for the one after it; all of them come together or none."""
        pages: list[bytes] = []
        left = self._request.max_total_bytes
        while True:
            await off_loop(partial(check_page, first=not pages), page)
            pages.append(page)
            left -= len(page)
            target = await off_loop(pager.following, page)
            if target is None:
                return tuple(pages)
            reply = await self._patiently(target, {}, min(left, self._request.max_page_bytes))
            if reply.status == 304:
                raise bad_answer("status 304, which nobody asked for")
            page = reply.body

    async def _patiently(self, url: str, extra: Mapping[str, str], limit: int) -> Reply:
        """Ask, and ask again where the failure may pass and there is time left."""
        while True:
            try:
                return await self._send(url, extra, limit)
            except Fault as fault:
                wait_s = self._wait_s(fault)
                if wait_s is None:
                    raise
                reason = cut(self._redactor.redact(fault.reason))
            self._retries += 1
            if self._on_retry is not None:
                self._on_retry(reason, wait_s, self._retries + 1)
            await self._timing.sleep(wait_s)

    def _wait_s(self, fault: Fault) -> float | None:
        """Say how long to wait before the next try; `None` where there is none."""
        if self._retries >= min(fault.again, RETRIES):
            return None
        asked_s = fault.asked_wait_s or 0.0
        wait_s = max(asked_s, backoff_s(self._retries, self._timing.chance()))
        in_time = self._elapsed_s() + wait_s < self._request.deadline_s
        return wait_s if asked_s <= LONGEST_ASKED_S and in_time else None

    def _kept(self, reply: Reply, name: str) -> str | None:
        """Give a validator of an answer, unless it could not be sent back or has a key in it."""
        value = reply.headers.get(name, "")
        return value if _VALIDATOR.fullmatch(value) and self._redactor.redact(value) == value else None

    def _elapsed_s(self) -> float:
        return self._timing.clock() - self._started


def _validators(request: FetchRequest) -> dict[str, str]:
    if request.paging is not None:
        return {}
    stated = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in stated.items() if value and _VALIDATOR.fullmatch(value)}


def _without_userinfo(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
