"""The declared columns as faces of a table: what a cell says and in which tone."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from modeltui.columns import COLUMNS_BY_KEY, Column, Row, conflicted
from modeltui.format import MISSING
from modeltui.table_rows import CONFLICT_BIT
from modeltui.tui.widgets.faces import GAP, Cell, Face

CONFLICT = "≠"
QUIET = frozenset({"provider", "released", "modalities", "caps", "source", "id", "owner", "license"})
TONES = {
    "hot": "good", "deprecated": "warn", "offline": "bad", "retired": "bad", "failed": "bad", "stale": "warn",
    "plan": "warn",
}  # fmt: skip


def faces(keys: Iterable[str], now: Callable[[], datetime]) -> list[Face[Row]]:
    """Make the faces of these columns; `now` is what ages are counted to."""
    return [_face(COLUMNS_BY_KEY[key], now) for key in keys if key in COLUMNS_BY_KEY]


def _face(column: Column, now: Callable[[], datetime]) -> Face[Row]:
    text, quiet, worded = column.text, column.key in QUIET, column.key in ("state", "in", "ttft", "tps")

    def cell(row: Row) -> Cell:
        shown = text(row, now())
        if row.mask & CONFLICT_BIT and column.key != "model" and conflicted(row, column):
            return Cell(f"{CONFLICT}{shown}", "warn")
        if shown == MISSING:
            return Cell(shown, "dim")
        if worded:
            return Cell(shown, TONES.get(shown.partition(" ")[0], "good" if shown == "$0" else ""))
        return Cell(shown, "dim" if quiet else "")

    return Face(
        key=column.key,
        title=column.title,
        width=column.width,
        cell=cell,
        right=column.align == "right",
        grows=column.key == "model",
    )


def fitting(keys: Sequence[str], width: int) -> list[tuple[str, int]]:
    """Choose the columns that fit at their usual widths, by the declared order of leaving; the first takes the rest."""
    kept = [COLUMNS_BY_KEY[key] for key in keys]
    while len(kept) > 1 and _needed(kept) > width:
        kept.remove(min(kept[1:], key=lambda column: column.drop_order))
    spare = max(0, width - _needed(kept))
    cells = {column.key: _usual(column) for column in kept}
    for column in (kept[0], *(column for column in kept[1:] if column.key in WIDENED)):
        more = min(spare, column.max_width - cells[column.key])
        cells[column.key] += more
        spare -= more
    cells[kept[0].key] = max(1, min(cells[kept[0].key], width))
    return list(cells.items())


WIDENED = ("id", "provider", "modalities", "source")
LEAST_TITLE = 22


def _usual(column: Column) -> int:
    return LEAST_TITLE if column.key == "model" else column.width


def _needed(columns: Sequence[Column]) -> int:
    return sum(map(_usual, columns)) + GAP * (len(columns) - 1)
