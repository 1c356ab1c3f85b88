"""What the screen remembers between runs (columns, sort, favourites, hidden rows): one small file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from modeltui import paths
from modeltui.errors import ModelTuiError

FILE_NAME: Final = "view.json"


def load(state_dir: Path) -> Mapping[str, object]:
    """Read what was remembered; nothing where there is none or it cannot be read."""
    try:
        found = msgspec.json.decode((state_dir / FILE_NAME).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return {}
    return found if isinstance(found, dict) else {}


def save(state_dir: Path, state: Mapping[str, object]) -> bool:
    """Replace what was remembered in one step; false where the folder cannot be written."""
    part = state_dir / f".{FILE_NAME}-{os.getpid()}"
    try:
        paths.make_private_dir(state_dir)
        part.write_bytes(msgspec.json.encode(dict(state)))
        part.replace(state_dir / FILE_NAME)
    except (OSError, ModelTuiError):
        return False
    return True
