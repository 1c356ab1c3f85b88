"""What one number of a price means, and how it becomes USD.

The same field name means USD per token at one provider and USD per million at another, so a price rule cannot be
written without its unit.
"""

import re
from decimal import Context, Decimal
from enum import Enum
from functools import lru_cache
from typing import Final

_NUMBER: Final = re.compile(r"\$?(-?\d{1,12}(?:\.\d{1,40})?(?:[eE][-+]?\d{1,2})?)", re.ASCII)
_NOISE_FREE: Final = Context(prec=12)
"""Floats such as 0.18000000000000002 carry 17 digits of which the last are noise; no price needs more than 12."""


class Unit(Enum):
    """What one number means; the value is the factor to USD per 1,000,000 tokens, or to USD per one other thing."""

    USD_PER_TOKEN = ("USD per token", Decimal(1_000_000))
    USD_PER_MTOK = ("USD per 1M tokens", Decimal(1))
    USD_E4_PER_MTOK = ("1/10000 USD per 1M tokens", Decimal("0.0001"))
    CENTS_PER_TOKEN = ("US cents per token", Decimal(10_000))
    CENTS_PER_MTOK = ("US cents per 1M tokens", Decimal("0.01"))
    CENTS_PER_100MTOK = ("US cents per 100M tokens", Decimal("0.00010"))
    USD_PER_THOUSAND_TOKENS = ("USD per 1,000 tokens", Decimal(1_000))
    USD = ("USD each", Decimal(1))
    CENTS = ("US cents each", Decimal("0.01"))
    USD_PER_CHARACTER = ("USD per character", Decimal("1000000.0"))
    USD_PER_THOUSAND_CHARACTERS = ("USD per 1,000 characters", Decimal("1000.0"))
    USD_PER_MCHAR = ("USD per 1M characters", Decimal("1.0"))
    USD_PER_MINUTE = ("USD per minute", Decimal(1) / Decimal(60))
    USD_PER_HOUR = ("USD per hour", Decimal(1) / Decimal(3600))
    FRACTION = ("a fraction of one", Decimal("1.00"))

    def __init__(self, title: str, factor: Decimal) -> None:
        self.title = title
        self.factor = factor


MAX_NUMBER: Final = 80
"""Characters of a number written as text; what is longer is no price and no count."""


class Dynamic:
    """The price is decided at request time; there is one such value, `DYNAMIC`."""

    def __repr__(self) -> str:
        return "DYNAMIC"


DYNAMIC: Final = Dynamic()


@lru_cache(maxsize=65_536)
def number_in(text: str) -> Decimal | None:
    """Read a plain ASCII number, with an optional dollar sign; anything else is `None`."""
    found = _NUMBER.fullmatch(text.strip())
    return Decimal(found.group(1)) if found else None


def to_decimal(raw: object) -> Decimal | None:
    """Read a number from JSON's number or text; `None` where it is neither, or too large to be anything."""
    if type(raw) is str:
        return number_in(raw) if len(raw) <= MAX_NUMBER else None
    if type(raw) is int:
        return Decimal(raw) if -(10**15) < raw < 10**15 else None
    if type(raw) is Decimal:
        return raw if raw.is_finite() and -30 < raw.adjusted() < 15 else None
    return None


def to_usd(amount: Decimal, unit: Unit) -> Decimal:
    """Convert to the canonical unit, without float noise and without an exponent for whole numbers."""
    usd = _NOISE_FREE.multiply(amount, unit.factor)
    if not usd:
        return Decimal(0)
    usd = usd.normalize()
    return usd if usd.as_tuple().exponent <= 0 else usd.quantize(Decimal(1))  # type: ignore[operator]  # finite by now
