"""Which offers are offers of one model, and on what each link rests."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final

from msgspec import Struct

from modeltui.merge import declared, overrule, words
from modeltui.merge.aliases import Aliases
from modeltui.merge.attach import Attacher, Attachment
from modeltui.merge.identity import identify
from modeltui.merge.node import Identity, Node, key_of
from modeltui.merge.pairing import FUZZY_FLOOR, NearMiss, Pair, near_misses, pair, similarity
from modeltui.model import Link, Offer

__all__ = ["Linking", "NearMiss", "Pair", "link", "near_misses", "pair"]


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
        keys, decided = overrule.overrule(offers, keys, aliases)
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
    reading = declared.read(offer, own)
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
            overrule.join(parents, (offer.provider, offer.id), (offer.provider, alias))
    groups: dict[tuple[str, str], set[str]] = {}
    for member in parents:
        groups.setdefault(overrule.find(parents, member), set()).add(member[1])
    return {member: frozenset(groups[overrule.find(parents, member)]) for member in parents}


def _attach_all(offers: Sequence[Offer], heard: Sequence[_Heard]) -> list[Attachment]:
    providers: dict[Node, set[str]] = {}
    for offer, one in zip(offers, heard, strict=True):
        providers.setdefault(one.reading.identity.node, set()).add(_listing(offer, one))
    attacher = Attacher(providers, _hints(heard))
    return [
        attacher.of(one.reading.identity.node, one.reading.snapshot, _listing(offer, one))
        if one.reading.snapshot
        else attacher.of(one.reading.identity.node)
        for offer, one in zip(offers, heard, strict=True)
    ]


def _hints(heard: Iterable[_Heard]) -> dict[Node, Node]:
    """Collect what others declare of a name: its one version and size, if all who declare anything agree.

    A date is no hint: under one undated name hosts do serve different snapshots.
    """
    told: dict[Node, set[Node]] = {}
    for one in heard:
        bare, full = one.own.node, one.reading.identity.node
        if bare != full and (*bare[:2], bare[-1]) == (*full[:2], full[-1]):
            told.setdefault(bare, set()).add(full)
    return {node: nodes.pop() for node, nodes in told.items() if len(nodes) == 1}


def _listing(offer: Offer, one: _Heard) -> str:
    """Name the list an offer stands on: what a provider serves in the same way it lists once a model."""
    return f"{offer.provider} {'+'.join(one.own.service)}"


def _keys_of(roots: Iterable[Node]) -> dict[Node, str]:
    """Give every root its text; roots that read alike are numbered in a fixed order."""
    by_text: dict[str, list[Node]] = {}
    for root in roots:
        by_text.setdefault(key_of(root), []).append(root)
    keys: dict[Node, str] = {}
    for text, alike in by_text.items():
        for number, root in enumerate(sorted(alike), start=1):
            keys[root] = text if number == 1 else f"{text}--{number}"
    return keys


def _variants(offers: Sequence[Offer], heard: Sequence[_Heard], keys: Sequence[str]) -> tuple[str | None, ...]:
    """Label every offer; a date or context length is a label only where another offer of the row lacks it."""
    undated: set[str] = set()
    unlimited: set[str] = set()
    for one, key in zip(heard, keys, strict=True):
        if not one.own.date:
            undated.add(key)
        if not one.own.context:
            unlimited.add(key)
    return tuple(
        [
            _variant(offer, one, dated=key in undated, limited=key in unlimited)
            for offer, one, key in zip(offers, heard, keys, strict=True)
        ]
    )


def _variant(offer: Offer, one: _Heard, *, dated: bool, limited: bool) -> str | None:
    own = one.own
    if not (own.service or own.latest or own.quantization or own.context or own.date or offer.quantization):
        return one.reading.identity.quantization or None
    stated = (offer.quantization or "").lower()
    told = own.quantization or one.reading.identity.quantization
    quantization = stated if stated and told in {"", "gguf"} else told
    parts = [quantization if quantization not in words.FULL_PRECISION else "", *own.service]
    parts += [own.context if limited else "", own.date if dated else "", "latest" if own.latest else ""]
    return "+".join(filter(None, parts)) or None


def _links(
    offers: Sequence[Offer],
    heard: Sequence[_Heard],
    attached: Sequence[Attachment],
    keys: Sequence[str],
    decided: dict[int, str],
) -> tuple[Link, ...]:
    members: dict[str, int] = {}
    spelt: dict[tuple[str, str], int] = {}
    for offer, key in zip(offers, keys, strict=True):
        members[key] = members.get(key, 0) + 1
        spelling = (key, offer.id)
        spelt[spelling] = spelt.get(spelling, 0) + 1
    return tuple(
        [
            Link(offer.provider, offer.id, "alias", 100.0, decided[place])
            if place in decided
            else _link_of(offer, one, attachment, key, alone=members[key] == 1, exact=spelt[key, offer.id] > 1)
            for place, (offer, one, attachment, key) in enumerate(zip(offers, heard, attached, keys, strict=True))
        ]
    )


def _link_of(offer: Offer, one: _Heard, attachment: Attachment, key: str, *, alone: bool, exact: bool) -> Link:
    refused = f"; not followed: {one.reading.refused}" if one.reading.refused else ""
    if alone:
        return Link(offer.provider, offer.id, "alone", 100.0, f"no other offer has this identity{refused}")
    if one.reading.basis:
        rest = f"; {attachment.basis}" if attachment.basis else ""
        return Link(offer.provider, offer.id, "declared", attachment.score, one.reading.basis + rest + refused)
    if attachment.score < 100:
        return Link(offer.provider, offer.id, "normalised", attachment.score, attachment.basis + refused)
    if exact:
        return Link(offer.provider, offer.id, "exact", 100.0, f"another provider lists the same id{refused}")
    return Link(offer.provider, offer.id, "normalised", 100.0, f"the id reads as {key}{refused}")


_BLOCK_LIMIT: Final = 400
"""Of the keys that share a first word, at most this many are compared pairwise: a review is a list for a person."""


def _review(keys: Iterable[str]) -> tuple[tuple[str, str, float], ...]:
    """Find pairs of rows whose keys are spelt alike, for a person to decide."""
    blocks: dict[str, list[str]] = {}
    for key in sorted(set(keys)):
        blocks.setdefault(key.rpartition("/")[2].partition("-")[0], []).append(key)
    found = [
        (one, other, round(score, 1))
        for block in blocks.values()
        for one, other in combinations(block[:_BLOCK_LIMIT], 2)
        if (score := similarity(one, other)) >= FUZZY_FLOOR
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[2], pair[:2])))
