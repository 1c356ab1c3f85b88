"""The columns of the table: one declaration each, used by screen, command line, exports and documentation.

Text is for reading and may round; `csv` and `bounds` are exact. A model's row shows the range over its offers:
lengths, uses and speeds sort by its highest, prices, dates and delays by its lowest.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches

from msgspec import Struct

from modeltui import format as show
from modeltui import row_values as say
from modeltui.errors import UsageError
from modeltui.row_values import Amount
from modeltui.table_rows import Row, rows_by_model, rows_by_offer, with_costs, with_latency

__all__ = (
    "COLUMNS",
    "COLUMNS_BY_KEY",
    "DEFAULT_COLUMNS",
    "GAP",
    "Cell",
    "Column",
    "Row",
    "columns_named",
    "conflicted",
    "fit_columns",
    "rows_by_model",
    "rows_by_offer",
    "with_costs",
    "with_latency",
)

GAP = 1
"""Cells between two columns."""

SortValue = str | int | float | Decimal | datetime
Cell = str | int | float | Decimal | datetime | None
"""An exact value; instants are aware UTC."""


class Column(Struct, frozen=True):
    """One column: how wide it is, what it shows, what it sorts by and what it exports."""

    key: str
    title: str
    width: int
    """Cells that suffice for nearly every value."""
    min_width: int
    max_width: int
    align: str
    """`left` or `right`."""
    drop_order: int
    """Columns with a low number leave a narrow terminal first; 0 never leaves."""
    help: str
    text: Callable[[Row, datetime], str]
    sort_value: Callable[[Row], SortValue | None]
    """`None` is missing, which sorts last in both directions."""
    csv: Callable[[Row], Cell]
    bounds: Callable[[Row], tuple[Cell, Cell]] | None = None
    """Lowest and highest over the offers of a row, where the column shows a range."""
    fields: tuple[str, ...] = ()
    """The fields of an offer that the column shows, dotted as in `Offer.conflicts`."""


def _measured(
    key: str,
    title: str,
    widths: tuple[int, int, int],
    drop_order: int,
    about: str,
    *,
    get: Callable[[Row, int], Amount | None],
    text: Callable[[Amount, Amount], str],
    highest: bool,
    fields: tuple[str, ...] = (),
    otherwise: Callable[[Row], str] = lambda _: show.MISSING,
) -> Column:
    """Declare a column of numbers: a range in a model's row, `otherwise` where no offer has the number."""

    def shown(row: Row, _: datetime) -> str:
        found = say.amounts(row, get)
        return text(min(found), max(found)) if found else otherwise(row)

    def ranked(row: Row) -> SortValue | None:
        if len(row.offers) == 1:
            return get(row, 0)
        found = say.amounts(row, get)
        return (max(found) if highest else min(found)) if found else None

    def bounds(row: Row) -> tuple[Cell, Cell]:
        found = say.amounts(row, get)
        return (min(found), max(found)) if found else (None, None)

    width, min_width, max_width = widths
    return Column(
        key=key, title=title, width=width, min_width=min_width, max_width=max_width, align="right",
        drop_order=drop_order, help=about, text=shown, sort_value=ranked, csv=ranked, bounds=bounds, fields=fields,
    )  # fmt: skip


def _worded(
    key: str,
    title: str,
    widths: tuple[int, int, int],
    drop_order: int,
    about: str,
    *,
    words: Callable[[Row], list[str]],
    text: Callable[[list[str]], str],
    fields: tuple[str, ...] = (),
) -> Column:
    """Declare a column of words: the distinct words over a row's offers, exported with `; ` between them."""

    def ranked(row: Row) -> SortValue | None:
        found = words(row)
        return found[0].lower() if len(found) == 1 else min(map(str.lower, found), default=None)

    width, min_width, max_width = widths
    return Column(
        key=key, title=title, width=width, min_width=min_width, max_width=max_width, align="left",
        drop_order=drop_order, help=about, fields=fields,
        text=lambda row, _: text(words(row)),
        sort_value=ranked,
        csv=lambda row: "; ".join(words(row)) or None,
    )  # fmt: skip


def _range_of(formatter: Callable[[Amount], str]) -> Callable[[Amount, Amount], str]:
    return lambda low, high: show.span(low, high, formatter)


def _priced(key: str, title: str, field: str, drop_order: int, about: str, *, units: bool = False) -> Column:
    return _measured(
        key, title, (11, max(8, len(title)), 14), drop_order, about,
        get=say.price(field), text=_range_of(show.usd), highest=False, fields=(f"prices.{field}",),
        otherwise=lambda row: say.without_price(row, units=units),
    )  # fmt: skip


def _pricing(row: Row) -> list[str]:
    return say.distinct(offer.price_state.value for offer in row.offers)


def _uses_text(row: Row, _: datetime) -> str:
    total = say.total_uses(row)
    return show.MISSING if total is None else show.count(total)


def _speed(tokens_per_s: float) -> str:
    return show.speed(tokens_per_s).removesuffix(" tok/s")


COLUMNS: tuple[Column, ...] = (
    Column(
        key="model", title="Model", width=32, min_width=18, max_width=60, align="left", drop_order=0,
        help="Name of the model; the exact id in the view by offers",
        text=lambda row, _: row.title, sort_value=lambda row: row.title_lower,
        csv=lambda row: row.offers[0].id if row.model is None else row.model.name, fields=("name",),
    ),
    _worded("provider", "Provider", (14, 10, 24), 14, "Who offers it, or how many do",
            words=say.words_of_field("provider"), text=lambda words: say.several(words, "providers")),
    _measured("context", "Context", (10, 7, 12), 19, "Longest prompt and answer together, in tokens",
              get=say.context, text=_range_of(show.tokens), highest=True, fields=("context_length",)),
    _measured("output", "Output", (10, 6, 12), 11, "Longest answer, in tokens",
              get=say.output, text=_range_of(show.tokens), highest=True, fields=("max_output_tokens",)),
    _worded("quant", "Quant", (9, 5, 16), 13, "Quantization of the weights that are served",
            words=say.words_of_field("quantization"), text=say.listed, fields=("quantization",)),
    _priced("in", "In $/M", "input", 18, "USD per million tokens of the prompt", units=True),
    _priced("out", "Out $/M", "output", 17, "USD per million tokens of the answer"),
    _priced("cache", "Cache $/M", "cache_read", 10, "USD per million prompt tokens read from the cache"),
    Column(
        key="caps", title="Can do", width=8, min_width=8, max_width=8, align="left", drop_order=16,
        help="Stated capabilities: " + ", ".join(f"{letter} {word}" for letter, word, _ in say.LETTERS),
        text=lambda row, _: say.letters(row), sort_value=lambda row: say.how_many(row) or None,
        csv=lambda row: "; ".join(say.abilities(row)) or None, fields=("capabilities", "open_weights"),
    ),
    Column(
        key="modalities", title="Modalities", width=16, min_width=10, max_width=26, align="left", drop_order=4,
        help="What goes in and what comes out", text=lambda row, _: say.modality_text(row),
        sort_value=say.modality_code, csv=say.modality_code, fields=("input_modalities", "output_modalities"),
    ),
    _measured("released", "Released", (10, 10, 10), 9, "Day on which the provider says it was made",
              get=say.released, text=say.days, highest=False, fields=("created_at",)),
    Column(
        key="state", title="State", width=10, min_width=8, max_width=14, align="left", drop_order=12,
        help="Hot with its instances, live, stale, deprecated, …; n/m where only some offers are",
        text=lambda row, _: say.state_text(row), sort_value=say.state_rank, csv=say.best_state,
        fields=("status", "deployment.hot", "deployment.instances"),
    ),
    Column(
        key="uses", title="Uses", width=6, min_width=5, max_width=8, align="right", drop_order=7,
        help="Uses since the deployments were made, all offers together",
        text=_uses_text, sort_value=say.total_uses, csv=say.total_uses, fields=("deployment.invocations",),
    ),
    _measured("ttft", "TTFT s", (9, 6, 11), 6, "Measured seconds to the first token",
              get=say.ttft, text=_range_of(lambda value: show.seconds(value).removesuffix(" s")), highest=False,
              otherwise=say.without_sample),
    _measured("tps", "Tok/s", (9, 6, 11), 5, "Measured tokens per second after the first",
              get=say.tps, text=_range_of(_speed), highest=True, otherwise=say.without_sample),
    _measured("cost", "Cost $", (10, 8, 16), 8, "What the workload costs, in USD",
              get=say.cost, text=_range_of(show.usd), highest=False, otherwise=say.without_cost),
    Column(
        key="offers", title="Offers", width=6, min_width=6, max_width=6, align="right", drop_order=4,
        help="How many offers the model has", text=lambda row, _: str(len(row.offers)),
        sort_value=lambda row: len(row.offers), csv=lambda row: len(row.offers),
    ),
    _worded("id", "Id", (28, 12, 60), 15, "Id that a request must send",
            words=say.words_of_field("id"), text=lambda words: say.several(words, "ids")),
    _worded("owner", "Maker", (14, 8, 24), 3, "Who made the model, as the providers say",
            words=say.words_of_field("owner"), text=lambda words: say.several(words, "names"), fields=("owner",)),
    _worded("source", "Source", (20, 10, 30), 2, "Listing endpoints that the row rests on",
            words=say.sources, text=lambda words: say.several(words, "sources")),
    _worded("pricing", "Pricing", (10, 7, 20), 2, "What is known of the price: stated, zero, plan, …",
            words=_pricing, text=say.listed),
    _worded("license", "License", (12, 8, 24), 1, "License of the weights",
            words=say.words_of_field("license"), text=say.listed, fields=("license",)),
)  # fmt: skip

COLUMNS_BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}
DEFAULT_COLUMNS: tuple[str, ...] = (
    "model", "provider", "context", "output", "quant", "in", "out", "cache", "caps", "modalities", "released",
    "state", "uses", "ttft", "tps", "cost",
)  # fmt: skip


def columns_named(keys: Iterable[str]) -> tuple[Column, ...]:
    """Give the columns with these keys, in this order; an unknown key is a `UsageError` with a near miss."""
    found: list[Column] = []
    for key in keys:
        if key not in COLUMNS_BY_KEY:
            near = get_close_matches(key, COLUMNS_BY_KEY, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(COLUMNS_BY_KEY)}."
            raise UsageError(f"There is no column {show.clean(key)!r}.", hint=hint)
        found.append(COLUMNS_BY_KEY[key])
    return tuple(found)


def conflicted(row: Row, column: Column) -> bool:
    """Say whether sources really differ on what this cell shows, for any offer of the row."""
    return any(
        name == field or name.startswith(field + ".")
        for offer in row.offers
        for name in offer.conflicts
        for field in column.fields
    )


def fit_columns(keys: Iterable[str], width: int) -> list[tuple[Column, int]]:
    """Choose the columns that fit into `width` cells with `GAP` between them, and how wide each is.

    Columns leave by their drop order; room that is left goes to the model first, and to nobody beyond their
    greatest width.
    """
    kept = list(columns_named(keys))
    while len(kept) > 1 and sum(column.min_width + GAP for column in kept) - GAP > width:
        kept.remove(min((column for column in kept if column.drop_order), key=lambda column: column.drop_order))
    widths = {column.key: column.min_width for column in kept}
    spare = width - sum(widths.values()) - GAP * (len(kept) - 1)
    by_weight = sorted(kept, key=lambda column: -column.drop_order if column.drop_order else -1000)
    for limit in ("width", "max_width"):
        for column in by_weight:
            more = max(min(getattr(column, limit) - widths[column.key], spare), 0)
            widths[column.key] += more
            spare -= more
    if spare < 0:
        widths[kept[0].key] = max(width, 1)
    return [(column, widths[column.key]) for column in kept]
