"""Names that say less are attached to the one model they can mean; where there are two, to none.

`qwen3-coder` says no size, `grok-4` no date, `llama-3.3-70b` no tune. Such a name joins the fuller one if, of all
that are listed, exactly one agrees with everything it does say. The outcome depends on the set of names alone.
"""

from collections.abc import Callable, Mapping
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple

from modeltui.merge import words
from modeltui.merge.declared import same_date
from modeltui.merge.node import COINED, Node, is_dated_apart
from modeltui.merge.settle import settle

MAKER, WORDS, TIERS, VERSIONS, SIZE, ACTIVE, CONTEXT, TUNE, DATE = range(9)
_FIELDS: Final = ("maker", "vision", "size tier", "version", "size", "active size", "context", "tune", "date")
_SHARED_BY_LISTING: Final = frozenset({MAKER, CONTEXT, DATE})
"""Fields in which a provider lists one model twice: an alias beside its snapshot, a limit beside none."""
CROWD: Final = 1_000
"""Names that differ in nothing but what one of them leaves open; more than so many are numbered, not one model's."""


class Attachment(NamedTuple):
    """Where a name belongs, how sure that is (0 to 100) and why."""

    root: Node
    score: float
    basis: str


class Attacher:
    """Answers, for every node of one population, which fullest node it belongs to."""

    def __init__(
        self, providers: Mapping[Node, frozenset[str] | set[str]], hints: Mapping[Node, Node] | None = None
    ) -> None:
        self._hints = hints or {}
        self._settled = settle(providers)
        self._providers: dict[Node, set[str]] = {}
        for node, listed_by in providers.items():
            self._providers.setdefault(self._settled[node], set()).update(listed_by)
        self._found: dict[Node, Attachment] = {}
        self._told: dict[tuple[Node, str, str], Attachment] = {}
        self._blocks: dict[tuple[str, ...], list[Node]] = {}
        for node in self._providers:
            self._blocks.setdefault(_without_vision(node[1]), []).append(node)
        self._block_indexes: dict[tuple[tuple[str, ...], tuple[int, ...]], dict[object, list[Node]]] = {}

    def of(self, node: Node, snapshot: str = "", listed_by: str = "") -> Attachment:
        """Find the root of a name; `snapshot` is a date that the offer of `listed_by` mentions without promise.

        A name that says everything, or fits none or several, is its own root.
        """
        asked = (node, snapshot, listed_by if snapshot else "")
        told = self._told.get(asked)
        if told is None:
            told = self._told[asked] = self._tell(*asked)
        return told

    def _tell(self, node: Node, snapshot: str, listed_by: str) -> Attachment:
        settled = self._settled[node]
        mentioned = snapshot and not node[DATE]
        found = self._snapshot(settled, snapshot, listed_by) if mentioned else self._of(settled)
        hint = self._hints.get(node)
        if hint is not None and found.root in {node, settled} and not self._told_apart(settled, self._settled[hint]):
            return Attachment(self._of(self._settled[hint]).root, 90.0, "another host declares what this name means")
        if mentioned and same_date(found.root[8], snapshot):
            return Attachment(found.root, 95.0, f"its slug or description names {snapshot}")
        if found.root != node and found.score == 100.0:
            return _only_fit(node, found.root)
        return found

    def _of(self, node: Node) -> Attachment:
        if not self._found:
            for each in sorted(self._providers, key=_fullness, reverse=True):
                self._found[each] = self._attach(each, self._candidates(each))
        return self._found[node]

    def _snapshot(self, node: Node, date: str, listed_by: str) -> Attachment:
        candidates = self._candidates(node)
        if is_dated_apart(node):
            named = [other for other in self._dated_twins(node, listed_by) if same_date(other[8], date)]
            return self._attach(node, named) if named else self._of(node)
        dated = [other for other in candidates if other[8] and same_date(other[8], date)]
        if dated:
            return self._attach(node, dated)
        others = [other for other in candidates if not (other[DATE] and self._listed_together(node, other))]
        return self._of(node) if len(others) == len(candidates) else self._attach(node, others)

    def _candidates(self, node: Node) -> list[Node]:
        """List the nodes that say all that this one says, and more."""
        words_of_block = _without_vision(node[1])
        block = self._blocks.get(words_of_block, [])
        if len(block) < 2:
            return []
        mask = _open_fields(node)
        if not mask:
            return []
        project = _projection(mask)
        index = self._block_indexes.get((words_of_block, mask))
        if index is None:
            index = {}
            for other in block:
                index.setdefault(project(other), []).append(other)
            self._block_indexes[words_of_block, mask] = index
        near = index.get(project(node), ())
        if len(near) > CROWD:
            return []
        return [other for other in near if other != node and _fits(node, other) and not self._told_apart(node, other)]

    def _dated_twins(self, node: Node, listed_by: str) -> list[Node]:
        """List the snapshots of a checkpoint, except those that a provider lists beside it as another model."""
        block = self._blocks.get(_without_vision(node[1]), [])
        twins = [other for other in block if other[DATE] and other[:DATE] == node[:DATE]]
        return [other for other in twins if listed_by not in self._providers[other]]

    def _listed_together(self, node: Node, other: Node) -> bool:
        return not self._providers.get(node, frozenset()).isdisjoint(self._providers.get(other, frozenset()))

    def _told_apart(self, node: Node, other: Node) -> bool:
        """Tell whether one provider lists both, and so says that they differ."""
        differs = any(node[field] != other[field] for field in range(9) if field not in _SHARED_BY_LISTING)
        return differs and self._listed_together(node, other)

    def _attach(self, node: Node, candidates: list[Node]) -> Attachment:
        for preferred in _PREFERENCES:
            candidates = [other for other in candidates if preferred(node, other)] or candidates
        roots = {self._of(other).root for other in candidates}
        roots = {root for root in roots if not self._told_apart(node, root)}
        if len(roots) == 1:
            (root,) = roots
            return _only_fit(node, root)
        if len(roots) > 1 and node[MAKER] in words.MOVES_TO_NEWEST and _differ_in_date(roots):
            newest = max(roots, key=lambda root: (_age(root[8]), root))
            return Attachment(newest, 80.0, f"undated: taken for {node[MAKER]}'s newest of {len(roots)} listed")
        return Attachment(node, 100.0, "")


_PREFERENCES: Final[tuple[Callable[[Node, Node], bool], ...]] = (
    lambda node, other: node[WORDS] == other[WORDS],
    lambda node, other: node[TUNE] != COINED or other[TUNE] in {"instruct", "chat"} or other[TUNE] == COINED,
)


_MEANT_BY: Final[dict[str, tuple[str, ...]]] = {COINED: ("instruct", "", "chat"), "chat": ("instruct",)}
"""The tunes that a name without one, or with a loose one, may mean."""


def _fullness(node: Node) -> int:
    """Count what a name says; one that can belong to another says less than that."""
    told = (node[MAKER], node[TIERS], node[SIZE], node[ACTIVE], node[CONTEXT], node[DATE])
    tune = 0 if node[TUNE] == COINED else 2 if node[TUNE] == "instruct" else 1
    return sum(map(bool, told)) + len(node[WORDS]) + len(set(node[VERSIONS])) + tune


def _without_vision(vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([word for word in vocabulary if word != "vision"]) if "vision" in vocabulary else vocabulary


def _open_fields(node: Node) -> tuple[int, ...]:
    """List the fields that this name leaves open; in all others only an equal node fits."""
    maker, vocabulary, tiers, versions, size, active, context, tune, date = node
    told = (
        maker,
        tune != COINED or not size or "vision" in vocabulary,
        tiers or not size,
        versions or not date,
        size or not words.SIZED_APART.isdisjoint(vocabulary),
        active,
        context or not (size or tiers),
        tune not in _MEANT_BY,
        date or is_dated_apart(node),
    )
    opened = [field for field, closed in enumerate(told) if not closed]
    if versions and _is_built_on(vocabulary, versions, size):
        opened.append(VERSIONS)
    return tuple(opened)


def _is_built_on(vocabulary: tuple[str, ...], versions: tuple[str, ...], size: str) -> bool:
    """Tell a fine-tune that names what it was made from, whose version a host may leave out."""
    return bool(size and versions) and len(vocabulary) > 1 and not words.BASES.isdisjoint(vocabulary)


@cache
def _projection(mask: tuple[int, ...]) -> Callable[[Node], object]:
    """Make the function that leaves the open fields of a node out."""
    return itemgetter(*(field for field in range(9) if field not in mask))


def _fits(node: Node, other: Node) -> bool:
    """Tell whether another node, equal in all closed fields, contradicts none of the open ones."""
    if not _versions_fit(node[3], other[3]):
        return False
    if node[TUNE] != other[TUNE] and other[TUNE] not in _MEANT_BY.get(node[7], ()):
        return False
    return all(not node[field] or node[field] == other[field] for field in (MAKER, TIERS, SIZE, ACTIVE, CONTEXT, DATE))


def _versions_fit(stated: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Tell whether all that one side leaves out is a base family's version (`llama-3.1`), or every version."""
    if stated == others:
        return True
    missing = set(others).difference(stated)
    return bool(missing) and set(stated) <= set(others) and (not stated or all(each[0].isalpha() for each in missing))


def _differ_in_date(roots: set[Node]) -> bool:
    return len({root[:DATE] for root in roots}) == 1


def _age(date: str) -> tuple[str, str]:
    """Order snapshots by age; of month-and-day stamps those before March belong to the later year."""
    if len(date) == 5 and date[2] == "-":
        return ("2023" if date >= words.STAMP_YEAR_STARTS else "2024", date)
    return (date[:4], date[5:])


def _only_fit(node: Node, root: Node) -> Attachment:
    left_out = [name for field, name in enumerate(_FIELDS) if node[field] != root[field]]
    return Attachment(root, 95.0, f"the only one listed that fits; {', '.join(left_out)} left out")
