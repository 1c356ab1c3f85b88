"""What a table of models or offers shows: catalog, query, order, marks; plain state that a widget or a test can ask."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from modeltui.columns import Row
from modeltui.config import Config
from modeltui.cost import Workload
from modeltui.errors import QueryError
from modeltui.memory import uncollected
from modeltui.model import Offer
from modeltui.query import Mode, Query, Vocabulary, apply, flag_counts, parse
from modeltui.state import Catalog
from modeltui.tui.arranging import Arranged, Asked, arrange, usual
from modeltui.tui.catalog_rows import MODEL, OFFER, CatalogRows, Made
from modeltui.tui.keys import CHIPS
from modeltui.tui.narrowing import PROVIDER, Narrowing, provider_counts
from modeltui.tui.newest import Newest
from modeltui.tui.orders import DEFAULT_SORT, KEPT_AT_ONCE, sorted_anew, sorted_further
from modeltui.tui.remembered import Sort, columns_of, sort_of, sort_of_config, strings, widths_of, workload_saved
from modeltui.tui.row_set import RowSet

AT_ONCE = 20_000
"""Offers up to which whatever a key asks for takes less than a frame."""
NO_CONFIG = Config()


class View(CatalogRows):
    """The rows of a catalog through a query, in an order; what the last run remembered wins over the config."""

    beside: Newest | None = None
    """Works out in a thread what takes longer than a frame, when the view says that it `is_behind`."""

    def __init__(self, clock: Callable[[], datetime], saved: Mapping[str, object], config: Config = NO_CONFIG) -> None:
        super().__init__(clock, OFFER if saved.get("by") == OFFER else MODEL)
        self.text = ""
        self.query = Query()
        self.error: QueryError | None = None
        self.sorted_by: Sort = sort_of(saved.get("sort")) or sort_of_config(config) or DEFAULT_SORT
        self.favourites = set(strings(saved.get("favourites")))
        self.favourites_first = saved.get("favourites_first") is True
        self.hidden = set(strings(saved.get("hidden")))
        self.columns = columns_of(saved.get("columns")) or columns_of(config.columns)
        self.widths = widths_of(saved.get("widths"))
        self.shows_hidden = False
        self.resembling = False
        self.narrowing = Narrowing()
        self._order_chosen = False
        self._ahead: tuple[RowSet, Asked, Arranged] | None = None
        """Rows that are to be taken, what they were arranged for, and how."""

    def saved(self) -> dict[str, object]:
        """Give what is worth remembering between runs."""
        return {
            "by": self.by,
            "sort": [list(pair) for pair in self.sorted_by],
            "favourites": sorted(self.favourites),
            "favourites_first": self.favourites_first,
            "hidden": sorted(self.hidden),
            "columns": list(self.columns),
            "widths": self.widths,
            "workload": workload_saved(self.workload),
        }

    # -- rows ----------------------------------------------------------------------------------------------

    def make_ahead(self, catalog: Catalog) -> Made:
        """Make the rows of a catalog and everything that is asked of them soon, in any thread."""
        import modeltui.tui.details  # noqa: F401  # drawn with the first rows; the screen would wait for its loading

        with uncollected():
            made, asked = self.make(catalog), self.asked
            made.row_set.warm_up(asked.sort or self.sorted_by)
            made.row_set.take_favourites(asked.favourites, self.clock())
            self._ahead = made.row_set, asked, arrange(made.row_set, asked, self.narrowing.anew(), self.clock())
        return made

    @property
    def asked(self) -> Asked:
        """What rows are picked and ordered by."""
        hidden, favourites = frozenset(self.hidden), frozenset(self.favourites)
        return Asked(self.query, self.sort, hidden, self.shows_hidden, favourites, self.favourites_first)

    def take_rows(self, row_set: RowSet) -> None:
        """Exchange the rows, and with them everything that was made of them."""
        row_set.take_favourites(self.favourites, self.clock())
        self.narrowing = self.narrowing.anew()
        super().take_rows(row_set)

    def want_workload(self, workload: Workload | None) -> None:
        """Want every offer costed for a workload, or none; a chosen set of columns gets the column of costs."""
        if workload and self.columns and "cost" not in self.columns:
            self.columns = (*self.columns, "cost")
        super().want_workload(workload)

    def seen(self, row: Row) -> Row:
        """Give a row as it is shown: with the offers that meet the query, where the query names providers."""
        if self.narrowing.conditions is None or len(row.offers) == 1:
            return row
        return self.narrowing.seen(row, self.clock(), self.favourites)

    def rows_shown(self) -> list[Row]:
        """Give the rows in view as they are shown, in their order."""
        return [self.seen(self.rows[index]) for index in self.order]

    def offers_shown(self) -> Iterable[Offer]:
        """Give every offer of the rows in view."""
        return (offer for index in self.order for offer in self.rows[index].offers)

    @property
    def vocabulary_at_hand(self) -> Vocabulary:
        """The values that occur, which is none until those of many rows have been collected."""
        return self.vocabulary if not self.is_large or self.row_set.has_vocabulary else Vocabulary()

    # -- query ---------------------------------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """Read a query; a mistake is kept in `error` and the last good result stays."""
        self.text = text
        self.error = None
        try:
            query = parse(text, self.clock(), known=self.vocabulary_at_hand if ":" in text else None)
        except QueryError as error:
            self.error = error
            return
        if not query.terms:
            self._order_chosen = False
        if query != self.query:
            self.query = query
            self._rearrange()

    def set_query(self, query: Query) -> None:
        """Take a query that a chip or a list made; its text is written from it."""
        self.set_text(str(query))

    @property
    def is_large(self) -> bool:
        """Whether a key may ask for more than a frame's work."""
        return self.beside is not None and (self.opening is not None or len(self.catalog.offers) > AT_ONCE)

    def _rearrange(self) -> None:
        """Arrange the same rows otherwise, or have it done beside the screen's loop."""
        if self.is_large and not self._is_at_hand:
            self.is_behind = True
        else:
            self.arrange()

    @property
    def _is_at_hand(self) -> bool:
        """Whether hits and order are kept from before, and no thread works with them."""
        if self.is_behind or self.opening or len(self.rows) > KEPT_AT_ONCE:
            return False
        if self.beside is None or not self.beside.is_idle:
            return False
        is_seen_whole = self.narrowing.conditions is None and self.narrowing.following(self.query) is self.narrowing
        is_ordered = not self.sort or self.row_set.orders.has(self.sort)
        return is_seen_whole and is_ordered and self.row_set.narrower.has(self.query)

    def arrange(self) -> None:
        """Apply the query, drop hidden rows, and order what is left, unless that was done ahead."""
        ahead, self._ahead = self._ahead, None
        is_done = ahead is not None and ahead[0] is self.row_set and ahead[1] == self.asked
        self.take_arranged(ahead[2] if ahead is not None and is_done else self.arranged())

    def arranged(self) -> Arranged:
        """Work out which rows are shown, in any thread but in one at a time; nothing that is shown changes."""
        return arrange(self.row_set, self.asked, self.narrowing, self.clock())

    def take_arranged(self, arranged: Arranged) -> None:
        """Show what was worked out."""
        self.order, self.resembling, self.narrowing = arranged
        self.is_behind = False

    # -- chips and providers -------------------------------------------------------------------------------

    def chip_states(self) -> list[str]:
        """Give the state of each chip: `require`, `exclude` or `off`."""
        return [self.query.mode_of(flag).value for flag in CHIPS]

    def warm_up(self) -> None:
        """Make in an idle moment what the first key in the filter and the first chip would wait for."""
        self.row_set.warm_up(self.sort or self.sorted_by)

    def chip_counts(self, order: Sequence[int] | None = None) -> list[int]:
        """Count how many of the rows in view each chip would leave; `order` are rows that will be in view."""
        hits, facts = self.order if order is None else order, self.row_set.narrower.facts
        counts = flag_counts(self.query, self.rows, hits, self.clock(), CHIPS, facts)
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

    @property
    def providers_chosen(self) -> tuple[str, ...]:
        """The providers that the query asks for; none of them where every one will do."""
        return self.query.values_of(PROVIDER)

    def choose_providers(self, slugs: Iterable[str]) -> None:
        """Ask for the offers of these providers, or of every one."""
        self.set_query(self.query.with_values(PROVIDER, tuple(slugs)))

    def provider_counts(self, order: list[int] | None = None) -> dict[str, int]:
        """Count for each provider the rows that the query would leave if it asked for that one alone."""
        now, hits = self.clock(), self.order if order is None else order
        others = self.query.with_values(PROVIDER, ())
        if self.providers_chosen:
            hits = apply(others.with_sort(DEFAULT_SORT), self.rows, now, self.favourites)
            hits = usual(self.row_set, hits, self.asked)
        return provider_counts(others, self.rows, hits, now, self.favourites)

    # -- order ---------------------------------------------------------------------------------------------

    @property
    def sort(self) -> Sort:
        """The order in force; empty while the best hits of words come first."""
        if self.query.sort:
            return self.query.sort
        return () if self.query.words and not self._order_chosen else self.sorted_by

    def sort_by(self, key: str, *, added: bool = False) -> None:
        """Sort by a column, or by it after the others; a column that sorts already is reversed in its place."""
        self._choose(sorted_further(self.sort, key) if added else sorted_anew(self.sort, key))

    def reverse(self) -> None:
        """Turn every sort key round."""
        self._choose(tuple((key, not down) for key, down in self.sort or self.sorted_by))

    def _choose(self, keys: Sort) -> None:
        self.sorted_by = keys
        self._order_chosen = True
        if self.query.sort:
            self.set_query(self.query.with_sort(()))
        self._rearrange()

    # -- rows a person keeps or puts away ------------------------------------------------------------------

    def toggle_favourite(self, row: Row) -> bool:
        """Make a row a favourite or no longer; says whether it is one now."""
        self.favourites ^= {row.key}
        self.row_set.take_favourites(self.favourites, self.clock())
        self.narrowing = self.narrowing.anew()
        self._rearrange()
        return row.key in self.favourites

    def toggle_favourites_first(self) -> bool:
        """Put the favourites above all other rows, or no longer; says whether they are there now."""
        self.favourites_first = not self.favourites_first
        self._rearrange()
        return self.favourites_first

    def toggle_hidden(self, row: Row) -> bool:
        """Hide a row or bring it back; says whether it is hidden now."""
        self.hidden ^= {row.key}
        if not self.hidden:
            self.shows_hidden = False
        self._rearrange()
        return row.key in self.hidden

    def show_hidden(self) -> bool:
        """Change between the usual rows and the hidden ones; says whether the hidden ones are shown."""
        self.shows_hidden = bool(self.hidden) and not self.shows_hidden
        self._rearrange()
        return self.shows_hidden

    # -- columns -------------------------------------------------------------------------------------------

    @property
    def columns_wanted(self) -> Sequence[str]:
        """The columns a person chose, else the declared ones that say something of any row."""
        return self.columns or self.row_set.spoken

    @property
    def columns_kept(self) -> frozenset[str]:
        """The columns that a narrow terminal keeps longest: those that sort, and the costs of a workload."""
        sorting = self.query.sort or (() if self.sorted_by == DEFAULT_SORT else self.sorted_by)
        return frozenset([*(key for key, _ in sorting), *(["cost"] if self.workload else [])])

    def choose_columns(self, keys: tuple[str, ...], widths: Mapping[str, int]) -> None:
        """Choose the columns and their widths; no keys mean the declared ones."""
        self.columns = keys
        self.widths = dict(widths)
