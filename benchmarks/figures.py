"""What a benchmark reports, and the programs it compares with."""

import os
import shutil
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SIZES = {"5k": 5_000, "100k": 100_000, "1M": 1_000_000}


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, beside what it may be and what it was compared with."""

    what: str
    bound: str
    measured: str
    floor: str = ""
    """Of the same run, measured in turns with the figure."""
    ratio: str = ""
    kept: bool | None = None
    """Whether the bound is kept; `None` where nothing binds or nothing could be compared."""


def median(values: Iterable[float]) -> float:
    """The median; `nan` of nothing."""
    known = [value for value in values if value == value]  # noqa: PLR0124  # nan is not itself
    return statistics.median(known) if known else float("nan")


def ms(seconds: float) -> str:
    """Write seconds as milliseconds."""
    return f"{seconds * 1e3:,.1f} ms" if seconds < 0.1 else f"{seconds * 1e3:,.0f} ms"


def times(ratio: float) -> str:
    """Write a ratio."""
    return f"{ratio:.2f} x"


def program(*arguments: str) -> list[str]:
    """The program's command line, by the console script where it stands beside this Python."""
    script = Path(sys.executable).with_name("modeltui")
    return [str(script), *arguments] if script.exists() else [sys.executable, "-m", "modeltui", *arguments]


def python(*arguments: str) -> list[str]:
    """This Python."""
    return [sys.executable, *arguments]


def other(name: str) -> str | None:
    """Find a program to compare with, on the path or beside this Python."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


def surroundings(work: Path, home: Path) -> dict[str, str]:
    """The environment of a measured program: a home and a cache of its own, compiled modules kept in the work folder.

    No key of the user's is in it, so that no program asks anything of the network.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH") if name in os.environ}
    return {
        **kept,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "xdg-cache"),
        "MODELTUI_CACHE_DIR": str(home / "cache"),
        "PYTHONPYCACHEPREFIX": str(work / "compiled"),
    }


def table(figures: Sequence[Figure]) -> str:
    """Write the figures as a Markdown table."""
    signs: Mapping[bool | None, str] = {True: "yes", False: "**no**", None: ""}
    head = ("what", "bound", "measured", "floor", "ratio", "kept")
    rows = [head, *((f.what, f.bound, f.measured, f.floor, f.ratio, signs[f.kept]) for f in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
