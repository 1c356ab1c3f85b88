"""Every way in which asking can fail, as one plain sentence and what to do about it.

Nothing here repeats the text of an exception: those are empty at times, and at others hold a key.
"""

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import IntEnum
from typing import Final

import msgspec

from modeltui.format import clean
from modeltui.secret import Redactor
from modeltui.service.answers import FetchFailed, Word
from modeltui.service.retry import retry_at

SAID_LIMIT: Final = 200
"""Characters that are kept of what a provider says about its own error."""


class Again(IntEnum):
    """How many times a failed GET may be repeated."""

    NEVER = 0
    ONCE = 1
    TWICE = 2


class Fault(Exception):  # noqa: N818  # it never leaves this layer: `failed` makes data of it
    """One failed request; `fetch` turns it into data and never lets it out."""

    def __init__(
        self,
        word: Word,
        detail: str = "",
        *,
        hint: str = "",
        said: str = "",
        status: int | None = None,
        again: Again = Again.NEVER,
        asked_wait_s: float | None = None,
    ) -> None:
        super().__init__(word)
        self.word = word
        self.detail = detail
        """What happened, in our words; a status code joins the word without a colon."""
        self.hint = hint
        self.said = said
        """What the provider said, as it came: not cleaned, possibly with a key in it."""
        self.status = status
        self.again = again
        self.asked_wait_s = asked_wait_s

    @property
    def reason(self) -> str:
        """Say in our own words what happened."""
        if not self.detail:
            return str(self.word)
        return f"{self.word} {self.detail}" if self.detail.isdigit() else f"{self.word}: {self.detail}"


# ------------------------------------------------------------------------------------------- connections


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and everything that led to it."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, BaseExceptionGroup):
            waiting += found.exceptions
        waiting += [cause for cause in (found.__cause__, found.__context__) if cause is not None]


def connection_fault(error: BaseException, host: str) -> Fault:
    """Say why no connection came about or why it broke; `host` is where it was to lead."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            hint = "check the endpoint's spelling and the network connection"
            return Fault(Word.NAME_NOT_FOUND, host, hint=hint)
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return _tls_fault(cause, host)
    for cause in causes:
        known = _OS_REASONS.get(cause.errno or 0) if isinstance(cause, OSError) else None
        if known is not None:
            detail, hint = known
            return Fault(Word.UNREACHABLE, f"{host} {detail}", hint=hint, again=Again.TWICE)
    return Fault(Word.UNREACHABLE, f"{host} closed the connection", hint="try again in a moment", again=Again.TWICE)


_NETWORK_HINT: Final = "check the network connection"
_OS_REASONS: Final[Mapping[int, tuple[str, str]]] = {
    errno.ECONNREFUSED: ("refused the connection", "is the server running, and is the port right?"),
    errno.ECONNRESET: ("broke the connection", "try again in a moment"),
    errno.EPIPE: ("broke the connection", "try again in a moment"),
    errno.ENETUNREACH: ("cannot be reached from this network", _NETWORK_HINT),
    errno.EHOSTUNREACH: ("cannot be reached from this network", _NETWORK_HINT),
    errno.ENETDOWN: ("cannot be reached: the network is down", _NETWORK_HINT),
    errno.ETIMEDOUT: ("did not answer", _NETWORK_HINT),
    errno.EACCES: ("may not be reached: the system forbids it", "check the firewall"),
    errno.EPERM: ("may not be reached: the system forbids it", "check the firewall"),
    errno.EMFILE: ("was not asked: too many files are open", "raise the limit: ulimit -n 1024"),
    errno.ENFILE: ("was not asked: too many files are open", "raise the limit: ulimit -n 1024"),
}

_TLS_VERIFY: Final[Mapping[int, tuple[str, str]]] = {
    9: ("the certificate of {host} is not valid yet", "check this computer's clock"),
    10: ("the certificate of {host} has expired", "check this computer's clock, or tell the provider"),
    62: ("{host} shows a certificate of another host", "check the endpoint; a proxy or login page may be in between"),
    64: ("{host} shows a certificate of another host", "check the endpoint; a proxy or login page may be in between"),
}
"""OpenSSL's X509_V_ERR numbers."""
_TLS_OLD: Final = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS", "HANDSHAKE_FAILURE", "NO_SHARED_CIPHER")
_TLS_NONE: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH", "UNKNOWN_PROTOCOL")


def _tls_fault(error: ssl.SSLError, host: str) -> Fault:
    if isinstance(error, ssl.SSLCertVerificationError):
        unknown = (
            "the certificate of {host} comes from an unknown issuer",
            "behind a company proxy, set SSL_CERT_FILE to its CA file; REQUESTS_CA_BUNDLE is not read",
        )
        detail, hint = _TLS_VERIFY.get(error.verify_code, unknown)
        return Fault(Word.TLS_PROBLEM, detail.format(host=host), hint=hint)
    reason = error.reason or ""
    if any(word in reason for word in _TLS_OLD):
        return Fault(
            Word.TLS_PROBLEM, f"{host} speaks only a TLS that is too old", hint="the server must offer TLS 1.2 or newer"
        )
    if any(word in reason for word in _TLS_NONE):
        hint = "check scheme and port; a server on this machine is usually http://"
        return Fault(Word.TLS_PROBLEM, f"{host} does not speak TLS on this port", hint=hint)
    return Fault(Word.TLS_PROBLEM, f"no secure connection to {host}", hint="check the endpoint and the network")


def protocol_fault(text: str, host: str) -> Fault:
    """Say what was wrong with an answer that breaks HTTP; `text` is the parser's complaint and is only sorted by."""
    if "without sending a response" in text:
        return Fault(
            Word.UNREACHABLE,
            f"{host} closed the connection without an answer",
            hint="try again in a moment",
            again=Again.TWICE,
        )
    if "location header" in text:
        return unreadable_redirect()
    if "complete message body" in text:
        return cut_off(again=Again.TWICE)
    if "too long" in text or "buffer" in text:
        return Fault(Word.TOO_LARGE, "the headers of the answer are too large", hint=ENDPOINT_HINT)
    if "status line" in text or "illegal request" in text:
        return Fault(Word.BAD_ANSWER, "not HTTP", hint=ENDPOINT_HINT)
    return Fault(Word.BAD_ANSWER, "not valid HTTP", hint=ENDPOINT_HINT)


def unreadable_redirect() -> Fault:
    """Say that an answer wanted to lead to what is no address."""
    return Fault(Word.REDIRECTED, "to an address that cannot be read", hint=ENDPOINT_HINT)


def timed_out(detail: str, *, again: Again = Again.NEVER) -> Fault:
    """Say that an answer took too long."""
    return Fault(Word.TIMED_OUT, detail, hint="try again later, or raise timeout_s in the config", again=again)


# ------------------------------------------------------------------------------------------- answers

ENDPOINT_HINT: Final = "check the endpoint"


def cut_off(*, again: Again = Again.NEVER) -> Fault:
    """Say that an answer ended before its end."""
    return Fault(Word.BAD_ANSWER, "cut off", hint="try again in a moment", again=again)


def bad_answer(detail: str) -> Fault:
    """Say that what came is no list of models."""
    return Fault(Word.BAD_ANSWER, detail, hint=ENDPOINT_HINT)


def too_large(detail: str) -> Fault:
    """Say that an answer is larger than any list of models."""
    return Fault(Word.TOO_LARGE, detail, hint=ENDPOINT_HINT)


_STATUS_WORDS: Final[Mapping[int, tuple[Word, str]]] = {
    401: (Word.KEY_REJECTED, ""),
    402: (Word.FORBIDDEN, "the account has no credit or plan for this"),
    403: (Word.FORBIDDEN, ""),
    404: (Word.NOT_FOUND, "check the base URL"),
    408: (Word.TIMED_OUT, "the server gave up waiting (status 408)"),
    410: (Word.NOT_FOUND, "check the base URL"),
    429: (Word.RATE_LIMITED, ""),
    451: (Word.FORBIDDEN, "not available here for legal reasons"),
}
_WORD_HINTS: Final[Mapping[Word, str]] = {
    Word.FORBIDDEN: "the key or the region has no right to this; ask the provider",
    Word.NOT_FOUND: "check endpoint and path in the config",
    Word.RATE_LIMITED: "wait, then refresh again",
    Word.SERVER_ERROR: "the provider has a problem; try again later",
    Word.TIMED_OUT: "try again later",
}


def status_fault(status: int, body: bytes, *, with_key: bool, again: Again, asked_wait_s: float | None) -> Fault:
    """Turn a status that is no success into what it means; `body` is read for the provider's own words."""
    word, detail = _STATUS_WORDS.get(status, (Word.BAD_ANSWER, f"status {status}"))
    if status >= 500 or status == 425:
        word, detail = Word.SERVER_ERROR, str(status)
    if status == 401 and not with_key:
        detail = "a key is needed"
    return Fault(
        word,
        detail,
        hint=_WORD_HINTS.get(word, "" if word is Word.KEY_REJECTED else ENDPOINT_HINT),
        said=words_of_error(body),
        status=status,
        again=again,
        asked_wait_s=asked_wait_s,
    )


def words_of_error(body: bytes) -> str:
    """Find the provider's own sentence in the body of an error; empty where there is none or it is a web page."""
    text = body.decode("utf-8", errors="replace").strip()
    try:
        found: object = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return "" if text[:1] in {"<", "{", "["} or len(text) > 4 * SAID_LIMIT else text
    for _ in range(6):
        if isinstance(found, str):
            return found
        if isinstance(found, list):
            found = found[0] if found else None
        elif isinstance(found, dict):
            keys = ("error", "message", "detail", "msg", "errors", "title", "error_description")
            found = next((found[key] for key in keys if found.get(key)), None)
    return ""


def cut(text: str) -> str:
    """Make a provider's words one clean line of at most 200 characters."""
    return clean(" ".join(text.split()), SAID_LIMIT)


def failed(fault: Fault, redactor: Redactor, elapsed_s: float, now: datetime) -> FetchFailed:
    """Turn a fault into what is shown of it: one clean line without a key."""
    said = cut(redactor.redact(fault.said))
    reason = cut(redactor.redact(fault.reason))
    return FetchFailed(
        word=fault.word,
        message=f"{reason}: {said}" if said else reason,
        hint=cut(redactor.redact(fault.hint)),
        status=fault.status,
        retry_after_at=None if fault.asked_wait_s is None else retry_at(fault.asked_wait_s, now),
        elapsed_s=elapsed_s,
    )
