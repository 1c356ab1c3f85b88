"""A row says what its offers say: ranges, not the minimum; unknown, zero, plan and units apart."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec import structs

from modeltui.columns import (
    COLUMNS,
    COLUMNS_BY_KEY,
    DEFAULT_COLUMNS,
    GAP,
    Row,
    columns_named,
    conflicted,
    fit_columns,
    rows_by_model,
    rows_by_offer,
    with_costs,
    with_latency,
)
from modeltui.errors import UsageError
from modeltui.format import MISSING
from modeltui.model import Deployment, Model, Offer, Prices, PriceState, mask_of
from modeltui.state import Catalog, LatencySample, SourceHealth, SourceStatus

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def offer(provider: str = "chutes", name: str = "qwen3-32b", **facts: object) -> Offer:
    return structs.replace(Offer(provider=provider, id=name, model="qwen3-32b"), **facts)


def priced(provider: str, price: str, state: PriceState = PriceState.STATED) -> Offer:
    return offer(provider, prices=Prices(input=Decimal(price)), price_state=state)


def row_of(*offers: Offer) -> Row:
    return rows_by_model(catalog(*offers))[0]


def catalog(*offers: Offer) -> Catalog:
    sources = tuple(
        SourceStatus(source=f"{name}/v1", provider=name, url="", health=health)
        for name, health in (("chutes", SourceHealth.LIVE), ("groq", SourceHealth.STALE))
    )
    model = Model(key="qwen3-32b", name="Qwen3 32B", offers=offers)
    return Catalog(offers=offers, models=(model,), sources=sources, built_at=NOW)


def text(key: str, row: Row) -> str:
    return COLUMNS_BY_KEY[key].text(row, NOW)


def test_a_models_row_shows_ranges_and_counts() -> None:
    row = row_of(
        offer("chutes", context_length=131_072, quantization="fp8", prices=Prices(input=Decimal("0.1")),
              price_state=PriceState.STATED),
        offer("groq", context_length=1_048_576, quantization="bf16", prices=Prices(input=Decimal(3)),
              price_state=PriceState.STATED),
    )  # fmt: skip
    shown = {key: text(key, row) for key in ("model", "provider", "context", "quant", "in", "out", "offers")}
    assert shown == {
        "model": "Qwen3 32B", "provider": "2 providers", "context": "131K…1.05M", "quant": "bf16,fp8",
        "in": "$0.1…3", "out": MISSING, "offers": "2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "prices", "shown", "sorted_by"),
    [
        (PriceState.UNKNOWN, Prices(), MISSING, None),
        (PriceState.ZERO, Prices(input=Decimal(0)), "$0", 0),
        (PriceState.PLAN, Prices(input=Decimal(0)), "plan", None),
        (PriceState.DYNAMIC, Prices(input=Decimal(-1)), "varies", None),
        (PriceState.OTHER_UNIT, Prices(image=Decimal("0.04")), "$0.04/img", None),
    ],
)
def test_prices_that_are_no_prices_keep_their_word(
    state: PriceState, prices: Prices, shown: str, sorted_by: object
) -> None:
    row = row_of(offer(price_state=state, prices=prices))
    assert text("in", row) == shown
    assert COLUMNS_BY_KEY["in"].sort_value(row) == sorted_by


def test_a_plan_is_no_part_of_a_price_range() -> None:
    row = row_of(priced("chutes", "0", PriceState.PLAN), priced("groq", "0.5"))
    assert text("in", row) == "$0.5"
    assert text("pricing", row) == "plan,stated"


def test_capabilities_have_fixed_places() -> None:
    row = row_of(offer(capabilities=mask_of(["tools", "reasoning"]), open_weights=True))
    assert text("caps", row) == "T·R····O"
    assert COLUMNS_BY_KEY["caps"].csv(row) == "reasoning; tools; open_weights"


def test_states_tell_what_is_worth_calling() -> None:
    hot = offer(deployment=Deployment(hot=True, instances=3), sources=("chutes/v1",))
    assert text("state", row_of(hot)) == "hot \u00d73"
    assert text("state", row_of(offer(sources=("chutes/v1",)))) == "live"
    assert text("state", row_of(hot, offer("groq", sources=("groq/v1",)))) == "hot 1/2"
    assert text("state", row_of(offer(status="deprecated", deployment=Deployment(hot=True)))) == "deprecated"
    assert text("state", row_of(offer())) == MISSING


def test_days_of_several_offers_name_their_span() -> None:
    days = [datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 10, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)]
    rows = [row_of(*(offer(created_at=day) for day in days[:n])) for n in (1, 2, 3)]
    assert [text("released", row) for row in rows] == ["2025-05-01", "2025-05…10", "2025…2026"]


def test_latency_and_cost_come_with_rows() -> None:
    rows = rows_by_model(catalog(offer("chutes"), offer("groq")))
    fast = LatencySample(provider="groq", id="qwen3-32b", measured_at=NOW, ttft_s=0.21, tokens_per_s=250.0)
    (row,) = with_costs(with_latency(rows, {"groq/qwen3-32b": fast}), lambda each: Decimal(len(each.provider)))
    assert (text("ttft", row), text("tps", row), text("cost", row)) == ("0.21", "250", "$4…6")
    assert row.latency == fast
    assert row.cost == 4
    assert with_latency([row], {"groq/qwen3-32b": fast})[0] is row


def test_a_cost_with_an_unknown_price_is_unknown() -> None:
    rows = rows_by_offer(catalog(offer()))
    assert text("cost", rows[0]) == MISSING
    assert text("cost", with_costs(rows, lambda _: None)[0]) == "unknown"


def test_a_failed_latency_test_is_not_the_same_as_none() -> None:
    failed = LatencySample(provider="chutes", id="qwen3-32b", measured_at=NOW, error="HTTP 500")
    assert text("ttft", with_latency([row_of(offer())], {"chutes/qwen3-32b": failed})[0]) == "failed"


def test_a_conflict_marks_only_its_own_column() -> None:
    row = row_of(offer(conflicts=("prices.input", "capabilities.tools")))
    assert [column.key for column in COLUMNS if conflicted(row, column)] == ["in", "caps"]


def test_no_text_of_an_offer_reaches_a_cell_uncleaned() -> None:
    evil = "x\x1b[2J\x07"
    row = rows_by_offer(
        catalog(
            Offer(provider=evil, id=evil, name=evil, owner=evil, quantization=evil, license=evil, sources=(evil,),
                  input_modalities=(evil,), output_modalities=(evil,))
        )
    )[0]  # fmt: skip
    assert all(column.text(row, NOW).isprintable() for column in COLUMNS)


def test_an_offers_row_has_its_exact_id() -> None:
    row = rows_by_offer(catalog(offer("groq", "qwen/qwen3-32b")))[0]
    assert (row.key, row.title, text("provider", row)) == ("groq/qwen/qwen3-32b", "qwen/qwen3-32b", "groq")


@pytest.mark.parametrize("width", [20, 60, 80, 100, 120, 160, 200, 300])
def test_columns_fit_their_width(width: int) -> None:
    fitted = fit_columns(DEFAULT_COLUMNS, width)
    assert sum(cells for _, cells in fitted) + GAP * (len(fitted) - 1) <= width
    assert fitted[0][0].key == "model"
    assert all(column.min_width <= cells <= column.max_width for column, cells in fitted)


def test_eighty_cells_keep_what_decides_and_two_hundred_keep_everything() -> None:
    narrow = {column.key for column, _ in fit_columns(DEFAULT_COLUMNS, 80)}
    assert {"model", "provider", "context", "in", "out", "caps"} <= narrow
    wide = fit_columns(DEFAULT_COLUMNS, 200)
    assert tuple(column.key for column, _ in wide) == DEFAULT_COLUMNS
    assert sum(cells for _, cells in wide) + GAP * (len(wide) - 1) >= 195


def test_an_unknown_column_has_a_near_miss() -> None:
    with pytest.raises(UsageError) as caught:
        columns_named(["contxt"])
    assert "context" in caught.value.hint


def test_every_column_has_an_answer_for_an_offer_that_states_nothing() -> None:
    row = rows_by_offer(catalog(Offer(provider="p", id="m")))[0]
    for column in COLUMNS:
        assert column.text(row, NOW)
        assert column.help
        assert max(column.min_width, len(column.title)) <= column.min_width <= column.width <= column.max_width


def test_columns_and_queries_load_no_heavy_library() -> None:
    code = (
        "import sys, modeltui.columns, modeltui.query, modeltui.export\n"
        "print(*{'rich', 'textual', 'httpx', 'rapidfuzz', 'asyncio', 'sqlite3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    assert done.stdout.split() == []
