"""The list of providers: each with the rows that the filter leaves of it; choosing some asks for them alone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from textual import events

from modeltui.state import Catalog
from modeltui.tui.keys import bindings
from modeltui.tui.messages import ListLeft, ProvidersChosen
from modeltui.tui.moving import MoveActions
from modeltui.tui.widgets.faces import Cell, Face
from modeltui.tui.widgets.table import ModelTable

KEY = "●"


class ProviderLine(Struct, frozen=True):
    """One provider as the list shows it."""

    slug: str
    rows: int
    """How many rows the filter leaves of it."""
    chosen: bool
    has_key: bool


def provider_lines(catalog: Catalog, counts: Mapping[str, int], chosen: Sequence[str]) -> list[ProviderLine]:
    """Make the lines, those with a key first, then by name; without rows are only those that are chosen."""
    with_key = {status.provider for status in catalog.sources if status.key_present}
    slugs = {slug for slug, rows in counts.items() if rows} | set(chosen)
    lines = [ProviderLine(slug, counts.get(slug, 0), slug in chosen, slug in with_key) for slug in slugs]
    return sorted(lines, key=lambda line: (not line.has_key, line.slug))


def _tone(line: ProviderLine) -> str:
    return "strong" if line.chosen else "" if line.rows else "dim"


FACES: Sequence[Face[ProviderLine]] = (
    Face("slug", "Providers", 24, lambda line: Cell(line.slug, _tone(line)), grows=True),
    Face("key", "Key", 3, lambda line: Cell(f" {KEY}" if line.has_key else "", "good")),
    Face("rows", "Rows", 6, lambda line: Cell(f"{line.rows:,}", "" if line.rows else "dim"), right=True),
)


class ProviderList(MoveActions, ModelTable[ProviderLine], inherit_bindings=False):
    """A table that has the keys while it has the focus; its cursor shows only then."""

    can_focus = True
    FOCUS_ON_CLICK = False
    BINDINGS = bindings("providers")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(lambda line: line.slug, empty="No provider is left.", id=id)
        self.shows_cursor = False
        self.set_faces(FACES)

    @property
    def moved(self) -> ModelTable[Any]:
        """The list itself."""
        return self

    def show(self, lines: Sequence[ProviderLine]) -> None:
        """Exchange the lines; the cursor stays on its provider."""
        if lines != self.rows:
            self.marked = frozenset(line.slug for line in lines if line.chosen)
            self.set_rows(lines, range(len(lines)))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.shows_cursor = True
        self.redraw()

    def on_blur(self) -> None:
        """Show no cursor."""
        self.shows_cursor = False
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Choose the provider that was clicked, or no longer."""
        event.stop()
        event.prevent_default()
        row = self.scroll_offset.y + event.y - 1
        if event.y and 0 <= row < len(self.order):
            self.cursor = row
            self.action_provider()

    def _choose(self, slugs: Iterable[str]) -> None:
        self.post_message(ProvidersChosen(list(slugs)))

    def action_provider(self) -> None:
        """Choose the provider under the cursor, or no longer."""
        if self.current is not None:
            slug = self.current.slug
            self._choose(line.slug for line in self.rows if line.chosen != (line.slug == slug))

    def action_only_provider(self) -> None:
        """Choose the provider under the cursor alone."""
        if self.current is not None:
            self._choose([self.current.slug])

    def action_providers_with_key(self) -> None:
        """Choose the providers that a key is there for."""
        found = [line.slug for line in self.rows if line.has_key]
        if found:
            self._choose(found)
        else:
            self.notify("No key of any of these providers is set.")

    def action_no_provider(self) -> None:
        """Choose no provider: every one will do."""
        self._choose(())

    def action_back(self) -> None:
        """Give the keys back to the table."""
        self.post_message(ListLeft())
