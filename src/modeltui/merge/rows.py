"""Offers become rows: every offer gets its model's key and its variant label, every model its offers and its name."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec.structs import replace

from modeltui.memory import uncollected
from modeltui.merge import words
from modeltui.merge.aliases import Aliases
from modeltui.merge.match import Linking, link
from modeltui.model import Link, Model, Offer


def build_models(offers: Sequence[Offer], aliases: Aliases) -> tuple[tuple[Offer, ...], tuple[Model, ...]]:
    """Link offers and make their models: the offers in the order they came in, the models sorted by key."""
    with uncollected():
        return models_of(offers, link(offers, aliases))


def models_of(offers: Sequence[Offer], linking: Linking) -> tuple[tuple[Offer, ...], tuple[Model, ...]]:
    """Make models of offers that are linked already."""
    placed = [
        replace(offer, model=key, variant=variant)
        for offer, key, variant in zip(offers, linking.keys, linking.variants, strict=True)
    ]
    members: dict[str, list[tuple[Offer, Link]]] = {}
    for offer, told in zip(placed, linking.links, strict=True):
        members.setdefault(offer.model, []).append((offer, told))
    return tuple(placed), tuple([_model(key, members[key]) for key in sorted(members)])


def _model(key: str, members: list[tuple[Offer, Link]]) -> Model:
    if len(members) > 1:
        members.sort(key=lambda member: (member[0].provider, member[0].id))
    offers = tuple([offer for offer, _ in members])
    return Model(key, best_name(key, offers), offers, tuple([told for _, told in members]))


_SERVING = re.compile(r"\s*\((?:free|beta|batch|thinking|extended|self-moderated|fast|fp8|turbo)\)", re.IGNORECASE)


def best_name(key: str, offers: Sequence[Offer]) -> str:
    """Choose a model's name: its maker's own, else the most used, else the id made readable."""
    if len(offers) == 1:
        return _plain_name(offers[0].name or "") or _readable(offers[0].id)
    named = [(offer, name) for offer in offers if offer.name and (name := _plain_name(offer.name))]
    maker = key.partition("/")[0]
    own = [name for offer, name in named if words.MAKER_PROVIDERS.get(offer.provider) == maker]
    if named:
        return _commonest(own or [name for _, name in named])
    return _commonest(_readable(offer.id) for offer in offers)


@lru_cache(maxsize=16_384)
def _plain_name(name: str) -> str:
    """Take a display name without the maker in front and the serving behind; an id in its place is no name."""
    if "/" in name or " " not in name.strip():
        return ""
    return " ".join(_SERVING.sub("", name.rpartition(": ")[2] or name).split())


def _readable(offer_id: str) -> str:
    tail = offer_id.rstrip("/").rpartition("/")[2].partition(":")[0]
    return re.sub(r"[-_\s]+", " ", tail).strip() or offer_id


def _commonest(names: Iterable[str]) -> str:
    """Take the name most offers use; among equals one with capitals, the shortest, the alphabet's first."""
    counted = Counter(names)
    if len(counted) == 1:
        return next(iter(counted))
    return min(counted, key=lambda name: (-counted[name], name == name.lower(), len(name), name))
