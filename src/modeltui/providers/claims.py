"""Maps compiled: a function from a raw record to its claims, with nothing parsed or looked up per record.

Rules that look at the same raw values are read together, and what they made of a value is remembered for the rest of
the reading: listings repeat themselves, so most records are put together from claims that are there already.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import chain
from typing import Final

from modeltui.model import Claim
from modeltui.providers.records import Getter, Raw, getter, named
from modeltui.providers.rules import Bad, Either, Instant, Rule, Time, Value
from modeltui.providers.units import DYNAMIC

MAX_REMEMBERED: Final = 2_048
"""Raw values of one group of rules whose claims are remembered during one reading."""
RARELY_REPEATED: Final = frozenset({"name", "description", "slug", "aliases", "weights"})
"""Fields that are a record's own, so that remembering their values would only cost; and so are seconds."""

UNREADABLE: Final = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What a converter may raise on a value that nobody thought of; it loses that field, as every bad value does."""

ClaimReader = Callable[[Raw], Claim | Bad | None]
Fragment = dict[str, Claim]
Oddity = tuple[int, str, Claim | Bad]
"""What is no plain claim, with its rule's place and field: a reason, or a price that is decided at request time."""


def claim_reader(rule: Rule, source: str) -> ClaimReader:
    """Compile a rule into a function of the raw record, so that nothing is parsed or looked up per record."""
    if isinstance(rule, Either):
        readers = [claim_reader(inner, source) for inner in rule.rules]
    else:
        readers = [_path_reader(rule, path, source) for path in rule.paths]
    read = readers[0] if len(readers) == 1 else _first_of(readers)
    if rule.only is None:
        return read
    holds = rule.only.holds
    return lambda record: read(record) if holds(record) else None


def _path_reader(rule: Rule, path: str, source: str) -> ClaimReader:
    get, convert = getter(path), rule.convert

    def read(record: Raw) -> Claim | Bad | None:
        raw = get(record)
        if raw is None:
            return None
        try:
            value = convert(raw)
        except UNREADABLE:
            value = unreadable(raw)
        if value is None or type(value) is Bad:
            return value
        return Claim(value, source, path)

    return read


def _first_of(readers: Sequence[ClaimReader]) -> ClaimReader:
    def read(record: Raw) -> Claim | Bad | None:
        wrong: Bad | None = None
        for reader in readers:
            found = reader(record)
            if type(found) is Claim:
                return found
            wrong = wrong or found  # type: ignore[assignment]  # not a Claim, so Bad or None
        return wrong

    return read


def unreadable(raw: object) -> Bad:
    """Say that a value has no form the rule knows."""
    return Bad(f"{named(raw)} cannot be read")


def paths_read(rule: Rule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the paths that a rule takes values from, and those that only decide whether it applies."""
    inner = rule.rules if isinstance(rule, Either) else ()
    parts = [paths_read(part) for part in inner]
    taken = chain(() if inner else rule.paths, *(part[0] for part in parts))
    deciding = chain((rule.only.path,) if rule.only else (), *(part[1] for part in parts))
    return tuple(dict.fromkeys(taken)), tuple(dict.fromkeys(deciding))


def memo_key(raw: object) -> Hashable:
    """Tell raw values apart that Python holds for equal: `True`, 1 and 1.0; an object has no key of its own."""
    kind = type(raw)
    if kind is str or raw is None:
        return raw
    if isinstance(raw, list):
        return tuple(raw)
    return dict if kind is dict else (kind, raw)


def may_remember(raw: object) -> bool:
    """Tell whether a raw value may be a key: an object cannot, and lists of numbers may look equal and not be."""
    return all(type(item) is str for item in raw) if isinstance(raw, list) else not isinstance(raw, dict)


class _Leaf:
    """Rules that look at one raw value and nothing else, with what they made of values seen before."""

    __slots__ = ("memo", "path", "rules", "source")

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.source = source
        self.rules: list[tuple[int, str, Callable[[object], Value]]] = []
        self.memo: dict[Hashable, Fragment] | None = {}

    def read(self, raw: object, claims: Fragment, odd: list[Oddity]) -> None:
        """Read every rule into `claims`; what is no plain claim is added to `odd`."""
        for place, name, convert in self.rules:
            try:
                value = convert(raw)
            except UNREADABLE:
                value = unreadable(raw)
            if value is None:
                continue
            if type(value) is Bad:
                odd.append((place, name, value))
            elif value is DYNAMIC:
                odd.append((place, name, Claim(value, self.source, self.path)))
            else:
                claims[name] = Claim(value, self.source, self.path)

    def fragment(self, raw: object, key: Hashable, odd: list[Oddity]) -> Fragment:
        """Read every rule, and remember the claims unless something was odd or `raw` cannot be a key."""
        claims: Fragment = {}
        before = len(odd)
        self.read(raw, claims, odd)
        if self.memo is not None and len(self.memo) < MAX_REMEMBERED and len(odd) == before and may_remember(raw):
            self.memo[key] = claims
        return claims


class _Joint:
    """Rules that look at the same several raw values, with what they made of values seen before."""

    __slots__ = ("deciding", "memo", "rules", "taken")

    def __init__(self, taken: Sequence[str], deciding: Sequence[str]) -> None:
        self.taken: list[Getter] = [getter(path) for path in taken]
        self.deciding: list[Getter] = [getter(path) for path in deciding]
        self.rules: list[tuple[int, str, ClaimReader]] = []
        self.memo: dict[Hashable, Fragment] = {}

    def fragment(self, record: Raw, odd: list[Oddity]) -> Fragment:
        """Look the values up, or read every rule and remember the claims under the same terms as a leaf."""
        raws = [get(record) for get in self.taken]
        if raws.count(None) == len(raws):
            return {}
        raws += [get(record) for get in self.deciding]
        key = tuple(map(memo_key, raws))
        known = recalled(self.memo, key)
        if known is not None:
            return known
        before, claims = len(odd), self._read(record, odd)
        if len(self.memo) < MAX_REMEMBERED and len(odd) == before and all(map(may_remember, raws)):
            self.memo[key] = claims
        return claims

    def _read(self, record: Raw, odd: list[Oddity]) -> Fragment:
        claims: Fragment = {}
        for place, name, read in self.rules:
            found = read(record)
            if type(found) is Claim and found.value is not DYNAMIC:
                claims[name] = found
            elif found is not None:
                odd.append((place, name, found))
        return claims


def recalled(memo: Mapping[Hashable, Fragment], key: Hashable) -> Fragment | None:
    """Look up what is remembered; a list of objects cannot be a key and is never remembered."""
    try:
        return memo.get(key)
    except TypeError:
        return None


class RecordReader:
    """The map of a source, compiled once for a reading: rules by the raw values they look at."""

    def __init__(self, fields: Mapping[str, Rule], source: str) -> None:
        self.ids = fields["id"].paths
        self.leaves: dict[str, _Leaf] = {}
        self.joint: dict[tuple[tuple[str, ...], tuple[str, ...]], _Joint] = {}
        for place, (name, rule) in enumerate(fields.items()):
            if name != "id":
                self._add(place, name, rule, source)
        self.sections = _sections(self.leaves)

    def _add(self, place: int, name: str, rule: Rule, source: str) -> None:
        taken, deciding = paths_read(rule)
        if len(taken) > 1 or deciding or isinstance(rule, Either) or "[" in rule.path:
            group = self.joint.setdefault((taken, deciding), _Joint(taken, deciding))
            group.rules.append((place, name, claim_reader(rule, source)))
            return
        leaf = self.leaves.setdefault(rule.path, _Leaf(rule.path, source))
        leaf.rules.append((place, name, rule.convert))
        seconds = isinstance(rule, Instant) and rule.form is Time.SECONDS
        if name in RARELY_REPEATED or rule.path in self.ids or seconds:
            leaf.memo = None

    def claims(self, record: Raw) -> tuple[Fragment, list[Oddity]]:
        """Read every field but the id; oddities come in the order of the map."""
        odd: list[Oddity] = []
        claims: Fragment = {}
        for parent, leaves in self.sections:
            node = record if parent is None else parent(record)
            if type(node) is dict:
                _read_leaves(node, leaves, claims, odd)
        for group in self.joint.values():
            claims |= group.fragment(record, odd)
        if odd:
            odd.sort(key=lambda oddity: oddity[0])
        return claims, odd


def _sections(leaves: Mapping[str, _Leaf]) -> list[tuple[Getter | None, dict[str, _Leaf]]]:
    sections: dict[str, dict[str, _Leaf]] = {}
    for path, leaf in leaves.items():
        parent, _, key = path.rpartition(".")
        sections.setdefault(parent, {})[key] = leaf
    return [(getter(parent) if parent else None, found) for parent, found in sections.items()]


def _read_leaves(node: Raw, leaves: Mapping[str, _Leaf], claims: Fragment, odd: list[Oddity]) -> None:
    for name, raw in node.items():
        leaf = leaves.get(name)
        if leaf is None or raw is None:
            continue
        memo = leaf.memo
        if memo is None:
            leaf.read(raw, claims, odd)
            continue
        key = raw if type(raw) is str else memo_key(raw)
        try:
            known = memo.get(key)
        except TypeError:
            known = None
        claims |= leaf.fragment(raw, key, odd) if known is None else known
