"""Where things are in a raw answer: paths through objects and lists, and the records of an envelope.

A path is dotted keys; `|` separates alternatives, of which the first that is stated counts; `^` is the record that
an expanded record was found in, `^key` the key it stood under; `[name=word]` picks the item of a list whose `name`
is `word`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from modeltui.errors import PayloadError

Raw = Mapping[str, object]
Getter = Callable[[Raw], object]
TYPE_NAMES: Final = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number"}


def named(raw: object) -> str:
    """Say what a raw value is, short enough for one line and cheap however large it is."""
    if isinstance(raw, str):
        shown = repr(raw[:40])
        return shown if len(raw) <= 40 and len(shown) <= 40 else shown[:37] + "..."
    if isinstance(raw, list | dict):
        return f"{TYPE_NAMES[type(raw)]} of {len(raw)}"
    if isinstance(raw, int) and raw.bit_length() > 1000:
        return "a number of hundreds of digits"
    shown = str(raw)
    return shown if len(shown) <= 40 else shown[:37] + "..."


def _pick(items: object, condition: str) -> object:
    name, _, word = condition.partition("=")
    if isinstance(items, list):
        for item in items:
            if isinstance(item, dict) and item.get(name) == word:
                return item
    return None


def _step(node: object, part: str) -> object:
    key, _, condition = part.partition("[")
    found = node.get(key) if isinstance(node, dict) else None
    return _pick(found, condition.rstrip("]")) if condition else found


def getter(path: str) -> Getter:
    """Compile one path without alternatives into a function of the record."""
    parts = path.split(".")
    if len(parts) == 1 and "[" not in path:
        return lambda record: record.get(path)
    if len(parts) == 2 and "[" not in path:
        first, second = parts

        def two(record: Raw) -> object:
            inner = record.get(first)
            return inner.get(second) if type(inner) is dict else None

        return two

    def walk(record: Raw) -> object:
        node: object = record
        for part in parts:
            node = _step(node, part)
            if node is None:
                return None
        return node

    return walk


class Records(Struct, frozen=True):
    """Where the records are in an answer."""

    path: str
    """Of the list; empty where the answer is the list; `*` for the values of an object; `|` for alternatives."""
    expand: str = ""
    """List inside each record whose items are the real records; their parent is `^`."""
    drop: tuple[str, tuple[object, ...]] | None = None
    """Path and values of records that are none, such as placeholders."""

    def find(self, payload: object) -> Iterator[object]:
        """Yield the raw records; another envelope is a `PayloadError`."""
        found = self._rows(payload)
        if self.expand:
            found = self._expanded(found)
        if self.drop is None:
            yield from found
            return
        path, words = self.drop
        get = getter(path)
        for record in found:
            if not (isinstance(record, dict) and get(record) in words):
                yield record

    def _rows(self, payload: object) -> Iterable[object]:
        for path in self.path.split("|"):
            if path == "":
                node: object = payload
            elif isinstance(payload, dict):
                node = payload if path == "*" else getter(path)(payload)
            else:
                continue
            if path == "*" and isinstance(node, dict):
                return _keyed(node, None)
            if isinstance(node, list):
                return node
        wanted = " or ".join(f"a list under {p!r}" if p else "a list" for p in self.path.split("|"))
        raise PayloadError(f"the answer has no {wanted.removeprefix('a ')}: {_keys(payload)}")

    def _expanded(self, records: Iterable[object]) -> Iterator[object]:
        path, _, star = self.expand.partition(".*")
        get, keyed = getter(path), bool(star) or self.expand.endswith(".*")
        for record in records:
            inner = get(record) if isinstance(record, dict) else None
            if keyed and isinstance(inner, dict):
                yield from _keyed(inner, record)
            elif isinstance(inner, list):
                for item in inner:
                    yield {**item, "^": record} if isinstance(item, dict) else item


def _keyed(node: Raw, parent: object) -> Iterator[object]:
    for key, value in node.items():
        yield {**value, "^key": key, "^": parent} if isinstance(value, dict) else value


def _keys(payload: object) -> str:
    if isinstance(payload, dict):
        return "an object with " + (", ".join(named(k) for k in list(payload)[:6]) or "no keys")
    return TYPE_NAMES.get(type(payload), "nothing") if payload is not None else "null"


def each(path: str, *, expand: str = "", drop: tuple[str, tuple[object, ...]] | None = None) -> Records:
    """Read the records from the list at `path`."""
    return Records(path, expand, drop)
