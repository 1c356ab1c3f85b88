"""What a word of a query that is being typed can become."""

from collections.abc import Iterable

from modeltui.query_parse import tokens_of
from modeltui.query_terms import quoted
from modeltui.query_words import (
    CHOICE_ALIASES,
    CHOICES,
    FLAG_ALIASES,
    FLAGS,
    KINDS,
    NOT_BARE,
    SORT_KEYS,
    Vocabulary,
    flag_named,
)

MOST = 20
_FREQUENT = ("provider:", "ctx>=", "in<=", "tools", "vision", "reasoning", "open", "free", "hot", "new:7d", "sort:")


def token_at(text: str, cursor: int) -> tuple[int, int]:
    """Give the start and the end of the word that the cursor stands in or behind."""
    for token in tokens_of(text):
        if token.start <= cursor <= token.end:
            return token.start, token.end
    return cursor, cursor


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> list[str]:
    """Give what may replace the word at the cursor (see `token_at`), the likeliest first, at most 20."""
    start, _ = token_at(text, cursor)
    typed = text[start:cursor]
    sign = typed[:1] if typed[:1] in {"-", "!"} else ""
    word = typed.removeprefix(sign).lower()
    if not word:
        return [sign + each for each in _FREQUENT]
    field, colon, value = word.partition(":")
    if colon:
        return [sign + each for each in _values(field, value, vocabulary)]
    names = [*(f"{field}:" for field in CHOICES), *(f"{field}>=" for field in KINDS)]
    names += [flag for flag in (*FLAGS, *FLAG_ALIASES) if flag not in NOT_BARE]
    names += ["cap:", "new:7d", "sort:"]
    found = [name for name in names if name.startswith(word) and name != word]
    found += [f"provider:{quoted(name)}" for name in _matching(word, vocabulary.provider)[:MOST]]
    return [sign + each for each in found[:MOST]]


def _values(field: str, value: str, vocabulary: Vocabulary) -> list[str]:
    done, comma, typed = value.rpartition(",")
    typed = typed.lstrip('"')
    minus = "-" if field == "sort" and typed.startswith("-") else ""
    known = _known(CHOICE_ALIASES.get(field, field), vocabulary)
    taken = set(done.split(","))
    found = [each for each in _matching(typed.removeprefix(minus), known) if each not in taken and each != typed]
    return [f"{field}:{done}{comma}{minus}{_written(each)}" for each in found[:MOST]]


def _written(value: str) -> str:
    return value if flag_named(value) else quoted(value)


def _known(field: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    special = {"sort": SORT_KEYS, "cap": FLAGS, "new": ("1d", "7d", "2w", "1mo")}
    return special.get(field) or vocabulary.values(field)


def _matching(typed: str, known: Iterable[str]) -> list[str]:
    """Give the values that begin with what is typed, then those that have it elsewhere."""
    having = [value for value in known if typed in value]
    return sorted(having, key=lambda value: not value.startswith(typed))
