"""`modeltui list --json` from a warm cache, beside a Python that reads and writes the same bytes."""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from figures import Figure, median, ms, program, python, surroundings, times
from fixtures import make

AT_MOST = 3.0
COPY = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"


def run_s(argv: Sequence[str], environ: Mapping[str, str], out: Path) -> float:
    """Run a program with its output in a file; gives the seconds from start to end."""
    with out.open("wb") as stream:
        started = time.perf_counter()
        subprocess.run(argv, env=dict(environ), stdout=stream, stderr=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started


def imported(argv: Sequence[str], environ: Mapping[str, str]) -> set[str]:
    """The top-level modules that a run of the program imports."""
    watched = {**environ, "PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(argv, env=watched, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True, text=True)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def measure(work: Path, rounds: int = 5) -> list[Figure]:
    """Measure in turns at 5,000 offers."""
    home = make(work / "listing-5k", 5_000)
    environ = surroundings(work, home.path)
    listed, copied = home.path / "list.json", home.path / "copy.json"
    ours, bare = program("list", "--json"), python("-c", COPY, str(listed))
    run_s(ours, environ, listed)
    run_s(bare, environ, copied)
    taken = [(run_s(ours, environ, listed), run_s(bare, environ, copied)) for _ in range(rounds)]
    took, floor = (median(column) for column in zip(*taken, strict=True))
    size_mb = os.path.getsize(listed) / 1e6
    heavy = "textual" in imported(ours, environ)
    return [
        Figure(
            f"list --json of 5k offers, {size_mb:.1f} MB, warm cache",
            f"{AT_MOST:g} x reading and writing the bytes",
            ms(took), ms(floor), times(took / floor), kept=took <= AT_MOST * floor,
        ),
        Figure("textual imported by list --json", "no", "yes" if heavy else "no", kept=not heavy),
    ]  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    with tempfile.TemporaryDirectory() as folder:
        for figure in measure(Path(folder), parser.parse_args().rounds):
            print(figure)
