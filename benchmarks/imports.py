"""Where the time goes until the program's first frame: what each imported module takes by itself, sorted.

The program runs in a terminal over a warm cache of 5,000 offers, with `-X importtime`, until its first row stands.
"""

import argparse
import re
import tempfile
from collections import defaultdict
from pathlib import Path

from figures import HERE, python, surroundings
from fixtures import make
from terminal import Terminal

_LINE = re.compile(rb"import time:\s+(\d+) \|\s+(\d+) \|( +)([\w.]+)")
RUN = "import sys; sys.argv[1:] = ['--offline']; from modeltui.__main__ import main; sys.exit(main())"


Imported = list[tuple[str, float, float]]


def imports_of(argv: list[str], text: str, environ: dict[str, str]) -> Imported:
    """The modules imported before a text stands on the screen, each with its own and its whole milliseconds."""
    for options in ([], ["-X", "importtime"]):
        with Terminal(python(*options, *argv), environ) as terminal:
            terminal.wait_for(text)
            painted = b"".join(piece for _, piece in terminal.pieces)
    return [(name.decode(), int(own) / 1e3, int(whole) / 1e3) for own, whole, _, name in _LINE.findall(painted)]


def show(title: str, found: Imported, top: int) -> None:
    """Print the dearest modules and packages."""
    print(f"\n{title}: {len(found)} modules, {sum(own for _, own, _ in found):.0f} ms")
    print(f"{'own ms':>8} {'whole ms':>9}  module")
    for name, own, whole in sorted(found, key=lambda each: -each[1])[:top]:
        print(f"{own:8.2f} {whole:9.2f}  {name}")
    sums: dict[str, float] = defaultdict(float)
    for name, own, _ in found:
        words = name.split(".")
        sums[".".join(words[:2]) if words[0] == "modeltui" else words[0]] += own
    print(f"{'own ms':>8}  package")
    for name, own in sorted(sums.items(), key=lambda each: -each[1])[: top // 2]:
        print(f"{own:8.2f}  {name}")


def main() -> None:
    """Print what the program imports, and what of it a bare Textual app does not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--top", type=int, default=40)
    top = parser.parse_args().top
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        work = Path(folder)
        home = make(work / "imports", 5_000)
        environ = surroundings(work, home.path)
        ours = imports_of(["-c", RUN], home.first_row, environ)
        floor = {name for name, _, _ in imports_of([str(HERE / "bare.py")], "the first paint", environ)}
    show("until the first row", ours, top)
    show("of these not in a bare Textual app", [each for each in ours if each[0] not in floor], top)


if __name__ == "__main__":
    main()
