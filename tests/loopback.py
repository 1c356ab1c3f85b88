"""A small HTTP server on loopback that also answers as no framework would: late, cut off, endless, malformed.

    server = await Loopback.start()
    server.json("/x/models", {"data": []}, etag='"1"')
    server.route("/y", raw(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\ncut"))
    server.route("/z", in_turn(answer(503), answer(200, b"{}")))
    server.url, server.requests, server.count("/y", "GET")
    await server.close()

`ThreadedLoopback` is the same in a thread of its own, for tests of other processes. A path of a route is compared
without its query; a route that ends in `*` serves every path that starts so.
"""

import asyncio
import contextlib
import gzip
import json as jsonlib
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """What one client sent."""

    method: str
    path: str
    """As sent, query included."""
    headers: Mapping[str, str]
    """With lower-case names."""
    body: bytes
    raw: bytes
    """The head, byte for byte."""

    @property
    def route(self) -> str:
        return self.path.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def json(self) -> object:
        return jsonlib.loads(self.body)


class Reply:
    """The wire back to the client; `keep` says whether the connection may serve another request."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.keep = False

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def reset(self) -> None:
        """Break the connection with RST instead of closing it."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Handler = Callable[[Request, Reply], Awaitable[None]]


# ------------------------------------------------------------------------------------------- handlers


def _head(status: int, headers: Mapping[str, str], reason: str = "Scripted") -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer(
    status: int = 200, body: bytes | str = b"", headers: Mapping[str, str] | None = None, *, delay_s: float = 0
) -> Handler:
    """Answer as a good server does: with a length, and open for the next request."""
    data = body.encode() if isinstance(body, str) else body

    async def handle(_: Request, reply: Reply) -> None:
        await asyncio.sleep(delay_s)
        stated = {"Content-Type": "application/json", **(headers or {})}
        if status != 304 and status >= 200:
            stated["Content-Length"] = str(len(data))
        reply.keep = True
        await reply.send(_head(status, stated) + (b"" if status == 304 else data))

    return handle


def in_turn(*handlers: Handler) -> Handler:
    """Serve each request with the next handler; the last one stays."""
    waiting = list(handlers)

    async def handle(request: Request, reply: Reply) -> None:
        await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(request, reply)

    return handle


def by_query(name: str, handlers: Mapping[str, Handler]) -> Handler:
    """Choose the handler by a query parameter; `""` is where it is absent."""

    async def handle(request: Request, reply: Reply) -> None:
        chosen = handlers.get(request.query.get(name, ""), answer(404, b"{}"))
        await chosen(request, reply)

    return handle


def with_key(key: str, handler: Handler) -> Handler:
    """Answer 401 unless the request has this key in one of the usual headers."""

    async def handle(request: Request, reply: Reply) -> None:
        given = {request.headers.get("authorization", "").removeprefix("Bearer ")}
        given |= {request.headers.get(name, "") for name in ("x-api-key", "api-key", "x-goog-api-key")}
        refused = answer(401, b'{"error":{"message":"invalid api key"}}')
        await (handler if key in given else refused)(request, reply)

    return handle


def raw(*pieces: bytes, delay_s: float = 0) -> Handler:
    """Send exactly these bytes, `delay_s` before each piece, then close."""

    async def handle(_: Request, reply: Reply) -> None:
        for piece in pieces:
            await asyncio.sleep(delay_s)
            await reply.send(piece)

    return handle


def hang(before: bytes = b"") -> Handler:
    """Send these bytes and nothing more until the client goes away."""

    async def handle(_: Request, reply: Reply) -> None:
        if before:
            await reply.send(before)
        await asyncio.sleep(3600)

    return handle


def reset(before: bytes = b"") -> Handler:
    """Send these bytes, then break the connection."""

    async def handle(_: Request, reply: Reply) -> None:
        if before:
            await reply.send(before)
            await asyncio.sleep(0.02)
        reply.reset()

    return handle


def drip(data: bytes, every_s: float = 0.05) -> Handler:
    """Send one byte at a time."""
    return raw(*(data[place : place + 1] for place in range(len(data))), delay_s=every_s)


def chunked(pieces: Iterable[bytes], headers: Mapping[str, str] | None = None, *, end: bytes = b"0\r\n\r\n") -> Handler:
    """Answer 200 in chunks; another `end` leaves the answer unfinished."""

    async def handle(_: Request, reply: Reply) -> None:
        stated = {"Content-Type": "application/json", "Transfer-Encoding": "chunked", **(headers or {})}
        await reply.send(_head(200, stated))
        for piece in pieces:
            await reply.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        await reply.send(end)
        reply.keep = end == b"0\r\n\r\n"

    return handle


def endless(piece: bytes = b"1," * 32768, start: bytes = b'{"data":[') -> Handler:
    """Send a body that never ends."""

    def pieces() -> Iterable[bytes]:
        yield start
        while True:
            yield piece

    return chunked(pieces())


def gzipped(body: bytes, *, cut: int = 0) -> Handler:
    """Answer with a compressed body, of which the last `cut` bytes are missing without a word."""
    packed = gzip.compress(body)
    return answer(200, packed[: len(packed) - cut], {"Content-Encoding": "gzip"})


def redirect(location: str, status: int = 302) -> Handler:
    """Lead elsewhere."""
    return answer(status, b"", {"Location": location})


def events(*pieces: bytes | float, end: bytes = b"0\r\n\r\n", headers: Mapping[str, str] | None = None) -> Handler:
    """Answer with a stream of events: bytes are sent as they are, a number is a pause in seconds."""

    async def handle(_: Request, reply: Reply) -> None:
        stated = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", **(headers or {})}
        await reply.send(_head(200, stated))
        for piece in pieces:
            if isinstance(piece, bytes):
                await reply.send(b"%x\r\n%b\r\n" % (len(piece), piece))
            else:
                await asyncio.sleep(piece)
        await reply.send(end)
        reply.keep = end == b"0\r\n\r\n"

    return handle


def event(data: object, line_end: bytes = b"\n") -> bytes:
    """Write one event of a stream; bytes as they are, anything else as JSON."""
    text = data if isinstance(data, bytes) else jsonlib.dumps(data).encode()
    return b"data: " + text + line_end * 2


def delta(**fields: object) -> bytes:
    """Write the event of one piece of a completion."""
    return event({"choices": [{"index": 0, "delta": fields}]})


def chat(
    tokens: int = 8, *, first_s: float = 0.0, every_s: float = 0.0, usage: bool = True, reasoning: int = 0
) -> Handler:
    """Stream a completion as an OpenAI-compatible server does, `reasoning` of its tokens before the answer."""
    pieces: list[bytes | float] = [delta(role="assistant", content=""), first_s]
    for number in range(tokens):
        pieces.append(delta(reasoning_content="hm ") if number < reasoning else delta(content="tok "))
        pieces.append(every_s)
    pieces.append(event({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}))
    if usage:
        stated = {"prompt_tokens": 8, "completion_tokens": tokens, "total_tokens": 8 + tokens}
        pieces.append(event({"choices": [], "usage": stated}))
    return events(*pieces, event(b"[DONE]"))


# ------------------------------------------------------------------------------------------- servers


@dataclass
class Loopback:
    """A scripted server in the running loop."""

    url: str = ""
    """`http://127.0.0.1:PORT`, without a trailing slash."""
    requests: list[Request] = field(default_factory=list)
    """Everything that was asked, in order."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first request has come."""
    connections: int = 0
    routes: dict[str, Handler] = field(default_factory=dict)
    on_connect: Callable[[Reply], Awaitable[None]] | None = None
    """Where set, it serves the connection instead of reading a request."""
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    async def start(cls, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0) -> "Loopback":
        server = cls()
        await server.open(tls=tls, host=host, port=port)
        return server

    async def open(self, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, host, port, ssl=tls, limit=2**20)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{host}:{port}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=2)

    async def __aenter__(self) -> "Loopback":
        if self._server is None:
            await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --------------------------------------------------------------------------------- scripting

    def route(self, path: str, handler: Handler) -> None:
        """Serve a path with a handler, from now on."""
        self.routes[path] = handler

    def json(
        self,
        path: str,
        payload: object,
        *,
        etag: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        delay_s: float = 0,
    ) -> None:
        """Serve JSON; with an `etag`, also 304 to whoever has it."""
        self.body(path, jsonlib.dumps(payload).encode(), etag=etag, status=status, headers=headers, delay_s=delay_s)

    def body(
        self,
        path: str,
        body: bytes,
        *,
        etag: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        delay_s: float = 0,
    ) -> None:
        """Serve bytes as they are; with an `etag`, also 304 to whoever has it."""
        stated = {**(headers or {}), **({"ETag": etag} if etag else {})}
        full = answer(status, body, stated, delay_s=delay_s)

        async def handle(request: Request, reply: Reply) -> None:
            known = etag is not None and request.headers.get("if-none-match") == etag
            await (answer(304, headers=stated) if known else full)(request, reply)

        self.route(path, handle)

    def count(self, path: str | None = None, method: str | None = None) -> int:
        """Count the requests of a path (without query) and a method."""
        return sum(1 for asked in self.requests if path in {None, asked.route} and method in {None, asked.method})

    def saw(self, text: str) -> bool:
        """Tell whether any request had this text anywhere."""
        return any(text.encode() in asked.raw + asked.body for asked in self.requests)

    # --------------------------------------------------------------------------------- serving

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        self.connections += 1
        reply = Reply(writer)
        try:
            if self.on_connect is not None:
                await self.on_connect(reply)
                return
            await self._converse(reader, reply)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    async def _converse(self, reader: asyncio.StreamReader, reply: Reply) -> None:
        while (request := await _read(reader)) is not None:
            self.requests.append(request)
            self.asked.set()
            reply.keep = False
            await self._handler(request)(request, reply)
            if not reply.keep:
                return

    def _handler(self, request: Request) -> Handler:
        if request.route in self.routes:
            return self.routes[request.route]
        for path, handler in self.routes.items():
            if path.endswith("*") and request.route.startswith(path[:-1]):
                return handler
        return answer(404, b'{"error":{"message":"no such route"}}')


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body, head)


class ThreadedLoopback(Loopback):
    """The same server in a thread of its own; a context manager without `await`."""

    def __enter__(self) -> "ThreadedLoopback":
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="loopback", daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the loopback server did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Close the server and wait for its thread."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        async def life() -> None:
            self._loop = asyncio.get_running_loop()
            self._stopped = asyncio.Event()
            await self.open()
            ready.set()
            await self._stopped.wait()
            await self.close()

        asyncio.run(life())
