"""The declared columns as faces of a table: what a cell says and in which tone."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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


NO_WIDTHS: Mapping[str, int] = {}
Seen = Callable[[Row], Row]


def faces(
    keys: Iterable[str], now: Callable[[], datetime], widths: Mapping[str, int] = NO_WIDTHS, seen: Seen | None = None
) -> list[Face[Row]]:
    """Make the faces of these columns; ages count to `now`, and `seen` gives a row as it is shown, if not whole."""
    return [_face(COLUMNS_BY_KEY[key], now, widths.get(key), seen) for key in keys if key in COLUMNS_BY_KEY]


def _face(column: Column, now: Callable[[], datetime], width: int | None, seen: Seen | None) -> Face[Row]:
    text, quiet, worded = column.text, column.key in QUIET, column.key in ("state", "in", "ttft", "tps")

    def cell(whole_row: Row) -> Cell:
        row = whole_row if seen is None else seen(whole_row)
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
        width=width or column.width,
        cell=cell,
        right=column.align == "right",
        grows=column.key == "model" and width is None,
    )


def fitting(
    keys: Sequence[str], width: int, widths: Mapping[str, int] = NO_WIDTHS, staying: Collection[str] = ()
) -> list[tuple[str, int]]:
    """Choose the columns that fit at their usual or chosen widths; the first takes the rest.

    Columns leave in the declared order, those in `staying` after all others.
    """
    if not keys:
        return []
    kept = [COLUMNS_BY_KEY[key] for key in keys]
    cells = {column.key: widths.get(column.key) or _usual(column) for column in kept}
    while len(kept) > 1 and _needed(kept, cells) > width:
        kept.remove(min(kept[1:], key=lambda column: (column.key in staying, column.drop_order)))
    spare = max(0, width - _needed(kept, cells))
    for column in (kept[0], *(column for column in kept[1:] if column.key in WIDENED)):
        if column.key not in widths:
            more = min(spare, max(0, column.max_width - cells[column.key]))
            cells[column.key] += more
            spare -= more
    cells[kept[0].key] = max(1, min(cells[kept[0].key], width))
    return [(column.key, cells[column.key]) for column in kept]


WIDENED = ("id", "provider", "modalities", "source")
LEAST_TITLE = 22


def _usual(column: Column) -> int:
    return LEAST_TITLE if column.key == "model" else column.width


def _needed(columns: Sequence[Column], cells: Mapping[str, int]) -> int:
    return sum(cells[column.key] for column in columns) + GAP * (len(columns) - 1)
