"""Files of the user's that are written whole or not at all."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from modeltui.errors import OutputError

_PART: Final = ".modeltui-part-"
"""How the name of a file begins while it is being written."""
_LEFT_OVER_S: Final = 3600
"""A part of a file that is older than this was left by a program that was killed."""


class TakenError(OutputError):
    """A file is there already, and nobody said that it may be replaced."""


def write_file(path: Path, body: bytes, *, force: bool = False) -> None:
    """Write bytes to a file that is either the old one or the whole new one; `OutputError` says why not.

    Missing folders are made; a file that is there is replaced with `force` only, else it is a `TakenError`.
    """
    part = path.with_name(f"{_PART}{os.getpid()}-{path.name}"[:200])
    try:
        if path.is_dir():
            raise OutputError(f"{path}: is a folder", hint="name a file")
        if path.exists() and not force:
            raise TakenError(f"{path}: exists already", hint="--force replaces it")
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        with part.open("xb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise OutputError(f"{path}: could not be written: {error.strerror or error}") from error


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{_PART}*"):
        with suppress(OSError):
            if left.is_file() and time.time() - left.stat().st_mtime > _LEFT_OVER_S:
                left.unlink()
