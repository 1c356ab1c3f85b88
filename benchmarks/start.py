"""From starting the process to the first row on screen, beside a bare Textual app's first paint and VisiData."""

import argparse
import tempfile
from pathlib import Path

from figures import HERE, Figure, median, ms, other, program, python, surroundings, times
from fixtures import Home, make
from terminal import Terminal

BARE_AT_MOST, VISIDATA_AT_MOST = 1.25, 0.85


def contenders(home: Home) -> dict[str, tuple[list[str], str]]:
    """Each program with the text that it is waited for."""
    runs = {
        "python": (python("-c", "print('one line')"), "one line"),
        "bare": (python(str(HERE / "bare.py")), "the first paint"),
        "modeltui": (program("--offline"), home.first_row),
    }
    if visidata := other("vd"):
        runs["visidata"] = (
            [visidata, "--filetype=csv", str(home.csv)],
            home.csv.read_text().split("\n")[1].split(",")[1],
        )
    return runs


def first_texts_s(home: Home, work: Path, rounds: int) -> dict[str, list[float]]:
    """Start every program once a round, in turns; one round before is not counted and warms the caches up."""
    environ = surroundings(work, home.path)
    taken: dict[str, list[float]] = {}
    for turn in range(rounds + 1):
        for name, (argv, text) in contenders(home).items():
            with Terminal(argv, environ) as terminal:
                seconds = terminal.wait_for(text)
            if turn:
                taken.setdefault(name, []).append(seconds)
    return taken


def measure(work: Path, rounds: int = 12) -> list[Figure]:
    """Measure at 5,000 offers; a ratio is the median of those of single rounds, which a slow minute does not turn."""
    taken = first_texts_s(make(work / "start-5k", 5_000), work, rounds)
    figures = []
    for what, bound, most, other_name in (
        ("process start to first row, 5k offers", f"{BARE_AT_MOST} x a bare Textual app", BARE_AT_MOST, "bare"),
        ("the same beside `python -c print`", "", None, "python"),
        ("process start to first row, 5k offers", f"{VISIDATA_AT_MOST} x VisiData", VISIDATA_AT_MOST, "visidata"),
    ):
        ours, floor = taken["modeltui"], taken.get(other_name)
        if floor is None:
            figures.append(Figure(what, bound, ms(median(ours)), "not installed"))
            continue
        ratio = median(one / other for one, other in zip(ours, floor, strict=True))
        kept = None if most is None else ratio <= most
        figures.append(Figure(what, bound, ms(median(ours)), ms(median(floor)), times(ratio), kept=kept))
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    with tempfile.TemporaryDirectory() as folder:
        for figure in measure(Path(folder), parser.parse_args().rounds):
            print(figure)
