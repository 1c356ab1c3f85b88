"""Screens of one pane of lines: the details of a row, the help, the problems of a source."""

from collections.abc import Callable, Collection, Iterable

from textual import work
from textual.app import ComposeResult

from modeltui.errors import ModelTuiError
from modeltui.model import Offer
from modeltui.tui.asked import asked_lines
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import Place, bindings, help_rows
from modeltui.tui.screens.tables import PlacedScreen
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from modeltui.tui.widgets.sheets import Hung


class PaneScreen(PlacedScreen):
    """A screen of one scrolling pane of lines."""

    @property
    def pane(self) -> LinePane:
        """The pane."""
        return self.query_one(LinePane)

    def _scroll(self, by: int) -> None:
        self.pane.scroll_to(y=self.pane.scroll_offset.y + by, animate=False)

    def action_cursor_up(self) -> None:
        """One line up."""
        self._scroll(-1)

    def action_cursor_down(self) -> None:
        """One line down."""
        self._scroll(1)

    def action_page_up(self) -> None:
        """One screen up."""
        self._scroll(-self.pane.size.height)

    def action_page_down(self) -> None:
        """One screen down."""
        self._scroll(self.pane.size.height)

    def action_first_row(self) -> None:
        """To the first line."""
        self.pane.scroll_to(y=0, animate=False)

    def action_last_row(self) -> None:
        """To the last line."""
        self.pane.pull_all()
        self.pane.scroll_to(y=self.pane.virtual_size.height, animate=False)


class DetailScreen(PaneScreen):
    """Lines that a function gives, under a title; asked again when the catalog changes."""

    PLACE = "detail"
    BINDINGS = bindings("detail")

    def __init__(
        self, around: Surroundings, title: str, lines: Callable[[], Iterable[Hung]], offer: Offer | None = None
    ) -> None:
        super().__init__(around)
        self._offer = offer
        self._asked: list[Hung] = []
        self._caption = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Lay out title, pane and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield LinePane()
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        self.query_one("#caption", DrawnLine).show([(f" {self._caption}", "strong")])
        self.pane.show(self._lines())

    @property
    def meaningless(self) -> Collection[str]:
        """Nobody is asked where the provider has no endpoint for one model."""
        able = self._offer is not None and self.around.backend.has_detail(self._offer)
        return () if able else ("ask_deployment",)

    def redraw(self) -> None:
        """Ask for the lines again; the place in them stays."""
        self.pane.show([*self._lines(), *self._asked], keep_scroll=True)

    @work(group="deployment", exclusive=True, exit_on_error=False)
    async def action_ask_deployment(self) -> None:
        """Ask the provider for this one deployment, and add what it says."""
        if self._offer is None or self.meaningless:
            said = "Open one offer first." if self._offer is None else f"{self._offer.provider} tells no more of it."
            self.notify(said)
            return
        self._asked = [([], 0), ([(f"Asking {self._offer.provider} …", "key")], 0)]
        self.redraw()
        try:
            answer = await self.around.backend.deployment(self._offer)
        except (ModelTuiError, OSError, RuntimeError, ValueError) as error:
            answer = str(error) or type(error).__name__
        self._asked = asked_lines(answer, self._offer.provider)
        self.redraw()
        self.action_last_row()

    def action_help(self) -> None:
        """Show the keys of this screen."""
        self.app.push_screen(HelpScreen(self.around, self.PLACE))


QUERY_HELP: tuple[tuple[str, str], ...] = (
    ("claude opus", "fuzzy words, in any order"),
    ("ctx>=128k out>=8k", "numbers: ctx out in price cache released age ttft tps uses offers"),
    ("in<=0.5 free hot", "prices in $ per 1M tokens; free is a stated zero, never an unknown"),
    ("provider:groq,chutes", "also maker: quant: source: state: license:"),
    ("tools -vision !moe", "capabilities; - or ! turns a word round"),
    ("new:7d conflict fav", "released lately; sources differ; your favourites"),
)


class HelpScreen(PaneScreen):
    """Every key of a screen, and how the filter is written."""

    PLACE = "help"
    BINDINGS = bindings("help")

    def __init__(self, around: Surroundings, place: Place) -> None:
        super().__init__(around)
        self._place = place

    def compose(self) -> ComposeResult:
        """Lay out title, pane and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield LinePane()
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        self.query_one("#caption", DrawnLine).show([(" Keys", "strong")])
        self.pane.show(self._lines())

    def _lines(self) -> list[Hung]:
        groups: dict[str, list[Hung]] = {}
        for group, keys, explanation in help_rows(self._place, self.around.keys):
            groups.setdefault(group, []).append(([(f"  {keys:<14} ", "key"), (explanation, "")], 17))
        lines: list[Hung] = []
        for group, rows in groups.items():
            lines += [([(group, "accent")], 0), *rows, ([], 0)]
        if self._place == "browse":
            lines.append(([("In the filter", "accent")], 0))
            lines += [([(f"  {sample:<22} ", "key"), (meaning, "")], 25) for sample, meaning in QUERY_HELP]
        return lines
