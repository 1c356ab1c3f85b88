"""Which sources are asked now, and which are left alone and why."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from modeltui.format import instant
from modeltui.service.events import FetchFinished
from modeltui.service.lineup import ProviderPlan, SourcePlan
from modeltui.service.statuses import rest_after_rejection
from modeltui.store import Attempt, Head

if TYPE_CHECKING:
    from modeltui.service.catalog import CatalogBuilder

LEAST_APART: Final = timedelta(seconds=60)
"""Between two tries of one source that nobody asked for, in whichever process."""
_STEPPED: Final = timedelta(seconds=-60)
"""What lies further in the future was written under a clock that has been set back since."""


class Job(Struct, frozen=True):
    """One source to ask."""

    plan: ProviderPlan
    source: SourcePlan
    head: Head | None
    """What is stored of it under the scope in use."""
    scope: str
    open_scope: str
    """Where an answer is kept that came without the key."""


class Due(Struct, frozen=True):
    """The sources of a line-up, sorted by what a refresh does with them."""

    jobs: tuple[Job, ...]
    known: tuple[FetchFinished, ...]
    """Outcomes that are known without asking."""


def sort_sources(
    builder: "CatalogBuilder", *, now: datetime, ttl: timedelta, force: bool, providers: Collection[str]
) -> Due:
    """Sort the sources into those to ask and those whose outcome is known without asking."""
    from modeltui.service.catalog import scopes_of

    heads, attempts = builder.store.heads(), builder.store.attempts()
    jobs: list[Job] = []
    known: list[FetchFinished] = []
    for plan, source in _listed(builder.plans, providers):
        if source.skip:
            if not source.quiet or providers:
                known.append(FetchFinished(source.name, "skipped", message=source.skip, hint=source.hint))
            continue
        scopes = scopes_of(plan, source, builder.store.salt)
        shown = next((heads[source.name, s] for s in scopes if (source.name, s) in heads), None)
        attempt = attempts.get(source.name)
        rejected = "" if providers else rest_after_rejection(plan, source, attempt)
        left_alone = None if force else without_asking(source.name, scopes[0], shown, attempt, now, ttl, rejected)
        if left_alone is not None:
            known.append(left_alone)
        else:
            jobs.append(Job(plan, source, heads.get((source.name, scopes[0])), scopes[0], scopes[-1]))
    return Due(tuple(jobs), tuple(known))


def _listed(plans: Mapping[str, ProviderPlan], providers: Collection[str]) -> "list[tuple[ProviderPlan, SourcePlan]]":
    return [
        (plan, source)
        for plan in plans.values()
        if not providers or plan.slug in providers
        for source in plan.sources
        if not source.source.on_demand
    ]


def without_asking(
    source: str,
    scope: str,
    shown: Head | None,
    attempt: Attempt | None,
    now: datetime,
    ttl: timedelta,
    rejected: str = "",
) -> FetchFinished | None:
    """Tell the outcome of a source that is left alone; `None` where it is due.

    An answer younger than its TTL is fresh. A try that failed is repeated after a minute, when the source
    allows it, or under another key; with the same key not at all where it was rejected.
    """
    failed = attempt is not None and attempt.error is not None
    if shown is not None and not failed and _STEPPED <= now - shown.checked_at <= max(ttl, LEAST_APART):
        return FetchFinished(source, "fresh", status=shown.status)
    if attempt is None or attempt.error is None or attempt.scope != scope:
        return None
    if rejected:
        hint = f"modeltui refresh --force {source.partition('/')[0]}, or r on the screen, asks at once"
        return FetchFinished(source, "failed", status=attempt.status, message=rejected, hint=hint)
    if attempt.retry_after_at is not None and attempt.tried_at <= now < attempt.retry_after_at:
        why, hint = f"to be left alone until {instant(attempt.retry_after_at)}", ""
    elif _STEPPED <= now - attempt.tried_at < LEAST_APART:
        why, hint = "tried less than a minute ago", "--force, or r on the screen, tries at once"
    else:
        return None
    return FetchFinished(source, "failed", status=attempt.status, message=f"{attempt.error}; {why}", hint=hint)
