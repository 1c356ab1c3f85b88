"""The offers of one model as a table of their own."""

import msgspec
from textual import on
from textual.app import ComposeResult

from modeltui.columns import Row
from modeltui.model import Catalog, Model
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.messages import MeasureTold, RefreshTold, RowOpened
from modeltui.tui.row_faces import faces, fitting
from modeltui.tui.screens.rows import RowScreen
from modeltui.tui.view import View, spoken
from modeltui.tui.widgets.drawn import DrawnLine
from modeltui.tui.widgets.table import ModelTable

COLUMNS = (
    "provider", "id", "in", "out", "cache", "context", "output", "quant", "caps", "state", "ttft", "tps", "cost",
    "released", "modalities", "uses",
)  # fmt: skip


def of_model(catalog: Catalog, model: Model) -> Catalog:
    """Narrow a catalog to one model."""
    return msgspec.structs.replace(catalog, offers=model.offers, models=(model,))


class OffersScreen(RowScreen):
    """Who offers a model and on what terms; sorted by price at first."""

    PLACE = "offers"
    BINDINGS = bindings("offers")

    def __init__(self, around: Surroundings, catalog: Catalog, model: Model) -> None:
        view = View(around.clock, {"by": "offer", "sort": [["in", False]]})
        view.set_catalog(of_model(catalog, model))
        super().__init__(around, view)
        self._model = model

    def compose(self) -> ComposeResult:
        """Lay out title, table and hints."""
        yield DrawnLine(ground="bar", id="caption")
        yield ModelTable[Row](lambda row: row.key, fitting=fitting, empty="This model has no offers any more.")
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        super().on_mount()
        self.draw_rows()

    def draw_rows(self, *, to_top: bool = False) -> None:
        """Show the offers in their order."""
        count = len(self.view.rows)
        said = f"  {count} offers" if count != 1 else "  1 offer"
        self.query_one("#caption", DrawnLine).show([(f" {self._model.name}", "strong"), (said, "dim")])
        self.table.set_faces(faces(spoken(COLUMNS, self.view.rows), self.around.clock))
        self.table.set_sort(self.view.sort)
        self.table.set_rows(self.view.rows, self.view.order, to_top=to_top)

    @on(RefreshTold)
    def take_catalog(self, message: RefreshTold) -> None:
        """Show the same model of a new catalog."""
        catalog = message.catalog
        if catalog is None:
            return
        gone = msgspec.structs.replace(self._model, offers=(), links=())
        self._model = next((model for model in catalog.models if model.key == self._model.key), gone)
        self.view.set_catalog(of_model(catalog, self._model))
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
