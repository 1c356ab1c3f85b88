"""The generated page of providers, and the guide for adding one."""

import re
import runpy
from pathlib import Path

from modeltui.providers.registry import PROVIDERS

ROOT = Path(__file__).parents[2]


def test_the_page_of_providers_is_what_the_maps_say() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "provider_page.py"))
    written = (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")
    assert written == script["page"](), "run scripts/provider_page.py"


def test_every_provider_has_a_note_below_its_constant() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "provider_page.py"))
    assert set(script["notes"]()) == set(PROVIDERS)


def test_adding_a_provider_is_told_in_fewer_than_30_lines() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", guide, flags=re.MULTILINE)
    adding = next(part for part in section if part.startswith("Adding a provider"))
    assert len(adding.strip().splitlines()) < 30
