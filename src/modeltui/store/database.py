"""One connection that several threads share: whole transactions, failures as notes, repair while running."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from modeltui import paths
from modeltui.store import files, schema
from modeltui.store.opening import (
    BUSY_TIMEOUT_MS,
    DAMAGED,
    FAILURES,
    Opened,
    code_of,
    empty_in_memory,
    open_database,
    reason_of,
)

FILE_NAME = paths.STORE_FILE

MOST_BYTES_CHECKED = 16 * 1024 * 1024
"""Above this the structure is not checked at every start, which then would take more than about 10 ms."""

WRITING = "BEGIN IMMEDIATE"
TURN_S = (0.001, 0.006)
"""How long a writer waits before it looks again whether it is its turn, at random between these."""

T = TypeVar("T")


class DamageFoundError(sqlite3.DatabaseError):
    """The file is damaged, though SQLite has not stumbled over it yet."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def utc_now() -> datetime:
    """Tell the time, in UTC."""
    return datetime.now(UTC)


class Database:
    """The cache's file, and what happens when it cannot be read or written.

    A failure never reaches the caller as an exception: the fallback is returned and `notes` says why.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.path = folder / FILE_NAME
        self.notes: list[str] = []
        """What a person should know of the cache, one line each, none twice."""
        self._clock = clock
        self._lock = threading.RLock()
        self._opened = self._open()
        self.salt = schema.new_salt()
        self._settle_salt()
        if not self._opened.read_only:
            self.read(_check_structure, None)

    @property
    def is_kept(self) -> bool:
        """Whether what is written now is still there after the program ends."""
        return not (self._opened.in_memory or self._opened.read_only)

    def close(self) -> None:
        """Let go of the file; whatever is asked afterwards fails with a note."""
        with self._lock:
            self._opened.connection.close()

    def note(self, text: str) -> None:
        """Remember something a person should know of the cache."""
        with self._lock:
            if text not in self.notes:
                self.notes.append(text)

    def read(self, query: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Ask something of one consistent state of the database; `otherwise` where it cannot be read."""
        return self._attempt("BEGIN", query, otherwise, "Cache could not be read")

    def write(self, change: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Change the database as a whole or not at all; `otherwise` where it cannot be written."""
        if self._opened.read_only:
            self.note(f"{self.path} was made by a newer version of modeltui: it is read, and nothing is saved in it")
            return otherwise
        return self._attempt(WRITING, change, otherwise, "Cache could not be saved")

    def shrink(self) -> None:
        """Give the room of deleted rows back to the disk."""
        with self._lock:
            try:
                self._opened.connection.execute("VACUUM")
            except FAILURES as error:
                self.note(f"Cache could not be made smaller: {reason_of(error)}")

    def _attempt(self, begin: str, action: Callable[[sqlite3.Connection], T], otherwise: T, failure: str) -> T:
        with self._lock:
            for is_last_try in (False, True):
                try:
                    return _whole(self._opened.connection, begin, action)
                except FAILURES as error:
                    if is_last_try or not self._is_worth_another_try(error):
                        self.note(f"{failure}: {reason_of(error)}")
                        break
            return otherwise

    def _is_worth_another_try(self, error: Exception) -> bool:
        code = code_of(error)
        if code == sqlite3.SQLITE_BUSY:
            return True
        if not self.is_kept or code not in DAMAGED | {sqlite3.SQLITE_READONLY}:
            return False
        if files.identity(self.path) != self._opened.identity:
            self._opened.connection.close()
            self._opened = self._open()
            return True
        if files.is_writable(self.path):
            self._repair()
            return True
        return False

    def _repair(self) -> None:
        """Begin a new file with every row of the damaged one that can still be read."""
        rescued = empty_in_memory(self.salt)
        schema.copy_readable(self._opened.connection, rescued)
        self._opened.connection.close()
        try:
            target = files.set_aside(self.path, self._clock())
        except OSError as error:
            self.note(f"Cache is not kept: {self.path} is damaged and cannot be moved: {reason_of(error)}")
            self._opened = Opened(rescued, in_memory=True)
            return
        self.note(f"The cache was damaged; it was set aside as {target.name}, what could be read was kept")
        self._opened = self._open()
        try:
            rescued.backup(self._opened.connection)
        except FAILURES as error:
            self.note(f"What could be read of the damaged cache was not kept: {reason_of(error)}")
        rescued.close()

    def _open(self) -> Opened:
        return open_database(self.path, note=self.note, clock=self._clock)

    def _settle_salt(self) -> None:
        """Take the salt that is stored, or store the one just made where there is none."""
        found = self.read(schema.salt_of, None)
        if found is None:
            self.write(lambda connection: schema.save_salt(connection, self.salt), None)
        else:
            self.salt = found


def _check_structure(connection: sqlite3.Connection) -> None:
    """Raise `DamageFoundError` where a write could overwrite what it should not."""
    if schema.size_of(connection) <= MOST_BYTES_CHECKED:
        (verdict,) = connection.execute("PRAGMA integrity_check (1)").fetchone()
        if verdict != "ok":
            raise DamageFoundError


def _whole(connection: sqlite3.Connection, begin: str, action: Callable[[sqlite3.Connection], T]) -> T:
    if begin == WRITING:
        _begin_writing(connection)
    else:
        connection.execute(begin)
    try:
        outcome = action(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcome


def _begin_writing(connection: sqlite3.Connection) -> None:
    """Wait for the turn to write, as long as `BUSY_TIMEOUT_MS`.

    SQLite's own waiting looks ever less often, so that whoever came last goes first and one may starve for seconds.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute(WRITING)
                return
            except sqlite3.OperationalError as error:
                if code_of(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(random.uniform(*TURN_S))  # noqa: S311  # no secret: it keeps writers out of step
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
