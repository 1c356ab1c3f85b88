"""The text of a query read into its terms, with the exact place of whatever cannot be read."""

from collections.abc import Iterator
from datetime import datetime
from typing import NoReturn

from msgspec import Struct

from modeltui.errors import QueryError
from modeltui.query_terms import Atom, Choice, Condition, Flag, Query, Term, Word
from modeltui.query_words import (
    CHOICE_ALIASES,
    CHOICES,
    FIELD_ALIASES,
    FLAGS,
    KINDS,
    NOT_BARE,
    OPERATORS,
    SORT_ALIASES,
    SORT_KEYS,
    Vocabulary,
    flag_named,
    near,
    read_value,
)

_SPECIAL = ("cap", "new", "sort")
_FIELDS = (*KINDS, *CHOICES, *_SPECIAL)
_NAMES = (*_FIELDS, *FIELD_ALIASES, *CHOICE_ALIASES)
_LITERAL = "Put quotes around it to look for the text itself."


class Letter(Struct, frozen=True, gc=False):
    """One character of a token: where it stands in the text, and whether quotes take its meaning away."""

    char: str
    at: int
    quoted: bool


class Token(Struct, frozen=True):
    """A piece of the text between spaces, without its quotes."""

    letters: tuple[Letter, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(letter.char for letter in self.letters)

    @property
    def bare(self) -> bool:
        """Nothing of it stood in quotes."""
        return not any(letter.quoted for letter in self.letters)

    def find(self, chars: str) -> int:
        """Give the place of the first unquoted one of these characters, or -1."""
        return next(
            (place for place, letter in enumerate(self.letters) if not letter.quoted and letter.char in chars), -1
        )

    def cut(self, start: int, end: int | None = None) -> "Token":
        """Give a part of the token."""
        letters = self.letters[start:end]
        if not letters:
            return Token((), self.end, self.end)
        last = end is None or end >= len(self.letters)
        return Token(letters, letters[0].at, self.end if last else letters[-1].at + 1)

    def split(self) -> Iterator["Token"]:
        """Split at unquoted commas, leaving out what is empty."""
        rest = self
        while (comma := rest.find(",")) >= 0:
            if comma:
                yield rest.cut(0, comma)
            rest = rest.cut(comma + 1)
        if rest.letters:
            yield rest


def tokens_of(text: str) -> list[Token]:
    """Split a text at spaces outside quotes; a quote that is never closed goes to the end."""
    found: list[Token] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        start, letters = place, list[Letter]()
        place = _read_token(text, place, letters)
        found.append(Token(tuple(letters), start, place))
    return found


def _read_token(text: str, place: int, letters: list[Letter]) -> int:
    quoted = False
    while place < len(text) and (quoted or not text[place].isspace()):
        char = text[place]
        if char == '"':
            quoted = not quoted
        elif quoted and char == "\\" and text[place + 1 : place + 2] in {'"', "\\"}:
            letters.append(Letter(text[place + 1], place, quoted=True))
            place += 1
        else:
            letters.append(Letter(char, place, quoted=quoted))
        place += 1
    return place


def _joined(tokens: list[Token]) -> list[Token]:
    """Join `ctx >= 128k`, which is three tokens, into the one condition that is meant."""
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        if before is not None and _wants_more(before, token):
            joined[-1] = Token(before.letters + token.letters, before.start, token.end)
        else:
            joined.append(token)
    return joined


def _wants_more(before: Token, token: Token) -> bool:
    if not (before.bare and token.bare and token.letters):
        return False
    name = before.text.lstrip("-!").rstrip("<>=!").lower()
    if FIELD_ALIASES.get(name, name) not in KINDS:
        return False
    if before.text[-1] in "<>=":
        return token.text[0].isdigit() or token.text[0] in "$."
    return token.text.startswith(OPERATORS)


def _fail(token: Token, message: str, hint: str = "") -> NoReturn:
    raise QueryError(message, start=token.start, end=token.end, hint=hint)


def parse(text: str, now: datetime, *, known: Vocabulary | None = None) -> Query:
    """Read a query; what cannot be read raises a `QueryError` with its place and, where there is one, a near miss.

    `known` holds the values that exist, so that a provider nobody has is a mistake; without it none is.
    """
    vocabulary = known or Vocabulary()
    terms: list[Term] = []
    sort: tuple[tuple[str, bool], ...] = ()
    for token in _joined(tokens_of(text)):
        if token.bare and token.text.lower().startswith("sort:"):
            sort = _read_sort(token.cut(5))
        elif term := _read_term(token, now, vocabulary):
            terms.append(term)
    return Query(tuple(terms), sort)


def _read_term(token: Token, now: datetime, known: Vocabulary) -> Term | None:
    negated = bool(token.letters) and not token.letters[0].quoted and token.letters[0].char in "-!"
    if negated:
        token = token.cut(1)
    place = token.find("<>=!:")
    if place >= 0 and token.cut(0, place).bare:
        term = _read_field(token, place, now, known)
        if term is not None:
            return Term(term.atoms, negated != term.negated)
    atoms = tuple(map(_read_atom, token.split()))
    return Term(atoms, negated) if atoms else None


def _read_atom(token: Token) -> Atom:
    text = token.text.lower()
    flag = flag_named(text) if token.bare else None
    return Word(text) if flag is None or flag in NOT_BARE else Flag(flag)


def _read_field(token: Token, place: int, now: datetime, known: Vocabulary) -> Term | None:
    """Read `field op value`; `None` where it is plain text that only looks like one, as `llama3:8b`."""
    head, rest = token.cut(0, place), token.cut(place)
    name = head.text.lower()
    name = FIELD_ALIASES.get(name, CHOICE_ALIASES.get(name, name))
    op = next((op for op in OPERATORS if rest.text.startswith(op)), rest.text[0])
    value = rest.cut(len(op))
    if op == ":" and value.bare and value.text.startswith(OPERATORS):
        op = next(op for op in OPERATORS if value.text.startswith(op))
        value = value.cut(len(op))
    if op == "!" or (op == ":" and name not in _FIELDS and near(name, _NAMES) is None):
        return None
    if name in KINDS:
        return Term((_read_condition(name, "=" if op in {":", "=="} else op, head, value, now),))
    if name not in _FIELDS:
        _unknown_field(head, rest.cut(0, len(op)))
    if op in {"<", ">", "<=", ">="}:
        _fail(head, f"{name} is no number.", f"Write {name}:value.")
    term = _read_choice(name, head, value, now, known)
    return Term(term.atoms, negated=op == "!=")


def _unknown_field(head: Token, op: Token) -> NoReturn:
    if not head.letters:
        _fail(op, "A condition begins with a field.", "As in ctx>=128k.")
    like = near(head.text, _NAMES)
    hint = f"Did you mean {like}? {_LITERAL}" if like else f"Fields are {', '.join(KINDS)}. {_LITERAL}"
    _fail(head, f"There is no field {head.text!r}.", hint)


def _read_condition(name: str, op: str, head: Token, value: Token, now: datetime) -> Condition:
    text = value.text.lower()
    place = value if value.letters else head
    if name == "out" and text.startswith("$"):
        name = "outprice"
    try:
        low, high = read_value(name, op, text, now)
    except ValueError as wrong:
        _fail(place, f"{name}: {wrong}.")
    if name == "out" and text.replace(".", "").isdigit() and 0 < high < 100:
        _fail(place, "out is the longest answer in tokens.", f"For its price write outprice{op}{text}.")
    return Condition(name, op, text.removeprefix("$"), low, high)


def _read_choice(name: str, head: Token, value: Token, now: datetime, known: Vocabulary) -> Term:
    parts = list(value.split())
    if not parts:
        _fail(head, f"{name}: a value is missing here.")
    if name == "cap":
        return Term(tuple(map(_read_capability, parts)))
    if name == "new":
        text = value.text.lower()
        try:
            low, high = read_value("age", "<=", text, now)
        except ValueError as wrong:
            _fail(value, f"new: {wrong}.")
        return Term((Condition("new", ":", text, low, high),))
    if name == "sort":
        _fail(head, "An order cannot be negated.", "Write sort:-ctx for the largest first.")
    return Term((Choice(name, tuple(_known_value(name, part, known) for part in parts)),))


def _read_capability(part: Token) -> Flag:
    flag = flag_named(part.text.lower())
    if flag is None:
        like = near(part.text, FLAGS)
        _fail(part, f"There is no capability {part.text!r}.", f"Did you mean {like}?" if like else "")
    return Flag(flag)


def _known_value(name: str, part: Token, known: Vocabulary) -> str:
    text = part.text.lower()
    values = known.values(name)
    if not values or text == "none" or _occurs(name, text, values):
        return text
    like = near(text, values) or next((value for value in values if text in value), None)
    hint = f"Did you mean {like}?" if like else f"There are: {', '.join(values[:12])}."
    _fail(part, f"There is no {name} {part.text!r}.", hint)


def _occurs(name: str, text: str, values: tuple[str, ...]) -> bool:
    if name in {"maker", "license"}:
        return any(text in value for value in values)
    if name == "source":
        return any(value == text or value.startswith(text + "/") for value in values)
    return text in values


def _read_sort(value: Token) -> tuple[tuple[str, bool], ...]:
    keys: list[tuple[str, bool]] = []
    for part in value.split():
        text = part.text.lower()
        descending, name = text.startswith("-"), text.removeprefix("-")
        name = SORT_ALIASES.get(name, name)
        if name not in SORT_KEYS:
            like = near(name, SORT_KEYS)
            _fail(part, f"There is no column {name!r}.", f"Did you mean {like}?" if like else "")
        keys.append((name, descending))
    if not keys:
        _fail(value, "sort: a column is missing here.")
    return tuple(keys)
