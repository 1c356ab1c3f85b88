"""Where the time goes until the program's first frame: what each imported module takes by itself, sorted.

The program runs in a terminal over a warm cache of 5,000 offers, with `-X importtime`, until its first row stands.
"""

import argparse
import re
import tempfile
from collections import defaultdict
from pathlib import Path

from figures import python, surroundings
from fixtures import make
from terminal import Terminal

_LINE = re.compile(rb"import time:\s+(\d+) \|\s+(\d+) \|( +)([\w.]+)")
RUN = "import sys; sys.argv[1:] = ['--offline']; from modeltui.__main__ import main; sys.exit(main())"


def imports_of(work: Path) -> list[tuple[str, float, float]]:
    """The modules imported before the first row, each with its own and its whole milliseconds."""
    home = make(work / "imports", 5_000)
    environ = surroundings(work, home.path)
    for argv in (python("-c", RUN), python("-X", "importtime", "-c", RUN)):
        with Terminal(argv, environ) as terminal:
            terminal.wait_for(home.first_row)
            painted = b"".join(piece for _, piece in terminal.pieces)
    return [(name.decode(), int(own) / 1e3, int(whole) / 1e3) for own, whole, _, name in _LINE.findall(painted)]


def main() -> None:
    """Print the dearest modules and the sums of each package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--top", type=int, default=40)
    top = parser.parse_args().top
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = imports_of(Path(folder))
    print(f"{len(found)} modules, {sum(own for _, own, _ in found):.0f} ms\n\n{'own ms':>8} {'whole ms':>9}  module")
    for name, own, whole in sorted(found, key=lambda each: -each[1])[:top]:
        print(f"{own:8.2f} {whole:9.2f}  {name}")
    sums: dict[str, float] = defaultdict(float)
    for name, own, _ in found:
        words = name.split(".")
        sums[".".join(words[:2]) if words[0] == "modeltui" else words[0]] += own
    print(f"\n{'own ms':>8}  package")
    for name, own in sorted(sums.items(), key=lambda each: -each[1])[:top]:
        print(f"{own:8.2f}  {name}")


if __name__ == "__main__":
    main()
