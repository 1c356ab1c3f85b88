"""Which offers are offers of one model, and on what each link rests."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from modeltui.merge import declared, words
from modeltui.merge.aliases import Aliases
from modeltui.merge.attach import CONTEXT, DATE, Attacher, Attachment
from modeltui.merge.identity import Identity, Node, identify, key_of
from modeltui.model import Link, Offer

FUZZY_FLOOR: Final = 90.0
"""Below this rapidfuzz ratio (0 to 100) two spellings are not even near."""


class Linking(Struct, frozen=True):
    """The answer to `link`: one entry an offer, in the order the offers came in."""

    keys: tuple[str, ...]
    """Key of the model each offer is an offer of."""
    variants: tuple[str | None, ...]
    """How each offer differs from others of its model: `fp8`, `free+turbo`, or None."""
    links: tuple[Link, ...]
    review: tuple[tuple[str, str, float], ...] = ()
    """Pairs of model keys that look alike and were not joined, with their score, best first."""


class _Heard(Struct, frozen=True, gc=False):
    own: Identity
    reading: declared.Reading


def link(offers: Sequence[Offer], aliases: Aliases, *, review: bool = False) -> Linking:
    """Link every offer to its model; neither the order of offers nor an unrelated one changes any row."""
    heard = _hear(offers)
    attached = _attach_all(offers, heard)
    labels = _keys_of({attachment.root for attachment in attached})
    keys = [labels[attachment.root] for attachment in attached]
    decided: dict[int, str] = {}
    if aliases:
        keys, decided = _obey(offers, keys, aliases)
    return Linking(
        keys=tuple(keys),
        variants=_variants(offers, heard, keys),
        links=_links(offers, heard, attached, keys, decided),
        review=_review(keys) if review else (),
    )


def _hear(offers: Sequence[Offer]) -> list[_Heard]:
    """Read every offer's id and declared facts; ids that a provider calls aliases speak with one voice."""
    named = _alias_groups(offers)
    return [_hear_one(offer, named.get((offer.provider, offer.id))) for offer in offers]


def _hear_one(offer: Offer, group: frozenset[str] | None) -> _Heard:
    own = identify(offer.id, offer.provider)
    reading = declared.read(offer)
    if group is None:
        return _Heard(own, reading)
    spoken = declared.representative(group, offer.provider)
    if spoken.node == reading.identity.node or _clashes(own, spoken):
        return _Heard(own, reading)
    told = declared.Reading(spoken, "", f"{offer.provider} lists {len(group)} ids as one: {', '.join(sorted(group))}")
    return _Heard(own, told)


def _clashes(own: Identity, spoken: Identity) -> bool:
    """Tell whether an alias contradicts the id in more than its date or its marketing name."""
    return declared.contradiction(own, spoken) in {"size", "version", "role"}


def _alias_groups(offers: Sequence[Offer]) -> dict[tuple[str, str], frozenset[str]]:
    """Close the aliases of each provider: what is an alias of an alias is one too."""
    parents: dict[tuple[str, str], tuple[str, str]] = {}
    for offer in offers:
        for alias in offer.aliases:
            _join(parents, (offer.provider, offer.id), (offer.provider, alias))
    groups: dict[tuple[str, str], set[str]] = {}
    for member in parents:
        groups.setdefault(_find(parents, member), set()).add(member[1])
    return {member: frozenset(groups[_find(parents, member)]) for member in parents}


def _find[T](parents: dict[T, T], member: T) -> T:
    while parents.setdefault(member, member) != member:
        member = parents[member]
    return member
