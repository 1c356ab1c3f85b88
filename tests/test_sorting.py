"""Rows in the order of their columns, the same whether they are sorted at once or in pieces."""

from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeltui import sorting
from modeltui.columns import COLUMNS_BY_KEY
from modeltui.model import Offer, Prices, PriceState
from modeltui.sorting import sort_rows
from modeltui.state import Catalog
from modeltui.table_rows import Row, rows_by_offer
from modeltui.work import PIECE

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def priced(prices: list[Decimal | None]) -> list[Row]:
    offers = tuple(
        Offer(
            provider="p",
            id=f"m{place}",
            context_length=place % 3 or None,
            prices=Prices(input=price),
            price_state=PriceState.STATED,
        )
        for place, price in enumerate(prices)
    )
    return rows_by_offer(Catalog(offers=offers, models=(), sources=(), built_at=NOW))


@pytest.mark.parametrize("piece", [4, 1000], ids=["in pieces", "at once"])
@given(
    st.lists(st.none() | st.sampled_from([Decimal(n) for n in range(4)]), max_size=30),
    st.tuples(st.booleans(), st.booleans()),
)
def test_sorting_is_a_stable_permutation_with_missing_last(
    piece: int, prices: list[Decimal | None], down: tuple[bool, bool]
) -> None:
    rows = priced(prices)
    keys = [("in", down[0]), ("context", down[1])]
    with patch.object(sorting, "PIECE", piece), patch.object(sorting, "SHARE", 4), patch.object(sorting, "PICKED", 2):
        order = sort_rows(rows, keys)
    assert sorted(order) == list(range(len(rows)))

    def weight(index: int) -> tuple[object, ...]:
        weights: list[object] = []
        for key, descending in keys:
            value = COLUMNS_BY_KEY[key].sort_value(rows[index])
            number = 0 if value is None else Decimal(str(value))
            weights += [value is None, -number if descending else number]
        return (*weights, index)

    assert order == sorted(order, key=weight)


@given(st.sets(st.text(max_size=3), max_size=60), st.booleans())
def test_many_values_are_sorted_in_shares(values: set[str], descending: bool) -> None:  # noqa: FBT001  # hypothesis gives it
    with patch.object(sorting, "PIECE", 8), patch.object(sorting, "SHARE", 4), patch.object(sorting, "PICKED", 2):
        assert sorting._in_order(values, descending=descending) == sorted(values, reverse=descending)


def test_many_rows_of_few_values_are_the_same_in_pieces() -> None:
    rows = priced([Decimal(place * 7919 % 97) if place % 5 else None for place in range(2 * PIECE)])
    value_of = COLUMNS_BY_KEY["in"].sort_value
    for descending in (True, False):
        order = list(range(len(rows)))
        grouped = sorting._grouped(rows, order, value_of, descending=descending)
        assert grouped == sorting._compared(rows, order, value_of, descending=descending)
        assert sort_rows(rows, [("in", descending)]) == grouped
