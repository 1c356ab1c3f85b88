"""Ask one source over HTTP: every page of it, within bounds of time and size, and never send a key astray.

What goes wrong comes back as data; only cancellation is raised.
"""

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from modeltui import __version__
from modeltui.config import is_loopback
from modeltui.late import note_missing
from modeltui.service.answers import Fetched, FetchFailed, FetchRequest, NotModified, Reply, Word
from modeltui.service.asking import REAL_TIME, Asking, OnRetry, Timing
from modeltui.service.bodies import Body
from modeltui.service.certificates import tls_settings
from modeltui.service.failures import (
    ENDPOINT_HINT,
    Again,
    Fault,
    connection_fault,
    failed,
    protocol_fault,
    status_fault,
    timed_out,
    too_large,
    unreadable_redirect,
)
from modeltui.service.headers import carries_key, redactor_for, sendable
from modeltui.service.resolver import wide_resolver
from modeltui.service.retry import TRANSIENT, asked_wait_s
from modeltui.service.routes import Proxy, Routes, routes_of

__all__ = [
    "FetchFailed", "FetchRequest", "Fetched", "NotModified", "Timing", "Word", "fetch", "open_client", "wide_resolver",
]  # fmt: skip

MAX_HOPS: Final = 3
"""Redirects that are followed, on the same origin only."""
_ERROR_BYTES: Final = 64 * 1024
_ERROR_S: Final = 2.0
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SHIPPED: Final = partial(httpx.create_ssl_context, trust_env=False)
HTTP_ERRORS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError)
"""Everything that asking may raise; `fault_of` sorts it."""


# ------------------------------------------------------------------------------------------------ client


@asynccontextmanager
async def open_client(environ: Mapping[str, str] = os.environ) -> AsyncIterator[httpx.AsyncClient]:
    """Open the client that all sources share: no cookies, no redirects, no HTTP/2, loopback never through a proxy.

    HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR are honoured. A wrong value never
    raises here: each request that would need it fails with one sentence that names the variable.
    """
    wide_resolver(asyncio.get_running_loop())
    note_missing("sniffio")  # httpcore asks for it with every lock it makes
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    files = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    tls = await asyncio.to_thread(tls_settings, *files, _SHIPPED)
    async with httpx.AsyncClient(
        transport=_Router(routes_of(environ), tls),
        headers={"User-Agent": f"modeltui/{__version__}", "Accept": "application/json"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    ) as client:
        yield client


class _Router(httpx.AsyncBaseTransport):
    """Sends each request on the way that the environment names for it."""

    def __init__(self, routes: Routes, tls: ssl.SSLContext | str) -> None:
        self._routes = routes
        self._tls = tls
        self._ways: dict[Proxy | None, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if isinstance(self._tls, str) and request.url.scheme == "https":
            hint = "point it at a PEM file of certificates, or unset it"
            raise Fault(Word.TLS_PROBLEM, self._tls, hint=hint)
        proxy = self._routes.proxy_for(str(request.url), request.url.host, request.url.port)
        way = self._ways.get(proxy) or self._ways.setdefault(proxy, self._open(proxy))
        try:
            return await way.handle_async_request(request)
        except httpx.ConnectError as error:
            fault = connection_fault(error, f"the proxy of {proxy.variable}") if proxy else None
            if fault is None or fault.word is Word.TLS_PROBLEM:
                raise
            raise fault from error

    def _open(self, proxy: Proxy | None) -> httpx.AsyncHTTPTransport:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if isinstance(self._tls, str) else self._tls
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=15)
        try:
            return httpx.AsyncHTTPTransport(
                verify=tls, limits=limits, trust_env=False, proxy=httpx.Proxy(proxy.url) if proxy else None
            )
        except (httpx.InvalidURL, ValueError, ImportError) as error:
            variable = proxy.variable if proxy else "the proxy"
            socks = isinstance(error, ImportError)
            detail = f"{variable} names a SOCKS proxy, which is not supported" if socks else f"{variable} is not a URL"
            raise Fault(
                Word.UNREACHABLE, detail, hint="set it to http://HOST:PORT, or unset it or add the host to NO_PROXY"
            ) from error

    async def aclose(self) -> None:
        for way in self._ways.values():
            await way.aclose()


# ------------------------------------------------------------------------------------------- what goes wrong


def checked_url(text: str) -> httpx.URL:
    """Read an endpoint's URL; what is none is a fault."""
    url = _read_url(text)
    if url is None:
        raise Fault(Word.UNREACHABLE, "the endpoint is not an http or https URL", hint=ENDPOINT_HINT)
    return url


def _read_url(text: str, base: httpx.URL | None = None) -> httpx.URL | None:
    """Read a URL, relative to `base`; `None` where it is none, or leads to no host."""
    try:
        url = base.join(text) if base is not None else httpx.URL(text)
        return url if text and url.scheme in {"http", "https"} and url.host else None
    except (httpx.InvalidURL, ValueError):
        return None


def fault_of(error: Exception, host: str, timeout_s: float) -> Fault:
    """Sort what the HTTP client raised; its own text is never repeated, as it may hold a key."""
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return _timeout_fault(error, host, timeout_s)
    if isinstance(error, httpx.ProxyError):
        return Fault(Word.UNREACHABLE, "the proxy refused", hint="check HTTPS_PROXY, or add the host to NO_PROXY")
    if isinstance(error, httpx.RemoteProtocolError):
        return protocol_fault(str(error), host)
    if isinstance(error, httpx.NetworkError | OSError):
        return connection_fault(error, host)
    if isinstance(error, httpx.InvalidURL | UnicodeError):
        return unreadable_redirect()
    return Fault(Word.UNREACHABLE, "the request cannot be sent", hint=ENDPOINT_HINT)


def _timeout_fault(error: Exception, host: str, timeout_s: float) -> Fault:
    if isinstance(error, TimeoutError):
        return timed_out(f"no whole answer from {host} within {timeout_s:g} s")
    if isinstance(error, httpx.PoolTimeout):
        return timed_out("too many requests at once", again=Again.ONCE)
    missed = (
        f"no connection to {host} within" if isinstance(error, httpx.ConnectTimeout) else f"{host} sent nothing for"
    )
    return timed_out(f"{missed} {timeout_s / 2:g} s", again=Again.ONCE)


# ------------------------------------------------------------------------------------------------ asking


async def fetch(
    client: httpx.AsyncClient,
    request: FetchRequest,
    *,
    on_retry: OnRetry | None = None,
    timing: Timing = REAL_TIME,
) -> Fetched | NotModified | FetchFailed:
    """Ask a source for all its pages; a page that fails fails the source."""
    started = timing.clock()
    redactor = redactor_for(request.headers)
    try:
        checked_url(request.url)
        headers = sendable(request.headers, request.url)

        async def send(url: str, extra: Mapping[str, str], limit: int) -> Reply:
            return await _get(client, request, url, {**headers, **extra}, limit, timing.now)

        async with asyncio.timeout(request.deadline_s):
            return await Asking(request, send, redactor, timing, on_retry).answer()
    except Fault as found:
        fault = found
    except TimeoutError:
        fault = timed_out(f"no whole answer within {request.deadline_s:g} s")
    return failed(fault, redactor, timing.clock() - started, timing.now())


async def _get(
    client: httpx.AsyncClient,
    request: FetchRequest,
    url: str,
    headers: Mapping[str, str],
    limit: int,
    now: Callable[[], datetime],
) -> Reply:
    """Send one GET and follow it through redirects on its own origin; everything that goes wrong is a fault."""
    target = checked_url(url)
    try:
        async with asyncio.timeout(request.timeout_s):
            for _ in range(MAX_HOPS + 1):
                sent = client.build_request(
                    "GET",
                    target,
                    headers={**headers, "Accept-Encoding": "gzip"},
                    timeout=httpx.Timeout(request.timeout_s / 2),
                )
                reply = await _exchange(client, sent, limit, with_key=carries_key(request.headers), now=now)
                if reply.status not in _REDIRECTS:
                    return reply
                target = _redirected(target, reply.headers.get("location", ""))
    except HTTP_ERRORS as error:
        raise fault_of(error, target.host, request.timeout_s) from error
    raise Fault(Word.REDIRECTED, f"more than {MAX_HOPS} times", hint=ENDPOINT_HINT)


async def _exchange(
    client: httpx.AsyncClient, sent: httpx.Request, limit: int, *, with_key: bool, now: Callable[[], datetime]
) -> Reply:
    """Send one request; redirects and 304 come back without a body, other failures as a fault."""
    response = await client.send(sent, stream=True)
    try:
        status, answered = response.status_code, dict(response.headers)
        if status == 304 or status in _REDIRECTS:
            await error_body(response)
            return Reply(status, answered, b"")
        if 200 <= status < 300 and status != 206:
            return Reply(status, answered, await _body(response, limit))
        again = Again.TWICE if status in TRANSIENT else Again.NEVER
        wait_s = asked_wait_s(answered, now()) if again else None
        said = await error_body(response)
        raise status_fault(status, said, with_key=with_key, again=again, asked_wait_s=wait_s)
    finally:
        await response.aclose()


async def _body(response: httpx.Response, limit: int) -> bytes:
    """Read a body of at most `limit` decoded bytes; one that announces more is not read at all."""
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and len(announced) < 20 and int(announced) > limit:
        raise too_large(f"more than {limit / 1024 / 1024:.3g} MiB")
    body = Body(response.headers.get("content-encoding", ""), limit)
    async for chunk in response.aiter_raw():
        body.feed(chunk)
    return body.finish()


async def error_body(response: httpx.Response) -> bytes:
    """Read what a provider says about its error, as far as it comes in two seconds; nothing here can fail."""
    try:
        body = Body(response.headers.get("content-encoding", ""), _ERROR_BYTES)
    except Fault:
        return b""
    try:
        async with asyncio.timeout(_ERROR_S):
            async for chunk in response.aiter_raw():
                body.feed(chunk)
    except (Fault, *HTTP_ERRORS):
        return body.so_far()
    return body.so_far()


def redirect_fault(url: httpx.URL, location: str) -> Fault:
    """Say where an answer wanted to lead, and that no key went there."""
    target = _read_url(location, url)
    if target is None:
        return unreadable_redirect()
    unencrypted = " (not encrypted)" if target.scheme == "http" and url.scheme == "https" else ""
    hint = "if you trust that host, set it as the endpoint in the config"
    return Fault(Word.REDIRECTED, f"to {target.host}{unencrypted}; the key was not sent there", hint=hint)


def _redirected(url: httpx.URL, location: str) -> httpx.URL:
    """Give the target of a redirect that stays on its origin; any other is a fault."""
    target = _read_url(location, url)
    if target is None or target.userinfo or _origin(target) != _origin(url):
        raise redirect_fault(url, location)
    if target.scheme == "http" and not is_loopback(str(target)):
        raise redirect_fault(url, location)
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
