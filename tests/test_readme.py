"""The README's tables say what the program does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_tables_of_keys_and_commands_are_fresh() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "readme_tables.py"), "--check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # the project's own script
    assert done.returncode == 0, f"run scripts/readme_tables.py {done.stderr}"


def test_every_picture_of_the_readme_is_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    pictures = [part.partition(")")[0] for part in text.split("](screenshots/")[1:]]
    assert pictures
    assert all((ROOT / "screenshots" / name).is_file() for name in pictures)
