"""The catalog of the last run as one compact file, so that the first frame has rows before anything is read again.

It is derived and can be deleted at any time: it is used only where its key, made of the stored answers' hashes, the
config and the program's version, says that a new build would give the same rows.
"""

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice, repeat
from pathlib import Path
from types import GenericAlias

import msgspec
from msgspec import Struct

from modeltui import __version__
from modeltui.model import Catalog, LatencySample, Link, Model, Offer, SourceStatus

FILE_NAME = "start.msgpack"


class _Column(Struct, frozen=True, array_like=True, gc=False):
    """One field of many values: each distinct one once, so that it is decoded once and shared by all that have it."""

    values: msgspec.Raw
    """The distinct ones as an array; all of them in order where nearly all differ."""
    places: tuple[int, ...] = ()
    """Place of each in `values`; empty where `values` has all of them, or only one."""


class _Model(Struct, frozen=True, array_like=True, gc=False):
    key: str
    name: str
    offers: tuple[int, ...]
    links: int
    """How many of the links are this model's; they stand in the order of the models."""


class _Start(Struct, frozen=True, array_like=True):
    key: str
    built_at: datetime
    counts: tuple[int, int]
    """How many offers and links there are."""
    offers: tuple[_Column, ...]
    """A column a field of `Offer`."""
    models: tuple[_Model, ...]
    links: tuple[_Column, ...]
    """A column a field of `Link`; without provider and id where each link is that of the offer at its place."""
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
        _Model(model.key, model.name, tuple(places[id(offer)] for offer in model.offers), len(model.links))
        for model in catalog.models
    )
    links = [link for model in catalog.models for link in model.links]
    start = _Start(
        key,
        catalog.built_at,
        (len(catalog.offers), len(links)),
        _columns(catalog.offers, Offer.__struct_fields__),
        models,
        _columns(links, Link.__struct_fields__[2 if _in_order(catalog.models) else 0 :]),
        catalog.sources,
        dict(catalog.latency),
    )
    part = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(sha256(body := msgspec.msgpack.encode(start)).digest() + body)
        part.replace(path)
    except OSError:
        return False
    return True


def _columns(records: Sequence[object], fields: Iterable[str]) -> tuple[_Column, ...]:
    return tuple(_column([getattr(record, field) for record in records]) for field in fields)


def _column(every: Sequence[object]) -> _Column:
    encode = msgspec.msgpack.encode
    distinct: dict[object, int] = {}
    values: list[object] = []
    places: list[int] = []
    for value in every:
        place = distinct.setdefault(value if isinstance(value, str) else encode(value), len(values))
        if place == len(values):
            values.append(value)
        places.append(place)
    if len(values) * 2 > len(every) > 1:
        return _Column(msgspec.Raw(encode(every)))
    return _Column(msgspec.Raw(encode(values)), tuple(places) if len(values) > 1 else ())


def _in_order(models: Iterable[Model]) -> bool:
    """Say whether every link is that of the offer at its place."""
    return all(
        len(model.links) <= len(model.offers)
        and all((link.provider, link.offer_id) == (o.provider, o.id) for link, o in zip(model.links, model.offers))  # noqa: B905  # links may be fewer
        for model in models
    )


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
        if settings is not None and start.key.partition(" ")[0] != settings:
            return None
        return _catalog(start)
    except (OSError, msgspec.MsgspecError, ValueError, IndexError, RecursionError):
        return None


def _catalog(start: _Start) -> Catalog:
    offers = tuple(map(Offer, *_fields(Offer, start.offers, start.counts[0])))
    members = [tuple(map(offers.__getitem__, model.offers)) for model in start.models]
    columns = _fields(Link, start.links, start.counts[1])
    if len(columns) < len(Link.__struct_fields__):
        linked = [offer for model, own in zip(start.models, members, strict=True) for offer in own[: model.links]]
        columns = [(offer.provider for offer in linked), (offer.id for offer in linked), *columns]
    links = map(Link, *columns)
    models = tuple(
        Model(
            own[0].model if own and own[0].model == model.key else model.key,
            model.name,
            own,
            tuple(islice(links, model.links)),
        )
        for model, own in zip(start.models, members, strict=True)
    )
    return Catalog(offers, models, start.sources, start.built_at, latency=start.latency)


def _fields(kind: type[Struct], columns: Sequence[_Column], count: int) -> list[Iterable[object]]:
    """Give the values of each column, whose types are those of the last fields of `kind`."""
    names = kind.__struct_fields__[len(kind.__struct_fields__) - len(columns) :]
    found: list[Iterable[object]] = []
    for name, column in zip(names, columns, strict=True):
        values = msgspec.msgpack.decode(column.values, type=GenericAlias(tuple, (kind.__annotations__[name], ...)))
        if count and len(values) == 1:
            found.append(repeat(values[0], count))
            continue
        if len(column.places or values) != count:
            raise ValueError(f"the column {name} has not {count} values")
        found.append(map(values.__getitem__, column.places) if column.places else values)
    return found
