"""What the program costs while nobody touches it, and how long it takes to leave, also with requests in flight."""

import argparse
import tempfile
import time
from pathlib import Path

from figures import HERE, Figure, median, ms, program, python, surroundings, times
from fixtures import Home, make
from scripted import Server, write_config
from terminal import Terminal

IDLE_PERCENT, QUIT_MS = 0.3, 60
WATCHED_S = 6.0


def idle(home: Home, work: Path) -> list[Figure]:
    """Watch the program and a bare Textual app side by side, doing nothing."""
    environ = surroundings(work, home.path)
    with Terminal(program("--offline"), environ) as ours, Terminal(python(str(HERE / "bare.py")), environ) as bare:
        ours.wait_for(home.first_row)
        for terminal in (ours, bare):
            terminal.settle(1.5)
        memory = ours.memory_mb()
        floor_mb = bare.memory_mb()
        before = ours.cpu_s(), bare.cpu_s()
        size, end = 0, time.perf_counter() + WATCHED_S
        while (left := end - time.perf_counter()) > 0:
            size += len(ours.read(left))
        percent, floor = ((t.cpu_s() - spent) / WATCHED_S * 100 for t, spent in zip((ours, bare), before, strict=True))
        bare.settle()
    return [
        Figure("idle, of a core", f"{IDLE_PERCENT} %", f"{percent:.2f} %", f"{floor:.2f} %",
               kept=percent <= IDLE_PERCENT),
        Figure(f"idle, bytes in {WATCHED_S:g} s", "0", f"{size}", kept=size == 0),
        Figure("memory, view by models, 5k offers", "60 MB", f"{memory:.0f} MB", f"{floor_mb:.0f} MB",
               times(memory / floor_mb), kept=memory <= 60),
    ]  # fmt: skip


def quit_s(home: Home, work: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Leave the program and a bare Textual app in turns."""
    environ = surroundings(work, home.path)
    ours, bare = [], []
    for _ in range(rounds):
        with Terminal(program("--offline"), environ) as terminal:
            terminal.wait_for(home.first_row)
            terminal.settle(0.6)
            ours.append(terminal.leave(b"q"))
        with Terminal(python(str(HERE / "bare.py")), environ) as terminal:
            terminal.wait_for("the first paint")
            terminal.settle(0.6)
            bare.append(terminal.leave(b"\x11"))
    return ours, bare


def quit_in_flight_s(work: Path, rounds: int) -> list[float]:
    """Leave while ten sources have been asked and none has answered."""
    taken = []
    with Server(sources=10, delay_s=60.0) as server:
        for turn in range(rounds):
            home = work / f"in-flight-{turn}"
            environ = surroundings(work, home) | {"MODELTUI_CONFIG": str(write_config(home, server))}
            with Terminal(program("--no-snapshot"), environ) as terminal:
                server.wait_until_asked(10 * (turn + 1))
                terminal.settle(0.6)
                taken.append(terminal.leave(b"q"))
    return taken


def measure(work: Path, rounds: int = 3) -> list[Figure]:
    """Measure at 5,000 offers, and over a server that never answers."""
    home = make(work / "idle-5k", 5_000)
    ours, bare = (median(seconds) for seconds in quit_s(home, work, rounds))
    asked = median(quit_in_flight_s(work, rounds))
    bound = f"{QUIT_MS} ms"
    return [
        *idle(home, work),
        Figure("quit", bound, ms(ours), ms(bare), times(ours / bare), kept=ours * 1e3 <= QUIT_MS),
        Figure(
            "quit with ten requests in flight",
            bound,
            ms(asked),
            ms(bare),
            times(asked / bare),
            kept=asked * 1e3 <= QUIT_MS,
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    with tempfile.TemporaryDirectory() as folder:
        for figure in measure(Path(folder), parser.parse_args().rounds):
            print(figure)
