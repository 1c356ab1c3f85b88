"""What widgets tell the screen that holds them: past facts, never requests to a sibling."""

from collections.abc import Sequence

from textual.message import Message

from modeltui.model import Offer
from modeltui.state import Catalog, LatencySample


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


class ProvidersChosen(Message):
    """Other providers were chosen in the list; none stands for every one."""

    def __init__(self, slugs: Sequence[str]) -> None:
        super().__init__()
        self.slugs = tuple(slugs)


class ListLeft(Message):
    """A person is done with the list of providers."""


class PaneShown(Message):
    """A pane that was hidden has room on the screen."""


class RefreshAsked(Message):
    """A person asked for a refresh."""


class MeasureAsked(Message):
    """A person confirmed a latency test of these offers."""

    def __init__(self, offers: Sequence[Offer], runs: int) -> None:
        super().__init__()
        self.offers = offers
        self.runs = runs


class MeasureCancelled(Message):
    """A person wants the running latency test to stop."""


class RefreshTold(Message):
    """A refresh said something; `catalog` is there where a new one was built."""

    def __init__(self, catalog: Catalog | None) -> None:
        super().__init__()
        self.catalog = catalog

    def can_replace(self, message: Message) -> bool:
        """Let a newer word stand for an older one that carries no catalog."""
        return isinstance(message, RefreshTold) and self.catalog is None


class MeasureTold(Message):
    """A latency test came on: a finished sample, or none yet; `left` is how many are still to come."""

    def __init__(self, sample: LatencySample | None, left: int) -> None:
        super().__init__()
        self.sample = sample
        self.left = left


class ThemeChosen(Message):
    """The colours changed and are to be remembered."""
