import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from modeltui.state import LatencySample
from modeltui.store import Attempt, Store
from store_samples import NOON, SOURCE, chance, number_of, numbered, response

SAMPLE = LatencySample("groq", "a/b", NOON, ttft_s=0.5)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def set_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob("cache.db.bad-*"))


def works_and_lasts(folder: Path) -> None:
    with Store.open(folder) as store:
        assert store.put(response(b"new"))
    with Store.open(folder) as store:
        assert store.last_good(SOURCE) == response(b"new")
        assert store.notes == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a sound cache of some responses in it."""
    folder = tmp_path / "cache"
    with Store.open(folder) as store:
        for number in range(3):
            store.put(numbered(number))
            store.put(numbered(number, "groq/models"))
        store.put(response(b"scoped", scope="k"))
        store.add_latency(SAMPLE)
        store.note_attempt(Attempt(SOURCE, "", NOON, 200))
    return folder


def sixteen_bytes(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0")


def page_of_html(path: Path) -> None:
    path.write_text("<html>502 Bad Gateway</html>" * 500)


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def header_zeroed(path: Path) -> None:
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "letter").write_text("mine")


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def schema_of_another_program(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE response (id INTEGER PRIMARY KEY, source TEXT)")
        connection.execute("INSERT INTO response VALUES (1, 'chutes/v1')")
    connection.close()


def columns_of_another_time(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE response ADD COLUMN more TEXT")
    connection.close()


DAMAGES = [
    sixteen_bytes,
    page_of_html,
    half,
    header_zeroed,
    a_folder,
    a_pipe,
    schema_of_another_program,
    columns_of_another_time,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_an_unusable_file_is_set_aside_and_a_new_one_begun(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder / "cache.db")
    with Store.open(folder) as store:
        assert store.last_good(SOURCE) is None
        assert store.heads() == {}
        assert store.info().is_kept
        [note] = store.notes
    [aside] = set_aside(folder)
    assert aside.name in note
    works_and_lasts(folder)


def test_an_empty_file_is_simply_begun(tmp_path: Path) -> None:
    (tmp_path / "cache.db").touch()
    works_and_lasts(tmp_path)
    assert set_aside(tmp_path) == []


def test_only_the_newest_file_set_aside_is_kept(folder: Path) -> None:
    for day in range(3):
        page_of_html(folder / "cache.db")
        Store.open(folder, clock=lambda day=day: NOON + timedelta(days=day)).close()  # type: ignore[misc]  # bound now
    assert [path.name for path in set_aside(folder)] == ["cache.db.bad-20260303T120000000000Z"]


def test_a_journal_left_beside_an_unusable_file_does_not_reach_the_new_one(folder: Path) -> None:
    page_of_html(folder / "cache.db")
    (folder / "cache.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\1" * 2000)
    Store.open(folder).close()
    works_and_lasts(folder)


def test_a_newer_version_is_only_read(folder: Path) -> None:
    with sqlite3.connect(folder / "cache.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (folder / "cache.db").read_bytes()
    with Store.open(folder) as store:
        found = store.last_good(SOURCE)
        assert found is not None
        assert number_of(found) == 2
        assert not store.put(response(b"a"))
        assert not store.renew(SOURCE, "", NOON)
        assert not store.add_latency(SAMPLE)
        assert store.clear(latency=True) == 0
        assert store.prune(0) == 0
        assert not store.info().is_kept
        [note] = store.notes
        assert "newer version" in note
    assert (folder / "cache.db").read_bytes() == before
    assert set_aside(folder) == []


def test_folder_and_file_are_private_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Store.open(tmp_path / "deep" / "cache") as store:
            store.put(response(b"a"))
            files = list((tmp_path / "deep" / "cache").iterdir())
    finally:
        os.umask(before)
    assert mode(tmp_path / "deep" / "cache") == 0o700
    assert [(path.name, mode(path)) for path in files] == [("cache.db", 0o600)]


def test_a_file_that_others_could_read_is_closed_to_them(folder: Path) -> None:
    (folder / "cache.db").chmod(0o644)
    Store.open(folder).close()
    assert mode(folder / "cache.db") == 0o600


@pytest.mark.parametrize("name", ["cache.db", "cache.db-journal", "cache.db-wal"])
@pytest.mark.parametrize("is_dangling", [True, False])
def test_a_planted_link_is_not_followed(tmp_path: Path, name: str, *, is_dangling: bool) -> None:
    target = tmp_path / "precious"
    if not is_dangling:
        target.write_text("precious")
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    (folder / name).symlink_to(target)
    with Store.open(folder) as store:
        assert store.put(response(b"a"))
        assert store.last_good(SOURCE) == response(b"a")
        assert not store.info().is_kept
        assert any("is a link" in note for note in store.notes)
    assert target.exists() is not is_dangling
    assert is_dangling or target.read_text() == "precious"


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "target")
    with Store.open(tmp_path / "cache") as store:
        assert store.put(response(b"a"))
        assert not store.info().is_kept
    assert list((tmp_path / "target").iterdir()) == []


def test_where_no_folder_can_be_made_the_store_works_in_memory_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with Store.open(tmp_path / "file" / "cache") as store:
        assert store.put(response(b"a"))
        assert store.put(response(b"b"))
        assert store.last_good(SOURCE) == response(b"b")
        assert (store.info().history, store.info().is_kept) == (1, False)
        assert len(store.salt) == 32
        [note] = store.notes
        assert "not kept" in note
    assert (tmp_path / "file").read_text() == "mine"


@pytest.fixture
def unwritable(folder: Path) -> Iterator[Path]:
    """Make the folder one that can only be read; for root, who may write anywhere, one that is refused."""
    folder.chmod(0o777 if os.geteuid() == 0 else 0o500)
    yield folder
    folder.chmod(0o700)


def test_a_cache_that_cannot_be_written_is_still_read(unwritable: Path) -> None:
    before = (unwritable / "cache.db").read_bytes()
    with Store.open(unwritable) as store:
        assert store.last_good(SOURCE) == numbered(2)
        assert set(store.heads()) == {(SOURCE, ""), (SOURCE, "k"), ("groq/models", "")}
        assert store.latency() == {"groq/a/b": SAMPLE}
        assert store.put(response(b"a"))
        assert store.last_good(SOURCE) == response(b"a")
        assert store.notes
        assert not store.info().is_kept
    assert (unwritable / "cache.db").read_bytes() == before


def test_a_write_for_which_there_is_no_room_is_refused_and_nothing_is_lost(folder: Path) -> None:
    with Store.open(folder) as store:
        (pages,) = store.read(lambda connection: connection.execute("PRAGMA page_count").fetchone(), (0,))
        store.read(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchone(), None)
        assert not store.put(response(chance(1).randbytes(200_000), at=NOON + timedelta(days=9)))
        assert store.notes == ["Cache could not be saved: the disk is full"]
        assert store.last_good(SOURCE) == numbered(2)
    with Store.open(folder) as store:
        assert store.last_good(SOURCE) == numbered(2)
        assert store.put(response(b"a"))


def test_a_closed_store_answers_with_nothing_and_a_note(folder: Path) -> None:
    store = Store.open(folder)
    store.close()
    assert store.last_good(SOURCE) is None
    assert not store.put(response(b"a"))
    assert store.notes


def test_a_name_with_signs_that_mean_something_in_an_address_is_only_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "a?mode=memory#%41 é"
    works_and_lasts(folder)
    assert (folder / "cache.db").is_file()


def test_what_another_process_set_aside_is_left_and_the_new_file_is_used(folder: Path) -> None:
    with Store.open(folder) as first:
        assert first.last_good(SOURCE) is not None
        (folder / "cache.db").rename(folder / "cache.db.bad-1")
        with Store.open(folder) as second:
            assert second.put(response(b"second"))
            assert first.put(response(b"first", source="groq/models"))
            assert second.last_good("groq/models") == response(b"first", source="groq/models")
            assert first.last_good(SOURCE) == response(b"second")
    assert [path.name for path in set_aside(folder)] == ["cache.db.bad-1"]
