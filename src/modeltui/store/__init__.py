"""What lasts between starts: raw responses with their history, the last try of each source, latency samples.

One SQLite file with a rollback journal, for it can be read on a full or read-only disk, where WAL cannot. The
store knows no provider and is given no request headers, so a key has no way into it.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from modeltui.store import files, schema
from modeltui.store.attempts import Attempts
from modeltui.store.database import FILE_NAME, utc_now
from modeltui.store.latency import Latency
from modeltui.store.responses import Responses
from modeltui.store.seals import digest
from modeltui.store.values import Attempt, Head, StoreInfo

__all__ = ["FILE_NAME", "Attempt", "Head", "Store", "StoreInfo", "digest"]


class Store(Responses, Attempts, Latency):
    """The cache of one user; several threads and processes may use it at once.

    Nothing here raises because of a disk: what cannot be kept is held in memory or refused with false, and
    `notes` says why in words for a person. `salt` is 32 random bytes of this store, for fingerprints of keys.
    """

    def __init__(
        self, cache_dir: Path, *, history_days: int | None = None, clock: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(cache_dir, clock=clock)
        self.history_days = history_days

    @classmethod
    def open(cls, cache_dir: Path, *, history_days: int | None = None, clock: Callable[[], datetime] = utc_now) -> Self:
        """Open the store of a folder, which is made if need be; a file that is damaged is set aside."""
        return cls(cache_dir, history_days=history_days, clock=clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def clear(self, *, latency: bool = False) -> int:
        """Delete responses, their history, attempts and what was set aside, and samples if asked; tell bytes freed."""
        before = self.info().bytes
        tables = ("response", "attempt", "latency") if latency else ("response", "attempt")

        def emptied(connection: sqlite3.Connection) -> bool:
            for table in tables:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  # the names stand above
            return True

        if not self.write(emptied, otherwise=False):
            return 0
        self.shrink()
        freed = max(0, before - self.info().bytes)
        if self.is_kept:
            with suppress(OSError):
                freed += sum(map(files.remove, files.set_aside_files(self.path)))
        return freed

    def info(self) -> StoreInfo:
        """Count what is stored."""
        size, responses, history, latency = self.read(_counts, (0, 0, 0, 0))
        return StoreInfo(
            path=self.path,
            bytes=size,
            responses=responses,
            history=history,
            latency=latency,
            notes=tuple(self.notes),
            is_kept=self.is_kept,
        )


def _counts(connection: sqlite3.Connection) -> tuple[int, int, int, int]:
    (sound, sources) = connection.execute(
        "SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT source, scope FROM response WHERE bad = 0)) "
        "FROM response WHERE bad = 0"
    ).fetchone()
    (samples,) = connection.execute("SELECT count(*) FROM latency").fetchone()
    return schema.size_of(connection), sources, sound - sources, samples
