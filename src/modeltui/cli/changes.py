"""`diff`: what changed since a day, told from the answers that were kept."""

import argparse
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from modeltui import query
from modeltui.cli.output import Output
from modeltui.cli.rows import joined
from modeltui.columns import rows_by_offer
from modeltui.diff import Change, ChangeKind, Diff, FirstSeen, compare, summary, told
from modeltui.errors import UsageError
from modeltui.export import Json, plain, to_json
from modeltui.format import ago, clean, instant
from modeltui.query_words import read_value
from modeltui.service.session import Session
from modeltui.state import Catalog

HEADINGS = {
    ChangeKind.ADDED: "Added",
    ChangeKind.REMOVED: "Removed",
    ChangeKind.PRICE: "Prices",
    ChangeKind.LIMIT: "Limits",
    ChangeKind.CAPABILITY: "Capabilities",
    ChangeKind.QUANTIZATION: "Quantization",
    ChangeKind.STATUS: "Status",
}
_ESCAPED = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_[]|~#"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
)


def add_diff(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `diff`."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="only offers that it matches, then or now")
    parser.add_argument(
        "--since", default="7d", metavar="WHEN", help="12h, 7d, 2w, 3mo, or a day as 2026-05-31 (default: 7d)"
    )
    parser.add_argument("--exit-code", action="store_true", help="end with 1 where anything differs")
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    parser.add_argument("--format", choices=("text", "md", "json"), help="default: text")


def run_diff(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print what changed; sources without an answer that old are left out and named on stderr."""
    if options.json and options.format not in {None, "json"}:
        raise UsageError("--json and --format say different things", hint="leave one out")
    now = session.clock()
    when = moment(options.since, now)
    current = session.catalog()
    older, newer = session.builder.build_at(when), session.builder.build_at(now, when)
    found = narrowed(compare(older, newer), older, newer, options.query, now)
    unread = unread_then(older, current)
    _say_sources(session, unread, found, when, out)
    form = "json" if options.json else options.format or "text"
    if form == "json":
        out.data(to_json(diff_json(found, unread)))
    else:
        out.lines("\n".join(markdown(found) if form == "md" else text(found)))
    return 1 if options.exit_code and found.changes else 0


def moment(wanted: str, now: datetime) -> datetime:
    """Read `7d`, a day, or an instant; `UsageError` for anything else, and for what is still to come."""
    when = _ago(wanted.strip().lower(), now) or _named(wanted.strip())
    if when is None:
        raise UsageError(f"--since: {wanted!r} is no time", hint="write 12h, 7d, 2w, 3mo, or a day as 2026-05-31")
    if when > now:
        raise UsageError(f"--since: {instant(when)} is still to come")
    return when


def _ago(wanted: str, now: datetime) -> datetime | None:
    try:
        seconds = float(read_value("age", "=", wanted, now)[0])
        return now - timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None


def _named(wanted: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(wanted)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def narrowed(found: Diff, older: Catalog, newer: Catalog, words: Sequence[str], now: datetime) -> Diff:
    """Keep the changes of offers that a query matches in either catalog."""
    if not words:
        return found
    sides = [rows_by_offer(older), rows_by_offer(newer)]
    wanted = query.parse(joined(words), now, known=query.vocabulary_of([row for rows in sides for row in rows]))
    keys = {rows[place].key for rows in sides for place in query.apply(wanted, rows, now)}
    kept = tuple(change for change in found.changes if change.offer.key in keys)
    return Diff(found.since, found.until, kept, found.first_seen, found.left_out)


def unread_then(older: Catalog, current: Catalog) -> tuple[FirstSeen, ...]:
    """Name the sources that are shown now and had no answer then."""
    read = {status.source for status in older.sources if status.records}
    return tuple(
        FirstSeen(status.source, status.records)
        for status in current.sources
        if status.records and status.source not in read
    )


def _say_sources(session: Session, unread: Sequence[FirstSeen], found: Diff, when: datetime, out: Output) -> None:
    old = ago((session.clock() - when).total_seconds())
    out.say(f"changes since {instant(when)} ({old})")
    if unread:
        names = ", ".join(f"{source.source} ({source.offers} models)" for source in unread)
        out.say(f"left out, first seen since then: {names}")
        begins = [oldest for source in unread if (oldest := oldest_answer(session, source.source)) is not None]
        if begins:
            out.say(f"  their answers begin {instant(min(begins))}: --since takes any later time")
    for name in found.left_out:
        out.say(f"{name}: left out, its answer of now cannot be read")


def oldest_answer(session: Session, source: str) -> datetime | None:
    """Tell when the oldest answer that is kept of a source was fetched, whatever key it was asked with."""
    scopes = {scope for name, scope in session.store.heads() if name == source}
    heads = [head for scope in scopes for head in session.store.history(source, scope)]
    return min((head.fetched_at for head in heads), default=None)


# ---------------------------------------------------------------------------------------------------- forms


def _by_kind(changes: Iterable[Change]) -> list[tuple[str, list[Change]]]:
    return [(HEADINGS[kind], list(group)) for kind, group in groupby(changes, key=lambda change: change.kind)]


def text(found: Diff) -> list[str]:
    """Write changes for a person, one a line below the heading of their kind."""
    width = min(max((len(change.offer.key) for change in found.changes), default=0), 56)
    lines: list[str] = []
    for heading, changes in _by_kind(found.changes):
        lines += ["", f"{heading} ({len(changes)})"]
        lines += [f"  {clean(change.offer.key):<{width}}  {told(change)}" for change in changes]
    return lines[1:] or ["no changes"]


def markdown(found: Diff) -> list[str]:
    """Write changes as a Markdown page; nothing of foreign origin is read as markup."""
    lines = [f"# Changes from {instant(found.since)} to {instant(found.until)}"]
    for heading, changes in _by_kind(found.changes):
        lines += ["", f"## {heading} ({len(changes)})", "", "| offer | change |", "| --- | --- |"]
        lines += [f"| {_escaped(change.offer.key)} | {_escaped(told(change))} |" for change in changes]
    return lines if found.changes else [*lines, "", "No changes."]


def _escaped(foreign: str) -> str:
    return clean(foreign).translate(_ESCAPED).replace("://", "&#58;//").replace("www.", "www&#46;")


def diff_json(found: Diff, unread: Sequence[FirstSeen]) -> Json:
    """Give the changes as data: amounts as numbers, what is not stated as null."""
    return {
        "since": plain(found.since),
        "until": plain(found.until),
        "changes": [change_json(change) for change in found.changes],
        "first_seen": [plain(source) for source in unread],
        "unreadable_now": list[Json](found.left_out),
    }


def change_json(change: Change) -> Json:
    """Give one change; `before`, `after` and `percent` are there where a field differs."""
    made: dict[str, Json] = {
        "kind": change.kind.value,
        "provider": change.offer.provider,
        "id": change.offer.id,
        "model": change.offer.model or None,
    }
    if change.kind in {ChangeKind.ADDED, ChangeKind.REMOVED}:
        return {**made, "summary": summary(change.offer)}
    values: dict[str, Json] = {"before": plain(change.before), "after": plain(change.after)}
    if change.kind is ChangeKind.CAPABILITY:
        values = {"before": change.before is True, "after": change.after is True}
    return {**made, "field": change.field, **values, "percent": plain(change.percent)}
