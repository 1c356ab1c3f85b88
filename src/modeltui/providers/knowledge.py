"""What the built-in maps know of raw paths: the only guesses made about an unknown answer, and only to be shown."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from modeltui.providers.kinds import INLINE_FIELDS
from modeltui.providers.registry import SHAPES
from modeltui.providers.rules import Either, Flag, Has, Is, Rule, Text
from modeltui.providers.spec import Source


def _leaf_rules(source: Source) -> Iterable[tuple[str, str, Rule]]:
    waiting = list(source.fields.items())
    for name, rule in waiting:
        if isinstance(rule, Either):
            waiting += [(name, inner) for inner in rule.rules]
        elif name in INLINE_FIELDS and name != "id":
            yield from ((name, path, rule) for path in rule.paths)


class Knowledge(Struct, frozen=True):
    """Which fields the built-in maps take each path for, with which options; `*.KEY` is any path to a key."""

    fields: dict[str, Counter[str]]
    options: dict[tuple[str, str], dict[str, object]]


def known_paths() -> Knowledge:
    """Collect what every built-in map says of paths, so that an unknown answer can be compared with all of them."""
    fields: dict[str, Counter[str]] = {}
    options: dict[tuple[str, str], dict[str, object]] = {}
    for provider in SHAPES.values():
        for source in provider.sources:
            for name, path, rule in _leaf_rules(source):
                for key in {path, "*." + path.rpartition(".")[2]}:
                    fields.setdefault(key, Counter())[name] += 1
                    _learn(options.setdefault((name, key), {}), rule)
    return Knowledge(fields, options)


def _learn(options: dict[str, object], rule: Rule) -> None:
    if isinstance(rule, Has | Is):
        key = "words" if isinstance(rule, Has) else "is"
        before = options.get(key)
        known = before if isinstance(before, list) else []
        options[key] = list(dict.fromkeys([*known, *(word for word in rule.words if isinstance(word, str))]))
    elif isinstance(rule, Text) and rule.nothing:
        options["nothing"] = list(rule.nothing)
    elif isinstance(rule, Flag) and rule.invert:
        options["invert"] = True
