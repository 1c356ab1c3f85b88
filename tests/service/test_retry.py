from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeltui.service.retry import asked_wait_s, backoff_s, retry_at

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("0", 0.0),
        ("2", 2.0),
        (" 7 ", 7.0),
        ("120", 120.0),
        ("Sat, 21 Nov 2026 12:01:30 GMT", 90.0),
        ("Saturday, 21-Nov-26 12:01:30 GMT", 90.0),
        ("Sat Nov 21 12:01:30 2026", 90.0),
        ("Sun Nov  1 12:00:00 2026", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 251607038399.0),
        ("5.5", None),
        ("-5", None),
        ("+5", None),
        ("1e3", None),
        ("\u0665", None),
        ("5, 10", None),
        ("", None),
        ("abc", None),
        ("soon", None),
        ("1" * 40, None),
        ("Sat, 99 Nov 2026 12:01:30 GMT", None),
        ("2026-11-21T12:01:30Z", None),
    ],
)
def test_retry_after_is_whole_seconds_or_one_of_three_dates(stated: str, seconds: float | None) -> None:
    assert asked_wait_s({"retry-after": stated}, NOW) == seconds


def test_milliseconds_win_over_seconds() -> None:
    assert asked_wait_s({"retry-after-ms": "1500", "retry-after": "9"}, NOW) == 1.5
    assert asked_wait_s({"retry-after-ms": "x", "retry-after": "9"}, NOW) == 9.0
    assert asked_wait_s({}, NOW) is None


@given(retry=st.integers(0, 20), chance=st.floats(0, 1))
def test_the_wait_is_never_negative_and_never_above_eight_seconds(retry: int, chance: float) -> None:
    assert 0.0 <= backoff_s(retry, chance) <= min(8.0, 0.5 * 2**retry)


@given(st.floats(0, 1e15))
def test_no_source_is_left_alone_for_more_than_six_hours(wait_s: float) -> None:
    assert NOW <= retry_at(wait_s, NOW) <= NOW + timedelta(hours=6)
