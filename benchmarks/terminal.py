"""A program in a real terminal of 200x50: what it paints after a key, when, and what it costs.

The parent drains the terminal and notes when each piece came; what the pieces look like on a screen is worked out
afterwards. It answers the one question of Textual that changes what is painted, whether frames may be marked with
begin and end (mode 2026), so that paints can be counted.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

COLUMNS, LINES = 200, 50
QUIET_S = 0.06
"""A frame is over when nothing came for this long: more than three ticks of 60 Hz."""
CALM_S = 0.25
"""Longer than any drawing that a key puts off for later."""
PAINT_END = b"\x1b[?2026l"
_ASKED, _ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_ESCAPE = re.compile(
    rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]"  # CSI
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    rb"|\x1b[()][A-Z0-9]|\x1b[ -~]"
)
_PART = re.compile(r"(\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()].|\x1b.)")
_MOVE = re.compile(r"\x1b\[(\d*);?(\d*)H")


@dataclass(frozen=True)
class Frame:
    """What came of one key."""

    last_s: float
    """From the key to the last byte before the terminal fell silent; `nan` where nothing came."""
    first_s: float
    paints: int
    size: int
    """Bytes."""


@dataclass
class Terminal:
    """One program under a terminal of its own; the first process of a new session."""

    argv: Sequence[str]
    environ: Mapping[str, str]
    pieces: list[tuple[float, bytes]] = field(default_factory=list)
    """Every piece of output with the seconds since the start."""
    status: int | None = None
    """Exit status once the program is gone."""

    def __post_init__(self) -> None:
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self._become()
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def _become(self) -> None:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execvpe(self.argv[0], list(self.argv), dict(self.environ))  # noqa: S606  # no shell is wanted
        finally:
            os._exit(127)

    # -- reading -------------------------------------------------------------------------------------------

    def read(self, timeout_s: float) -> bytes:
        """Take the next piece of output; empty where none came in time or the program is gone."""
        if self.status is not None:
            return b""
        ready, _, _ = select.select([self.fd], [], [], max(0.0, timeout_s))
        if not ready:
            return b""
        try:
            piece = os.read(self.fd, 1 << 16)
        except OSError:
            piece = b""
        if not piece:
            self._reap()
            return b""
        self.pieces.append((time.perf_counter() - self.started, piece))
        if _ASKED in piece:
            os.write(self.fd, _ANSWER)
        return piece

    def wait_for(self, text: str, timeout_s: float = 60.0, *, since: int = 0) -> float:
        """Wait until a text was painted in one run after piece number `since`; gives seconds since the start."""
        wanted, seen = text.encode(), b"".join(piece for _, piece in self.pieces[since:])
        end = time.perf_counter() + timeout_s
        while wanted not in plain(seen):
            if self.status is not None or time.perf_counter() > end:
                raise TimeoutError(f"{self.argv[-1]}: {text!r} did not come; the end: {plain(seen)[-400:]!r}")
            seen += self.read(0.5)
        return self.pieces[-1][0] if self.pieces else 0.0

    def settle(self, calm_s: float = CALM_S, timeout_s: float = 60.0) -> int:
        """Drain until nothing came for a while; gives the bytes that came."""
        end, size = time.perf_counter() + timeout_s, 0
        while (piece := self.read(calm_s)) and time.perf_counter() < end:
            size += len(piece)
        return size

    def press(self, keys: bytes, *, quiet_s: float = QUIET_S, timeout_s: float = 30.0) -> Frame:
        """Send a key and time the frame that it causes."""
        begin = len(self.pieces)
        sent = time.perf_counter()
        os.write(self.fd, keys)
        if not self.read(timeout_s):
            return Frame(float("nan"), float("nan"), 0, 0)
        while self.read(quiet_s):
            pass
        came = self.pieces[begin:]
        data = b"".join(piece for _, piece in came)
        offset = self.started - sent
        return Frame(came[-1][0] + offset, came[0][0] + offset, data.count(PAINT_END), len(data))

    def screen(self) -> list[str]:
        """Give the lines that stand on the screen now."""
        return painted(b"".join(piece for _, piece in self.pieces))

    # -- cost ----------------------------------------------------------------------------------------------

    def memory_mb(self, field_name: str = "VmRSS") -> float:
        """Resident memory in MB (of 1,000,000 bytes); `VmHWM` is the most it ever was."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            found = next(line for line in status if line.startswith(field_name))
        return int(found.split()[1]) * 1024 / 1e6

    def cpu_s(self) -> float:
        """CPU seconds of all threads so far, to the nanosecond."""
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/schedstat", encoding="ascii") as stat:
                total += int(stat.read().split()[0])
        return total / 1e9

    # -- the end -------------------------------------------------------------------------------------------

    def leave(self, keys: bytes, timeout_s: float = 15.0) -> float:
        """Press the keys that end the program; gives the seconds until its process was gone."""
        sent = time.perf_counter()
        os.write(self.fd, keys)
        while self.status is None and time.perf_counter() - sent < timeout_s:
            self.read(timeout_s)
        gone = time.perf_counter() - sent
        self.close()
        return gone

    def close(self) -> None:
        """End the program where it still runs."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        _, self.status = os.waitpid(self.pid, 0)
        os.close(self.fd)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def plain(data: bytes) -> bytes:
    """Take the escape sequences out of a stream."""
    return _ESCAPE.sub(b"", data)


def painted(data: bytes) -> list[str]:
    """Put a stream on a screen: cursor moves and text, as far as full-screen programs use them."""
    grid = [[" "] * COLUMNS for _ in range(LINES)]
    row = column = 0
    for part in _PART.split(data.decode("utf-8", "replace")):
        if move := _MOVE.fullmatch(part):
            row, column = int(move[1] or 1) - 1, int(move[2] or 1) - 1
        elif not part.startswith("\x1b"):
            row, column = _write(grid, row, column, part)
    return ["".join(line) for line in grid]


def _write(grid: list[list[str]], row: int, column: int, text: str) -> tuple[int, int]:
    for letter in text:
        if letter == "\n":
            row, column = row + 1, 0
        elif letter == "\r":
            column = 0
        elif letter >= " " and row < LINES:
            column += _put(grid[row], column, letter)
    return row, column


def _put(line: list[str], column: int, letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    if column < COLUMNS:
        line[column] = letter
    wide = unicodedata.east_asian_width(letter) in "WF"
    if wide and column + 1 < COLUMNS:
        line[column + 1] = ""
    return 2 if wide else 1


def place_of(lines: Sequence[str], text: str) -> tuple[int, int]:
    """Find a text on the screen; gives line and column counted from 1, as a terminal reports the mouse."""
    for row, line in enumerate(lines):
        if (column := line.find(text)) >= 0:
            return row + 1, column + 1
    raise LookupError(f"{text!r} is not on the screen")


def click(row: int, column: int) -> bytes:
    """What a terminal sends for a click with the left button."""
    return b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (column, row, column, row)
