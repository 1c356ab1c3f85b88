"""Memory given back without a pause: a screen must not wait for a hundred thousand values to be freed.

Catalogs are made of values that refer to no other in a cycle. Counting references frees them, the cycle collector only
walks through them, with every thread standing still meanwhile.
"""

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from modeltui.work import breathe

SLICE: Final = 500
"""Values that are freed in one go; between two goes other threads may work."""
YOUNG: Final = 10_000
"""Values that the collector walks through at once, a millisecond's work."""
_NEVER: Final = 1 << 30

_changing: Final = threading.Lock()
_under_way = 0
_usual = gc.get_threshold()


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the cycle collector short in work that makes many values and none in a cycle, in all threads.

    It walks once through what is new, a little at a time, and forgets what needs no walking; what there was before it
    leaves alone. It is as it was once the last of several such pieces of work has ended.
    """
    global _under_way, _usual  # noqa: PLW0603  # the collector is the process's
    with _changing:
        if not _under_way:
            _usual = gc.get_threshold()
            gc.set_threshold(YOUNG, _NEVER, _NEVER)
        _under_way += 1
    try:
        yield
    finally:
        with _changing:
            _under_way -= 1
            if not _under_way:
                gc.set_threshold(*_usual)


_is_kept = False


def keep_what_is_loaded() -> None:
    """Spare the collector what the program has loaded by now, once: modules and providers stay until the end."""
    global _is_kept  # noqa: PLW0603  # the collector is the process's
    if not _is_kept:
        _is_kept = True
        gc.freeze()


def free(held: list[object]) -> None:
    """Empty a list a few values at a time, where nothing else holds them any more."""
    while held:
        del held[-SLICE:]
        breathe()


def give_back() -> None:
    """Give memory that was freed back to the system, where the C library would keep it; may take milliseconds."""
    if sys.platform != "linux":
        return
    import ctypes  # only here, and never before the first frame

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
    if trim is not None:
        trim(0)
