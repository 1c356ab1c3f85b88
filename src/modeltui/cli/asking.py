"""`refresh`, `dump`, `sources` and `raw`: the network side of the command line."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from modeltui.cli.output import Output, write_file
from modeltui.errors import NotFoundError, PayloadError
from modeltui.export import source_json, to_json
from modeltui.format import age, fit
from modeltui.providers.payload import decode
from modeltui.providers.records import Records
from modeltui.service.events import Event, FetchFinished, FetchRetrying, RefreshFinished
from modeltui.service.session import Session
from modeltui.state import Response, SourceStatus

OUTCOMES = {"updated": "updated", "unchanged": "unchanged", "fresh": "fresh", "skipped": "skipped", "failed": "FAILED"}


def add_refresh(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `refresh`."""
    parser.add_argument("providers", nargs="*", metavar="PROVIDER", help="default: every provider that is on")
    parser.add_argument("--force", action="store_true", help="ask again what is younger than its TTL")
    parser.add_argument("--accept", action="store_true", help="believe lists that became much shorter than they were")


def run_refresh(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Ask the sources; one line each, then a summary; 1 where any failed."""
    for slug in options.providers:
        session.plan(slug)
    if session.offline:
        out.say("offline: nothing is asked")
        return 0
    return asyncio.run(
        _refresh(session, out, options.providers, force=options.force or options.accept, accept=options.accept)
    )


async def _refresh(
    session: Session, out: Output, providers: Sequence[str], *, force: bool, accept: bool = False
) -> int:
    failed = 0
    async for event in session.refresh(force=force, providers=providers, accept_shrunk=accept):
        _tell(event, out)
        if isinstance(event, RefreshFinished):
            failed = event.failed
            quiet = sum(1 for p in session.plans for s in p.sources if s.quiet and not s.source.on_demand)
            note = f"; {quiet} more need a key (`modeltui sources`)" if quiet and not providers else ""
            out.say(
                f"{event.updated} updated, {event.unchanged} unchanged, {event.failed} failed, "
                f"{event.skipped} skipped{note}"
            )
    for note in session.store.notes:
        out.say(f"cache: {note}")
    return 1 if failed else 0


def _tell(event: Event, out: Output) -> None:
    if isinstance(event, FetchRetrying):
        out.detail(f"{event.source:<28} {event.reason}; again in {event.wait_s:.1f} s")
    elif isinstance(event, FetchFinished):
        what = OUTCOMES.get(event.outcome, event.outcome)
        parts = [f"{event.records} models" if event.records else "", event.message, event.hint]
        took = f"{event.elapsed_s:.2f} s" if event.elapsed_s else ""
        out.say(f"{event.source:<28} {what:<10}{took:>8}  {'; '.join(part for part in parts if part)}".rstrip())


# ---------------------------------------------------------------------------------------------------- dump


def add_dump(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `dump`."""
    parser.add_argument("providers", nargs="*", metavar="PROVIDER", help="default: every provider with an answer")
    parser.add_argument("--out", type=Path, default=Path("models"), metavar="DIR", help="default: models/")
    parser.add_argument("--force", action="store_true", help="ask again what is younger than its TTL")


def run_dump(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Write the raw answers as pretty-printed JSON, DIR/PROVIDER.json; further sources as DIR/PROVIDER-SOURCE.json."""
    for slug in options.providers:
        session.plan(slug)
    status = 0
    if not session.offline:
        status = asyncio.run(_refresh(session, out, options.providers, force=options.force))
    written = 0
    for plan in session.plans:
        if options.providers and plan.slug not in options.providers:
            continue
        for place, source in enumerate(plan.listing):
            response = session.builder.response(plan, source)
            if response is None:
                continue
            name = plan.slug if place == 0 else f"{plan.slug}-{source.source.name}"
            body = pretty(response, source.source.records)
            write_file(options.out / f"{safe_name(name)}.json", session_redacted(out, body), force=True)
            written += 1
    out.say(f"wrote {written} answers to {options.out}")
    return status or (0 if written else 1)


def session_redacted(out: Output, text: str) -> bytes:
    """Take keys out of an answer: some providers repeat them."""
    return out.redactor.redact(text).encode("utf-8", "replace")


def safe_name(name: str) -> str:
    """Make a file name of a provider's name: letters, digits, dots and dashes only, never a way out of the folder."""
    return "".join(char if char.isalnum() or char in "._-" else "_" for char in name).lstrip(".-") or "_"


def pretty(response: Response, records: Records) -> str:
    """Write an answer as indented JSON with its numbers as sent; the pages of a list become one list."""
    pages = [decode(page) for page in response.pages]
    whole = pages[0]
    if len(pages) > 1:
        key = records.path.split("|")[0]
        items = [item for page in pages for item in records.find(page)]
        whole = {**whole, key: items} if isinstance(whole, dict) else items
    return _json_text(whole) + "\n"


def _json_text(value: object) -> str:
    """Encode with every number as it was sent: a decimal is written from its own digits."""
    marks: dict[str, str] = {}

    def plain(number: object) -> object:
        if isinstance(number, Decimal):
            mark = f"\ue000{len(marks)}\ue001"
            marks[json.dumps(mark, ensure_ascii=False)] = str(number)
            return mark
        raise TypeError(type(number).__name__)

    text = json.dumps(value, indent=2, ensure_ascii=False, default=plain)
    for mark, digits in marks.items():
        text = text.replace(mark, digits, 1)
    return text


# ---------------------------------------------------------------------------------------------------- sources


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sources`."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--all", action="store_true", help="also those that need a key nobody gave")


def run_sources(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print every source: state, age, status, models, problems, key, and what went wrong."""
    catalog = session.catalog()
    if options.json:
        out.data(to_json([source_json(status) for status in catalog.sources]))
        return 0
    quiet = {s.name for p in session.plans for s in p.sources if s.quiet}
    shown = [s for s in catalog.sources if options.all or s.source not in quiet]
    out.lines("\n".join(_source_lines(shown, session)))
    if quiet and not options.all:
        out.say(f"{len(quiet)} more are not asked for want of a key: --all lists them")
    return 0


def _source_lines(statuses: Sequence[SourceStatus], session: Session) -> list[str]:
    now = session.clock()
    lines = [f"{'source':<28} {'state':<8} {'age':>7} {'http':>4} {'models':>6} {'problems':>8} {'key':<8} note"]
    for s in statuses:
        old = age((now - s.fetched_at).total_seconds()) if s.fetched_at else ""
        key = "yes" if s.key_present else ("missing" if s.error == "no key" else "-")
        note = "; ".join(part for part in (s.error, s.hint, s.note) if part)
        lines.append(
            f"{fit(s.source, 28)} {s.health.value:<8} {old:>7} {s.status or '':>4} {s.records or '':>6} "
            f"{len(s.problems) or '':>8} {key:<8} {note}".rstrip()
        )
    return lines


# ---------------------------------------------------------------------------------------------------- raw


def add_raw(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `raw`."""
    parser.add_argument("source", metavar="SOURCE", help="provider/source, or a provider's name")
    parser.add_argument("id", nargs="?", metavar="ID", help="one record of it")


def run_raw(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print the stored answer of a source, or one record of it."""
    plan, source = session.source_plan(options.source)
    response = session.builder.response(plan, source)
    if response is None:
        raise NotFoundError(f"nothing is stored of {source.name}", hint=f"modeltui refresh {plan.slug}")
    if options.id is None:
        try:
            out.data(pretty(response, source.source.records).rstrip("\n"))
        except PayloadError:
            out.lines(response.pages[0].decode("utf-8", "replace"))
        return 0
    record = session.raw(source.name, options.id)
    if record is None:
        raise NotFoundError(f"{source.name} has no record {options.id!r}", hint="ids are compared exactly")
    out.data(_json_text(record))
    return 0
