"""What a provider declares beside the id: weights, slug, aliases, name; believed where the id allows it."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from modeltui.merge import words
from modeltui.merge.identity import identify
from modeltui.merge.node import COINED, Identity, with_node
from modeltui.model import Offer


class Reading(Struct, frozen=True, gc=False):
    """An offer's identity after its declared facts were heard."""

    identity: Identity
    snapshot: str = ""
    """A date that a slug or description names without promise: it chooses between snapshots that are listed."""
    basis: str = ""
    """The declared fact the identity rests on; empty where the id alone speaks."""
    refused: str = ""
    """A declared fact that contradicts the id, and how; it was not followed."""


def read(offer: Offer, own: Identity) -> Reading:
    """Complete the identity of an offer's id by everything the offer declares about itself."""
    if not (offer.weights or offer.slug or offer.name or offer.description):
        return Reading(own)
    name = offer.name if offer.name and _may_add(own, offer.name) else None
    snapshot = "" if own.date or not offer.description else _stamp_in(offer.id, offer.description)
    if not (offer.weights or offer.slug or name):
        return Reading(own, snapshot)
    found = _read_declared(offer.id, offer.provider, offer.weights, offer.slug, name)
    return found if found.snapshot or not snapshot else Reading(found.identity, snapshot, found.basis, found.refused)


def contradiction(own: Identity, declared: Identity, *, trusted: bool = False) -> str:
    """Name the guard on which two identities contradict each other, or give an empty text.

    A trusted declaration may also say what a name that says nothing (`venice-uncensored`) stands for.
    """
    for guard, one, other in (("size", own.size, declared.size), ("size", own.active, declared.active)):
        if one and other and one != other:
            return guard
    if not _nested(own.versions, declared.versions):
        return "version"
    if own.date and declared.date and not same_date(own.date, declared.date):
        return "date"
    if _differs_in_role(own, declared):
        return "role"
    if _differs_in_tier(own, declared):
        return "tier"
    coined = trusted and not (own.maker or own.versions or own.size or own.date or own.tiers or own.roles)
    return "" if coined else _family_guard(own, declared)


def same_date(one: str, other: str) -> bool:
    """Tell whether two stamps can be one date: `07-25` may be July 2025 as well as 25 July."""
    return one == other or _month_first(one) == other or one == _month_first(other)


def adopt(own: Identity, declared: Identity) -> Identity:
    """Complete an id's identity by a declared one that does not contradict it."""
    extra = set(own.families) - set(declared.families)
    richer = len(declared.versions) >= len(own.versions) or (extra and not declared.versions)
    tune = own.tune
    if own.tune in {"", COINED} and (declared.tune not in {"", COINED} or own.tune == COINED):
        tune = declared.tune or own.tune
    return with_node(
        own,
        maker=own.maker or declared.maker,
        families=declared.families,
        versions=declared.versions if richer else own.versions,
        tiers=declared.tiers if len(declared.tiers) >= len(own.tiers) else own.tiers,
        roles=declared.roles if len(declared.roles) >= len(own.roles) else own.roles,
        size=declared.size or own.size,
        active=declared.active or own.active,
        context=own.context or declared.context,
        tune=tune,
        date=declared.date or own.date,
        quantization=own.quantization or declared.quantization,
    )


def representative(ids: Iterable[str], provider: str) -> Identity:
    """Choose, of ids that a provider declares to be one model, the identity that says most."""
    return max((identify(alias, provider) for alias in sorted(ids)), key=_says)


def _says(identity: Identity) -> tuple[bool, int, str, int]:
    own = [word for word in identity.families if word.isalpha() and word != identity.maker]
    return bool(identity.size), len(own), identity.date, len(identity.versions)


@lru_cache(maxsize=65_536)
def _read_declared(offer_id: str, provider: str, weights: str | None, slug: str | None, name: str | None) -> Reading:
    found = Reading(identify(offer_id, provider))
    for label, text in (("weights", weights), ("slug", slug), ("name", name)):
        if text:
            found = _hear(found, label, text)
    return found


def _hear(found: Reading, label: str, text: str) -> Reading:
    """Add one declared fact to what is known; facts come in the order of their trust."""
    own = found.identity
    declared = identify(text) if label != "name" else _of_name(text, own)
    if declared is None:
        return found
    guard = contradiction(own, declared, trusted=label == "weights")
    if guard:
        refused = f"{label} {text} ({guard} differs)" if label != "name" else found.refused
        return Reading(own, found.snapshot, found.basis, refused or found.refused)
    snapshot = found.snapshot
    if label == "slug":
        snapshot = declared.date if not own.date else ""
        if found.basis:
            return Reading(own, snapshot, found.basis, found.refused)
        declared = with_node(declared, date="")
    completed = adopt(own, declared)
    basis = f"{label} {text}" if completed.node != own.node else found.basis
    return Reading(completed, "" if completed.date else snapshot, basis, found.refused)


_STAMPED = re.compile(r"20\d\d|\b\d{4}\b|\b2[3-9]\.\d\d\b")


def _may_add(own: Identity, name: str) -> bool:
    """Tell cheaply whether a name may hold a date or version that the id lacks."""
    if not own.date:
        return _STAMPED.search(name) is not None
    return not own.versions


def _of_name(name: str, own: Identity) -> Identity | None:
    """Read a display name for the date and version that the id leaves out; any other word it adds makes it useless."""
    told = identify(re.sub(r"\(free\)|\(.*older.*\)", "", name.rpartition(": ")[2]).strip().replace(" ", "-"))
    families = set(told.families).difference(words.MAKER_WORDS.get(own.maker, ()), (own.maker,))
    if not families <= set(own.families) or not _nested(own.versions, told.versions):
        return None
    dated = told.date if not own.date and len(told.date) >= 5 else ""
    return with_node(own, versions=own.versions or told.versions, date=own.date or dated)


_STAMP_BEHIND = re.compile(r"-(\d{4,8})\b")
_MONTH_VERSION = re.compile(r"\bv(2[3-9]\.\d\d)\b")


def _stamp_in(offer_id: str, description: str) -> str:
    """Find the one stamp with which a description completes the id: `mistral-large-2407`, `v24.09`."""
    tail = offer_id.lower().rpartition("/")[2].partition(":")[0]
    text = description.lower()
    stamps = _MONTH_VERSION.findall(text)
    place = text.find(f"{tail}-")
    while place >= 0:
        found = _STAMP_BEHIND.match(text, place + len(tail))
        stamps += [found[1]] if found and not text[place - 1 : place].isalnum() else []
        place = text.find(f"{tail}-", place + 1)
    dates = {identify(f"x-{stamp}").date for stamp in stamps} - {""}
    return dates.pop() if len(dates) == 1 else ""


def _nested(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or set(one) <= set(other) or set(other) <= set(one)


def _month_first(date: str) -> str:
    return f"20{date[3:]}-{date[:2]}" if len(date) == 5 and date[2] == "-" else ""


def _differs_in_role(own: Identity, declared: Identity) -> bool:
    mine, theirs = set(own.roles), set(declared.roles)
    told = bool(own.versions or own.size)
    if mine - theirs or (told and theirs - mine - {"vision"}):
        return True
    return {own.tune, declared.tune} in ({"base", "instruct"}, {"base", "chat"})


def _differs_in_tier(own: Identity, declared: Identity) -> bool:
    mine, theirs = set(own.tiers), set(declared.tiers)
    if (mine ^ theirs) - words.SIZE_TIERS:
        return True
    sized, other = mine & words.SIZE_TIERS, theirs & words.SIZE_TIERS
    return bool(sized and other and sized != other)


def _family_guard(own: Identity, declared: Identity) -> str:
    mine, theirs = set(own.families), set(declared.families)
    if mine.isdisjoint(theirs) and mine and theirs:
        return "family"
    if mine - theirs - words.BASES or (theirs - mine and own.versions and own.size):
        return "family"
    return "maker" if own.maker and declared.maker and own.maker != declared.maker and mine != theirs else ""
