"""Long work in pieces: between two of them the screen goes first, and a newer wish puts an end to it.

Python runs one thread at a time, and a single call on a million values keeps all others waiting: what may be long is
done a piece at a time, in threads and elsewhere alike.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

PIECE: Final = 16_384
"""Values that are looked at in one go, one or two milliseconds' work."""
BREATH_S: Final = 0.001
T = TypeVar("T")


class GivenUpError(Exception):
    """Nobody waits any more for what was being worked out."""


class _OfThread(threading.local):
    given_up: threading.Event | None = None
    """Set once what this thread does for a key press is not wanted any more; `None` for all other work."""


_own: Final = _OfThread()


def until(given_up: threading.Event, work: Callable[[], T]) -> T:
    """Do work that somebody waits for; `GivenUpError` at its next breath once `given_up` is set."""
    _own.given_up = given_up
    try:
        breathe()
        return work()
    finally:
        _own.given_up = None


def breathe() -> None:
    """Pause between two pieces of long work in a thread, so that the screen goes first; the main thread goes on.

    Work that a key press waits for only steps aside, and is given up here where it is not wanted any more.
    """
    if (given_up := _own.given_up) is not None:
        if given_up.is_set():
            raise GivenUpError
        time.sleep(0)
    elif threading.current_thread() is not threading.main_thread():
        time.sleep(BREATH_S)


def breathing(values: Iterable[T], every: int) -> Iterator[T]:
    """Give values one by one, with a breath after so many."""
    for number, value in enumerate(values, 1):
        yield value
        if not number % every:
            breathe()


def pieces(values: Collection[T]) -> Iterator[Iterable[T]]:
    """Give values a piece at a time, with a breath after each; few of them at once, as they are."""
    if len(values) <= PIECE:
        yield values
        return
    rest = iter(values)
    for _ in range(0, len(values), PIECE):
        yield islice(rest, PIECE)
        breathe()
