"""What a start loads before its first frame: what Textual itself loads, and the little that is named here."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from modeltui import late

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")

BESIDE_TEXTUAL = frozenset(
    {
        "modeltui", "msgspec", "platformdirs",
        "gc",  # the start itself
    }
)  # fmt: skip
"""The modules that may be loaded before the first frame although a bare Textual app does not load them.

Each costs every start its time: what is not needed for the first row is imported where it is used.
"""
NEVER_BEFORE = (
    "modeltui.providers", "modeltui.merge", "modeltui.store", "modeltui.snapshot", "modeltui.cli.parser",
    "modeltui.service.catalog", "modeltui.service.lineup", "modeltui.service.fetch", "modeltui.service.latency",
    "modeltui.tui.details", "modeltui.tui.doubts", "modeltui.tui.latency", "modeltui.tui.palette",
    "modeltui.tui.workload", "modeltui.tui.widgets.providers", "modeltui.tui.widgets.charts",
)  # fmt: skip
"""Parts of the program itself that only later deeds need; a package stands for all of it."""
SCREENS_BEFORE = frozenset(
    {"browse", "facets", "filtering", "keeping", "linking", "reports", "rows", "tables", "turns"}
)
"""The screens that are loaded before the first frame: the main one, and what it is made of."""

BARE = """
from textual.app import App
from textual.widgets import Static

class Probed(App):
    def compose(self):
        yield Static("the first paint")
app = Probed()
"""
OURS = """
from modeltui import late
late.put_off()
from datetime import UTC, datetime
from pathlib import Path
import modeltui.__main__, modeltui.cli.run
from modeltui.config import Config
from modeltui.service.session import Session
import modeltui.tui.app as screens

clock = lambda: datetime.now(UTC)
folder = Path(sys.argv[2])
session = Session(Config(), cache_dir=folder / "cache", state_dir=folder / "state", offline=True, clock=clock)
class Probed(screens.ModelTuiApp):
    CSS_PATH = [str(Path(screens.__file__).parent / part) for part in screens.ModelTuiApp.CSS_PATH]
app = Probed(session, clock=clock, auto_refresh=False)
"""
PROBE = """
import sys
{app}
def seen():
    names = sorted(name for name, module in sys.modules.items() if type(module).__name__ != "_Late")
    import json
    with open(sys.argv[1], "w") as out:
        json.dump(names, out)
    app.exit()
Probed.on_ready = lambda self: seen()
app.run()
"""


def loaded_at_first_frame(app: str, folder: Path) -> set[str]:
    """Run an app in a terminal up to its first frame; gives the modules it has loaded by then."""
    import pty

    parent, child = pty.openpty()
    out = folder / "modules.json"
    program = subprocess.Popen(  # noqa: S603  # this Python, and a program written here
        [sys.executable, "-c", PROBE.format(app=app), str(out), str(folder)],
        stdin=child, stdout=child, stderr=child, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"},
    )  # fmt: skip
    os.close(child)
    said = _drained(parent)
    assert program.wait() == 0, said.decode("utf-8", "replace")[-4000:]
    return set(json.loads(out.read_text()))


def _drained(terminal: int) -> bytes:
    """Read a terminal until nobody holds its other end."""
    said = b""
    try:
        while piece := os.read(terminal, 1 << 16):
            said += piece
    except OSError:  # how Linux tells that the other end is closed
        pass
    finally:
        os.close(terminal)
    return said


@cache
def filled_home(folder: Path) -> Path:
    """A home as a first run leaves it: the start-up file stands in its cache."""
    code = """
import sys
from pathlib import Path
from modeltui.config import Config
from modeltui.service.session import Session
folder = Path(sys.argv[1])
(folder / "cache").mkdir(mode=0o700)
session = Session(Config(), cache_dir=folder / "cache", state_dir=folder / "state", offline=True)
session.load()
session.close()
"""
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)  # noqa: S603  # this Python
    return folder


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return loaded_at_first_frame(OURS, filled_home(tmp_path_factory.mktemp("first-frame")))


@pytest.fixture(scope="module")
def loaded_by_textual(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return loaded_at_first_frame(BARE, tmp_path_factory.mktemp("bare"))


def public_tops(modules: set[str]) -> set[str]:
    return {top for module in modules if not (top := module.partition(".")[0]).startswith("_")}


def test_nothing_is_loaded_before_the_first_frame_that_is_not_named_here(
    loaded: set[str], loaded_by_textual: set[str]
) -> None:
    assert public_tops(loaded) - public_tops(loaded_by_textual) <= BESIDE_TEXTUAL


def test_neither_tls_nor_what_else_is_put_off_is_loaded_before_the_first_frame(
    loaded: set[str], loaded_by_textual: set[str]
) -> None:
    assert loaded.isdisjoint({*late.PUT_OFF, "_ssl", "hashlib", "_hashlib"})
    assert "ssl" in loaded_by_textual, "Textual does without: it needs not be put off any more"


def test_parts_that_only_later_deeds_need_are_not_loaded_before_the_first_frame(loaded: set[str]) -> None:
    early = {module for module in loaded if any(f"{module}.".startswith(f"{part}.") for part in NEVER_BEFORE)}
    assert not early


def test_no_screen_but_the_main_one_is_loaded_before_the_first_frame(loaded: set[str]) -> None:
    folder = "modeltui.tui.screens."
    assert {module.removeprefix(folder) for module in loaded if module.startswith(folder)} <= SCREENS_BEFORE


def test_the_screen_loads_no_client_no_matcher_and_no_writer_of_config(loaded: set[str]) -> None:
    assert public_tops(loaded).isdisjoint({"httpx", "httpcore", "anyio", "rapidfuzz", "tomlkit", "numpy"})
