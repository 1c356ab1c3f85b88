"""Derived files with a check sum before the rest: replaced in one step, and read only where no bit has changed."""

import os
import stat
from binascii import crc32
from pathlib import Path
from typing import Final

SEAL: Final = 4
"""Bytes of the check sum."""
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def write(path: Path, body: bytes) -> bool:
    """Replace the file in one step; false where it cannot be written, which costs only time."""
    part = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(_seal(body) + body)
        part.replace(path)
    except OSError:
        return False
    return True


def read(path: Path) -> memoryview:
    """Read what was written; `ValueError` where a bit of it has changed since, or where no plain file stands there."""
    whole = _bytes(path)
    seal, body = whole[:SEAL], memoryview(whole)[SEAL:]
    if _seal(body) != seal:
        raise ValueError(f"{path.name} is damaged")
    return body


def beginning(path: Path, size: int) -> bytes:
    """Read the first bytes of what was written, which are not checked."""
    return _bytes(path, SEAL + size)[SEAL:]


def _bytes(path: Path, size: int = -1) -> bytes:
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb") as source:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise ValueError(f"{path.name} is no plain file")
        return source.read(size)


def _seal(body: bytes | memoryview) -> bytes:
    return crc32(body).to_bytes(SEAL, "big")
