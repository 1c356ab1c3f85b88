"""Two sources of one provider: which of their ids mean the same offer."""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from modeltui.merge.aliases import Aliases
from modeltui.merge.identity import identify
from modeltui.merge.node import Identity

FUZZY_FLOOR: Final = 90.0
"""Below this rapidfuzz ratio (0 to 100) two spellings are not even near."""
NEAR_FLOOR: Final = 80.0
"""From this ratio on a pair that was not joined is worth showing as a near miss."""


class Pair(Struct, frozen=True):
    """Two ids of two sources that mean one offer."""

    left: str
    right: str
    method: str
    """`exact`, `alias`, `normalised` or `fuzzy`."""
    score: float
    """0 to 100."""
    basis: str


class NearMiss(Struct, frozen=True):
    """Two ids that look alike and were not joined."""

    left: str
    right: str
    score: float
    guard: str
    """What stopped the pair: `version`, `size`, `date`, `role`, `tier`, `quantization`, `service`, `maker` or
    `spelling`."""


def pair(left: Sequence[str], right: Sequence[str], aliases: Aliases, provider: str = "") -> tuple[Pair, ...]:
    """Join two id lists one to one: exact id, the user's aliases, normalised id, then guarded similarity."""
    ours, theirs = list(dict.fromkeys(left)), list(dict.fromkeys(right))
    pairing = _Pairing(ours, theirs, aliases, provider)
    pairing.join_exact()
    pairing.join_aliases()
    pairing.join_normalised()
    pairing.join_similar()
    place = {offer_id: position for position, offer_id in enumerate(ours)}
    return tuple(sorted(pairing.pairs, key=lambda found: place[found.left]))


def near_misses(left: Iterable[str], right: Iterable[str], provider: str = "") -> tuple[NearMiss, ...]:
    """For each id left over, name the nearest one on the other side, if it is near, and what kept them apart."""
    blocks: dict[str, list[str]] = {}
    for other in dict.fromkeys(right):
        for word in _block_words(identify(other, provider)):
            blocks.setdefault(word, []).append(other)
    found = (_nearest(one, blocks, provider) for one in dict.fromkeys(left))
    return tuple(sorted(filter(None, found), key=lambda miss: (-miss.score, miss.left)))


def guard_between(one: Identity, other: Identity) -> str:
    """Name the first guard that two identities do not share, or give an empty text."""
    checks = (
        ("version", one.versions, other.versions),
        ("size", (one.size, one.active), (other.size, other.active)),
        ("date", (one.date, one.latest), (other.date, other.latest)),
        ("role", (one.roles, one.tune), (other.roles, other.tune)),
        ("tier", one.tiers, other.tiers),
        ("context", one.context, other.context),
        ("quantization", one.quantization, other.quantization),
        ("service", one.service, other.service),
        ("maker", one.maker, other.maker),
    )
    return next((guard for guard, mine, theirs in checks if mine != theirs), "")


class _Pairing:
    """The ids of two sources while they find each other; what is joined takes no further part."""

    def __init__(self, left: list[str], right: list[str], aliases: Aliases, provider: str) -> None:
        self.left = dict.fromkeys(left)
        self.right = dict.fromkeys(right)
        self.same = aliases.same_ids(provider)
        self.different = aliases.different_ids(provider)
        self.provider = provider
        self.pairs: list[Pair] = []

    def join_exact(self) -> None:
        for one in [offer_id for offer_id in self.left if offer_id in self.right]:
            self._join(one, one, "exact", 100.0, "the same id")

    def join_aliases(self) -> None:
        for one in [offer_id for offer_id in self.left if offer_id in self.same]:
            other = next((offer_id for offer_id in self.right if offer_id in self.same[one]), None)
            if other is not None:
                self._join(one, other, "alias", 100.0, "you said: same")

    def join_normalised(self) -> None:
        mine, theirs = self._by_identity(self.left), self._by_identity(self.right)
        for identity, ones in mine.items():
            others = theirs.get(identity, [])
            if len(ones) == 1 == len(others):
                self._join(ones[0], others[0], "normalised", 100.0, f"both read as {identity.key}")

    def join_similar(self) -> None:
        blocks: dict[object, list[str]] = {}
        for other in self.right:
            blocks.setdefault(_guards(identify(other, self.provider)), []).append(other)
        near = [
            (score, one, other)
            for one in self.left
            for other in blocks.get(_guards(identify(one, self.provider)), ())
            if (score := similarity(one, other)) >= FUZZY_FLOOR
        ]
        lefts, rights = [one for _, one, _ in near], [other for _, _, other in near]
        for score, one, other in near:
            if lefts.count(one) == 1 == rights.count(other):
                self._join(one, other, "fuzzy", score, f"spelt alike ({score:.0f}), every guard equal")

    def _by_identity(self, ids: Iterable[str]) -> dict[Identity, list[str]]:
        found: dict[Identity, list[str]] = {}
        for offer_id in ids:
            found.setdefault(identify(offer_id, self.provider), []).append(offer_id)
        return found

    def _join(self, one: str, other: str, method: str, score: float, basis: str) -> None:
        if (one, other) not in self.different:
            self.pairs.append(Pair(one, other, method, score, basis))
            del self.left[one], self.right[other]


def similarity(one: str, other: str) -> float:
    """Compare two spellings without case and routing prefix, 0 to 100."""
    from rapidfuzz import fuzz  # only reviews and leftovers need it; start-up does not

    return float(fuzz.ratio(one.lower().rpartition("/")[2], other.lower().rpartition("/")[2]))


def _guards(identity: Identity) -> tuple[object, ...]:
    """Everything that must be equal before similarity may speak; atoms such as `4o` are guards too."""
    atoms = tuple([word for word in identity.families if not word.isalpha()])
    return (*identity.node[2:], atoms, identity.maker, identity.roles, identity.tiers, identity.variant)


def _block_words(identity: Identity) -> tuple[str, ...]:
    return identity.families or identity.roles or (identity.maker,)


def _nearest(one: str, blocks: dict[str, list[str]], provider: str) -> NearMiss | None:
    mine = identify(one, provider)
    others = dict.fromkeys(other for word in _block_words(mine) for other in blocks.get(word, ()))
    scored = [(similarity(one, other), other) for other in others]
    best = max(scored, default=(0.0, ""))
    if best[0] < NEAR_FLOOR:
        return None
    guard = guard_between(mine, identify(best[1], provider)) or "spelling"
    return NearMiss(one, best[1], round(best[0], 1), guard)
