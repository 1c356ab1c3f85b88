"""What the store tells of itself, as values."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct


class Head(Struct, frozen=True, gc=False):
    """A stored response without its pages."""

    source: str
    """`provider/source`."""
    scope: str
    url: str
    status: int
    fetched_at: datetime
    checked_at: datetime
    sha256: str
    etag: str | None
    last_modified: str | None
    size: int
    """Bytes of all pages, decompressed."""


class Attempt(Struct, frozen=True, gc=False):
    """The last try of a source, whatever came of it."""

    source: str
    """`provider/source`."""
    scope: str
    tried_at: datetime
    status: int | None = None
    """HTTP status; `None` where no answer came."""
    error: str | None = None
    """One line: what went wrong."""
    hint: str | None = None
    """One line: what the user can do about it."""
    retry_after_at: datetime | None = None
    """The source asked not to be tried again before this."""


class StoreInfo(Struct, frozen=True):
    """How much is stored, and where."""

    path: Path
    bytes: int
    """Size of the database."""
    responses: int
    """Last good answers, one a source and scope."""
    history: int
    """Older answers."""
    latency: int
    """Latency samples."""
    notes: tuple[str, ...]
    is_kept: bool
    """False where the store lasts only as long as the program, or nothing can be saved."""
