"""What the cells of a row say: one function a fact, over all offers of the row.

Nothing here picks one offer silently: numbers become the range over the offers that state them, words the set of
words, and a price that is no price keeps its own word (`plan`, `varies`, `$0.04/img`).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import TypeVar

from modeltui.format import ELLIPSIS, MISSING, clean, usd
from modeltui.model import CAPABILITIES, CAPABILITY_BITS, Offer, PriceState, words_of
from modeltui.table_rows import OPEN_BIT, STATES, Row, is_hot, price_of

Amount = TypeVar("Amount", int, float, Decimal, datetime)

LETTERS: tuple[tuple[str, str, int], ...] = (
    ("T", "tools", CAPABILITY_BITS["tools"]),
    ("V", "vision", CAPABILITY_BITS["vision"]),
    ("R", "reasoning", CAPABILITY_BITS["reasoning"]),
    ("S", "structured output", CAPABILITY_BITS["structured_output"]),
    ("A", "audio", CAPABILITY_BITS["audio"]),
    ("I", "image generation", CAPABILITY_BITS["image_generation"]),
    ("E", "embeddings", CAPABILITY_BITS["embeddings"]),
    ("O", "open weights", OPEN_BIT),
)
"""Letter, meaning and bit of each place in the capability column."""

_OTHER_UNITS = (
    ("image", "img"),
    ("second", "s"),
    ("request", "req"),
    ("step", "step"),
    ("characters", "M chr"),
    ("web_search", "search"),
)
_ABLE = (1 << len(CAPABILITIES)) - 1 | OPEN_BIT
_STATE_RANK = {state: rank for rank, state in enumerate(STATES)}


def amounts(row: Row, get: Callable[[Row, int], Amount | None]) -> list[Amount]:
    """Collect a number from each offer that states it."""
    if len(row.offers) == 1:
        value = get(row, 0)
        return [] if value is None else [value]
    return [value for place in range(len(row.offers)) if (value := get(row, place)) is not None]


def context(row: Row, place: int) -> int | None:
    """Give an offer's context length in tokens."""
    return row.offers[place].context_length


def output(row: Row, place: int) -> int | None:
    """Give an offer's longest answer in tokens."""
    return row.offers[place].max_output_tokens


def price(field: str) -> Callable[[Row, int], Decimal | None]:
    """Make the function that gives an offer's price, USD per 1,000,000 tokens."""
    return lambda row, place: price_of(row.offers[place], field)


def released(row: Row, place: int) -> datetime | None:
    """Give the instant at which the provider says an offer's model was made."""
    return row.offers[place].created_at


def uses(row: Row, place: int) -> int | None:
    """Give how often an offer's deployment was used."""
    deployment = row.offers[place].deployment
    return None if deployment is None else deployment.invocations


def total_uses(row: Row) -> int | None:
    """Give how often all deployments of a row were used."""
    found = amounts(row, uses)
    return sum(found) if found else None


def ttft(row: Row, place: int) -> float | None:
    """Give an offer's measured seconds to the first token."""
    sample = row.samples[place] if row.samples else None
    return None if sample is None else sample.ttft_s


def tps(row: Row, place: int) -> float | None:
    """Give an offer's measured tokens per second."""
    sample = row.samples[place] if row.samples else None
    return None if sample is None else sample.tokens_per_s


def cost(row: Row, place: int) -> Decimal | None:
    """Give what the workload costs with an offer, in USD."""
    return row.costs[place] if row.costs else None


def price_word(offer: Offer) -> str:
    """Name a price that is no price per token: `plan`, `varies`, `$0.04/img`; empty where there is none."""
    if offer.price_state is PriceState.PLAN:
        return "plan"
    if offer.price_state is PriceState.DYNAMIC:
        return "varies"
    for field, unit in _OTHER_UNITS:
        amount: Decimal | None = getattr(offer.prices, field)
        if amount is not None and offer.price_state is PriceState.OTHER_UNIT:
            return f"{usd(amount)}/{unit}"
    return ""


def without_price(row: Row, *, units: bool) -> str:
    """Say why no price per token is shown; other units are named only where `units` is set."""
    words = {price_word(offer) for offer in row.offers if units or offer.price_state is not PriceState.OTHER_UNIT}
    words.discard("")
    if len(words) > 1:
        return "mixed"
    return words.pop() if words else MISSING


def without_sample(row: Row) -> str:
    """Say why no latency is shown: every test failed, or there was none."""
    return "failed" if any(sample is not None for sample in row.samples) else MISSING


def without_cost(row: Row) -> str:
    """Say why no cost is shown: a price that is needed is unknown, or there is no workload."""
    return "unknown" if row.costs else MISSING


def letters(row: Row) -> str:
    """Draw the capabilities, each at its fixed place, `·` where nobody states it."""
    return "".join(letter if row.mask & bit else "·" for letter, _, bit in LETTERS)


def abilities(row: Row) -> list[str]:
    """Name the capabilities that any offer states, and `open_weights`."""
    return [*words_of(row.mask), *(["open_weights"] if row.mask & OPEN_BIT else [])]


def how_many(row: Row) -> int:
    """Count what `abilities` names."""
    return (row.mask & _ABLE).bit_count()


def distinct(words: Iterable[str | None]) -> list[str]:
    """Keep each stated word once, in order."""
    return list(dict.fromkeys(word for word in words if word))


def words_of_field(field: str) -> Callable[[Row], list[str]]:
    """Make the function that collects the distinct words of one text field over a row's offers."""
    get = attrgetter(field)

    def words(row: Row) -> list[str]:
        if len(row.offers) == 1:
            word = get(row.offers[0])
            return [word] if word else []
        return distinct(map(get, row.offers))

    return words


def sources(row: Row) -> list[str]:
    """Collect the distinct sources of a row's offers."""
    return distinct(source for offer in row.offers for source in offer.sources)


def modalities(row: Row) -> tuple[list[str], list[str]]:
    """Collect the input and the output modalities of a row's offers."""
    taken = distinct(word for offer in row.offers for word in offer.input_modalities)
    given = distinct(word for offer in row.offers for word in offer.output_modalities)
    return taken, given


def modality_text(row: Row) -> str:
    """Draw modalities as `text+image→text`; a side that nobody states is `MISSING`."""
    taken, given = modalities(row)
    if not taken and not given:
        return MISSING
    return f"{clean('+'.join(taken)) or MISSING}→{clean('+'.join(given)) or MISSING}"


def modality_code(row: Row) -> str | None:
    """Write modalities for a file, as `text+image->text`."""
    taken, given = modalities(row)
    return f"{'+'.join(taken)}->{'+'.join(given)}" if taken or given else None


def several(words: list[str], noun: str) -> str:
    """Show one word as itself and more as their number: `12 providers`."""
    if not words:
        return MISSING
    return clean(words[0]) if len(words) == 1 else f"{len(words)} {noun}"


def listed(words: list[str]) -> str:
    """Show words side by side, alphabetically: `bf16,fp8`."""
    return clean(",".join(sorted(words))) if words else MISSING


def days(first: datetime, last: datetime) -> str:
    """Show a day, or the months or years that a range of days spans, in at most ten cells."""
    first, last = first.astimezone(UTC), last.astimezone(UTC)
    if first.date() == last.date():
        return first.strftime("%Y-%m-%d")
    if first.year != last.year:
        return f"{first.year:04}{ELLIPSIS}{last.year:04}"
    month = f"{first.year:04}-{first.month:02}"
    return month if first.month == last.month else f"{month}{ELLIPSIS}{last.month:02}"


def best_state(row: Row) -> str | None:
    """Give the state of the offer most worth calling."""
    return min((state for state in row.states if state), key=_STATE_RANK.__getitem__, default=None)


def state_rank(row: Row) -> int | None:
    """Give the place of a row's best state among `STATES`."""
    best = best_state(row)
    return None if best is None else _STATE_RANK[best]


def state_text(row: Row) -> str:
    """Show the best state: `hot` with its number of instances, or `live 4/5` where only some offers have it."""
    best = best_state(row)
    if best is None:
        return MISSING
    holders = sum(state == best for state in row.states)
    if holders < len(row.states):
        return f"{best} {holders}/{len(row.states)}"
    instances = sum(
        offer.deployment.instances or 0 for offer in row.offers if offer.deployment is not None and is_hot(offer)
    )
    return f"{best} ×{instances}" if best == "hot" and instances else best  # noqa: RUF001  # the sign for "times"
