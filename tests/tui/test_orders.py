"""Orders that are kept: what is picked from them is what sorting the hits gives."""

from datetime import UTC, datetime

import pytest

from modeltui.columns import Row, rows_by_offer
from modeltui.model import Offer
from modeltui.sorting import sort_rows
from modeltui.state import Catalog, LatencySample
from modeltui.tui.orders import Orders, sorted_anew, sorted_further
from modeltui.tui.view import View

SORT = (("context", True),)


def test_a_column_sorts_its_usual_way_first_and_the_other_way_next() -> None:
    assert sorted_anew((), "context") == (("context", True),)
    assert sorted_anew((("context", True), ("in", False)), "context") == (("context", False),)
    assert sorted_further(SORT, "in") == (("context", True), ("in", False))
    assert sorted_further((("context", True), ("in", False)), "context") == (("context", False), ("in", False))


@pytest.mark.parametrize("piece", [3, 1000])
def test_places_and_picks_are_the_same_in_pieces(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr("modeltui.work.PIECE", piece)
    rows = rows_of(40)
    orders, whole = Orders(rows, range(40)), sort_rows(rows, SORT)
    for hits in ([3, 17], list(range(0, 40, 3))):
        assert orders.sorted(hits, SORT) == [index for index in whole if index in hits]


def rows_of(count: int) -> list[Row]:
    offers = tuple(Offer("p", f"id-{place}", context_length=place * 7 % 11 or None) for place in range(count))
    return rows_by_offer(Catalog(offers, (), (), datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("hits", [[], [3], [1, 2, 17], list(range(0, 40, 2)), list(range(40))])
def test_hits_stand_in_the_order_that_sorting_gives(hits: list[int]) -> None:
    rows = rows_of(40)
    whole = sort_rows(rows, SORT)
    assert Orders(rows, range(40)).sorted(hits, SORT) == [index for index in whole if index in hits]


def test_the_order_of_all_rows_is_the_callers_own() -> None:
    orders = Orders(rows_of(5), range(5))
    orders.sorted([0, 1, 2, 3, 4], SORT).clear()
    assert len(orders.sorted([0, 1, 2, 3, 4], SORT)) == 5


def test_orders_are_made_ahead_one_at_a_time() -> None:
    orders = Orders(rows_of(5), range(5))
    assert [orders.warm_up(("context", "model")) for _ in range(3)] == [True, True, False]


def test_a_test_that_ended_while_a_catalog_was_built_is_not_lost() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    view = View(lambda: now, {"by": "offer"})
    catalog = Catalog((Offer("p", "a"), Offer("p", "b")), (), (), now)
    view.set_catalog(catalog)
    made = view.make_ahead(catalog)
    view.add_sample(LatencySample("p", "b", now, 3, ttft_s=0.4))
    assert view.take(made)
    assert {row.key: row.latency and row.latency.ttft_s for row in view.rows} == {"p/a": None, "p/b": 0.4}
    assert "p/b" in view.catalog.latency
