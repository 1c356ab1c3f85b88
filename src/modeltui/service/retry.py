"""When a failed request may be repeated, and how long to wait before; no clock and no network of its own."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""Statuses that may pass by themselves."""
RETRIES: Final = 2
"""Repetitions for one source, all pages together; after a timeout only one."""
FIRST_S: Final = 0.5
LONGEST_S: Final = 8.0
LONGEST_ASKED_S: Final = 30.0
"""A longer Retry-After is not waited for but told."""
LONGEST_KEPT: Final = timedelta(hours=6)
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_TIME: Final = r"\d{2}:\d{2}:\d{2}"
_HTTP_DATES: Final = (
    re.compile(rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{{2}} {_MONTH} \d{{4}} {_TIME} GMT", re.ASCII),
    re.compile(rf"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{{2}}-{_MONTH}-\d{{2}} {_TIME} GMT", re.ASCII),
    re.compile(rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) {_MONTH} [ \d]\d {_TIME} \d{{4}}", re.ASCII),
)
"""The three forms of RFC 9110, section 5.6.7."""


def backoff_s(retry: int, chance: float) -> float:
    """Draw the wait before the first (0) or a later retry: full jitter below 0.5 s, doubled each time, at most 8 s.

    `chance` is a random number from 0 to 1.
    """
    return chance * min(LONGEST_S, FIRST_S * (1 << retry))


def asked_wait_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read `retry-after-ms` and `Retry-After` (whole seconds or an HTTP date); anything else counts as absent."""
    milliseconds = headers.get("retry-after-ms", "").strip()
    if _WHOLE.fullmatch(milliseconds):
        return int(milliseconds) / 1000
    stated = headers.get("retry-after", "").strip()
    if _WHOLE.fullmatch(stated):
        return float(stated)
    moment = _http_date(stated)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def _http_date(text: str) -> datetime | None:
    if not any(form.fullmatch(text) for form in _HTTP_DATES):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def retry_at(wait_s: float, now: datetime) -> datetime:
    """Turn an asked wait into the instant until which a source is left alone: at most six hours from now."""
    return now + min(LONGEST_KEPT, timedelta(seconds=min(wait_s, LONGEST_KEPT.total_seconds())))
