"""The claims beside the start-up file: the same as were written, or none."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from loopback import Loopback
from modeltui.model import Claim, Claims, Prices, PriceTier
from modeltui.service.claimsfile import FILE_NAME, StoredClaims, write
from replay import openrouter, session_on

SHARED = Claim(True, "sample/models", "features.tools")
TIER = PriceTier(above_prompt_tokens=200_000, prices=Prices(input=Decimal("2.50")))
CLAIMS: dict[str, Claims] = {
    "sample/a": {
        "context_length": (
            Claim(131_072, "sample/models", "context_length"),
            Claim(128_000, "snapshot/catalog", "limit"),
        ),
        "prices.input": (Claim(Decimal("0.10"), "sample/models", "pricing.prompt"),),
        "created_at": (Claim(datetime(2026, 5, 1, 12, tzinfo=UTC), "sample/models", "created"),),
        "input_modalities": (Claim(("text", "image"), "sample/models", "modalities"),),
        "price_tiers": (Claim((TIER,), "sample/models", "pricing.tiers"),),
        "capabilities.tools": (SHARED,),
    },
    "sample/b\u2028": {"capabilities.tools": (SHARED,), "aliases": (Claim((), "sample/models", "aliases"),)},
    "sample/nothing": {},
}


def test_every_claim_comes_back_as_it_was_with_its_type(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    assert write(path, CLAIMS, "key")
    stored = StoredClaims(path, "key")
    assert dict(stored) == CLAIMS
    assert len(stored) == 3
    assert type(stored["sample/a"]["prices.input"][0].value) is Decimal


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    write(path, {f"sample/{number}": {"tools": (SHARED,)} for number in range(100)}, "key")
    stored = StoredClaims(path, "key")
    assert all(stored.get(f"sample/{number}") for number in range(100))
    assert stored.get("sample/100") is None
    assert "other" not in stored


def test_the_claims_of_another_catalog_are_none_of_these(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    write(path, {"sample/a": CLAIMS["sample/a"]}, "key")
    assert StoredClaims(path, "another key").get("sample/a") is None
    assert StoredClaims(tmp_path / "nowhere", "key").get("sample/a") is None
    assert len(StoredClaims(tmp_path, "key")) == 0


def test_a_changed_byte_loses_claims_and_never_changes_one(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    write(path, {"sample/a": CLAIMS["sample/a"], "sample/c": {"tools": (SHARED,)}}, "key")
    sound = path.read_bytes()
    damaged = [sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :] for place in range(len(sound))]
    for body in (*damaged, *(sound[:length] for length in range(0, len(sound), 7))):
        path.write_bytes(body)
        assert StoredClaims(path, "key").get("sample/a") in (None, CLAIMS["sample/a"])


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are followed here")
def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {"sample/a": CLAIMS["sample/a"]}, "key")
    (tmp_path / FILE_NAME).symlink_to(tmp_path / "elsewhere")
    assert StoredClaims(tmp_path / FILE_NAME, "key").get("sample/a") is None


async def test_the_next_run_knows_who_says_what_before_anything_is_built(tmp_path: Path) -> None:
    server = await Loopback.start()
    server.json("/openrouter/models", openrouter("a/one-7b", "b/two-8b"))
    session = session_on(server, tmp_path, "openrouter")
    async for _ in session.refresh():
        pass
    built = session.catalog()
    session.close()
    await server.close()
    again = session_on(server, tmp_path, "openrouter")
    assert dict(again.load().claims) == dict(built.claims)
    assert built.claims["openrouter/a/one-7b"]["context_length"][0].source == "openrouter/models"
    again.close()
