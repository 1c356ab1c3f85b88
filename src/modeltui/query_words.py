"""The words of the query language: its fields, flags and operators, and how their values are read."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches

from msgspec import Struct

from modeltui.model import CAPABILITY_BITS, Offer
from modeltui.table_rows import CONFLICT_BIT, FREE_BIT, HOT_BIT, OPEN_BIT, STATES, Row
from modeltui.work import pieces

Number = int | Decimal

OPERATORS: tuple[str, ...] = (">=", "<=", "!=", "==", ">", "<", "=")
"""Longer ones first, as they are looked for; `==` is `=`."""

FLAG_BITS: dict[str, int] = {
    **CAPABILITY_BITS,
    "open": OPEN_BIT,
    "free": FREE_BIT,
    "hot": HOT_BIT,
    "conflict": CONFLICT_BIT,
}
"""Flags that a row's mask answers."""

FLAGS: tuple[str, ...] = (*FLAG_BITS, "deprecated", "fav", "mine")
FLAG_ALIASES: dict[str, str] = {
    "structured": "structured_output",
    "json": "json_mode",
    "image": "image_generation",
    "images": "image_generation",
    "embedding": "embeddings",
    "tool": "tools",
    "favourite": "fav",
    "keyed": "mine",
    "favorite": "fav",
    "conflicts": "conflict",
    "open_weights": "open",
}
NOT_BARE = frozenset({"code"})
"""Capabilities that need `cap:` before them, because their word is common in names."""

CHOICES: tuple[str, ...] = ("provider", "maker", "quant", "source", "state", "license", "pricing", "id")
"""Fields written `field:value,value`; `cap`, `new` and `sort` are written so too."""
CHOICE_ALIASES: dict[str, str] = {
    "prov": "provider",
    "providers": "provider",
    "owner": "maker",
    "quantization": "quant",
    "status": "state",
    "licence": "license",
}
PRICINGS: tuple[str, ...] = ("stated", "zero", "plan", "other_unit", "dynamic", "unknown")

KINDS: dict[str, str] = {
    "ctx": "tokens",
    "out": "tokens",
    "in": "usd",
    "outprice": "usd",
    "price": "usd",
    "cache": "usd",
    "cost": "usd",
    "released": "date",
    "age": "age",
    "ttft": "seconds",
    "tps": "number",
    "uses": "tokens",
    "offers": "tokens",
}
"""Fields written `field op value`, and how their values are read."""
FIELD_ALIASES: dict[str, str] = {
    "context": "ctx",
    "output": "out",
    "input": "in",
    "inprice": "in",
    "cached": "cache",
}
FIELD_HELP: dict[str, str] = {
    "ctx": "context length in tokens: ctx>=128k",
    "out": "longest answer in tokens: out>=8k",
    "in": "USD per million prompt tokens: in<=0.5",
    "outprice": "USD per million answer tokens: outprice<=2",
    "price": "the dearer of in and outprice: price<=1",
    "cache": "USD per million cached prompt tokens: cache<0.1",
    "cost": "cost of the workload in USD: cost<5",
    "released": "day it was made: released>=2026-05",
    "age": "time since it was made: age<30d",
    "ttft": "measured seconds to the first token: ttft<0.5",
    "tps": "measured tokens per second: tps>100",
    "uses": "uses of the deployment: uses>10k",
    "offers": "number of offers of the model: offers>=3",
}

SORT_KEYS: tuple[str, ...] = (
    "model", "provider", "context", "output", "quant", "in", "out", "cache", "caps", "modalities", "released",
    "state", "uses", "ttft", "tps", "cost", "offers", "id", "owner", "source", "pricing", "license",
)  # fmt: skip
"""Keys of the columns that `sort:` may name."""
SORT_ALIASES: dict[str, str] = {"ctx": "context", "outprice": "out", "maker": "owner", "price": "in", "age": "released"}

_SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9}
_AGES_S = {"h": 3600, "d": 86_400, "w": 7 * 86_400, "mo": 2_629_800, "y": 31_557_600}
_AMOUNT = re.compile(r"(\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})([a-z]*)")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Vocabulary(Struct, frozen=True):
    """The values that occur in a catalog, lower-cased and sorted; an empty field is not checked."""

    provider: tuple[str, ...] = ()
    maker: tuple[str, ...] = ()
    quant: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    license: tuple[str, ...] = ()
    state: tuple[str, ...] = (*STATES, "active")
    pricing: tuple[str, ...] = PRICINGS

    def values(self, field: str) -> tuple[str, ...]:
        """Give the known values of a field of `CHOICES`."""
        values: tuple[str, ...] = getattr(self, field, ())
        return values


def vocabulary_of(rows: Collection[Row]) -> Vocabulary:
    """Collect the values that occur in rows."""
    offers = [offer for part in pieces(rows) for row in part for offer in row.offers]

    def known(words_of: Callable[[Offer], Iterable[str | None]]) -> tuple[str, ...]:
        found = {word for part in pieces(offers) for offer in part for word in words_of(offer) if word}
        return tuple(sorted({word.lower() for word in found}))

    return Vocabulary(
        provider=known(lambda offer: (offer.provider,)),
        maker=known(lambda offer: (offer.owner,)),
        quant=known(lambda offer: (offer.quantization,)),
        source=known(lambda offer: offer.sources),
        license=known(lambda offer: (offer.license,)),
    )


def near(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that is most like this one, where one is."""
    found = get_close_matches(word.lower(), tuple(known), n=1, cutoff=0.7)
    return found[0] if found else None


def flag_named(word: str) -> str | None:
    """Give the flag that a word or its short form names."""
    name = FLAG_ALIASES.get(word, word)
    return name if name in FLAGS else None


def read_value(field: str, op: str, text: str, now: datetime) -> tuple[Number, Number]:
    """Read the value of a condition as the lowest and highest number that it means; ValueError says what is wrong.

    Dates become seconds since 1970 from the start to the end of what is named, ages and delays seconds. With `=`
    a rounded size means everything that is shown the same: `ctx=131k` holds for 131,072.
    """
    if not text:
        raise ValueError("a value is missing here")
    if (kind := KINDS[field]) == "date":
        return _date_span(text, now)
    number = _READERS[kind](text)
    if kind == "tokens" and op in {"=", "!="}:
        blur = _blur(text)
        return _plain(number - blur), _plain(number + blur)
    return _plain(number), _plain(number)


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else number


def _amount(text: str, units: Iterable[str], example: str) -> tuple[Decimal, str]:
    found = _AMOUNT.fullmatch(text)
    if found is None or found[2] not in units:
        raise ValueError(f"this is not a value like {example}")
    return Decimal(found[1].rstrip(".") or "0"), found[2]


def _tokens(text: str) -> Decimal:
    number, unit = _amount(text, _SIZES, "128k, 1m or 8192")
    return number * _SIZES[unit]


def _blur(text: str) -> Decimal:
    number, unit = _amount(text, _SIZES, "128k")
    exponent = number.as_tuple().exponent
    last_digit = Decimal(_SIZES[unit]).scaleb(exponent if isinstance(exponent, int) else 0)
    return last_digit / 2 if unit else Decimal(0)


def _usd(text: str) -> Decimal:
    return _amount(text.removeprefix("$"), ("",), "0.5 or $0.5")[0]


def _seconds(text: str) -> Decimal:
    number, unit = _amount(text, ("", "s", "ms"), "0.5, 0.5s or 500ms")
    return number / 1000 if unit == "ms" else number


def _number(text: str) -> Decimal:
    return _amount(text, ("",), "100")[0]


def _age(text: str) -> Decimal:
    number, unit = _amount(text, _AGES_S, "12h, 7d, 2w, 3mo or 1y")
    return number * _AGES_S[unit]


_READERS: dict[str, Callable[[str], Decimal]] = {
    "tokens": _tokens,
    "usd": _usd,
    "seconds": _seconds,
    "number": _number,
    "age": _age,
}


def _date_span(text: str, now: datetime) -> tuple[Number, Number]:
    found = _DATE.fullmatch(text)
    if found is None or not 1990 <= int(found[1]) <= now.year + 10:
        raise ValueError("this is not a date like 2026, 2026-05 or 2026-05-31")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        start = datetime(year or 1, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        raise ValueError("there is no such day") from None
    if day:
        end = start + timedelta(days=1)
    elif month:
        end = (start + timedelta(days=32)).replace(day=1)
    else:
        end = start.replace(year=start.year + 1)
    return int(start.timestamp()), int(end.timestamp()) - Decimal("0.000001")
