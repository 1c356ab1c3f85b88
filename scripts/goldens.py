"""Rewrite tests/providers/golden from the payloads beside it; notes and published prices stay as they are.

Look at the difference before it is committed: a golden is only worth what a person checked.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from map_samples import GOLDEN, claims_of
from modeltui.providers.registry import PROVIDERS


def main(slugs: list[str]) -> None:
    """Rewrite the goldens of these providers, or of all."""
    GOLDEN.mkdir(exist_ok=True)
    for slug in slugs or PROVIDERS:
        path = GOLDEN / f"{slug}.json"
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"note": "", "published": {}}
        golden = {"note": known["note"], "published": known["published"], "sources": claims_of(slug)}
        path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
