"""Exports keep their promise to scripts, spreadsheets and pages: exact values, nothing that acts."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeltui.columns import COLUMNS, columns_named
from modeltui.export import document, model_json, offer_json, source_json, to_csv, to_ids, to_json, to_markdown
from modeltui.model import (
    PRICE_FIELDS,
    Claim,
    Deployment,
    Link,
    Model,
    Offer,
    Prices,
    PriceState,
    PriceTier,
    Problem,
    mask_of,
)
from modeltui.state import Catalog, SourceHealth, SourceStatus
from modeltui.table_rows import rows_by_model, rows_by_offer

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
V1 = "chutes/v1"
FULL = Offer(
    provider="chutes",
    id="Qwen/Qwen3-32B",
    model="qwen3-32b",
    name="Qwen3 32B",
    created_at=datetime(2025, 10, 22, tzinfo=UTC),
    context_length=163_840,
    max_output_tokens=65_536,
    quantization="fp8",
    input_modalities=("text",),
    output_modalities=("text",),
    capabilities=mask_of(["tools", "reasoning"]),
    open_weights=True,
    prices=Prices(input=Decimal("0.3"), output=Decimal("15")),
    price_state=PriceState.STATED,
    price_tiers=(PriceTier(prices=Prices(input=Decimal("0.6")), above_prompt_tokens=200_000),),
    deployment=Deployment(hot=True, instances=3, gpus=("h200",), invocations=1234),
    variant="fp8",
    sources=(V1,),
    conflicts=("max_output_tokens",),
    problems=(Problem(source=V1, record="#1", field="quantization", reason="odd"),),
    fetched_at=NOW,
)
BARE = Offer(provider="groq", id="m")
CATALOG = Catalog(
    offers=(FULL, BARE),
    models=(
        Model(
            key="qwen3-32b",
            name="Qwen3 32B",
            offers=(FULL, BARE),
            links=(Link("chutes", "Qwen/Qwen3-32B", "declared", 100.0, "weights"),),
        ),
    ),
    sources=(SourceStatus(source=V1, provider="chutes", url="u", health=SourceHealth.LIVE, fetched_at=NOW),),
    built_at=NOW,
    claims={
        FULL.key: {
            "max_output_tokens": (
                Claim(65_536, V1, "max_output_length"),
                Claim(32_768, "models-dev/catalog", "limit.output"),
            ),
            "prices.input": (Claim(Decimal("0.3"), V1, "price.input"),),
        }
    },
)


def test_the_json_of_an_offer_is_the_one_that_is_promised() -> None:
    found = offer_json(FULL, CATALOG)
    assert list(found) == [
        "provider", "id", "model", "name", "owner", "description", "created_at", "context_length",
        "max_output_tokens", "quantization", "input_modalities", "output_modalities", "capabilities", "open_weights",
        "status", "prices", "price_state", "price_tiers", "deployment", "variant", "sources", "claims", "conflicts",
        "problems", "fetched_at",
    ]  # fmt: skip
    assert found["created_at"] == "2025-10-22T00:00:00Z"
    assert found["capabilities"] == ["reasoning", "tools"]
    assert found["prices"] == {field: {"input": 0.3, "output": 15}.get(field) for field in PRICE_FIELDS}
    claims = {
        "max_output_tokens": {"source": V1, "path": "max_output_length", "fetched_at": "2026-07-01T12:00:00Z"},
        "prices.input": {"source": V1, "path": "price.input", "fetched_at": "2026-07-01T12:00:00Z"},
    }
    assert found["claims"] == claims
    assert found["conflicts"] == {
        "max_output_tokens": [
            {"value": 65_536, "source": V1, "path": "max_output_length"},
            {"value": 32_768, "source": "models-dev/catalog", "path": "limit.output"},
        ]
    }
    assert found["problems"] == [{"source": V1, "record": "#1", "field": "quantization", "reason": "odd"}]


def test_numbers_of_deployments_and_tiers_are_numbers() -> None:
    found = json.loads(to_json(offer_json(FULL, CATALOG)))
    assert found["deployment"]["instances"] == 3
    assert found["deployment"]["gpus"] == ["h200"]
    assert found["price_tiers"][0]["above_prompt_tokens"] == 200_000
    assert found["price_tiers"][0]["prices"]["input"] == 0.6


def test_absent_facts_are_null() -> None:
    found = offer_json(BARE, CATALOG)
    absent = {name for name, value in found.items() if value is None}
    assert {"name", "context_length", "deployment", "input_modalities", "open_weights", "fetched_at"} <= absent
    assert found["price_state"] == "unknown"
    assert found["claims"] == found["conflicts"] == {}


def test_the_json_of_a_model_has_ranges() -> None:
    found = model_json(CATALOG.models[0])
    assert found["offers"] == ["chutes/Qwen/Qwen3-32B", "groq/m"]
    assert found["variants"] == {"chutes/Qwen/Qwen3-32B": "fp8", "groq/m": None}
    assert found["context_length"] == {"min": 163_840, "max": 163_840}
    prices = found["prices"]
    assert isinstance(prices, dict)
    assert prices["input"] == {"min": 0.3, "max": 0.3}
    assert prices["cache_read"] is None


def test_a_plan_is_no_price_in_a_range() -> None:
    plan = Offer(provider="p", id="m", prices=Prices(input=Decimal(0)), price_state=PriceState.PLAN)
    prices = model_json(Model(key="m", name="m", offers=(plan,)))["prices"]
    assert isinstance(prices, dict)
    assert prices["input"] is None


def test_the_whole_export_has_its_six_parts() -> None:
    found = document(CATALOG, CATALOG.offers, CATALOG.models, "1.2.3", [])
    assert list(found) == ["generated_at", "version", "sources", "merge_analysis", "offers", "models"]
    assert json.loads(to_json(found)) == found
    assert source_json(CATALOG.sources[0])["health"] == "live"


def test_json_is_json_for_every_reader() -> None:
    assert to_json("a\ud800b") == '"a\ufffdb"'
    assert json.loads(to_json("é😀", ensure_ascii=True)) == "é😀"
    assert to_json("é😀", ensure_ascii=True).isascii()
    with pytest.raises(ValueError, match="JSON"):
        to_json(float("nan"))


@given(st.text(max_size=20))
def test_json_keeps_every_character(text: str) -> None:
    assert json.loads(to_json(text)) == text
    assert json.loads(to_json(text, ensure_ascii=True)) == text


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_exact_numbers() -> None:
    rows = rows_by_offer(CATALOG)
    found = read(to_csv(rows, columns_named(["provider", "context", "in", "out", "released", "caps"]), NOW))
    assert found[0] == {
        "provider": "chutes", "context": "163840", "in": "0.3", "out": "15", "released": "2025-10-22T00:00:00Z",
        "caps": "reasoning; tools; open_weights",
    }  # fmt: skip
    assert set(found[1].values()) == {"groq", ""}


def test_ranges_of_models_take_two_columns() -> None:
    found = read(to_csv(rows_by_model(CATALOG), columns_named(["model", "context", "offers"]), NOW))
    assert found == [{"model": "Qwen3 32B", "context_min": "163840", "context_max": "163840", "offers": "2"}]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\n=1", "\r=1", "\uff1d1+1", "=cmd|' /C calc'!A0"]
)
def test_a_spreadsheet_runs_no_formula(text: str) -> None:
    rows = rows_by_offer(Catalog(offers=(Offer(provider="p", id=text),), models=(), sources=(), built_at=NOW))
    (found,) = read(to_csv(rows, columns_named(["id"]), NOW))
    assert found["id"].startswith("'")
    (exact,) = read(to_csv(rows, columns_named(["id"]), NOW, raw=True))
    assert exact["id"] == text


@given(
    st.text(st.characters(exclude_categories=["C", "Z", "M"]), min_size=1, max_size=12).filter(lambda t: t[0].isalnum())
)
def test_csv_brings_every_name_back(text: str) -> None:
    rows = rows_by_offer(Catalog(offers=(Offer(provider="p", id=text),), models=(), sources=(), built_at=NOW))
    assert read(to_csv(rows, columns_named(["id", "model"]), NOW)) == [{"id": text, "model": text}]


@given(st.text(st.characters(exclude_categories=()), max_size=20))
def test_csv_never_carries_a_control_character(text: str) -> None:
    rows = rows_by_offer(Catalog(offers=(Offer(provider="p", id=text),), models=(), sources=(), built_at=NOW))
    assert all(line.isprintable() for line in to_csv(rows, columns_named(["id"]), NOW).split("\n"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a|b", r"a\|b"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("![x](http://evil.example/p.png)", r"!\[x\](http&#58;//evil.example/p.png)"),
        ("```\n# h", r"\`\`\`␊\# h"),
        ("a_b*c", r"a\_b\*c"),
    ],
)
def test_a_markdown_cell_is_only_text(text: str, cell: str) -> None:
    rows = rows_by_offer(Catalog(offers=(Offer(provider="p", id=text),), models=(), sources=(), built_at=NOW))
    assert to_markdown(rows, columns_named(["model"]), NOW) == f"| Model |\n| --- |\n| {cell} |\n"


def test_a_markdown_table_shows_what_the_screen_shows() -> None:
    lines = to_markdown(rows_by_model(CATALOG), COLUMNS, NOW).splitlines()
    assert len(lines) == 3
    assert "164K" in lines[2]
    assert all(line.count("|") - line.count(r"\|") == len(COLUMNS) + 1 for line in lines)


def test_ids_are_one_a_line() -> None:
    assert to_ids(rows_by_offer(CATALOG)) == "chutes/Qwen/Qwen3-32B\ngroq/m\n"
    assert to_ids(rows_by_model(CATALOG)) == "qwen3-32b\n"
    assert to_ids([]) == ""
