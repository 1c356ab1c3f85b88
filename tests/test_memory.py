"""The cycle collector keeps short and comes back, and values are let go of in pieces."""

import ctypes
import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from modeltui.memory import YOUNG, free, give_back, uncollected
from programs import said


@pytest.fixture(autouse=True)
def usual() -> Iterator[tuple[int, int, int]]:
    """The thresholds that a program begins with."""
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


def test_only_young_values_are_collected_meanwhile(usual: tuple[int, int, int]) -> None:
    passes: list[int] = []

    def note(phase: str, told: dict[str, int]) -> None:
        if phase == "stop":
            passes.append(told["generation"])

    with uncollected():
        gc.callbacks.append(note)
        held = [[number] for number in range(15 * YOUNG)]
        gc.callbacks.remove(note)
    assert len(held) == 15 * YOUNG
    assert set(passes) == {0}
    assert 10 <= len(passes) <= 20
    assert gc.get_threshold() == usual


def test_the_collector_is_as_before_after_an_error(usual: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="bad"), uncollected():
        raise ValueError("bad")
    assert gc.get_threshold() == usual


def test_the_collector_is_as_before_with_the_last_of_several_that_overlap(usual: tuple[int, int, int]) -> None:
    entered, may_leave = threading.Event(), threading.Event()

    def work() -> None:
        with uncollected():
            entered.set()
            may_leave.wait(5)

    with uncollected():
        thread = threading.Thread(target=work)
        thread.start()
        assert entered.wait(5)
    assert gc.get_threshold() != usual
    may_leave.set()
    thread.join(5)
    assert gc.get_threshold() == usual


def test_everything_is_let_go_of() -> None:
    held: list[object] = [object() for _ in range(1_234)]
    free(held)
    assert held == []


def test_what_is_loaded_is_spared_once() -> None:
    code = (
        "import gc\n"
        "from modeltui.memory import keep_what_is_loaded\n"
        "keep_what_is_loaded()\n"
        "first = gc.get_freeze_count()\n"
        "held = [[] for _ in range(1000)]\n"
        "keep_what_is_loaded()\n"
        "print(first > 1000, gc.get_freeze_count() == first)"
    )
    assert said(code) == "True True"


def test_freed_memory_is_given_back_to_the_system() -> None:
    statm = Path("/proc/self/statm")
    if not statm.exists() or not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("only glibc on Linux gives it back in this way")

    def resident_mb() -> float:
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    before = resident_mb()
    freed = [bytearray(2_000) for _ in range(40_000)]  # too large for Python's own pools, too small to be mapped alone
    above = bytearray(2_000)  # what was freed below it stays with the C library
    held = resident_mb() - before
    freed.clear()
    give_back()
    assert resident_mb() - before < held / 2
    assert len(above) == 2_000
