"""The rows of responses, read and written inside a transaction that the caller has begun."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from modeltui.state import Response
from modeltui.store.retention import superfluous
from modeltui.store.seals import digest, instant, pack, seal, unpack
from modeltui.store.values import Head

Row = tuple[object, ...]
"""Id, whether it is known to be bad, seal, then the fields of `Head`."""


class Found(Struct, frozen=True):
    """The first response of a list that is what was stored, and the ids of those before it that are not."""

    response: Response | None
    row_id: int
    bad: tuple[int, ...]


def rows(connection: sqlite3.Connection, query: str, values: Sequence[str]) -> list[Row]:
    """Read rows as they stand, unjudged."""
    return connection.execute(query, values).fetchall()


def row_id(row: Row) -> int:
    """Tell a row's id."""
    return row[0] if isinstance(row[0], int) else 0


def head_of(row: Row) -> Head | None:
    """Read a row; `None` where it is not what was stored."""
    if row[2] != seal(row[3:]):
        return None
    try:
        return msgspec.convert(dict(zip(Head.__struct_fields__, row[3:], strict=True)), Head)
    except (ValueError, msgspec.ValidationError):
        return None


def _load(connection: sqlite3.Connection, row: Row) -> Response | None:
    """Read a row with its pages; `None` where either is not what was stored."""
    head = head_of(row)
    if head is None:
        return None
    bodies = connection.execute("SELECT body FROM page WHERE response = ? ORDER BY place", (row[0],))
    pages = tuple(page for (body,) in bodies if (page := unpack(body, head.size)) is not None)
    if digest(pages) != head.sha256:
        return None
    return Response(
        source=head.source,
        url=head.url,
        status=head.status,
        fetched_at=head.fetched_at,
        checked_at=head.checked_at,
        sha256=head.sha256,
        pages=pages,
        etag=head.etag,
        last_modified=head.last_modified,
        scope=head.scope,
    )


def first(connection: sqlite3.Connection, query: str, values: Sequence[str]) -> Found:
    """Find the first row that is what was stored; the first two of `values` are its source and scope."""
    bad: list[int] = []
    for row in rows(connection, query, values):
        if row[3:5] != tuple(values[:2]) and head_of(row) is not None:
            continue  # a damaged index led to a sound row of another source
        response = _load(connection, row)
        if response is not None:
            return Found(response, row_id(row), tuple(bad))
        bad.append(row_id(row))
    return Found(None, 0, tuple(bad))


def newest(connection: sqlite3.Connection, source: str, scope: str) -> Found:
    """Find the last good response of a source."""
    query = "SELECT * FROM response WHERE source = ? AND scope = ? AND bad = 0 ORDER BY id DESC"
    return first(connection, query, (source, scope))


def put(connection: sqlite3.Connection, response: Response, before: str | None) -> None:
    """Make a response the last good one, and give up what is too old."""
    found = newest(connection, response.source, response.scope)
    _delete(connection, found.bad)
    connection.execute(
        "DELETE FROM response WHERE source = ? AND scope = ? AND bad <> 0", (response.source, response.scope)
    )
    if found.response is not None and found.response.sha256 == response.sha256:
        _update(
            connection,
            found,
            msgspec.structs.replace(
                found.response,
                checked_at=response.checked_at,
                etag=response.etag,
                last_modified=response.last_modified,
            ),
        )
    else:
        _insert(connection, response)
    _prune(connection, response.source, response.scope, before)


def _columns(response: Response) -> Row:
    """Spell a response as the columns of its row, in the order of `Head`."""
    return (
        response.source,
        response.scope,
        response.url,
        response.status,
        instant(response.fetched_at),
        instant(response.checked_at),
        response.sha256,
        response.etag,
        response.last_modified,
        sum(map(len, response.pages)),
    )


def _insert(connection: sqlite3.Connection, response: Response) -> None:
    columns = _columns(response)
    row_id = connection.execute(
        "INSERT INTO response VALUES (NULL, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (seal(columns), *columns)
    ).lastrowid
    connection.executemany(
        "INSERT INTO page VALUES (?, ?, ?)",
        [(row_id, place, pack(page)) for place, page in enumerate(response.pages)],
    )


def _update(connection: sqlite3.Connection, found: Found, renewed: Response) -> None:
    columns = _columns(renewed)
    connection.execute(
        "UPDATE response SET seal = ?, checked_at = ?, etag = ?, last_modified = ? WHERE id = ?",
        (seal(columns), instant(renewed.checked_at), renewed.etag, renewed.last_modified, found.row_id),
    )


def renew(
    connection: sqlite3.Connection, found: Found, checked_at: datetime, etag: str | None, last_modified: str | None
) -> None:
    """Note that a response was confirmed; validators that are not given stay."""
    if found.response is not None:
        renewed = msgspec.structs.replace(
            found.response,
            checked_at=checked_at,
            etag=found.response.etag if etag is None else etag,
            last_modified=found.response.last_modified if last_modified is None else last_modified,
        )
        _update(connection, found, renewed)


def _delete(connection: sqlite3.Connection, row_ids: Iterable[int]) -> None:
    connection.executemany("DELETE FROM response WHERE id = ?", [(row_id,) for row_id in row_ids])


def _prune(connection: sqlite3.Connection, source: str, scope: str, before: str | None) -> int:
    stored = connection.execute(
        "SELECT id, fetched_at FROM response WHERE source = ? AND scope = ? AND bad = 0 ORDER BY id", (source, scope)
    ).fetchall()
    gone = superfluous([(row_id, str(fetched_at)) for row_id, fetched_at in stored], before=before)
    _delete(connection, gone)
    return len(gone)


def prune_all(connection: sqlite3.Connection, before: str | None) -> int:
    """Give up what is too old of every source, and tell how many."""
    keys = connection.execute("SELECT DISTINCT source, scope FROM response").fetchall()
    return sum(_prune(connection, source, scope, before) for source, scope in keys)
