"""Bytes to plain values, strictly where possible, forgivingly where one bad value would hide a whole list.

Fractions become `Decimal` from the raw text, so no price ever passes through a float.
"""

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NotRequired, TypedDict

import msgspec
from msgspec import Struct

from modeltui.errors import PayloadError

_STRICT: Final[msgspec.json.Decoder[object]] = msgspec.json.Decoder(object, float_hook=Decimal)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
MAX_CONTAINERS: Final = 1_000_000
"""Objects and lists in one page; more would cost hundreds of megabytes to decode."""
_MAX_DIGITS: Final = 400
"""Characters of one number; a longer one is no number of anything, and costs to read."""


RowDecoder = msgspec.json.Decoder[object]
"""Decodes the answers of one source, without what its map does not read."""


def row_decoder(envelope: str, keys: Iterable[str]) -> RowDecoder:
    """Make a decoder that keeps only `keys` of the records in the list at `envelope`; it refuses every other shape."""
    row = TypedDict("row", dict.fromkeys(sorted(keys), object), total=False)  # type: ignore[misc]  # keys are data here
    keys_of_answer = {envelope: list[row], "error": NotRequired[object]}
    answer = TypedDict("answer", keys_of_answer)  # type: ignore[misc]  # the same
    return msgspec.json.Decoder(answer, float_hook=Decimal)


def decode(page: bytes) -> object:
    """Decode one page; what is no JSON, too deep or too large is a `PayloadError` that says which."""
    return decode_noted(page)[0]


def decode_noted(page: bytes, rows: RowDecoder | None = None) -> tuple[object, str]:
    """Decode one page, with a note of what had to be repaired in it; the note is empty where nothing had to be.

    `rows` is tried first: it is faster, and what it refuses is decoded in full.
    """
    if page.count(b"{") + page.count(b"[") > MAX_CONTAINERS:
        raise PayloadError("the answer has more than a million objects and lists")
    for decoder in (rows, _STRICT):
        try:
            if decoder is not None:
                return decoder.decode(page), ""
        except RecursionError as error:
            raise PayloadError("the answer is nested too deep") from error
        except (msgspec.MsgspecError, ValueError, ArithmeticError):
            continue
    return _forgiving(page)


class _Repairs(Struct):
    """How many values of one page were made readable, and how many were given up as not stated."""

    mended: int = 0
    dropped: int = 0

    def note(self) -> str:
        told = [f"{self.dropped} numbers read as not stated"] if self.dropped else []
        told += [f"{self.mended} texts mended"] if self.mended else []
        return "the answer is not strict JSON" + (": " + ", ".join(told) if told else "")

    def constant(self, _: str) -> None:
        self.dropped += 1

    def integer(self, digits: str) -> int | None:
        if len(digits) <= _MAX_DIGITS:
            return int(digits)
        self.dropped += 1
        return None

    def fraction(self, digits: str) -> Decimal | None:
        try:
            if len(digits) <= _MAX_DIGITS:
                return Decimal(digits)
        except ArithmeticError:
            pass
        self.dropped += 1
        return None

    def mend(self, text: str) -> str:
        mended, found = _SURROGATE.subn("\ufffd", text)
        self.mended += found > 0
        return mended


def _forgiving(page: bytes) -> tuple[object, str]:
    if not page.strip():
        raise PayloadError("the answer is empty")
    repairs = _Repairs()
    encoding = json.detect_encoding(page)
    text = page.decode(encoding, errors="replace")
    try:
        found = json.loads(
            text,
            strict=False,
            parse_float=repairs.fraction,
            parse_constant=repairs.constant,
            parse_int=repairs.integer,
        )
    except RecursionError as error:
        raise PayloadError("the answer is nested too deep") from error
    except ValueError as error:
        raise PayloadError(_no_json(text, error)) from error
    if _ESCAPED_SURROGATE.search(text):
        _mend_all(found, repairs)
    plain = encoding != "utf-8" and not (repairs.mended or repairs.dropped or "\ufffd" in text)
    return found, "" if plain else repairs.note()


def _no_json(text: str, error: ValueError) -> str:
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        return "the answer is a web page"
    cut = isinstance(error, json.JSONDecodeError) and start in {"{", "["} and _is_cut(text, error)
    return f"the answer is {'cut off' if cut else 'not JSON'}: {error}"


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    return error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip())


def _mend_all(root: object, repairs: _Repairs) -> None:
    """Replace lone surrogates everywhere, in place and without recursion: an answer may be nested deep."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            node[:] = [repairs.mend(item) if isinstance(item, str) else item for item in node]
            waiting += [item for item in node if isinstance(item, list | dict)]
        elif isinstance(node, dict):
            mended = {
                repairs.mend(key): repairs.mend(value) if isinstance(value, str) else value
                for key, value in node.items()
            }
            node.clear()
            node.update(mended)
            waiting += [value for value in mended.values() if isinstance(value, list | dict)]


def decode_all(pages: Sequence[bytes]) -> list[object]:
    """Decode every page of an answer."""
    return [decode(page) for page in pages]
