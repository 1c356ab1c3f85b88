"""Keys that cannot be shown by accident, and the search for keys in text that is about to be shown."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

from modeltui.errors import ConfigError
from modeltui.hashes import blake2b

SHOWN: Final = "Secret(…)"
"""What every accidental way to show a key gives."""
_KEY: Final = r"[\x21-\x7e]{1,512}"
_SHORTEST: Final = 8
"""A shorter key is a word such as `none` that a local server ignores: taking it out would only spoil the text."""
_HEAD: Final = 12
"""Characters at the start of a key that betray it where an answer repeats only a part of it."""
_REST: Final = r"[^\s\"'<>\\,;)]*"
"""What goes on from there: a string of JSON ends before it."""


class Secret:
    """A key, which only `reveal` gives away; printing, logging, formatting and pickling show `Secret(…)`."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    @classmethod
    def checked(cls, raw: str, where: str) -> "Secret":
        """Make a secret of a key as people store it: blanks and line ends around it are dropped.

        What cannot be a key is a `ConfigError` that names `where` it stands, never the value.
        """
        value = raw.strip()
        if not value:
            raise ConfigError(f"{where}: the key is empty", hint="set it to the key, or unset it")
        if not re.fullmatch(_KEY, value):
            raise ConfigError(
                f"{where}: not a key: {_flaw(value)}", hint="copy the key again: nothing but its own characters"
            )
        return cls(value)

    def prefixed(self, scheme: str) -> "Secret":
        """Give `SCHEME KEY`, the value of an Authorization header; the key alone where the scheme is empty."""
        return Secret(f"{scheme} {self.__value}" if scheme else self.__value)

    def reveal(self) -> str:
        """Give the key itself, for the one header it is sent in."""
        return self.__value

    def fingerprint(self, salt: bytes, more: str = "") -> str:
        """Give 16 hex digits that tell this key, together with some more text, from others; the salt keeps it safe."""
        from hashlib import sha256  # loads OpenSSL, which the first frame does without
        from hmac import new as new_hmac

        return new_hmac(salt, (self.__value + more).encode(), sha256).hexdigest()[:16]

    def mark(self, salt: bytes) -> str:
        """Give 32 hex digits that tell this key from others; unlike `fingerprint` it is quick in the first frame."""
        return blake2b(self.__value.encode(), key=salt, digest_size=16).hexdigest()

    def __repr__(self) -> str:
        return SHOWN

    def __str__(self) -> str:
        return SHOWN

    def __format__(self, spec: str) -> str:
        return format(SHOWN, spec)

    def __rich_repr__(self) -> Iterator[str]:
        yield "…"

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (SHOWN,)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __eq__(self, other: object) -> bool:
        from hmac import compare_digest

        return isinstance(other, Secret) and compare_digest(self.__value.encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return hash((Secret, self.__value))


def _flaw(value: str) -> str:
    if len(value) > 512:
        return "it is longer than 512 characters"
    if any(char.isspace() for char in value):
        return "it has blanks or line ends in it"
    return "it has characters that no key has"


class Redactor:
    """Knows every loaded key in the forms it may turn up in, and takes them out of text."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._forms: dict[str, str] = {}
        self._heads: dict[str, re.Pattern[str]] = {}
        self._heads_in_bytes: dict[bytes, re.Pattern[bytes]] = {}
        for secret in secrets:
            self.add(secret)

    def add(self, secret: Secret) -> None:
        """Learn one more key; of `SCHEME KEY` the key is what counts."""
        key = secret.reveal().rpartition(" ")[2]
        if len(key) < _SHORTEST:
            return
        mask = "…" + key[-4:]
        for form in forms_of(key):
            self._forms[form] = mask
        if len(key) >= 2 * _HEAD:
            head = key[:_HEAD]
            self._heads[head] = re.compile(re.escape(head) + _REST)
            self._heads_in_bytes[head.encode()] = re.compile((re.escape(head) + _REST).encode())

    def redact(self, text: str) -> str:
        """Take every known key out of a text; of each at most its last four characters stay."""
        for form, mask in self._forms.items():
            if form in text:
                text = text.replace(form, mask)
        for head, pattern in self._heads.items():
            if head in text:
                text = pattern.sub("…", text)
        return text

    def redact_bytes(self, body: bytes) -> bytes:
        """Take every known key out of a body; bytes without one come back as they are."""
        for form, mask in self._forms.items():
            if (raw := form.encode()) in body:
                body = body.replace(raw, mask.encode())
        for head, pattern in self._heads_in_bytes.items():
            if head in body:
                body = pattern.sub("…".encode(), body)
        return body

    def __repr__(self) -> str:
        return "Redactor(…)"


def forms_of(key: str) -> list[str]:
    """Spell a key raw, URL-quoted, JSON-escaped and in base64, longest first."""
    import json  # for the first key only: the screen begins without any

    spelled = {key, quote(key, safe=""), quote(key), quote_plus(key), json.dumps(key)[1:-1], key.replace("/", "\\/")}
    for offset in range(3):
        inner = _base64_inside(key.encode(), offset)
        spelled |= {inner, inner.replace("+", "-").replace("/", "_")}
    return sorted(spelled, key=len, reverse=True)


def _base64_inside(raw: bytes, offset: int) -> str:
    """Give what base64 makes of bytes that follow `offset` (mod 3) others, as in `Basic USER:KEY`.

    The characters at both ends that also depend on the neighbours are left off.
    """
    import base64

    encoded = base64.b64encode(bytes(offset) + raw).decode()
    first = -(-offset * 8 // 6)
    last = (offset + len(raw)) * 8 // 6
    return encoded[first:last]
