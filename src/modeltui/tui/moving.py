"""The cursor keys of a table, for a screen that holds one and for a table that has keys of its own."""

from typing import Any

from modeltui.tui.widgets.table import ModelTable


class MoveActions:
    """The actions that move in `moved`."""

    @property
    def moved(self) -> ModelTable[Any]:
        """The table that the keys move in."""
        raise NotImplementedError

    def action_cursor_up(self) -> None:
        """One row up."""
        self.moved.move(-1)

    def action_cursor_down(self) -> None:
        """One row down."""
        self.moved.move(1)

    def action_page_up(self) -> None:
        """One screen of rows up."""
        self.moved.move(-self.moved.page)

    def action_page_down(self) -> None:
        """One screen of rows down."""
        self.moved.move(self.moved.page)

    def action_first_row(self) -> None:
        """To the first row."""
        self.moved.move(-len(self.moved.order))

    def action_last_row(self) -> None:
        """To the last row."""
        self.moved.move(len(self.moved.order))

    def action_columns_left(self) -> None:
        """One column to the left."""
        self.moved.shift_columns(-1)

    def action_columns_right(self) -> None:
        """One column to the right."""
        self.moved.shift_columns(1)
