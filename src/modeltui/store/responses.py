"""Responses: the last good one of every source and scope, and the older ones."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from modeltui.state import Response
from modeltui.store import response_rows
from modeltui.store.database import DamageFoundError, Database
from modeltui.store.response_rows import Found, Row
from modeltui.store.seals import digest, instant
from modeltui.store.values import Head


class Responses(Database):
    """The part of the store that keeps what sources answered; the newest row of a source is its last good answer."""

    history_days: int | None = None
    """How long an older response is kept after another took its place; `None` is as long as there is room."""

    def last_good(self, source: str, scope: str = "") -> Response | None:
        """Read the newest response of a source that is exactly what was stored; `None` where there is none."""
        return self._first_sound(
            "SELECT * FROM response WHERE source = ? AND scope = ? AND bad = 0 ORDER BY id DESC", (source, scope)
        )

    def at(self, source: str, when: datetime, scope: str = "") -> Response | None:
        """Read the newest response of a source that was fetched at `when` or before."""
        return self._first_sound(
            "SELECT * FROM response WHERE source = ? AND scope = ? AND fetched_at <= ? AND bad = 0 "
            "ORDER BY fetched_at DESC, id DESC",
            (source, scope, instant(when)),
        )

    def response(self, sha256: str, source: str, scope: str = "") -> Response | None:
        """Read the response of a source that has this digest; the newest, where it came back later."""
        return self._first_sound(
            "SELECT * FROM response WHERE source = ? AND scope = ? AND sha256 = ? AND bad = 0 ORDER BY id DESC",
            (source, scope, sha256),
        )

    def heads(self) -> dict[tuple[str, str], Head]:
        """Read what is known of every last good response, by source and scope, without its pages."""
        newest = self._heads(
            "SELECT * FROM response WHERE id IN (SELECT max(id) FROM response WHERE bad = 0 GROUP BY source, scope)", ()
        )
        if newest is None:
            newest = self._sound_heads("SELECT * FROM response WHERE bad = 0 ORDER BY id", ())
        return {(head.source, head.scope): head for head in newest}

    def history(self, source: str, scope: str = "") -> list[Head]:
        """List the stored responses of a source, the last good one first, then older and older."""
        return self._sound_heads(
            "SELECT * FROM response WHERE source = ? AND scope = ? AND bad = 0 ORDER BY id DESC", (source, scope)
        )

    def put(self, response: Response) -> bool:
        """Make a response the last good one of its source; false, with a note, where it could not be saved.

        The same bytes as before only renew the stored response. `ValueError` where `sha256` is not `digest(pages)`.
        """
        if digest(response.pages) != response.sha256:
            raise ValueError(f"{response.source}: sha256 is not the digest of the pages")
        before = self._oldest_instant(self.history_days)

        def put(connection: sqlite3.Connection) -> bool:
            response_rows.put(connection, response, before)
            stored = response_rows.newest(connection, response.source, response.scope).response
            if stored is None or stored.sha256 != response.sha256:
                raise DamageFoundError
            return True

        return self.write(put, otherwise=False)

    def renew(
        self,
        source: str,
        scope: str,
        checked_at: datetime,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> bool:
        """Note that a source confirmed its last good response; validators that are not given stay as they were.

        False where nothing sound is stored, so that the source must be asked again without validators.
        """

        def renewed(connection: sqlite3.Connection) -> bool:
            found = response_rows.newest(connection, source, scope)
            if found.response is None or found.bad:
                return False
            response_rows.renew(connection, found, checked_at, etag, last_modified)
            return True

        return self.write(renewed, otherwise=False)

    def prune(self, days: int | None = None) -> int:
        """Delete old responses that another replaced more than `days` ago, and tell how many; never a last good one."""
        before = self._oldest_instant(self.history_days if days is None else days)
        return self.write(lambda connection: response_rows.prune_all(connection, before), otherwise=0)

    def _oldest_instant(self, days: int | None) -> str | None:
        return None if days is None else instant(self._clock() - timedelta(days=days))

    def _first_sound(self, query: str, values: Sequence[str]) -> Response | None:
        nothing = Found(None, 0, ())
        found = self.read(lambda connection: response_rows.first(connection, query, values), nothing)
        self._mark_bad(found.bad)
        return found.response

    def _rows(self, query: str, values: Sequence[str]) -> list[Row]:
        return self.read(lambda connection: response_rows.rows(connection, query, values), [])

    def _heads(self, query: str, values: Sequence[str]) -> list[Head] | None:
        """Read heads; `None` where one of them is not what was stored."""
        rows = self._rows(query, values)
        heads = [head for head in map(response_rows.head_of, rows) if head is not None]
        return heads if len(heads) == len(rows) else None

    def _sound_heads(self, query: str, values: Sequence[str]) -> list[Head]:
        rows = self._rows(query, values)
        heads = [(response_rows.row_id(row), response_rows.head_of(row)) for row in rows]
        self._mark_bad([row_id for row_id, head in heads if head is None])
        return [head for _, head in heads if head is not None]

    def _mark_bad(self, row_ids: Iterable[int]) -> None:
        bad = [(row_id,) for row_id in row_ids]
        if not bad:
            return
        self.note("A stored answer was damaged on the disk; it is not shown, an older one is where there is one")
        self.write(
            lambda connection: connection.executemany("UPDATE response SET bad = 1 WHERE id = ?", bad), otherwise=None
        )
