"""The outline of an unknown answer: where its records are, which value is their id, which paths there are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from modeltui.errors import PayloadError
from modeltui.providers.records import each, getter

SAMPLED: Final = 200
"""Records that are looked at."""
_MAX_PATHS: Final = 400
_MAX_DEPTH: Final = 5
_ENVELOPES: Final = (
    "data",
    "models",
    "items",
    "result",
    "results",
    "list",
    "modelSummaries",
    "data.models",
    "result.models",
)
_IDS: Final = ("id", "model", "model_id", "modelId", "name", "key", "slug", "model_name", "modelName")
_NAMEABLE: Final = re.compile(r"[^.|\[\]^]+")


class Seen(Struct):
    """The values at one path of the sampled records."""

    stated: int = 0
    raws: list[object] = []


def find_records(payload: object) -> tuple[str, list[object]]:
    """Find the list of most objects and its path; an answer without one is a `PayloadError`."""
    paths = (
        ["", *_ENVELOPES, *(key for key in payload if _NAMEABLE.fullmatch(key))] if isinstance(payload, dict) else [""]
    )
    lists: list[tuple[int, str, list[object]]] = []
    for path in dict.fromkeys(paths):
        found = payload if not path else getter(path)(payload) if isinstance(payload, dict) else None
        if isinstance(found, list):
            lists.append((sum(isinstance(item, dict) for item in found[:SAMPLED]), path, found))
    best = max(lists, key=lambda listed: listed[0], default=None)
    if best and best[0]:
        return best[1], best[2]
    if isinstance(payload, dict) and payload and all(isinstance(value, dict) for value in payload.values()):
        return "*", list(each("*").find(payload))
    raise PayloadError("there is no list of objects in the answer")


def find_id(sample: Sequence[Mapping[str, object]]) -> str:
    """Find the key that most records have as text, and most of them another; none at all is a `PayloadError`."""

    def worth(path: str) -> tuple[int, int]:
        words = [word for row in sample if isinstance(word := row.get(path), str) and word.strip()]
        return len(words), len(set(words))

    best = max((*_IDS, "^key"), key=worth)
    if not worth(best)[0]:
        raise PayloadError(f"the records have no id: none of {', '.join(_IDS)} is text")
    return best


def paths_in(sample: Iterable[Mapping[str, object]]) -> dict[str, Seen]:
    """Collect every path of the records that a map could name, with the values at it."""
    seen: dict[str, Seen] = {}
    waiting: list[tuple[str, Mapping[str, object], int]] = [("", row, 1) for row in sample]
    for prefix, node, depth in waiting:
        for key, raw in node.items():
            if raw is None or not _NAMEABLE.fullmatch(key):
                continue
            path = prefix + key
            if isinstance(raw, dict) and depth < _MAX_DEPTH:
                waiting.append((path + ".", raw, depth + 1))
            elif path in seen or len(seen) < _MAX_PATHS:
                at = seen.setdefault(path, Seen())
                at.stated += 1
                at.raws.append(raw)
    return seen


def enveloped(where: str, sample: Sequence[Mapping[str, object]]) -> object:
    """Put sampled records back where they were found."""
    if where == "*":
        return {str(row.get("^key")): row for row in sample}
    node: object = list(sample)
    for key in reversed(where.split(".") if where else []):
        node = {key: node}
    return node
