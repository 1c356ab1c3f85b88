"""Bodies of answers: bounded decompression, and whether bytes are a model list at all."""

import zlib
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from modeltui.errors import PayloadError
from modeltui.providers.payload import decode
from modeltui.providers.records import getter
from modeltui.providers.spec import NextToken, PageNumber, Paging

MAX_PAGE_BYTES: Final = 16 * 2**20
MAX_TOTAL_BYTES: Final = 64 * 2**20
MAX_PAGES: Final = 50


class BadBodyError(Exception):
    """A body is not what an answer can be; `word` is one of the words of a failed fetch."""

    def __init__(self, word: str, message: str) -> None:
        super().__init__(message)
        self.word = word
        self.message = message


class Inflater:
    """Decompresses a body piece by piece and stops at a limit, however well the body was packed."""

    def __init__(self, encoding: str, limit: int) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise BadBodyError("bad answer", f"unknown compression {name[:40]!r}")
        self._packed = name not in {"", "identity"}
        self._zlib = zlib.decompressobj(wbits=47) if self._packed else None
        self._limit = limit
        self._pieces: list[bytes] = []
        self.size = 0

    def feed(self, piece: bytes) -> None:
        """Take raw bytes; beyond the limit it is a `BadBodyError`."""
        if self._zlib is None:
            self._keep(piece)
            return
        try:
            while piece:
                self._keep(self._zlib.decompress(piece, 2**18))
                piece = self._zlib.unconsumed_tail
        except zlib.error:
            raise BadBodyError("bad answer", "wrong compression: the body is not what its header says") from None

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._limit:
            raise BadBodyError("too large", f"the answer is larger than {self._limit // 2**20} MiB")
        self._pieces.append(piece)

    def finish(self) -> bytes:
        """Give the whole body; a packed one that stops before its end was cut off."""
        if self._zlib is not None and self._pieces and not self._zlib.eof:
            raise BadBodyError("bad answer", "cut off: the compressed body stops before its end")
        return b"".join(self._pieces)


def check_json(body: bytes) -> object:
    """Decode a page, or say why it is no model list: a web page, empty, cut off."""
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise BadBodyError("bad answer", "empty")
    if head[:1] == b"<":
        raise BadBodyError("bad answer", "a web page, not a model list")
    try:
        return decode(body)
    except PayloadError as error:
        word = "too large" if "million" in error.message or "deep" in error.message else "bad answer"
        raise BadBodyError(word, error.message) from None


class NextPage(Struct, frozen=True):
    """The query parameters of the next page."""

    params: dict[str, str]
    token: str


def first_params(paging: Paging | None) -> dict[str, str]:
    """The query parameters of the first page."""
    if isinstance(paging, PageNumber):
        return {paging.param: str(paging.first), paging.size_param: str(paging.size)}
    if isinstance(paging, NextToken) and paging.size:
        return {paging.size_param: str(paging.size)}
    return {}


def next_page(paging: Paging | None, payload: object, pages: Sequence[object]) -> NextPage | None:
    """Say which page follows, from the envelope of the newest; `None` at the end."""
    if paging is None or not isinstance(payload, dict):
        return None
    if isinstance(paging, NextToken):
        token = getter(paging.token)(payload)
        if not isinstance(token, str) or not token or (paging.more and not getter(paging.more)(payload)):
            return None
        return NextPage({**first_params(paging), paging.param: token}, token)
    return _next_number(paging, payload, len(pages))


def _next_number(paging: PageNumber, payload: dict[str, object], seen: int) -> NextPage | None:
    total = getter(paging.total)(payload) if paging.total else None
    size = payload.get(paging.size_param)
    size = size if isinstance(size, int) and size > 0 else paging.size
    if isinstance(total, int):
        more = seen < total if paging.total_is_pages else seen * size < total
    else:
        lists = [value for value in payload.values() if isinstance(value, list)]
        more = bool(lists) and len(max(lists, key=len)) >= size
    number = str(paging.first + seen)
    return NextPage({**first_params(paging), paging.param: number}, number) if more else None
