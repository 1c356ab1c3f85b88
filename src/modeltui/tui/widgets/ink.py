"""Drawing plain text as strips: spans with a tone in, terminal cells out.

A span is text and the name of a tone; nothing here is ever read as markup, and every text passes `clean`.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.cache import FIFOCache
from textual.css.styles import RenderStyles
from textual.strip import Strip
from textual.widget import Widget

from modeltui.format import clean

Span = tuple[str, str]
"""Text and its tone; the tone `""` is the widget's own colour."""
Line = Sequence[Span]

TONES = ("dim", "strong", "key", "accent", "good", "warn", "bad", "match", "caret", "wrong")
GROUNDS = ("odd", "cursor", "marked", "header", "bar")
COMPONENTS = frozenset({f"ink--{tone}" for tone in TONES} | {f"ground--{ground}" for ground in GROUNDS})
"""Component classes of the app, whose inks every drawn widget shares; their colours stand in ink.tcss."""

ELLIPSIS = "…"


def width_of(text: str) -> int:
    """Count the terminal cells of a text."""
    return len(text) if text.isascii() else cell_len(text)


def crop(text: str, width: int) -> str:
    """Shorten a text to at most `width` cells, with an ellipsis where something is cut."""
    if width <= 0:
        return ""
    if width_of(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip(" …") + ELLIPSIS


@lru_cache(maxsize=2048)
def fit(text: str, width: int, right: bool = False) -> str:  # noqa: FBT001, FBT002  # positional for the cache's speed
    """Make a text exactly `width` cells wide, cropped or padded on the other side of its alignment."""
    text = crop(clean(text), width)
    padding = " " * (width - width_of(text))
    return padding + text if right else text + padding


class InkStrip(Strip):
    """A line of plain text that is written with the few codes it needs.

    Textual closes the style of every run and states the next one whole; here a run says what differs from the run
    before it, which halves the bytes of a frame. The caches for cutting are made for lines that are cut.
    """

    __slots__ = ()

    def __init__(self, segments: list[Segment], cell_length: int) -> None:
        self._segments, self._cell_length = segments, cell_length
        self._render_cache = self._link_ids = self._cell_count = None

    def __getattr__(self, name: str) -> FIFOCache[object, object]:
        """Make one of the caches that `Strip` makes for every line."""
        if not name.endswith("_cache"):
            raise AttributeError(name)
        cache: FIFOCache[object, object] = FIFOCache(4)
        setattr(self, name, cache)
        return cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Cut the line; one that ends at its only cut is given as it is."""
        cuts = list(cuts)
        return (self,) if cuts and cuts[0] == self._cell_length else super().divide(cuts)

    def render(self, console: Console) -> str:
        """Give the line with its codes, as the terminal gets it."""
        if self._render_cache is None:
            system = console._color_system or ColorSystem.TRUECOLOR
            parts: list[str] = []
            before: Style | None = None
            for text, style, _ in self._segments:
                if style is not before and not (text.isspace() and _is_one_ground(before, style)):
                    parts.append(_turn(before, style, system))
                    before = style
                parts.append(text)
            if before:
                parts.append("\x1b[0m")
            self._render_cache = "".join(parts)
        return self._render_cache


_OF_LETTERS = 0b111
"""Bold, dim and italic, which do not show where there are no letters."""


@lru_cache(maxsize=4096)
def _is_one_ground(before: Style | None, style: Style | None) -> bool:
    """Tell whether blanks look alike in both styles: one ground, and nothing that draws a line or turns colours."""
    if not before or not style or before.bgcolor != style.bgcolor:
        return False
    return not any(each._attributes & each._set_attributes & ~_OF_LETTERS for each in (before, style))


@lru_cache(maxsize=4096)
def _turn(before: Style | None, style: Style | None, system: ColorSystem) -> str:
    """Give the code that turns one style into another; from nothing, or where attributes end, the whole style."""
    before, style = before or Style.null(), style or Style.null()
    if before._attributes & before._set_attributes != style._attributes & style._set_attributes:
        codes = ["0", *filter(None, [style._make_ansi_codes(system)])]
        return f"\x1b[{';'.join(codes if before else codes[1:])}m"
    plain, codes = Color.default(), []
    if before.color != style.color:
        codes += (style.color or plain).downgrade(system).get_ansi_codes()
    if before.bgcolor != style.bgcolor:
        codes += (style.bgcolor or plain).downgrade(system).get_ansi_codes(foreground=False)
    return f"\x1b[{';'.join(codes)}m" if codes else ""


class _InApp(Protocol):
    @property
    def app(self) -> App[object]: ...


class Inked:
    """What makes a widget draw with the app's component classes.

    Its own would be styled anew for every widget and every change of a class on its screen, which is most of what
    stylesheets cost; `get_visual_style` blends the app's with what lies beneath the widget.
    """

    def get_component_styles(self: _InApp, *names: str) -> RenderStyles:
        """Give the styles of component classes."""
        return self.app.get_component_styles(*names)


class Ink:
    """The styles of one widget by ground and tone, and the way from spans to a strip."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, str], Style] = {}
        self.forgotten = 0
        """How often the styles were dropped; what was drawn before that has other colours."""

    def forget(self) -> None:
        """Drop every style: the theme changed."""
        self._styles.clear()
        self.forgotten += 1

    def style(self, tone: str = "", ground: str = "") -> Style:
        """Give the style of a tone on a ground, blended with what lies beneath."""
        known = self._styles.get((tone, ground))
        if known is None:
            names = [f"ground--{ground}"] if ground else []
            names += [f"ink--{tone}"] if tone else []
            known = self._widget.get_visual_style(*names).rich_style
            self._styles[tone, ground] = known = self._filtered(known)
        return known

    def _filtered(self, style: Style) -> Style:
        """Apply the app's line filters (`NO_COLOR` is one), which an own `render_lines` would pass by."""
        background = self._widget.background_colors[1]
        for line_filter in self._widget.get_line_filters():
            style = line_filter.apply([Segment(" ", style)], background)[0].style or style
        return style

    def strip(self, line: Iterable[Span], width: int, ground: str = "") -> Strip:
        """Draw spans on one line of exactly `width` cells; what does not fit ends in an ellipsis."""
        segments: list[Segment] = []
        left = width
        for raw, tone in line:
            text = clean(raw)
            if left <= 0 or not text:
                continue
            shown = crop(text, left)
            left -= width_of(shown)
            segments.append(Segment(shown, self.style(tone, ground)))
        if left > 0:
            segments.append(Segment(" " * left, self.style("", ground)))
        return InkStrip(segments, width)
