import sqlite3
from pathlib import Path

import pytest

from modeltui.state import LatencySample
from modeltui.store import Attempt, Store
from store_samples import NOON, SOURCE, chance, number_of, numbered, response

SOURCES = (SOURCE, "groq/models", "nano/models")
PUT = {(source, number): numbered(number, source) for source in SOURCES for number in range(4)}
SAMPLES = {f"p/{number}": LatencySample("p", str(number), NOON, ttft_s=number / 8) for number in range(20)}
ATTEMPTS = {source: Attempt(source, "", NOON, 500, "HTTP 500", "wait") for source in SOURCES}


@pytest.fixture(scope="module")
def sound_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("sound")
    with Store.open(folder) as store:
        for number in range(4):
            for source in SOURCES:
                store.put(PUT[source, number])
        for sample in SAMPLES.values():
            store.add_latency(sample)
        for attempt in ATTEMPTS.values():
            store.note_attempt(attempt)
    return (folder / "cache.db").read_bytes()


def change(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


def assert_only_what_was_put(store: Store) -> None:
    for source in SOURCES:
        found = [store.last_good(source), store.at(source, NOON.replace(year=2027))]
        found += [store.response(head.sha256, source) for head in store.history(source)]
        for one in found:
            assert one is None or one == PUT[source, number_of(one)]
    for (source, _), head in store.heads().items():
        assert head.sha256 in {put.sha256 for put in PUT.values() if put.source == source}
    assert store.latency().items() <= SAMPLES.items()
    assert store.attempts().items() <= ATTEMPTS.items()


@pytest.mark.parametrize("seed", range(60))
def test_changed_bits_never_show_a_wrong_row_and_the_store_goes_on(
    tmp_path: Path, sound_file: bytes, seed: int
) -> None:
    luck = chance(seed)
    damaged = bytearray(sound_file)
    for _ in range(1 + seed % 20 * 5):
        damaged[luck.randrange(len(damaged) if seed % 3 else 4096)] ^= 1 << luck.randrange(8)
    (tmp_path / "cache.db").write_bytes(damaged)
    with Store.open(tmp_path) as store:
        assert_only_what_was_put(store)
        for source in SOURCES:
            store.put(PUT[source, 3])
        assert_only_what_was_put(store)
        is_kept = store.info().is_kept
    with Store.open(tmp_path) as store:
        assert_only_what_was_put(store)
        if is_kept:
            assert [store.last_good(source) for source in SOURCES] == [PUT[source, 3] for source in SOURCES]


def test_a_page_of_rubbish_costs_only_what_stood_on_it(tmp_path: Path, sound_file: bytes) -> None:
    lost_everything = []
    for start in range(4096, len(sound_file), 4096):
        folder = tmp_path / str(start)
        folder.mkdir(mode=0o700)
        rubbish = chance(start).randbytes(4096)
        (folder / "cache.db").write_bytes(sound_file[:start] + rubbish + sound_file[start + 4096 :])
        with Store.open(folder) as store:
            assert_only_what_was_put(store)
            lost = [source for source in SOURCES if store.last_good(source) is None]
            lost_everything += [start] * (len(lost) == len(SOURCES))
            assert all(store.put(PUT[source, 3]) for source in SOURCES)
            assert [store.last_good(source) for source in SOURCES] == [PUT[source, 3] for source in SOURCES]
    assert len(lost_everything) <= 2, "only the page of all heads and the root of all bodies cost every source"


def test_a_damaged_last_good_gives_way_to_the_one_before_it_and_stays_away(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(numbered(1))
        store.put(numbered(2))
    change(tmp_path / "cache.db", "UPDATE page SET body = zeroblob(50) WHERE response = 2 AND place = 0")
    with Store.open(tmp_path) as store:
        assert store.last_good(SOURCE) == numbered(1)
        assert "damaged" in store.notes[0]
    with Store.open(tmp_path) as store:
        assert store.heads()[SOURCE, ""].sha256 == numbered(1).sha256
        assert store.notes == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE response SET etag = 'other'",
        "UPDATE response SET fetched_at = '2031-01-01T00:00:00.000000Z'",
        "UPDATE response SET status = x'00'",
        "UPDATE response SET sha256 = 'abc'",
        "UPDATE response SET source = 'chutes/v1', scope = '' WHERE source <> 'chutes/v1'",
        "UPDATE response SET url = CAST(x'ff' AS TEXT)",
        "DELETE FROM page WHERE place = 1",
    ],
)
def test_a_row_changed_by_another_hand_is_not_shown(tmp_path: Path, statement: str) -> None:
    put = response(b"a", b"b", source="groq/models", scope="k", etag="1")
    with Store.open(tmp_path) as store:
        store.put(put)
    change(tmp_path / "cache.db", statement)
    with Store.open(tmp_path) as store:
        assert store.last_good("groq/models", "k") is None
        assert store.last_good(SOURCE) is None
        assert not store.renew("groq/models", "k", NOON)
        assert store.put(put)
        assert store.last_good("groq/models", "k") == put


def test_the_same_bytes_put_again_replace_a_damaged_body(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(numbered(1))
    change(tmp_path / "cache.db", "UPDATE page SET body = zeroblob(50)")
    with Store.open(tmp_path) as store:
        assert store.put(numbered(1))
        assert store.last_good(SOURCE) == numbered(1)
        assert len(store.history(SOURCE)) == 1


def test_a_lost_salt_is_made_anew(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        first = store.salt
    change(tmp_path / "cache.db", "UPDATE salt SET value = zeroblob(32)")
    with Store.open(tmp_path) as store:
        second = store.salt
    with Store.open(tmp_path) as store:
        assert store.salt == second != first
        assert second != bytes(32)
