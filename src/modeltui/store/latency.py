"""Latency samples: measured by the user, so never given up with the rest of the cache."""

import sqlite3
from collections.abc import Iterable

import msgspec

from modeltui.state import LatencySample
from modeltui.store.database import Database
from modeltui.store.seals import seal

MOST_SAMPLES = 50
"""Kept for one offer."""

Row = tuple[object, ...]
"""Provider, offer id, seal, the sample as JSON."""


class Latency(Database):
    """The part of the store that keeps what latency tests measured."""

    def add_latency(self, sample: LatencySample) -> bool:
        """Keep a sample; false, with a note, where it could not be saved."""

        def added(connection: sqlite3.Connection) -> bool:
            encoded = msgspec.json.encode(sample)
            offer = (sample.provider, sample.id)
            row = (*offer, seal((*offer, encoded)), encoded)
            connection.execute("INSERT INTO latency VALUES (NULL, ?, ?, ?, ?)", row)
            connection.execute(
                "DELETE FROM latency WHERE provider = ? AND offer = ? AND id NOT IN "
                "(SELECT id FROM latency WHERE provider = ? AND offer = ? ORDER BY id DESC LIMIT ?)",
                (*offer, *offer, MOST_SAMPLES),
            )
            return True

        return self.write(added, otherwise=False)

    def latency(self) -> dict[str, LatencySample]:
        """Read the newest sample of every offer, by `provider/id`."""
        query = (
            "SELECT provider, offer, seal, sample FROM latency "
            "WHERE id IN (SELECT max(id) FROM latency GROUP BY provider, offer)"
        )
        rows: list[Row] = self.read(lambda connection: connection.execute(query).fetchall(), [])
        return {f"{sample.provider}/{sample.id}": sample for sample in _sound(rows)}

    def latency_history(self, provider: str, offer_id: str) -> list[LatencySample]:
        """Read the samples of one offer, newest first."""
        query = "SELECT provider, offer, seal, sample FROM latency WHERE provider = ? AND offer = ? ORDER BY id DESC"
        rows: list[Row] = self.read(lambda connection: connection.execute(query, (provider, offer_id)).fetchall(), [])
        return list(_sound(rows))


def _sound(rows: Iterable[Row]) -> Iterable[LatencySample]:
    """Decode the rows that are what was stored."""
    for provider, offer, stored_seal, encoded in rows:
        if stored_seal == seal((provider, offer, encoded)) and isinstance(encoded, bytes):
            yield msgspec.json.decode(encoded, type=LatencySample)
