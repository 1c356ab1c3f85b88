"""One source's answer becomes records of claims; what cannot be read becomes problems."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Final

from modeltui.errors import PayloadError
from modeltui.memory import uncollected
from modeltui.model import Claim, Problem
from modeltui.providers.claims import RecordReader, claim_reader, paths_read
from modeltui.providers.payload import RowDecoder, decode_noted, row_decoder
from modeltui.providers.records import Raw, Records, named
from modeltui.providers.rules import Bad
from modeltui.providers.spec import Source
from modeltui.state import Reading, Record

__all__ = ["MAX_RECORDS", "capability_claims", "claim_reader", "read", "read_payloads"]

MAX_RECORDS: Final = 20_000
"""Records of one source that are read; a longer list is cut, and said to be."""


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
        self.repeated: dict[str, int] = {}

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
        if known is record:
            return
        self.repeated[record.id] = self.repeated.get(record.id, 1) + 1
        if known == record:
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
    decoder = _decoder_for(source)
    with uncollected():
        decoded = [decode_noted(page, decoder) for page in pages]
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
    return Reading(reader.source, records, tuple(reader.problems), fetched_at, reader.repeated)


def _decoder_for(source: Source) -> RowDecoder | None:
    """Make the decoder that keeps only what the map reads of each record, where the records are a plain list."""
    records = source.records
    plain = type(records) is Records and not records.expand and records.path.isidentifier()
    if not plain:
        return None
    paths = set(chain.from_iterable(chain(*paths_read(rule)) for rule in source.fields.values()))
    paths |= {source.prefer.path} if source.prefer else set()
    paths |= {records.drop[0]} if records.drop else set()
    return row_decoder(records.path, {path.partition(".")[0].partition("[")[0] for path in paths})


def _rows(source: Source, payload: object) -> Iterable[object]:
    if isinstance(payload, dict) and payload.get("error") and not payload.get("data"):
        error = payload["error"]
        message = error.get("message") if isinstance(error, dict) else error
        shown = message[:200] if isinstance(message, str) else named(message)
        raise PayloadError(f"the source answered with an error: {shown}")
    return source.records.find(payload)


def _without_false_dates(records: list[Record], fetched_at: datetime | None) -> list[Record]:
    """Drop creation dates that are the time of the answer, or one constant for every record, give or take a minute."""
    dates = [claim.value for record in records if (claim := record.claims.get("created_at"))]
    constant = len(set(dates)) == 1 < len(dates) or (len(dates) > 4 and _spread(dates) <= timedelta(minutes=1))
    latest = fetched_at - timedelta(hours=1) if fetched_at else None
    for record in records:
        claim = record.claims.get("created_at")
        if claim and (constant or (latest and claim.value > latest)):  # type: ignore[operator]  # a datetime
            del record.claims["created_at"]
    return records


def _spread(dates: Sequence[object]) -> timedelta:
    moments = [date for date in dates if isinstance(date, datetime)]
    return max(moments) - min(moments)


def capability_claims(record: Record) -> Mapping[str, Claim]:
    """Pick the claims about capabilities, by capability word."""
    return {
        name.removeprefix("capabilities."): claim
        for name, claim in record.claims.items()
        if name.startswith("capabilities.")
    }
