"""Sixty ways in which a server can go wrong, each as one provider that is asked like any other."""

import gzip
import json
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import trustme

from loopback import (
    Handler,
    Reply,
    Request,
    ThreadedLoopback,
    answer,
    chunked,
    drip,
    endless,
    gzipped,
    hang,
    in_turn,
    raw,
    redirect,
    reset,
)
from torture.places import canary, listing

ODD = "odd"
"""The provider whose server goes wrong."""
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MODELS = json.dumps(listing(ODD)).encode()
MIB = 1024 * 1024


@dataclass(frozen=True)
class Fault:
    """One way to go wrong."""

    name: str
    said: str
    """What is said of it; `updated` or `unchanged` where it is no failure."""
    make: Callable[[], Handler] | None = None
    """Makes the handler of one run; `None` where another kind of server is needed."""
    endpoint: Callable[["Servers"], str] | None = None
    like: str = ""
    first: str = ""
    """What is said where nothing is stored yet, if that differs."""
    takes_s: float = 0.0
    """About how long it lasts."""

    @property
    def id(self) -> str:
        return self.name.split()[0]


@dataclass
class Servers:
    """The servers of one run of the whole matrix."""

    plain: ThreadedLoopback
    foreign: ThreadedLoopback
    strangers: ThreadedLoopback
    """TLS with a certificate of an unknown issuer."""
    other: ThreadedLoopback
    """TLS with a certificate for another host."""
    expired: ThreadedLoopback
    old: ThreadedLoopback
    """Says that the client's TLS is too new."""
    bare: ThreadedLoopback
    """Answers whatever comes in plain HTTP."""
    downgrading: ThreadedLoopback
    """Good TLS that leads to plain http."""
    ca_file: Path


class TlsLoopback(ThreadedLoopback):
    """The same over TLS."""

    tls: ssl.SSLContext

    async def open(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        await super().open(tls=tls or self.tls, host=host, port=port)


def tls_server(authority: trustme.CA, host: str = "127.0.0.1", *, until: datetime | None = None) -> TlsLoopback:
    """A server with a certificate of this authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    since = datetime(2020, 1, 1, tzinfo=UTC) if until else None
    authority.issue_cert(host, not_before=since, not_after=until).configure_cert(context)
    server = TlsLoopback()
    server.tls = context
    return server


async def too_old(reply: Reply) -> None:
    """Refuse the client's TLS as too new for a server of long ago."""
    await reply.send(b"\x15\x03\x01\x00\x02\x02\x46")


async def in_plain(reply: Reply) -> None:
    """Answer in plain HTTP, whatever was sent."""
    await reply.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def bomb(encoding: str) -> Handler:
    """Answer with a body of a gigabyte in a few bytes."""
    return answer(200, _gigabyte(encoding), {"Content-Encoding": encoding})


@cache
def _gigabyte(encoding: str) -> bytes:
    if encoding in {"gzip", "deflate"}:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
        return b"".join(packer.compress(b" " * MIB) for _ in range(1024)) + packer.flush()
    if encoding == "br":
        return b"\xcb\xff\x7f\x00" * 400
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"\x02\x00\x10\x00" * 8000


def gzip_times(times: int) -> Handler:
    body = MODELS
    for _ in range(times):
        body = gzip.compress(body)
    return answer(200, body, {"Content-Encoding": ", ".join(["gzip"] * times)})


def _validated() -> Handler:
    async def handle(request: Request, reply: Reply) -> None:
        asked = "if-none-match" in request.headers
        await (answer(304) if asked else answer(200, MODELS, {"ETag": '"1"'}))(request, reply)

    return handle


def _pages(shape: str) -> Handler:
    """Page for ever, in one of several ways."""

    async def handle(request: Request, reply: Reply) -> None:
        after = request.query.get("after_id", "")
        number = int(after or 0) + 1
        following = {"A→A": "1", "A→B→A": str(number % 2 + 1)}.get(shape, str(number))
        rows = [{"id": f"claude-{shape}-{number}", "type": "model", "display_name": "x"}]
        page = {"data": rows, "has_more": True, "last_id": following, "first_id": "0"}
        if shape == "page 3 fails" and number == 3:
            await answer(500, b"{}")(request, reply)
        else:
            await answer(200, json.dumps(page))(request, reply)

    return handle


def _some_malformed() -> Handler:
    good = [{"id": f"{ODD}/good-{number}", "object": "model"} for number in range(332)]
    bad: list[object] = [{}, {"id": 5}, {"id": None}, {"id": {"a": [1]}}, None, 5, "x", []] * 10
    return answer(200, json.dumps({"data": good + bad}))


def _in_seconds(seconds: int) -> str:
    moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds, UTC)
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def _rejected() -> Handler:
    key = canary(ODD).encode()
    said = json.dumps({"error": {"message": f"Incorrect API key provided: {canary(ODD)}"}}).encode()
    head = b"HTTP/1.1 401 Bad \x1b[31m%b\r\nX-Echo: %b\r\nContent-Length: %d\r\n\r\n" % (key, key, len(said))
    return raw(head + said)


@cache
def _rows(count: int) -> bytes:
    return b'{"data":[' + b",".join(b'{"id":"odd/m%d"}' % number for number in range(count)) + b"]}"


BAD = "bad answer"
FAULTS: tuple[Fault, ...] = (
    Fault("F01 all is well", "updated", lambda: answer(200, MODELS.replace(b"model-", b"other-"), {"ETag": '"2"'})),
    Fault("F02 port closed", "unreachable", endpoint=lambda servers: "http://127.0.0.1:9"),
    Fault("F03 closes without a byte", "unreachable", raw),
    Fault("F04 resets", "unreachable", reset),
    Fault("F05 silent", "timed out", hang, takes_s=21),
    Fault("F06 headers, then silent", "timed out", lambda: hang(OK + b"Content-Length: 9\r\n\r\n"), takes_s=21),
    Fault("F07 header drips", "timed out", lambda: drip(OK + b"X: " + b"a" * 999, 0.2), takes_s=20),
    Fault("F08 body drips", "timed out", lambda: drip(OK + b"\r\n" + MODELS, 0.2), takes_s=20),
    Fault("F09 first byte after 8 s", "updated|unchanged", lambda: answer(200, MODELS, delay_s=8), takes_s=8),
    Fault("F10 no such name", "name not found", endpoint=lambda servers: "https://no-such-name.invalid"),
    Fault("F12 unknown issuer", "TLS problem", endpoint=lambda servers: servers.strangers.url),
    Fault("F13 another host", "TLS problem", endpoint=lambda servers: servers.other.url),
    Fault("F14 expired", "TLS problem", endpoint=lambda servers: servers.expired.url),
    Fault("F15 TLS too old", "TLS problem", endpoint=lambda servers: servers.old.url.replace("http:", "https:")),
    Fault("F16 no TLS", "TLS problem", endpoint=lambda servers: servers.bare.url.replace("http:", "https:")),
    Fault("F17 redirect on its origin", "updated|unchanged",
          lambda: in_turn(redirect("/F17/models", 301), redirect("models", 308), answer(200, MODELS))),
    Fault("F18 redirect to another port", "redirected", endpoint=lambda servers: f"{servers.plain.url}/F18"),
    Fault("F19 redirect to plain http", "redirected", endpoint=lambda servers: servers.downgrading.url),
    Fault("F20 redirect loop", "redirected", lambda: redirect("/F20/models")),
    Fault("F21 login page", "web page", lambda: answer(200, "<!doctype html><h1>Sign in</h1>")),
    Fault("F22 empty", "empty", lambda: answer(200)),
    Fault("F23 no content", "empty", lambda: raw(b"HTTP/1.1 204 No Content\r\n\r\n")),
    Fault("F24 null", BAD, lambda: answer(200, "null")),
    Fault("F25 an error with 200", "server error", lambda: answer(200, '{"error":{"message":"no\\u001b[31m"}}')),
    Fault("F26 no models now", "no models now", lambda: answer(200, '{"data":[]}'), first="updated"),
    Fault("F27 12 of 412", "12 models now", lambda: answer(200, _rows(12)), first="updated"),
    Fault("F28 length too long", "cut off", lambda: raw(OK + b"Content-Length: 999999\r\n\r\n" + MODELS),
          first="cut off"),
    Fault("F29 length too short", "cut off", lambda: raw(OK + b"Content-Length: 100\r\n\r\n" + MODELS)),
    Fault("F30 negative length", BAD, lambda: raw(OK + b"Content-Length: -1\r\n\r\n" + MODELS)),
    Fault("F31 two lengths", BAD, lambda: raw(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}")),
    Fault("F32 length and chunked", "updated|unchanged", lambda: raw(
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(MODELS), MODELS))),
    Fault("F33 cut in a chunk", "cut off", lambda: raw(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{")),
    Fault("F34 last chunk missing", "cut off", lambda: chunked([MODELS], end=b"")),
    Fault("F35 chunk size ZZ", BAD, lambda: raw(OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n")),
    Fault("F36 closed in the middle", "cut off", lambda: raw(OK + b"\r\n" + MODELS[:2000])),
    Fault("F37 gzip cut", "cut off", lambda: gzipped(MODELS, cut=20)),
    Fault("F38 gzip that is none", "wrong compression", lambda: answer(200, MODELS, {"Content-Encoding": "gzip"})),
    Fault("F39 unknown compression", "unknown compression", lambda: answer(200, MODELS, {"Content-Encoding": "foo"})),
    Fault("F40 gzip seven times", BAD, lambda: gzip_times(7)),
    Fault("F41 SSH banner", "not HTTP", lambda: raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")),
    Fault("F42 status 999", "server error 999", lambda: answer(999, b"{}")),
    Fault("F43 a thousand 100s", "updated|unchanged",
          lambda: raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, OK + b"\r\n" + MODELS)),
    Fault("F44 header of 1 MB", "too large", lambda: raw(OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n{}")),
    Fault("F45 reset in the body", "unreachable", lambda: reset(OK + b"Content-Length: 9999\r\n\r\n" + MODELS[:99])),
    Fault("F46 closed under the second request", "updated|unchanged", lambda: in_turn(raw(), answer(200, MODELS))),
    Fault("F47 304 to our tag", "unchanged", _validated, first="updated"),
    Fault("F48 key rejected and echoed", "key rejected", _rejected),
    Fault("F49 forbidden", "forbidden", lambda: answer(403, '{"error":{"message":"not in\\nyour region"}}')),
    Fault("F50 404 page", "not found", lambda: answer(404, "<h1>no</h1>")),
    Fault("F51 429, 2 s, then well", "updated|unchanged",
          lambda: in_turn(answer(429, headers={"Retry-After": "2"}), answer(200, MODELS)), takes_s=2),
    Fault("F52 429 for 90 s", "rate limited", lambda: answer(429, headers={"Retry-After": _in_seconds(90)})),
    Fault("F53 500, 503, then well", "updated|unchanged",
          lambda: in_turn(answer(500), answer(503), answer(200, MODELS))),
    Fault("F54 500 for ever", "server error 500",
          lambda: raw(b"HTTP/1.1 500 Bro\x1b[31mken\r\nContent-Length: 0\r\n\r\n")),
    Fault("F55 gzip bomb", "too large", lambda: bomb("gzip")),
    Fault("F56 endless", "too large", endless),
    Fault("F57 pages for ever", "paging", lambda: _pages("A→B→A"), like="anthropic"),
    Fault("F58 charset of no such name", "updated|unchanged",
          lambda: answer(200, MODELS, {"Content-Type": "application/json; charset=rot13"})),
    Fault("F59 80 of 412 malformed", "updated", _some_malformed),
    Fault("F60 a million rows", "too large|updated|models", lambda: answer(200, _rows(1_000_000))),
    Fault("F60b 15 MB of {}", "too large", lambda: answer(200, b'{"data":[' + b"{}," * 5_000_000 + b"{}]}")),
    Fault("F60c depth 100,000", "nested too deep", lambda: answer(200, b'{"data":' + b"[" * 100_000)),
)  # fmt: skip
