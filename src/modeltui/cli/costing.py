"""`cost`: what a workload costs with each offer, the cheapest first and the unknown last."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from modeltui import query
from modeltui.cli.output import Output
from modeltui.cli.rows import joined, say_age
from modeltui.columns import Row, rows_by_model, rows_by_offer, with_costs
from modeltui.cost import Cost, Workload, cost, costs_of, count_of, share_of, workload_of
from modeltui.errors import UsageError
from modeltui.export import Json, plain, to_json
from modeltui.format import MISSING, clean, count, display_width, fit, span, tokens, usd
from modeltui.service.session import Session
from modeltui.sorting import sort_rows
from modeltui.state import Catalog

NO_WORKLOAD = "say what a request is: modeltui cost --in 8000 --out 1000, or set [workload] in the config"


def add_cost(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `cost`."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="words and conditions, such as: tools ctx>=128k")
    parser.add_argument("--in", dest="tokens_in", metavar="N", help="tokens of the prompt: 8000, 8k")
    parser.add_argument("--out", dest="tokens_out", metavar="N", help="tokens of the answer")
    parser.add_argument("--cached", metavar="SHARE", help="share of the prompt read from the cache: 0.7, 70%%")
    parser.add_argument("--requests", metavar="N", help="requests a month")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--by", choices=("offer", "model"), default="offer", help="rows (default: offer)")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N rows")


def run_cost(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print what a workload costs; what the options do not say is taken from the config's `[workload]`."""
    workload = workload_told(options, workload_of(session.config.workload))
    catalog = session.catalog()
    rows = costed(catalog, options, workload, session.clock())
    say_age(catalog, session, out)
    if options.json:
        name = "offers" if options.by == "offer" else "models"
        found: dict[str, Json] = {"workload": plain(workload), name: [row_json(row, workload) for row in rows]}
        out.data(to_json(found))
        return 0
    out.say(_told(workload))
    out.lines("\n".join(_table(_lines(rows, workload))))
    return 0


def costed(catalog: Catalog, options: argparse.Namespace, workload: Workload, now: datetime) -> list[Row]:
    """Pick the rows that the query leaves, which may ask for `cost` too, and order them by what they cost."""
    plain_rows = rows_by_offer(catalog) if options.by == "offer" else rows_by_model(catalog)
    rows = with_costs(plain_rows, costs_of(workload))
    wanted = query.parse(joined(options.query), now, known=query.vocabulary_of(rows))
    hits = [rows[place] for place in query.apply(wanted, rows, now)]
    cheapest = [hits[place] for place in sort_rows(hits, [("cost", False)])]
    return cheapest if options.limit is None else cheapest[: max(0, options.limit)]


# ---------------------------------------------------------------------------------------------------- workload


def workload_told(options: argparse.Namespace, usual: Workload | None) -> Workload:
    """Make the workload of a command line; `UsageError` where it says no tokens, or something that makes no sense."""
    told_in, told_out = _count(options.tokens_in, "--in"), _count(options.tokens_out, "--out")
    if told_in is None and told_out is None and usual is None:
        raise UsageError("there is no workload", hint=NO_WORKLOAD)
    usual = usual or Workload(0, 0)
    requests = _count(options.requests, "--requests")
    return Workload(
        tokens_in=usual.tokens_in if told_in is None else told_in,
        tokens_out=usual.tokens_out if told_out is None else told_out,
        cached=usual.cached if options.cached is None else _share(options.cached),
        requests_per_month=usual.requests_per_month if requests is None else requests or None,
    )


def _count(text: str | None, option: str) -> int | None:
    if text is None:
        return None
    try:
        number = count_of(text)
    except ValueError:
        number = None
    if number is None:
        raise UsageError(f"{option}: {text!r} is not a whole number", hint="write it as 8000 or 8k")
    return number


def _share(text: str) -> Decimal:
    try:
        return share_of(text)
    except ValueError:
        raise UsageError(f"--cached: {text!r} is not a share", hint="write it as 0.7 or 70%") from None


def _told(workload: Workload) -> str:
    parts = [f"{tokens(workload.tokens_in)} in"]
    parts += [f"{(workload.cached * 100).normalize():f} % of it cached"] if workload.cached else []
    parts.append(f"{tokens(workload.tokens_out)} out")
    parts += [f"{count(workload.requests_per_month)} requests a month"] if workload.requests_per_month else []
    return ", ".join(parts)


# ---------------------------------------------------------------------------------------------------- rows


def row_json(row: Row, workload: Workload) -> Json:
    """Give a row's costs in USD, null where they are unknown: of an offer exact, of a model as ranges."""
    costs = [cost(offer, workload) for offer in row.offers]
    if row.model is None:
        offer, found = row.offers[0], costs[0]
        return {
            "provider": offer.provider,
            "id": offer.id,
            "model": offer.model or None,
            "usd_per_request": plain(found.per_request),
            "usd_per_month": plain(found.per_month),
            "price_state": offer.price_state.value,
            "basis": found.basis,
        }
    return {
        "key": row.model.key,
        "name": row.model.name,
        "usd_per_request": _range([found.per_request for found in costs]),
        "usd_per_month": _range([found.per_month for found in costs]),
        "offers": [offer.key for offer in row.offers],
        "unknown": [offer.key for offer, found in zip(row.offers, costs, strict=True) if found.per_request is None],
    }


def _range(amounts: Sequence[Decimal | None]) -> Json:
    known = [amount for amount in amounts if amount is not None]
    return {"min": plain(min(known)), "max": plain(max(known))} if known else None


def _lines(rows: Sequence[Row], workload: Workload) -> list[tuple[str, ...]]:
    monthly = workload.requests_per_month is not None
    by_model = bool(rows) and rows[0].model is not None
    heads = ["model" if by_model else "offer", "$/request", *(["$/month"] if monthly else [])]
    lines = [(*heads, "offers" if by_model else "basis")]
    for row in rows:
        costs = [cost(offer, workload) for offer in row.offers]
        amounts = [_amounts([found.per_request for found in costs])]
        amounts += [_amounts([found.per_month for found in costs])] if monthly else []
        lines.append(
            (clean(row.title if by_model else row.key), *amounts, _many(costs) if by_model else costs[0].basis)
        )
    return lines


def _amounts(amounts: Sequence[Decimal | None]) -> str:
    known = [amount for amount in amounts if amount is not None]
    return span(min(known), max(known), usd) if known else MISSING


def _many(costs: Sequence[Cost]) -> str:
    unknown = sum(found.per_request is None for found in costs)
    return f"{len(costs)} offer{'s' * (len(costs) > 1)}" + (f", {unknown} of unknown cost" if unknown else "")


def _table(lines: Sequence[tuple[str, ...]]) -> list[str]:
    """Align all but the last column: names to the left, amounts to the right."""
    widths = [min(max(display_width(cell) for cell in column), 64) for column in zip(*lines, strict=True)]
    return [
        " ".join(
            [fit(line[0], widths[0]), *(fit(cell, widths[place + 1], "right") for place, cell in enumerate(line[1:-1]))]
        )
        + f"  {line[-1]}"
        for line in lines
    ]
