"""The mark of the keys in use: it holds while they are the same, and gives none of them away."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from loopback import Loopback, answer
from modeltui.config import Config, parse
from modeltui.service import marks, startfile
from modeltui.service.session import Session
from replay import config_text, openrouter

KEY = "sk-canary-0123456789"
COMMAND = '[providers.mistral]\napi_key_command = "pass show mistral"'


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with Loopback() as running:
        running.route("/mistral/models", answer(200, msgspec.json.encode(openrouter("a/seen-7b"))))
        yield running


def session(server: Loopback, folder: Path, extra: str = "", **environ: str) -> Session:
    text = config_text(server, "mistral") + "\n" + extra
    return Session(parse(text), cache_dir=folder / "cache", state_dir=folder, environ=environ, use_snapshot=False)


async def left_by_a_run(server: Loopback, folder: Path, extra: str = "", **environ: str) -> None:
    """Leave a start-up file with the rows of one key."""
    run = session(server, folder, extra, **environ)
    _ = [event async for event in run.refresh()]
    run.close()


def at_the_first_frame(begun: Session) -> list[str] | None:
    """Give the ids that the start-up file shows before anything is built; `None` where it shows nothing."""
    shown = startfile.read(begun._last.path, begun._is_of_now)
    assert "store" not in vars(begun)
    assert "plans" not in vars(begun)
    return None if shown is None else [offer.id for offer in shown.offers]


async def test_the_same_key_sees_its_rows_in_the_first_frame(server: Loopback, tmp_path: Path) -> None:
    await left_by_a_run(server, tmp_path, MISTRAL_API_KEY=KEY)
    assert at_the_first_frame(session(server, tmp_path, MISTRAL_API_KEY=KEY)) == ["a/seen-7b"]


@pytest.mark.parametrize("environ", [{}, {"MISTRAL_API_KEY": "sk-of-somebody-else"}], ids=["none", "another"])
async def test_the_first_frame_shows_no_rows_that_only_another_key_may_see(
    server: Loopback, tmp_path: Path, environ: dict[str, str]
) -> None:
    await left_by_a_run(server, tmp_path, MISTRAL_API_KEY=KEY)
    begun = session(server, tmp_path, **environ)
    assert at_the_first_frame(begun) is None
    assert begun.load().offers == ()
    begun.close()


async def test_the_first_frame_shows_no_rows_of_another_place(server: Loopback, tmp_path: Path) -> None:
    await left_by_a_run(server, tmp_path, MISTRAL_API_KEY=KEY)
    async with Loopback() as other:
        assert at_the_first_frame(session(other, tmp_path, MISTRAL_API_KEY=KEY)) is None


async def test_a_key_of_the_config_is_told_from_another(server: Loopback, tmp_path: Path) -> None:
    await left_by_a_run(server, tmp_path, 'api_key = "sk-the-first-key"')
    assert at_the_first_frame(session(server, tmp_path, 'api_key = "sk-the-first-key"')) == ["a/seen-7b"]
    assert at_the_first_frame(session(server, tmp_path, 'api_key = "sk-another-key1"')) is None


async def test_a_variable_of_ones_own_choice_is_watched(server: Loopback, tmp_path: Path) -> None:
    await left_by_a_run(server, tmp_path, 'api_key_env = "MY_KEY"', MY_KEY=KEY)
    assert at_the_first_frame(session(server, tmp_path, 'api_key_env = "MY_KEY"', MY_KEY=KEY)) == ["a/seen-7b"]
    assert at_the_first_frame(session(server, tmp_path, 'api_key_env = "MY_KEY"', MY_KEY=KEY + "2")) is None


async def test_a_command_stands_for_its_key_and_is_not_run(server: Loopback, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    command = f"""api_key_command = 'sh -c "echo sk-of-the-command; touch {asked}"'"""
    await left_by_a_run(server, tmp_path, command)
    asked.unlink()
    assert at_the_first_frame(session(server, tmp_path, command)) == ["a/seen-7b"]
    assert at_the_first_frame(session(server, tmp_path, command.replace("command;", "other;"))) is None
    assert not asked.exists()


def test_a_mark_names_variables_and_no_key() -> None:
    config = parse('[providers.mistral]\napi_key = "sk-of-the-config"\nheaders = {X = "sk-of-a-header"}')
    one, two = (marks.make(salt, ["A_KEY"], config, {"A_KEY": KEY}, use_snapshot=True) for salt in (b"1" * 16, b"2"))
    assert one.rpartition(":")[2] != two.rpartition(":")[2]
    assert marks.holds(one, config, {"A_KEY": KEY}, use_snapshot=True)
    assert "A_KEY" in one
    assert not any(key in one for key in (KEY, "sk-of-the-config", "sk-of-a-header", " "))


@pytest.mark.parametrize("mark", ["", ":", "::", "zz:A:0", "00:A:é", "0" * 400 + ":A:0"])
def test_what_is_no_mark_does_not_hold(mark: str) -> None:
    assert not marks.holds(mark, Config(), {}, use_snapshot=True)


def test_checking_a_mark_loads_nothing_else_of_the_program() -> None:
    program = "import sys, modeltui.service.marks; print([n for n in sys.argv[1:] if n in sys.modules])"
    heavy = ("httpx", "sqlite3", "modeltui.service.lineup", "modeltui.providers", "modeltui.store")
    done = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, check=True)  # noqa: S603  # this interpreter
    assert done.stdout.strip() == "[]"
