"""Who says what of each offer, as a file beside the start-up file: looked up one offer at a time and never held.

After a magic word come the head (the key of the start-up file it belongs to, and the words that claims share), an index
sorted by the hash of the offer's key, and one entry an offer. Each part carries a check sum.
"""

import os
import stat
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Final
from zlib import crc32

import msgspec
from msgspec import Struct

from modeltui.hashes import blake2b
from modeltui.model import Claim, Claims, PriceTier
from modeltui.service.remembered import replace
from modeltui.work import breathing

FILE_NAME: Final = "claims.msgpack"
_MAGIC: Final = b"mtclaim1"
_PREFIX: Final = struct.Struct("<8sIII")
"""Magic word, bytes and check sum of the head, number of offers."""
_PLACE: Final = struct.Struct("<8sIII")
"""Hash of an offer's key, where its entry begins behind the index, its bytes and check sum."""
AT_ONCE: Final = 100
"""Offers whose claims are packed in one go; between two goes other threads may work."""
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_TYPES: Final = (object, Decimal, datetime, tuple[str, ...], tuple[PriceTier, ...])
"""What the value of a claim is decoded as."""


class _Head(Struct, frozen=True, array_like=True):
    key: str
    words: tuple[str, ...]
    """Names of fields, sources and paths."""


class _Told(Struct, frozen=True, array_like=True, gc=False):
    type: int
    value: msgspec.Raw
    source: int
    path: int


class _Entry(Struct, frozen=True, array_like=True):
    offer: str
    fields: tuple[tuple[int, tuple[_Told, ...]], ...]


def write(path: Path, claims: Mapping[str, Claims], key: str) -> bool:
    """Replace the file in one step; false where the folder cannot be written."""
    packer = _Packer()
    entries = _by_hash((_hash(offer), packer.entry(offer, told)) for offer, told in breathing(claims.items(), AT_ONCE))
    places, begin = [], 0
    for digest, entry in entries:
        places.append(_PLACE.pack(digest, begin, len(entry), crc32(entry)))
        begin += len(entry)
    head = msgspec.msgpack.encode(_Head(key, tuple(packer.words)))
    prefix = _PREFIX.pack(_MAGIC, len(head), crc32(head), len(entries))
    return replace(path, b"".join((prefix, head, *places, *(entry for _, entry in entries))))


def _by_hash(entries: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Sort entries by their hash, a share of them at a time: a long sort would make every other thread wait."""
    shares: list[list[tuple[bytes, bytes]]] = [[] for _ in range(256)]
    for entry in entries:
        shares[entry[0][0]].append(entry)
    for share in shares:
        share.sort()
    return list(chain.from_iterable(shares))


def _hash(offer: str) -> bytes:
    return blake2b(offer.encode(errors="surrogatepass"), digest_size=8).digest()


class _Packer:
    """Packs claims; each word and each claim that many offers share is worked out once."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self._packed: dict[int, _Told] = {}

    def entry(self, offer: str, told: Claims) -> bytes:
        """Pack what is said of one offer."""
        fields = tuple((self._word(name), tuple(map(self._told, claims))) for name, claims in told.items())
        return msgspec.msgpack.encode(_Entry(offer, fields))

    def _word(self, word: str) -> int:
        return self.words.setdefault(word, len(self.words))

    def _told(self, claim: Claim) -> _Told:
        known = self._packed.get(id(claim))
        if known is None:
            value = msgspec.Raw(msgspec.msgpack.encode(claim.value))
            known = _Told(_type_of(claim.value), value, self._word(claim.source), self._word(claim.path))
            self._packed[id(claim)] = known
        return known


def _type_of(value: object) -> int:
    if isinstance(value, tuple):
        return 4 if value and isinstance(value[0], PriceTier) else 3
    return 1 if isinstance(value, Decimal) else 2 if isinstance(value, datetime) else 0


class StoredClaims(Mapping[str, Claims]):
    """The claims in a file, by the key of the offer; none where the file is missing, damaged or of another catalog."""

    def __init__(self, path: Path, key: str) -> None:
        self.key = key
        self._path = path
        self._descriptor: int | None = None
        self._reading = threading.Lock()
        self._words: tuple[str, ...] = ()
        self._begin = self._count = 0
        self._is_open = False

    def __getitem__(self, offer: str) -> Claims:
        self._open()
        wanted = _hash(offer)
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._place(middle)[0] < wanted:
                low = middle + 1
            else:
                high = middle
        entry = self._entry(low) if low < self._count and self._place(low)[0] == wanted else None
        if entry is None or entry.offer != offer:
            raise KeyError(offer)
        return self._claims(entry)

    def __iter__(self) -> Iterator[str]:
        self._open()
        for number in range(self._count):
            if (entry := self._entry(number)) is not None:
                yield entry.offer

    def __len__(self) -> int:
        self._open()
        return self._count

    def __del__(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def _open(self) -> None:
        if self._is_open:
            return
        self._is_open = True
        try:
            self._descriptor = os.open(self._path, _FLAGS)
            if stat.S_ISREG(os.fstat(self._descriptor).st_mode):
                self._read_head()
        except (OSError, msgspec.MsgspecError, struct.error):
            self._count = 0

    def _read_head(self) -> None:
        magic, size, checked, count = _PREFIX.unpack(self._at(0, _PREFIX.size))
        body = self._at(_PREFIX.size, size) if magic == _MAGIC else b""
        if not body or crc32(body) != checked:
            return
        head = msgspec.msgpack.decode(body, type=_Head)
        if head.key == self.key:
            self._words = head.words
            self._begin, self._count = _PREFIX.size + size, count

    def _at(self, begin: int, size: int) -> bytes:
        """Read some bytes; screens and exports may ask at the same time."""
        if self._descriptor is None:
            return b""
        with self._reading:
            os.lseek(self._descriptor, begin, os.SEEK_SET)
            return os.read(self._descriptor, size)

    def _place(self, number: int) -> tuple[bytes, int, int, int]:
        packed = self._at(self._begin + number * _PLACE.size, _PLACE.size)
        return _PLACE.unpack(packed) if len(packed) == _PLACE.size else (b"", 0, 0, 0)

    def _entry(self, number: int) -> _Entry | None:
        _, begin, size, checked = self._place(number)
        body = self._at(self._begin + self._count * _PLACE.size + begin, size)
        if not body or crc32(body) != checked:
            return None
        try:
            return msgspec.msgpack.decode(body, type=_Entry)
        except msgspec.MsgspecError:
            return None

    def _claims(self, entry: _Entry) -> Claims:
        return {self._words[name]: tuple(self._told(told)) for name, told in entry.fields}

    def _told(self, claims: Iterable[_Told]) -> Iterator[Claim]:
        for told in claims:
            value = msgspec.msgpack.decode(told.value, type=_TYPES[told.type])
            yield Claim(value, self._words[told.source], self._words[told.path])
