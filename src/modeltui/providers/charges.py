"""The rules for prices that one number does not tell: discounts, ratios, units told by the answer, tiers by column."""

from decimal import Decimal

from modeltui.model import Prices, PriceTier
from modeltui.providers.prices import Price
from modeltui.providers.records import named
from modeltui.providers.rules import Bad, Condition, Count, Either, Rule, Value, unless
from modeltui.providers.units import Unit, to_decimal

ONE = Decimal(1)


class Charged(Price, frozen=True, kw_only=True):
    """What is charged of a list price: times a ratio, less a discount; the path is of the object that has all three."""

    amount: str
    """Key of the list price."""
    times: str = ""
    """Key of a ratio of it; where it is missing nothing is stated."""
    discount: str = ""
    """Key of the fraction taken off; missing is none."""

    def convert(self, raw: object) -> Value:
        """Multiply, then read as a price."""
        if type(raw) is not dict:
            return Bad(f"{named(raw)} is not an object of prices")
        listed, ratio = raw.get(self.amount), raw.get(self.times) if self.times else 1
        if listed is None or ratio is None:
            return None
        amount, factor = to_decimal(listed), to_decimal(ratio)
        off = to_decimal(raw.get(self.discount) or 0)
        if amount is None or factor is None or off is None or not 0 <= off <= 1 or factor < 0:
            return Bad(f"{named(listed)} times {named(ratio)} less {named(raw.get(self.discount))} is not a price")
        return Price.convert(self, amount * factor * (ONE - off))


class ByForm(Price, frozen=True, kw_only=True):
    """A price whose unit depends on how it is written: text in `unit`, a number of at least 0.001 in `number_unit`."""

    number_unit: Unit

    def convert(self, raw: object) -> Value:
        """Choose the unit by the JSON type, then read as a price."""
        amount = None if type(raw) is str else to_decimal(raw)
        if amount is None or abs(amount) < Decimal("0.001"):
            return Price.convert(self, raw)
        return Price(self.path, unit=self.number_unit, band=self.band, zero=self.zero).convert(raw)


class Columns(Rule, frozen=True, kw_only=True):
    """Price tiers told as one list a price, each of `{cost, min, max}`; `min` is inclusive."""

    unit: Unit
    lists: tuple[tuple[str, str], ...]
    """Price field to the key of its list."""

    def convert(self, raw: object) -> Value:
        """Join the lists by their `min`; the part that starts at 0 is the base price and no tier."""
        if type(raw) is not dict:
            return Bad(f"{named(raw)} is not an object of prices")
        tiers: dict[int, dict[str, Decimal]] = {}
        for name, key in self.lists:
            for start, usd in self._parts(raw.get(key)):
                tiers.setdefault(start, {})[name] = usd
        return (
            tuple(
                PriceTier(prices=Prices(**prices), above_prompt_tokens=start - 1)
                for start, prices in sorted(tiers.items())
            )
            or None
        )

    def _parts(self, items: object) -> list[tuple[int, Decimal]]:
        parts: list[tuple[int, Decimal]] = []
        rule = Price("cost", unit=self.unit, band=None)
        for item in items if type(items) is list else ():
            start = Count("min").convert(item.get("min")) if type(item) is dict and item.get("min") else None
            usd = rule.convert(item.get("cost")) if isinstance(start, int) else None
            if isinstance(start, int) and isinstance(usd, Decimal):
                parts.append((start, usd))
        return parts


def unless_both_zero(rules: dict[str, Rule], *, only: Condition | None = None) -> dict[str, Rule]:
    """Read `input` and `output` only where they are not both zero, because zero and zero states nothing there."""
    first, second = rules["input"], rules["output"]
    read = dict(rules)
    for name, rule, other in (("input", first, second), ("output", second, first)):
        guarded = [_when(rule, unless(path, 0, "0", None)) for path in other.paths]
        own = _when(rule, unless(rule.paths[0], 0, "0"))
        read[name] = Either("", only, rules=(own, *guarded))
    return read


def _when(rule: Rule, condition: Condition) -> Rule:
    return Either("", condition, rules=(rule,))


def zero_only_where(condition: Condition, rules: dict[str, Rule]) -> dict[str, Rule]:
    """Believe a zero only where the condition holds; elsewhere it may mean *not by tokens*."""
    return {name: Either("", rules=(_when(rule, condition), _nonzero(rule))) for name, rule in rules.items()}


def _nonzero(rule: Rule) -> Rule:
    return _when(rule, unless(rule.paths[0], 0, "0"))
