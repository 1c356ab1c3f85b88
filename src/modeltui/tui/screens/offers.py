"""The offers of one model as a table of their own; those that the filter asked for are told from the others."""

from collections.abc import Sequence

import msgspec
from textual import on
from textual.app import ComposeResult

from modeltui.columns import Row, rows_by_model
from modeltui.format import clean
from modeltui.model import Model
from modeltui.query import matching_offers
from modeltui.state import Catalog
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.messages import MeasureTold, RefreshTold, RowOpened
from modeltui.tui.row_faces import faces, fitting
from modeltui.tui.row_set import spoken
from modeltui.tui.screens.linking import Linking
from modeltui.tui.view import View
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.tui.widgets.faces import Cell, Face
from modeltui.tui.widgets.table import ModelTable

COLUMNS = (
    "provider", "id", "in", "out", "cache", "context", "output", "quant", "caps", "state", "ttft", "tps", "cost",
    "released", "modalities", "uses",
)  # fmt: skip
FIT = "fit"
"""Key of the column that tells which offers the filter asked for."""
FITS = "✓"


def of_model(catalog: Catalog, model: Model) -> Catalog:
    """Narrow a catalog to one model."""
    return msgspec.structs.replace(catalog, offers=model.offers, models=(model,))


class OffersScreen(Linking):
    """Who offers a model and on what terms; sorted at first by cost, or by price where there is no workload."""

    PLACE = "offers"
    BINDINGS = bindings("offers")

    def __init__(self, around: Surroundings, parent: View, model: Model) -> None:
        view = View(around.clock, {"by": "offer", "sort": [["cost" if parent.workload else "in", False]]})
        view.favourites, view.widths = parent.favourites, parent.widths
        view.want_workload(parent.workload)
        super().__init__(around, view)
        self._model = model
        self._wanted = msgspec.structs.replace(
            parent.query, terms=tuple(term for term in parent.query.terms if term.word is None), sort=()
        )
        self._fits: frozenset[str] = frozenset()
        """Keys of the offers that meet the filter's conditions."""
        self._take(parent.catalog)

    def _take(self, catalog: Catalog) -> None:
        self.view.set_catalog(of_model(catalog, self._model))
        whole = self.view.costed(rows_by_model(of_model(catalog, self._model)))[0]
        places = matching_offers(self._wanted, whole, self.around.clock(), self.view.favourites)
        self._fits = frozenset(whole.offers[place].key for place in places)

    @property
    def tells_fitting(self) -> bool:
        """Some offers meet the filter and others do not."""
        return bool(self._wanted.terms) and 0 < len(self._fits) < len(self.view.rows)

    def compose(self) -> ComposeResult:
        """Lay out title, table and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield ModelTable[Row](lambda row: row.key, fitting=self._fitting, empty="This model has no offers any more.")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        self.draw_rows()

    def draw_rows(self, *, to_top: bool = False) -> None:
        """Show the offers in their order."""
        count = len(self.view.rows)
        said = f"  {count} offers" if count != 1 else "  1 offer"
        fits = f"  {FITS} {len(self._fits)} of them fit: {self._wanted}" if self.tells_fitting else ""
        caption = [(f" {self._model.name}", "strong"), (said, "dim"), (clean(fits), "good")]
        self.query_one("#caption", DrawnLine).show(caption)
        found = faces(spoken(COLUMNS, self.view.rows), self.around.clock, self.view.widths)
        self.table.set_faces([found[0], self._fit_face(), *found[1:]] if self.tells_fitting else found)
        self.table.set_sort(self.view.sort)
        self.table.set_rows(self.view.rows, self.view.order, to_top=to_top)

    def _fitting(self, keys: Sequence[str], width: int) -> list[tuple[str, int]]:
        """Choose the columns that fit; the one that tells which offers the filter asked for always does."""
        own = [key for key in keys if key != FIT]
        room = width - (5 if len(own) < len(keys) else 0)
        placed = fitting(own, room, self.view.widths, self.view.columns_kept)
        return [placed[0], (FIT, 4), *placed[1:]] if len(own) < len(keys) else placed

    def _fit_face(self) -> Face[Row]:
        def cell(row: Row) -> Cell:
            return Cell(FITS, "good") if row.key in self._fits else Cell("no", "dim")

        return Face(FIT, "Fits", 4, cell)

    def sort_by(self, key: str, *, added: bool = False) -> None:
        """Sort by a column; whether an offer fits is none to sort by."""
        if key != FIT:
            super().sort_by(key, added=added)

    @on(RefreshTold)
    def take_catalog(self, message: RefreshTold) -> None:
        """Show the same model of a new catalog."""
        catalog = message.catalog
        if catalog is None:
            return
        gone = msgspec.structs.replace(self._model, offers=(), links=())
        self._model = next((model for model in catalog.models if model.key == self._model.key), gone)
        self._take(catalog)
        self.draw_rows()

    @on(MeasureTold)
    def take_sample(self, message: MeasureTold) -> None:
        """Show a finished latency test."""
        if message.sample is not None:
            self.view.add_sample(message.sample)
            self.draw_rows()

    @on(RowOpened)
    def action_open(self) -> None:
        """Show the details of the offer."""
        self.action_details()
