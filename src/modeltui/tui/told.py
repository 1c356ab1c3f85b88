"""How a fact reads on a line of its own: its label, its value, the title of a group."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from modeltui.format import MISSING, clean, date, tokens, usd
from modeltui.tui.widgets.sheets import Hung

LABEL = 12
"""Cells of a label."""
LIMITS = ("context_length", "max_input_tokens", "max_output_tokens", "quantization")
LABELS = {
    "context_length": "Context", "max_input_tokens": "Max input", "max_output_tokens": "Max output",
    "quantization": "Quantization", "created_at": "Released", "input_modalities": "Input",
    "output_modalities": "Output",
    "open_weights": "Open weights", "retires_at": "Retires", "knowledge": "Knowledge", "slug": "Slug",
}  # fmt: skip


def label_of(field: str) -> str:
    """Name a dotted field for a person."""
    known = LABELS.get(field)
    return known or field.rpartition(".")[2].replace("_", " ").capitalize()


def value_text(field: str, value: object) -> str:
    """Show the value of a field, or of one claim of it, on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        exact = f"{value:,}"
        return f"{tokens(value)} ({exact})" if value >= 1000 and field in LIMITS else exact
    if isinstance(value, Decimal):
        return usd(value) if field.startswith("prices.") or "usd" in field else f"{value:f}"
    if isinstance(value, datetime):
        return date(value)
    if isinstance(value, list | tuple | set | frozenset):
        return clean(", ".join(str(item) for item in value)) or MISSING
    return clean(str(value))


def heading(title: str, note: str = "") -> Iterator[Hung]:
    """Give a blank line and a title."""
    yield [], 0
    yield [(title, "accent"), (f"  {note}" if note else "", "dim")], 0
