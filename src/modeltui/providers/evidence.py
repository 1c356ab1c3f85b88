"""What unit the prices of an unknown answer are in, told from the numbers alone, or honestly not told."""

import math
import statistics
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from modeltui.providers.prices import BAND
from modeltui.providers.records import named
from modeltui.providers.units import Unit, to_decimal, to_usd

USUAL: Final = (Unit.USD_PER_TOKEN, Unit.USD_PER_MTOK)
RARE: Final = (Unit.USD_PER_THOUSAND_TOKENS, Unit.CENTS_PER_TOKEN, Unit.CENTS_PER_MTOK, Unit.USD_E4_PER_MTOK)
_NAMES: Final = (("per_million", Unit.USD_PER_MTOK), ("per_1m", Unit.USD_PER_MTOK), ("mtok", Unit.USD_PER_MTOK))
"""Parts of a path that say the unit; believed where the numbers do not contradict."""
_RARE_COSTS: Final = 1.0
_CLEAR: Final = 0.5
"""How many powers of ten a unit must fit better than every other one."""


class UnitGuess(Struct, frozen=True):
    """The unit that was inferred, `None` where nothing can be told, and what speaks for and against it."""

    unit: Unit | None
    evidence: tuple[str, ...]


def guess_unit(raws: Sequence[object], paths: Iterable[str] = ()) -> UnitGuess:
    """Infer the unit of token prices: real ones lie around 1 USD per 1M tokens and nearly all within 0.001 to 1000."""
    amounts = [amount for raw in raws if (amount := to_decimal(raw)) is not None and amount > 0]
    if not amounts:
        return UnitGuess(None, ("no price above zero is there to judge by",))
    distances = sorted((_distance(amounts, unit), unit.title, unit) for unit in (*USUAL, *RARE))
    fitting = [(distance, unit) for distance, _, unit in distances if distance < math.inf]
    spread = _spread(raws, amounts)
    for part, unit in _NAMES:
        if any(part in path.lower() for path in paths) and unit in {fits for _, fits in fitting}:
            return UnitGuess(unit, (spread, f"the path says {part!r}", _as_usd(amounts, unit)))
    if not fitting:
        return UnitGuess(
            None, (spread, "no known unit puts nearly all of them between 0.001 and 1000 USD per 1M tokens")
        )
    best, unit = fitting[0]
    others = [other for distance, other in fitting[1:] if distance - best < _CLEAR]
    if others or (unit in RARE and len(set(amounts)) < 5):
        possible = [each for _, each in fitting] if unit in RARE else [unit, *others]
        told = "; ".join(f"{each.title}: {_as_usd(amounts, each)}" for each in possible)
        return UnitGuess(None, (spread, f"cannot tell between {told}"))
    unusual = ("an unusual unit: compare with a price the provider publishes",) if unit in RARE else ()
    return UnitGuess(unit, (spread, _as_usd(amounts, unit), *unusual))


def _distance(amounts: Sequence[Decimal], unit: Unit) -> float:
    """Measure in powers of ten how far the middle price is from 1 USD; infinite where too many lie outside the band."""
    usd = [to_usd(amount, unit) for amount in amounts]
    inside = sum(BAND[0] <= price <= BAND[1] for price in usd)
    if inside < 0.9 * len(usd):
        return math.inf
    return abs(math.log10(statistics.median(usd))) + (_RARE_COSTS if unit in RARE else 0)


def _spread(raws: Sequence[object], amounts: Sequence[Decimal]) -> str:
    form = "texts" if all(isinstance(raw, str) for raw in raws) else "numbers"
    different = len(set(amounts))
    return f"{different} different {form} from {named(f'{min(amounts):f}')} to {named(f'{max(amounts):f}')}"


def _as_usd(amounts: Sequence[Decimal], unit: Unit) -> str:
    usd = sorted(to_usd(amount, unit) for amount in amounts)
    return f"as {unit.title} they are {usd[0]:f} to {usd[-1]:f} USD per 1M tokens"
