"""Programs in a Python of their own: what a module does to a whole process cannot be seen in the one of the tests."""

import os
import subprocess
import sys
from collections.abc import Mapping


def said(code: str, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
    """Run a program; gives what it printed, without the last line's end. `environ` comes on top of this process's."""
    done = subprocess.run(  # noqa: S603  # this Python, and a program written in a test
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **(environ or {})},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
