#!/usr/bin/env python3
"""Write the README's tables of keys and commands from their declarations; `--check` says whether they are stale."""

import re
import sys
from pathlib import Path

from modeltui.cli.parser import COMMANDS
from modeltui.tui.keys import markdown_table

README = Path(__file__).parents[1] / "README.md"


def commands() -> str:
    """Make a table of the commands."""
    rows = [f"| `{command.name}` | {cell(command.help)} |" for command in COMMANDS]
    return "\n".join(["| command | does |", "| --- | --- |", *rows])


def cell(text: str) -> str:
    """Make text safe for a cell of a table."""
    return text.replace("|", "\\|")


def filled(text: str) -> str:
    """Put the tables between their marks."""
    for name, table in (("keys", markdown_table()), ("commands", commands())):
        pattern = re.compile(rf"(<!-- {name}: [^>]*-->).*?(<!-- /{name} -->)", re.DOTALL)
        text = pattern.sub(lambda found, table=table: f"{found.group(1)}\n\n{table}\n\n{found.group(2)}", text)
    return text


def main() -> int:
    """Write the README, or check it."""
    text = README.read_text("utf-8")
    fresh = filled(text)
    if "--check" in sys.argv:
        return int(fresh != text)
    README.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
