"""The last try of every source, so that a failure is still known after a restart."""

import sqlite3

import msgspec

from modeltui.store.database import Database
from modeltui.store.seals import seal
from modeltui.store.values import Attempt


class Attempts(Database):
    """The part of the store that keeps what the last try of each source came to."""

    def note_attempt(self, attempt: Attempt) -> bool:
        """Keep the last try of a source in place of the one before; false, with a note, where it could not be saved."""

        def noted(connection: sqlite3.Connection) -> bool:
            encoded = msgspec.json.encode(attempt)
            row = (attempt.source, seal((attempt.source, encoded)), encoded)
            connection.execute("INSERT OR REPLACE INTO attempt VALUES (?, ?, ?)", row)
            return True

        return self.write(noted, otherwise=False)

    def attempts(self) -> dict[str, Attempt]:
        """Read the last try of every source, by source."""
        rows: list[tuple[str, bytes, bytes]] = self.read(
            lambda connection: connection.execute("SELECT source, seal, attempt FROM attempt").fetchall(), []
        )
        return {row[0]: attempt for row in rows if (attempt := _sound(row)) is not None}

    def attempt(self, source: str) -> Attempt | None:
        """Read the last try of one source; `None` where there was none, or its record is damaged."""
        row: tuple[str, bytes, bytes] | None = self.read(
            lambda connection: connection.execute(
                "SELECT source, seal, attempt FROM attempt WHERE source = ?", (source,)
            ).fetchone(),
            None,
        )
        return _sound(row) if row else None


def _sound(row: tuple[str, bytes, bytes]) -> Attempt | None:
    source, stored_seal, encoded = row
    return msgspec.json.decode(encoded, type=Attempt) if stored_seal == seal((source, encoded)) else None
