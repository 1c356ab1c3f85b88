"""Measure everything, print one table and write docs/performance.md; under five minutes."""

import argparse
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import idle
import keys
import listing
import reading
import refresh
import start
from figures import HERE, Figure, other, table

import merge

PAGE = HERE.parent / "docs" / "performance.md"
INTRODUCTION = """\
# Performance

Made by `make bench`; do not edit.

{machine}; {date}, load average {load:.1f} when it began.

Every figure is a median of its run, through a real terminal of {size} where a screen is involved: from the key or the
start of the process to the last byte of the frame. The floor is something simpler that was measured in turns with it,
so that both met the same machine in the same minutes; ratios say more than milliseconds, which move by a fifth from
run to run and by more where the machine does other work. The rows are real listings, repeated with other names; for
100k and 1M offers only the files for the start are made, from offers that the program built.

"""


def machine() -> str:
    """Name the machine, the interpreter and what is compared with."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    programs = [f"Python {platform.python_version()}", f"textual {version('textual')}"]
    programs += [_version_of(name) for name in ("fzf", "vd")]
    return f"{os.cpu_count()} cores of {cpu}, {platform.system()}; {', '.join(programs)}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _version_of(name: str) -> str:
    found = other(name)
    if found is None:
        return f"{name} not installed"
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return f"{name} {(done.stdout or done.stderr).split(chr(10))[0].removeprefix('saul.pw/').removeprefix('VisiData ')}"


def parts(work: Path) -> Mapping[str, Callable[[], list[Figure]]]:
    """Everything that is measured, by the name of its file."""
    return {
        "start": lambda: start.measure(work),
        "keys": lambda: keys.measure(work),
        "listing": lambda: listing.measure(work),
        "idle": lambda: idle.measure(work),
        "refresh": lambda: refresh.measure(work),
        "reading": reading.figures,
        "merge": merge.measure,
    }


def page(figures: Sequence[Figure], load: float) -> str:
    """Write the page; `load` is the load average before anything was measured."""
    head = INTRODUCTION.format(machine=machine(), date=f"{datetime.now(UTC):%Y-%m-%d}", size="200x50", load=load)
    return head + table(figures) + "\n"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="one part; nothing is written then")
    only = parser.parse_args().only
    figures: list[Figure] = []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for name, measure in parts(Path(folder)).items():
            if only and name not in only:
                continue
            started = time.perf_counter()
            figures += measure()
            print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)
    print(table(figures))
    if not only:
        PAGE.write_text(page(figures, load), encoding="utf-8")
        print(f"wrote {PAGE.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
