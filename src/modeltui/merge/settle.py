"""Three fields that only the company of other names can settle: maker, context length and tune.

A name without a maker (`reka-flash-3`) is the only maker's who lists those words. A context
length tells models apart only where two are listed (`phi-3-medium-4k`, `-128k`); alone it is a remark.
A coined name (`llama-3.3-70b`) means the instruct release, unless more providers list the bare one.
"""

from collections.abc import Mapping
from typing import Final

from modeltui.merge import words
from modeltui.merge.node import COINED, Node, is_dated_apart

_SIZE: Final = 4
_CONTEXT: Final = 6
_TUNE: Final = 7
_DATE: Final = 8
_TUNES: Final = ("instruct", "", "chat")
"""What a coined name may mean, the likeliest first."""

Listed = Mapping[Node, frozenset[str] | set[str]]
"""Each node with the providers that list it."""


def settle(listed: Listed) -> dict[Node, Node]:
    """Settle every node's maker, context and tune; the answer depends on the set of nodes alone."""
    owned = _with_makers(listed)
    plain = _with_lone_sizes(listed, _without_lone_contexts(listed, owned))
    providers: dict[Node, set[str]] = {}
    for node, bare in plain.items():
        providers.setdefault(bare, set()).update(listed[node])
    tuned = _tuned(providers)
    return {node: tuned.get(bare, bare) for node, bare in plain.items()}


def _with_makers(listed: Listed) -> dict[Node, Node]:
    makers: dict[tuple[str, ...], set[str]] = {}
    for node in listed:
        makers.setdefault(node[1], set()).add(node[0])
    return {node: node if node[0] else _made(node, makers) for node in listed}


def _made(node: Node, makers: Mapping[tuple[str, ...], set[str]]) -> Node:
    """Give a node the one maker who lists its words, with or without the maker's own name among them."""
    vocabulary = node[1]
    found = {(maker, vocabulary) for maker in makers[vocabulary] if maker}
    for word in vocabulary:
        if maker := words.MAKERS.get(word, ""):
            rest = tuple([other for other in vocabulary if other != word])
            if maker in makers.get(rest, ()):
                found.add((maker, rest))
    return (*found.pop(), *node[2:]) if len(found) == 1 else node


def _without_lone_contexts(listed: Listed, owned: Mapping[Node, Node]) -> dict[Node, Node]:
    contexts: dict[tuple[object, ...], set[str]] = {}
    for node in listed:
        if node[_CONTEXT]:
            contexts.setdefault(node[1:5], set()).add(node[_CONTEXT])
    settled: dict[Node, Node] = {}
    for node in listed:
        lone = node[_CONTEXT] and (node[2] or node[4]) and len(contexts[node[1:5]]) == 1
        own = owned[node]
        settled[node] = (*own[:_CONTEXT], "", node[_TUNE], node[_DATE]) if lone else own
    return settled


def _with_lone_sizes(listed: Listed, plain: dict[Node, Node]) -> dict[Node, Node]:
    """Give a dated name without a size (`saba-2502`) the one size that stands beside its words (`saba-24b`)."""
    sized: dict[tuple[object, ...], set[Node]] = {}
    for node in plain.values():
        if node[_SIZE]:
            sized.setdefault(node[:_SIZE], set()).add(node)
    settled = dict(plain)
    for node, bare in plain.items():
        beside = sized.get(bare[:_SIZE], ()) if bare[_DATE] and not bare[_SIZE] else ()
        sizes = {other[_SIZE:_CONTEXT] for other in beside}
        if len(sizes) == 1 and all(other[_DATE] in {"", bare[_DATE]} for other in beside):
            settled[node] = (*bare[:_SIZE], *sizes.pop(), *bare[_CONTEXT:])
    return settled


def _tuned(listed: Listed) -> dict[Node, Node]:
    """Give every coined node the tune of the release it names, if one is listed by others."""
    coined = [node for node in listed if node[_TUNE] == COINED]
    if not coined:
        return {}
    groups: dict[tuple[object, ...], dict[str, set[str]]] = {}
    wanted = {node[:_TUNE] for node in coined}
    for node in listed:
        if node[_TUNE] in _TUNES and node[:_TUNE] in wanted:
            by_tune = groups.setdefault(node[:_TUNE], {})
            by_tune.setdefault(node[_TUNE], set()).update(listed[node])
    return {node: tuned for node in coined if (tuned := _tune(node, listed, groups)) is not None}


def _tune(node: Node, listed: Listed, groups: Mapping[tuple[object, ...], dict[str, set[str]]]) -> Node | None:
    here = listed[node]
    same_day = [(*node[:_TUNE], tune, node[_DATE]) for tune in _TUNES]
    releases = [tuned for tuned in same_day if tuned in listed and here.isdisjoint(listed[tuned])]
    if releases:
        return max(releases, key=lambda tuned: len(listed[tuned]))
    if is_dated_apart(node):
        return None
    others = groups.get(node[:_TUNE], {})
    fitting = [tune for tune in ("instruct", "") if tune in others and here.isdisjoint(others[tune])]
    return (*node[:_TUNE], fitting[0], node[_DATE]) if len(fitting) == 1 else None
