"""How the program behaves towards the terminal and the person: colours, crashes, imports, the way out."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

import pytest

from hand import running
from modeltui.tui.screens.browse import BrowseScreen
from programs import said
from screen_stand_in import MakeApp

TESTS = Path(__file__).parents[1]
HEAVY = ("httpx", "rapidfuzz", "sqlite3", "textual.widgets._markdown", "textual.widgets._data_table")


def test_nothing_heavy_is_imported_before_the_first_frame() -> None:
    program = "import sys, modeltui.tui.app; print([name for name in sys.argv[1:] if name in sys.modules])"
    assert said(program, *HEAVY) == "[]"


async def test_no_color_leaves_no_colour_and_tells_the_cursor_by_reverse(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make_app()
    async with running(app, (120, 40)) as pilot:
        await pilot.press("t", "space", "slash", *"qwen")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, BrowseScreen)
        for widget in screen.query("ModelTable, DrawnLine, LinePane"):
            for strip in widget.render_lines(widget.size.region):
                for segment in strip:
                    assert segment.style is None or (segment.style.color, segment.style.bgcolor) == (None, None)
        cursor = screen.table.render_lines(screen.table.size.region)[1]
        assert all(segment.style is not None and segment.style.reverse for segment in list(cursor)[:-1])


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "textual-ansi"])
def test_no_color_writes_no_colour_code_in_any_theme(tmp_path: Path, theme: str) -> None:
    code, written = run_in_terminal(
        tmp_path, "works", send=b"s", then=(b"q", b"q"), env={"NO_COLOR": "1", "THEME": theme}
    )
    assert code == 0
    codes = {number for codes in re.findall(rb"\x1b\[([0-9;]*)m", written) for number in codes.split(b";")}
    assert codes <= {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"9", b"22", b"24", b"27"}
    assert b"7" in codes


def test_the_mouse_is_given_back_and_taken_again(tmp_path: Path) -> None:
    code, written = run_in_terminal(tmp_path, "works", send=b"M", then=(b"M", b"q"))
    assert code == 0
    taken, given = b"\x1b[?1000h", b"\x1b[?1000l"
    said = [word for word, _ in groupby(re.findall(rb"\x1b\[\?1000[hl]", written))]
    assert said == [taken, given, taken, given]


def test_a_mouse_that_was_never_taken_can_be_taken(tmp_path: Path) -> None:
    code, written = run_in_terminal(tmp_path, "works", send=b"q", env={"MOUSE": ""})
    assert code == 0
    assert b"\x1b[?1000h" not in written
    code, written = run_in_terminal(tmp_path, "works", send=b"M", then=(b"q",), env={"MOUSE": ""})
    assert b"\x1b[?1000h" in written
    assert is_restored(written)


RUN = """
    import os, sys
    sys.path.insert(0, sys.argv[1])
    from screen_stand_in import NOW, StandIn
    from modeltui.secret import Redactor, Secret
    from modeltui.tui.app import ModelTuiApp, run

    KEY = "sk-" + "canary-" * 3 + "key"

    class Breaking(StandIn):
        def why_missing(self, offer, field):
            try:
                raise ValueError("rejected " + KEY)
            except ValueError as cause:
                error = LookupError(f"{KEY} \\x1b]0;title\\x07 [/] {field}")
                error.add_note("the key was " + KEY)
                raise error from cause

    backend = Breaking() if sys.argv[2] == "breaks" else StandIn()
    sys.exit(run(ModelTuiApp(
        backend, clock=lambda: NOW, auto_refresh=False, theme=os.environ.get("THEME"),
        mouse=bool(os.environ.get("MOUSE", "1")), redact=Redactor([Secret(KEY)]).redact,
    )))
"""


def run_in_terminal(
    tmp_path: Path,
    mode: str,
    *,
    send: bytes = b"",
    then: Sequence[bytes] = (),
    kill: int = 0,
    env: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, bytes]:
    """Run the program in a pseudo-terminal until it ends; gives its exit code and everything it wrote.

    `send` goes to it at the first frame, each of `then` once it is still after the one before.
    """
    left = list(then)
    script = tmp_path / "run.py"
    script.write_text(textwrap.dedent(RUN))
    master, slave = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "140", "LINES": "40", **env}
    process = subprocess.Popen(  # noqa: S603  # this very interpreter
        [sys.executable, str(script), str(TESTS), mode], stdin=slave, stdout=slave, stderr=slave, env=env,
        start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    written = b""
    told = is_gone = False
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.1)
        try:
            data = os.read(master, 65536) if ready else b""
        except OSError:
            break
        written += data
        if not told and b"Grok" in written:
            told = True
            os.write(master, send)
            if kill:
                process.send_signal(kill)
        elif told and not ready and left:
            os.write(master, left.pop(0))
        if not ready and is_gone:
            break
        is_gone = process.poll() is not None  # its last words may still be unread
    code = process.wait(timeout=10)
    os.close(master)
    return code, written


def is_restored(written: bytes) -> bool:
    """Say whether the last words bring back the usual screen and the cursor, and turn the mouse off."""
    return all(written.rfind(on) < written.rfind(off) for on, off in (
        (b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"),
    ))  # fmt: skip


def test_q_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    code, written = run_in_terminal(tmp_path, "works", send=b"q")
    assert code == 0
    assert is_restored(written)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(tmp_path: Path, number: int) -> None:
    code, written = run_in_terminal(tmp_path, "works", kill=number)
    assert code == 128 + number
    assert is_restored(written)


def test_a_crash_shows_no_key_and_no_value_and_restores_the_terminal(tmp_path: Path) -> None:
    code, written = run_in_terminal(tmp_path, "breaks")
    assert code == 70
    assert is_restored(written)
    text = re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", written)
    assert all(word in text for word in (b"LookupError", b"the key was", b"ValueError", b"rejected"))
    joined = re.sub(rb"\W", b"", text)
    assert b"canarycanarycanary" not in joined
    assert b"\x1b]0;title" not in written
    assert b" locals " not in text


def test_a_terminal_that_vanishes_without_a_word_ends_the_program(tmp_path: Path) -> None:
    """It is the terminal of no session, and hangups are ignored."""
    script = tmp_path / "run.py"
    script.write_text(textwrap.dedent(RUN))
    master, slave = pty.openpty()
    process = subprocess.Popen(  # noqa: S603  # this very interpreter
        ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, str(script), str(TESTS), "works"],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "140", "LINES": "40"},
    )  # fmt: skip
    os.close(slave)
    try:
        written = b""
        while b"Grok" not in written:
            written += os.read(master, 65536)
        os.close(master)
        assert process.wait(timeout=10) == 128 + signal.SIGHUP
    finally:
        process.kill()


async def test_a_letter_goes_to_the_entry_that_begins_with_it(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (120, 40)) as pilot:
        await pilot.press("s", "i", "enter")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, BrowseScreen)
        assert screen.view.sort[0][0] == "in"
