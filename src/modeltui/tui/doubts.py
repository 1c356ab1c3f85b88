"""Which links and look-alikes a person should judge, and between which offers a judgement is written down."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from modeltui.format import clean
from modeltui.merge.aliases import Aliases
from modeltui.model import Link, Model, Offer
from modeltui.state import Catalog

CERTAIN = 100.0
Pair = tuple[str, str]
"""Two offers as `provider/id`: the one that keeps the row, and the one that leaves or joins it."""


class Doubt(Struct, frozen=True):
    """Two sides that are joined without full certainty, or look alike and are apart."""

    one: Offer
    """The offer that a decision names first."""
    other: Offer
    score: float
    basis: str
    joined: bool

    @property
    def key(self) -> str:
        """Tells this doubt from any other, whatever is decided."""
        return f"{self.one.key}\x1f{self.other.key}"


def doubts(catalog: Catalog, alike: Iterable[tuple[str, str, float]], aliases: Aliases) -> list[Doubt]:
    """List what is not certain, the least certain links first, then the look-alikes, the most alike first."""
    links: dict[frozenset[str], Doubt] = {}
    for doubt in (doubt for model in catalog.models for doubt in _links(model)):
        links.setdefault(frozenset((doubt.one.key, doubt.other.key)), doubt)
    models = {model.key: model for model in catalog.models}
    told = [(models.get(one), models.get(other), score) for one, other, score in alike]
    apart = [
        _apart(one, other, score)
        for one, other, score in told
        if one is not None and other is not None and not contrary(one.offers, other.offers, aliases)
    ]
    return [
        *sorted(links.values(), key=lambda doubt: (doubt.score, doubt.key)),
        *sorted(apart, key=lambda doubt: (-doubt.score, doubt.key)),
    ]


def _links(model: Model) -> Iterator[Doubt]:
    if len(model.offers) < 2:
        return
    for offer, link in zip(model.offers, model.links, strict=True):
        if link.score < CERTAIN:
            anchor = anchor_of(model, offer)
            yield Doubt(anchor, offer, link.score, basis_of(link), joined=True)


def basis_of(link: Link) -> str:
    """Say on what a link rests."""
    return clean(f"{link.method}: {link.basis}" if link.basis else link.method)


def _apart(one: Model, other: Model, score: float) -> Doubt:
    return Doubt(one.offers[0], other.offers[0], score, f"{one.key} and {other.key}", joined=False)


def anchor_of(model: Model, offer: Offer) -> Offer:
    """Give the offer of a model that another one is most surely the same as: the surest link but its own."""
    rest = [
        (link.score, -place, other)
        for place, (other, link) in enumerate(zip(model.offers, model.links, strict=True))
        if other.key != offer.key
    ]
    return max(rest, key=lambda each: each[:2])[2] if rest else offer


def contrary(ones: Iterable[Offer], others: Iterable[Offer], aliases: Aliases) -> list[Pair]:
    """Give what the user has said to keep two sets of offers apart."""
    mine, theirs = {offer.key for offer in ones}, {offer.key for offer in others}
    return [
        (stays, leaves)
        for group in aliases.different
        for place, stays in enumerate(group)
        for leaves in group[place + 1 :]
        if (stays in mine and leaves in theirs) or (stays in theirs and leaves in mine)
    ]


def to_join(ones: Sequence[Offer], others: Sequence[Offer], aliases: Aliases) -> list[Pair]:
    """Choose between which offers `same` is written: where the user kept some apart, those words are taken back."""
    return contrary(ones, others, aliases) or [(ones[0].key, others[0].key)]


def to_split(model: Model, offer: Offer, aliases: Aliases) -> list[Pair]:
    """Choose between which offers `different` is written: where the user joined some, that word is taken back."""
    members = {other.key for other in model.offers} - {offer.key}
    said = [
        next(name for name in group if name in members)
        for group in aliases.same
        if offer.key in group and not members.isdisjoint(group)
    ]
    return [(other, offer.key) for other in dict.fromkeys(said)] or [(anchor_of(model, offer).key, offer.key)]


def written(path: Path, pairs: Sequence[Pair], *, same: bool) -> list[str]:
    """Say what a decision writes, and where."""
    lines = [f"Written to {path}:"]
    for pair in pairs:
        ids = ", ".join(f'"{clean(name)}"' for name in pair)
        lines += [f"    [[aliases.{'same' if same else 'different'}]]", f"    ids = [{ids}]"]
    undo = "split one off with -" if same else "mark both rows and join them with +"
    return [*lines, " ", f"What it said to the contrary is taken out. To undo: {undo}."]
