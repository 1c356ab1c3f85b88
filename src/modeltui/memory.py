"""Memory given back without a pause: a screen must not wait for a hundred thousand values to be freed.

Catalogs are made of values that refer to no other in a cycle. Counting references frees them, the cycle collector only
walks through them, with every thread standing still meanwhile.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SLICE: Final = 500
"""Values that are freed in one go; between two goes other threads may work."""

_changing: Final = threading.Lock()
_under_way = 0
_collects = False


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the cycle collector out of work that makes many values and none in a cycle, in all threads.

    The collector is as it was once the last of several such pieces of work has ended. It then walks once through what
    is left of them, where it would have walked through everything again and again.
    """
    global _under_way, _collects  # noqa: PLW0603  # the collector is the process's
    with _changing:
        if not _under_way:
            _collects = gc.isenabled()
            gc.disable()
        _under_way += 1
    try:
        yield
    finally:
        with _changing:
            _under_way -= 1
            if not _under_way and _collects:
                gc.enable()


def free(held: list[object]) -> None:
    """Empty a list a few values at a time, where nothing else holds them any more."""
    while held:
        del held[-SLICE:]
