"""What a workload costs with an offer, and in words what that rests on.

Prices are USD per 1,000,000 tokens, costs USD. A price that is needed and not stated makes the cost unknown, never
zero; a tier replaces the prices it states, and the others hold on.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from modeltui.errors import ConfigError
from modeltui.format import tokens, usd
from modeltui.model import Offer, PriceState, PriceTier

PER_MILLION = Decimal(1_000_000)
COUNT = "a whole number: 8000, 8k, 1.5m"
SHARE = "a share of them: 0.7, 70%"
_SIZES = {"": 1, "k": 1000, "m": 1_000_000}
_NOT_COUNTED = ("image", "step", "second", "characters", "web_search")
"""Prices by something that a workload of text does not count."""
_REASONS = {
    PriceState.PLAN: "part of a plan: it has no price per token",
    PriceState.OTHER_UNIT: "priced by something other than tokens",
    PriceState.DYNAMIC: "the price is decided at request time",
    PriceState.UNKNOWN: "no price is stated",
}


class Workload(Struct, frozen=True):
    """What one request is made of, and how many there are."""

    tokens_in: int
    """Length of the prompt in tokens, the cached share included."""
    tokens_out: int
    """Length of the answer in tokens."""
    cached: Decimal = Decimal(0)
    """Share of the prompt that is read from the cache, 0 to 1."""
    requests_per_month: int | None = None


class Cost(Struct, frozen=True):
    """What a workload costs with one offer, in USD; `None` where a price that is needed is unknown."""

    per_request: Decimal | None
    per_month: Decimal | None
    """`None` also where the workload does not say how many requests there are."""
    basis: str
    """What was counted at which price, or why nothing can be."""

    @property
    def amount(self) -> Decimal | None:
        """The cost of a month where the workload has one, else of a request: what the cost column shows."""
        return self.per_request if self.per_month is None else self.per_month


class _Priced(Struct, frozen=True):
    """A part of a request: how many tokens, at which price, in which words."""

    count: Decimal
    price: Decimal
    words: str

    @property
    def usd(self) -> Decimal:
        return self.count * self.price / PER_MILLION


class _UnknownError(Exception):
    """A price that is needed is not stated."""


def workload_of(stated: Mapping[str, float]) -> Workload | None:
    """Read a config's `[workload]`; `None` where it names no tokens.

    A share above 1, or a count that is not whole, is a `ConfigError`.
    """
    tokens_in, tokens_out = _whole(stated, "tokens_in"), _whole(stated, "tokens_out")
    if tokens_in is None and tokens_out is None:
        return None
    cached = Decimal(repr(stated.get("cached", 0)))
    if not (cached.is_finite() and 0 <= cached <= 1):
        raise ConfigError(f"[workload] cached: {cached} is not a share", hint="write 0.7 for 70 %")
    return Workload(tokens_in or 0, tokens_out or 0, cached, _whole(stated, "requests_per_month") or None)


def _whole(stated: Mapping[str, float], key: str) -> int | None:
    value = stated.get(key)
    if value is None:
        return None
    if value < 0 or value % 1:  # the remainder of nan and of infinity is nan, which counts as true
        raise ConfigError(f"[workload] {key}: {value} is not a whole number of at least 0")
    return int(value)


def count_of(text: str) -> int | None:
    """Read a number that a person typed: `8000`, `8k`, `1.5m`; `None` where the text is blank.

    `ValueError` says what is expected.
    """
    if not text.strip():
        return None
    found = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)([km]?)", text.strip().lower().replace(",", ""))
    number = Decimal(found[1]) * _SIZES[found[2]] if found else Decimal("NaN")
    if not number.is_finite() or number % 1:
        raise ValueError(f"expected {COUNT}")
    return int(number)


def share_of(text: str) -> Decimal:
    """Read a share from 0 to 1, which may be written in percent; blank is 0. `ValueError` says what is expected."""
    words = text.strip() or "0"
    try:
        number = Decimal(words.removesuffix("%").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    share = number / 100 if words.endswith("%") else number
    if not share.is_finite() or not 0 <= share <= 1:
        raise ValueError(f"expected {SHARE}")
    return share


def costs_of(workload: Workload) -> Callable[[Offer], Decimal | None]:
    """Make the function that `with_costs` wants: an offer's cost of a month, or of a request, in USD."""
    return lambda offer: cost(offer, workload).amount


def cost(offer: Offer, workload: Workload) -> Cost:
    """Count what a request, and a month of them, costs with an offer.

    The tier with the highest threshold strictly below the prompt's length applies; tiers by the hour do not.
    """
    if reason := _REASONS.get(offer.price_state):
        return Cost(None, None, reason)
    tier = _tier(offer, workload.tokens_in)
    try:
        parts = _parts(offer, tier, workload)
    except _UnknownError as missing:
        return Cost(None, None, str(missing))
    request = _price(offer, tier, "request")
    each = sum((part.usd for part in parts), request or Decimal(0))
    month = None if workload.requests_per_month is None else each * workload.requests_per_month
    words = [part.words for part in parts]
    words += [f"{usd(request)} a request"] if request else []
    return Cost(each, month, "; ".join([" + ".join(words) or "nothing is sent", *_notes(offer, tier, workload)]))


def _tier(offer: Offer, tokens_in: int) -> PriceTier | None:
    """Find the tier by prompt length that holds for a prompt."""
    lengths = [(tier.above_prompt_tokens, tier) for tier in offer.price_tiers if not _is_timed(tier)]
    holding = [(above, tier) for above, tier in lengths if above is not None and above < tokens_in]
    return max(holding, key=lambda found: found[0], default=(0, None))[1]


def _is_timed(tier: PriceTier) -> bool:
    return tier.utc_start is not None or tier.utc_end is not None or bool(tier.utc_days)


def _price(offer: Offer, tier: PriceTier | None, field: str) -> Decimal | None:
    special: Decimal | None = getattr(tier.prices, field) if tier is not None else None
    usual: Decimal | None = getattr(offer.prices, field)
    return usual if special is None else special


def _parts(offer: Offer, tier: PriceTier | None, workload: Workload) -> list[_Priced]:
    cached = workload.tokens_in * workload.cached
    parts = []
    if fresh := workload.tokens_in - cached:
        parts.append(_part(offer, tier, fresh, "input", "in"))
    if cached and _price(offer, tier, "cache_read") is not None:
        parts.append(_part(offer, tier, cached, "cache_read", "cached"))
    elif cached:
        parts.append(_part(offer, tier, cached, "input", "cached", " for want of a cache price"))
    if workload.tokens_out:
        parts.append(_part(offer, tier, Decimal(workload.tokens_out), "output", "out"))
    return parts


def _part(offer: Offer, tier: PriceTier | None, count: Decimal, field: str, words: str, why: str = "") -> _Priced:
    price = _price(offer, tier, field)
    if price is None and offer.price_state is PriceState.ZERO and tier is None:
        price = Decimal(0)
    if price is None:
        raise _UnknownError(f"the {field} price is not stated")
    return _Priced(count, price, f"{tokens(round(count))} {words} at {usd(price)}/M{why}")


def _notes(offer: Offer, tier: PriceTier | None, workload: Workload) -> list[str]:
    notes = []
    if tier is not None:
        notes.append(f"prices of prompts above {tokens(tier.above_prompt_tokens or 0)} tokens")
    if any(map(_is_timed, offer.price_tiers)):
        notes.append("prices by the hour are left out")
    if extra := [field.replace("_", " ") for field in _NOT_COUNTED if getattr(offer.prices, field)]:
        notes.append(f"charged besides: {', '.join(extra)}")
    if offer.context_length is not None and workload.tokens_in + workload.tokens_out > offer.context_length:
        notes.append(f"more than its context of {tokens(offer.context_length)}")
    return notes
