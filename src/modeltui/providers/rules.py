"""The language of field maps: a rule knows its raw path and answers a value, nothing, or what is wrong.

`None` means *not stated*, sentinels included; paths are those of `records.py`.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from modeltui.providers.records import Raw, getter, named
from modeltui.providers.units import to_decimal


class Bad(Struct, frozen=True, gc=False):
    """A raw value that cannot be what its field needs."""

    reason: str


Value = object
"""What a converter answers: the converted value, `None`, or `Bad`."""


class Condition(Struct, frozen=True):
    """A rule applies only where the value at `path` is one of `words` (or, with `unless`, is none of them)."""

    path: str
    words: tuple[object, ...]
    unless: bool = False

    def holds(self, record: Raw) -> bool:
        """Tell whether the record meets the condition; a list meets it with any of its items."""
        raw = getter(self.path)(record)
        found = any(item in self.words for item in raw) if isinstance(raw, list) else raw in self.words
        return found is not self.unless


def where(path: str, *words: object) -> Condition:
    """Apply a rule only where the value at `path` is one of `words`; `None` is a word too: not stated."""
    return Condition(path, words)


def unless(path: str, *words: object) -> Condition:
    """Apply a rule except where the value at `path` is one of `words`."""
    return Condition(path, words, unless=True)


class Rule(Struct, frozen=True):
    """Reads one field: the raw path, and when it applies."""

    path: str
    only: Condition | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The alternatives, in order."""
        return tuple(self.path.split("|"))

    def convert(self, raw: object) -> Value:
        """Turn a raw value that is not null into the field's value, `None` or `Bad`."""
        raise NotImplementedError


class Text(Rule, frozen=True):
    """Text for people: trimmed, runs of blanks made one; empty is not stated."""

    nothing: tuple[str, ...] = ()
    """Words that mean *not stated*, compared in lower case."""
    before: str = ""
    """Keep only what stands before this mark; nothing where the mark is missing."""

    def convert(self, raw: object) -> Value:
        """Trim; anything but text is wrong."""
        if type(raw) is not str:
            return Bad(f"{named(raw)} is not text")
        tidy = raw.isprintable() and "  " not in raw and raw[:1] != " " and raw[-1:] != " "
        text = raw if tidy else " ".join(raw.split())
        if self.before:
            text = text.partition(self.before)[0] if self.before in text else ""
        return None if not text or (self.nothing and text.lower() in self.nothing) else text


class Id(Rule, frozen=True):
    """The id exactly as a request must send it, or with a prefix of the listing taken off."""

    prefix: str = ""

    def convert(self, raw: object) -> Value:
        """Only non-empty text is an id: 5 is not "5"."""
        if type(raw) is not str or not raw.strip():
            return Bad(f"{named(raw)} is not an id")
        return raw.removeprefix(self.prefix) if self.prefix else raw


class Count(Rule, frozen=True):
    """A number of tokens or things; 0 and -1 are sentinels of *not stated*."""

    nothing: tuple[int, ...] = ()
    """Further numbers that are a gateway's default and no fact."""
    zero: bool = False
    """Zero is a fact here: instances, uses."""

    def convert(self, raw: object) -> Value:
        """Accept whole numbers, also as text or with a fraction of zero."""
        if type(raw) is not int:
            if type(raw) is str and not raw.strip():
                return None
            amount = to_decimal(raw)
            if amount is None or amount != amount.to_integral_value():
                return Bad(f"{named(raw)} is not a whole number")
            raw = int(amount)
        if raw in self.nothing or raw == -1 or (raw == 0 and not self.zero):
            return None
        return raw if 0 <= raw < 10**12 else Bad(f"{named(raw)} is out of range")


class Flag(Rule, frozen=True):
    """An explicit yes or no."""

    invert: bool = False

    def convert(self, raw: object) -> Value:
        """Accept booleans, and the words true and false."""
        if type(raw) is str and raw.lower() in {"true", "false"}:
            raw = raw.lower() == "true"
        return raw is not self.invert if type(raw) is bool else Bad(f"{named(raw)} is not true or false")


class Has(Rule, frozen=True):
    """A word of a list: there, or not listed; an empty list states nothing."""

    words: tuple[str, ...] = ()

    def convert(self, raw: object) -> Value:
        """Accept a list of words, an object of word to flag, or words joined by commas."""
        if type(raw) is str:
            raw = [word.strip() for word in raw.split(",") if word.strip()]
        elif type(raw) is dict:
            raw = [word for word, there in raw.items() if there is True] or ([""] if raw else [])
        if type(raw) is not list:
            return Bad(f"{named(raw)} is not a list of words")
        return any(word in raw for word in self.words) if raw else None


class Is(Rule, frozen=True):
    """Whether a word is one of several; another word states that it is not."""

    words: tuple[object, ...] = ()

    def convert(self, raw: object) -> Value:
        """Compare as it stands."""
        return None if raw == "" else raw in self.words


class Words(Rule, frozen=True):
    """A tuple of words in the order of the answer, each once."""

    split: str = ""
    """Mark at which text is cut into words."""

    def convert(self, raw: object) -> Value:
        """Accept a list of text, or text joined by `split`."""
        if type(raw) is str and self.split:
            raw = [part.strip() for part in raw.split(self.split)]
        if type(raw) is not list:
            return Bad(f"{named(raw)} is not a list of words")
        words = tuple(dict.fromkeys(w.lower() if self.split else w for w in raw if type(w) is str and w))
        return words or None


MODALITY_ORDER: Final = ("text", "image", "file", "pdf", "audio", "video")


class Modalities(Words, frozen=True):
    """Modality words in one order everywhere, so that equal sets look equal."""

    def convert(self, raw: object) -> Value:
        """Sort the known ones first; the others follow as they were sent."""
        words = Words.convert(self, raw)
        return in_order(words) if isinstance(words, tuple) else words


def in_order(words: tuple[str, ...]) -> tuple[str, ...]:
    """Put modality words into their usual order."""
    return tuple(sorted(words, key=lambda w: MODALITY_ORDER.index(w) if w in MODALITY_ORDER else 99))


class Arrow(Rule, frozen=True):
    """One side of a summary such as `text+image->text`."""

    side: int = 0

    def convert(self, raw: object) -> Value:
        """Cut at the arrow, then at the plus signs."""
        if type(raw) is not str or "->" not in raw:
            return Bad(f"{named(raw)} is not of the form text->text")
        words = tuple(word.strip() for word in raw.split("->")[self.side].split("+"))
        return in_order(tuple(word for word in words if word)) or None


class ArrowHas(Arrow, frozen=True):
    """Whether one side of such a summary names a word."""

    words: tuple[str, ...] = ()

    def convert(self, raw: object) -> Value:
        """Read the side, then look for the words."""
        side = Arrow.convert(self, raw)
        return any(word in side for word in self.words) if isinstance(side, tuple) else side


class Choice(Rule, frozen=True):
    """A word of the source turned into a word of ours; words that are not in the table state nothing."""

    table: tuple[tuple[object, str], ...] = ()

    def convert(self, raw: object) -> Value:
        """Look the word up."""
        for theirs, ours in self.table:
            if raw == theirs and type(raw) is type(theirs):
                return ours
        return None


class Renamed(Rule, frozen=True):
    """A word of the source in our spelling; words that are not in the table stay as they are."""

    table: tuple[tuple[str, str], ...] = ()

    def convert(self, raw: object) -> Value:
        """Look the word up."""
        return dict(self.table).get(raw, raw) if type(raw) is str and raw else Bad(f"{named(raw)} is not a word")


class CountWhere(Rule, frozen=True):
    """How many items of a list have every one of the flags set."""

    flags: tuple[str, ...] = ()

    def convert(self, raw: object) -> Value:
        """Count; an empty list counts zero."""
        if type(raw) is not list:
            return Bad(f"{named(raw)} is not a list")
        return sum(1 for item in raw if type(item) is dict and all(item.get(flag) is True for flag in self.flags))


class Either(Rule, frozen=True):
    """The first of several rules that states something; its own path is not used."""

    rules: tuple[Rule, ...] = ()


class Time(StrEnum):
    """How an instant is written."""

    SECONDS = "seconds since 1970"
    ISO = "ISO 8601"
    PARTS = "an object of year, month and day"


class Instant(Rule, frozen=True):
    """A moment in UTC; 0, the epoch and years that cannot be are not stated."""

    form: Time = Time.SECONDS
    future: bool = False
    """The moment may lie ahead: an expiry, a retirement."""

    def convert(self, raw: object) -> Value:
        """Read by the stated form; dates before 2018 are constants and sentinels of listings."""
        if self.form is Time.SECONDS:
            moment = _from_seconds(raw)
        elif self.form is Time.PARTS:
            moment = _from_parts(raw)
        else:
            moment = _from_iso(raw)
        if isinstance(moment, datetime):
            return moment if 2018 <= moment.year < (2095 if self.future else 2060) else None
        return moment


def _from_seconds(raw: object) -> datetime | Bad | None:
    if type(raw) is int and 0 < raw < 4_000_000_000:
        return datetime.fromtimestamp(raw, UTC)
    amount = to_decimal(raw)
    if amount is None:
        moment = _from_iso(raw)
        return Bad(f"{named(raw)} is not seconds since 1970") if isinstance(moment, Bad) else moment
    if amount > 10**11:
        amount /= 1000
    if not 0 < amount < 4_000_000_000:
        return None
    return datetime.fromtimestamp(int(amount), UTC)


def _from_iso(raw: object) -> datetime | Bad | None:
    if raw == "":
        return None
    if type(raw) is not str or len(raw) > 40:
        return Bad(f"{named(raw)} is not a date")
    text = raw.strip()
    if text.isdigit() and len(text) == 4:
        text += "-01-01"
    elif len(text) == 7:
        text += "-01"
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return Bad(f"{named(raw)} is not a date")


def _from_parts(raw: object) -> datetime | Bad | None:
    if type(raw) is not dict:
        return Bad(f"{named(raw)} is not a year, a month and a day")
    parts = [raw.get(name) for name in ("year", "month", "day")]
    if not all(type(part) is int for part in parts) or not parts[0]:
        return None
    try:
        return datetime(parts[0], parts[1] or 1, parts[2] or 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return Bad(f"{named(raw)} is not a date")


QUANTIZATIONS: Final = {"experts_int8": "int8", "float16": "fp16", "bfloat16": "bf16", "float32": "fp32"}


class Quantization(Rule, frozen=True):
    """Number format of the served weights, in lower case."""

    def convert(self, raw: object) -> Value:
        """Known sentinels and empty text are not stated."""
        if type(raw) is not str:
            return Bad(f"{named(raw)} is not a quantization")
        word = raw.strip().lower()
        return None if word in {"", "unknown", "not-available", "none", "n/a"} else QUANTIZATIONS.get(word, word)


class Weights(Rule, frozen=True):
    """Hugging Face id of the weights, from `org/repo` or a URL of it."""

    def convert(self, raw: object) -> Value:
        """Anything that is no repository of Hugging Face states nothing."""
        if type(raw) is not str:
            return Bad(f"{named(raw)} is not a repository")
        repo = raw.strip().removeprefix("https://").removeprefix("huggingface.co/").strip("/")
        return repo if repo.count("/") == 1 and "." not in repo.partition("/")[0] and " " not in repo else None


text, exact, count, flag, has = Text, Id, Count, Flag, Has
"""Rules are classes; a map reads better in lower case."""


def is_in(path: str, *words: object) -> Is:
    """State whether the word at `path` is one of `words`."""
    return Is(path, words=words)


def lists(path: str, *words: str, only: Condition | None = None) -> Has:
    """State whether one of `words` is in the list at `path`."""
    return Has(path, only, words=words)


def choose(path: str, **table: str) -> Choice:
    """Turn the word at `path` into ours, by a table of theirs to ours."""
    return Choice(path, table=tuple(table.items()))


def either(*rules: Rule) -> Either:
    """Take the first of several rules that states something."""
    return Either("", rules=rules)


IN_WORDS: Final = {"vision": ("image",), "audio": ("audio",), "video": ("video",)}
OUT_WORDS: Final = {
    "image_generation": ("image", "images"),
    "video_generation": ("video",),
    "speech": ("speech", "audio"),
    "embeddings": ("embeddings", "embedding"),
    "transcription": ("transcription",),
    "rerank": ("rerank",),
}


def modalities(inputs: str = "", outputs: str = "") -> dict[str, Rule]:
    """Read both modality lists, and the capabilities that a list states by naming a modality or leaving it out."""
    rules: dict[str, Rule] = {}
    if inputs:
        rules["input_modalities"] = Modalities(inputs)
        rules |= {name: Has(inputs, words=words) for name, words in IN_WORDS.items()}
    if outputs:
        rules["output_modalities"] = Modalities(outputs)
        rules |= {name: Has(outputs, words=words) for name, words in OUT_WORDS.items()}
    return rules


def arrow(path: str) -> dict[str, Rule]:
    """Read both modality lists from a summary such as `text+image->text`."""
    rules: dict[str, Rule] = {
        "input_modalities": Arrow(path, side=0),
        "output_modalities": Arrow(path, side=1),
    }
    rules |= {name: ArrowHas(path, side=0, words=words) for name, words in IN_WORDS.items()}
    rules |= {name: ArrowHas(path, side=1, words=words) for name, words in OUT_WORDS.items()}
    return rules
