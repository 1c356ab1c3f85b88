"""Ask one source over HTTP: bounded in bytes, pages, tries and time; a key never leaves the origin it was meant for.

A failure is a value, `FetchFailed`, in words for a person; nothing here raises for what a server or a network does.
"""

import asyncio
import hashlib
import logging
import os
import random
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx
from msgspec import Struct
from msgspec.structs import replace

from modeltui import __version__
from modeltui.config import is_loopback
from modeltui.format import clean
from modeltui.providers.spec import Paging
from modeltui.secret import Secret
from modeltui.service import bodies, retry
from modeltui.service.bodies import BadBodyError, Inflater

RESOLVER_THREADS: Final = 64
"""Name look-ups block a thread each; a few that hang must not keep the others waiting."""
MAX_HOPS: Final = 3
DECODE_OFF_LOOP: Final = 256 * 1024
"""Larger pages are decoded in a thread."""


class FetchRequest(Struct, frozen=True):
    """One source to ask."""

    source: str
    url: str
    headers: Mapping[str, str | Secret] = {}
    paging: Paging | None = None
    timeout_s: float = 20
    """For one request, all in all."""
    deadline_s: float = 45
    """For the source, with every page, try and wait."""
    etag: str | None = None
    last_modified: str | None = None
    max_page_bytes: int = bodies.MAX_PAGE_BYTES
    max_total_bytes: int = bodies.MAX_TOTAL_BYTES
    max_pages: int = bodies.MAX_PAGES


class Fetched(Struct, frozen=True):
    """A whole answer: every page of it."""

    status: int
    pages: tuple[bytes, ...]
    etag: str | None = None
    last_modified: str | None = None
    elapsed_s: float = 0.0


class NotModified(Struct, frozen=True):
    """The source confirmed the answer that is stored."""

    etag: str | None = None
    last_modified: str | None = None
    elapsed_s: float = 0.0


class FetchFailed(Struct, frozen=True):
    """Why there is no answer: one of fifteen words, a line about it, and what to do."""

    word: str
    message: str
    hint: str = ""
    status: int | None = None
    retry_after_at: datetime | None = None
    elapsed_s: float = 0.0


OnRetry = Callable[[str, float, int], None]
Sleep = Callable[[float], Awaitable[None]]


class _FetchError(Exception):
    """Ends a fetch; carries the failure and whether the same GET may be tried again."""

    def __init__(self, word: str, message: str = "", *, hint: str = "", status: int | None = None,
                 tries: int = 1, wait_s: float | None = None) -> None:  # fmt: skip
        super().__init__(word)
        self.word, self.hint, self.status, self.wait_s, self.tries = word, hint, status, wait_s, tries
        self.message = f"{word}: {clean(message, limit=200)}" if message else word


class _Page(Struct):
    status: int
    body: bytes
    payload: object
    etag: str | None
    last_modified: str | None


@asynccontextmanager
async def open_client(environ: Mapping[str, str] = os.environ) -> AsyncIterator[httpx.AsyncClient]:
    """Open the client of a refresh: proxies of the environment honoured, loopback never through one, no cookies.

    Environment variables that httpx cannot use are left out and named by every failure that follows.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    executor = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolve")
    asyncio.get_running_loop().set_default_executor(executor)
    try:
        client = _client(trust_env=True)
    except Exception as error:  # noqa: BLE001  # httpx raises whatever a proxy or certificate variable makes it raise
        client = httpx.AsyncClient(transport=_Unusable(_env_message(error, environ)), trust_env=False)
    async with client:
        yield client


def _client(*, trust_env: bool) -> httpx.AsyncClient:
    direct = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=64))
    client = httpx.AsyncClient(
        trust_env=trust_env,
        follow_redirects=False,
        timeout=httpx.Timeout(20, connect=10),
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
        mounts={f"all://{host}": direct for host in ("localhost", "127.0.0.1", "[::1]")},
        headers={"User-Agent": f"modeltui/{__version__}", "Accept-Encoding": "gzip"},
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


class _Unusable(httpx.AsyncBaseTransport):
    """Fails every request with the one reason why no client could be made."""

    def __init__(self, message: str) -> None:
        self.message = message

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(self.message)


def _env_message(error: Exception, environ: Mapping[str, str]) -> str:
    names = [n for n in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY",
                         "https_proxy", "http_proxy", "all_proxy", "no_proxy") if environ.get(n)]  # fmt: skip
    return (
        f"environment: {' or '.join(names) or 'a proxy or certificate setting'} cannot be used ({type(error).__name__})"
    )


async def fetch(
    client: httpx.AsyncClient,
    request: FetchRequest,
    *,
    on_retry: OnRetry | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Sleep = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
) -> Fetched | NotModified | FetchFailed:
    """Ask one source, all its pages; a page that fails fails the source, for half a list is a wrong list."""
    started = time.monotonic()
    answer: Fetched | NotModified | FetchFailed
    try:
        async with asyncio.timeout(request.deadline_s):
            answer = await _Fetch(client, request, on_retry, clock, sleep, jitter).run()
    except TimeoutError:
        answer = FetchFailed("timed out", f"timed out: no whole answer within {request.deadline_s:g} s")
    except _FetchError as failure:
        at = clock() + timedelta(seconds=failure.wait_s) if failure.wait_s is not None else None
        answer = FetchFailed(failure.word, failure.message, failure.hint, failure.status, at)
    return _with_time(answer, time.monotonic() - started)


def _with_time(answer: Fetched | NotModified | FetchFailed, elapsed_s: float) -> Fetched | NotModified | FetchFailed:
    return replace(answer, elapsed_s=elapsed_s)


class _Fetch:
    """One fetch under way."""

    def __init__(self, client: httpx.AsyncClient, request: FetchRequest, on_retry: OnRetry | None,
                 clock: Callable[[], datetime], sleep: Sleep, jitter: Callable[[], float]) -> None:  # fmt: skip
        self.client, self.request, self.on_retry = client, request, on_retry
        self.clock, self.sleep, self.jitter = clock, sleep, jitter

    async def run(self) -> Fetched | NotModified:
        request = self.request
        self._check_encrypted()
        pages: list[_Page] = []
        seen: set[str] = set()
        params = bodies.first_params(request.paging)
        while True:
            page = await self._page(params, first=not pages)
            if page is None:
                return NotModified(request.etag, request.last_modified)
            pages.append(page)
            self._guard(pages, seen)
            following = bodies.next_page(request.paging, page.payload, pages)
            if following is None:
                break
            if following.token in seen:
                raise _FetchError("bad answer", "the pages go round in a circle")
            seen.add(following.token)
            params = following.params
        first = pages[0]
        only = len(pages) == 1
        return Fetched(first.status, tuple(p.body for p in pages), first.etag if only else None,
                       first.last_modified if only else None)  # fmt: skip

    def _check_encrypted(self) -> None:
        has_key = any(isinstance(value, Secret) for value in self.request.headers.values())
        if has_key and self.request.url.startswith("http:") and not is_loopback(self.request.url):
            raise _FetchError("not encrypted", "a key is never sent over plain http", hint="use an https endpoint")

    def _guard(self, pages: Sequence[_Page], seen: set[str]) -> None:
        if len(pages) > self.request.max_pages:
            raise _FetchError("bad answer", f"more than {self.request.max_pages} pages")
        if sum(len(page.body) for page in pages) > self.request.max_total_bytes:
            raise _FetchError("too large", f"the pages are larger than {self.request.max_total_bytes // 2**20} MiB")
        if len(pages) > 1:
            digest = hashlib.sha256(pages[-1].body).hexdigest()
            if digest in seen or pages[-1].body == pages[0].body:
                raise _FetchError("bad answer", "the same page came twice")
            seen.add(digest)

    # -------------------------------------------------------------------------------------------- one page

    async def _page(self, params: Mapping[str, str], *, first: bool) -> _Page | None:
        """Get one page, with retries; `None` is 304."""
        for attempt in range(retry.MAX_TRIES):
            try:
                async with asyncio.timeout(self.request.timeout_s):
                    return await self._get(params, first=first)
            except (TimeoutError, _FetchError, BadBodyError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                failure = self._failure(error)
            if attempt + 1 >= failure.tries:
                raise failure
            wait_s = failure.wait_s if failure.wait_s is not None else retry.backoff_s(attempt, self.jitter)
            if wait_s > retry.LONGEST_WAIT_S:
                raise failure
            if self.on_retry:
                self.on_retry(failure.message, wait_s, attempt + 1)
            await self.sleep(wait_s)
        raise failure

    def _failure(self, error: Exception) -> _FetchError:
        if isinstance(error, TimeoutError):
            return _FetchError("timed out", f"no whole answer within {self.request.timeout_s:g} s")
        return error if isinstance(error, _FetchError) else failure_of_error(error)

    async def _get(self, params: Mapping[str, str], *, first: bool) -> _Page | None:
        """Send one GET, follow redirects of the same origin by hand, read the body within its bounds."""
        url = httpx.URL(self.request.url).copy_merge_params(dict(params)) if params else httpx.URL(self.request.url)
        headers = {name: v.reveal() if isinstance(v, Secret) else v for name, v in self.request.headers.items()}
        conditional = first and self.request.paging is None and bool(self.request.etag or self.request.last_modified)
        if conditional and self.request.etag:
            headers["If-None-Match"] = self.request.etag
        elif conditional and self.request.last_modified:
            headers["If-Modified-Since"] = self.request.last_modified
        for _ in range(MAX_HOPS + 1):
            async with self.client.stream("GET", url, headers=headers) as response:
                if response.status_code == 304 and conditional:
                    return None
                if not response.has_redirect_location and response.status_code not in {301, 302, 303, 307, 308}:
                    return await self._read(response)
                url = _next_hop(url, response)
        raise _FetchError("redirected", f"more than {MAX_HOPS} times")

    async def _read(self, response: httpx.Response) -> _Page:
        status = response.status_code
        if status != 200:
            raise await failure_of_status(response, now=self.clock())
        length = response.headers.get("content-length")
        inflater = Inflater(response.headers.get("content-encoding", ""), self.request.max_page_bytes)
        async for piece in response.aiter_raw(65536):
            inflater.feed(piece)
        body = inflater.finish()
        if length and length.isdigit() and response.num_bytes_downloaded < int(length):
            raise BadBodyError("bad answer", "cut off")
        payload = (
            await asyncio.to_thread(bodies.check_json, body) if len(body) > DECODE_OFF_LOOP else bodies.check_json(body)
        )
        return _Page(status, body, payload, response.headers.get("etag"), response.headers.get("last-modified"))


async def _begin(response: httpx.Response) -> bytes:
    """Read the beginning of an error's body."""
    encoding = response.headers.get("content-encoding", "")
    try:
        inflater = Inflater(encoding, 65536)
        async for piece in response.aiter_raw(8192):
            inflater.feed(piece)
        return inflater.finish()
    except BadBodyError:
        return b""


def _next_hop(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Resolve a redirect; another origin is never followed, for the key would go there."""
    location = response.headers.get("location", "")
    try:
        target = urlsplit(urljoin(str(url), location))
        here = urlsplit(str(url))
        same = (target.scheme, target.hostname, target.port) == (here.scheme, here.hostname, here.port)
    except ValueError:
        raise _FetchError("redirected", "to something that is no URL", status=response.status_code) from None
    if not location or not same or target.username:
        where = clean(target.hostname or "nowhere", limit=80)
        plain = " (not encrypted)" if target.scheme == "http" and here.scheme == "https" else ""
        raise _FetchError("redirected", f"to {where}{plain}; the key was not sent there", status=response.status_code,
                       hint="if that is right, set it as the endpoint in the config")  # fmt: skip
    return httpx.URL(target.geturl())


# ---------------------------------------------------------------------------------------------------- failures


def failure_of_error(error: Exception) -> _FetchError:
    """Put what httpx or a body made fail into words."""
    if isinstance(error, BadBodyError):
        return _FetchError(error.word, error.message, tries=3 if "cut off" in error.message else 1)
    if isinstance(error, httpx.HTTPError):
        return _of_httpx(error)
    return _FetchError("unreachable", "the URL cannot be asked", hint="check the endpoint in the config")


async def failure_of_status(response: httpx.Response, *, now: datetime) -> _FetchError:
    """Put a status that is no success into words, with the provider's own message where it gives one."""
    return _of_status(response.status_code, response.headers, await _begin(response), now)


def _of_status(status: int, headers: httpx.Headers, body: bytes, now: datetime) -> _FetchError:
    said = _message_in(body)
    wait_s = retry.retry_after_s(headers.get("retry-after"), headers.get("retry-after-ms"), now)
    tries = retry.MAX_TRIES if status in retry.RETRIED_STATUSES else 1
    if status == 401:
        return _FetchError("key rejected", said or "status 401", status=status)
    if status == 403:
        return _FetchError("forbidden", said or "status 403", status=status)
    if status == 404:
        return _FetchError("not found", "status 404", hint="check the endpoint and models_path", status=status)
    if status == 429:
        word = "rate limited"
        if wait_s is not None and wait_s > retry.LONGEST_WAIT_S:
            at = (now + timedelta(seconds=wait_s)).strftime("%H:%M UTC")
            return _FetchError(word, f"until {at}", status=status, wait_s=wait_s)
        return _FetchError(
            word, said or "status 429", hint="try again later", status=status, tries=tries, wait_s=wait_s
        )
    if 200 <= status < 400:
        return _FetchError("bad answer", "empty" if status == 204 else f"status {status}", status=status)
    return _FetchError("server error", f"{status} {said}".strip(), status=status, tries=tries, wait_s=wait_s)


def _message_in(body: bytes) -> str:
    """Find the provider's own words in an error's body."""
    try:
        payload = bodies.check_json(body)
    except BadBodyError:
        return ""
    error = payload.get("error", payload) if isinstance(payload, dict) else payload
    for key in ("message", "detail", "error", "title"):
        found = error.get(key) if isinstance(error, dict) else None
        if isinstance(found, str):
            return found
    return error if isinstance(error, str) else ""


def _of_httpx(error: httpx.HTTPError) -> _FetchError:
    text = f"{error} {error.__cause__ or ''} {error.__context__ or ''}"
    if isinstance(error, httpx.TimeoutException):
        return _FetchError(
            "timed out", "no connection" if isinstance(error, httpx.ConnectTimeout) else "no answer", tries=2
        )
    if isinstance(error, httpx.ConnectError):
        return _of_connect(error, text)
    if isinstance(error, httpx.RemoteProtocolError):
        return _of_protocol(text)
    if isinstance(error, httpx.LocalProtocolError):
        return _FetchError("unreachable", "the request cannot be sent", hint="check the headers in the config")
    if isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError):
        return _FetchError("unreachable", "the connection broke", tries=3)
    if isinstance(error, httpx.ProxyError):
        return _FetchError("unreachable", "the proxy refused", hint="check HTTPS_PROXY")
    return _FetchError("unreachable", type(error).__name__)


def _of_protocol(text: str) -> _FetchError:
    if "peer closed" in text or "incomplete" in text:
        return _FetchError("bad answer", "cut off", tries=retry.MAX_TRIES)
    if "disconnected" in text:
        return _FetchError("unreachable", "the server closed the connection", tries=retry.MAX_TRIES)
    if "too long" in text or "buffer" in text:
        return _FetchError("too large", "the headers have no end")
    return _FetchError("bad answer", "not HTTP as it should be")


_TLS_WORDS: Final = (
    ("has expired", "the certificate has expired", "check this machine's clock"),
    ("ostname mismatch", "the certificate is for another host", "check the endpoint"),
    ("IP address mismatch", "the certificate is for another host", "check the endpoint"),
    ("self-signed", "unknown issuer", "set SSL_CERT_FILE to your company's certificate"),
    ("self signed", "unknown issuer", "set SSL_CERT_FILE to your company's certificate"),
    ("unable to get local issuer", "unknown issuer", "set SSL_CERT_FILE to your company's certificate"),
    ("CERTIFICATE_VERIFY_FAILED", "the certificate cannot be verified", "set SSL_CERT_FILE"),
    (
        "WRONG_VERSION_NUMBER",
        "the server does not speak TLS there",
        "check the port; a local server wants http://",
    ),
    ("record layer failure", "the server does not speak TLS there", "check the port"),
    ("PROTOCOL_VERSION", "the server's TLS is too old", ""),
    ("UNSUPPORTED_PROTOCOL", "the server's TLS is too old", ""),
    ("HANDSHAKE_FAILURE", "no common TLS version or cipher", ""),
)


def _of_connect(error: httpx.ConnectError, text: str) -> _FetchError:
    if text.startswith("environment:"):
        return _FetchError("unreachable", str(error).removeprefix("environment: "), hint="correct or unset it")
    if isinstance(error.__cause__, ssl.SSLError) or "SSL" in text or "CERTIFICATE" in text:
        for mark, message, hint in _TLS_WORDS:
            if mark in text:
                return _FetchError("TLS problem", message, hint=hint)
        return _FetchError("TLS problem", "the handshake failed")
    if any(mark in text for mark in ("Name or service", "getaddrinfo", "nodename", "name resolution", "Errno -")):
        return _FetchError("name not found", "", hint="check the endpoint and your network")
    if "refused" in text or "Errno 111" in text:
        return _FetchError("unreachable", "nothing answers there", tries=retry.MAX_TRIES)
    return _FetchError("unreachable", "no connection", tries=retry.MAX_TRIES)
