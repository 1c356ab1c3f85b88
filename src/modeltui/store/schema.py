"""The tables of the cache, and how a file is known to be one of ours."""

import hashlib
import secrets
import sqlite3
from enum import Enum

APPLICATION_ID = 0x6D746269
"""Stands in the file's header; any other number there means that another program made the file."""
VERSION = 1
NEWEST_VERSION = 1000
"""A version beyond this was never released: the header is damaged."""

TABLES: dict[str, str] = {
    "salt": "CREATE TABLE salt (value BLOB NOT NULL, seal BLOB NOT NULL)",
    "response": (
        "CREATE TABLE response (id INTEGER PRIMARY KEY, bad INTEGER NOT NULL, seal BLOB NOT NULL, "
        "source TEXT NOT NULL, scope TEXT NOT NULL, url TEXT NOT NULL, status INTEGER NOT NULL, "
        "fetched_at TEXT NOT NULL, checked_at TEXT NOT NULL, sha256 TEXT NOT NULL, "
        "etag TEXT, last_modified TEXT, size INTEGER NOT NULL)"
    ),
    "page": (
        "CREATE TABLE page (response INTEGER NOT NULL REFERENCES response (id) ON DELETE CASCADE, "
        "place INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE (response, place))"
    ),
    "attempt": "CREATE TABLE attempt (source TEXT PRIMARY KEY, seal BLOB NOT NULL, attempt BLOB NOT NULL)",
    "latency": (
        "CREATE TABLE latency (id INTEGER PRIMARY KEY, provider TEXT NOT NULL, offer TEXT NOT NULL, "
        "seal BLOB NOT NULL, sample BLOB NOT NULL)"
    ),
}
INDEXES: tuple[str, ...] = (
    "CREATE INDEX response_of_source ON response (source, scope)",
    "CREATE INDEX latency_of_offer ON latency (provider, offer)",
)


class Origin(Enum):
    """Who made a database file, as far as this version can tell."""

    OURS = "ours"
    EMPTY = "empty"
    NEWER = "newer"
    FOREIGN = "foreign"


def origin_of(connection: sqlite3.Connection) -> Origin:
    """Tell who made a database; raises `sqlite3.DatabaseError` where it is none, or damaged."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    statements = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    if not statements and application == 0 and version == 0:
        return Origin.EMPTY
    if application != APPLICATION_ID:
        return Origin.FOREIGN
    if VERSION < version <= NEWEST_VERSION:
        return Origin.NEWER
    expected = {*TABLES.values(), *INDEXES}
    return Origin.OURS if version == VERSION and statements == expected else Origin.FOREIGN


def size_of(connection: sqlite3.Connection) -> int:
    """Tell the size of a database in bytes."""
    query = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    (size,) = connection.execute(query).fetchone()
    return int(size)


def create(connection: sqlite3.Connection, salt: bytes | None = None) -> None:
    """Make the tables and the salt of an empty database, in one transaction that several processes may race for."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if origin_of(connection) is Origin.EMPTY:
            for statement in (*TABLES.values(), *INDEXES):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            save_salt(connection, salt or new_salt())
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def new_salt() -> bytes:
    """Make what the fingerprints of this store's keys are mixed with: 32 random bytes."""
    return secrets.token_bytes(32)


def save_salt(connection: sqlite3.Connection, salt: bytes) -> None:
    """Replace the salt; belongs inside a transaction."""
    connection.execute("DELETE FROM salt")
    connection.execute("INSERT INTO salt VALUES (?, ?)", (salt, hashlib.sha256(salt).digest()))


def salt_of(connection: sqlite3.Connection) -> bytes | None:
    """Read the salt; `None` where it is lost or was changed."""
    for value, seal in connection.execute("SELECT value, seal FROM salt"):
        if isinstance(value, bytes) and hashlib.sha256(value).digest() == seal:
            return value
    return None


def copy_readable(damaged: sqlite3.Connection, sound: sqlite3.Connection) -> None:
    """Copy every row that can still be read, from both ends of each table towards the damage.

    What a row says is not judged here: seals and digests are checked whenever it is read.
    """
    for table in TABLES:
        if table == "salt":
            continue
        for order in ("DESC", "ASC"):
            _copy_rows(damaged, sound, table, order)


def _copy_rows(damaged: sqlite3.Connection, sound: sqlite3.Connection, table: str, order: str) -> None:
    select = f"SELECT * FROM {table} ORDER BY rowid {order}"  # noqa: S608  # both are constants of this module
    try:
        for row in damaged.execute(select):
            marks = ", ".join("?" * len(row))
            try:
                sound.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608  # the same
            except sqlite3.IntegrityError:
                continue
    except (sqlite3.Error, UnicodeError):
        return
