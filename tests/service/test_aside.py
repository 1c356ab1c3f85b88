"""A stream in a thread of its own: what it yields, how it fails, and that closing ends it."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator

import pytest

from modeltui.service.aside import aside


def aside_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "modeltui-aside"]


async def gone() -> bool:
    for _ in range(200):
        if not aside_threads():
            return True
        await asyncio.sleep(0.01)
    return False


async def test_everything_comes_in_order_and_from_another_thread() -> None:
    async def numbers() -> AsyncGenerator[tuple[int, int], None]:
        for number in range(5):
            await asyncio.sleep(0)
            yield number, threading.get_ident()

    found = [item async for item in aside(numbers)]
    assert [number for number, _ in found] == [0, 1, 2, 3, 4]
    assert {ident for _, ident in found} & {threading.get_ident()} == set()
    assert await gone()


async def test_the_listener_goes_on_while_the_stream_computes() -> None:
    async def busy() -> AsyncGenerator[str, None]:
        time.sleep(0.3)  # noqa: ASYNC251  # this is what must not be felt
        yield "done"

    ticks, waiting = 0, asyncio.ensure_future(anext(aside(busy)))
    while not waiting.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert waiting.result() == "done"
    assert ticks > 5


async def test_an_error_is_raised_where_the_stream_is_read() -> None:
    async def failing() -> AsyncGenerator[int, None]:
        yield 1
        raise LookupError("no such thing")

    stream = aside(failing)
    assert await anext(stream) == 1
    with pytest.raises(LookupError, match="no such thing"):
        await anext(stream)
    assert await gone()


async def test_closing_it_ends_the_stream_where_it_waits() -> None:
    ended = threading.Event()

    async def endless() -> AsyncGenerator[int, None]:
        try:
            yield 1
            await asyncio.sleep(60)
        finally:
            ended.set()

    stream = aside(endless)
    assert await anext(stream) == 1
    await stream.aclose()
    assert await gone()
    assert ended.is_set()
