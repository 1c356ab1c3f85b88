"""Catalogs made of whatever JSON can say, for the properties that must hold of all of them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from modeltui.errors import PayloadError
from modeltui.merge.aliases import Aliases
from modeltui.merge.offers import build_offers
from modeltui.merge.rows import build_models
from modeltui.model import Claims, Offer
from modeltui.providers.read import read_payloads
from modeltui.providers.spec import Provider, Source
from modeltui.state import Catalog

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def catalog_of(answers: Sequence[tuple[Provider, Source, object]]) -> Catalog:
    """Carry answers through reading, merging and linking, as a refresh does; what is refused is left out."""
    offers: list[Offer] = []
    claims: dict[str, Claims] = {}
    by_provider: dict[str, tuple[Provider, list[tuple[Source, object]]]] = {}
    for provider, source, answer in answers:
        by_provider.setdefault(provider.slug, (provider, []))[1].append((source, answer))
    for provider, found in by_provider.values():
        readings = []
        for source, answer in {source.name: (source, answer) for source, answer in found}.values():
            try:
                readings.append(read_payloads(provider.slug, source, [answer], NOW))
            except PayloadError:
                continue
        if readings:
            merged = build_offers(provider, readings, None, Aliases.of(same=[], different=[]))
            offers += merged.offers
            claims |= merged.claims
    linked, models = build_models(offers, Aliases.of(same=[], different=[]))
    return Catalog(linked, models, (), NOW, claims)
