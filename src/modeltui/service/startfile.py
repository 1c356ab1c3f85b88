"""The catalog of the last run as one compact file, so that the first frame has rows before anything is read again.

It is derived and can be deleted at any time: it is used only where its key, made of the stored answers' hashes, the
config and the program's version, says that a new build would give the same rows.
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice, repeat
from pathlib import Path
from types import GenericAlias
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from modeltui import __version__
from modeltui.hashes import blake2b
from modeltui.memory import uncollected
from modeltui.model import Link, Model, Offer
from modeltui.service import claimsfile, sealed
from modeltui.service.claimsfile import StoredClaims
from modeltui.state import Catalog, LatencySample, SourceStatus
from modeltui.work import PIECE, breathe, breathing

T = TypeVar("T")
FILE_NAME = "start.msgpack"
MODEL_FIELDS = ("key", "name")
UNREADABLE: Final = (OSError, msgspec.MsgspecError, ValueError, IndexError, RecursionError)
"""What reading a file raises that is not there, is damaged or was written by another version."""


class _Column(Struct, frozen=True, array_like=True, gc=False):
    """One field of many values: each distinct one once, so that it is decoded once and shared by all that have it."""

    values: msgspec.Raw
    """The distinct ones as an array; all of them in order where nearly all differ."""
    width: int = 0
    """How many distinct ones there are."""
    places: bytes = b""
    """Place of each in `values`, packed; empty where `values` has all of them, or only one."""


class _Start(Struct, frozen=True, array_like=True):
    key: str
    built_at: datetime
    counts: tuple[int, int, int]
    """How many offers, models and links there are."""
    offers: tuple[_Column, ...]
    """A column a field of `Offer`."""
    models: tuple[_Column, ...]
    """Keys and names."""
    members: bytes
    """The place of each model's offers, one model after the other, packed."""
    sizes: bytes
    """How many offers each model has, packed."""
    linked: bytes
    """How many links each model has, packed; they stand in the order of the models."""
    links: tuple[_Column, ...]
    """A column a field of `Link`; without provider and id where each link is that of the offer at its place."""
    sources: tuple[SourceStatus, ...]
    latency: dict[str, LatencySample]


_ARRAY: Final = bytes([0x90 | len(_Start.__struct_fields__)])
"""How MessagePack begins a short array: the key follows."""


def key_of(hashes: Iterable[str], settings: object) -> str:
    """Make the key of a catalog from what it is derived from."""
    text = "\n".join([__version__, sys.byteorder, *sorted(hashes), repr(settings)])
    return blake2b(text.encode(), digest_size=32).hexdigest()


def write(path: Path, catalog: Catalog, key: str) -> bool:
    """Replace the file in one step, and that of the claims; false where it cannot be written, which costs only time."""
    with uncollected():
        claimsfile.write(path.with_name(claimsfile.FILE_NAME), catalog.claims, key)
        return sealed.write(path, packed(catalog, key))


def packed(catalog: Catalog, key: str) -> bytes:
    """Pack a catalog without its claims, the key first."""
    places: Mapping[int, int] = {id(offer): place for place, offer in enumerate(catalog.offers)}
    models = catalog.models
    links = [link for model in models for link in model.links]
    start = _Start(
        key,
        catalog.built_at,
        (len(catalog.offers), len(models), len(links)),
        _columns(catalog.offers, Offer.__struct_fields__),
        _columns(models, MODEL_FIELDS),
        _packed([places[id(offer)] for model in models for offer in model.offers], len(catalog.offers)),
        _packed([len(model.offers) for model in models], len(catalog.offers) + 1),
        _packed([len(model.links) for model in models], len(links) + 1),
        _columns(links, Link.__struct_fields__[2 if _in_order(models) else 0 :]),
        catalog.sources,
        dict(catalog.latency),
    )
    return msgspec.msgpack.encode(start)


def _columns(records: Sequence[object], fields: Iterable[str]) -> tuple[_Column, ...]:
    return tuple(_column([getattr(record, field) for record in records]) for field in breathing(fields, 1))


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
    packed = _packed(places, len(values)) if len(values) > 1 else b""
    return _Column(msgspec.Raw(encode(values)), len(values), packed)


def _packed(numbers: Iterable[int], end: int) -> bytes:
    """Pack numbers from 0 to below `end`, in this machine's order of bytes, which the key of a file tells."""
    return array(_code(end), numbers).tobytes()


def _unpacked(packed: bytes, end: int) -> "array[int]":
    """Take packed numbers; `ValueError` where one was cut off."""
    numbers = array(_code(end))
    numbers.frombytes(packed)
    return numbers


def _code(end: int) -> str:
    """Give the narrowest type of array that holds numbers below `end`."""
    return "B" if end <= 1 << 8 else "H" if end <= 1 << 16 else "I"


def _in_order(models: Iterable[Model]) -> bool:
    """Say whether every link is that of the offer at its place."""
    return all(
        len(model.links) <= len(model.offers)
        and all((link.provider, link.offer_id) == (o.provider, o.id) for link, o in zip(model.links, model.offers))  # noqa: B905  # links may be fewer
        for model in models
    )


def read(path: Path, accepts: Callable[[str], bool] | None = None) -> Catalog | None:
    """Read the catalog of the last run; `None` where there is none, or where its key is not accepted.

    Answers may have changed since: the first frame shows the last known rows, and a build follows.
    """
    try:
        return unpacked(sealed.read(path), path.with_name(claimsfile.FILE_NAME), accepts)
    except UNREADABLE:
        return None


def unpacked(body: bytes | memoryview, claims: Path, accepts: Callable[[str], bool] | None = None) -> Catalog | None:
    """Unpack a catalog, whose claims are looked up in a file beside it; `None` where its key is not accepted.

    One of `UNREADABLE` is raised where it is not as it was packed.
    """
    start = msgspec.msgpack.decode(body, type=_Start)
    if accepts is not None and not accepts(start.key):
        return None
    return _catalog(start, StoredClaims(claims, start.key))


def has_key(path: Path, key: str) -> bool:
    """Say whether a file has this key, without reading the rest of it."""
    begin = _ARRAY + msgspec.msgpack.encode(key)
    try:
        return sealed.beginning(path, len(begin)) == begin
    except UNREADABLE:
        return False


def _catalog(start: _Start, claims: StoredClaims) -> Catalog:
    offer_count, model_count, link_count = start.counts
    offers = _made(Offer, _fields(Offer, Offer.__struct_fields__, start.offers, offer_count), offer_count)
    members = iter([offers[place] for place in _unpacked(start.members, offer_count)])
    owned = [tuple(islice(members, size)) for size in _unpacked(start.sizes, offer_count + 1)]
    linked = _unpacked(start.linked, link_count + 1)
    links = iter(_made(Link, _link_columns(start, owned, linked), link_count))
    models = tuple(
        Model(own[0].model if own and own[0].model == key else key, name, own, tuple(islice(links, size)))
        for key, name, own, size in zip(
            *_fields(Model, MODEL_FIELDS, start.models, model_count), owned, linked, strict=True
        )
    )
    return Catalog(offers, models, start.sources, start.built_at, claims, start.latency)


def _made(kind: Callable[..., T], columns: list[Iterable[object]], count: int) -> tuple[T, ...]:
    """Make values of the columns of their fields; the columns of many are freed one by one, so that nobody waits."""
    made = map(kind, *columns)
    if count <= PIECE:
        return tuple(made)
    values = tuple(breathing(made, PIECE))
    del made
    while columns:
        columns.pop()
        breathe()
    return values


def _link_columns(start: _Start, owned: Sequence[tuple[Offer, ...]], linked: Iterable[int]) -> list[Iterable[object]]:
    """Give the values of each field of the links."""
    fields = Link.__struct_fields__
    columns = _fields(Link, fields[len(fields) - len(start.links) :], start.links, start.counts[2])
    if len(columns) == len(fields):
        return columns
    offers = [offer for own, size in zip(owned, linked, strict=True) for offer in own[:size]]
    return [[offer.provider for offer in offers], [offer.id for offer in offers], *columns]


def _fields(kind: type[Struct], names: Sequence[str], columns: Sequence[_Column], count: int) -> list[Iterable[object]]:
    """Give the values of each column; they are those of the named fields of `kind`."""
    found: list[Iterable[object]] = []
    for name, column in zip(names, columns, strict=True):
        values = msgspec.msgpack.decode(column.values, type=GenericAlias(tuple, (kind.__annotations__[name], ...)))
        if count and len(values) == 1:
            found.append(repeat(values[0], count))
            continue
        places = _unpacked(column.places, column.width)
        if len(places or values) != count:
            raise ValueError(f"the column {name} has not {count} values")
        found.append([values[place] for place in places] if places else values)
    return found
