"""The real program in a real pseudo-terminal: what is on its screen, and every byte it sent there."""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

TOKEN = re.compile(
    rb"\x1b\[(?P<parameters>[0-9;?>=<:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b(?P<string>[\]P_^X])(?P<payload>[^\x1b\x07]*)(?:\x07|\x1b\\)"
    rb"|\x1b(?P<short>[ -~])"
    rb"|(?P<control>[\x00-\x1f\x7f])"
    rb"|(?P<text>[^\x00-\x1f\x7f]+)"
)
SETSID = shutil.which("setsid")
OWNER = (SETSID, "--ctty") if SETSID else ()
"""Gives the program a terminal of its own, so that it hears of its end."""
UNTOLD = ("/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh")
"""Gives it one that is nobody's and has it ignore hangups, so that it hears of no end."""
RESTORED = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"))


@dataclass
class Screen:
    """What a terminal of this size would show, as far as the program's own sequences go."""

    width: int
    height: int
    rows: list[list[str]] = field(default_factory=list)
    odd: set[bytes] = field(default_factory=set)
    """Everything that is neither text nor one of the sequences with which a screen is drawn."""
    _x: int = 0
    _y: int = 0
    _rest: bytes = b""

    def __post_init__(self) -> None:
        self.rows = [[" "] * self.width for _ in range(self.height)]

    @property
    def text(self) -> str:
        return "\n".join("".join(row).rstrip() for row in self.rows)

    def feed(self, data: bytes) -> None:
        data = self._rest + data
        cut = max(data.rfind(b"\x1b"), 0)
        whole, self._rest = (data[:cut], data[cut:]) if len(data) - cut < 4096 else (data, b"")
        for found in TOKEN.finditer(whole):
            self._take(found)

    def _take(self, found: re.Match[bytes]) -> None:
        if text := found["text"]:
            self._write(text.decode("utf-8", "replace"))
        elif found["final"]:
            self._sequence(found)
        elif found["string"]:
            self.odd.add(found[0])
        elif control := found["control"]:
            if control == b"\n":
                self._y, self._x = min(self._y + 1, self.height - 1), 0
            elif control != b"\r":
                self.odd.add(control)
        else:
            self.odd.add(found[0])

    def _sequence(self, found: re.Match[bytes]) -> None:
        parameters, final = found["parameters"], found["final"]
        if final == b"H":
            numbers = [int(part or 1) for part in parameters.split(b";")] if parameters else [1, 1]
            self._y, self._x = min(numbers[0], self.height) - 1, min(numbers[-1], self.width) - 1
        elif final == b"J":
            self.__post_init__()
        elif final not in {b"m", b"K"}:
            self.odd.add(found[0])

    def _write(self, text: str) -> None:
        for char in text:
            if not char.isprintable():
                self.odd.add(char.encode())
            if self._x < self.width:
                self.rows[self._y][self._x] = char
                self._x += 1


class Program:
    """`python -m modeltui ...` in a terminal of its own."""

    def __init__(
        self, *words: str, environ: Mapping[str, str], size: tuple[int, int] = (150, 45),
        command: Sequence[str] = (sys.executable, "-m", "modeltui"), cwd: Path | None = None,
        owner: Sequence[str] = OWNER,
    ) -> None:  # fmt: skip
        self.screen = Screen(*size)
        self.written = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.process = subprocess.Popen(  # noqa: S603  # this interpreter
            [*owner, *command, *words], stdin=slave, stdout=slave, stderr=slave, cwd=cwd,
            start_new_session=owner is not OWNER or not OWNER,
            env={**environ, "TERM": "xterm-256color", "COLUMNS": str(size[0]), "LINES": str(size[1])},
        )  # fmt: skip
        os.close(slave)

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close_window()

    def read(self, wait_s: float = 0.05) -> bool:
        """Take in what was written; false once nothing more comes for a moment, or the program is gone."""
        ready, _, _ = select.select([self._master], [], [], wait_s)
        if not ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            return False
        self.written += data
        self.screen.feed(data)
        return bool(data)

    def until(self, seen: str | Callable[[str], bool], within_s: float = 20) -> bool:
        """Read until a text is on the screen; false when it does not come or the program ends first."""
        is_there = (lambda text: seen in text) if isinstance(seen, str) else seen
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            got = self.read()
            if is_there(self.screen.text):
                return True
            if not got and self.process.poll() is not None:
                return False
        return False

    def settle(self, quiet_s: float = 0.15, within_s: float = 5) -> None:
        """Read until the program has been quiet for a while."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline and self.read(quiet_s):
            pass

    def press(self, keys: str, quiet_s: float = 0.04) -> None:
        """Type, and wait until the screen has followed."""
        os.write(self._master, keys.encode())
        self.settle(quiet_s)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def close_window(self) -> None:
        """Close the terminal as a window is closed."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def ended(self, within_s: float = 10) -> tuple[int | None, float]:
        """Wait for the end; gives the exit status as a shell tells it, `None` where it did not end, and the seconds."""
        started = time.monotonic()
        while time.monotonic() - started < within_s:
            code = self.process.poll()
            if self._master >= 0:
                while self.read(0.02):
                    pass
            else:
                time.sleep(0.02)
            if code is not None:
                return (code if code >= 0 else 128 - code), time.monotonic() - started
        return None, within_s

    @property
    def is_restored(self) -> bool:
        """Whether the last words bring back the usual screen and the cursor, and turn the mouse off."""
        return all(self.written.rfind(on) < self.written.rfind(off) for on, off in RESTORED)


def quit_by_key(program: Program, within_s: float = 10) -> tuple[int | None, float]:
    """Press what always quits, and wait for the end."""
    os.write(program._master, b"\x11")  # a part of the same device
    return program.ended(within_s)


__all__ = ["RESTORED", "UNTOLD", "Program", "Screen", "quit_by_key", "signal"]
