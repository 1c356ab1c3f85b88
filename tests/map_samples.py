"""The hand-made answers under `tests/providers/payloads`, and what the maps must read from them."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from modeltui.providers.payload import decode
from modeltui.providers.read import read_payloads
from modeltui.providers.records import getter
from modeltui.providers.registry import PROVIDERS
from modeltui.providers.rules import Either, Rule
from modeltui.providers.spec import Source
from modeltui.state import Reading

HERE = Path(__file__).parent / "providers"
PAYLOADS = HERE / "payloads"
GOLDEN = HERE / "golden"
SHARED = Path(__file__).parents[2] / "shared"
FETCHED_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
SOURCES = [(slug, source) for slug, provider in PROVIDERS.items() for source in provider.sources]
NAMES = [f"{slug}/{source.name}" for slug, source in SOURCES]


def payload_files(slug: str, source: str) -> list[Path]:
    """Find the answers of one source: `SOURCE.json`, and `SOURCE.VARIANT.json` for its other shapes."""
    return sorted(path for path in (PAYLOADS / slug).glob("*.json") if path.name.split(".")[0] == source)


def raw_records(slug: str, source: Source) -> list[Mapping[str, object]]:
    """Collect the raw records of every answer of one source."""
    found = (source.records.find(decode(path.read_bytes())) for path in payload_files(slug, source.name))
    return [record for records in found for record in records if isinstance(record, dict)]


def reading_of(slug: str, source: Source, path: Path) -> Reading:
    """Read one answer as the program does."""
    return read_payloads(slug, source, [decode(path.read_bytes())], FETCHED_AT)


def plain(value: object) -> object:
    """Turn a claim's value into JSON: amounts as text, so that no digit is lost."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, msgspec.Struct):
        stated = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: plain(inner) for name, inner in stated.items() if inner is not None and inner != ()}
    return value


def claims_of(slug: str) -> dict[str, object]:
    """Read every answer of a provider: file to record to field to value, with the problems beside."""
    read: dict[str, object] = {}
    for source in PROVIDERS[slug].sources:
        for path in payload_files(slug, source.name):
            reading = reading_of(slug, source, path)
            read[path.stem] = {
                "records": {
                    record.id: {name: plain(claim.value) for name, claim in sorted(record.claims.items())}
                    for record in reading.records
                },
                "problems": [f"{p.record} {p.field}: {p.reason}" for p in reading.problems],
            }
    return read


def golden_of(slug: str) -> dict[str, object]:
    """Load what a provider's answers must become."""
    loaded: dict[str, object] = json.loads((GOLDEN / f"{slug}.json").read_text(encoding="utf-8"))
    return loaded


def paths_of(rule: Rule) -> Iterator[str]:
    """Every raw path a rule may look at, conditions and nested rules included."""
    if isinstance(rule, Either):
        for inner in rule.rules:
            yield from paths_of(inner)
    else:
        yield from rule.paths
    if rule.only is not None:
        yield from rule.only.path.split("|")


def leads_somewhere(path: str, records: list[Mapping[str, object]]) -> bool:
    """Tell whether any record has a value at the path."""
    get = getter(path)
    return any(get(record) is not None for record in records)
