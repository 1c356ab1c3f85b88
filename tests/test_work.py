"""Long work steps aside between its pieces, and ends where nobody wants it any more."""

import threading
from collections.abc import Callable, Iterator
from itertools import chain

import pytest

from modeltui import work
from modeltui.work import BREATH_S, GivenUpError, breathe, breathing, pieces, until


@pytest.fixture
def breaths(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each breath was, in seconds."""
    taken: list[float] = []
    monkeypatch.setattr("modeltui.work.time.sleep", taken.append)
    return taken


def in_thread(deed: Callable[[], object]) -> None:
    thread = threading.Thread(target=deed)
    thread.start()
    thread.join(5)


def test_long_work_breathes_in_a_thread_only(breaths: list[float]) -> None:
    assert list(breathing(range(7), 3)) == list(range(7))
    assert breaths == []
    in_thread(lambda: list(breathing(range(7), 3)))
    assert breaths == [BREATH_S, BREATH_S]


@pytest.mark.parametrize("count", [0, 1, 4, 5, 11])
def test_pieces_give_every_value_once_and_in_order(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(work, "PIECE", 4)
    values = list(range(count))
    assert list(chain.from_iterable(pieces(values))) == values
    assert [list(piece) for piece in pieces(values)] == [values[at : at + 4] for at in range(0, count, 4) or [0]]


def test_there_is_a_breath_after_each_of_several_pieces(monkeypatch: pytest.MonkeyPatch, breaths: list[float]) -> None:
    monkeypatch.setattr(work, "PIECE", 4)
    in_thread(lambda: [list(piece) for piece in pieces(range(4))])
    assert breaths == []
    in_thread(lambda: [list(piece) for piece in pieces(range(9))])
    assert breaths == [BREATH_S] * 3


def test_what_is_given_up_ends_at_its_next_breath() -> None:
    given_up, done = threading.Event(), []

    def long() -> None:
        for number in range(5):
            done.append(number)
            if number == 2:
                given_up.set()
            breathe()

    with pytest.raises(GivenUpError):
        until(given_up, long)
    assert done == [0, 1, 2]
    with pytest.raises(GivenUpError):
        until(given_up, long)
    assert done == [0, 1, 2], "it is not begun any more"


def test_what_somebody_waits_for_does_not_sleep(breaths: list[float]) -> None:
    in_thread(lambda: until(threading.Event(), lambda: list(breathing(range(4), 2))))
    assert breaths == [0, 0, 0]


def test_other_work_in_the_same_thread_is_not_given_up() -> None:
    def fails() -> Iterator[int]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        until(threading.Event(), fails)
    given_up = threading.Event()
    until(given_up, lambda: None)
    given_up.set()
    breathe()
