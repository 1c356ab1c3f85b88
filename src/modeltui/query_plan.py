"""The terms of a query made into tests of rows and of their offers."""

import operator
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from modeltui import row_values as values
from modeltui.query_terms import Atom, Choice, Condition, Flag, Term, Word
from modeltui.query_words import FLAG_BITS
from modeltui.table_rows import Row, mask_of_offer, price_of

Test = Callable[[Row, int], bool]
"""Says whether a row's offer at a place meets a term."""
RowTest = Callable[[Row], bool]
Amount = int | float | Decimal

_COMPARE: dict[str, Callable[[Amount, Amount], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}


def _dearer(row: Row, place: int) -> Amount | None:
    offer = row.offers[place]
    prices = [price for field in ("input", "output") if (price := price_of(offer, field)) is not None]
    return max(prices, default=None)


def _created(row: Row, place: int) -> Amount | None:
    created = row.offers[place].created_at
    return None if created is None else created.timestamp()


_GETTERS: dict[str, Callable[[Row, int], Amount | None]] = {
    "ctx": values.context,
    "out": values.output,
    "in": values.price("input"),
    "outprice": values.price("output"),
    "price": _dearer,
    "cache": values.price("cache_read"),
    "cost": values.cost,
    "released": _created,
    "ttft": values.ttft,
    "tps": values.tps,
    "uses": values.uses,
    "offers": lambda row, _: len(row.offers),
    "age": _created,
    "new": _created,
}
_ENDING = frozenset({"deprecated", "retired"})


class OfferTest(Struct, frozen=True):
    """What one offer must meet; with `field`, that its number is stated and `holds`."""

    test: Test
    field: str = ""
    holds: Callable[[Amount], bool] | None = None


class Plan(Struct, frozen=True):
    """A query made ready: cheap looks at whole rows first, then tests that one offer must pass together."""

    words: tuple[str, ...]
    without_words: tuple[str, ...]
    need: int
    forbid: int
    row_tests: tuple[RowTest, ...]
    tests: tuple[OfferTest, ...]


def plan(terms: Iterable[Term], now: datetime, favourites: Collection[str]) -> Plan:
    """Make terms ready to be applied; `favourites` holds keys of rows or offers."""
    words: list[str] = []
    without: list[str] = []
    need = forbid = 0
    row_tests: list[RowTest] = []
    tests: list[OfferTest] = []
    for term in terms:
        bits = [FLAG_BITS.get(atom.name, 0) for atom in term.atoms if isinstance(atom, Flag)]
        all_bits = len(bits) == len(term.atoms) and all(bits)
        if term.word is not None:
            (without if term.negated else words).append(term.word)
        elif all_bits and term.negated:
            forbid |= sum(set(bits))
        elif all_bits and len(bits) == 1:
            need |= bits[0]
        elif all(isinstance(atom, Word) or atom == Flag("fav") for atom in term.atoms):
            row_tests.append(_row_test(term, favourites))
        else:
            tests.append(_offer_test(term, now, favourites))
    words.sort(key=len, reverse=True)
    return Plan(tuple(words), tuple(without), need, forbid, tuple(row_tests), tuple(tests))


def _row_test(term: Term, favourites: Collection[str]) -> RowTest:
    words = [atom.text for atom in term.atoms if isinstance(atom, Word)]
    favourite = any(isinstance(atom, Flag) for atom in term.atoms)

    def holds(row: Row) -> bool:
        return any(word in row.haystack for word in words) or (favourite and _is_favourite(row, favourites))

    return (lambda row: not holds(row)) if term.negated else holds


def _is_favourite(row: Row, favourites: Collection[str]) -> bool:
    return row.key in favourites or any(offer.key in favourites for offer in row.offers)


def _offer_test(term: Term, now: datetime, favourites: Collection[str]) -> OfferTest:
    tests = [_atom_test(atom, now, favourites) for atom in term.atoms]
    if term.negated:
        return OfferTest(lambda row, place: not any(each.test(row, place) for each in tests))
    if len(tests) == 1:
        return tests[0]
    return OfferTest(lambda row, place: any(each.test(row, place) for each in tests))


def _atom_test(atom: Atom, now: datetime, favourites: Collection[str]) -> OfferTest:
    if isinstance(atom, Condition):
        return _condition_test(atom, now)
    if isinstance(atom, Word):
        text = atom.text
        return OfferTest(lambda row, _: text in row.haystack)
    return OfferTest(_flag_test(atom.name, favourites) if isinstance(atom, Flag) else _choice_test(atom))


def _flag_test(name: str, favourites: Collection[str]) -> Test:
    if name == "deprecated":
        return lambda row, place: row.offers[place].status in _ENDING or row.offers[place].retires_at is not None
    if name == "fav":
        return lambda row, _: _is_favourite(row, favourites)
    if name == "mine":
        return lambda row, place: row.keyed[place]
    bit = FLAG_BITS[name]
    return lambda row, place: bool(mask_of_offer(row.offers[place]) & bit)


def getter(field: str) -> Callable[[Row, int], Amount | None]:
    """Give the function that reads a condition's field from a row's offer; instants are seconds since 1970."""
    return _GETTERS[field]


def _condition_test(condition: Condition, now: datetime) -> OfferTest:
    get = getter(condition.field)
    holds = _age_holds(condition, now) if condition.field in {"age", "new"} else _holds(condition)
    return OfferTest(lambda row, place: (value := get(row, place)) is not None and holds(value), condition.field, holds)


def _age_holds(condition: Condition, now: datetime) -> Callable[[Amount], bool]:
    compare = _holds(condition)
    today = now.timestamp()
    return lambda created: compare(today - float(created))


def _holds(condition: Condition) -> Callable[[Amount], bool]:
    low, high = condition.low, condition.high
    op = "<=" if condition.op == ":" else condition.op
    if op in {"=", "!="}:
        wanted, at_most = op == "=", _COMPARE["<="]
        return lambda value: (at_most(low, value) and at_most(value, high)) is wanted
    compare = _COMPARE[op]
    bound = low if op in {">=", "<"} else high
    return lambda value: compare(value, bound)


def _choice_test(choice: Choice) -> Test:
    wanted = frozenset(choice.values)
    if choice.field in {"maker", "license"}:
        return _containing("owner" if choice.field == "maker" else "license", choice.values)
    if choice.field == "source":
        return lambda row, place: any(
            source.lower() in wanted or source.lower().split("/")[0] in wanted for source in row.offers[place].sources
        )
    if choice.field == "state":
        return lambda row, place: (row.states[place] or "none") in wanted or row.offers[place].status in wanted
    field = {"quant": "quantization", "pricing": "price_state"}.get(choice.field, choice.field)
    return lambda row, place: (getattr(row.offers[place], field) or "none").lower() in wanted


def _containing(field: str, wanted: tuple[str, ...]) -> Test:
    def holds(row: Row, place: int) -> bool:
        value: str | None = getattr(row.offers[place], field)
        text = "none" if value is None else value.lower()
        return any(word in text for word in wanted)

    return holds
