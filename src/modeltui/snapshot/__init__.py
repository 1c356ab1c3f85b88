"""The catalogue that ships with the program, for the first start without network or key; and nothing else.

`catalog.json.gz` holds facts of models.dev (MIT licence) and is made by `scripts/snapshot.py`.
"""

import gzip
from datetime import UTC, datetime
from importlib.resources import files

import msgspec
from msgspec import Struct


class Snapshot(Struct, frozen=True):
    """The shipped catalogue: the bytes of its listing, the day it tells of, and where it is from."""

    body: bytes
    """In the shape of https://models.dev/api.json, reduced to facts."""
    taken_at: datetime
    origin: str
    licence: str


class _Notice(Struct):
    date: str
    origin: str
    licence: str


class _Document(Struct):
    notice: _Notice = msgspec.field(name="_")
    providers: msgspec.Raw


def load() -> Snapshot:
    """Read the shipped catalogue; it is part of the package, so this cannot fail for want of a network."""
    packed = files(__name__).joinpath("catalog.json.gz").read_bytes()
    document = msgspec.json.decode(gzip.decompress(packed), type=_Document)
    taken_at = datetime.fromisoformat(document.notice.date).replace(tzinfo=UTC)
    return Snapshot(bytes(document.providers), taken_at, document.notice.origin, document.notice.licence)
