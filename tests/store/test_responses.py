from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeltui.state import Response
from modeltui.store import Attempt, Store, digest
from modeltui.store.retention import superfluous
from store_samples import NOON, SOURCE, chance, response


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "cache")


def days(count: float) -> timedelta:
    return timedelta(days=count)


def bodies(store: Store) -> list[bytes]:
    found = [store.response(head.sha256, SOURCE) for head in store.history(SOURCE)]
    return [one.pages[0] for one in found if one is not None]


def test_a_response_comes_back_as_it_was_put_after_a_restart(tmp_path: Path) -> None:
    put = response(b'{"data": []}', b"", b"\x00\xff" * 100_000, etag='W/"1"', last_modified="Sun", scope="ab12")
    with Store.open(tmp_path) as store:
        assert store.put(put)
    with Store.open(tmp_path) as store:
        assert store.last_good(SOURCE, "ab12") == put
        assert store.last_good(SOURCE) is None
        assert store.notes == []


def test_a_response_without_pages_and_one_with_an_empty_page_differ(store: Store) -> None:
    assert digest(()) != digest((b"",))
    assert digest((b"ab", b"c")) != digest((b"a", b"bc"))
    store.put(response())
    assert store.last_good(SOURCE) == response()
    store.put(response(b""))
    assert store.last_good(SOURCE) == response(b"")


def test_instants_are_kept_in_utc_whatever_zone_they_come_in(store: Store) -> None:
    there = datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    store.put(response(b"a", at=there))
    found = store.last_good(SOURCE)
    assert found is not None
    assert found.fetched_at == NOON
    assert found.fetched_at.tzinfo is UTC


def test_a_digest_that_is_not_of_the_pages_is_a_mistake_of_the_caller(store: Store) -> None:
    wrong = Response(SOURCE, "https://a.example", 200, NOON, NOON, "00", (b"a",))
    with pytest.raises(ValueError, match="not the digest"):
        store.put(wrong)
    assert store.last_good(SOURCE) is None


def test_the_same_bytes_only_renew_the_stored_response(store: Store) -> None:
    store.put(response(b"a", etag="1"))
    store.put(response(b"a", at=NOON + days(1), etag="2"))
    found = store.last_good(SOURCE)
    assert found is not None
    assert (found.fetched_at, found.checked_at, found.etag) == (NOON, NOON + days(1), "2")
    assert len(store.history(SOURCE)) == 1


def test_a_304_renews_and_keeps_the_validators_it_does_not_repeat(store: Store) -> None:
    store.put(response(b"a", etag="1", last_modified="Sun"))
    assert store.renew(SOURCE, "", NOON + days(1))
    assert store.renew(SOURCE, "", NOON + days(2), etag="2")
    head = store.heads()[SOURCE, ""]
    assert (head.fetched_at, head.checked_at) == (NOON, NOON + days(2))
    assert (head.etag, head.last_modified) == ("2", "Sun")


def test_a_304_for_something_that_is_not_stored_renews_nothing(store: Store) -> None:
    assert not store.renew(SOURCE, "", NOON)
    assert store.heads() == {}


def test_changed_bytes_leave_the_old_ones_in_the_history(store: Store) -> None:
    for number, body in enumerate((b"a", b"b", b"a")):
        store.put(response(body, at=NOON + days(number)))
    assert bodies(store) == [b"a", b"b", b"a"]
    assert [head.fetched_at for head in store.history(SOURCE)] == [NOON + days(2), NOON + days(1), NOON]


def test_the_past_can_be_read_at_any_instant(store: Store) -> None:
    for number, body in enumerate((b"a", b"b", b"c")):
        store.put(response(body, at=NOON + days(number)))
    at = {when: store.at(SOURCE, NOON + days(when)) for when in (-0.1, 0, 0.9, 1, 5)}
    assert {when: found and found.pages[0] for when, found in at.items()} == {
        -0.1: None, 0: b"a", 0.9: b"a", 1: b"b", 5: b"c",
    }  # fmt: skip


def test_a_clock_that_was_wrong_for_a_while_does_not_pin_an_old_answer(store: Store) -> None:
    store.put(response(b"future", at=NOON + days(3650)))
    store.put(response(b"now", at=NOON))
    found = store.last_good(SOURCE)
    assert found is not None
    assert found.pages == (b"now",)


def test_at_most_thirty_old_responses_stay_and_they_reach_back_for_days(store: Store) -> None:
    for number in range(200):
        store.put(response(str(number).encode(), at=NOON + days(number / 10)))
    history = store.history(SOURCE)
    assert len(history) == 31
    assert len({head.fetched_at.date() for head in history}) == 21
    assert bodies(store)[:2] == [b"199", b"198"]


def test_pruning_keeps_what_held_on_the_oldest_day_and_every_last_good(tmp_path: Path) -> None:
    now = NOON + days(100)
    with Store.open(tmp_path, clock=lambda: now) as store:
        for when in (0, 50, 80, 95):
            store.put(response(str(when).encode(), at=NOON + days(when)))
        store.put(response(b"old", source="other/models"))
        assert store.prune(days=30) == 1
        assert bodies(store) == [b"95", b"80", b"50"]
        assert store.prune(days=0) == 2
        assert bodies(store) == [b"95"]
        assert store.last_good("other/models") is not None
        assert store.prune() == 0


def test_history_days_bound_the_history_at_every_put(tmp_path: Path) -> None:
    with Store.open(tmp_path, history_days=7, clock=lambda: NOON + days(10)) as store:
        for when in (0, 1, 2, 10):
            store.put(response(str(when).encode(), at=NOON + days(when)))
        assert bodies(store) == [b"10", b"2"]


@given(st.lists(st.integers(0, 5000), max_size=80), st.integers(0, 40), st.integers(0, 5000) | st.none())
def test_the_last_good_is_never_superfluous_and_the_bound_always_holds(
    minutes: list[int], most: int, before: int | None
) -> None:
    def text(minute: int) -> str:
        return (NOON + timedelta(minutes=minute)).isoformat()

    stored = [(place, text(minute)) for place, minute in enumerate(minutes)]
    gone = superfluous(stored, before=None if before is None else text(before), most=most)
    assert len(gone) == len(set(gone))
    assert not stored or stored[-1][0] not in gone
    assert len(stored) - len(gone) <= most + 1


def test_heads_tell_of_every_source_and_scope_and_the_size_without_compression(store: Store) -> None:
    store.put(response(b"a" * 10, b"b" * 5, etag="1"))
    store.put(response(b"a", scope="k1"))
    store.put(response(b"a", source="groq/models"))
    heads = store.heads()
    assert set(heads) == {(SOURCE, ""), (SOURCE, "k1"), ("groq/models", "")}
    assert (heads[SOURCE, ""].size, heads[SOURCE, ""].status, heads[SOURCE, ""].etag) == (15, 200, "1")


def test_the_last_attempt_of_each_source_is_kept(store: Store) -> None:
    failed = Attempt(SOURCE, "", NOON, 503, "HTTP 503", "try later", NOON + timedelta(minutes=5))
    assert store.note_attempt(Attempt(SOURCE, "k", NOON - days(1), 200))
    assert store.note_attempt(failed)
    assert store.note_attempt(Attempt("groq/models", "", NOON))
    assert store.attempts() == {SOURCE: failed, "groq/models": Attempt("groq/models", "", NOON)}
    assert store.attempt(SOURCE) == failed
    assert store.attempt("nobody/models") is None


def test_text_that_cannot_be_stored_is_refused_with_a_note(store: Store) -> None:
    assert not store.put(response(b"a", etag="\ud800"))
    assert not store.note_attempt(Attempt(SOURCE, "", NOON, error="\ud800"))
    assert store.notes
    assert store.put(response(b"a"))


def test_the_salt_is_made_once_for_a_store(tmp_path: Path) -> None:
    salts = []
    for name in ("one", "one", "two"):
        with Store.open(tmp_path / name) as store:
            salts.append(store.salt)
    assert [len(salt) for salt in salts] == [32, 32, 32]
    assert salts[0] == salts[1] != salts[2]


def test_info_counts_and_clear_frees_the_disk(store: Store) -> None:
    for number in range(4):
        store.put(response(chance(number).randbytes(50_000)))
    store.put(response(b"a", scope="k"))
    store.note_attempt(Attempt(SOURCE, "", NOON))
    info = store.info()
    assert (info.responses, info.history, info.latency, info.is_kept) == (2, 3, 0, True)
    assert info.bytes == info.path.stat().st_size
    freed = store.clear()
    assert freed == info.bytes - info.path.stat().st_size > 0
    assert (store.heads(), store.attempts(), store.last_good(SOURCE)) == ({}, {}, None)
    assert store.put(response(b"a"))
