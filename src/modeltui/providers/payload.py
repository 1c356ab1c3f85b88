"""Bytes to plain values, strictly where possible, forgivingly where one bad value would hide a whole list.

Fractions become `Decimal` from the raw text, so no price ever passes through a float.
"""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from modeltui.errors import PayloadError

_STRICT: Final = msgspec.json.Decoder(float_hook=Decimal)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
MAX_CONTAINERS: Final = 1_000_000
"""Objects and lists in one page; more would cost hundreds of megabytes to decode."""


def decode(page: bytes) -> object:
    """Decode one page; what is no JSON, too deep or too large is a `PayloadError` that says which."""
    if page.count(b"{") + page.count(b"[") > MAX_CONTAINERS:
        raise PayloadError("the answer has more than a million objects and lists")
    try:
        return _STRICT.decode(page)
    except RecursionError as error:
        raise PayloadError("the answer is nested too deep") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError):
        return _forgiving(page)


def _forgiving(page: bytes) -> object:
    if not page.strip():
        raise PayloadError("the answer is empty")
    try:
        text = page.decode(json.detect_encoding(page), errors="replace")
        found = json.loads(
            text, strict=False, parse_float=Decimal, parse_constant=lambda _: None, parse_int=_bounded_int
        )
    except RecursionError as error:
        raise PayloadError("the answer is nested too deep") from error
    except ValueError as error:
        kind = "a web page" if page.lstrip()[:1] == b"<" else "not JSON"
        raise PayloadError(f"the answer is {kind}: {error}") from error
    return _repaired(found)


def _bounded_int(digits: str) -> int | None:
    return int(digits) if len(digits) <= 40 else None


def _repaired(node: object) -> object:
    if isinstance(node, str):
        return _SURROGATE.sub("\ufffd", node)
    if isinstance(node, list):
        return [_repaired(item) for item in node]
    if isinstance(node, dict):
        return {str(_repaired(key)): _repaired(value) for key, value in node.items()}
    return node


def decode_all(pages: Sequence[bytes]) -> list[object]:
    """Decode every page of an answer."""
    return [decode(page) for page in pages]
