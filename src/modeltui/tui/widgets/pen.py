"""Writing a row as runs of one style each."""

from rich.segment import Segment
from textual.strip import Strip

from modeltui.tui.widgets.ink import Ink, InkStrip


class Pen:
    """Collects runs of one style, so that a row is few segments and few colour codes."""

    def __init__(self, ink: Ink, ground: str) -> None:
        self._ink, self._ground = ink, ground
        self._plain = "strong" if ground == "cursor" else ""
        self._segments: list[Segment] = []
        self._run = ""
        self._tone = ""

    def write(self, text: str, tone: str) -> None:
        """Add text that fills exactly as many cells as were counted for it."""
        if self._plain:
            tone = self._plain if tone == "match" else ""
        if tone != self._tone and (text.strip() or self._tone == "match"):
            self._flush()
            self._tone = tone
        self._run += text

    def _flush(self) -> None:
        if self._run:
            self._segments.append(Segment(self._run, self._ink.style(self._tone, self._ground)))
            self._run = ""

    def finish(self, used: int, width: int) -> Strip:
        """Close the row at exactly `width` cells, of which `used` are written; a gap at the end may reach beyond."""
        beyond = used - width
        if beyond > 0 and self._run.endswith(" " * beyond):
            self._run, used = self._run[:-beyond], width
        elif beyond < 0:
            self.write(" " * -beyond, self._tone)
            used = width
        self._flush()
        strip = InkStrip(self._segments, used)
        return strip if used == width else strip.crop(0, width)
