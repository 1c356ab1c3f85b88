"""The terminal program: one app, its background work, and a way out that is quick and quiet."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events, on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from modeltui.errors import ModelTuiError
from modeltui.format import clean
from modeltui.model import Offer
from modeltui.service.events import CatalogBuilt
from modeltui.tui.backend import Backend, Surroundings
from modeltui.tui.keys import MOVING, PALETTE_KEY, keys_among, looks_at_rows
from modeltui.tui.messages import MeasureAsked, MeasureCancelled, MeasureTold, RefreshAsked, RefreshTold, ThemeChosen
from modeltui.tui.progress import Progress
from modeltui.tui.screens.browse import BrowseScreen
from modeltui.tui.screens.tables import PlacedScreen
from modeltui.tui.widgets.ink import COMPONENTS

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

    from modeltui.tui.palette import ActionCommands

DEFAULT_THEME = "textual-dark"
SWITCH_S = 0.001
"""How long a thread that computes keeps the screen waiting; Python's own 5 ms add up to a visible pause."""


def _action_commands() -> "type[ActionCommands]":
    from modeltui.tui.palette import ActionCommands  # not needed for the first frame

    return ActionCommands


class ModelTuiApp(App[None]):
    """Holds the background work; what is on screen belongs to the screens."""

    TITLE = "modeltui"
    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENTS)
    CSS_PATH = [  # noqa: RUF012  # Textual's own declaration
        "app.tcss",
        "widgets/ink.tcss",
        "screens/browse.tcss",
        "screens/choose.tcss",
    ]
    COMMANDS = {_action_commands}  # noqa: RUF012  # Textual's own declaration; no system commands
    COMMAND_PALETTE_BINDING = PALETTE_KEY
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "quit", "Quit", show=False, system=True)]

    def __init__(
        self,
        backend: Backend,
        *,
        clock: Callable[[], datetime],
        auto_refresh: bool = True,
        keys: Mapping[str, str] | None = None,
        mouse: bool = True,
        theme: str | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        super().__init__()
        self.around = Surroundings(backend, clock, keys or {})
        self.progress = Progress()
        self.mouse = mouse
        self._auto_refresh = auto_refresh
        self._wanted_theme = theme
        self._redact = redact
        self._paying_agreed = False
        self._may_leave = self._is_settled = False

    def get_driver_class(self) -> type[Driver]:
        """Drive a POSIX terminal with the reader that ends without waiting; anything else as Textual does."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from modeltui.tui.driver import QuickDriver  # it does not import on Windows

        return QuickDriver

    def on_load(self) -> None:
        """Put on the theme while nothing is styled yet; later, everything would be styled a second time."""
        saved = self.around.backend.saved_view().get("theme")
        for name in (self._wanted_theme, saved):
            if isinstance(name, str) and name in self.available_themes:
                self.set_reactive(App.theme, name)
                self.stylesheet.set_variables(self.get_css_variables())
                break

    def on_mount(self) -> None:
        """Put on the keys, and begin to refresh once the first frame stands."""
        if self.around.keys:
            self.set_keymap(self.around.keys)
        self.theme_changed_signal.subscribe(self, lambda _: self.tell(ThemeChosen()))
        self.call_after_refresh(self._settle)

    def get_default_screen(self) -> Screen[None]:
        """Start with the table."""
        return BrowseScreen(self.around, self.progress)

    def _settle(self) -> None:
        """After the first frame: keep what is loaded out of the garbage collector's way, and have all rows."""
        if self._is_settled:
            return
        from modeltui.service.resolver import wide_resolver  # not needed for the first frame

        self._is_settled = True
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(SWITCH_S)
        wide_resolver(asyncio.get_running_loop())  # quitting waits for no thread
        main = self.screen_stack[0]
        if isinstance(main, BrowseScreen):
            main.catching_up.go_on(self._go_on)

    def _go_on(self) -> None:
        """Once all rows are there: keep them out of the collector's way too, and begin to refresh."""
        gc.freeze()
        if self._auto_refresh and not self.progress.running:
            self.refresh_sources()

    async def on_event(self, event: events.Event) -> None:
        """Leave at once where a key says so while all that waits for rows still to come is a key that moves.

        Whatever else is pressed stands before the key that leaves, which waits its turn then.
        """
        if self._may_leave and isinstance(event, events.InputEvent):
            key = event.key if isinstance(event, events.Key) else ""
            if key in keys_among(("quit",), self.around.keys):
                self.exit()
                return
            self._may_leave = key in keys_among(MOVING, self.around.keys)
        await super().on_event(event)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a palette entry stands for; what looks at the rows waits for those that were asked for."""
        screen = self.screen
        if default_namespace is screen and isinstance(screen, PlacedScreen):
            if isinstance(action, str) and looks_at_rows(action):
                self._may_leave = action in MOVING and screen.is_commanded and screen.is_last_key
                self._settle()  # the frame after which it is called may itself wait for this key
                await screen.wait_for_rows()
                self._may_leave = False
            if self._exit:
                return False
        return await super().run_action(action, default_namespace, namespaces)

    # -- work in the background ----------------------------------------------------------------------------

    def tell(self, message: RefreshTold | MeasureTold | ThemeChosen) -> None:
        """Tell every screen on the stack."""
        for screen in self.screen_stack:
            screen.post_message(message)

    @on(RefreshAsked)
    def ask_for_refresh(self) -> None:
        """Refresh by hand: everything, however fresh."""
        if self.progress.running:
            self.notify("A refresh is running already.")
        else:
            self.refresh_sources(force=True)

    @work(group="refresh", exclusive=True, exit_on_error=False)
    async def refresh_sources(self, *, force: bool = False) -> None:
        """Drive one refresh and tell the screens; its own failure is told, not raised."""
        self.progress.begin()
        self.tell(RefreshTold(None))
        try:
            async for event in self.around.backend.refresh(force=force):
                self.progress.note(event)
                self.tell(RefreshTold(event.catalog if isinstance(event, CatalogBuilt) else None))
        except (ModelTuiError, OSError, RuntimeError, ValueError) as error:
            self._say_failure("Refresh", error)
        finally:
            if self.progress.running:
                self.progress.stop("refresh ended early")
            self.tell(RefreshTold(None))

    @on(MeasureAsked)
    def ask_for_latency(self, message: MeasureAsked) -> None:
        """Begin a latency test; before the first that may cost something, and before one of several offers, ask."""
        from modeltui.tui.latency import estimate_lines  # not needed for the first frame
        from modeltui.tui.screens.choose import ConfirmScreen

        estimate = self.around.backend.estimate(message.offers, message.runs)
        if (self._paying_agreed or estimate.usd == 0) and len(message.offers) == 1:
            self.measure_latency(message.offers, message.runs)
            return

        def decide(agreed: bool | None) -> None:  # noqa: FBT001  # Textual's signature
            if agreed:
                self._paying_agreed = True
                self.measure_latency(message.offers, message.runs)

        self.push_screen(ConfirmScreen("Latency test", estimate_lines(message.offers, message.runs, estimate)), decide)

    @on(MeasureCancelled)
    def cancel_latency(self) -> None:
        """Give up the running latency test."""
        self.workers.cancel_group(self, "latency")

    @work(group="latency", exclusive=True, exit_on_error=False)
    async def measure_latency(self, offers: Sequence[Offer], runs: int) -> None:
        """Drive one latency test and tell the screens of every sample."""
        from modeltui.tui.latency import sample_text  # not needed for the first frame

        left = len(offers)
        self.tell(MeasureTold(None, left))
        try:
            async for sample in self.around.backend.measure(offers, runs):
                left -= 1
                self.tell(MeasureTold(sample, left))
                self.notify(sample_text(sample), severity="error" if sample.error else "information")
        except (ModelTuiError, OSError, RuntimeError, ValueError) as error:
            self._say_failure("Latency test", error)
        finally:
            self.tell(MeasureTold(None, 0))

    def _say_failure(self, deed: str, error: Exception) -> None:
        self.progress.stop(f"{deed.lower()} failed")
        self.notify(self._redact(str(error)) or type(error).__name__, title=f"{deed} failed", severity="error")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Literal["information", "warning", "error"] = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a toast; its text is never markup, whatever the caller says."""
        del markup
        super().notify(clean(message), title=clean(title), severity=severity, timeout=timeout, markup=False)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With `NO_COLOR`, take every colour out and tell by reverse and bold what colour would have told."""
        if not self.no_color:
            return super().get_line_filters()
        from modeltui.tui.widgets.plain import PLAIN  # rarely needed

        return PLAIN

    def action_mouse(self) -> None:
        """Give the mouse back to the terminal, so that text can be selected, or take it again."""
        from modeltui.tui.mouse import switch_mouse  # not needed for the first frame

        self.mouse = not self.mouse
        switch_mouse(self._driver, on=self.mouse)
        self.notify(
            "The mouse clicks and scrolls again." if self.mouse else "The mouse selects text now; M takes it back."
        )

    def action_theme(self) -> None:
        """Choose a theme."""
        self.search_themes()

    def _handle_exception(self, error: Exception) -> None:
        """Leave with a traceback that shows neither values nor keys, and with the exit status of a crash."""
        from modeltui.tui.crash import EXIT_CODE, traceback_of  # only a crash needs it

        self.bell()
        self._exception = self._exception or error
        self._exception_event.set()
        self.panic(traceback_of(error, self._redact))
        self._return_code = EXIT_CODE


def run(app: ModelTuiApp) -> int:
    """Run the app in this terminal until it is left; gives the exit code.

    A hangup or a termination leaves as `q` does, so that the terminal is as it was.
    """

    async def leave_on_signals() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, partial(app.exit, None, 128 + number))

    if sys.platform != "win32":
        app.call_later(leave_on_signals)
    app.run(mouse=app.mouse)
    return app.return_code or 0
