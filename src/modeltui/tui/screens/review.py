"""The review: links that are not certain and look-alikes that were not joined, to accept or reject one by one."""

import asyncio
from collections.abc import Iterator

from textual import on, work
from textual.app import ComposeResult

from modeltui.errors import ModelTuiError
from modeltui.format import clean
from modeltui.state import Catalog
from modeltui.tui.backend import Surroundings
from modeltui.tui.details import offer_lines
from modeltui.tui.doubts import Doubt, doubts, written
from modeltui.tui.keys import bindings
from modeltui.tui.messages import RefreshTold, RowOpened
from modeltui.tui.screens.choose import ConfirmScreen
from modeltui.tui.screens.linking import decide
from modeltui.tui.screens.panes import DetailScreen, HelpScreen
from modeltui.tui.screens.tables import TableScreen
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.tui.widgets.faces import Cell, Face
from modeltui.tui.widgets.sheets import Hung
from modeltui.tui.widgets.table import ModelTable

BOTH, JOINED, APART = "both", "joined", "apart"
SHOWN = (BOTH, JOINED, APART)
WITH_BASIS = 150
"""Cells of width from which the reason has a column; below, it is told of the line under the cursor."""
SAID = {True: ("✓ same", "good"), False: ("✗ differ", "bad")}


class ReviewScreen(TableScreen[Doubt]):
    """Every doubt in a table; `y` and `n` settle it, and the contrary key takes that back."""

    PLACE = "review"
    BINDINGS = bindings("review")

    def __init__(self, around: Surroundings, catalog: Catalog) -> None:
        super().__init__(around)
        self._catalog = catalog
        self.doubts: list[Doubt] = []
        self.said: dict[str, bool] = {}
        """What was said of a doubt since this screen was opened: the same or not."""
        self.shown = BOTH
        self._agreed = False

    def compose(self) -> ComposeResult:
        """Lay out title, table, status and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield ModelTable[Doubt](lambda doubt: doubt.key, empty="Looking …")
        yield DrawnLine(id="pair")
        yield DrawnLine(id="status")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw, and begin to look."""
        self.watch(self.table, "cursor", self._draw_status, init=False)
        self.draw()
        self.look()

    def on_resize(self) -> None:
        """Choose the columns that the width has room for."""
        self.table.set_faces(self._faces())

    @work(group="review", exclusive=True, exit_on_error=False)
    async def look(self) -> None:
        """Ask for the look-alikes; comparing every name with every other takes a moment."""
        try:
            alike = await asyncio.to_thread(self.around.backend.review)
        except (ModelTuiError, OSError, ValueError) as error:
            self.notify(str(error), title="No review", severity="error")
            alike = ()
        self.doubts = doubts(self._catalog, alike, self.around.backend.aliases)
        self.table.empty = "Nothing is in doubt."
        self.draw()

    # -- drawing -------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the doubts of the chosen kind, and how many there are."""
        wanted = [place for place, doubt in enumerate(self.doubts) if self.shown in {BOTH, _kind(doubt)}]
        self.table.set_rows(self.doubts, wanted)
        self.table.redraw()
        joined = sum(doubt.joined for doubt in self.doubts)
        counted = f"{joined:,} links below 100 · {len(self.doubts) - joined:,} look-alikes kept apart"
        narrowed = "" if self.shown == BOTH else f" · shown: {self.shown}"
        self.query_one("#caption", DrawnLine).show([(" Review  ", "strong"), (counted, "dim"), (narrowed, "key")])
        self._draw_status()

    def _draw_status(self) -> None:
        doubt = self.table.current
        pair = f" {clean(doubt.one.key)}  {'=' if doubt.joined else '≠'}  {clean(doubt.other.key)}" if doubt else ""
        said = f" {doubt.basis}" if doubt else f" Decisions go to {self.around.backend.decided_in}"
        self.query_one("#pair", DrawnLine).show([(pair, "")])
        self.query_one("#status", DrawnLine).show([(said, "dim")])

    def _faces(self) -> list[Face[Doubt]]:
        faces: list[Face[Doubt]] = [
            Face("said", "You said", 8, self._said_cell),
            Face("kind", "Now", 6, lambda doubt: Cell(_kind(doubt), "" if doubt.joined else "dim")),
            Face("score", "Score", 5, lambda doubt: Cell(f"{doubt.score:.0f}"), right=True),
            Face("one", "One side", 46, lambda doubt: Cell(clean(doubt.one.key)), grows=True),
            Face("other", "Other side", 46, lambda doubt: Cell(clean(doubt.other.key)), grows=True),
        ]
        if self.size.width >= WITH_BASIS:
            faces.append(Face("basis", "Why", 60, lambda doubt: Cell(doubt.basis, "dim"), grows=True))
        return faces

    def _said_cell(self, doubt: Doubt) -> Cell:
        return Cell(*SAID[self.said[doubt.key]]) if doubt.key in self.said else Cell("")

    # -- deeds ---------------------------------------------------------------------------------------------

    def action_accept(self) -> None:
        """Say that the two sides are one model."""
        self._judge(same=True)

    def action_reject(self) -> None:
        """Say that the two sides are different models."""
        self._judge(same=False)

    def _judge(self, *, same: bool) -> None:
        doubt = self.table.current
        if doubt is None or self.said.get(doubt.key) is same:
            return
        if self._agreed:
            self._settle(doubt, same=same)
            return

        def answer(agreed: bool | None) -> None:  # noqa: FBT001  # Textual's signature
            if agreed:
                self._agreed = True
                self._settle(doubt, same=same)

        said = written(self.around.backend.decided_in, [(doubt.one.key, doubt.other.key)], same=same)[:-1]
        undo = "Asked once: the next decisions here are written at once. The contrary key takes one back."
        self.app.push_screen(ConfirmScreen("The same" if same else "Different", [*said, undo]), answer)

    def _settle(self, doubt: Doubt, *, same: bool) -> None:
        self.said[doubt.key] = same
        self.table.set_faces(self._faces())
        self.table.move(1)
        decide(self, self.around.backend, [(doubt.one.key, doubt.other.key)], same=same)

    def action_doubts(self) -> None:
        """Show both kinds, the links only, or the look-alikes only."""
        self.shown = SHOWN[(SHOWN.index(self.shown) + 1) % len(SHOWN)]
        self.draw()

    @on(RowOpened)
    def action_sides(self) -> None:
        """Show everything of both sides."""
        doubt = self.table.current
        if doubt is not None:
            self.app.push_screen(DetailScreen(self.around, "Both sides", lambda: self._sides(doubt)))

    def _sides(self, doubt: Doubt) -> Iterator[Hung]:
        now, why = self.around.clock(), self.around.backend.why_missing
        yield [(doubt.basis, "key")], 0
        for offer in (doubt.one, doubt.other):
            yield [], 0
            yield [("─" * 24, "dim")], 0
            yield from offer_lines(offer, self._catalog, now, why, None)

    @on(RefreshTold)
    def take_catalog(self, message: RefreshTold) -> None:
        """Take the catalog that a decision or a refresh made; the list stays as it is."""
        if message.catalog is not None:
            self._catalog = message.catalog

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))


def _kind(doubt: Doubt) -> str:
    return JOINED if doubt.joined else APART
