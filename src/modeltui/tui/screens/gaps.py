"""The merge analysis of two sources: what joined, what only one lists and why, and what each of them states."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from textual import work
from textual.app import ComposeResult

from modeltui.errors import ModelTuiError
from modeltui.files import TakenError, write_file
from modeltui.format import clean, percent
from modeltui.merge.gaps import Gaps, OnlyIn, to_markdown
from modeltui.state import Catalog
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.screens.choose import Choice, ChooseScreen
from modeltui.tui.screens.panes import HelpScreen, PaneScreen
from modeltui.tui.widgets.charts import bar
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from modeltui.tui.widgets.ink import fit
from modeltui.tui.widgets.sheets import Hung

USUAL = ("chutes/v1", "chutes/deployments")
OTHER = "another pair …"
LABEL = 28
BAR = 8


def answered(catalog: Catalog) -> list[str]:
    """Name the sources of providers that have an answer."""
    return [status.source for status in catalog.sources if status.records and status.provider != "snapshot"]


def pairs_of(names: Sequence[str]) -> list[tuple[str, str]]:
    """List the pairs of sources that are merged into one provider's offers, the usual one first."""
    found = [pair for pair in combinations(names, 2) if pair[0].partition("/")[0] == pair[1].partition("/")[0]]
    return sorted(found, key=lambda pair: set(pair) != set(USUAL))


class GapsScreen(PaneScreen):
    """One analysis, scrolling; `s` chooses other sources, `e` keeps it as Markdown."""

    PLACE = "gaps"
    BINDINGS = bindings("gaps")

    def __init__(self, around: Surroundings, catalog: Catalog) -> None:
        super().__init__(around)
        self._names = answered(catalog)
        self._pairs = pairs_of(self._names)
        self.pair: tuple[str, str] | None = self._pairs[0] if self._pairs else None
        self.found: Gaps | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, pane and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield LinePane()
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Analyse the usual pair, else ask for one."""
        if self.pair is not None:
            self.look()
        else:
            self._say([("No provider has two sources that answered.", "warn"), (" s compares any two.", "dim")])

    def _say(self, line: list[tuple[str, str]]) -> None:
        self.found = None
        names = " against ".join(self.pair or ())
        self.query_one("#caption", DrawnLine).show([(" Gaps  ", "strong"), (names, "")])
        self.pane.show([(line, 0)])

    @work(group="gaps", exclusive=True, exit_on_error=False)
    async def look(self) -> None:
        """Analyse the pair; comparing what is left over on both sides takes a moment."""
        pair = self.pair
        if pair is None:
            return
        self._say([("Comparing …", "key")])
        failure = "One of the two has no answer that is kept. r in the table asks again."
        try:
            found = await asyncio.to_thread(self.around.backend.gaps, *pair)
        except (ModelTuiError, OSError, ValueError) as error:
            found, failure = None, str(error)
        if found is None:
            self._say([(failure, "warn")])
        else:
            self.found = found
            self.pane.show(gap_lines(found))

    def action_pair(self) -> None:
        """Choose the sources: a provider's own pair, or any two."""
        options = [(" ".join(pair), " against ".join(pair)) for pair in self._pairs]
        if len(self._names) > 1:
            options.append(("", OTHER))
        if not options:
            self.notify("Fewer than two sources have answered. r in the table asks them.")
            return

        def take(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice[0]:
                self._compare(*choice[0].split(" "))
            else:
                self._choose_two(self._names, ())

        self.app.push_screen(ChooseScreen("Which sources?", options, chosen=" ".join(self.pair or ())), take)

    def _choose_two(self, names: Sequence[str], chosen: tuple[str, ...]) -> None:
        def take(choice: Choice | None) -> None:
            if choice is None:
                return
            if chosen:
                self._compare(chosen[0], choice[0])
            else:
                self._choose_two([name for name in names if name != choice[0]], (choice[0],))

        title = f"{chosen[0]} against which?" if chosen else "The one source"
        self.app.push_screen(ChooseScreen(title, [(name, name) for name in names]), take)

    def _compare(self, one: str, other: str) -> None:
        self.pair = (one, other)
        self.look()

    @work(group="save", exclusive=True, exit_on_error=False)
    async def action_save_gaps(self) -> None:
        """Write the analysis as Markdown into the current folder; no file is overwritten."""
        if self.found is None:
            self.notify("There is nothing to save yet.")
            return
        try:
            path = await asyncio.to_thread(save, Path.cwd(), self.found)
        except (ModelTuiError, OSError) as error:
            self.notify(str(error), title="Not saved", severity="error")
        else:
            self.notify(str(path), title="Saved")

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))


def save(folder: Path, gaps: Gaps) -> Path:
    """Write an analysis under the first name that is free; `OutputError` where the folder cannot be written."""
    stem = re.sub(r"[^\w.-]+", "-", f"gaps-{gaps.source_a}-{gaps.source_b}")[:120]
    body = to_markdown(gaps).encode("utf-8", "replace")
    number = 1
    while True:
        path = folder / (f"{stem}.md" if number == 1 else f"{stem}-{number}.md")
        try:
            write_file(path, body)
        except TakenError:
            number += 1
        else:
            return path


# ---------------------------------------------------------------------------------------------------- lines


def gap_lines(gaps: Gaps) -> Iterator[Hung]:
    """Tell an analysis: totals first, then what did not join and why, then what each side states."""
    yield from _totals(gaps)
    yield from _joined(gaps)
    for source, only in ((gaps.source_a, gaps.only_a), (gaps.source_b, gaps.only_b)):
        yield from _only(source, only)
    yield from _coverage(gaps)


def _head(title: str, note: str = "") -> Iterator[Hung]:
    yield [], 0
    yield [(clean(title), "accent"), (f"  {note}" if note else "", "dim")], 0


def _totals(gaps: Gaps) -> Iterator[Hung]:
    share = "" if gaps.share is None else f"  {percent(gaps.share)} of the smaller side"
    yield [(f"{gaps.matched:,} matched", "strong"), (share, "")], 0
    yield [(", ".join(f"{method} {count:,}" for method, count in gaps.by_method.items()), "dim")], 2
    yield [], 0
    a, b = clean(gaps.source_a), clean(gaps.source_b)
    width = max(10, len(a), len(b))
    yield [(f"{'':<{LABEL}}{a:>{width}}  {b:>{width}}", "dim")], 0
    for label, one, other in (
        ("records", gaps.total_a, gaps.total_b),
        ("distinct ids", gaps.distinct_a, gaps.distinct_b),
        ("ids listed more than once", len(gaps.duplicates_a), len(gaps.duplicates_b)),
        ("only here", len(gaps.only_a), len(gaps.only_b)),
    ):
        yield [(f"{label:<{LABEL}}", ""), (f"{one:>{width},}  {other:>{width},}", "strong")], 0
    for source, repeated in ((a, gaps.duplicates_a), (b, gaps.duplicates_b)):
        if repeated:
            names = ", ".join(f"{name} ({count})" for name, count in repeated.items())
            yield [(f"more than once in {source}: ", "dim"), (clean(names), "")], 2


def _joined(gaps: Gaps) -> Iterator[Hung]:
    if gaps.joined:
        yield from _head("Joined by more than the same id", f"{len(gaps.joined):,}")
    for pair in gaps.joined:
        yield [(clean(pair.left), "strong"), (" = ", "dim"), (clean(pair.right), "strong")], 4
        yield [(f"    {pair.method} {pair.score:.0f}  {clean(pair.basis)}", "dim")], 4


def _only(source: str, only: Sequence[OnlyIn]) -> Iterator[Hung]:
    counted = Counter(entry.reason for entry in only)
    told = ", ".join(f"{reason} {count:,}" for reason, count in counted.most_common())
    yield from _head(f"Only in {source}: {len(only):,}", told)
    for entry in only:
        reasons = "; ".join((entry.reason, *entry.others))
        yield (
            [
                (f"{clean(entry.id)}  ", "strong"),
                (reasons, "warn" if entry.near is not None or entry.reason == "unknown" else ""),
                (f"  {clean(entry.detail)}" if entry.detail else "", "dim"),
                (_further(entry), "dim"),
            ],
            4,
        )


def _further(entry: OnlyIn) -> str:
    """Name the near miss where the detail tells of something else."""
    near = entry.near
    return f"  near {clean(near.right)} at {near.score:.0f}" if near is not None and entry.reason != "near miss" else ""


def _coverage(gaps: Gaps) -> Iterator[Hung]:
    a, b = clean(gaps.source_a), clean(gaps.source_b)
    yield from _head("Fields stated", f"left {a}, right {b}; measured over distinct ids")
    for line in gaps.coverage:
        one, other = (
            f"{bar(share or 0.0, BAR):<{BAR}} {percent(share or 0.0):>6} {count:>6,}"
            for share, count in ((line.share_a, line.a), (line.share_b, line.b))
        )
        missing = "key" if 0 in {line.a, line.b} else ""
        yield [(fit(line.field, LABEL), missing), (f"{one}  {other}", "")], 0
