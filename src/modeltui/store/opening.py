"""Getting from a folder to a usable database, whatever stands in that folder."""

import errno
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from modeltui.errors import StoreError
from modeltui.paths import make_private_dir
from modeltui.store import files, schema
from modeltui.store.schema import Origin

BUSY_TIMEOUT_MS = 5000
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
FAILURES = (sqlite3.Error, UnicodeError, OverflowError)
"""What a database that is damaged, full, locked or given impossible text makes Python's sqlite3 raise."""
SETTINGS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
)


class Opened(Struct, frozen=True):
    """A database that can be asked, and what may be done with it."""

    connection: sqlite3.Connection
    in_memory: bool = False
    """Lost at the end of the program: the file could not be used or not be written."""
    read_only: bool = False
    """A newer version of the program made the file; it is not touched."""
    identity: tuple[int, int] | None = None
    """Which file it is, for telling whether another process has replaced it."""


def open_database(path: Path, *, note: Callable[[str], None], clock: Callable[[], datetime]) -> Opened:
    """Open the cache at `path`, or a copy or an empty one in memory; never raises, every trouble is a note."""
    try:
        make_private_dir(path.parent)
        return _open_file(path, note, clock)
    except StoreError as error:
        note(f"Cache is not kept: {error.message}. {error.hint}")
    except (OSError, *FAILURES) as error:
        note(f"Cache is not kept: {path}: {reason_of(error)}")
    return Opened(_readable_copy(path) or empty_in_memory(), in_memory=True)


def code_of(error: Exception) -> int:
    """Tell SQLite's primary result code of an error, 0 where it has none.

    SQLite quotes a damaged schema in its message, and bytes there that are no text become a `UnicodeDecodeError`.
    """
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF if isinstance(code, int) else 0


def reason_of(error: Exception) -> str:
    """Say in one line why a database could not be used."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_BUSY: "another process kept it busy",
        sqlite3.SQLITE_READONLY: "it cannot be written",
        sqlite3.SQLITE_CORRUPT: "it is damaged",
        sqlite3.SQLITE_NOTADB: "it is damaged",
    }.get(code_of(error), str(error))


def empty_in_memory(salt: bytes | None = None) -> sqlite3.Connection:
    """Make a cache that lasts as long as the program."""
    connection = _connect(":memory:")
    schema.create(connection, salt)
    return connection


def _open_file(path: Path, note: Callable[[str], None], clock: Callable[[], datetime]) -> Opened:
    if not files.is_writable(path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    files.refuse_linked_companions(path)
    for _ in range(3):
        identity = _prepare_file(path)
        opened = _try_open(path) if identity else None
        if opened is not None:
            return Opened(opened.connection, read_only=opened.read_only, identity=identity)
        if identity is None or files.identity(path) == identity:
            target = files.set_aside(path, clock())
            note(f"The cache was damaged or not ours; it was set aside as {target.name} and a new one begun")
    raise StoreError(f"{path} could not be replaced", hint="Choose another folder with --cache-dir.")


def _prepare_file(path: Path) -> tuple[int, int] | None:
    """Make sure of a private plain file and tell which it is; `None` where something else has its name."""
    try:
        files.create_private_file(path)
    except FileExistsError:
        if not files.is_regular(path):
            return None
        files.close_to_others(path)
    return files.identity(path)


def _try_open(path: Path) -> Opened | None:
    """Open the file; `None` where it is damaged or another program's."""
    try:
        connection = _connect(path.absolute().as_uri() + "?mode=rw")
        try:
            origin = _adopt(connection)
        except BaseException:
            connection.close()
            raise
        if origin is Origin.OURS:
            return Opened(connection)
        connection.close()
        if origin is Origin.NEWER:
            return Opened(_connect(path.absolute().as_uri() + "?mode=ro"), read_only=True)
    except FAILURES as error:
        if code_of(error) not in DAMAGED | {sqlite3.SQLITE_ERROR}:
            raise
    return None


def _adopt(connection: sqlite3.Connection) -> Origin:
    origin = schema.origin_of(connection)
    if origin is Origin.EMPTY:
        schema.create(connection)
        origin = schema.origin_of(connection)
    if origin is Origin.OURS:
        connection.execute("PRAGMA journal_mode = DELETE")
    return origin


def _readable_copy(path: Path) -> sqlite3.Connection | None:
    """Copy a file of ours that can only be read into memory; `None` where there is nothing to copy."""
    try:
        if not files.is_regular(path):
            return None
        source = _connect(path.absolute().as_uri() + "?mode=ro")
    except (OSError, StoreError, *FAILURES):
        return None
    copy = _connect(":memory:")
    try:
        if schema.origin_of(source) is Origin.OURS:
            source.backup(copy)
            return copy
    except FAILURES:
        copy.close()
        return None
    finally:
        source.close()
    copy.close()
    return None


def _connect(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        place, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
    )
    connection.text_factory = _text
    try:
        for setting in SETTINGS:
            connection.execute(setting)
    except FAILURES:
        connection.close()
        raise
    return connection


def _text(raw: bytes) -> str:
    """Read text that damage may have made invalid: its seal tells, one such row must not fail a whole query."""
    return raw.decode("utf-8", "replace")
