"""What widgets tell the screen that holds them: past facts, never requests to a sibling."""

from textual.message import Message


class HeaderPressed(Message):
    """A column's heading was clicked."""

    def __init__(self, key: str, *, added: bool) -> None:
        super().__init__()
        self.key = key
        self.added = added
        """Shift was held: a further sort key is meant."""


class RowOpened(Message):
    """A row was double-clicked."""


class RowMarkPressed(Message):
    """The gutter of the cursor's row was clicked."""


class ZonePressed(Message):
    """A part of a drawn line that stands for an action was clicked."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        """In Textual's spelling: `refresh` or `chip(3)`."""
