"""What a refresh tells of itself: small frozen facts, in the order they happened."""

from datetime import datetime

from msgspec import Struct

from modeltui.state import Catalog


class FetchStarted(Struct, frozen=True):
    """A source is being asked."""

    source: str


class FetchRetrying(Struct, frozen=True):
    """A try failed in a way that may pass; the next one comes after `wait_s` seconds."""

    source: str
    reason: str
    wait_s: float
    attempt: int


class FetchFinished(Struct, frozen=True):
    """A source was asked, and this came of it.

    `outcome` is `updated`, `unchanged` (304 or the same bytes), `fresh` (younger than its TTL, not asked),
    `skipped` (not asked: `message` says why) or `failed` (the last good answer stays).
    """

    source: str
    outcome: str
    elapsed_s: float = 0.0
    status: int | None = None
    records: int = 0
    message: str = ""
    """One line for a person: what happened."""
    hint: str = ""
    """One line for a person: what to do about it."""


class CatalogBuilt(Struct, frozen=True):
    """A new catalog is ready to be shown."""

    catalog: Catalog


class RefreshFinished(Struct, frozen=True):
    """Every source has answered, failed or been skipped."""

    finished_at: datetime
    updated: int
    unchanged: int
    failed: int
    skipped: int


Event = FetchStarted | FetchRetrying | FetchFinished | CatalogBuilt | RefreshFinished
