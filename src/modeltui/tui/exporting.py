"""The rows and columns of a view as text: JSON with exact numbers, CSV, or Markdown."""

from collections.abc import Sequence
from datetime import datetime

from modeltui.columns import Column, Row
from modeltui.export import Json, plain, to_csv, to_json, to_markdown

FORMATS: tuple[tuple[str, str], ...] = (
    ("csv", "CSV: exact numbers, one line a row"),
    ("json", "JSON: exact numbers, null where nothing is stated"),
    ("md", "Markdown: a table as it reads on the screen"),
)
"""Suffix and description of each format."""


def file_name(form: str, now: datetime) -> str:
    """Name a new file after the moment, in local time: `modeltui-20260703-1200.csv`."""
    return f"modeltui-{now.astimezone():%Y%m%d-%H%M}.{form}"


def view_text(form: str, rows: Sequence[Row], columns: Sequence[Column], now: datetime) -> str:
    """Write rows in one of `FORMATS`."""
    if form == "json":
        return to_json([_record(row, columns) for row in rows]) + "\n"
    return to_csv(rows, columns, now) if form == "csv" else to_markdown(rows, columns, now)


def _record(row: Row, columns: Sequence[Column]) -> Json:
    return {column.key: _value(row, column) for column in columns}


def _value(row: Row, column: Column) -> Json:
    if row.model is None or column.bounds is None:
        return plain(column.csv(row))
    low, high = column.bounds(row)
    return None if low is None else {"min": plain(low), "max": plain(high)}
