"""`NO_COLOR`: no colour code reaches the terminal; reverse, bold and underline tell what colour would have told."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

STANDS_OUT = 0.18
"""Difference in brightness from which on a ground is told from the widget's own by reverse."""
REVERSE = Style(reverse=True)


@lru_cache(4096)
def plain_style(style: Style, background: Color) -> Style:
    """Take the colours out of a style; a ground that stands out from the background becomes reverse."""
    bare = style.without_color
    if style.bgcolor is None or style.bgcolor.is_default:
        return bare
    ground = Color.from_rich_color(style.bgcolor)
    return bare + REVERSE if abs(ground.brightness - background.brightness) >= STANDS_OUT else bare


class Plain(LineFilter):
    """Takes every colour out."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments in the terminal's own two colours."""
        return [
            Segment(text, None if style is None else plain_style(style, background), control)
            for text, style, control in segments
        ]


PLAIN = (Plain(),)
