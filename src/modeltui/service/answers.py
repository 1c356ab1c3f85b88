"""A question to one source and the three things that can come of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from modeltui.providers.spec import Paging
from modeltui.secret import Secret


class Word(StrEnum):
    """What went wrong, in one of the words that a source can show."""

    UNREACHABLE = "unreachable"
    NAME_NOT_FOUND = "name not found"
    TIMED_OUT = "timed out"
    TLS_PROBLEM = "TLS problem"
    REDIRECTED = "redirected"
    KEY_REJECTED = "key rejected"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    RATE_LIMITED = "rate limited"
    SERVER_ERROR = "server error"
    BAD_ANSWER = "bad answer"
    TOO_LARGE = "too large"
    NO_MODELS = "no models"
    NOT_ENCRYPTED = "not encrypted"
    CANCELLED = "cancelled"


Headers = Mapping[str, str | Secret]


class FetchRequest(Struct, frozen=True):
    """One source to ask, and how long and how much it may answer."""

    source: str
    """`provider/source`."""
    url: str
    """Of the first page."""
    headers: Headers = {}
    paging: Paging | None = None
    timeout_s: float = 20.0
    """For one request, body included; half of it for every single wait within."""
    deadline_s: float = 45.0
    """For the whole source: pages, retries and the waits between them."""
    etag: str | None = None
    """Validator of the stored answer; not sent where the source pages, as it speaks of one page only."""
    last_modified: str | None = None
    max_page_bytes: int = 16 * 1024 * 1024
    """Decoded size of one page."""
    max_total_bytes: int = 64 * 1024 * 1024
    """Decoded size of all pages."""
    max_pages: int = 50

    def __repr__(self) -> str:
        return f"FetchRequest({self.source})"


class Reply(Struct, frozen=True):
    """One HTTP answer that is a success, or 304."""

    status: int
    headers: Mapping[str, str]
    """With lower-case names."""
    body: bytes


class Fetched(Struct, frozen=True):
    """A whole answer: every page, decoded, each of them JSON."""

    status: int
    pages: tuple[bytes, ...]
    etag: str | None
    last_modified: str | None
    elapsed_s: float
    url: str
    """Of the first page, without user name and password."""

    def __repr__(self) -> str:
        return f"Fetched({self.status}, {len(self.pages)} pages, {sum(map(len, self.pages))} bytes)"


class NotModified(Struct, frozen=True):
    """The stored answer is still the current one."""

    etag: str | None
    last_modified: str | None
    elapsed_s: float


class FetchFailed(Struct, frozen=True):
    """Why there is no answer, in one clean line, and what to do about it in another."""

    word: Word
    message: str
    hint: str
    status: int | None = None
    retry_after_at: datetime | None = None
    """The provider asks to be left alone until then: aware UTC, at most six hours away."""
    elapsed_s: float = 0.0
