"""A workload costs what the stated prices come to; a price that is needed and unknown makes the cost unknown."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from modeltui.columns import COLUMNS_BY_KEY, rows_by_offer, with_costs
from modeltui.cost import Cost, Workload, cost, costs_of, workload_of
from modeltui.errors import ConfigError
from modeltui.model import Offer, Prices, PriceState, PriceTier
from modeltui.state import Catalog
from store_samples import NOON

CHAT = Workload(tokens_in=8000, tokens_out=1000)


def offer(state: PriceState = PriceState.STATED, tiers: tuple[PriceTier, ...] = (), **prices: str) -> Offer:
    return structs.replace(priced(prices), price_state=state, price_tiers=tiers)


def priced(prices: Mapping[str, str]) -> Offer:
    stated = Prices(**{name: Decimal(text) for name, text in prices.items()})
    return Offer("sample", "one", prices=stated, price_state=PriceState.STATED)


def above(length: int, **prices: str) -> PriceTier:
    return PriceTier(Prices(**{name: Decimal(text) for name, text in prices.items()}), above_prompt_tokens=length)


def each(found: Cost) -> str:
    return "unknown" if found.per_request is None else f"{found.per_request.normalize():f}"


def test_prices_are_per_million_tokens_and_costs_are_dollars() -> None:
    found = cost(offer(input="0.3", output="1.2"), CHAT)
    assert (each(found), found.per_month) == ("0.0036", None)
    assert found.basis == "8K in at $0.3/M + 1K out at $1.2/M"


def test_a_month_is_its_requests() -> None:
    workload = structs.replace(CHAT, requests_per_month=10_000)
    found = cost(offer(input="0.3", output="1.2"), workload)
    assert found.per_month == Decimal(36)
    assert found.amount == found.per_month


def test_the_cached_share_is_read_at_the_cache_price() -> None:
    found = cost(offer(input="1", output="0", cache_read="0.1"), structs.replace(CHAT, cached=Decimal("0.75")))
    assert each(found) == "0.0026"
    assert found.basis == "2K in at $1/M + 6K cached at $0.1/M + 1K out at $0/M"


def test_without_a_cache_price_the_cached_share_costs_the_input_price_and_says_so() -> None:
    workload = structs.replace(CHAT, cached=Decimal("0.75"))
    found = cost(offer(input="1", output="0"), workload)
    assert each(found) == "0.008"
    assert "6K cached at $1/M for want of a cache price" in found.basis


def test_a_stated_cache_price_of_zero_is_a_price() -> None:
    assert each(cost(offer(input="1", output="0", cache_read="0"), structs.replace(CHAT, cached=Decimal(1)))) == "0"


@pytest.mark.parametrize(
    ("prices", "reason"),
    [({"input": "1"}, "the output price is not stated"), ({"output": "1"}, "the input price is not stated")],
)
def test_a_needed_price_that_is_not_stated_makes_the_cost_unknown(prices: dict[str, str], reason: str) -> None:
    workload = structs.replace(CHAT, requests_per_month=5)
    assert cost(priced(prices), workload) == Cost(None, None, reason)


def test_a_price_that_is_not_needed_may_be_missing() -> None:
    assert each(cost(offer(input="0.02"), Workload(1_000_000, 0))) == "0.02"
    assert each(cost(offer(output="3"), Workload(0, 1000))) == "0.003"
    whole = Workload(1_000_000, 0, cached=Decimal(1))
    assert each(cost(offer(cache_read="0.5"), whole)) == "0.5"


def test_a_price_a_request_is_added() -> None:
    found = cost(offer(input="1", output="1", request="0.005"), CHAT)
    assert each(found) == "0.014"
    assert found.basis.endswith("+ $0.005 a request")


def test_a_stated_zero_costs_nothing_and_its_missing_prices_too() -> None:
    assert each(cost(offer(PriceState.ZERO, input="0"), CHAT)) == "0"


def test_a_stated_zero_with_a_price_a_request_is_not_free() -> None:
    assert each(cost(offer(PriceState.ZERO, input="0", output="0", request="0.01"), CHAT)) == "0.01"


def test_what_a_workload_of_text_does_not_count_is_named() -> None:
    assert "charged besides: image, web search" in cost(
        offer(PriceState.ZERO, input="0", output="0", image="0.04", web_search="0.01"), CHAT
    ).basis  # fmt: skip


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (PriceState.PLAN, "plan"),
        (PriceState.DYNAMIC, "decided at request time"),
        (PriceState.UNKNOWN, "no price is stated"),
        (PriceState.OTHER_UNIT, "other than tokens"),
    ],
)
def test_a_price_that_is_none_has_a_reason_and_no_cost(state: PriceState, reason: str) -> None:
    found = cost(offer(state, input="0", output="0", request="1"), CHAT)
    assert (found.per_request, found.per_month) == (None, None)
    assert reason in found.basis


@pytest.mark.parametrize(
    ("tokens_in", "expected"), [(128_000, "0.128"), (128_001, "0.256002"), (200_000, "0.4"), (200_001, "0.800004")]
)
def test_the_highest_tier_strictly_below_the_prompt_applies(tokens_in: int, expected: str) -> None:
    tiers = (above(200_000, input="4"), above(128_000, input="2"))
    assert each(cost(offer(tiers=tiers, input="1", output="1"), Workload(tokens_in, 0))) == expected


def test_what_a_tier_does_not_state_holds_on() -> None:
    found = cost(offer(tiers=(above(100, input="2"),), input="1", output="10"), Workload(1_000_000, 100_000))
    assert each(found) == "3"
    assert "prices of prompts above 100 tokens" in found.basis


def test_prices_by_the_hour_do_not_apply_and_are_named() -> None:
    timed = PriceTier(Prices(input=Decimal("0.1")), above_prompt_tokens=1, utc_start="1630", utc_end="0030")
    found = cost(offer(tiers=(timed,), input="1", output="1"), CHAT)
    assert each(found) == "0.009"
    assert "prices by the hour are left out" in found.basis


def test_a_workload_beyond_the_context_is_counted_and_named() -> None:
    small = structs.replace(offer(input="1", output="1"), context_length=4096)
    assert cost(small, CHAT).basis.endswith("more than its context of 4096")


def test_the_config_makes_a_workload() -> None:
    stated = {"tokens_in": 8000.0, "tokens_out": 1000.0, "cached": 0.7, "requests_per_month": 10_000.0}
    assert workload_of(stated) == Workload(8000, 1000, Decimal("0.7"), 10_000)
    assert workload_of({"tokens_in": 5.0}) == Workload(5, 0)
    assert workload_of({}) is None
    assert workload_of({"cached": 0.5}) is None


@pytest.mark.parametrize(
    "stated",
    [
        {"tokens_in": 1.5},
        {"tokens_in": float("inf")},
        {"tokens_out": float("nan")},
        {"tokens_in": 1, "cached": 70},
        {"tokens_in": 1, "cached": float("nan")},
        {"tokens_in": 1, "cached": float("inf")},
    ],
)
def test_a_workload_that_makes_no_sense_is_refused(stated: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=r"\[workload\]"):
        workload_of(stated)


@given(
    st.decimals("0.001", 1000, places=3),
    st.decimals(0, 1, places=2),
    st.integers(1, 2_000_000),
    st.integers(0, 200_000),
)
def test_caching_at_the_input_price_changes_nothing(price: Decimal, share: Decimal, long: int, short: int) -> None:
    prices = {"input": str(price), "output": str(price)}
    plain = cost(priced(prices), Workload(long, short)).per_request
    assert cost(priced(prices), Workload(long, short, share)).per_request == plain
    assert plain == price * (long + short) / 1_000_000


def test_the_cost_column_shows_the_workload_or_that_it_is_unknown() -> None:
    offers = (offer(input="0.3", output="1.2"), offer(PriceState.UNKNOWN))
    rows = rows_by_offer(Catalog(offers=offers, models=(), sources=(), built_at=NOON))
    column = COLUMNS_BY_KEY["cost"]
    assert [column.text(row, NOON) for row in with_costs(rows, costs_of(CHAT))] == ["$0.0036", "unknown"]
