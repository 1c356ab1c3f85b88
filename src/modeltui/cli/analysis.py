"""`gaps` and `conflicts`: what did not join, and what does not agree."""

import argparse

import msgspec

from modeltui.cli.output import Output
from modeltui.cli.rows import chosen, say_age
from modeltui.cli.show import shown
from modeltui.errors import NotFoundError
from modeltui.export import Json, to_json
from modeltui.merge.gaps import to_markdown
from modeltui.service.session import Session

DEFAULT_PAIR = ("chutes/v1", "chutes/deployments")


def add_gaps(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `gaps`."""
    parser.add_argument("source_a", nargs="?", metavar="SOURCE_A", default=DEFAULT_PAIR[0])
    parser.add_argument("source_b", nargs="?", metavar="SOURCE_B", default=DEFAULT_PAIR[1])
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    parser.add_argument("--format", choices=("md", "json"), default="md")


def run_gaps(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print the merge analysis of two sources."""
    catalog = session.catalog()
    say_age(catalog, session, out)
    gaps = session.gaps(options.source_a, options.source_b)
    if gaps is None:
        missing = [n for n in (options.source_a, options.source_b) if session.response(n) is None]
        raise NotFoundError(f"nothing is stored of {' and '.join(missing)}", hint="modeltui refresh")
    if options.json or options.format == "json":
        out.data(to_json(msgspec.to_builtins(gaps)))
    else:
        out.lines(to_markdown(gaps))
    return 0


def merge_analysis(session: Session) -> Json:
    """Analyse every pair of sources that a provider's offers are merged from, for the JSON export."""
    found: dict[str, Json] = {}
    for plan in session.plans:
        sources = [source.name for source in plan.listing]
        for other in sources[1:]:
            gaps = session.gaps(sources[0], other)
            if gaps is not None:
                found[f"{sources[0]} {other}"] = msgspec.to_builtins(gaps)
    return found


def add_conflicts(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `conflicts`."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="words and conditions")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--stale", action="store_true", help="also where only a catalogue contradicts the provider")


def run_conflicts(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print the values on which sources disagree."""
    catalog = session.catalog()
    say_age(catalog, session, out)
    rows = chosen(catalog, options.query, "offer", None, session.clock())
    found = []
    for row in rows:
        offer = row.offers[0]
        fields = offer.conflicts + (offer.stale_catalogue if options.stale else ())
        for field in dict.fromkeys(fields):
            claims = catalog.claims.get(offer.key, {}).get(field, ())
            found.append((offer, field, claims))
    if options.json:
        out.data(to_json([
            {
                "provider": offer.provider, "id": offer.id, "field": field,
                "claims": [{"value": msgspec.to_builtins(c.value), "source": c.source, "path": c.path} for c in claims],
            }
            for offer, field, claims in found
        ]))  # fmt: skip
        return 0
    for offer, field, claims in found:
        values = "   ".join(f"{shown(field, c.value)} {c.source}" for c in claims)
        out.lines(f"{offer.key:<48} {field:<20} {values}")
    out.say(f"{len(found)} fields on which sources disagree")
    return 0
