from datetime import timedelta
from pathlib import Path

from modeltui.state import LatencySample
from modeltui.store import Store
from modeltui.store.latency import MOST_SAMPLES
from store_samples import NOON, response

SAMPLE = LatencySample(
    provider="groq", id="org/model:free", measured_at=NOON, runs=3, ttft_s=0.25, tokens=100, ttft_spread_s=(0.2, 0.3)
)


def sample(number: int, offer_id: str = "a/b") -> LatencySample:
    return LatencySample("groq", offer_id, NOON + timedelta(hours=number), ttft_s=float(number))


def test_a_sample_comes_back_as_it_was_measured(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        assert store.add_latency(SAMPLE)
    with Store.open(tmp_path) as store:
        assert store.latency() == {"groq/org/model:free": SAMPLE}


def test_the_newest_sample_of_every_offer_is_shown_and_the_older_ones_are_its_history(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for number in range(3):
            store.add_latency(sample(number))
        store.add_latency(sample(0, "c/d"))
        assert store.latency() == {"groq/a/b": sample(2), "groq/c/d": sample(0, "c/d")}
        assert store.latency_history("groq", "a/b") == [sample(2), sample(1), sample(0)]
        assert store.latency_history("groq", "none") == []


def test_samples_are_bounded_for_each_offer(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.add_latency(sample(0, "other"))
        for number in range(MOST_SAMPLES + 5):
            store.add_latency(sample(number))
        kept = store.latency_history("groq", "a/b")
        assert len(kept) == MOST_SAMPLES
        assert kept[0] == sample(MOST_SAMPLES + 4)
        assert store.latency_history("groq", "other")


def test_clearing_keeps_what_was_measured_unless_it_is_meant(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(response(b"a"))
        store.add_latency(SAMPLE)
        store.clear()
        assert (store.info().responses, store.info().latency) == (0, 1)
        store.clear(latency=True)
        assert store.latency() == {}
