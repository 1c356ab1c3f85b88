"""Three hundred caches that are not what was stored: none shows a wrong row, none ends in a traceback."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from loopback import ThreadedLoopback
from modeltui.config import load
from modeltui.service import startfile
from modeltui.service.session import Session
from modeltui.state import Catalog
from replay import openrouter
from store_samples import chance
from torture.places import command, config, environment

pytestmark = pytest.mark.torture
Record = Callable[[str, object], None]
NAMES = [f"maker/model-{number}-{number * 7}b" for number in range(120)]
FLIPS, FLIPPED_STARTS, SPOILED = 200, 60, 40


def truths(catalog: Catalog) -> set[str]:
    """Every offer in all that it says, but for when."""
    return {
        repr((o.key, o.name, o.context_length, o.max_output_tokens, o.prices, o.capabilities)) for o in catalog.offers
    }


def session_in(folder: Path) -> Session:
    return Session(
        load(folder / "config.toml"), cache_dir=folder / "cache", state_dir=folder, use_snapshot=False, offline=True,
        environ=environment(folder),
    )  # fmt: skip


def seeded(folder: Path) -> set[str]:
    with ThreadedLoopback() as server:
        (folder / "config.toml").write_text(config({"openrouter": f"{server.url}/openrouter"}))
        for count in (40, 80, 120):
            server.json("/openrouter/models", openrouter(*NAMES[:count]))
            assert command("--no-snapshot", "refresh", "--force", environ=environment(folder)).returncode == 0
    session = session_in(folder)
    known = truths(session.catalog())
    session.close()
    assert len(known) == 120
    return known


def flip(path: Path, seed: int) -> None:
    luck = chance(seed)
    body = bytearray(path.read_bytes())
    for _ in range(luck.randrange(1, 9)):
        body[luck.randrange(len(body))] ^= 1 << luck.randrange(8)
    path.write_bytes(body)


def _other_schema(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE response (id TEXT)")
        connection.execute("INSERT INTO response VALUES ('x')")
    connection.close()


def _rubbish(path: Path, seed: int) -> None:
    body = bytearray(path.read_bytes())
    start = 4096 * chance(seed).randrange(len(body) // 4096)
    body[start : start + 4096] = chance(seed).randbytes(4096)
    path.write_bytes(body)


SPOILS: tuple[Callable[[Path, int], object], ...] = (
    lambda path, _: path.write_bytes(b""),
    lambda path, seed: path.write_bytes(chance(seed).randbytes(16)),
    lambda path, _: path.write_bytes(bytes(100) + path.read_bytes()[100:]),
    lambda path, _: path.write_text("no database"),
    lambda path, seed: path.write_bytes(path.read_bytes()[: chance(seed).randrange(path.stat().st_size)]),
    _rubbish,
    lambda path, _: path.write_text("<!doctype html><h1>Sign in</h1>"),
    lambda path, _: _other_schema(path),
    lambda path, _: path.write_text(json.dumps({"data": []})),
    lambda path, seed: path.write_bytes(path.read_bytes() + chance(seed).randbytes(5000)),
)


def test_three_hundred_damaged_caches_show_no_wrong_row(tmp_path: Path, record_property: Record) -> None:
    sound = tmp_path / "sound"
    sound.mkdir()
    known = seeded(sound)
    wrong = lost = 0

    def tried(number: int, name: str, spoil: Callable[[Path, int], object]) -> None:
        nonlocal wrong, lost
        folder = tmp_path / "tried"
        shutil.copytree(sound, folder)
        spoil(folder / "cache" / name, number)
        session = session_in(folder)
        first, whole = truths(session.load()), truths(session.catalog())
        session.close()
        wrong += bool((first | whole) - known)
        lost += not whole
        shutil.rmtree(folder)

    for number in range(FLIPS):
        tried(number, "cache.db", flip)
    for number in range(FLIPPED_STARTS):
        tried(number, startfile.FILE_NAME, flip)
    for number in range(SPOILED):
        tried(number, "cache.db", SPOILS[number % len(SPOILS)])
    runs = FLIPS + FLIPPED_STARTS + SPOILED
    record_property("promise 4", f"{runs} damaged or foreign files: 0 tracebacks, {wrong} with a wrong row, "
                    f"{lost} where no answer could be read any more")  # fmt: skip
    assert wrong == 0
    assert lost <= SPOILED + FLIPS // 5


@pytest.mark.parametrize("kind", ["folder", "fifo", "link", "version"])
def test_what_is_no_cache_at_all_is_no_harm(tmp_path: Path, kind: str) -> None:
    seeded(tmp_path)
    target = tmp_path / "precious"
    target.write_text("mine")
    for name in ("cache.db", startfile.FILE_NAME):
        path = tmp_path / "cache" / name
        if kind == "version":
            if name == "cache.db":
                with sqlite3.connect(path) as connection:
                    connection.execute("PRAGMA user_version = 99")
                connection.close()
            continue
        path.unlink()
        if kind == "folder":
            path.mkdir()
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to(target)
    for words in (("list",), ("refresh", "--force"), ("sources",), ("cache", "info")):
        done = command(*words, environ=environment(tmp_path), timeout=30)
        assert b"Traceback" not in done.stderr, done.stderr
    assert target.read_text() == "mine"
