"""The rows of a catalog, by model or by offer, with what a workload costs; what is shown of them is the view's."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import msgspec

from modeltui.columns import Row, rows_by_model, rows_by_offer, with_costs, with_latency
from modeltui.cost import Workload, costs_of
from modeltui.model import Catalog, LatencySample, Link, Offer
from modeltui.query import Vocabulary, vocabulary_of

MODEL, OFFER = "model", "offer"
CostOf = Callable[[Offer], Decimal | None]


def costs_kept(workload: Workload) -> CostOf:
    """Make the function that costs an offer; offers of the same prices are costed once."""
    known: dict[object, Decimal | None] = {}
    cost_of = costs_of(workload)

    def kept(offer: Offer) -> Decimal | None:
        key = (offer.prices, offer.price_tiers, offer.price_state)
        if key not in known:
            known[key] = cost_of(offer)
        return known[key]

    return kept


class CatalogRows:
    """A catalog as rows of one kind; `arrange` is called whenever the rows are others."""

    def __init__(self, clock: Callable[[], datetime], by: str) -> None:
        self.clock = clock
        self.catalog = Catalog((), (), (), clock())
        self.providers = 0
        self.rows: list[Row] = []
        self.by = by
        self.marked: dict[str, Row] = {}
        self.workload: Workload | None = None
        self._cost_of: CostOf | None = None
        self._vocabulary: Vocabulary | None = None

    def arrange(self) -> None:
        """Pick and order the rows."""
        raise NotImplementedError

    def set_catalog(self, catalog: Catalog) -> None:
        """Take a new catalog; query, order and marks stay."""
        self.catalog = catalog
        self.providers = len({offer.provider for offer in catalog.offers})
        self._vocabulary = None
        rows = rows_by_offer(catalog) if self.by == OFFER else rows_by_model(catalog)
        self.take_rows(self.costed(rows))

    def costed(self, rows: list[Row]) -> list[Row]:
        """Give rows what the workload costs, where there is one."""
        return with_costs(rows, self._cost_of) if self._cost_of else rows

    def take_rows(self, rows: list[Row]) -> None:
        """Exchange the rows."""
        self.rows = rows
        if self.marked:
            by_key = {row.key: row for row in rows}
            self.marked = {key: by_key.get(key, row) for key, row in self.marked.items()}
        self.arrange()

    def add_sample(self, sample: LatencySample) -> None:
        """Put a finished latency test into its row."""
        latency = {**self.catalog.latency, f"{sample.provider}/{sample.id}": sample}
        self.catalog = msgspec.structs.replace(self.catalog, latency=latency)
        self.take_rows(with_latency(self.rows, latency))

    def set_workload(self, workload: Workload | None) -> None:
        """Cost every offer for a workload, or none."""
        self.workload = workload
        self._cost_of = costs_kept(workload) if workload else None
        self.take_rows(self.costed(_without_costs(self.rows)))

    def toggle_by(self) -> None:
        """Change between one row per model and one row per offer."""
        self.by = MODEL if self.by == OFFER else OFFER
        self.marked = {}
        self.set_catalog(self.catalog)

    def toggle_mark(self, row: Row) -> None:
        """Mark a row, or take its mark away."""
        if self.marked.pop(row.key, None) is None:
            self.marked[row.key] = row

    @property
    def vocabulary(self) -> Vocabulary:
        """The values that occur in the catalog."""
        if self._vocabulary is None:
            self._vocabulary = vocabulary_of(self.rows)
        return self._vocabulary

    def warm_up(self) -> None:
        """Make in an idle moment what the first key in the filter would wait for."""
        if self._vocabulary is None:
            self._vocabulary = vocabulary_of(self.rows)

    def link_of(self, offer: Offer) -> Link | None:
        """Say why an offer belongs to its model."""
        for model in self.catalog.models:
            if model.key == offer.model:
                return next(
                    (link for link in model.links if link.provider == offer.provider and link.offer_id == offer.id),
                    None,
                )
        return None


def _without_costs(rows: list[Row]) -> list[Row]:
    return [msgspec.structs.replace(row, costs=()) if row.costs else row for row in rows]
