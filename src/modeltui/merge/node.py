"""An identity and the node it stands for: what makes a model this model, without how it is served."""

import re
from typing import Final
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from modeltui.merge import words

Node = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, str, str, str, str]
"""Maker, words, size tiers, versions, size, active size, context, tune, date: what makes a model this model."""

COINED: Final = "?"
"""The tune of a name that a host coined: a chat model whose tune is left out."""


class Identity(Struct, frozen=True, gc=False):
    """What an id says of its model and of the way it is served; empty where the id does not say."""

    maker: str = ""
    families: tuple[str, ...] = ()
    """Family words and atoms such as `4o` or `r1`, sorted."""
    versions: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    size: str = ""
    active: str = ""
    context: str = ""
    tune: str = ""
    """`instruct`, `chat`, `base`, empty for a bare published name, `?` for a bare name that a host coined."""
    date: str = ""
    """`2025-05-14`, `2025-07` (yymm), `07-25` (month and day) or a snapshot number such as `001`."""
    latest: bool = False
    quantization: str = ""
    service: tuple[str, ...] = ()
    """How it is served, sorted: `free`, `fast`, `tee`, `thinking`, `high`."""
    node: Node = ("", (), (), (), "", "", "", "", "")
    """Everything that tells models apart, without how they are served."""

    @property
    def key(self) -> str:
        """The identity as readable, stable text of `[a-z0-9./-]`."""
        return key_of(self.node)

    @property
    def variant(self) -> str | None:
        """How the id says it is served: `fp8`, `fp8+free`, or None."""
        parts = [self.quantization] if self.quantization not in words.FULL_PRECISION else []
        return "+".join([*parts, *self.service, *(["latest"] if self.latest else [])]) or None


def with_node(identity: Identity, **changes: object) -> Identity:
    """Change an identity and make its node anew."""
    return _noded(replace(identity, **changes))


def _noded(bare: Identity) -> Identity:
    node = make_node(
        bare.maker, (*bare.families, *bare.roles), bare.tiers, bare.versions, bare.size, bare.active, bare.context,
        bare.tune, bare.date,
    )  # fmt: skip
    return replace(bare, node=node)


def make_node(
    maker: str,
    vocabulary: tuple[str, ...],
    tiers: tuple[str, ...],
    versions: tuple[str, ...],
    size: str,
    active: str,
    context: str,
    tune: str,
    date: str,
) -> Node:
    """Part the tiers: those that are mere sizes may be left out, the others are words like any."""
    if not tiers:
        return (maker, tuple(sorted(vocabulary)), (), versions, size, active, context, tune, date)
    ranks = [tier for tier in tiers if tier not in words.SIZE_TIERS]
    sizes = tuple([tier for tier in tiers if tier in words.SIZE_TIERS])
    return (maker, tuple(sorted([*vocabulary, *ranks])), sizes, versions, size, active, context, tune, date)


def key_of(node: Node) -> str:
    """Write a node as text: maker, then family, version, tiers, size, roles, tune, context, date."""
    maker, vocabulary, sizes, versions, size, active, context, tune, date = node
    ordered = sorted([(_rank(word, maker), word) for word in vocabulary])
    families = [word for rank, word in ordered if rank < 4]
    rest = [word for rank, word in ordered if rank >= 4]
    plain = [version.rpartition("-")[2] for version in versions]
    tail = (size, active, *rest, "" if tune == COINED else tune, context, date)
    text = "-".join([*families, *plain, *sizes, *[part for part in tail if part]])
    if _ODD.search(text) or _ODD.search(maker):
        text, maker = f"{key_text(text)}-{crc32(repr(node).encode()):08x}".lstrip("-"), key_text(maker)
    return f"{maker}/{text or 'unnamed'}" if maker else text or "unnamed"


def key_text(text: str) -> str:
    """Reduce any text to the letters a key is made of, `[a-z0-9.-]`."""
    return _ODD.sub("-", text.lower()).strip("-.")


_ODD = re.compile(r"[^a-z0-9.-]+")
_LATE_WORDS: Final[dict[str, int]] = {**dict.fromkeys(words.TIERS, 4), **dict.fromkeys(words.ROLES.values(), 5)}


def _rank(word: str, maker: str) -> int:
    late = _LATE_WORDS.get(word)
    if late is not None:
        return late
    if words.FAMILY_MAKERS.get(word) == maker:
        return 0
    return 3 if word in words.BASES else 2 if word.isalpha() else 1


def is_dated_apart(node: Node) -> bool:
    """Tell whether the undated name of this line is a checkpoint of its own, not an alias that moves."""
    return node[0] in words.DATED_APART and words.API_TIERS.isdisjoint(node[1])
