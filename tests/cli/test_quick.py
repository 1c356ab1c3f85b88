"""`list --json` once more: the same bytes, and only while nothing has changed that they rest on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modeltui import __version__
from modeltui.cli import quick
from modeltui.cli.run import run
from modeltui.service.session import Session


def no_screen(session: Session) -> int:
    raise AssertionError(session)


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    config = tmp_path / "config.toml"
    config.write_text('only = ["chutes"]')
    for name, value in (("CONFIG", config), ("CACHE_DIR", tmp_path / "cache"), ("STATE_DIR", tmp_path / "state")):
        monkeypatch.setenv(f"MODELTUI_{name}", str(value))
    monkeypatch.delenv("CHUTES_API_KEY", raising=False)
    return dict(os.environ)


def asked(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "modeltui", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  # ours


def test_the_second_time_gives_the_same_bytes_and_the_same_word_on_their_age(environ: dict[str, str]) -> None:
    first = asked(environ, "list", "--json")
    assert (Path(environ["MODELTUI_CACHE_DIR"]) / quick.FILE_NAME).stat().st_mode & 0o777 == 0o600
    second = asked(environ, "list", "--json")
    assert first.stdout == second.stdout
    assert first.stderr == second.stderr
    assert len(first.stdout) > 1000


@pytest.mark.parametrize("change", ["config", "store", "key", "place", "words"])
def test_what_the_bytes_rest_on_is_noticed(environ: dict[str, str], change: str, tmp_path: Path) -> None:
    words = ["list", "--json"]
    for _ in range(2):  # the first makes the cache, and that is a change
        assert run(words, no_screen) == 0
    assert quick.answer(["list"], environ) is None
    assert quick.answer(words, environ) == 0
    if change == "config":
        (tmp_path / "config.toml").write_text('only = ["chutes", "venice"]')
    elif change == "store":
        os.utime(tmp_path / "cache" / "cache.db", ns=(1, 1))
    elif change == "place":
        environ["CLOUDFLARE_ACCOUNT_ID"] = "another-account"
    elif change == "key":
        environ["CHUTES_API_KEY"] = "another-test-key"
    else:
        words.append("--no-snapshot")
    assert quick.answer(words, environ) is None


def test_a_damaged_file_is_no_answer(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "--json"], no_screen) == 0
    (Path(environ["MODELTUI_CACHE_DIR"]) / quick.FILE_NAME).write_bytes(b"{not json\n[]")
    assert quick.answer(["list", "--json"], environ) is None


def test_it_loads_nothing_of_the_program_but_paths_and_formats() -> None:
    code = "import sys, modeltui.__main__, modeltui.cli.quick; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603
    assert not {"msgspec", "sqlite3", "modeltui.model", "modeltui.service.session"} & set(loaded)


def test_the_version_is_told_without_loading_the_program(environ: dict[str, str]) -> None:
    probe = "import sys; from modeltui.__main__ import main; main(); print('modeltui.service' in sys.modules)"
    command = [sys.executable, "-c", probe, "--version"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert done.stdout == f"modeltui {__version__}\nFalse\n"
