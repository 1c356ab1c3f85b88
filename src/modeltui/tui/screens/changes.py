"""What changed since the last visit, a week or a month ago: by kind, and one key away from its row."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from textual import on, work
from textual.app import ComposeResult

from modeltui.diff import Change, ChangeKind, Diff, told
from modeltui.errors import ModelTuiError
from modeltui.format import MISSING, age, clean
from modeltui.model import Offer
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.messages import RowOpened
from modeltui.tui.screens.choose import Choice, ChooseScreen
from modeltui.tui.screens.panes import HelpScreen
from modeltui.tui.screens.tables import TableScreen
from modeltui.tui.widgets.drawn import DrawnLine, Zones
from modeltui.tui.widgets.faces import Cell, Face
from modeltui.tui.widgets.table import ModelTable

KINDS: tuple[ChangeKind, ...] = tuple(ChangeKind)
LABELS = ("added", "removed", "prices", "limits", "capabilities", "quantization", "status")
SHORT = ("added", "gone", "price", "limit", "can do", "quant", "status")
SIGNS = {
    ChangeKind.ADDED: ("+ added", "good"), ChangeKind.REMOVED: ("− removed", "bad"),  # noqa: RUF001  # a minus
    ChangeKind.PRICE: ("$ price", ""), ChangeKind.LIMIT: ("↔ limit", ""), ChangeKind.CAPABILITY: ("± can do", ""),
    ChangeKind.QUANTIZATION: ("≈ quant", ""), ChangeKind.STATUS: ("! status", "warn"),
}  # fmt: skip
VISIT, WEEK, MONTH = "visit", "week", "month"
DAYS = {WEEK: 7, MONTH: 30}


class ChangesScreen(TableScreen[Change]):
    """The changes of a period in a table."""

    PLACE = "changes"
    BINDINGS = bindings("changes")

    def __init__(self, around: Surroundings, last_visit: datetime | None, jump: Callable[[Offer], None]) -> None:
        super().__init__(around)
        self._last_visit = last_visit
        self._jump = jump
        self.period = VISIT if last_visit is not None else WEEK
        self.kind: ChangeKind | None = None
        self.found: Diff | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, kinds, table, status and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield DrawnLine(id="kinds")
        yield ModelTable[Change](_key)
        yield DrawnLine(id="status")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw, and begin to compare."""
        self.table.set_faces(FACES)
        self.look()

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self.draw()

    # -- what is shown -------------------------------------------------------------------------------------

    @property
    def since(self) -> datetime:
        """Where the period begins."""
        if self.period == VISIT and self._last_visit is not None:
            return self._last_visit
        return self.around.clock() - timedelta(days=DAYS.get(self.period, 7))

    @work(group="changes", exclusive=True, exit_on_error=False)
    async def look(self) -> None:
        """Compare then with now: old answers are read again, which takes a moment."""
        self.found = None
        self.table.empty = "Reading the answers of that time …"
        self.draw()
        period, failure = self.period, ""
        try:
            found = await asyncio.to_thread(self.around.backend.changes, self.since)
        except (ModelTuiError, OSError, ValueError) as error:
            found, failure = None, str(error)
        if period == self.period:
            self.found = found
            self.table.empty = failure or "Nothing changed in this time."
            self.draw()

    def draw(self) -> None:
        """Show the changes of the chosen kind."""
        changes = self.found.changes if self.found is not None else ()
        wanted = [place for place, change in enumerate(changes) if self.kind in {None, change.kind}]
        self.table.set_rows(changes, wanted)
        counted = "…" if self.found is None else f"{len(changes):,} changes"
        named = "the last visit" if self.period == VISIT else f"{DAYS[self.period]} days ago"
        then = f"{self.since:%Y-%m-%d %H:%M} UTC, {age((self.around.clock() - self.since).total_seconds())}"
        line = [(f" Changes since {named}  ", "strong"), (f"{counted}  ", "key"), (then, "dim")]
        self.query_one("#caption", DrawnLine).show(line)
        zones = self._kinds(LABELS)
        if zones.width > self.size.width:
            zones = self._kinds(SHORT)
        self.query_one("#kinds", DrawnLine).show(zones.line, zones.zones)
        self.query_one("#status", DrawnLine).show([(f" {self._unread()}", "dim")])

    def _kinds(self, labels: tuple[str, ...]) -> Zones:
        counts = Counter(change.kind for change in self.found.changes) if self.found is not None else Counter()
        zones = Zones().add(" ")
        for number, (kind, label) in enumerate(zip(KINDS, labels, strict=True), start=1):
            chosen = kind is self.kind
            action = f"kind({number})"
            zones.add(f"{number}", "key", action).add(
                f" {'+' if chosen else ''}{label}", "good" if chosen else "", action
            )
            zones.add(f" {counts[kind]:,}", "dim", action).add("  ")
        return zones

    def _unread(self) -> str:
        """Say which sources could not be compared."""
        if self.found is None:
            return ""
        first = ", ".join(source.source for source in self.found.first_seen)
        gone = ", ".join(self.found.left_out)
        said = [f"No answer of that time, so not compared: {first}."] if first else []
        said += [f"Cannot be read now: {gone}."] if gone else []
        return clean(" ".join(said) or "Every source that is shown was read then too.")

    # -- deeds ---------------------------------------------------------------------------------------------

    def action_since(self) -> None:
        """Choose the period."""
        options = [(WEEK, "7 days"), (MONTH, "30 days")]
        if self._last_visit is not None:
            options.insert(0, (VISIT, f"the last visit, {self._last_visit:%Y-%m-%d %H:%M} UTC"))

        def take(choice: Choice | None) -> None:
            if choice is not None and choice[0] != self.period:
                self.period = choice[0]
                self.look()

        self.app.push_screen(ChooseScreen("Changes since", options, chosen=self.period), take)

    def action_kind(self, number: int) -> None:
        """Show one kind of change only; the same again shows every kind."""
        kind = KINDS[number - 1]
        self.kind = None if self.kind is kind else kind
        self.draw()

    def action_every_kind(self) -> None:
        """Show every kind of change."""
        self.kind = None
        self.draw()

    @on(RowOpened)
    def action_jump(self) -> None:
        """Leave for the row of the offer in the table."""
        change = self.table.current
        if change is not None:
            self.dismiss()
            self._jump(change.offer)

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))


def _key(change: Change) -> str:
    return f"{change.kind} {change.offer.key} {change.field}"


def _percent(change: Change) -> Cell:
    percent = change.percent
    if percent is None:
        return Cell(MISSING if change.kind is ChangeKind.PRICE else "", "dim")
    dearer = change.kind is ChangeKind.PRICE and percent > 0
    return Cell(f"{percent:+f} %", "warn" if dearer else "good" if change.kind is ChangeKind.PRICE else "")


def _told(change: Change) -> Cell:
    return Cell(told(change).partition(" (")[0] if change.percent is not None else told(change))


FACES: list[Face[Change]] = [
    Face("kind", "Change", 9, lambda change: Cell(*SIGNS[change.kind])),
    Face("offer", "Offer", 60, lambda change: Cell(clean(change.offer.key)), grows=True),
    Face("told", "From → to", 60, _told, grows=True),
    Face("percent", "Percent", 9, _percent, right=True),
]
