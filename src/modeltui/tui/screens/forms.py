"""A small form in front of a screen: lines of text, each checked where it stands while it is typed."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from modeltui.format import clean
from modeltui.tui.fields import Field
from modeltui.tui.screens.turns import InTurn

NOTE = "Enter: done   Tab ↓ ↑: another line   Esc: cancel"


class FormScreen(InTurn[dict[str, str] | None], ModalScreen[dict[str, str] | None]):
    """Answers with the texts by name once none of them is wrong."""

    CSS_PATH = "forms.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, title: str, fields: Sequence[Field], note: str = "") -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._note = note

    def compose(self) -> ComposeResult:
        """Lay out a line and what is expected of it, one below the other."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(clean(self._title))
            for field in self._fields:
                with Horizontal(classes="line"):
                    yield Static(Content(field.label), classes="label")
                    yield Input(field.value, id=field.name, compact=True)
                yield Static(Content(field.about), id=f"about-{field.name}", classes="about")
            yield Static(Content("\n".join(filter(None, (self._note, NOTE)))), classes="note")

    def on_mount(self) -> None:
        """Begin in the first line, with a caret that does not blink."""
        for line in self.query(Input):
            line.cursor_blink = False
        self.query(Input).first().focus()

    def _check(self, field: Field) -> bool:
        wrong = field.wrong(self.query_one(f"#{field.name}", Input).value)
        about = self.query_one(f"#about-{field.name}", Static)
        about.set_class(bool(wrong), "wrong")
        about.update(Content(clean(f"✗ {wrong}" if wrong else field.about)))
        return not wrong

    @on(Input.Changed)
    def check(self, message: Input.Changed) -> None:
        """Say at once what is wrong with a line."""
        for field in self._fields:
            if field.name == message.input.id:
                self._check(field)

    @on(Input.Submitted)
    def done(self) -> None:
        """Answer, or go to the first line that is wrong."""
        wrong = [field for field in self._fields if not self._check(field)]
        if wrong:
            self.query_one(f"#{wrong[0].name}", Input).focus()
        else:
            self.dismiss({field.name: self.query_one(f"#{field.name}", Input).value for field in self._fields})

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)
