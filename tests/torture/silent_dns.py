"""A world of its own in which the name server never answers: run under `unshare -rmn`, it tells what it saw as JSON."""

import asyncio
import ctypes
import fcntl
import json
import os
import socket
import struct
import sys
import time
from pathlib import Path

from loopback import ThreadedLoopback
from modeltui.config import load
from modeltui.service.events import FetchFinished
from modeltui.service.session import Session
from torture.places import config, environment, listing
from torture.terminal import Program, quit_by_key

HUNG, GOOD = 10, 20
_SIOCSIFFLAGS, _IFF_UP, _MS_BIND = 0x8914, 1, 4096


def begin(folder: Path) -> socket.socket:
    """Bring loopback up, and name a server on it that listens and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(os.fsencode(folder / "resolv.conf"), b"/etc/resolv.conf", None, _MS_BIND, None):
        raise OSError(ctypes.get_errno(), "mount")
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 53))
    return silent


async def ask(session: Session) -> dict[str, tuple[float, str]]:
    """Refresh once; gives seconds and outcome of every provider."""
    found: dict[str, tuple[float, str]] = {}
    started = time.monotonic()
    async for event in session.refresh(force=True):
        if isinstance(event, FetchFinished):
            name = event.source.partition("/")[0]
            found[name] = (time.monotonic() - started, event.message or event.outcome)
            if all(f"good{number}" in found for number in range(GOOD)) and len(found) == GOOD + HUNG:
                break
    return found


def main(folder: Path) -> None:
    """Refresh beside ten names that hang, then open the screen, refresh and leave it."""
    silent = begin(folder)
    with ThreadedLoopback() as server:
        ends = {f"hung{number}": f"https://hung{number}.example" for number in range(HUNG)}
        port = server.url.rpartition(":")[2]
        for number in range(GOOD):
            server.json(f"/good{number}/models", listing(f"good{number}", 20))
            ends[f"good{number}"] = f"http://localhost:{port}/good{number}"
        (folder / "config.toml").write_text(config(ends))
        environ = environment(folder, ends)
        session = Session(load(folder / "config.toml"), cache_dir=folder / "cache", state_dir=folder, environ=environ)
        found = asyncio.run(ask(session))
        with Program("--no-snapshot", environ=environ) as program:
            is_open = program.until("models ·")
            program.press("r")
            time.sleep(1)
            code, quit_s = quit_by_key(program)
    silent.close()
    seen = "" if is_open else program.screen.text + program.written[-500:].decode("utf-8", "replace")
    print(json.dumps({"found": found, "open": is_open, "code": code, "quit_s": quit_s, "seen": seen}))  # noqa: T201  # its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
