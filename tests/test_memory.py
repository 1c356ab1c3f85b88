"""The cycle collector stays out of the way and comes back, and values are let go of in pieces."""

import gc
import threading

import pytest

from modeltui.memory import free, uncollected


def test_the_collector_is_off_meanwhile_and_comes_back() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_comes_back_after_an_error() -> None:
    with pytest.raises(ValueError, match="bad"), uncollected():
        raise ValueError("bad")
    assert gc.isenabled()


def test_the_collector_comes_back_with_the_last_of_several_that_overlap() -> None:
    entered, may_leave = threading.Event(), threading.Event()

    def work() -> None:
        with uncollected():
            entered.set()
            may_leave.wait(5)

    with uncollected():
        thread = threading.Thread(target=work)
        thread.start()
        assert entered.wait(5)
    assert not gc.isenabled()
    may_leave.set()
    thread.join(5)
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_everything_is_let_go_of() -> None:
    held: list[object] = [object() for _ in range(1_234)]
    free(held)
    assert held == []
