"""The cache's file on disk: made private, never reached through a link, moved out of the way where it is unusable."""

import contextlib
import os
import stat
from datetime import datetime
from pathlib import Path

from modeltui.errors import StoreError

COMPANIONS = ("-journal", "-wal", "-shm")
"""What SQLite may put beside a database, named after it."""


def create_private_file(path: Path) -> None:
    """Create an empty file that only this user can read; `FileExistsError` where anything has that name, a link too."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def is_regular(path: Path) -> bool:
    """Tell whether a plain file stands there; raises `StoreError` for a link or another user's file."""
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise StoreError(f"{path} is a link, which is not followed", hint="Remove it, or choose another --cache-dir.")
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise StoreError(f"{path} belongs to somebody else", hint="Remove it, or choose another --cache-dir.")
    return stat.S_ISREG(found.st_mode)


def refuse_linked_companions(path: Path) -> None:
    """Raise `StoreError` where a file that SQLite would write beside the database is a link."""
    for ending in COMPANIONS:
        beside = path.with_name(path.name + ending)
        if beside.is_symlink():
            raise StoreError(f"{beside} is a link, which is not followed", hint="Remove it.")


def close_to_others(path: Path) -> None:
    """Take away what others may do with a file of ours."""
    if stat.S_IMODE(path.lstat().st_mode) & 0o077:
        path.chmod(0o600)


def is_writable(path: Path) -> bool:
    """Tell whether the file, if it is there, and its folder can be written."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def identity(path: Path) -> tuple[int, int] | None:
    """Tell which file has this name now; `None` where none has."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def set_aside(path: Path, now: datetime) -> Path:
    """Rename an unusable file to `NAME.bad-STAMP`, keep only that one, and tell its new path.

    A journal left beside the name would be applied to the next database there, so it goes as well.
    """
    older = set_aside_files(path)
    target = path.with_name(f"{path.name}.bad-{now:%Y%m%dT%H%M%S%fZ}")
    path.rename(target)
    for ending in COMPANIONS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
    for file in older:
        remove(file)
    return target


def set_aside_files(path: Path) -> list[Path]:
    """List what was set aside earlier."""
    return sorted(path.parent.glob(f"{path.name}.bad-*"))


def remove(path: Path) -> int:
    """Delete a file, or a folder if it is empty, and tell how many bytes that frees."""
    size = path.lstat().st_size
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
            return 0
        path.unlink()
        return size
    return 0
