"""From a key to the last byte of the frame it causes, beside `fzf` on the same rows in the same minutes.

All programs stand open in terminals of their own and get the same key one after the other; none of them does
anything while another one works. Sorting, paging, moving and chips are the program's alone.
"""

import argparse
import json
import shlex
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from figures import HERE, SIZES, Figure, median, ms, other, program, python, surroundings, times
from fixtures import Home, make
from terminal import CALM_S, QUIET_S, Frame, Terminal, click, place_of

OURS = "modeltui"
WATCHED = str(HERE / "watched.py")
BRIEF_S = 0.03
"""Between two keys to a program that has long been silent."""
LONG_S = 1.0
"""Until all rows of a million are there: after a tenth of a second the screen says that they are still to come."""
WORDS = ("qwen", "deep", "mini", "flas")
"""What is typed, a word a round: one that was typed before is known to programs that remember."""
WARMING = "nova"
ERASE: Final = b"\x7f"
PAGE_DOWN: Final = b"\x1b[6~"
DOWN: Final = b"\x1b[B"
LAST, FIRST = b"\x1b[F", b"\x1b[H"
TYPED_MS: Final = {"5k": 16, "100k": 20, "1M": 45}
SORT_MS: Final = {"5k": (25, 25), "100k": (150, 40)}
CHIP_MS: Final = {"5k": 16, "100k": 40}
MEMORY_MB: Final = {"5k": 60, "100k": 160, "1M": 1_100}
PAGE_MS, DOWN_MS = 22, 12
FZF_AT_MOST = 1.5
MANY = 500_000
"""From so many rows on, `fzf` paints its prompt long before its hits: it is listened to for longer."""
Frames = dict[str, list[Frame]]


def filters(home: Home) -> dict[str, list[str]]:
    """The programs that filter lines, where they are installed."""
    if (fzf := other("fzf")) is None:
        return {}
    lines = shlex.quote(str(home.lines))
    return {
        name: ["sh", "-c", f"{shlex.quote(fzf)} {option} < {lines}"] for name, option in (("fzf -e", "-e"), ("fzf", ""))
    }


def type_in_turns(
    terminals: Mapping[str, Terminal], words: Iterable[str], *, others_quiet_s: float = QUIET_S
) -> dict[str, Frames]:
    """Type each word and erase it again, each key to every program in turn."""
    frames: dict[str, Frames] = {name: {"typed": [], "erased": []} for name in terminals}
    for word in words:
        for deed, keys in (("typed", [letter.encode() for letter in word]), ("erased", [ERASE] * len(word))):
            for key in keys:
                for name, terminal in terminals.items():
                    ours = name == OURS
                    terminal.settle(CALM_S if ours else BRIEF_S)
                    frames[name][deed].append(terminal.press(key, quiet_s=QUIET_S if ours else others_quiet_s))
    return frames


def wait_for_all(terminal: Terminal) -> None:
    """Go to the last row and back: who does that waits until all rows are there; a start begins with the first."""
    terminal.press(LAST, quiet_s=CALM_S)
    terminal.press(FIRST, quiet_s=CALM_S)


def sort_by(terminal: Terminal, titles: tuple[str, ...], quiet_s: float) -> Frames:
    """Click headings that were never sorted by, then the first of them twice more."""
    frames: Frames = {"first": [], "again": []}
    for title in titles:
        frames["first"].append(_click_heading(terminal, title, quiet_s))
    for _ in range(2):
        _click_heading(terminal, titles[0], quiet_s)
        frames["again"].append(_click_heading(terminal, titles[1], quiet_s))
    return frames


def _click_heading(terminal: Terminal, title: str, quiet_s: float) -> Frame:
    terminal.settle()
    heading_row, column = place_of(terminal.screen(), title)
    return terminal.press(click(heading_row, column), quiet_s=quiet_s)


def move(terminal: Terminal, key: bytes, count: int, *, quiet_s: float = QUIET_S) -> list[Frame]:
    """Press one key so many times, each after the frame of the one before."""
    frames = []
    for _ in range(count):
        terminal.settle()
        frames.append(terminal.press(key, quiet_s=quiet_s))
    return frames


def session(home: Home, work: Path, rounds: int) -> tuple[dict[str, Frames], dict[str, float], float]:
    """Run every deed once through; gives the frames of each program, the program's memory in MB, and its start in s."""
    environ = surroundings(work, home.path)
    terminals = {OURS: Terminal(program("--offline"), environ)}
    try:
        ours = terminals[OURS]
        started_s = ours.wait_for(home.first_row)
        ours.settle(1.0)
        memory = {"start": ours.memory_mb()}
        wait_for_all(ours)
        terminals |= {name: Terminal(argv, environ) for name, argv in filters(home).items()}
        for terminal in terminals.values():
            terminal.settle(1.0)
        ours.press(b"/")
        others_quiet_s = QUIET_S if home.offers < MANY else CALM_S
        type_in_turns(terminals, [WARMING], others_quiet_s=others_quiet_s)
        frames = type_in_turns(terminals, WORDS[:rounds], others_quiet_s=others_quiet_s)
        ours.press(b"\x1b", quiet_s=CALM_S)
        own = frames[OURS]
        own["page"] = move(ours, PAGE_DOWN, 5)
        own["down"] = move(ours, DOWN, 8)
        own["chip"] = move(ours, b"1", 4, quiet_s=CALM_S if home.offers < MANY else LONG_S)
        own |= sort_by(ours, ("Context", "Output", "In $/M"), QUIET_S if home.offers < MANY else LONG_S)
        memory["after the keys"] = ours.memory_mb()
    finally:
        for terminal in terminals.values():
            terminal.close()
    return frames, memory, started_s


def measure(work: Path, rounds: int = 2, sizes: Mapping[str, int] = SIZES) -> list[Figure]:
    """Measure each size; one row an offer, so that everybody has the same rows."""
    figures: list[Figure] = []
    for size, count in sizes.items():
        home = make(work / f"keys-{size}", count, by="offer")
        frames, memory, started_s = session(home, work, rounds if count < MANY else 1)
        figures.append(Figure(f"process start to first row, once, {size} offers", "", ms(started_s)))
        if count < MANY:
            figures += by_model(size, count, work)
        if size == "100k":
            figures.append(gap(size, home, work))
        figures += [*_typing(size, frames), *_deeds(size, frames[OURS]), *_memory(size, memory)]
    return figures


def gap(size: str, home: Home, work: Path) -> Figure:
    """Press keys of every kind, and see how long the loop was kept from anything else at most."""
    seen = work / f"gap-{size}.json"
    with Terminal(python(WATCHED, str(seen), "--offline"), surroundings(work, home.path)) as ours:
        ours.wait_for(f"{home.offers:,} offers")  # the order is that of the session before
        for key in (b"/", *(bytes([letter]) for letter in WARMING.encode()), ERASE, ERASE, b"\x1b", b"\x1b", *b"1S1"):
            ours.settle()
            ours.press(key if isinstance(key, bytes) else bytes([key]))
        sort_by(ours, ("Context", "Output"), QUIET_S)
        ours.settle(1.0)
        ours.leave(b"q")
    longest_s = float(json.loads(seen.read_text())["longest_gap_s"])
    return Figure(
        f"longest gap of the event loop, from the first frame through all keys, {size} offers", "", ms(longest_s)
    )


def by_model(size: str, count: int, work: Path) -> list[Figure]:
    """Page and move in the view a start shows, one row a model, whose rows and details hold many offers."""
    home = make(work / f"models-{size}", count)
    with Terminal(program("--offline"), surroundings(work, home.path)) as ours:
        ours.wait_for(home.first_row)
        ours.settle(1.0)
        figures = []
        for what, bound, key in (("page down", PAGE_MS, PAGE_DOWN), ("cursor down with details", DOWN_MS, DOWN)):
            frames = move(ours, key, 8)
            name = f"{what}, rows of models, {size} offers"
            most = max(frame.paints for frame in frames)
            paints = f"{median(frame.paints for frame in frames):.0f} (at most {most})"
            figures.append(_within(name, bound, median(frame.last_s for frame in frames)))
            figures.append(Figure(f"paints, {name}", "1", paints, kept=most == 1))
    return figures


def _typing(size: str, frames: Mapping[str, Frames]) -> list[Figure]:
    figures = []
    for deed in ("typed", "erased"):
        ours = frames[OURS][deed]
        took = median(frame.last_s for frame in ours)
        figures.append(_within(f"key {deed}, {size} offers", TYPED_MS[size], took))
        if "fzf -e" in frames:
            exact, fuzzy = (median(f.last_s for f in frames[name][deed]) for name in ("fzf -e", "fzf"))
            floor = f"{ms(exact)} (fuzzy {ms(fuzzy)})"
            kept = took <= FZF_AT_MOST * exact
            figures.append(
                Figure(
                    f"key {deed}, {size} offers", f"{FZF_AT_MOST} x fzf -e", ms(took), floor, times(took / exact), kept
                )
            )
        else:
            figures.append(Figure(f"key {deed}, {size} offers", f"{FZF_AT_MOST} x fzf -e", ms(took), "not installed"))
    every = [frame for deed in ("typed", "erased") for frame in frames[OURS][deed]]
    paints = median(frame.paints for frame in every)
    most, size_kb = max(frame.paints for frame in every), median(frame.size for frame in every) / 1e3
    figures.append(
        Figure(f"paints a key, {size} offers", "1", f"{paints:.0f} (at most {most}), {size_kb:.1f} kB", kept=most == 1)
    )
    return figures


def _deeds(size: str, frames: Frames) -> list[Figure]:
    def took(deed: str) -> float:
        return median(frame.last_s for frame in frames[deed])

    first, again = SORT_MS.get(size, (None, None))
    return [
        _within(f"sort by a column for the first time, {size} offers", first, took("first")),
        _within(f"sort by it again, {size} offers", again, took("again")),
        _within(f"page down, {size} offers", PAGE_MS, took("page")),
        _within(f"cursor down with details, {size} offers", DOWN_MS, took("down")),
        _within(f"chip toggled, all counts redrawn, {size} offers", CHIP_MS.get(size), took("chip")),
    ]


def _memory(size: str, memory: Mapping[str, float]) -> list[Figure]:
    bound = MEMORY_MB[size]
    return [
        Figure(f"memory {when}, {size} offers", f"{bound} MB", f"{mb:.0f} MB", kept=mb <= bound)
        for when, mb in memory.items()
    ]


def _within(what: str, bound_ms: float | None, took_s: float) -> Figure:
    if bound_ms is None:
        return Figure(what, "", ms(took_s))
    return Figure(
        what, f"{bound_ms} ms", ms(took_s), ratio=times(took_s * 1e3 / bound_ms), kept=took_s * 1e3 <= bound_ms
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--size", choices=tuple(SIZES), action="append")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wanted = {size: SIZES[size] for size in options.size or SIZES}
        for figure in measure(Path(folder), options.rounds, wanted):
            print(figure)
