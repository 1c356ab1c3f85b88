"""The kinds of fields that an inline map may fill: which options an entry has, and what makes its rule of them."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from modeltui.model import PRICE_FIELDS
from modeltui.providers.rules import (
    Condition,
    Count,
    Flag,
    Has,
    Id,
    Instant,
    Is,
    Modalities,
    Quantization,
    Rule,
    Text,
    Weights,
    Words,
)
from modeltui.providers.spec import CAPABILITY_WORDS
from modeltui.providers.units import Unit

TOKEN_UNITS: Final = (
    Unit.USD_PER_TOKEN, Unit.USD_PER_MTOK, Unit.USD_E4_PER_MTOK, Unit.CENTS_PER_TOKEN, Unit.CENTS_PER_MTOK,
    Unit.CENTS_PER_100MTOK, Unit.USD_PER_THOUSAND_TOKENS,
)  # fmt: skip
"""What one number of a token price may mean."""
EACH: Final = (Unit.USD, Unit.CENTS)
"""What one number of a price of other things may mean, where `OTHER_UNITS` says nothing else."""
OTHER_UNITS: Final[Mapping[str, tuple[Unit, ...]]] = {
    "prices.second": (*EACH, Unit.USD_PER_MINUTE, Unit.USD_PER_HOUR),
    "prices.characters": (Unit.USD_PER_CHARACTER, Unit.USD_PER_THOUSAND_CHARACTERS, Unit.USD_PER_MCHAR),
    "prices.discount": (Unit.FRACTION,),
    "deployment.utilization": (Unit.FRACTION,),
}
OPTION_TYPES: Final[Mapping[str, type]] = {
    "path": str, "only": dict, "unit": str, "zero": bool, "nothing": list, "words": list, "is": list,
    "invert": bool, "prefix": str, "split": str,
}  # fmt: skip

Options = Mapping[str, object]


class Kind(Struct, frozen=True):
    """How one kind of field is read: its options besides `path` and `only`, and what makes its rule."""

    options: tuple[str, ...]
    make: Callable[[str, Condition | None, Options], Rule]


def words_in(options: Options, key: str) -> tuple[object, ...]:
    """Take a list from a table."""
    found = options.get(key, ())
    return tuple(found) if isinstance(found, list | tuple) else ()


def _texts(options: Options, key: str) -> tuple[str, ...]:
    return tuple(str(word) for word in words_in(options, key))


def _numbers(options: Options, key: str) -> tuple[int, ...]:
    return tuple(word for word in words_in(options, key) if type(word) is int)


def _stated(path: str, only: Condition | None, options: Options) -> Rule:
    if "words" in options:
        return Has(path, only, words=_texts(options, "words"))
    if "is" in options:
        return Is(path, only, words=words_in(options, "is"))
    return Flag(path, only, invert=bool(options.get("invert")))


_TEXT: Final = Kind(
    ("nothing",), lambda path, only, o: Text(path, only, nothing=tuple(w.lower() for w in _texts(o, "nothing")))
)
_COUNT: Final = Kind(
    ("nothing", "zero"),
    lambda path, only, o: Count(path, only, nothing=_numbers(o, "nothing"), zero=bool(o.get("zero"))),
)
_FLAG: Final = Kind(("words", "is", "invert"), _stated)
_WORDS: Final = Kind(("split",), lambda path, only, o: Words(path, only, split=str(o.get("split", ""))))
_MODALITIES: Final = Kind(("split",), lambda path, only, o: Modalities(path, only, split=str(o.get("split", ""))))
PLAIN_TEXTS: Final = ("name", "owner", "description", "license", "knowledge", "slug", "status", "variant")
"""Fields that are text as it stands; one path is the source of at most one of them."""
_COUNTED: Final = ("instances", "gpu_count", "min_vram_gb", "invocations", "concurrency")
KINDS: Final[Mapping[str, Kind]] = {
    "id": Kind(("prefix",), lambda path, only, o: Id(path, only, prefix=str(o.get("prefix", "")))),
    **dict.fromkeys(PLAIN_TEXTS, _TEXT),
    **dict.fromkeys(("deployment.template", "deployment.user", "deployment.deployment_id", "deployment.slug"), _TEXT),
    **dict.fromkeys(("context_length", "max_input_tokens", "max_output_tokens"), _COUNT),
    **dict.fromkeys((f"deployment.{name}" for name in _COUNTED), _COUNT),
    **dict.fromkeys(("open_weights", "deployment.hot", "deployment.public"), _FLAG),
    **dict.fromkeys((f"capabilities.{word}" for word in sorted(CAPABILITY_WORDS)), _FLAG),
    **dict.fromkeys(("created_at", "deployment.updated_at"), Kind((), lambda path, only, _: Instant(path, only))),
    "retires_at": Kind((), lambda path, only, _: Instant(path, only, future=True)),
    **dict.fromkeys(("aliases", "deployment.gpus"), _WORDS),
    **dict.fromkeys(("input_modalities", "output_modalities"), _MODALITIES),
    "quantization": Kind((), lambda path, only, _: Quantization(path, only)),
    "weights": Kind((), lambda path, only, _: Weights(path, only)),
}  # fmt: skip
_PRICES: Final = (*(f"prices.{name}" for name in PRICE_FIELDS), "deployment.gpu_usd_per_hour", "deployment.utilization")
INLINE_FIELDS: Final[tuple[str, ...]] = (*KINDS, *_PRICES)
"""Dotted fields that an inline map may fill; capability words may also stand alone."""
