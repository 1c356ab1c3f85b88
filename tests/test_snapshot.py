"""The shipped catalogue: thousands of rows without network or key."""

from modeltui import snapshot
from modeltui.providers.read import read
from modeltui.providers.registry import PROVIDERS


def test_the_shipped_catalogue_has_thousands_of_readable_listings() -> None:
    shipped = snapshot.load()
    reading = read("snapshot", PROVIDERS["models-dev"].sources[0], [shipped.body], shipped.taken_at)
    assert len(reading.records) > 4000
    assert reading.source == "snapshot/catalog"
    assert len({record.claims["provider"].value for record in reading.records}) > 100


def test_it_carries_its_date_origin_and_licence_and_no_descriptions() -> None:
    shipped = snapshot.load()
    assert shipped.taken_at.year >= 2026
    assert "MIT" in shipped.licence
    assert shipped.origin
    assert b'"description"' not in shipped.body
