"""What takes longer than a frame is worked out beside the screen's loop, and shown when it is there.

The next key that asks for other rows puts an end to it, and a key that looks at the rows waits for them; meanwhile the
screen shows what it showed, and after a moment what was typed.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple
from weakref import ref

from modeltui.columns import Row
from modeltui.memory import free, give_back, uncollected
from modeltui.state import Catalog
from modeltui.tui.arranging import Arranged
from modeltui.tui.newest import Newest
from modeltui.tui.openings import OPENING_ROWS, opening_of, usual_of
from modeltui.tui.row_set import RowSet
from modeltui.work import GivenUpError

if TYPE_CHECKING:
    from modeltui.tui.screens.browse import BrowseScreen

DETAILS = "modeltui.tui.details"
"""The module that tells everything of a row; loading it takes longer than a frame."""
NOTHING_KEPT: tuple[Callable[[], None], str] = (lambda: None, "")
PATIENCE_S = 0.25
"""After this long, what was typed is shown although its rows are not there yet."""


class Counts(NamedTuple):
    """Rows by chip and by provider; by provider only where they are listed."""

    chips: list[int]
    providers: dict[str, int] | None


class CatchingUp:
    """Works out what a screen's view is behind with, one after the other in a thread."""

    def __init__(self, screen: "BrowseScreen") -> None:
        self._screen = screen
        self.newest = Newest()
        self._to_top = self._counts = self._is_due = False
        self._is_taking = self._is_remaking = False
        self._afterwards: list[Callable[[], object]] = []
        self._caught_up = asyncio.Event()
        self._caught_up.set()
        self._coming: Catalog | None = None
        """The catalog whose rows are being made, or the one after it."""
        self._kept: tuple[Callable[[], RowSet | None], str] = NOTHING_KEPT
        """The rows whose first were kept for the next start, and what their order goes by."""

    def _work(self, deed: Callable[[], Coroutine[object, object, None]], group: str) -> None:
        self._screen.run_worker(deed, group=group, description=group)  # else Textual writes the work out in full

    # -- orders and counts ---------------------------------------------------------------------------------

    def arrange(self, *, to_top: bool) -> None:
        """Work out the rows that the view is to show, then draw them."""
        self._to_top |= to_top
        self._begin()

    def count(self) -> None:
        """Have chips and providers counted with the rows that are worked out."""
        self._counts = True
        self._begin()

    @property
    def has_caught_up(self) -> bool:
        """Whether the rows are those that were asked for."""
        return self._caught_up.is_set()

    async def wait(self) -> None:
        """Wait until the rows are those that were asked for."""
        await self._caught_up.wait()

    def afterwards(self, deed: Callable[[], object]) -> None:
        """Do something with the rows that were asked for: now, or once they are there."""
        if self.has_caught_up:
            deed()
        else:
            self._afterwards.append(deed)

    def _begin(self) -> None:
        self._caught_up.clear()
        self.newest.give_up()
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._begin_once)  # rows and counts of one key are asked for together

    def _begin_once(self) -> None:
        self._is_due = False
        if self._is_left:
            self._caught_up.set()
        elif self._is_remaking:
            self._screen.draw_lines()  # the rows to come are arranged as was asked for
        elif self._screen.view.is_behind:
            self._work(self._arranged, "arrange")
        else:  # such rows have come already
            self._show(None)
            self._screen.paint()

    async def _arranged(self) -> None:
        screen = self._screen
        waiting = screen.set_timer(PATIENCE_S, screen.draw_lines)
        try:
            arranged, counts = await self.newest.do(partial(self._arrange, counts=self._counts))
        except GivenUpError:
            return
        except asyncio.CancelledError:
            self._caught_up.set()  # the program is being left
            raise
        finally:
            waiting.stop()
        screen.view.take_arranged(arranged)
        self._show(counts)
        screen.paint()

    @property
    def _is_left(self) -> bool:
        """Whether there is nothing left to draw on: the program ends, and the widgets are gone or going."""
        return self._screen.app._exit or not self._screen.children

    def _show(self, counts: Counts | None) -> None:
        if self._is_left:
            self._caught_up.set()
            return
        if counts is not None:
            self._screen.show_counts(counts)
        self._screen.draw_rows(to_top=self._to_top)
        self._to_top = self._counts = False
        self._caught_up.set()
        while self._afterwards:
            self._afterwards.pop(0)()

    def _arrange(self, *, counts: bool) -> tuple[Arranged, Counts | None]:
        arranged = self._screen.view.arranged()
        return arranged, self._count(arranged.order) if counts else None

    def _count(self, order: list[int]) -> Counts:
        screen = self._screen
        chips = screen.view.chip_counts(order)
        return Counts(chips, screen.view.provider_counts(order) if screen.shows_list else None)

    def count_ahead(self) -> None:
        """Count in an idle moment, and make what the next key would wait for; that key puts an end to it."""
        if self.has_caught_up:
            self._work(self._counted_ahead, "arrange")

    async def _counted_ahead(self) -> None:
        screen = self._screen
        try:
            counts = await self.newest.do(partial(self._count, screen.view.order))
            if self._is_left:
                return
            screen.show_counts(counts)
            await self.newest.do(screen.view.warm_up)
        except GivenUpError:
            return
        self.keep_opening()

    # -- the first rows, and all of them -------------------------------------------------------------------

    def open(self) -> None:
        """Have rows for the first frame: those that the last run began with, where they are at hand, else all."""
        screen, view = self._screen, self._screen.view
        backend = screen.around.backend
        opening = backend.opening(usual_of(view)) if screen.app.size.height <= OPENING_ROWS else None
        if opening is None:
            view.set_catalog(backend.load())
        else:
            view.open(opening)
            self._is_remaking = True
            self._caught_up.clear()

    @property
    def _is_opened(self) -> bool:
        """Whether only the first rows are there, and no others are being made."""
        return self._screen.view.opening is not None and self._coming is None

    def go_on(self, deed: Callable[[], object]) -> None:
        """Have what the first frame did without: the details, then all rows where only the first are there.

        `deed` is done once all of it is there.
        """
        self._work(partial(self._go_on, deed), "rows")

    async def _go_on(self, deed: Callable[[], object]) -> None:
        screen = self._screen
        try:
            # One after the other: modules take long to load while another thread computes.
            await asyncio.to_thread(_told, screen.row_lines, screen.table.current)
            if not self._is_left:
                screen.draw_detail()
                self.afterwards(deed)
            if self._is_opened:
                catalog = await asyncio.to_thread(_loaded, screen.around.backend.load)
                if self._is_opened:  # else a refresh was quicker
                    self.take(catalog)
        except asyncio.CancelledError:
            self._caught_up.set()  # the program is being left
            raise

    def keep_opening(self) -> None:
        """Have the next start begin with the first rows of now, if they are the usual ones."""
        if not self.has_caught_up:
            return  # the rows are not those that the view wants by now
        view = self._screen.view
        row_set, usual = view.row_set, usual_of(view)
        if (row_set is not self._kept[0]() or usual != self._kept[1]) and (opening := opening_of(view)):
            self._kept = ref(row_set), usual
            whole, keep = view.catalog, self._screen.around.backend.keep_opening

            async def kept() -> None:
                if not await asyncio.to_thread(keep, whole, opening):
                    self._kept = NOTHING_KEPT  # the next start would load another catalog yet, as while a refresh runs

            self._work(kept, "opening")

    # -- rows of another catalog, or of another kind -------------------------------------------------------

    def remake(self, *, to_top: bool = False, awaited: bool = True) -> None:
        """Make the rows as the view wants them now; `awaited` where a key asked for it."""
        self._to_top |= to_top
        if awaited:
            self._is_remaking = True
            self._caught_up.clear()
            self.newest.give_up()
        if self._coming or not self._screen.view.opening:  # all rows are about to come as the view wants them then
            self.take(self._coming or self._screen.view.catalog)

    def take(self, catalog: Catalog) -> None:
        """Make the rows of a catalog as the view wants them now, and show them."""
        self._coming = catalog
        if not self._is_taking:
            self._is_taking = True
            self._work(self._take_catalogs, "rows")

    async def _take_catalogs(self) -> None:
        """Make the rows of the newest catalog in a thread, and show them; until there is no newer one."""
        try:
            while self._coming is not None:
                await self._take_catalog(self._coming)
        except asyncio.CancelledError:
            self._caught_up.set()  # the program is being left
            raise
        finally:
            self._is_taking = False

    async def _take_catalog(self, catalog: Catalog) -> None:
        view = self._screen.view
        made = await asyncio.to_thread(view.make_ahead, catalog)
        held: list[Sequence[object]] = [view.catalog.offers, view.catalog.models, view.rows]
        await self.newest.halt()  # it works on the rows of before
        if view.take(made):
            self._is_remaking = False
            self._show(None)
            if self._coming is catalog:
                self._coming = None
        await asyncio.to_thread(_free_all, held)


def _told(tell: Callable[[Row], Iterable[object]], row: Row | None) -> None:
    """Tell of a row for nobody, so that all that this loads is loaded."""
    import_module(DETAILS)
    if row is not None:
        for _ in tell(row):
            pass


def _loaded(load: Callable[[], Catalog]) -> Catalog:
    with uncollected():
        return load()


def _free_all(held: list[Sequence[object]]) -> None:
    values = [value for part in held for value in part]
    held.clear()
    free(values)
    give_back()
