"""Answers made for the tests of reading: the envelope of any source, records along its paths, hostile values."""

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import strategies as st

from modeltui.model import Claim, Problem
from modeltui.providers.claims import claim_reader, paths_read
from modeltui.providers.envelopes import One
from modeltui.providers.registry import PROVIDERS, SHAPES
from modeltui.providers.rules import Bad
from modeltui.providers.spec import Provider, Source
from modeltui.providers.units import DYNAMIC

SOURCES = [(provider, source) for provider in PROVIDERS.values() for source in provider.sources]
SOURCE_IDS = [f"{provider.slug}/{source.name}" for provider, source in SOURCES]
every_source = pytest.mark.parametrize(("provider", "source"), SOURCES, ids=SOURCE_IDS)

WORDS = st.sampled_from(
    [
        "",
        " ",
        "text",
        "text+image->text",
        "image",
        "tools",
        "true",
        "false",
        "0.000002",
        "2e-06",
        "free",
        "-1",
        "1_000",
        "\uff11\uff12",
        "sNaN",
        "1e999999",
        "$0.5",
        "2024-01-01",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "fp8",
        "128k",
        "a,b",
        "vllm",
        "N/A",
        "\ud800",
        "\x1b[31m",
        "unknown",
        "org/repo",
        "chat",
        "2025-13",
    ]
)
NUMBERS = st.one_of(
    st.sampled_from([0, -1, 1, 2, 5.0, 1e-7, 3e-06, 0.3, 65, 20000, 8192, 131072, 10**15, 10**39, -(10**40), 1e30]),
    st.sampled_from([1_700_000_000, 1_700_000_000_000, 10**18, 253_402_300_800, 1e308, 1e-308]),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS, st.text(max_size=8))
KNOWN_KEYS = st.sampled_from(["usd", "name", "prompt", "input", "year", "min_prompt_tokens", "cost"])
KEYS = st.one_of(KNOWN_KEYS, st.text(max_size=4))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=6,
)


def paths_of(source: Source) -> list[str]:
    """Name every path that a source's map looks at in a record."""
    looked_at = chain.from_iterable(chain(*paths_read(rule)) for rule in source.fields.values())
    return [path for path in dict.fromkeys(looked_at) if path and not path.startswith("^")]


def put(row: dict[str, object], path: str, value: object) -> None:
    """Put a value where a path leads, making the objects and lists on the way."""
    node = row
    *parents, last = path.split(".")
    for part in parents:
        node = _stepped(node, part)
    if "[" in last:
        _stepped(node, last)
    else:
        node[last] = value


def _stepped(node: dict[str, object], part: str) -> dict[str, object]:
    key, _, condition = part.partition("[")
    inner = node.get(key)
    if condition:
        name, _, word = condition.rstrip("]").partition("=")
        item: dict[str, object] = {name: word}
        node[key] = [*inner, item] if isinstance(inner, list) else [item]
        return item
    if not isinstance(inner, dict):
        inner = {}
        node[key] = inner
    return inner


def rows_of(source: Source) -> st.SearchStrategy[dict[str, object]]:
    """Draw records whose values stand along the source's own paths."""
    placed = st.lists(st.tuples(st.sampled_from(paths_of(source)), VALUES), max_size=10)
    return st.builds(_row, st.one_of(st.sampled_from(["a", "b", "org/m:free"]), VALUES), st.just(source), placed)


def _row(own_id: object, source: Source, placed: Iterable[tuple[str, object]]) -> dict[str, object]:
    row: dict[str, object] = {}
    for path in source.fields["id"].paths:
        if not path.startswith("^"):
            put(row, path, own_id)
    for path, value in placed:
        put(row, path, value)
    return row


def enveloped(source: Source, rows: list[object]) -> object:
    """Put records into the envelope of a source."""
    if isinstance(source.records, One):
        return rows[0] if rows else {}
    path, expand = source.records.path.split("|")[0], source.records.expand
    keyed = {f"k{place}": row for place, row in enumerate(rows)}
    if expand:
        inner: object = keyed if expand.endswith(".*") else rows
        parent = {"id": "parent", expand.removesuffix(".*"): inner}
        return {"one": parent} if path == "*" else enveloped_at(path, [parent])
    if path == "*":
        return keyed
    return enveloped_at(path, rows) if path else rows


def enveloped_at(path: str, rows: list[object]) -> object:
    """Put a list where a path leads."""
    answer: dict[str, object] = {}
    put(answer, path, rows)
    return answer


def body(payload: object) -> bytes:
    """Write an answer as bytes; lone surrogates become escapes, as servers send them."""
    return json.dumps(payload).encode()


def read_plainly(source: Source, name: str, record: Mapping[str, object]) -> tuple[dict[str, Claim], list[Problem]]:
    """Read one record rule by rule, as the language of rules is defined, with nothing remembered."""
    claims: dict[str, Claim] = {}
    problems: list[Problem] = []
    for field, rule in source.fields.items():
        found = None if field == "id" else claim_reader(rule, name)(record)
        if isinstance(found, Bad):
            problems.append(Problem(name, "", field, found.reason))
        elif isinstance(found, Claim) and found.value is DYNAMIC:
            claims.setdefault("price_state", Claim("dynamic", found.source, found.path))
        elif isinstance(found, Claim):
            claims[field] = found
    return claims, problems


def shared_dir() -> Path:
    """Find the recorded answers that stand outside the project, or skip the test."""
    found = Path(__file__).parents[2] / "shared"
    if not found.is_dir():
        pytest.skip("no recorded answers beside the project")
    return found


def provider_source(slug: str, name: str) -> tuple[Provider, Source]:
    """Find a source by its names."""
    provider = SHAPES[slug]
    return provider, next(source for source in provider.sources if source.name == name)
