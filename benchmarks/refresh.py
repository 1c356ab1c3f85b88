"""Refreshing: how much longer than the slowest source, how smooth the screen stays, what a second time costs.

The sources are listings of a server in another process. Gaps are those of the screen's own event loop.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from figures import HERE, Figure, median, ms, python, surroundings, times
from scripted import Server, write_config
from terminal import Terminal, plain

SLOW_S, QUICK_S = 2.0, 0.2
SLOWEST_AT_MOST, GAP_MS, SECOND_PERCENT = 1.3, 30, 10
MEGABYTE_RECORDS = 900
CALM_S = 5.0
"""Longer than the screen is ever silent during a refresh; it is read all the while, or it would be the one to wait."""
WATCHED = str(HERE / "watched.py")


def environ_of(work: Path, home: Path, server: Server) -> dict[str, str]:
    """An environment whose config names the server's listings."""
    return surroundings(work, home) | {"MODELTUI_CONFIG": str(write_config(home, server))}


def warm_up(work: Path) -> None:
    """Have every module compiled that a refresh on the screen imports, so that the first round is as the others."""
    imports = "import modeltui.tui.app, modeltui.service.fetch, modeltui.service.refresh, modeltui.service.session"
    subprocess.run(python("-c", imports), env=surroundings(work, work / "warm"), check=True)


def one_slow(work: Path) -> list[Figure]:
    """Refresh thirty sources of which one is slow, on the screen."""
    home = work / "one-slow"
    with Server(sources=30, delay_s=QUICK_S, slow_s=SLOW_S) as server:
        environ = environ_of(work, home, server)
        with Terminal(python(WATCHED, str(home / "seen.json")), environ) as terminal:
            server.wait_until_asked(1)
            asked = time.perf_counter() - terminal.started
            shown_s = all_shown_s(terminal, [f"Listing{n:02}" for n in range(29)]) - asked
            done_s = terminal.wait_for("Listing29", 30) - asked
            terminal.settle()
            terminal.leave(b"q")
    seen = json.loads((home / "seen.json").read_text())
    over = next(at for name, at, _ in seen["told"] if name == "RefreshFinished") - asked - terminal.started
    what = "refresh of 30 sources, 29 in 0.2 s, one in 2 s"
    return [
        Figure(what, f"{SLOWEST_AT_MOST} x the slowest", ms(over), ms(SLOW_S), times(over / SLOW_S),
               kept=over <= SLOWEST_AT_MOST * SLOW_S),
        Figure("the 29 on screen", "before the slow one ends", ms(shown_s), ms(SLOW_S), times(shown_s / SLOW_S),
               kept=shown_s < SLOW_S),
        Figure("the slow one on screen", "", ms(done_s), ms(SLOW_S), times(done_s / SLOW_S)),
    ]  # fmt: skip


def all_shown_s(terminal: Terminal, texts: list[str]) -> float:
    """Wait until every text was painted; gives seconds since the start of the program."""
    end = time.perf_counter() + 30
    while time.perf_counter() < end:
        terminal.read(0.5)
        seen = plain(b"".join(piece for _, piece in terminal.pieces))
        if all(text.encode() in seen for text in texts):
            return terminal.pieces[-1][0]
    raise TimeoutError("not every source came to the screen")


def gaps(work: Path, rounds: int) -> list[Figure]:
    """Refresh fifty sources of a megabyte on the screen; the floor is the same program with fifty of a kilobyte."""
    taken = {records: [_gap_s(work, records, turn) for turn in range(rounds)] for records in (MEGABYTE_RECORDS, 1)}
    took, floor = median(taken[MEGABYTE_RECORDS]), median(taken[1])
    what = "longest gap of the event loop, 50 sources of 1 MB"
    return [
        Figure(what, f"{GAP_MS} ms", ms(took), f"{ms(floor)} with 1 kB each", times(took / floor), took * 1e3 <= GAP_MS)
    ]


def _gap_s(work: Path, records: int, turn: int) -> float:
    home = work / f"gap-{records}-{turn}"
    with Server(sources=50, delay_s=0.05, records=records) as server:
        environ = environ_of(work, home, server)
        with Terminal(python(WATCHED, str(home / "seen.json")), environ) as terminal:
            terminal.settle(CALM_S, 120)
            terminal.leave(b"q")
    seen = json.loads((home / "seen.json").read_text())
    if not any(name == "RefreshFinished" for name, _, _ in seen["told"]):
        raise TimeoutError("the refresh was not over when the screen fell silent")
    return float(seen["longest_gap_s"])


def second_time(work: Path) -> list[Figure]:
    """Refresh twice in one process, with 304 and with the same bytes again."""
    figures = []
    for way, etags in (("304", True), ("the same bytes", False)):
        home = work / f"second-{etags}"
        with Server(sources=50, delay_s=0.05, records=MEGABYTE_RECORDS, etags=etags) as server:
            first, second = (turn["cpu_s"] for turn in bare(environ_of(work, home, server), home, 2)["turns"])
        percent = 100 * second / first
        what = f"CPU of a second refresh, nothing changed ({way})"
        figures.append(
            Figure(
                what,
                f"{SECOND_PERCENT} % of the first",
                ms(second),
                ms(first),
                f"{percent:.0f} %",
                percent < SECOND_PERCENT,
            )
        )
    return figures


def bare(environ: Mapping[str, str], home: Path, turns: int) -> dict[str, Any]:
    """Refresh without a screen in a process of its own; gives what it wrote down."""
    out = home / "seen.json"
    subprocess.run(python(WATCHED, str(out), "--bare", str(turns)), env=dict(environ), check=True)
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def measure(work: Path, rounds: int = 2) -> list[Figure]:
    """Measure everything about refreshing."""
    warm_up(work)
    return [*one_slow(work), *gaps(work, rounds), *second_time(work)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    with tempfile.TemporaryDirectory() as folder:
        for figure in measure(Path(folder), parser.parse_args().rounds):
            print(figure)
