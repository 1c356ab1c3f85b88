"""What an offer comes to: the cost of the workload with what it rests on, and the end of the offer where one is set."""

from collections.abc import Iterator
from datetime import datetime

from modeltui.cost import Workload, cost
from modeltui.format import age, ago, clean, date, usd
from modeltui.model import Offer
from modeltui.tui.told import LABEL, heading
from modeltui.tui.widgets.sheets import Hung
from modeltui.tui.workload import workload_text

SOON_S = 60 * 86_400
"""An end that is nearer than this is told as a warning."""


def ending_lines(offer: Offer, now: datetime) -> Iterator[Hung]:
    """Tell that an offer is deprecated or retired, and when it ends."""
    if offer.retires_at is None:
        if offer.status in ("deprecated", "retired", "offline"):
            yield [(f"! {offer.status}", "bad"), (", no day is stated", "dim")], 2
        return
    left_s = (offer.retires_at - now).total_seconds()
    word = f"{offer.status}, " if offer.status in ("deprecated", "retired") else ""
    if left_s <= 0:
        yield [(f"! {word}ended {date(offer.retires_at)}, {ago(-left_s)}", "bad")], 2
    else:
        when = age(left_s).replace("now", "a moment")
        yield [(f"! {word}ends {date(offer.retires_at)}, in {when}", "warn" if left_s < SOON_S else "")], 2


def cost_lines(offer: Offer, workload: Workload | None) -> Iterator[Hung]:
    """Tell what the workload costs with an offer and what was counted, or why nothing can be."""
    if workload is None:
        return
    found = cost(offer, workload)
    yield from heading("Cost", workload_text(workload))
    if found.per_request is None:
        yield [(f"{'Unknown':<{LABEL}} ", "dim"), (clean(found.basis), "")], LABEL + 1
        return
    for label, amount in (("A request", found.per_request), ("A month", found.per_month)):
        if amount is not None:
            yield [(f"{label:<{LABEL}} ", "dim"), (usd(amount), "strong")], LABEL + 1
    yield [(f"{'Counted':<{LABEL}} ", "dim"), (clean(found.basis), "")], LABEL + 1
