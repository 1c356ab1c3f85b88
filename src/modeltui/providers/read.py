"""One source's answer becomes records of claims; what cannot be read becomes problems.

Rules that look at the same raw values are read together, and what they made of a value is remembered: listings repeat
themselves, so most records are put together from claims that are there already and shared between records.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Final

from modeltui.errors import PayloadError
from modeltui.model import Claim, Problem, Reading, Record
from modeltui.providers.payload import decode_noted
from modeltui.providers.records import Getter, Raw, getter, named
from modeltui.providers.rules import Bad, Either, Rule, Value
from modeltui.providers.spec import Source
from modeltui.providers.units import DYNAMIC

MAX_RECORDS: Final = 20_000
"""Records of one source that are read; a longer list is cut, and said to be."""
MAX_REMEMBERED: Final = 2_048
"""Raw values of one group of rules whose claims are remembered during one reading."""
RARELY_REPEATED: Final = frozenset({"name", "description", "created_at", "slug", "aliases", "weights"})
"""Fields that are a record's own, so that remembering their values would only cost."""

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
        value = convert(raw)
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
            value = convert(raw)
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
        ids = set(fields["id"].paths)
        leaves: dict[str, _Leaf] = {}
        joint: dict[tuple[tuple[str, ...], tuple[str, ...]], _Joint] = {}
        for place, (name, rule) in enumerate(fields.items()):
            taken, deciding = paths_read(rule)
            if name == "id":
                continue
            if len(taken) > 1 or deciding or isinstance(rule, Either) or "[" in rule.path:
                group = joint.setdefault((taken, deciding), _Joint(taken, deciding))
                group.rules.append((place, name, claim_reader(rule, source)))
                continue
            leaf = leaves.setdefault(rule.path, _Leaf(rule.path, source))
            leaf.rules.append((place, name, rule.convert))
            if name in RARELY_REPEATED or rule.path in ids:
                leaf.memo = None
        self.sections = _sections(leaves)
        self.joint = list(joint.values())

    def claims(self, record: Raw) -> tuple[Fragment, list[Oddity]]:
        """Read every field but the id; oddities come in the order of the map."""
        odd: list[Oddity] = []
        claims: Fragment = {}
        for parent, leaves in self.sections:
            node = record if parent is None else parent(record)
            if type(node) is dict:
                _read_leaves(node, leaves, claims, odd)
        for group in self.joint:
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


class _Reader:
    """Reads the records of one source, collecting problems on the way."""

    def __init__(self, slug: str, source: Source) -> None:
        self.source = f"{slug}/{source.name}"
        self.id_of = claim_reader(source.fields["id"], self.source)
        self.claims_of = RecordReader(source.fields, self.source).claims
        self.prefers = source.prefer
        self.problems: list[Problem] = []
        self.seen: dict[str, Record] = {}
        self.doubled: dict[str, Record] = {}

    def problem(self, record: str, field: str, reason: str) -> None:
        self.problems.append(Problem(self.source, record, field, reason))

    def read(self, place: int, raw: object) -> None:
        if not isinstance(raw, dict):
            self.problem(f"#{place}", "", "the record is not an object")
            return
        found = self.id_of(raw)
        if not isinstance(found, Claim):
            self.problem(f"#{place}", "id", found.reason if isinstance(found, Bad) else "the record has no id")
            return
        record = self._record(str(found.value), raw)
        key = self._key(record)
        known = self.seen.setdefault(key, record)
        if known is record or known == record:
            return
        self.doubled[record.id] = record
        if self.prefers and self.prefers.holds(raw):
            self.seen[key] = record

    @staticmethod
    def _key(record: Record) -> str:
        provider = record.claims.get("provider")
        return record.id if provider is None else f"{provider.value}\n{record.id}"

    def _record(self, record_id: str, raw: Raw) -> Record:
        claims, odd = self.claims_of(raw)
        for _, name, found in odd:
            if isinstance(found, Bad):
                self.problem(record_id, name, found.reason)
            else:
                claims.setdefault("price_state", Claim("dynamic", found.source, found.path))
        context, output = claims.get("context_length"), claims.get("max_output_tokens")
        if context and output and output.value > context.value:  # type: ignore[operator]  # both are counts
            self.problem(record_id, "max_output_tokens", f"{output.value} is more than the context of {context.value}")
        return Record(record_id, claims)


def read(slug: str, source: Source, pages: Sequence[bytes], fetched_at: datetime | None) -> Reading:
    """Read all pages of a source's answer; another envelope than the source's is a `PayloadError`.

    One bad value loses that field, one bad record loses that record; both are problems of the reading.
    """
    decoded = [decode_noted(page) for page in pages]
    notes = [note for _, note in decoded if note]
    return _read(slug, source, (payload for payload, _ in decoded), fetched_at, notes)


def read_payloads(slug: str, source: Source, payloads: Iterable[object], fetched_at: datetime | None) -> Reading:
    """Read decoded pages, as `read` does."""
    return _read(slug, source, payloads, fetched_at, ())


def _read(
    slug: str, source: Source, payloads: Iterable[object], fetched_at: datetime | None, notes: Iterable[str]
) -> Reading:
    reader = _Reader(slug, source)
    for note in notes:
        reader.problem("", "", note)
    try:
        rows = chain.from_iterable(_rows(source, payload) for payload in payloads)
        for place, raw in enumerate(islice(rows, MAX_RECORDS), 1):
            reader.read(place, raw)
        left = sum(1 for _ in rows)
    except RecursionError as error:
        raise PayloadError("the answer is nested too deep") from error
    if left:
        total = MAX_RECORDS + left
        reader.problem(f"#{MAX_RECORDS}", "", f"only the first {MAX_RECORDS} of {total} records are read")
    for record_id in reader.doubled:
        reader.problem(record_id, "id", "listed more than once with different values; one is kept")
    records = tuple(_without_false_dates(list(reader.seen.values()), fetched_at))
    return Reading(reader.source, records, tuple(reader.problems), fetched_at)


def _rows(source: Source, payload: object) -> Iterable[object]:
    if isinstance(payload, dict) and payload.get("error") and not payload.get("data"):
        error = payload["error"]
        message = error.get("message") if isinstance(error, dict) else error
        shown = message[:200] if isinstance(message, str) else named(message)
        raise PayloadError(f"the source answered with an error: {shown}")
    return source.records.find(payload)


def _without_false_dates(records: list[Record], fetched_at: datetime | None) -> list[Record]:
    """Drop creation dates that are the time of the answer, or one constant for every record."""
    dates = [claim.value for record in records if (claim := record.claims.get("created_at"))]
    constant = len(dates) > 1 and len(set(dates)) == 1
    latest = fetched_at - timedelta(hours=1) if fetched_at else None
    for record in records:
        claim = record.claims.get("created_at")
        if claim and (constant or (latest and claim.value > latest)):  # type: ignore[operator]  # a datetime
            del record.claims["created_at"]
    return records


def capability_claims(record: Record) -> Mapping[str, Claim]:
    """Pick the claims about capabilities, by capability word."""
    return {
        name.removeprefix("capabilities."): claim
        for name, claim in record.claims.items()
        if name.startswith("capabilities.")
    }
