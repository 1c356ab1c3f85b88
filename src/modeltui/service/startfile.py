"""The catalog of the last run as one compact file, so that the first frame has rows before anything is read again.

It is derived and can be deleted at any time: it is used only where its key, made of the stored answers' hashes, the
config and the program's version, says that a new build would give the same rows.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from modeltui import __version__
from modeltui.model import Catalog, LatencySample, Link, Model, Offer, SourceStatus

FILE_NAME = "start.msgpack"


class _Model(Struct, frozen=True, array_like=True, gc=False):
    key: str
    name: str
    offers: tuple[int, ...]
    links: tuple[Link, ...]


class _Start(Struct, frozen=True, array_like=True):
    key: str
    built_at: datetime
    offers: tuple[Offer, ...]
    models: tuple[_Model, ...]
    sources: tuple[SourceStatus, ...]
    latency: dict[str, LatencySample]


def key_of(hashes: Iterable[str], settings: object) -> str:
    """Make the key of a catalog from what it is derived from."""
    text = "\n".join([__version__, *sorted(hashes), repr(settings)])
    return sha256(text.encode()).hexdigest()


def write(path: Path, catalog: Catalog, key: str) -> bool:
    """Replace the file in one step; false where the folder cannot be written, which costs only time."""
    places: Mapping[int, int] = {id(offer): place for place, offer in enumerate(catalog.offers)}
    models = tuple(
        _Model(model.key, model.name, tuple(places[id(offer)] for offer in model.offers), model.links)
        for model in catalog.models
    )
    start = _Start(key, catalog.built_at, catalog.offers, models, catalog.sources, dict(catalog.latency))
    part = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(sha256(body := msgspec.msgpack.encode(start)).digest() + body)
        part.replace(path)
    except OSError:
        return False
    return True


def _sound_body(path: Path) -> bytes:
    """Read what was written; `ValueError` where a bit of it has changed since, or where no plain file stands there."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise ValueError(f"{path.name} is no plain file")
        whole = source.read()
    seal, body = whole[:32], memoryview(whole)[32:]
    if sha256(body).digest() != seal:
        raise ValueError(f"{path.name} is damaged")
    return bytes(body)


def read(path: Path, settings: str | None = None) -> Catalog | None:
    """Read the catalog of the last run; `None` where there is none, or where it was made under other settings.

    The key of a file begins with the key of the settings. Answers may have changed since: the first frame shows the
    last known rows, and a build follows.
    """
    try:
        start = msgspec.msgpack.decode(_sound_body(path), type=_Start)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if settings is not None and start.key.partition(" ")[0] != settings:
        return None
    offers = start.offers
    try:
        models = tuple(Model(m.key, m.name, tuple(offers[place] for place in m.offers), m.links) for m in start.models)
    except IndexError:
        return None
    return Catalog(offers, models, start.sources, start.built_at, latency=start.latency)
