"""A scrollbar that is drawn in a tenth of the time: its lines are of five kinds, and each kind is made once."""

from math import ceil
from typing import ClassVar, cast

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from modeltui.tui.widgets.ink import InkStrip


class Rail(ScrollBar):
    """Textual's vertical scrollbar of one cell, drawn without the passes that its own drawing takes a line."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of `crop`; lines that look alike are the same object, so each is encoded once."""
        made: dict[int, Strip] = {}
        background = self.background_colors[1]
        lines = []
        for segment in self._segments()[crop.y : crop.bottom]:
            if id(segment) not in made:
                made[id(segment)] = self._strip(segment, background)
            lines.append(made[id(segment)])
        return lines

    def _strip(self, segment: Segment, background: Color) -> Strip:
        strip: Strip = InkStrip([segment], 1)
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, background)
        return strip

    def _segments(self) -> list[Segment]:
        style = cast("Style", cast("ScrollBarRender", self.render()).style)
        height, shown = self.size.height, self.window_size
        view = cast("RailView", self.parent)
        whole = max(ceil(self.window_virtual_size), view.foreseen)
        if shown >= whole and not view.RAIL_STAYS:
            return [Segment(" ", Style(bgcolor=view.background_colors[1].rich_color))] * height
        bar = ScrollBarRender.render_bar(
            size=height,
            virtual_size=whole,
            window_size=ceil(shown) if shown < whole else 0,
            position=self.position,
            back_color=cast("RichColor", style.bgcolor),
            bar_color=cast("RichColor", style.color),
        )
        return list(bar.segments)


class RailView(ScrollView):
    """A scrolling widget with a `Rail`."""

    RAIL_STAYS: ClassVar[bool] = True
    """The bar is seen also while everything is in view; its cells are taken in any case, so nothing moves."""
    foreseen = 0
    """Lines that there will be, where some are still to come."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scrollbar, made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = rail = Rail(vertical=True, name="vertical", thickness=1)
            rail.display = False
            self.app._start_widget(self, rail)
        return self._vertical_scrollbar
