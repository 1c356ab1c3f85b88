"""Small questions in front of a screen: choose one of several, or say yes."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from modeltui.format import clean
from modeltui.tui.screens.turns import InTurn

Choice = tuple[str, bool]
"""What was chosen, and whether it is meant in addition."""


TAKEN: Final = frozenset("ajkq")
"""Letters that do something else in a list."""


class ChooseScreen(InTurn[Choice | None], ModalScreen[Choice | None]):
    """A list to choose one entry of; `+` chooses in addition where that means something."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "cancel", show=False),
        Binding("plus,a", "add", "add", show=False),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(
        self, title: str, options: Sequence[tuple[str, str]], *, chosen: str = "", note: str = "", adds: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._options = options
        self._chosen = chosen
        self._note = note
        self._adds = adds

    def compose(self) -> ComposeResult:
        """Lay out the title, the entries and a note."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(clean(self._title))
            yield OptionList(*(Option(Content(clean(label))) for _, label in self._options))
            if self._note:
                yield Static(Content(self._note), classes="note")

    def on_mount(self) -> None:
        """Put the highlight on what is chosen now."""
        keys = [key for key, _ in self._options]
        entries = self.query_one(OptionList)
        entries.focus()
        entries.highlighted = keys.index(self._chosen) if self._chosen in keys else 0

    async def on_key(self, event: Key) -> None:
        """Go to the next entry that begins with a typed letter."""
        entries = self.query_one(OptionList)
        letter = (event.character or "").lower()
        if not letter.isalpha() or letter in TAKEN or entries.highlighted is None:
            return
        places = [place for place, (_, label) in enumerate(self._options) if label.lower().startswith(letter)]
        if places:
            entries.highlighted = next((place for place in places if place > entries.highlighted), places[0])
            event.stop()
            event.prevent_default()

    @on(OptionList.OptionSelected)
    def choose(self, message: OptionList.OptionSelected) -> None:
        """Answer with the entry."""
        self.dismiss((self._options[message.option_index][0], False))

    def action_add(self) -> None:
        """Answer with the entry, in addition to what is chosen."""
        highlighted = self.query_one(OptionList).highlighted
        if self._adds and highlighted is not None:
            self.dismiss((self._options[highlighted][0], True))

    def action_down(self) -> None:
        """One entry down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """One entry up."""
        self.query_one(OptionList).action_cursor_up()

    def action_cancel(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)


class ConfirmScreen(InTurn[bool], ModalScreen[bool]):
    """A question that is answered with yes or no; nothing happens before the answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "yes", "yes", show=False),
        Binding("n,escape,q", "no", "no", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(clean(self._title))
            for line in self._lines:
                yield Static(Content(clean(line)))
            yield Static(Content("\nEnter or y: go on    Esc or n: cancel"), classes="note")

    def action_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)  # noqa: FBT003  # Textual's signature

    def action_no(self) -> None:
        """Answer no."""
        self.dismiss(False)  # noqa: FBT003  # Textual's signature
