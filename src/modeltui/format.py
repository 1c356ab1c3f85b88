"""The only place where numbers become text, and where text from outside is made safe for a terminal.

`clean` stands between everything a provider sent and every screen, stream and log: what it returns holds no
control sequence, no invisible or reordering character, and is one line.
"""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

MISSING = "–"  # noqa: RUF001  # an en dash is the sign for "not stated" everywhere
"""Shown for every value that nobody states."""
EMPTY = "(empty)"
"""Shown for a text that is there and has nothing to see."""
ELLIPSIS = "…"
MARKS_PER_BASE = 4
SIGNIFICANT_DIGITS = 5
"""Digits of a price that are always kept, with four decimals at least: an error below 0.005 %."""

_Value = TypeVar("_Value")

_ZERO_WIDTH = frozenset(
    map(chr, (*range(0x1160, 0x1200), *range(0xD7B0, 0xD7FC), 0x3164, 0xFFA0, *range(0x1F3FB, 0x1F400)))
)
"""Hangul vowels, finals and fillers, and skin tones: they join the character before them."""
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}


def clean(text: str, limit: int = 2000) -> str:
    """Make text from outside safe to show: one line, nothing invisible, at most `limit` characters.

    Control characters become their pictures, anything else unprintable U+FFFD, any space a plain space, and a
    base keeps at most four combining marks.
    """
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + ELLIPSIS
    if text.isprintable() and (text.isascii() or _is_plain(text)):
        return text
    return _limit_marks("".join(map(_visible, text)))


def clean_cell(text: str, limit: int = 2000) -> str:
    """Clean text for a cell: blank text is shown as `(empty)`, which is not the same as not stated."""
    return clean(text, limit) if text and not text.isspace() else EMPTY


def _is_plain(text: str) -> bool:
    return not any(unicodedata.category(char)[0] == "M" for char in text)


@lru_cache(maxsize=4096)
def _visible(char: str) -> str:
    if picture := _PICTURES.get(ord(char)):
        return picture
    if unicodedata.category(char) == "Zs":
        return " "
    return char if char.isprintable() else "\ufffd"


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= MARKS_PER_BASE:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if char in _ZERO_WIDTH or unicodedata.category(char)[0] in "MC":
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def display_width(text: str) -> int:
    """Count the terminal cells that clean text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def fit(text: str, width: int, align: str = "left") -> str:
    """Cut or pad clean text to exactly `width` cells; a cut ends in an ellipsis. `align` is `left` or `right`."""
    cells = display_width(text)
    if cells > width:
        text = _cut(text, width)
        cells = display_width(text)
    pad = " " * (width - cells)
    return pad + text if align == "right" else text + pad


def _cut(text: str, width: int) -> str:
    if width <= 0:
        return ""
    room = width - 1
    for place, char in enumerate(text):
        room -= _char_width(char)
        if room < 0:
            return text[:place] + ELLIPSIS
    return text


def count(number: int) -> str:
    """Show a count: exact below 10,000 or in whole thousands, else three digits: `8192`, `131K`, `1.05M`."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "K")):
        whole, rest = divmod(number, size)
        if whole and not rest and whole < 1000:
            return f"{whole}{unit}"
    if number < 10_000:
        return str(number)
    size, unit = next(
        (size, unit)
        for limit, size, unit in ((999_500, 10**3, "K"), (999_500_000, 10**6, "M"), (float("inf"), 10**9, "G"))
        if number < limit
    )
    return significant(number / size, 3) + unit


def tokens(length: int) -> str:
    """Show a length in tokens: `8192`, `128K`, `131K` (131,072), `1.05M` (1,048,576)."""
    return count(length)


def significant(number: float | Decimal, digits: int, least_decimals: int = 0) -> str:
    """Show a number rounded to `digits` significant digits, never scientific, without trailing zeros.

    Digits before the point and `least_decimals` after it are never rounded away.
    """
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not exact.is_finite():
        return MISSING
    if not exact:
        return "0"
    decimals = max(digits - 1 - exact.adjusted(), least_decimals)
    text = f"{exact:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def usd(amount: Decimal | None) -> str:
    """Show US dollars without losing digits: `$0.15`, `$0.27216`, `$15`, `$0`; not stated is `MISSING`."""
    if amount is None or not amount.is_finite():
        return MISSING
    sign = "-" if amount < 0 else ""
    return f"{sign}${significant(abs(amount), SIGNIFICANT_DIGITS, 4)}"


def span(low: _Value, high: _Value, formatter: Callable[[_Value], str]) -> str:
    """Show a range with one text for each end: `$0.1…3`; one text where both ends read the same."""
    first, last = formatter(low), formatter(high)
    if first == last:
        return first
    return f"{first}{ELLIPSIS}{last.removeprefix('$')}"


def age(seconds: float) -> str:
    """Show how long ago something was: `now`, `3 min`, `2 h`, `5 d`, `4 mo`, `2 y`."""
    if seconds < 60:
        return "now"
    for limit, size, unit in (
        (3600, 60, "min"),
        (86_400, 3600, "h"),
        (86_400 * 100, 86_400, "d"),
        (86_400 * 730, 86_400 * 30.44, "mo"),
    ):
        if seconds < limit:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds // (86_400 * 365.25))} y"


def ago(age_s: float) -> str:
    """Write how long ago something was: `just now`, `3 min ago`."""
    text = age(age_s)
    return "just now" if text == age(0) else f"{text} ago"


def date(instant: datetime) -> str:
    """Show the day of an aware instant, in UTC: `2026-05-31`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d")


def instant(moment: datetime) -> str:
    """Write an aware instant as ISO 8601 in UTC: `2026-05-31T08:15:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _measured(number: float) -> str:
    if abs(number) < 10:
        return f"{number:.2f}"
    return f"{number:.1f}" if abs(number) < 100 else f"{number:.0f}"


def seconds(duration_s: float) -> str:
    """Show a measured duration: `0.42 s`, `12.5 s`, `130 s`."""
    return f"{_measured(duration_s)} s"


def speed(tokens_per_s: float) -> str:
    """Show a measured speed: `7.25 tok/s`, `85.3 tok/s`, `240 tok/s`."""
    return f"{_measured(tokens_per_s)} tok/s"


def percent(share: float) -> str:
    """Show a share from 0 to 1 as `87 %`; `<1 %` and `>99 %` keep a little from looking like none or all."""
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"


def json_number(number: Decimal) -> float | int | None:
    """Turn a decimal into the JSON number that reads the same: 0.3, 15; not finite is `None`."""
    if not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() else float(number)
