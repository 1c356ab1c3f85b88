"""The rows of a catalog, by model or by offer, with what a workload costs; what is shown of them is the view's."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from modeltui.columns import Row, rows_by_model, rows_by_offer, with_costs, with_latency
from modeltui.cost import Workload, costs_of
from modeltui.model import Link, Model, Offer
from modeltui.query import Vocabulary
from modeltui.state import Catalog, LatencySample, Opening
from modeltui.tui.row_set import RowSet

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


class Made(NamedTuple):
    """A catalog, the rows that were made of it, and what they were made for."""

    catalog: Catalog
    row_set: RowSet
    by: str
    cost_of: CostOf | None


class CatalogRows:
    """A catalog as rows of one kind; `arrange` is called whenever the rows are others."""

    def __init__(self, clock: Callable[[], datetime], by: str) -> None:
        self.clock = clock
        self.catalog = Catalog((), (), (), clock())
        self.row_set = RowSet([], clock())
        self.by = by
        self.order: list[int] = []
        self.is_behind = False
        """Other rows were asked for than `order` tells; they are `arranged` and taken."""
        self.opening: Opening | None = None
        """What is told of the whole catalog while only its first rows are here."""
        self.marked: dict[str, Row] = {}
        self.workload: Workload | None = None
        self._cost_of: CostOf | None = None
        self._models: tuple[Catalog, dict[str, Model]] | None = None
        """A catalog's models by their keys, once one is looked for."""

    def arrange(self) -> None:
        """Pick and order the rows."""
        raise NotImplementedError

    @property
    def rows(self) -> list[Row]:
        """All rows, in the catalog's order."""
        return self.row_set.rows

    @property
    def providers(self) -> int:
        """How many providers have an offer."""
        return self.row_set.providers

    @property
    def is_whole(self) -> bool:
        """Whether all rows are here, and shown as they were asked for."""
        return not (self.is_behind or self.opening)

    @property
    def shown_in_all(self) -> int:
        """How many rows are shown, those included that are not here yet."""
        return self.opening.shown if self.opening else len(self.order)

    @property
    def offers_in_all(self) -> int:
        """How many offers there are."""
        return self.opening.offers if self.opening else len(self.catalog.offers)

    @property
    def rows_in_all(self) -> int:
        """How many rows there are, shown or not."""
        return self.opening.rows if self.opening else len(self.rows)

    def set_catalog(self, catalog: Catalog) -> None:
        """Take a new catalog; query, order and marks stay."""
        self.take(self.make(catalog))

    def open(self, opening: Opening) -> None:
        """Show the first rows of a catalog, until it is taken whole."""
        made = self.make(opening.catalog)
        made.row_set.tell(opening.spoken, opening.providers)
        self.take(made)
        self.opening = opening

    def make(self, catalog: Catalog) -> Made:
        """Make the rows of a catalog, in any thread; nothing that is shown changes."""
        by, cost_of = self.by, self._cost_of
        rows = rows_by_offer(catalog) if by == OFFER else rows_by_model(catalog)
        return Made(catalog, RowSet(with_costs(rows, cost_of) if cost_of else rows, self.clock()), by, cost_of)

    def take(self, made: Made) -> bool:
        """Show a catalog by rows that were made of it; false where other rows are wanted by now."""
        if made.by != self.by or made.cost_of is not self._cost_of:
            return False
        late = self._later_samples(made.catalog)
        self.catalog, self._models, self.opening = made.catalog, None, None
        self.take_rows(made.row_set)
        if late:
            self._take_latency(late)
        return True

    def _later_samples(self, catalog: Catalog) -> Mapping[str, LatencySample]:
        """Give the tests that were finished while a catalog was built."""
        known = catalog.latency
        return {
            key: sample
            for key, sample in self.catalog.latency.items()
            if key not in known or known[key].measured_at < sample.measured_at
        }

    def _take_latency(self, latency: Mapping[str, LatencySample]) -> None:
        self.catalog = msgspec.structs.replace(self.catalog, latency={**self.catalog.latency, **latency})
        self.take_rows(RowSet(with_latency(self.rows, self.catalog.latency), self.clock()))

    def costed(self, rows: list[Row]) -> list[Row]:
        """Give rows what the workload costs, where there is one."""
        return with_costs(rows, self._cost_of) if self._cost_of else rows

    def take_rows(self, row_set: RowSet) -> None:
        """Exchange the rows."""
        self.row_set = row_set
        if self.marked:
            rows, places = row_set.rows, row_set.places
            self.marked = {key: rows[places[key]] if key in places else row for key, row in self.marked.items()}
        self.arrange()

    def note_sample(self, sample: LatencySample) -> None:
        """Keep a finished latency test; the rows are to be made anew."""
        latency = {**self.catalog.latency, f"{sample.provider}/{sample.id}": sample}
        self.catalog = msgspec.structs.replace(self.catalog, latency=latency)

    def add_sample(self, sample: LatencySample) -> None:
        """Put a finished latency test into its row."""
        self._take_latency({f"{sample.provider}/{sample.id}": sample})

    def want_workload(self, workload: Workload | None) -> None:
        """Want every offer costed for a workload, or none; the rows are to be made anew."""
        self.workload = workload
        self._cost_of = costs_kept(workload) if workload else None

    def turn_by(self) -> None:
        """Want one row per model where there is one per offer, or the other way; the rows are to be made anew."""
        self.by = MODEL if self.by == OFFER else OFFER
        self.marked = {}

    def toggle_mark(self, row: Row) -> None:
        """Mark a row, or take its mark away."""
        if self.marked.pop(row.key, None) is None:
            self.marked[row.key] = row

    @property
    def vocabulary(self) -> Vocabulary:
        """The values that occur in the catalog."""
        return self.row_set.vocabulary

    def link_of(self, offer: Offer) -> Link | None:
        """Say why an offer belongs to its model."""
        catalog, known = self.catalog, self._models  # a thread may ask while the catalog is exchanged
        if known is None or known[0] is not catalog:
            known = self._models = catalog, {model.key: model for model in catalog.models}
        model = known[1].get(offer.model)
        found = (link for link in (model.links if model else ()) if link.provider == offer.provider)
        return next((link for link in found if link.offer_id == offer.id), None)
