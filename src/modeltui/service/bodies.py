"""The bytes of an answer: decompressed within bounds, then looked at before anyone believes them."""

import asyncio
import zlib
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import msgspec

from modeltui.errors import PayloadError
from modeltui.providers.payload import MAX_CONTAINERS, decode
from modeltui.service.answers import Word
from modeltui.service.failures import Fault, bad_answer, cut_off, too_large, words_of_error

_PIECE: Final = 1024 * 1024
"""Bytes that are decompressed at a time."""
_GZIP: Final = 16 + zlib.MAX_WBITS
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
OFF_LOOP_BYTES: Final = 256 * 1024
"""A larger body is looked at in a thread, so that the screen keeps moving."""
_SMALL: Final = 64 * 1024
"""An answer that only says what went wrong is smaller than this."""

_Result = TypeVar("_Result")


class Decompressor:
    """Decompresses one body piece by piece; a bomb costs one piece, not its size."""

    def __init__(self, encoding: str) -> None:
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise bad_answer("unknown compression")
        self._gzip = zlib.decompressobj(_GZIP) if encoding.endswith("gzip") else None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk from the network holds, in pieces of at most 1 MiB."""
        if self._gzip is None:
            yield chunk
            return
        try:
            while chunk:
                if self._gzip.eof:
                    if not chunk.strip(b"\0"):
                        return
                    self._gzip = zlib.decompressobj(_GZIP)
                piece = self._gzip.decompress(chunk, _PIECE)
                chunk = self._gzip.unconsumed_tail or self._gzip.unused_data
                if piece:
                    yield piece
        except zlib.error as error:
            raise bad_answer("wrong compression") from error

    def finish(self) -> None:
        """Check that the compressed data came to its end."""
        if self._gzip is not None and not self._gzip.eof:
            raise cut_off()


class Body:
    """Collects one body of at most `limit` decoded bytes."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._decompressor = Decompressor(encoding)
        self._pieces: list[bytes] = []
        self._limit = limit
        self._started = False
        self.size = 0

    def feed(self, chunk: bytes) -> None:
        """Take a chunk from the network; more than the limit is a fault."""
        self._started = True
        for piece in self._decompressor.feed(chunk):
            self.size += len(piece)
            if self.size > self._limit:
                raise too_large(f"more than {self._limit / 1024 / 1024:.3g} MiB")
            self._pieces.append(piece)

    def finish(self) -> bytes:
        """Give the whole body; one that ended early is a fault."""
        if self._started:
            self._decompressor.finish()
        return b"".join(self._pieces)

    def so_far(self) -> bytes:
        """Give what has come, whole or not."""
        return b"".join(self._pieces)


def check_page(page: bytes, *, first: bool = True) -> None:
    """Check that a page is JSON of a bearable structure and could be a listing; else it is a fault.

    Of a large one only the syntax is walked through: no value is made. Only a `first` page may not be empty.
    """
    start = page.lstrip(_BLANK)[:1]
    if not start:
        raise bad_answer("empty")
    if start == b"<":
        raise bad_answer("web page, not a model list")
    if page.count(b"{") + page.count(b"[") > MAX_CONTAINERS:
        raise too_large("more than a million objects and lists")
    if len(page) <= _SMALL:
        _check_small(page, first=first)
        return
    try:
        msgspec.json.decode(page, type=msgspec.Raw)
    except (msgspec.MsgspecError, RecursionError):
        decoded(page)


def decoded(page: bytes) -> object:
    """Decode a page, forgivingly where it must be; what cannot be read is a fault."""
    try:
        found = decode(page)
    except PayloadError as error:
        raise _payload_fault(error.message) from error
    if not isinstance(found, dict | list):
        raise bad_answer("not a list of models")
    return found


def _payload_fault(message: str) -> Fault:
    if "deep" in message:
        return too_large("nested too deep")
    if "million" in message:
        return too_large("more than a million objects and lists")
    for sign, detail in (("empty", "empty"), ("web page", "web page, not a model list")):
        if sign in message:
            return bad_answer(detail)
    return cut_off() if "cut off" in message else bad_answer("not JSON")


def _check_small(page: bytes, *, first: bool) -> None:
    """Tell an error that came with status 200, and the empty list, from a listing."""
    found = decoded(page)
    if first and found == []:
        raise Fault(Word.NO_MODELS, "the list is empty", hint="does the account see any models?")
    if isinstance(found, dict) and found.get("error") and not any(isinstance(part, list) for part in found.values()):
        raise Fault(
            Word.SERVER_ERROR,
            "an error instead of models",
            hint="the provider has a problem; try again later",
            said=words_of_error(page),
        )


async def off_loop(work: Callable[[bytes], _Result], page: bytes) -> _Result:
    """Do work on a page; on a large one in a thread."""
    if len(page) <= OFF_LOOP_BYTES:
        return work(page)
    return await asyncio.to_thread(work, page)
