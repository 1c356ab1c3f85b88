"""Every cell of the recorded answers that stand outside the project, where they are there."""

import csv
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from map_samples import FETCHED_AT, SHARED
from modeltui.providers.read import read
from modeltui.providers.registry import PROVIDERS
from modeltui.providers.spec import Public
from modeltui.state import Record

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded answers are not there"),
]

SLUGS = {"claude": "anthropic", "github": "github-models", "grok": "xai", "meta": "meta-llama"}
COLUMNS = {
    "context": "context_length",
    "max_output": "max_output_tokens",
    "quantization": "quantization",
    "input_usd_per_mtok": "prices.input",
    "output_usd_per_mtok": "prices.output",
    "modalities_in": "input_modalities",
    "modalities_out": "output_modalities",
    "tools": "capabilities.tools",
    "vision": "capabilities.vision",
    "reasoning": "capabilities.reasoning",
    "embeddings": "capabilities.embeddings",
}
FILES = sorted((SHARED / "expected").rglob("*.csv")) if SHARED.is_dir() else []


def answer_of(expected: Path) -> Path:
    name = expected.stem.partition("_")[0] + ".json"
    return SHARED / "responses" / expected.relative_to(SHARED / "expected").parent / name


def is_right(cell: str, value: object, *, notes: str) -> bool:
    """Judge one cell by the rules that stand beside the expected files."""
    match cell:
        case "":
            return value is None or value is False
        case "true" | "false":
            return value is (cell == "true")
        case "absent":
            return value is not True
    if isinstance(value, tuple):
        return "|".join(value) == cell
    if isinstance(value, str):
        return value == cell
    if value is None:
        return bool(notes)
    assert isinstance(value, int | Decimal)
    wanted = Decimal(cell)
    return abs(Decimal(value) - wanted) <= abs(wanted) / 1_000_000


def wrong_cells(row: Mapping[str, str], record: Record) -> list[str]:
    wrong = []
    for column, field in COLUMNS.items():
        claim = record.claims.get(field)
        if not is_right(row[column], claim.value if claim else None, notes=row["notes"]):
            wrong.append(f"{row['id']} {column}: {row[column]!r} is {claim.value if claim else None!r}")
    return wrong


@pytest.mark.parametrize("expected", FILES, ids=lambda path: path.stem)
def test_every_cell_of_a_recorded_answer_is_right(expected: Path) -> None:
    answer = answer_of(expected)
    slug = SLUGS.get(answer.stem, answer.stem)
    source = PROVIDERS[slug].sources[0]
    records = {record.id: record for record in read(slug, source, [answer.read_bytes()], FETCHED_AT).records}
    with expected.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    wrong = [cell for row in rows for cell in wrong_cells(row, records[row["id"]])]
    assert wrong == []
    assert set(records) == {row["id"] for row in rows}


@pytest.mark.parametrize("expected", FILES, ids=lambda path: path.stem)
def test_further_sources_never_contradict_the_main_one_on_its_own_answer(expected: Path) -> None:
    answer = answer_of(expected)
    slug = SLUGS.get(answer.stem, answer.stem)
    main, *others = (source for source in PROVIDERS[slug].sources if not source.on_demand)
    stated = {r.id: r.claims for r in read(slug, main, [answer.read_bytes()], FETCHED_AT).records}
    for source in others:
        for record in read(slug, source, [answer.read_bytes()], FETCHED_AT).records:
            for name, claim in record.claims.items():
                assert stated[record.id][name].value == claim.value, f"{source.name} {record.id} {name}"


PLACES = {
    "chutes-management": ("chutes", "deployments"),
    "chutes-utilization": ("chutes", "utilization"),
    "fireworks-control": ("fireworks", "control"),
    "deepinfra-native": ("deepinfra", "native"),
    "cerebras-public": ("cerebras", "public"),
    "modelsdev": ("models-dev", "catalog"),
}
TOLD = tomllib.loads((SHARED / "providers.toml").read_text(encoding="utf-8"))["providers"] if FILES else {}


def known_as(*, public: bool, mark: str) -> set[Public]:
    """Say which of our marks the reference's allow; a local server that may want a key is only inferred."""
    if not public:
        return {Public.NO, Public.INFERRED} if mark == "source" else {Public.NO}
    return {Public.INFERRED} if mark == "inferred" else {Public.YES}


@pytest.mark.parametrize("name", TOLD)
def test_a_listing_is_asked_where_and_as_the_reference_says(name: str) -> None:
    told = TOLD[name]
    slug, source_name = PLACES.get(name, (name, ""))
    provider = PROVIDERS[slug]
    source = next(source for source in provider.sources if source_name in {"", source.name})
    path = told["models_path"]
    assert (source.endpoint or provider.endpoint) + source.path == (
        path if path.startswith("http") else told["endpoint"] + path
    )
    assert source.public in known_as(public=told["public"], mark=told["public_mark"])
    if not source_name and provider.auth.env:
        assert set(provider.auth.env) & set(told["env"]) or provider.local
