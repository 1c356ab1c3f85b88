"""Where every source stands at a moment: what it answered, how old that is, and what went wrong at the last try."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from modeltui.providers.registry import SHIPPED_SOURCE
from modeltui.providers.spec import Public
from modeltui.service.lineup import ProviderPlan, SourcePlan, uses_key
from modeltui.state import Reading, SourceHealth, SourceStatus
from modeltui.store import Attempt

CLOCK_SLACK_S: Final = 60
"""An answer from further ahead than this came under a clock that was wrong; its age is not known."""

REJECTIONS: Final = frozenset({401, 403})
"""Statuses that speak of the key, not of the moment."""


class Answer(Struct, frozen=True):
    """One source's stored answer, read."""

    plan: SourcePlan
    reading: Reading | None
    sha256: str | None
    checked_at: datetime | None
    """When the source last confirmed it."""
    status: int | None
    error: str = ""
    """Why it cannot be read."""


def status_of(
    plan: ProviderPlan,
    source: SourcePlan,
    answer: Answer | None,
    attempt: Attempt | None,
    now: datetime,
    ttl_minutes: float,
) -> SourceStatus:
    """Tell where a source stands, from its stored answer and its last try."""
    reading = answer.reading if answer else None
    tried = rest_after_rejection(plan, source, attempt) or (attempt.error if attempt else None)
    error = tried or (answer.error if answer and answer.error else None)
    checked_at = answer.checked_at if answer else None
    return SourceStatus(
        source=source.name,
        provider=plan.slug,
        url=source.url,
        health=_health(source, checked_at, error, now, ttl_minutes),
        fetched_at=checked_at,
        tried_at=attempt.tried_at if attempt else None,
        status=attempt.status if attempt else (answer.status if answer else None),
        error=source.skip or error,
        hint=source.hint or (attempt.hint if attempt else None),
        records=len(reading.records) if reading else 0,
        problems=reading.problems if reading else (),
        public=source.source.public is not Public.NO,
        key_env=plan.provider.auth.env,
        key_present=plan.key is not None,
        sha256=answer.sha256 if answer else None,
    )


def rest_after_rejection(plan: ProviderPlan, source: SourcePlan, attempt: Attempt | None) -> str:
    """Say that a source rejected the key in use, until when it is left alone and what it said; empty where it did not.

    Asking again with the same key would only be rejected again, and may get the key or the address blocked.
    """
    if attempt is None or attempt.error is None or attempt.status not in REJECTIONS or not uses_key(plan, source):
        return ""
    word, colon, said = attempt.error.partition(": ")
    return f"{word}; asked again when the key in {plan.key_from} changes{colon}{said}"


def shipped_status(shipped: Reading) -> SourceStatus:
    """Tell of the catalogue that came with the program."""
    return SourceStatus(
        source=SHIPPED_SOURCE,
        provider="snapshot",
        url="the catalogue shipped with modeltui, facts of models.dev",
        health=SourceHealth.SHIPPED,
        fetched_at=shipped.fetched_at,
        records=len(shipped.records),
        problems=shipped.problems,
        public=True,
    )


def _health(
    source: SourcePlan, checked_at: datetime | None, error: str | None, now: datetime, ttl_minutes: float
) -> SourceHealth:
    if source.skip:
        return SourceHealth.SKIPPED
    if error:
        return SourceHealth.FAILED
    if checked_at is None:
        return SourceHealth.NEVER
    age_s = (now - checked_at).total_seconds()
    return SourceHealth.LIVE if -CLOCK_SLACK_S <= age_s <= ttl_minutes * 60 else SourceHealth.STALE
