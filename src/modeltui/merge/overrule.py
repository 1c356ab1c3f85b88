"""The user's aliases, applied last: they join rows that the rules keep apart and part rows that the rules join."""

from collections.abc import Sequence
from typing import TypeVar

from modeltui.merge.aliases import Aliases
from modeltui.merge.node import key_text
from modeltui.model import Offer

_Member = TypeVar("_Member")


def find(parents: dict[_Member, _Member], member: _Member) -> _Member:
    """Find the representative of a member's set; a member not seen before is a set of its own."""
    while parents.setdefault(member, member) != member:
        member = parents[member]
    return member


def join(parents: dict[_Member, _Member], one: _Member, other: _Member) -> None:
    """Make two members' sets one."""
    parents[find(parents, other)] = find(parents, one)


def overrule(offers: Sequence[Offer], keys: Sequence[str], aliases: Aliases) -> tuple[list[str], dict[int, str]]:
    """Apply the user's decisions to model keys; tell, by place, the offers they decided about."""
    places: dict[str, list[int]] = {}
    for place, offer in enumerate(offers):
        places.setdefault(offer.key, []).append(place)
    joined, decided = _join_rows(places, keys, aliases)
    return _part_rows(offers, places, joined, aliases, decided), decided


def _join_rows(places: dict[str, list[int]], keys: Sequence[str], aliases: Aliases) -> tuple[list[str], dict[int, str]]:
    """Make one row of all rows that a group of `same` touches; the smallest key names it."""
    rows: dict[str, str] = {}
    decided: dict[int, str] = {}
    for group in aliases.same:
        members = [place for name in group for place in places.get(name, ())]
        if len({keys[place] for place in members}) > 1:
            decided.update((place, f"you said: same as {', '.join(group)}") for place in members)
        for place in members[1:]:
            join(rows, *sorted((find(rows, keys[members[0]]), find(rows, keys[place]))))
    return [find(rows, key) for key in keys], decided


def _part_rows(
    offers: Sequence[Offer], places: dict[str, list[int]], keys: list[str], aliases: Aliases, decided: dict[int, str]
) -> list[str]:
    """Take out of a row every offer that the user calls different from one that stays in it."""
    leaving: dict[str, str] = {}
    for group in aliases.different:
        listed = [name for name in group if name in places]
        for position, name in enumerate(listed):
            stayed = [other for other in listed[:position] if keys[places[other][0]] == keys[places[name][0]]]
            if stayed and name not in leaving:
                leaving[name] = stayed[0]
    companions = _companions(aliases, leaving)
    parted = list(keys)
    for name, stays in leaving.items():
        for member in sorted({name, *companions.get(name, ())}):
            for place in places.get(member, ()):
                parted[place] = _own_key(offers[places[name][0]])
                decided[place] = f"you said: different from {stays}"
    return parted


def _companions(aliases: Aliases, leaving: dict[str, str]) -> dict[str, set[str]]:
    """Find who leaves together: those whom `same` ties to one that leaves and not to the one that stays."""
    found: dict[str, set[str]] = {}
    for group in aliases.same:
        for name in leaving.keys() & set(group):
            if leaving[name] not in group:
                found.setdefault(name, set()).update(member for member in group if member not in leaving)
    return found


def _own_key(offer: Offer) -> str:
    """Name the row of an offer that left: no maker is called `split`, so no other row has this key."""
    return f"split/{key_text(offer.provider)}/{key_text(offer.id)}"
