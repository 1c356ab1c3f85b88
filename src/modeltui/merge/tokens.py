"""One token of an id, read without its neighbours: `qwen2.5` is a family and a version, `a22b` an active size."""

import re
from typing import Final, NamedTuple

from modeltui.merge import words


class Atom(NamedTuple):
    """The smallest part of an id that means something: its kind and its canonical text."""

    kind: str
    """f family word, n bare number, v version, s size, a active size, c context, d date, t tier, r role, u tune,
    x service, q quantization, l latest, - noise."""
    text: str


_SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bt]|\d{2,4}m|e\d+b")
_ACTIVE = re.compile(r"a\d+(?:\.\d+)?[bm]|\d+e")
_QUANT = re.compile(r"i?q\d|\d+bits?|[uif](?:nt)?\d+")
_VERSION = re.compile(r"v\d+(?:\.\d+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_P_FOR_DOT = re.compile(r"([a-z]*\d+)p(\d+)")
_GLUED = re.compile(r"([a-z]{3,})\.?(v?\d.*)")
_DROPPED_DOT = re.compile(r"([mkvl])([1-9])([1-9])")

_CACHE: dict[str, tuple[Atom, ...]] = {}
_CACHE_SIZE: Final = 20_000


def atoms_of(token: str) -> tuple[Atom, ...]:
    """Read one lower-case token; what is glued together comes back as several atoms."""
    known = _CACHE.get(token)
    if known is None:
        if len(_CACHE) >= _CACHE_SIZE:
            _CACHE.clear()
        known = _CACHE[token] = _read(token)
    return known


def version_text(text: str) -> str:
    """Give a version one spelling: `v3.0` is `3`, and a first version (`v1`, `1.0`) is none."""
    text = text.removeprefix("v")
    while text.endswith(".0"):
        text = text[:-2]
    return "" if text == "1" else text


def stamp_of(digits: str) -> str:
    """Read a date written as digits alone: 8, 6 or 4 of them; empty where they are no date."""
    if len(digits) == 8 and digits.startswith("20") and _month_day(digits[4:]):
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    if len(digits) == 6 and "23" <= digits[:2] <= "29" and _month_day(digits[2:]):
        return f"20{digits[:2]}-{digits[2:4]}-{digits[4:]}"
    if len(digits) != 4:
        return ""
    if "23" <= digits[:2] <= "29" and "01" <= digits[2:] <= "12":
        return f"20{digits[:2]}-{digits[2:]}"
    return f"{digits[:2]}-{digits[2:]}" if _month_day(digits) else ""


def _month_day(digits: str) -> bool:
    return "01" <= digits[:2] <= "12" and "01" <= digits[2:] <= "31"


def _read(token: str) -> tuple[Atom, ...]:
    if token in words.COMPOUNDS:
        return tuple(atom for part in words.COMPOUNDS[token].split("-") for atom in atoms_of(part))
    known = _by_table(token) or _by_shape(token)
    if known is not None:
        return (known,)
    dotted = _P_FOR_DOT.fullmatch(token)
    if dotted:
        return atoms_of(f"{dotted[1]}.{dotted[2]}")
    glued = _GLUED.fullmatch(token)
    if glued and (len(glued[1]) > 3 or glued[1] in words.FAMILY_MAKERS):
        return (*atoms_of(glued[1]), *atoms_of(glued[2]))
    return (Atom("f", _DROPPED_DOT.sub(r"\1\2.\3", token) if len(token) == 3 else token),)


def _by_table(token: str) -> Atom | None:
    for kind, table in (("u", words.TUNES), ("r", words.ROLES), ("x", words.SERVICES), ("c", words.CONTEXT_TOKENS)):
        if token in table:
            return Atom(kind, table[token])
    for kind, members in (("t", words.TIERS), ("q", words.QUANTS), ("-", words.NOISE)):
        if token in members:
            return Atom(kind, token)
    return Atom("l", token) if token.startswith("latest") and len(token) == 6 else None


def _by_shape(token: str) -> Atom | None:
    if _NUMBER.fullmatch(token):
        return _number(token)
    for kind, shape in (("s", _SIZE), ("a", _ACTIVE), ("v", _VERSION), ("q", _QUANT)):
        if shape.fullmatch(token):
            dropped = _DROPPED_DOT.fullmatch(token) if kind == "v" else None
            return Atom(kind, f"{dropped[2]}.{dropped[3]}" if dropped else token)
    if token.endswith("k") and token[:-1].isdigit():
        return Atom("c", token)
    return None


def _number(token: str) -> Atom:
    """Tell date, snapshot, version and plain number apart; `25.05` is how GitHub writes a month."""
    whole, _, fraction = token.partition(".")
    stamp = stamp_of(whole + fraction) if len(whole) == 2 == len(fraction) else ""
    if not fraction:
        stamp = stamp_of(token) or (token if len(token) == 3 and token[0] == "0" else "")
    if stamp:
        return Atom("d", stamp)
    return Atom("v" if fraction else "n", token)


def join_numbers(atoms: list[Atom]) -> list[Atom]:
    """Join numbers that belong together: `3-5` is 3.5, `2024-08-06` a date, `35` behind a family 3.5."""
    kinds = [kind for kind, _ in atoms]
    if "n" not in kinds and "q" not in kinds:
        return atoms
    joined: list[Atom] = []
    place = 0
    while place < len(atoms):
        atom, used = atoms[place], 1
        if atom.kind == "q":
            used = _quant_length(atoms, place)
            atom = Atom("q", "-".join(part.text for part in atoms[place : place + used]))
        elif atom.kind == "n":
            atom, used = _number_at(atoms, place, joined[-1] if joined else None)
        joined.append(atom)
        place += used
    return joined


def _quant_length(atoms: list[Atom], place: int) -> int:
    """Count the tokens of a llama.cpp quantization such as `q4_k_m`."""
    end = place + 1
    if atoms[place].text[-1].isdigit() and "q" in atoms[place].text:
        while end < len(atoms) and atoms[end].text in {"k", "m", "s", "l", "xl", "xs", "xxs", "0", "1"}:
            end += 1
    return end - place


def _number_at(atoms: list[Atom], place: int, previous: Atom | None) -> tuple[Atom, int]:
    text = atoms[place].text
    following = [atom.text for atom in atoms[place + 1 : place + 3] if atom.kind == "n"]
    if len(text) == 4 and text.startswith("20") and _two(following[:1]):
        whole = _two(following) if len(following) == 2 else False
        return Atom("d", "-".join([text, *following[: 2 if whole else 1]])), 3 if whole else 2
    return _short_number(text, following[0] if following else "", previous)


def _short_number(text: str, following: str, previous: Atom | None) -> tuple[Atom, int]:
    if len(text) == 1 and len(following) == 1:
        return Atom("v", f"{text}.{following}"), 2
    if _two([text]) and "01" <= text <= "12" and len(following) == 4 and following.startswith("20"):
        return Atom("d", f"{following}-{text}"), 2
    if _two([text, following]) and "01" <= text <= "12" and "01" <= following <= "31":
        return Atom("d", f"{text}-{following}"), 2
    if _two([text]) and "0" not in text and previous is not None and previous.text in words.FAMILY_MAKERS:
        return Atom("v", f"{text[0]}.{text[1]}"), 1
    return Atom("n", text), 1


def _two(texts: list[str]) -> bool:
    return bool(texts) and all(len(text) == 2 and text.isdigit() for text in texts)
