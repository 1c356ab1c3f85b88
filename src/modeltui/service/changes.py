"""What changed since a moment, from the answers that were kept; and when the screen was opened last."""

from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from modeltui.diff import Diff, FirstSeen, compare
from modeltui.service import remembered
from modeltui.service.catalog import CatalogBuilder
from modeltui.state import Catalog

VISIT_FILE: Final = "visit"


def changes(builder: CatalogBuilder, since: datetime, now: datetime, current: Catalog) -> Diff:
    """Compare what sources said at `since` with what they say now.

    A source without an answer that old is not compared but named in `first_seen`.
    """
    older, newer = builder.build_at(since), builder.build_at(now, since)
    read = {status.source for status in older.sources if status.records}
    unread = tuple(
        FirstSeen(status.source, status.records)
        for status in current.sources
        if status.records and status.source not in read
    )
    return replace(compare(older, newer), first_seen=unread)


def begin_visit(state_dir: Path, now: datetime) -> datetime | None:
    """Tell when the screen was opened last, and remember that it is opened now.

    `None` where it never was, or where that cannot be read; a folder that cannot be written costs only this.
    """
    path = state_dir / VISIT_FILE
    before = _read(path)
    remembered.replace(path, now.isoformat().encode())
    return before


def _read(path: Path) -> datetime | None:
    try:
        found = datetime.fromisoformat(path.read_text("utf-8").strip())
    except (OSError, ValueError):
        return None
    return found if found.tzinfo is not None else None
