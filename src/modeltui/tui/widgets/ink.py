"""Drawing plain text as strips: spans with a tone in, terminal cells out.

A span is text and the name of a tone; nothing here is ever read as markup, and every text passes `clean`.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import App
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

    def forget(self) -> None:
        """Drop every style: the theme changed."""
        self._styles.clear()

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
        return Strip(segments, width)
