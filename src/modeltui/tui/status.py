"""The status line in words: how many rows, how old, what is going on."""

from collections.abc import Iterator
from datetime import datetime

from modeltui.columns import COLUMNS_BY_KEY
from modeltui.format import age
from modeltui.state import SourceHealth
from modeltui.tui.catalog_rows import OFFER
from modeltui.tui.progress import Progress
from modeltui.tui.view import View


def status_parts(view: View, progress: Progress, left_to_measure: int, now: datetime) -> list[tuple[str, str]]:
    """Give text and tone of each part, the most important first."""
    return [
        (_rows(view), ""),
        *_ages(view, now),
        *_activity(progress, left_to_measure),
        *_workload(view),
        *_failures(view),
        (_order(view), "dim"),
        (_reach(view), "dim"),
        *((f"{len(view.marked)} marked", "key") for _ in (1,) if view.marked),
        *((f"{len(view.hidden)} hidden", "dim") for _ in (1,) if view.hidden),
    ]


def _workload(view: View) -> Iterator[tuple[str, str]]:
    if view.workload:
        from modeltui.tui.workload import workload_text  # only where there is one

        yield f"cost of {workload_text(view.workload)}", "dim"


def _activity(progress: Progress, left: int) -> Iterator[tuple[str, str]]:
    if left:
        yield f"measuring, {left} to go, Esc cancels", "key"
    yield from progress.parts()


def _rows(view: View) -> str:
    noun = "offers" if view.by == OFFER else "models"
    shown, total = view.shown_in_all, view.rows_in_all
    counted = f"{total:,} {noun}" if shown == total else f"{shown:,} of {total:,} {noun}"
    hidden = " (hidden ones)" if view.shows_hidden else ""
    ranged = " (as the chosen providers offer them)" if view.by != OFFER and view.narrowing.conditions else ""
    return counted + hidden + ranged


def _reach(view: View) -> str:
    offers = f"{view.offers_in_all:,} offers of " if view.by != OFFER else ""
    return f"{offers}{view.providers} providers"


def _order(view: View) -> str:
    first = "favourites first, " if view.favourites_first and view.favourites else ""
    if not view.sort:
        return f"{first}best match first"
    return f"{first}by " + ", ".join(f"{COLUMNS_BY_KEY[key].title} {'▼' if down else '▲'}" for key, down in view.sort)


def _ages(view: View, now: datetime) -> Iterator[tuple[str, str]]:
    """Tell how old the answers are, and always how old the shipped catalogue is."""
    fetched = [s.fetched_at for s in view.catalog.sources if s.fetched_at and s.health is not SourceHealth.SHIPPED]
    shipped = [s.fetched_at for s in view.catalog.sources if s.fetched_at and s.health is SourceHealth.SHIPPED]
    if fetched:
        newest, oldest = (now - max(fetched)).total_seconds(), (now - min(fetched)).total_seconds()
        said = age(newest) if age(newest) == age(oldest) else f"{age(newest)} to {age(oldest)}"
        yield f"data {said} old".replace("now to", "up to").replace("data now old", "data is fresh"), "dim"
    if shipped:
        old = age((now - min(shipped)).total_seconds())
        yield f"shipped catalogue {old} old", "dim" if fetched else "warn"


def _failures(view: View) -> Iterator[tuple[str, str]]:
    failed = sum(s.health is SourceHealth.FAILED for s in view.catalog.sources)
    if failed:
        yield f"{failed} source{'s' * (failed > 1)} failed (p)", "warn"
