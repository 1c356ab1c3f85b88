"""One source's answer becomes records of claims; what cannot be read becomes problems."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from modeltui.errors import PayloadError
from modeltui.model import Claim, Problem, Reading, Record
from modeltui.providers.payload import decode
from modeltui.providers.records import Raw, getter
from modeltui.providers.rules import Bad, Either, Rule
from modeltui.providers.spec import Source
from modeltui.providers.units import DYNAMIC

MAX_RECORDS: Final = 20_000
"""Records of one source that are read; a longer list is cut, and said to be."""

ClaimReader = Callable[[Raw], Claim | Bad | None]


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


class _Reader:
    """Reads the records of one source, collecting problems on the way."""

    def __init__(self, slug: str, source: Source) -> None:
        self.source = f"{slug}/{source.name}"
        self.id_of = claim_reader(source.fields["id"], self.source)
        self.rules = [(name, claim_reader(rule, self.source)) for name, rule in source.fields.items() if name != "id"]
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
        claims: dict[str, Claim] = {}
        for name, read in self.rules:
            found = read(raw)
            if found is None:
                continue
            if isinstance(found, Bad):
                self.problem(record_id, name, found.reason)
            elif found.value is DYNAMIC:
                claims.setdefault("price_state", Claim("dynamic", found.source, found.path))
            else:
                claims[name] = found
        context, output = claims.get("context_length"), claims.get("max_output_tokens")
        if context and output and output.value > context.value:  # type: ignore[operator]  # both are counts
            self.problem(record_id, "max_output_tokens", f"{output.value} is more than the context of {context.value}")
        return Record(record_id, claims)


def read(slug: str, source: Source, pages: Sequence[bytes], fetched_at: datetime | None) -> Reading:
    """Read all pages of a source's answer; another envelope than the source's is a `PayloadError`.

    One bad value loses that field, one bad record loses that record; both are problems of the reading.
    """
    return read_payloads(slug, source, [decode(page) for page in pages], fetched_at)


def read_payloads(slug: str, source: Source, payloads: Iterable[object], fetched_at: datetime | None) -> Reading:
    """Read decoded pages, as `read` does."""
    reader, place = _Reader(slug, source), 0
    for payload in payloads:
        _refuse_error(payload)
        for raw in source.records.find(payload):
            place += 1
            if place <= MAX_RECORDS:
                reader.read(place, raw)
    if place > MAX_RECORDS:
        reader.problem(f"#{MAX_RECORDS}", "", f"only the first {MAX_RECORDS} of {place} records are read")
    for record_id in reader.doubled:
        reader.problem(record_id, "id", "listed more than once with different values; one is kept")
    records = tuple(_without_false_dates(list(reader.seen.values()), fetched_at))
    return Reading(reader.source, records, tuple(reader.problems), fetched_at)


def _refuse_error(payload: object) -> None:
    if isinstance(payload, dict) and payload.get("error") and not payload.get("data"):
        error = payload["error"]
        message = error.get("message") if isinstance(error, dict) else error
        raise PayloadError(f"the source answered with an error: {str(message)[:200]}")


def _without_false_dates(records: list[Record], fetched_at: datetime | None) -> list[Record]:
    """Drop creation dates that are the time of the answer, or one constant for every record."""
    dates = [record.claims["created_at"].value for record in records if "created_at" in record.claims]
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
