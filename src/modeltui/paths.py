"""Where the program's files live; the only user of platformdirs.

`MODELTUI_CONFIG`, `MODELTUI_CACHE_DIR` and `MODELTUI_STATE_DIR` win over the platform's own places.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from modeltui.errors import StoreError

APP = "modeltui"


STORE_FILE = "cache.db"
"""Name of the store in the cache folder."""


def config_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Tell the path of the config file, which need not exist."""
    return _named(environ, "MODELTUI_CONFIG") or platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def cache_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Tell the folder of the cache, which need not exist."""
    return _named(environ, "MODELTUI_CACHE_DIR") or platformdirs.user_cache_path(APP, appauthor=False)


def state_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Tell the folder of what the screen remembers between starts, which need not exist."""
    return _named(environ, "MODELTUI_STATE_DIR") or platformdirs.user_state_path(APP, appauthor=False)


def make_private_dir(path: Path) -> None:
    """Create a folder, and its missing parents, that only this user can open, or check one that is there.

    A folder that holds other files keeps its mode, for it may be one the user lives in; an empty one is closed.
    Raises `StoreError` for a link, another user's folder, one that others can write to, or one that cannot be made.
    """
    try:
        _create_missing(path)
        found = path.lstat()
        if not any(path.iterdir()) and _is_own_folder(found):
            path.chmod(0o700)
            found = path.lstat()
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}", hint="Choose another folder with --cache-dir.") from error
    if not _is_own_folder(found):
        raise StoreError(
            f"{path} is a link, no folder, or belongs to somebody else",
            hint="Name a folder of your own with --cache-dir or MODELTUI_CACHE_DIR.",
        )
    if os.name == "posix" and found.st_mode & 0o022:
        raise StoreError(f"{path} can be written by other users", hint=f"Run: chmod go-w '{path}'")


def _named(environ: Mapping[str, str], variable: str) -> Path | None:
    text = environ.get(variable, "")
    return Path(text).expanduser() if text else None


def _create_missing(path: Path) -> None:
    missing = [folder for folder in (path, *path.parents) if not os.path.lexists(folder)]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)


def _is_own_folder(found: os.stat_result) -> bool:
    return stat.S_ISDIR(found.st_mode) and (not hasattr(os, "geteuid") or found.st_uid == os.geteuid())
