"""`list`, `show` and `export`: what is stored, never the network."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from modeltui import __version__, paths, query
from modeltui.cli import quick
from modeltui.cli.output import Output
from modeltui.columns import (
    COLUMNS_BY_KEY,
    DEFAULT_COLUMNS,
    Row,
    columns_named,
    fit_columns,
    rows_by_model,
    rows_by_offer,
)
from modeltui.errors import UsageError
from modeltui.export import Json, document, model_json, offer_json, to_csv, to_ids, to_json, to_markdown
from modeltui.format import ago, fit
from modeltui.model import Model, Offer
from modeltui.service.session import Session
from modeltui.sorting import sort_rows
from modeltui.state import Catalog, SourceHealth

FORMATS = ("table", "json", "csv", "md", "ids")


def add_list(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `list`."""
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help="words and conditions, such as: tools ctx>=128k in<=0.5"
    )
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    parser.add_argument("--format", choices=FORMATS, help="default: table")
    parser.add_argument("--columns", help="column names joined by commas")
    parser.add_argument("--sort", help="column names joined by commas; a minus turns one round: -context")
    parser.add_argument(
        "--by", choices=("model", "offer"), help="one row a model or an offer (default: model; JSON: offer)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="at most N rows")


def run_list(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print the rows that a query leaves."""
    form = "json" if options.json else options.format or "table"
    if options.json and options.format not in {None, "json"}:
        raise UsageError("--json and --format say different things", hint="leave one out")
    by = options.by or ("offer" if form == "json" else "model")
    if form == "json" and by == "offer" and not (options.query or options.sort or options.limit is not None):
        return _list_all(session, out)
    catalog = session.catalog()
    now = session.clock()
    rows = chosen(catalog, options.query, by, options.sort, now, limit=options.limit)
    say_age(catalog, session, out)
    if form == "json":
        out.data(to_json([_row_json(row, by, catalog) for row in rows]))
    elif form == "ids":
        if rows:
            out.data(to_ids(rows).removesuffix("\n"))
    else:
        keys = columns_of(options.columns)
        _print_rows(form, rows, keys, now, out)
    return 0


def _list_all(session: Session, out: Output) -> int:
    """Print every offer as JSON, and keep the bytes for the next time they are asked for."""
    config = session.config
    path = config.path or paths.config_file(session.environ)
    taken = quick.stamp(session.cache_dir, path, use_snapshot=session.use_snapshot)
    catalog = session.catalog()
    say_age(catalog, session, out)
    text = session.redactor.redact(to_json([offer_json(offer, catalog) for offer in catalog.offers]))
    if not any(own.api_key_command or own.keyring for own in config.providers.values()):
        said, oldest_at = age_line(catalog)
        names = sorted({name for plan in session.plans for name in plan.variables})
        quick.keep(session.cache_dir, taken, text, names=names, said=said, oldest_at=oldest_at)
    out.data(text)
    return 0


def _row_json(row: Row, by: str, catalog: Catalog) -> Json:
    if by == "model" and row.model is not None:
        return model_json(row.model)
    return offer_json(row.offers[0], catalog)


def _print_rows(form: str, rows: Sequence[Row], keys: Sequence[str], now: datetime, out: Output) -> None:
    if form == "csv":
        out.data(to_csv(rows, columns_named(keys), now).rstrip("\n"))
    elif form == "md":
        out.lines(to_markdown(rows, columns_named(keys), now).rstrip("\n"))
    else:
        out.lines(table(rows, keys, now, _width()))


def _width() -> int:
    return shutil.get_terminal_size((160, 40)).columns if sys.stdout.isatty() else 160


def table(rows: Sequence[Row], keys: Sequence[str], now: datetime, width: int) -> str:
    """Draw rows as plain aligned text."""
    columns = fit_columns(keys, width)
    lines = [" ".join(fit(column.title, size, column.align) for column, size in columns).rstrip()]
    lines += [
        " ".join(fit(column.text(row, now), size, column.align) for column, size in columns).rstrip() for row in rows
    ]
    return "\n".join(lines)


def columns_of(text: str | None) -> tuple[str, ...]:
    """Read column names joined by commas; an unknown one is a `UsageError`."""
    if not text:
        return DEFAULT_COLUMNS
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    columns_named(keys)
    return keys


def chosen(
    catalog: Catalog, words: Sequence[str], by: str, sort: str | None, now: datetime, *, limit: int | None = None
) -> list[Row]:
    """Pick, order and cut the rows of a catalog."""
    rows = rows_by_model(catalog) if by == "model" else rows_by_offer(catalog)
    wanted = query.parse(joined(words), now, known=query.vocabulary_of(rows))
    hits = query.apply(wanted, rows, now)
    picked = [rows[place] for place in hits]
    if sort:
        keys = [(key.strip().lstrip("-"), key.strip().startswith("-")) for key in sort.split(",") if key.strip()]
        columns_named([key for key, _ in keys])
        picked = [picked[place] for place in sort_rows(picked, keys)]
    return picked if limit is None else picked[: max(0, limit)]


def joined(words: Sequence[str]) -> str:
    """Join the words of a command line to one query; a word with blanks keeps together."""
    return " ".join(f'"{word}"' if " " in word and '"' not in word and ":" not in word else word for word in words)


def say_age(catalog: Catalog, session: Session, out: Output) -> None:
    """Say on stderr how old what is shown is."""
    said, oldest_at = age_line(catalog)
    out.say(said.replace("{ago}", ago((session.clock() - oldest_at).total_seconds())) if oldest_at else said)


def age_line(catalog: Catalog) -> tuple[str, datetime | None]:
    """Make the line about the age of a catalog, with `{ago}` for how long ago the oldest of it was answered."""
    read = [s for s in catalog.sources if s.fetched_at and s.health is not SourceHealth.SHIPPED and s.records]
    shipped = next((s for s in catalog.sources if s.health is SourceHealth.SHIPPED), None)
    if read:
        failed = sum(1 for s in catalog.sources if s.health is SourceHealth.FAILED)
        note = f", {failed} failed at the last try" if failed else ""
        oldest_at = min(s.fetched_at for s in read if s.fetched_at)
        return f"{len(read)} sources, the oldest answer from {{ago}}{note}", oldest_at
    if shipped and shipped.fetched_at:
        day = f"{shipped.fetched_at:%Y-%m-%d}"
        return f"shipped catalogue of {day}, {{ago}}: `modeltui refresh` asks the providers", shipped.fetched_at
    return "nothing is stored yet: `modeltui refresh` asks the providers", None


# ---------------------------------------------------------------------------------------------------- export


def add_export(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `export`."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="words and conditions")
    parser.add_argument("--format", choices=("json", "csv", "md"), default="json")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: stdout")
    parser.add_argument("--columns", help="column names joined by commas (csv, md)")
    parser.add_argument("--sort", help="column names joined by commas; a minus turns one round")
    parser.add_argument("--by", choices=("model", "offer"), default="offer", help="rows of csv and md")
    parser.add_argument("--raw", action="store_true", help="csv: do not guard cells that a spreadsheet would run")
    parser.add_argument("--force", action="store_true", help="replace FILE")


def run_export(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Write rows with everything known of them."""
    catalog = session.catalog()
    now = session.clock()
    say_age(catalog, session, out)
    if options.format == "json":
        text = _export_json(options, session, catalog, now)
    else:
        rows = chosen(catalog, options.query, options.by, options.sort, now)
        columns = columns_named(columns_of(options.columns))
        text = (
            to_csv(rows, columns, now, raw=options.raw) if options.format == "csv" else to_markdown(rows, columns, now)
        )
    if options.output:
        out.file(options.output, text.rstrip("\n") + "\n", force=options.force)
        out.say(f"wrote {options.output}")
    else:
        out.data(text.rstrip("\n"))
    return 0


def _export_json(options: argparse.Namespace, session: Session, catalog: Catalog, now: datetime) -> str:
    from modeltui.cli.analysis import merge_analysis

    offers: Sequence[Offer] = [row.offers[0] for row in chosen(catalog, options.query, "offer", options.sort, now)]
    keys = {offer.model for offer in offers}
    models: Sequence[Model] = [model for model in catalog.models if model.key in keys]
    return to_json(document(catalog, offers, models, __version__, merge_analysis(session)))


# ---------------------------------------------------------------------------------------------------- columns


def column_help() -> str:
    """List the columns by name, for --help."""
    return "columns: " + ", ".join(COLUMNS_BY_KEY)
