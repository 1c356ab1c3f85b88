"""Writing for people and scripts: foreign text is cleaned, keys are taken out, streams may be closed or full."""

import re
import sys
from pathlib import Path
from typing import Final, TextIO

from modeltui.errors import ModelTuiError, OutputError
from modeltui.files import write_file
from modeltui.format import clean
from modeltui.secret import Redactor

__all__ = ("PIPE_CLOSED", "Output", "write_file")

_UNUSUAL: Final = r"[^\x20-\x7e\t\r\n]"
"""Characters that may act on a terminal, or that not every stream can write."""
PIPE_CLOSED = 141
"""Exit status of a program whose reader went away, as shells give it."""


class Output:
    """Where a command writes: data to stdout, everything else to stderr."""

    def __init__(self, redactor: Redactor, *, verbose: int = 0) -> None:
        self.redactor = redactor
        self.verbose = verbose
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")

    def data(self, text: str) -> None:
        """Write data as it is; only keys are taken out.

        In JSON, characters that act on a terminal or that stdout cannot write become escapes, which mean the same.
        """
        text = self.redactor.redact(text)
        _write(sys.stdout, (_escaped(text, sys.stdout) if text[:1] in {"[", "{"} else text) + "\n")

    def lines(self, text: str) -> None:
        """Write text for a person to stdout: no escape sequence of foreign origin survives."""
        cleaned = "\n".join(clean(line, limit=100_000) for line in text.split("\n"))
        _write(sys.stdout, self.redactor.redact(cleaned) + "\n")

    def say(self, line: str) -> None:
        """Write one line for a person to stderr."""
        _write(sys.stderr, clean(self.redactor.redact(line)) + "\n")

    def detail(self, line: str) -> None:
        """Write one line for a person who asked for more with -v."""
        if self.verbose:
            self.say(line)

    def error(self, error: ModelTuiError) -> None:
        """Say what is wrong and what to do."""
        self.say(f"modeltui: {error.message}")
        near = getattr(error, "near", ())
        if near:
            self.say("  did you mean: " + ", ".join(near))
        if error.hint:
            self.say(f"  {error.hint}")

    def file(self, path: Path, text: str, *, force: bool = False) -> None:
        """Replace a file in one step, on the disk before it is named; refuse to clobber without `force`."""
        write_file(path, self.redactor.redact(text).encode("utf-8", "replace"), force=force)


def _escaped(json_text: str, stream: TextIO) -> str:
    """Escape what is invisible, reorders text or controls a terminal, and all but ASCII where the stream needs it."""
    only_ascii = (stream.encoding or "").lower().replace("-", "") != "utf8"

    def escape(found: re.Match[str]) -> str:
        char = found[0]
        return char if char.isprintable() and not only_ascii else _as_escape(char)

    return re.sub(_UNUSUAL, escape, json_text)


def _as_escape(char: str) -> str:
    import json  # for the few characters that need it; the screen does without

    return json.dumps(char)[1:-1] if ord(char) > 0x7F else f"\\u{ord(char):04x}"


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise OutputError(f"could not write output: {getattr(error, 'strerror', None) or error}") from error
