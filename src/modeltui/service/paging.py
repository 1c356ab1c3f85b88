"""Which URL holds the next page of an answer, with every way guarded in which pages could go round for ever."""

import hashlib
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from modeltui.providers.records import getter
from modeltui.providers.spec import NextToken, PageNumber, Paging
from modeltui.service.bodies import decoded
from modeltui.service.failures import Fault, bad_answer

_LONGEST_TOKEN: Final = 4096


class Pager:
    """Walks through the pages of one source; every URL it gives is the first one with other parameters."""

    def __init__(self, url: str, paging: Paging | None, max_pages: int) -> None:
        self._paging = paging
        self._max_pages = max_pages
        self._pages = 0
        self._records = 0
        self._first_count = 0
        self._seen_tokens: set[str] = set()
        self._seen_pages: set[bytes] = set()
        self.first = _with_params(url, _first_params(paging)) if paging else url

    def following(self, page: bytes) -> str | None:
        """Give the URL of the page after this one; `None` at the end. A loop or too many pages is a fault."""
        if self._paging is None:
            return None
        digest = hashlib.sha256(page).digest()
        if digest in self._seen_pages:
            raise _endless("the same page came twice")
        self._seen_pages.add(digest)
        self._pages += 1
        envelope = decoded(page)
        if isinstance(self._paging, PageNumber):
            params = self._numbered(self._paging, envelope)
        else:
            params = self._named(self._paging, envelope)
        if params is None:
            return None
        if self._pages >= self._max_pages:
            raise _endless(f"more than {self._max_pages} pages")
        return _with_params(self.first, params)

    def _numbered(self, paging: PageNumber, envelope: object) -> dict[str, str] | None:
        """Ask on while the total is not reached; without a total, while pages are full."""
        count = _count(envelope)
        self._first_count = self._first_count or count
        self._records += count
        total = _at(envelope, paging.total)
        full = count >= self._first_count
        if not isinstance(total, int) or isinstance(total, bool):
            more = count >= paging.size
        elif paging.total_is_pages:
            more = self._pages < total
        else:
            more = self._records < total and (full or self._pages * paging.size < total)
        return {paging.param: str(paging.first + self._pages)} if more and count else None

    def _named(self, paging: NextToken, envelope: object) -> dict[str, str] | None:
        if paging.more and not _at(envelope, paging.more):
            return None
        token = _at(envelope, paging.token)
        if token is None or token == "" or isinstance(token, bool | dict | list):
            return None
        text = str(token)
        if text in self._seen_tokens or len(text) > _LONGEST_TOKEN:
            raise _endless("the same page was named twice")
        self._seen_tokens.add(text)
        return {paging.param: text}


def _first_params(paging: Paging) -> dict[str, str]:
    size = {paging.size_param: str(paging.size)} if paging.size_param and paging.size else {}
    return {paging.param: str(paging.first), **size} if isinstance(paging, PageNumber) else size


def _with_params(url: str, params: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | params
    return urlunsplit(parts._replace(query=urlencode(query)))


def _at(envelope: object, path: str) -> object:
    return getter(path)(envelope) if path and isinstance(envelope, dict) else None


def _count(envelope: object) -> int:
    """Count the records of a page: the longest list that is the envelope or lies directly in it."""
    if isinstance(envelope, list):
        return len(envelope)
    parts = envelope.values() if isinstance(envelope, dict) else ()
    return max((len(part) for part in parts if isinstance(part, list)), default=0)


def _endless(detail: str) -> Fault:
    return bad_answer(f"paging: {detail}")
