"""How damage is found: a digest over what was stored, checked whenever it is read.

SQLite's own checks miss most changed bits, because they look at structure and not at content.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec


def digest(pages: Iterable[bytes]) -> str:
    """Compute the SHA-256 of a response, as hex: of each page its length in 8 bytes, big-endian, then its bytes."""
    running = hashlib.sha256()
    for page in pages:
        running.update(len(page).to_bytes(8, "big"))
        running.update(page)
    return running.hexdigest()


def seal(columns: Sequence[object]) -> bytes:
    """Compute the digest of a row's columns."""
    return hashlib.sha256(msgspec.json.encode(list(columns))).digest()


def instant(when: datetime) -> str:
    """Write an aware instant as ISO text in UTC that sorts as the instants do."""
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def pack(page: bytes) -> bytes:
    """Compress one page."""
    return zlib.compress(page, 6)


def unpack(body: object, limit: int) -> bytes | None:
    """Decompress one page; `None` where it is damaged or longer than `limit` bytes, which it never was."""
    if not isinstance(body, bytes):
        return None
    inflating = zlib.decompressobj()
    try:
        page = inflating.decompress(body, limit + 1)
    except zlib.error:
        return None
    return page if inflating.eof and len(page) <= limit else None
