"""The first rows of a view, which the next start begins with: it takes no longer however many rows there are."""

from collections.abc import Sequence
from typing import Final

import msgspec

from modeltui.columns import Row
from modeltui.state import Catalog, Opening
from modeltui.tui.view import View

OPENING_ROWS: Final = 120
"""Rows that a start begins with; a terminal that is higher waits for all."""


def usual_of(view: View) -> str:
    """Say what the rows of a view and their order go by while nothing is asked."""
    first = sorted(view.favourites) if view.favourites_first else None
    return repr((view.by, view.sorted_by, first, sorted(view.hidden), view.workload))


def opening_of(view: View) -> Opening | None:
    """Give the first rows of a view; `None` unless the usual ones are shown."""
    if view.opening or view.is_behind or view.query.terms or view.query.sort or view.shows_hidden:
        return None
    first = [view.rows[index] for index in sorted(view.order[:OPENING_ROWS])]
    counts = (len(view.order), len(view.rows), len(view.catalog.offers), view.providers)
    return Opening(_part(view.catalog, first), usual_of(view), *counts, tuple(view.row_set.spoken))


def _part(catalog: Catalog, rows: Sequence[Row]) -> Catalog:
    """Give the part of a catalog that some rows are made of; rows of single offers come without their models."""
    offers = tuple(offer for row in rows for offer in row.offers)
    models = tuple(row.model for row in rows if row.model is not None)
    latency = {offer.key: sample for offer in offers if (sample := catalog.latency.get(offer.key))}
    return msgspec.structs.replace(catalog, offers=offers, models=models, latency=latency, claims={}, unlinked=())
