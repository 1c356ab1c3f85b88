"""The filter bar: one drawn line whose keys the screen handles in the same breath as the table."""

from itertools import pairwise

from modeltui.errors import QueryError
from modeltui.tui.editing import LineEditor
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.tui.widgets.ink import Span, crop, width_of

PLACEHOLDER = "type words, conditions: ctx>=128k in<=0.5 provider:groq tools -vision"


class FilterBar(DrawnLine):
    """The query as text, its caret while typing, its mistake underlined, and the count of hits."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(ground="bar", id=id)
        self.editor = LineEditor()
        self.typing = False
        self.error: QueryError | None = None
        self.note = ""
        self.ghost = ""
        """What tab would add after the caret."""

    def draw(self) -> None:
        """Draw what stands in the attributes."""
        width = self.size.width or 80
        note, tone = (f"✗ {self.error.message}", "bad") if self.error else (self.note, "dim")
        note = crop(note, max(12, width // 2) if self.error else width)
        room = max(8, width - width_of(note) - 4)
        head = self._head(room)
        used = sum(width_of(text) for text, _ in head)
        pad = " " * max(1, width - used - width_of(note) - 1)
        self.show([*head, (pad, ""), (note, tone), (" ", "")], [(0, room, "filter")])

    def on_resize(self) -> None:
        """Draw anew at the new width."""
        self.draw()

    def _head(self, room: int) -> list[Span]:
        line: list[Span] = [(" / ", "key")]
        editor = self.editor
        if not editor.text and not self.typing:
            return [*line, (crop(PLACEHOLDER, room - 3), "dim")]
        start = max(0, editor.caret - (room - 6)) if self.typing else 0
        end = start + room - 4
        line += [(part, tone) for part, tone in self._spans(start, end) if part]
        if self.typing and editor.caret >= len(editor.text):
            line += [(self.ghost[:1] or " ", "caret"), (self.ghost[1:], "dim")]
        return line

    def _spans(self, start: int, end: int) -> list[Span]:
        """Cut the text where its tone changes: the mistake, and the character under the caret."""
        text, caret = self.editor.text, self.editor.caret if self.typing else -1
        wrong = (self.error.start, max(self.error.end, self.error.start + 1)) if self.error else (-1, -1)
        cuts = sorted({start, end, *(edge for edge in (*wrong, caret, caret + 1) if start < edge < end)})
        spans = []
        for left, right in pairwise(cuts):
            tone = "caret" if left == caret else "wrong" if wrong[0] <= left < wrong[1] else ""
            spans.append((text[left:right], tone))
        return spans
