"""What a table of models or offers shows: catalog, query, order, marks; plain state that a widget or a test can ask."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from modeltui.columns import COLUMNS_BY_KEY, DEFAULT_COLUMNS, Row, ranks, rows_by_model, rows_by_offer, with_latency
from modeltui.errors import QueryError
from modeltui.model import Catalog, LatencySample, Link, Offer
from modeltui.query import Mode, Narrower, Query, Vocabulary, flag_counts, parse, vocabulary_of

CHIPS = (
    "tools", "vision", "reasoning", "structured_output", "audio", "image_generation", "embeddings", "open", "free",
)  # fmt: skip
"""The flag of each chip, 1 to 9."""
Sort = tuple[tuple[str, bool], ...]
"""Column keys, each with whether it is descending; the first weighs most."""
DEFAULT_SORT: Sort = (("released", True),)
DESCENDING_FIRST = frozenset({"context", "output", "released", "uses", "tps", "offers", "caps"})
"""Columns whose greatest value is what a person looks for."""
IDLE = frozenset({"uses", "ttft", "tps", "cost", "cache", "quant"})
"""Columns that leave by themselves while no row has anything to say in them."""
MODEL, OFFER = "model", "offer"


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


def spoken(keys: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Leave out the idle columns that say nothing of any row."""
    return [
        key for key in keys if key not in IDLE or any(COLUMNS_BY_KEY[key].sort_value(row) is not None for row in rows)
    ]


def _sort_of(value: object) -> Sort:
    pairs = value if isinstance(value, list | tuple) else ()
    return tuple(
        (str(pair[0]), bool(pair[1]))
        for pair in pairs
        if isinstance(pair, list | tuple) and len(pair) == 2 and pair[0] in COLUMNS_BY_KEY
    )


class View:
    """The rows of a catalog through a query, in an order."""

    def __init__(self, clock: Callable[[], datetime], saved: Mapping[str, object]) -> None:
        self.clock = clock
        self.catalog = Catalog((), (), (), clock())
        self.providers = 0
        self.rows: list[Row] = []
        self.order: list[int] = []
        self.by = OFFER if saved.get("by") == OFFER else MODEL
        self.text = ""
        self.query = Query()
        self.error: QueryError | None = None
        self.sorted_by: Sort = _sort_of(saved.get("sort")) or DEFAULT_SORT
        self.favourites = set(_strings(saved.get("favourites")))
        self.hidden = set(_strings(saved.get("hidden")))
        self.columns: tuple[str, ...] = tuple(key for key in _strings(saved.get("columns")) if key in COLUMNS_BY_KEY)
        self.marked: dict[str, Row] = {}
        self.shows_hidden = False
        self.resembling = False
        self._order_chosen = False
        self._narrower: Narrower | None = None
        self._ranks: dict[Sort, list[int]] = {}
        self._vocabulary: Vocabulary | None = None
        self._spoken: Sequence[str] = ()

    def saved(self) -> dict[str, object]:
        """Give what is worth remembering between runs."""
        return {
            "by": self.by,
            "sort": [list(pair) for pair in self.sorted_by],
            "favourites": sorted(self.favourites),
            "hidden": sorted(self.hidden),
            "columns": list(self.columns),
        }

    # -- rows ----------------------------------------------------------------------------------------------

    def set_catalog(self, catalog: Catalog) -> None:
        """Take a new catalog; query, order and marks stay."""
        self.catalog = catalog
        self.providers = len({offer.provider for offer in catalog.offers})
        self._vocabulary = None
        self._make_rows(rows_by_offer(catalog) if self.by == OFFER else rows_by_model(catalog))

    def _make_rows(self, rows: list[Row]) -> None:
        self.rows = rows
        self._ranks.clear()
        self._spoken = ()
        self._narrower = None
        if self.marked:
            by_key = {row.key: row for row in rows}
            self.marked = {key: by_key.get(key, row) for key, row in self.marked.items()}
        self.arrange()

    def add_sample(self, sample: LatencySample) -> None:
        """Put a finished latency test into its row."""
        latency = {**self.catalog.latency, f"{sample.provider}/{sample.id}": sample}
        self.catalog = msgspec.structs.replace(self.catalog, latency=latency)
        self._make_rows(with_latency(self.rows, latency))

    def toggle_by(self) -> None:
        """Change between one row per model and one row per offer."""
        self.by = MODEL if self.by == OFFER else OFFER
        self.marked = {}
        self.set_catalog(self.catalog)

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

    # -- query ---------------------------------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """Read a query; a mistake is kept in `error` and the last good result stays."""
        self.text = text
        self.error = None
        try:
            query = parse(text, self.clock(), known=self.vocabulary if ":" in text else None)
        except QueryError as error:
            self.error = error
            return
        if not query.terms:
            self._order_chosen = False
        if query != self.query:
            self.query = query
            self.arrange()

    def set_query(self, query: Query) -> None:
        """Take a query that a chip or a list made; its text is written from it."""
        self.set_text(str(query))

    def arrange(self) -> None:
        """Apply the query, drop hidden rows, and order what is left."""
        if self._narrower is None:
            self._narrower = Narrower(self.rows, self.clock(), self.favourites)
        hits = self._narrower.apply(self.query)
        self.resembling = self._narrower.resembling
        if self.hidden:
            rows, hidden, wanted = self.rows, self.hidden, self.shows_hidden
            hits = [index for index in hits if (rows[index].key in hidden) is wanted]
        if self.sort:
            if self.sort not in self._ranks:
                self._ranks[self.sort] = ranks(self.rows, self.sort)
            hits.sort(key=self._ranks[self.sort].__getitem__)
        self.order = hits

    def chip_states(self) -> list[str]:
        """Give the state of each chip: `require`, `exclude` or `off`."""
        return [self.query.mode_of(flag).value for flag in CHIPS]

    def chip_counts(self) -> list[int]:
        """Count how many of the rows in view each chip would leave."""
        counts = flag_counts(self.query, self.rows, self.order, self.clock(), CHIPS)
        return [counts[flag] for flag in CHIPS]

    def press_chip(self, place: int) -> None:
        """Go on from require to exclude to off; `place` counts from 0."""
        self.set_query(self.query.cycled(CHIPS[place]))

    def clear_chips(self) -> None:
        """Ask for none of the chips' flags."""
        query = self.query
        for flag in CHIPS:
            query = query.with_capability(flag, Mode.OFF)
        self.set_query(query)

    # -- order ---------------------------------------------------------------------------------------------

    @property
    def sort(self) -> Sort:
        """The order in force; empty while the best hits of words come first."""
        if self.query.sort:
            return self.query.sort
        return () if self.query.words and not self._order_chosen else self.sorted_by

    def sort_by(self, key: str, *, added: bool = False) -> None:
        """Sort by a column, or by it after the others; a column that sorts already is reversed in its place."""
        fresh = (key, key in DESCENDING_FIRST)
        keys = [each for each, _ in self.sort]
        if added and key in keys:
            self._choose(tuple((each, not down if each == key else down) for each, down in self.sort))
        elif added:
            self._choose((*self.sort, fresh))
        else:
            self._choose(((key, not self.sort[0][1]),) if keys[:1] == [key] else (fresh,))

    def reverse(self) -> None:
        """Turn every sort key round."""
        self._choose(tuple((key, not down) for key, down in self.sort or self.sorted_by))

    def _choose(self, keys: Sort) -> None:
        self.sorted_by = keys
        self._order_chosen = True
        if self.query.sort:
            self.set_query(self.query.with_sort(()))
        self.arrange()

    # -- rows a person keeps or puts away ------------------------------------------------------------------

    def toggle_mark(self, row: Row) -> None:
        """Mark a row, or take its mark away."""
        if self.marked.pop(row.key, None) is None:
            self.marked[row.key] = row

    def toggle_favourite(self, row: Row) -> bool:
        """Make a row a favourite or no longer; says whether it is one now."""
        self.favourites ^= {row.key}
        self._narrower = None
        self.arrange()
        return row.key in self.favourites

    def toggle_hidden(self, row: Row) -> bool:
        """Hide a row or bring it back; says whether it is hidden now."""
        self.hidden ^= {row.key}
        if not self.hidden:
            self.shows_hidden = False
        self.arrange()
        return row.key in self.hidden

    def show_hidden(self) -> bool:
        """Change between the usual rows and the hidden ones; says whether the hidden ones are shown."""
        self.shows_hidden = bool(self.hidden) and not self.shows_hidden
        self.arrange()
        return self.shows_hidden

    @property
    def columns_wanted(self) -> Sequence[str]:
        """The columns a person chose, else the declared ones that say something of any row."""
        if not self._spoken:
            self._spoken = self.columns or spoken(DEFAULT_COLUMNS, self.rows)
        return self._spoken

    def choose_columns(self, keys: tuple[str, ...]) -> None:
        """Choose the columns; none means the declared ones."""
        self.columns = keys
        self._spoken = ()

    def offers_shown(self) -> Iterable[Offer]:
        """Give every offer of the rows in view."""
        return (offer for index in self.order for offer in self.rows[index].offers)
