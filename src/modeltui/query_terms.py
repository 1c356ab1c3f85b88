"""A query as a value: its terms can be described, compared and combined, and a text of it parses back to it."""

import re
from enum import StrEnum

from msgspec import Struct

from modeltui.errors import QueryError
from modeltui.model import CAPABILITY_BITS
from modeltui.query_words import FLAGS, NOT_BARE, Number, flag_named, near

_SAFE = re.compile(r"[\w./][\w./+@#-]*")


class Mode(StrEnum):
    """What a query asks of a flag."""

    REQUIRE = "require"
    EXCLUDE = "exclude"
    OFF = "off"


class Word(Struct, frozen=True):
    """Text that must occur somewhere in a row, lower-cased."""

    text: str

    def __str__(self) -> str:
        return quoted(self.text)


class Flag(Struct, frozen=True):
    """One of `FLAGS`: a capability, or `open`, `free`, `hot`, `conflict`, `deprecated`, `fav`."""

    name: str

    def __str__(self) -> str:
        return f"cap:{self.name}" if self.name in NOT_BARE else self.name


class Choice(Struct, frozen=True):
    """A field that must have one of these values, lower-cased; `none` is not stated."""

    field: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field}:{','.join(map(quoted, self.values))}"


class Condition(Struct, frozen=True):
    """A field whose number must stand so to a value; `new:7d` is the field `new` with the operator `:`."""

    field: str
    op: str
    text: str
    """The value as it was written."""
    low: Number
    high: Number
    """Lowest and highest number that the value means."""

    def __str__(self) -> str:
        return f"{self.field}{self.op}{self.text}"


Atom = Word | Flag | Choice | Condition


class Term(Struct, frozen=True):
    """One or more atoms of which one must hold, or, negated, none may."""

    atoms: tuple[Atom, ...]
    negated: bool = False

    def __str__(self) -> str:
        sign = "-" if self.negated else ""
        names = [atom.name for atom in self.atoms if isinstance(atom, Flag) and atom.name in CAPABILITY_BITS]
        if len(names) == len(self.atoms) and NOT_BARE.intersection(names):
            return f"{sign}cap:{','.join(names)}"
        return sign + ",".join(map(str, self.atoms))

    @property
    def word(self) -> str | None:
        """The text, where the term is nothing but one word."""
        only = self.atoms[0] if len(self.atoms) == 1 else None
        return only.text if isinstance(only, Word) else None

    @property
    def flag(self) -> str | None:
        """The name, where the term is nothing but one flag."""
        only = self.atoms[0] if len(self.atoms) == 1 else None
        return only.name if isinstance(only, Flag) else None


def quoted(text: str) -> str:
    """Write a text so that the query language reads it as itself."""
    if _SAFE.fullmatch(text) and flag_named(text) is None:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Query(Struct, frozen=True):
    """What to show: terms that must all hold, and an order; `str()` gives the text that parses to it."""

    terms: tuple[Term, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    """Column keys, each with whether it is descending; the first weighs most."""

    def __str__(self) -> str:
        words = [str(term) for term in self.terms]
        if self.sort:
            keys = ",".join(f"-{key}" if descending else key for key, descending in self.sort)
            words.append(f"sort:{keys}")
        return " ".join(words)

    @property
    def words(self) -> tuple[str, ...]:
        """The plain words that a row must have."""
        return tuple(term.word for term in self.terms if term.word is not None and not term.negated)

    def mode_of(self, flag: str) -> Mode:
        """Tell whether the query requires or excludes a flag."""
        name = _flag(flag)
        for term in self.terms:
            if term.flag == name:
                return Mode.EXCLUDE if term.negated else Mode.REQUIRE
        return Mode.OFF

    def with_capability(self, flag: str, mode: Mode | str) -> "Query":
        """Require, exclude or no longer ask for a flag; every other term stays."""
        name = _flag(flag)
        terms = tuple(term for term in self.terms if term.flag != name)
        if (wanted := Mode(mode)) is not Mode.OFF:
            terms += (Term((Flag(name),), negated=wanted is Mode.EXCLUDE),)
        return Query(terms, self.sort)

    def cycled(self, flag: str) -> "Query":
        """Go on from require to exclude to off."""
        following = {Mode.OFF: Mode.REQUIRE, Mode.REQUIRE: Mode.EXCLUDE, Mode.EXCLUDE: Mode.OFF}
        return self.with_capability(flag, following[self.mode_of(flag)])

    def values_of(self, field: str) -> tuple[str, ...]:
        """Give the values among which the query chooses for a field, as `provider`."""
        return tuple(
            value
            for term in self.terms
            for atom in term.atoms
            if not term.negated and isinstance(atom, Choice) and atom.field == field
            for value in atom.values
        )

    def with_values(self, field: str, values: tuple[str, ...]) -> "Query":
        """Choose among these values of a field, and no others; none of them drops the choice."""
        terms = tuple(
            term
            for term in self.terms
            if term.negated or not any(isinstance(atom, Choice) and atom.field == field for atom in term.atoms)
        )
        if values:
            terms += (Term((Choice(field, tuple(value.lower() for value in values)),)),)
        return Query(terms, self.sort)

    def without(self, place: int) -> "Query":
        """Drop one term, as a click on its chip does."""
        return Query(self.terms[:place] + self.terms[place + 1 :], self.sort)

    def combined(self, other: "Query") -> "Query":
        """Ask for both; the other's order wins where it has one."""
        fresh = tuple(term for term in other.terms if term not in self.terms)
        return Query(self.terms + fresh, other.sort or self.sort)

    def with_sort(self, keys: tuple[tuple[str, bool], ...]) -> "Query":
        """Give the query another order."""
        return Query(self.terms, keys)


def _flag(word: str) -> str:
    name = flag_named(word.lower())
    if name is None:
        like = near(word, FLAGS)
        raise QueryError(f"There is no flag {word!r}.", end=len(word), hint=f"Did you mean {like}?" if like else "")
    return name
