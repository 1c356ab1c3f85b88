"""Catalogs and rows written out: JSON that is a promise to scripts, CSV, Markdown and plain ids.

Numbers are exact, absent facts are null, and text keeps every character that the format and its reader can bear.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from modeltui.columns import Cell, Column
from modeltui.export_json import (
    Json,
    document,
    model_json,
    offer_json,
    plain,
    source_json,
)
from modeltui.format import clean, instant, json_number
from modeltui.table_rows import Row

__all__ = (
    "Json",
    "document",
    "model_json",
    "offer_json",
    "plain",
    "source_json",
    "to_csv",
    "to_ids",
    "to_json",
    "to_markdown",
)

_SURROGATES = re.compile("[\ud800-\udfff]")
_NEEDS_QUOTES = re.compile('[",\r\n]')
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # spreadsheets read these as formulas
_MARKDOWN = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_[]|~#"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
)


def to_json(value: Json, *, ensure_ascii: bool = False) -> str:
    """Write a JSON value, indented by two; lone surrogates become U+FFFD, and NaN is a `ValueError`."""
    text = _SURROGATES.sub("\ufffd", json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))
    return "".join(map(_escaped, text)) if ensure_ascii and not text.isascii() else text


def _escaped(char: str) -> str:
    return char if char.isascii() else json.dumps(char)[1:-1]


def to_csv(rows: Sequence[Row], columns: Sequence[Column], now: datetime, *, raw: bool = False) -> str:
    """Write rows as CSV with exact numbers; in rows of models a range takes two columns, `_min` and `_max`.

    Text that a spreadsheet would run as a formula gets a leading `'`, and control characters become pictures;
    `raw` leaves both as they are. Exact values do not depend on `now`, which every writer of rows takes.
    """
    ranged = any(row.model is not None for row in rows)
    lines = [_csv_line(name for column in columns for name in _names(column, ranged=ranged))]
    for row in rows:
        cells = [cell for column in columns for cell in _cells(row, column, ranged=ranged)]
        lines.append(_csv_line(_csv_cell(cell, raw=raw) for cell in cells))
    return "".join(lines)


def _csv_line(cells: Iterable[str]) -> str:
    """Join cells; `csv.writer` leaves a lone carriage return unquoted, which its own reader takes for a line end."""
    line = ",".join('"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell for cell in cells)
    return f"{line}\n" if line else '""\n'


def _names(column: Column, *, ranged: bool) -> tuple[str, ...]:
    if ranged and column.bounds is not None:
        return f"{column.key}_min", f"{column.key}_max"
    return (column.key,)


def _cells(row: Row, column: Column, *, ranged: bool) -> tuple[Cell, ...]:
    if ranged and column.bounds is not None:
        return column.bounds(row)
    return (column.csv(row),)


def _csv_cell(cell: Cell, *, raw: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return instant(cell)
    if isinstance(cell, Decimal):
        return "" if json_number(cell) is None else f"{cell.normalize():f}"
    if not isinstance(cell, str):
        return repr(cell)
    return _SURROGATES.sub("\ufffd", cell if raw else _guarded(cell))


def _guarded(text: str) -> str:
    guard = "'" if text.startswith(_FORMULA) else ""
    return guard + (text if text.isprintable() else clean(text, len(text)))


def to_markdown(rows: Sequence[Row], columns: Sequence[Column], now: datetime) -> str:
    """Write rows as a Markdown table of the text on the screen; nothing in a cell is read as markup or a link."""
    lines = [
        _line(_markdown(column.title) for column in columns),
        _line("---:" if column.align == "right" else "---" for column in columns),
    ]
    lines += [_line(_markdown(column.text(row, now)) for column in columns) for row in rows]
    return "".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _markdown(text: str) -> str:
    escaped = clean(text).translate(_MARKDOWN)
    return escaped.replace("://", "&#58;//").replace("www.", "www&#46;")


def to_ids(rows: Iterable[Row]) -> str:
    """Write one key a line: a model's key, or `provider/id` of an offer; control characters become pictures."""
    return "".join(f"{clean(row.key, len(row.key))}\n" for row in rows)
