"""The rules that read money: each with its unit, its band and its sentinels."""

from decimal import Decimal
from typing import Final

from modeltui.model import Prices, PriceTier
from modeltui.providers.records import getter, named
from modeltui.providers.rules import Bad, Condition, Count, Rule, Value
from modeltui.providers.units import DYNAMIC, Unit, to_decimal, to_usd

BAND: Final = (Decimal("0.001"), Decimal(1000))
"""USD per 1,000,000 text tokens; every price seen was inside, every unit mistake outside."""
CACHE_BAND: Final = (Decimal("0.00001"), Decimal(1000))


class Price(Rule, frozen=True, kw_only=True):
    """A price in a stated unit; -1 is decided at request time."""

    unit: Unit
    band: tuple[Decimal, Decimal] | None = BAND
    zero: bool = True
    """False where this source writes 0 for *unknown* or *not by tokens*."""
    complement: bool = False
    """The number is what is charged of one; its complement is the discount."""

    def convert(self, raw: object) -> Value:
        """Convert to the canonical unit and check the band."""
        amount = to_decimal(raw)
        if amount is None:
            return None if isinstance(raw, str) and raw in {"", "N/A"} else Bad(f"{named(raw)} is not a price")
        if not amount:
            return Decimal(0) if self.zero else None
        if amount < 0:
            return DYNAMIC if amount == -1 else Bad(f"{named(raw)} is a negative price")
        usd = to_usd(amount, self.unit)
        if self.band and not self.band[0] <= usd <= self.band[1]:
            return Bad(
                f"{named(raw)} {self.unit.title} is {usd:f} USD per 1M tokens, outside {self.band[0]} to {self.band[1]}"
            )
        return usd


class Tiers(Rule, frozen=True, kw_only=True):
    """A list of prices that hold above a prompt length or at hours of the day."""

    threshold: str
    """Path of the prompt length in a tier."""
    inclusive: bool = False
    """The tier holds from the threshold on, not only above it."""
    prices: tuple[tuple[str, Price], ...] = ()

    def convert(self, raw: object) -> Value:
        """Read each tier by the price rules; tiers without a threshold, hours or a price are left out."""
        items = [raw] if type(raw) is dict else raw
        if type(items) is not list:
            return Bad(f"{named(raw)} is not a list of price tiers")
        tiers = [tier for item in items if type(item) is dict and (tier := self._tier(item)) is not None]
        return tuple(tiers) or None

    def _tier(self, item: dict[str, object]) -> PriceTier | None:
        stated: dict[str, Decimal] = {}
        for name, rule in self.prices:
            for path in rule.paths:
                raw = getter(path)(item)
                value = None if raw is None else rule.convert(raw)
                if isinstance(value, Decimal):
                    stated[name] = value
                    break
        above = Count("", zero=True).convert(getter(self.threshold)(item) or 0)
        hours = [item.get("utc_start"), item.get("utc_end")]
        days = item.get("utc_days")
        if not stated or not isinstance(above, int) or (above == 0 and hours[0] is None):
            return None
        return PriceTier(
            prices=Prices(**stated),
            above_prompt_tokens=(above - 1 if self.inclusive else above) or None,
            utc_start=None if hours[0] is None else str(hours[0]),
            utc_end=None if hours[1] is None else str(hours[1]),
            utc_days=tuple(str(day) for day in days) if isinstance(days, list) else (),
        )


def price(
    path: str,
    *,
    unit: Unit,
    zero: bool = True,
    only: Condition | None = None,
    band: tuple[Decimal, Decimal] | None = BAND,
) -> Price:
    """Read a price; the unit must be told."""
    return Price(path, only, unit=unit, zero=zero, band=band)


def prices(*, unit: Unit, only: Condition | None = None, zero_cache: bool = True, **paths: str) -> dict[str, Rule]:
    """Read several token prices that are written in one unit, by field name and path."""
    return {
        name: Price(
            path, only, unit=unit,
            zero=zero_cache or name in {"input", "output"},
            band=BAND if name in {"input", "output"} else CACHE_BAND,
        )
        for name, path in paths.items()
    }  # fmt: skip


def other_prices(*, unit: Unit, only: Condition | None = None, zero: bool = False, **paths: str) -> dict[str, Rule]:
    """Read prices by something other than tokens; there a zero is an unused field unless `zero` says otherwise."""
    return {name: Price(path, only, unit=unit, band=None, zero=zero) for name, path in paths.items()}
