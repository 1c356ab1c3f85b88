"""What changed since a moment, from the answers that were kept."""

from datetime import datetime

from msgspec.structs import replace

from modeltui.diff import Diff, FirstSeen, compare
from modeltui.service.catalog import CatalogBuilder
from modeltui.state import Catalog


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
