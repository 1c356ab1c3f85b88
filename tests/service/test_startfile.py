"""The start-up file: what is written is what is read, and what many offers have is read once."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from modeltui.model import Link, Model, Offer, Prices
from modeltui.service import startfile
from modeltui.state import Catalog, LatencySample, SourceHealth, SourceStatus

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PRICES = Prices(input=Decimal("0.10"), output=Decimal(1))


def catalog_of(count: int) -> Catalog:
    offers = tuple(
        Offer(
            f"p{place % 2}",
            f"id-{place}",
            model=f"m{place // 2}",
            context_length=place or None,
            prices=PRICES if place % 3 else Prices(input=Decimal("0.1")),
            input_modalities=("text",),
            fetched_at=NOW,
        )
        for place in range(count)
    )
    models = tuple(
        Model(
            f"m{start // 2}",
            f"Model {start}",
            offers[start : start + 2],
            tuple(Link(o.provider, o.id, "exact", 100.0, "the same id") for o in offers[start : start + 2]),
        )
        for start in range(0, count, 2)
    )
    status = SourceStatus("p0/models", "p0", "https://p0.example", SourceHealth.LIVE)
    latency = {"p0/id-0": LatencySample("p0", "id-0", NOW, ttft_s=0.5)}
    return Catalog(offers, models, (status,), NOW, latency=latency)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12])
def test_what_is_written_is_read_again(tmp_path: Path, count: int) -> None:
    catalog = catalog_of(count)
    assert startfile.write(tmp_path / "start", catalog, "settings hashes")
    assert startfile.read(tmp_path / "start", "settings hashes".__eq__) == catalog


def test_a_decimal_keeps_its_digits(tmp_path: Path) -> None:
    startfile.write(tmp_path / "start", catalog_of(12), "k")
    read = startfile.read(tmp_path / "start")
    assert read is not None
    assert {str(offer.prices.input) for offer in read.offers} == {"0.10", "0.1"}


def test_what_many_offers_have_is_one_object(tmp_path: Path) -> None:
    startfile.write(tmp_path / "start", catalog_of(12), "k")
    read = startfile.read(tmp_path / "start")
    assert read is not None
    assert len({id(offer.prices) for offer in read.offers}) == 2
    assert len({id(offer.provider) for offer in read.offers}) == 2
    assert len({id(offer.fetched_at) for offer in read.offers}) == 1
    assert all(link.offer_id is o.id for m in read.models for link, o in zip(m.links, m.offers, strict=True))


def test_links_in_another_order_than_the_offers_are_kept(tmp_path: Path) -> None:
    catalog = catalog_of(12)
    turned = replace(catalog, models=tuple(replace(model, links=model.links[::-1]) for model in catalog.models))
    startfile.write(tmp_path / "start", turned, "k")
    assert startfile.read(tmp_path / "start") == turned


def test_a_key_that_is_not_accepted_makes_the_file_worthless(tmp_path: Path) -> None:
    startfile.write(tmp_path / "start", catalog_of(2), "settings hashes")
    assert startfile.read(tmp_path / "start", "others".__eq__) is None


def test_a_changed_byte_makes_the_file_worthless(tmp_path: Path) -> None:
    path = tmp_path / "start"
    startfile.write(path, catalog_of(4), "k")
    body = bytearray(path.read_bytes())
    body[-20] ^= 1
    path.write_bytes(body)
    assert startfile.read(path) is None
