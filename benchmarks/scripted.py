"""A server in a process of its own that answers many listings: each as late and as long as it is told to.

    with Server(sources=30, delay_s=0.2, slow_s=2.0) as server: ...

Listings are `/NUMBER/v1/models`, in the form of OpenAI's; with `etags` a listing that is known is answered with 304.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from figures import HERE

RECORD_BYTES = 1_000


class Server:
    """The process; gone when the block ends."""

    def __init__(
        self, *, sources: int, delay_s: float, slow_s: float | None = None, records: int = 1, etags: bool = False
    ) -> None:
        self.sources = sources
        self._argv: Sequence[str] = [
            sys.executable, str(HERE / "scripted.py"), f"--sources={sources}", f"--delay-s={delay_s}",
            f"--slow-s={delay_s if slow_s is None else slow_s}", f"--records={records}",
            *(["--etags"] if etags else []),
        ]  # fmt: skip

    def __enter__(self) -> "Server":
        self._process = subprocess.Popen(self._argv, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self._line()}"
        self._asked = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None, "it is a pipe"  # noqa: S101  # told to readers
        return self._process.stdout.readline().strip()

    def wait_until_asked(self, count: int) -> None:
        """Wait until so many requests have come since the start."""
        while self._asked < count:
            if not self._line():
                raise RuntimeError("the server is gone")
            self._asked += 1


def write_config(home: Path, server: Server, *, ttl_minutes: float = 0) -> Path:
    """Write a config that asks the server's listings and nobody else."""
    home.mkdir(parents=True, exist_ok=True)
    slugs = [f"bench{number:02}" for number in range(server.sources)]
    lines = [f"only = {json.dumps(slugs)}", "[cache]", f"ttl_minutes = {ttl_minutes:g}"]
    for number, slug in enumerate(slugs):
        lines += [f"[providers.{slug}]", 'like = "openai"', f'endpoint = "{server.url}/{number}/v1"']
    path = home / "config.toml"
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)
    return path


def body_of(number: int, records: int) -> bytes:
    """Make a listing of records of about a kilobyte, every one with facts of its own."""
    data = [
        {
            "id": f"org-{place % 40}/listing{number:02}-model{place}-{place % 90 + 1}b-instruct",
            "object": "model",
            "created": 1_690_000_000 + place * 7919 + number,
            "owned_by": f"org-{place % 40}",
            "name": f"Listing{number:02} Model{place} Instruct",
            "context_length": 4096 * (1 + place % 64),
            "max_model_len": 4096 * (1 + place % 64),
            "description": f"model {place} of listing {number} " * (RECORD_BYTES // 40),
        }
        for place in range(records)
    ]
    return json.dumps({"object": "list", "data": data}).encode()


async def _serve(options: argparse.Namespace) -> None:
    bodies = [body_of(number, options.records) for number in range(options.sources)]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                print("asked", flush=True)
                await _reply(head, writer)
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            writer.close()

    async def _reply(head: bytes, writer: asyncio.StreamWriter) -> None:
        number = int(head.split(b" ", 2)[1].split(b"/")[1])
        await asyncio.sleep(options.slow_s if number == options.sources - 1 else options.delay_s)
        etag = b'"%d"' % number
        if options.etags and etag in head:
            writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
        else:
            body = bodies[number]
            tag = b"ETag: " + etag + b"\r\n" if options.etags else b""
            lines = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
            writer.write(lines % (tag, len(body)) + body)
        await writer.drain()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, required=True)
    parser.add_argument("--delay-s", type=float, required=True)
    parser.add_argument("--slow-s", type=float, required=True)
    parser.add_argument("--records", type=int, default=1)
    parser.add_argument("--etags", action="store_true")
    asyncio.run(_serve(parser.parse_args()))
