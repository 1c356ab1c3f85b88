"""One refresh of a source at a time, over all processes that share a cache folder.

The system lets go of a lock when its process ends, however it ends, so none is ever left behind.
"""

import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

from modeltui.errors import StoreError
from modeltui.paths import make_private_dir

FOLDER: Final = "locks"
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class SourceLock:
    """The right to ask one source, held by at most one process; where no file can be made, nobody is kept out."""

    def __init__(self, cache_dir: Path, source: str) -> None:
        self._path = cache_dir / FOLDER / f"{sha256(source.encode()).hexdigest()[:16]}.lock"
        self._descriptor: int | None = None

    def is_taken_here(self) -> bool:
        """Take the lock if nobody has it; false while another process does."""
        try:
            make_private_dir(self._path.parent)
            descriptor = os.open(self._path, _FLAGS, 0o600)
        except (OSError, StoreError):
            return True
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)
            _lock(descriptor)
        except (BlockingIOError, PermissionError):
            os.close(descriptor)
            return False
        except OSError:
            os.close(descriptor)
            return True
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let the next one in."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
