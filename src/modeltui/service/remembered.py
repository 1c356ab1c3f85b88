"""What the screen remembers between runs: columns, sort, favourites, hidden rows; and when it was opened last."""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from modeltui import paths
from modeltui.errors import ModelTuiError

FILE_NAME: Final = "view.json"
VISIT_FILE: Final = "visit"
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def load(state_dir: Path) -> Mapping[str, object]:
    """Read what was remembered; nothing where there is none or it cannot be read."""
    try:
        found = msgspec.json.decode((state_dir / FILE_NAME).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return {}
    return found if isinstance(found, dict) else {}


def save(state_dir: Path, state: Mapping[str, object]) -> bool:
    """Replace what was remembered in one step; false where the folder cannot be written."""
    return replace(state_dir / FILE_NAME, msgspec.json.encode(dict(state)))


def begin_visit(state_dir: Path, now: datetime) -> datetime | None:
    """Tell when the screen was opened last, and remember that it is opened now.

    `None` where it never was, or where that cannot be read; a folder that cannot be written costs only this.
    """
    path = state_dir / VISIT_FILE
    before = _visit(path)
    replace(path, now.isoformat().encode())
    return before


def _visit(path: Path) -> datetime | None:
    try:
        found = datetime.fromisoformat(path.read_text("utf-8").strip())
    except (OSError, ValueError):
        return None
    return found if found.tzinfo is not None else None


def replace(path: Path, body: bytes) -> bool:
    """Replace a small file that only this user can read in one step; false where the folder cannot be written.

    It is called while the screen is drawn and does not wait for the disk: a power cut may cost what is newest.
    """
    part = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        paths.make_private_dir(path.parent)
        part.unlink(missing_ok=True)
        descriptor = os.open(part, _FLAGS, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)
            out.write(body)
        part.replace(path)
    except (OSError, ModelTuiError):
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True
