"""The headers of a request: which of them carry a key, and whether they may be sent where the request leads."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from modeltui.config import is_loopback
from modeltui.secret import Redactor, Secret
from modeltui.service.answers import Headers, Word
from modeltui.service.failures import Fault, cut

KEY_WORDS: Final = ("authorization", "cookie", "key", "secret", "token", "password")
"""A header whose lower-case name has one of these in it carries a key, however it was configured."""
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
_VALUE: Final = re.compile(r"[\x20-\x7e\t]{0,8192}")
_OURS: Final = frozenset({"accept-encoding", "host", "content-length", "transfer-encoding", "connection"})
"""Headers that nobody else can set."""


def is_key_header(name: str) -> bool:
    """Tell whether a header of this name carries a key."""
    return any(word in name.lower() for word in KEY_WORDS)


def carries_key(headers: Headers) -> bool:
    """Tell whether a request has a key among its headers."""
    return any(True for _ in _secrets(headers))


def redactor_for(headers: Headers) -> Redactor:
    """Make a redactor that knows the keys of one request."""
    return Redactor(_secrets(headers))


def _secrets(headers: Headers) -> Iterator[Secret]:
    for name, value in headers.items():
        if isinstance(value, Secret):
            yield value
        elif is_key_header(name):
            yield Secret(value)


def sendable(headers: Headers, url: str) -> dict[str, str]:
    """Reveal the keys of a request for sending it; a key that would go unencrypted over a network is a fault."""
    with_key = carries_key(headers) or "@" in urlsplit(url).netloc
    if with_key and not url.lower().startswith("https://") and not is_loopback(url):
        raise Fault(Word.NOT_ENCRYPTED, "a key is never sent over plain http", hint="use an https endpoint")
    plain: dict[str, str] = {}
    for name, value in headers.items():
        text = value.reveal() if isinstance(value, Secret) else value
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(text):
            raise Fault(Word.UNREACHABLE, f"the header {cut(name)} cannot be sent", hint="check headers in the config")
        if name.lower() not in _OURS:
            plain[name] = text
    return plain
