"""Typing into the filter bar and pressing its chips: what is the same however the rest of a screen looks."""

from textual import events

from modeltui.query import complete, token_at
from modeltui.tui.screens.rows import RowScreen
from modeltui.tui.widgets.filterbar import FilterBar


class FilterScreen(RowScreen):
    """A screen of rows with a filter bar; keys go through the screen, so that bar and table are painted at once."""

    @property
    def bar(self) -> FilterBar:
        """The filter bar."""
        return self.query_one("#filter", FilterBar)

    @property
    def is_commanded(self) -> bool:
        """Whether a key is a command, and not a letter of the filter."""
        return not self.bar.typing

    def draw_lines(self) -> None:
        """Draw filter, chips and status."""
        raise NotImplementedError

    def action_filter(self) -> None:
        """Begin to type."""
        self.bar.typing = True
        self.bar.draw()

    async def on_key(self, event: events.Key) -> None:
        """Give keys to the filter while it is typed in, in the same breath as the table follows."""
        if self.bar.typing and self._typed(event.key, event.character):
            event.stop()
            event.prevent_default()
            self.paint()

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text into the filter."""
        event.stop()
        self.bar.typing = True
        self.bar.editor.insert(event.text)
        self.follow_text()

    def _typed(self, key: str, character: str | None) -> bool:
        bar = self.bar
        if key in ("escape", "enter"):
            self._leave_filter(clears=key == "escape")
            return True
        if key == "tab":
            self._complete()
            return True
        before = bar.editor.text
        if not bar.editor.press(key, character):
            return False
        if bar.editor.text == before:
            bar.draw()
        else:
            self.follow_text()
        return True

    def _leave_filter(self, *, clears: bool) -> None:
        bar = self.bar
        if clears and bar.editor.text:
            bar.editor.set("")
        else:
            bar.typing = False
        self.follow_text()

    def follow_text(self) -> None:
        """Show what the text in the bar asks for."""
        bar, before = self.bar, self.view.order
        self.view.set_text(bar.editor.text)
        bar.ghost = self._ghost()
        if self.view.order is before and not self.view.is_behind:
            self.draw_lines()
        else:
            self.draw_rows(to_top=True)

    def _ghost(self) -> str:
        editor = self.bar.editor
        start, end = token_at(editor.text, editor.caret)
        if not self.bar.typing or end != editor.caret or end - start < 2:
            return ""
        typed = editor.text[start:end]
        found = complete(editor.text, editor.caret, self.view.vocabulary_at_hand)
        return next((each[len(typed) :] for each in found if each.startswith(typed)), "")

    def _complete(self) -> None:
        editor, view = self.bar.editor, self.view
        known = view.vocabulary_at_hand if view.opening else view.vocabulary  # the first rows do not know all words
        found = complete(editor.text, editor.caret, known)
        if found:
            start, end = token_at(editor.text, editor.caret)
            editor.set(editor.text[:start] + found[0] + editor.text[end:], start + len(found[0]))
            self.follow_text()

    def show_query(self) -> None:
        """Write the query that a chip or a list made into the bar, and show what it leaves."""
        self.bar.editor.set(self.view.text)
        self.draw_rows(to_top=True)

    def action_chip(self, number: int) -> None:
        """Press a chip."""
        self.view.press_chip(number - 1)
        self.show_query()

    def action_clear_chips(self) -> None:
        """Forget what the chips ask for."""
        self.view.clear_chips()
        self.show_query()
