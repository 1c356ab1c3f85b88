"""Catalogs are built soon, never two at once, not too often, and once more at the end where something changed."""

import asyncio
import time
from datetime import UTC, datetime

from modeltui.service.builds import EVERY_S, Builds
from modeltui.service.events import CatalogBuilt
from modeltui.state import Catalog

EMPTY = Catalog((), (), (), datetime(2026, 1, 1, tzinfo=UTC))


class Builder:
    def __init__(self, took_s: float = 0.0) -> None:
        self.took_s = took_s
        self.began: list[float] = []
        self.at_once = self.most_at_once = 0
        self.told: list[CatalogBuilt] = []

    async def build(self) -> Catalog:
        self.began.append(time.monotonic())
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.took_s)
        self.at_once -= 1
        return EMPTY

    async def has_told(self, count: int) -> None:
        for _ in range(1000):
            if len(self.told) >= count:
                break
            await asyncio.sleep(0.01)
        assert len(self.told) == count


async def test_a_change_is_built_at_once_and_the_next_ones_together_later() -> None:
    builder = Builder()
    builds = Builds(builder.build, builder.told.append)
    task = asyncio.create_task(builds.run())
    builds.note_change()
    await builder.has_told(1)
    for _ in range(5):
        builds.note_change()
        await asyncio.sleep(0)
    await builder.has_told(2)
    await asyncio.sleep(0.1)
    assert len(builder.told) == 2
    assert builder.began[1] - builder.began[0] >= EVERY_S
    builds.finish(one_more=False)
    await asyncio.wait_for(task, 10)
    assert len(builder.told) == 2


async def test_the_last_change_is_built_without_waiting() -> None:
    builder = Builder()
    builds = Builds(builder.build, builder.told.append)
    task = asyncio.create_task(builds.run())
    builds.note_change()
    await builder.has_told(1)
    builds.note_change()
    builds.finish(one_more=False)
    await asyncio.wait_for(task, EVERY_S / 2)
    assert len(builder.told) == 2


async def test_nothing_is_built_without_a_change_unless_it_is_asked_for() -> None:
    for one_more, built in ((False, 0), (True, 1)):
        builder = Builder()
        builds = Builds(builder.build, builder.told.append)
        task = asyncio.create_task(builds.run())
        await asyncio.sleep(0.01)
        builds.finish(one_more=one_more)
        await asyncio.wait_for(task, 10)
        assert len(builder.told) == built


async def test_two_builds_never_overlap() -> None:
    builder = Builder(took_s=0.03)
    builds = Builds(builder.build, builder.told.append)
    task = asyncio.create_task(builds.run())
    for _ in range(10):
        builds.note_change()
        await asyncio.sleep(0.01)
    builds.finish(one_more=True)
    await asyncio.wait_for(task, 10)
    assert builder.most_at_once == 1
