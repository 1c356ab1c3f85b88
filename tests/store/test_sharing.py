import os
import sqlite3
import subprocess
import sys
import threading
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

import store_samples
from modeltui.state import LatencySample
from modeltui.store import Attempt, Store
from store_samples import NOON, SOURCE, chance, number_of, numbered, response

WRITER = Path(store_samples.__file__)


def writer(folder: Path, source: str, count: int) -> subprocess.Popen[str]:
    """Start a process that puts numbered responses and says each number once it is saved."""
    return subprocess.Popen(  # noqa: S603  # this interpreter and a file of these tests
        [sys.executable, str(WRITER), str(folder), source, str(count)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def check(folder: Path) -> str:
    connection = sqlite3.connect(folder / "cache.db")
    (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return str(verdict)


def test_two_processes_write_at_once_without_waiting_in_vain(tmp_path: Path) -> None:
    sources = (SOURCE, "groq/models")
    writers = [writer(tmp_path, source, 50) for source in sources]
    with Store.open(tmp_path) as reader:
        while any(process.poll() is None for process in writers):
            for source in sources:
                found = reader.last_good(source)
                assert found is None or found == numbered(number_of(found), source)
            reader.heads()
        assert reader.notes == []
    said = [process.communicate()[0].split("\n") for process in writers]
    assert said == [[*map(str, range(50)), "notes []", ""]] * 2
    with Store.open(tmp_path) as store:
        assert [store.last_good(source) for source in sources] == [numbered(49, source) for source in sources]
    assert check(tmp_path) == "ok"


def test_several_processes_that_open_first_at_once_share_one_store(tmp_path: Path) -> None:
    writers = [writer(tmp_path / "new", f"p{number}/models", 1) for number in range(4)]
    assert [process.communicate()[0] for process in writers] == ["0\nnotes []\n"] * 4
    with Store.open(tmp_path / "new") as store:
        assert set(store.heads()) == {(f"p{number}/models", "") for number in range(4)}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["cache.db"]


@pytest.mark.parametrize("seed", range(15))
def test_a_writer_killed_at_any_moment_loses_nothing_that_was_saved(tmp_path: Path, seed: int) -> None:
    luck = chance(seed)
    process = writer(tmp_path, SOURCE, 100_000)
    assert process.stdout is not None
    saved = -1
    for _ in range(luck.randrange(1, 20)):
        saved = int(process.stdout.readline())
    for _ in range(luck.randrange(20_000)):
        pass
    process.kill()
    saved = max([saved, *(int(line) for line in process.stdout.read().split("\n")[:-1])])
    process.wait()
    process.stdout.close()
    with Store.open(tmp_path) as store:
        found = store.last_good(SOURCE)
        assert found is not None
        assert saved <= number_of(found) <= saved + 1
        assert found == numbered(number_of(found))
        assert store.notes == []
        assert store.put(numbered(saved + 2))
    assert check(tmp_path) == "ok"


def test_threads_share_one_store(tmp_path: Path) -> None:
    sources = [f"p{number}/models" for number in range(4)]
    outcomes: list[bool] = []
    with Store.open(tmp_path) as store:

        def put_and_read(source: str) -> None:
            for number in range(20):
                outcomes.append(store.put(numbered(number, source)))
                outcomes.append(store.last_good(source) == numbered(number, source))

        threads = [threading.Thread(target=put_and_read, args=(source,)) for source in sources]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == [True] * 160
        assert store.notes == []


def test_a_writer_that_is_interrupted_leaves_the_store_usable(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:

        def interrupted(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM salt")
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.write(interrupted, None)
        assert store.put(response(b"a"))
        salt = store.salt
    with Store.open(tmp_path) as store:
        assert store.salt == salt


def test_nothing_but_what_was_given_is_in_the_file(tmp_path: Path) -> None:
    """A key has no way in: every text in the file is an argument of a method, and none takes request headers."""
    with Store.open(tmp_path) as store:
        store.put(response(b'{"data": []}', etag="etag-1", scope="f00d"))
        store.note_attempt(Attempt(SOURCE, "f00d", NOON, 200, retry_after_at=NOON + timedelta(hours=1)))
        store.add_latency(LatencySample("chutes", "a/b", NOON))
    connection = sqlite3.connect(tmp_path / "cache.db")
    rows = {
        "response": connection.execute("SELECT * FROM response").fetchall(),
        "page": connection.execute("SELECT * FROM page").fetchall(),
        "attempt": connection.execute("SELECT source, attempt FROM attempt").fetchall(),
        "latency": connection.execute("SELECT provider, offer, sample FROM latency").fetchall(),
    }
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert names == {*rows, "salt"}
    [head] = rows["response"]
    assert [column for column in head if isinstance(column, str)] == [
        SOURCE, "f00d", "https://api.example/v1/models", "2026-03-01T12:00:00.000000Z",
        "2026-03-01T12:00:00.000000Z", response(b'{"data": []}').sha256, "etag-1",
    ]  # fmt: skip
    assert [zlib.decompress(body) for _, _, body in rows["page"]] == [b'{"data": []}']
