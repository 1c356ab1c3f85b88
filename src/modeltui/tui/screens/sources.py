"""The sources screen: how every listing endpoint stands, live while a refresh runs."""

from collections.abc import Mapping
from datetime import datetime

from textual import on
from textual.app import ComposeResult

from modeltui.format import MISSING, age, clean
from modeltui.state import Catalog, SourceHealth, SourceStatus
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.messages import RefreshAsked, RefreshTold, RowOpened
from modeltui.tui.progress import ASKING, RETRYING, Progress
from modeltui.tui.screens.panes import DetailScreen, HelpScreen
from modeltui.tui.screens.tables import TableScreen
from modeltui.tui.widgets.bars import status_line
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from modeltui.tui.widgets.faces import Cell, Face
from modeltui.tui.widgets.sheets import Hung, wrap
from modeltui.tui.widgets.table import ModelTable

TONES = {
    "live": "good", "updated": "good", "unchanged": "good", "fresh": "good", "failed": "bad", "stale": "warn",
    "skipped": "dim", "never": "dim", ASKING: "key", RETRYING: "warn",
}  # fmt: skip
ORDER = (
    SourceHealth.FAILED, SourceHealth.STALE, SourceHealth.LIVE, SourceHealth.SHIPPED, SourceHealth.NEVER,
    SourceHealth.SKIPPED,
)  # fmt: skip
TOLD_AT_MOST = 6
"""Lines that the words of one source may take."""


def happened(status: SourceStatus, live: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Say what went wrong with a source and what to do about it; a note stands where nothing went wrong."""
    said = live.get(status.source, ("", ""))[1] or status.error or ""
    return said, status.hint or ("" if said else status.note or "")


def told_lines(status: SourceStatus, live: Mapping[str, tuple[str, str]]) -> list[Hung]:
    """Tell a source's error and hint in full, each from a line of its own."""
    said, hint = happened(status, live)
    failed = bool(said) and status.health is SourceHealth.FAILED
    lines: list[Hung] = [([(f"{status.source}  ", "strong"), (clean(said or status.url), "warn" if failed else "")], 2)]
    return [*lines, ([("→ ", "key"), (clean(hint), "")], 2)] if hint else lines


def source_faces(live: Mapping[str, tuple[str, str]], now: datetime) -> list[Face[SourceStatus]]:
    """Make the columns of the sources; `live` holds what a running refresh says of each."""

    def state(status: SourceStatus) -> Cell:
        word = live.get(status.source, (status.health.value, ""))[0]
        return Cell(word, TONES.get(word, ""))

    def told(status: SourceStatus) -> Cell:
        said, hint = happened(status, live)
        words = f"{said} → {hint}" if said and hint else said or hint
        failed = bool(said) and status.health is SourceHealth.FAILED
        return Cell(clean(words), "warn" if failed else "dim")

    def old(status: SourceStatus) -> Cell:
        fetched = status.fetched_at
        return Cell(age((now - fetched).total_seconds()), "") if fetched else Cell(MISSING, "dim")

    return [
        Face("source", "Source", 26, lambda status: Cell(clean(status.source))),
        Face("state", "State", 9, state),
        Face("age", "Age", 7, old, right=True),
        Face("status", "HTTP", 5, lambda status: _number(status.status), right=True),
        Face("records", "Models", 7, lambda status: _number(status.records or None), right=True),
        Face("problems", "Problems", 8, _problems, right=True),
        Face("key", "Key", 8, _key),
        Face("told", "What happened", 70, told, grows=True),
    ]


def _number(number: int | None) -> Cell:
    return Cell(MISSING, "dim") if number is None else Cell(f"{number:,}")


def _problems(status: SourceStatus) -> Cell:
    return Cell(f"{len(status.problems):,}", "warn") if status.problems else Cell("0", "dim")


def _key(status: SourceStatus) -> Cell:
    if status.key_present:
        return Cell("present", "good")
    return Cell("no need" if status.public else "missing" if status.key_env else "none", "dim")


def status_lines(status: SourceStatus, now: datetime) -> list[Hung]:
    """Tell everything of one source, its problems last."""
    lines: list[Hung] = [([(status.source, "strong"), (f"  {status.health.value}", TONES.get(status.health, ""))], 0)]
    facts = (
        ("Endpoint", status.url),
        ("Answer of", _when(status.fetched_at, now)),
        ("Last try", _when(status.tried_at, now)),
        ("HTTP status", str(status.status or "")),
        ("Error", status.error or ""),
        ("What to do", status.hint or ""),
        ("Note", status.note or ""),
        ("Key from", " or ".join(status.key_env)),
        ("Key", "present" if status.key_present else "not set"),
        ("Models", f"{status.records:,}"),
        ("SHA-256", status.sha256 or ""),
    )
    lines += [([(f"{label:<13} ", "dim"), (clean(fact), "")], 14) for label, fact in facts if fact]
    lines.append(([], 0))
    lines.append(([(f"Problems: {len(status.problems):,}", "accent")], 0))
    lines += [
        ([(f"{problem.record}  ", ""), (f"{problem.field}  ", "dim"), (clean(problem.reason), "warn")], 4)
        for problem in status.problems
    ]
    return lines


def _when(instant: datetime | None, now: datetime) -> str:
    if instant is None:
        return ""
    return f"{instant:%Y-%m-%d %H:%M} UTC, {age((now - instant).total_seconds())} ago".replace("now ago", "just now")


class SourcesScreen(TableScreen[SourceStatus]):
    """Every source in a table; enter tells all of one."""

    PLACE = "sources"
    BINDINGS = bindings("sources")

    def __init__(self, around: Surroundings, catalog: Catalog, progress: Progress) -> None:
        super().__init__(around)
        self._catalog = catalog
        self._progress = progress

    def compose(self) -> ComposeResult:
        """Lay out title, table, status and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield ModelTable[SourceStatus](lambda status: status.source, empty="No source is known.")
        yield LinePane(id="told")
        yield DrawnLine(id="status")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        self.draw()
        self.watch(self.table, "cursor", self.draw_told, init=False)
        self.call_after_refresh(self.draw_told)

    def draw(self) -> None:
        """Show the sources as they are now."""
        sources = sorted(self._catalog.sources, key=lambda status: (ORDER.index(status.health), status.source))
        self.table.set_faces(source_faces(self._live, self.around.clock()))
        self.table.set_rows(sources, range(len(sources)))
        count = {health: sum(status.health is health for status in sources) for health in ORDER}
        counted = ", ".join(f"{number} {health.value}" for health, number in count.items() if number)
        self.query_one("#caption", DrawnLine).show([(" Sources  ", "strong"), (counted, "dim")])
        self.query_one("#status", DrawnLine).show(status_line(self._progress.parts(), self.size.width).line)
        self.draw_told()

    @property
    def _live(self) -> Mapping[str, tuple[str, str]]:
        return self._progress.states if self._progress.running else {}

    def draw_told(self) -> None:
        """Tell the error and the hint of the source under the cursor in full, in as many lines as that takes."""
        status, pane = self.table.current, self.query_one("#told", LinePane)
        lines = told_lines(status, self._live) if status is not None else []
        room = max(8, self.size.width - 2)
        height = max(2, min(sum(len(wrap(line, room, hang)) for line, hang in lines), TOLD_AT_MOST))
        if pane.styles.height is None or pane.styles.height.value != height:
            pane.styles.height = height
        pane.show(lines)

    @on(RefreshTold)
    def follow_refresh(self, message: RefreshTold) -> None:
        """Take in a new catalog and the states of a running refresh."""
        if message.catalog is not None:
            self._catalog = message.catalog
        self.draw()

    @on(RowOpened)
    def action_problems(self) -> None:
        """Tell everything of the source under the cursor."""
        status = self.table.current
        if status is not None:
            lines = status_lines(status, self.around.clock())
            self.app.push_screen(DetailScreen(self.around, status.source, lambda: lines))

    def action_refresh(self) -> None:
        """Ask every source again."""
        self.post_message(RefreshAsked())

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))
