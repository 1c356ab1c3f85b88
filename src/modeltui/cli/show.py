"""`show`: one model in full: every offer, who says what, what disagrees, and why a field is empty."""

import argparse
from collections.abc import Callable, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from modeltui.cli.output import Output
from modeltui.cli.rows import say_age
from modeltui.errors import NotFoundError
from modeltui.export import Json, model_json, offer_json, to_json
from modeltui.format import MISSING, ago, tokens, usd
from modeltui.model import Claim, Link, Model, Offer, PriceState, words_of
from modeltui.service.session import Session
from modeltui.state import Catalog

FIELDS = (
    "name", "owner", "context_length", "max_output_tokens", "quantization", "prices.input", "prices.output",
    "prices.cache_read", "input_modalities", "output_modalities", "open_weights", "status", "created_at",
    "retires_at", "knowledge", "weights",
)  # fmt: skip
STATE_WORDS = {
    PriceState.ZERO: "stated as zero",
    PriceState.PLAN: "part of a plan",
    PriceState.OTHER_UNIT: "not by tokens",
    PriceState.DYNAMIC: "decided at request time",
    PriceState.UNKNOWN: "unknown",
}


def add_show(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `show`."""
    parser.add_argument("id", metavar="ID", help="an id, provider/id, a model's key, or a unique beginning of one")
    parser.add_argument("--json", action="store_true", help="print JSON")


_SPELLINGS: Final[Sequence[tuple[Callable[[Offer], str], Callable[[str], str]]]] = (
    (lambda offer: offer.key, str),
    (lambda offer: offer.id, str),
    (lambda offer: offer.id.lower(), str.lower),
    (lambda offer: offer.id.rpartition("/")[2].lower(), str.lower),
)
"""How an offer may be named, the most exact first: what is compared, and what is done to the word."""


def find(catalog: Catalog, wanted: str) -> tuple[Model, tuple[Offer, ...]]:
    """Find a model and the offers that are meant: by key, `provider/id`, id, then by a unique beginning.

    A name that several models answer to, or none, is a `NotFoundError` with near misses.
    """
    by_key = {model.key: model for model in catalog.models}
    if wanted in by_key:
        return by_key[wanted], by_key[wanted].offers
    for named, name in _SPELLINGS:
        found = [offer for offer in catalog.offers if named(offer) == name(wanted)]
        models = {offer.model for offer in found}
        if len(models) == 1:
            return by_key[found[0].model], tuple(found)
        if models:
            near = tuple(sorted(offer.key for offer in found)[:8])
            raise NotFoundError(f"{wanted!r} is the id of {len(models)} models", near=near)
    begun = sorted(
        {o.model for o in catalog.offers if wanted and (o.key.startswith(wanted) or o.id.startswith(wanted))}
    )
    begun += sorted(key for key in by_key if key.startswith(wanted) and key not in begun)
    if len(begun) == 1:
        return by_key[begun[0]], by_key[begun[0]].offers
    names = begun or _near(catalog, wanted)
    what = f"{len(begun)} models begin with" if begun else "no model is called"
    raise NotFoundError(f"{what} {wanted!r}", near=tuple(names[:8]), hint="`modeltui list WORDS` searches")


def _near(catalog: Catalog, wanted: str) -> list[str]:
    tails = {offer.id.rpartition("/")[2].lower(): offer.id for offer in catalog.offers}
    ids = {offer.id.lower(): offer.id for offer in catalog.offers}
    found = get_close_matches(wanted.lower(), ids, n=5, cutoff=0.6)
    tail = get_close_matches(wanted.lower().rpartition("/")[2], tails, n=5, cutoff=0.6)
    return list(dict.fromkeys([ids[key] for key in found] + [tails[key] for key in tail]))


def run_show(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Print one model with everything that is known of it."""
    catalog = session.catalog()
    model, offers = find(catalog, options.id)
    say_age(catalog, session, out)
    if options.json:
        whole: dict[str, Json] = {**model_json(model)}
        whole["offers"] = [offer_json(offer, catalog) for offer in offers]
        out.data(to_json(whole))
        return 0
    links = {(link.provider, link.offer_id): link for link in model.links}
    lines = [f"{model.name}   ({model.key}, {len(model.offers)} offers)"]
    for offer in offers:
        lines += ["", *_offer_lines(offer, links.get((offer.provider, offer.id)), catalog, session)]
    out.lines("\n".join(lines))
    return 0


def _offer_lines(offer: Offer, link: Link | None, catalog: Catalog, session: Session) -> list[str]:
    claims = catalog.claims.get(offer.key, {})
    lines = [offer.key + (f"   variant: {offer.variant}" if offer.variant else "")]
    if link is not None:
        lines.append(f"  linked by {link.method} ({link.score:g}): {link.basis}")
    lines.append(f"  price state       {STATE_WORDS.get(offer.price_state, 'stated')}")
    for field in FIELDS:
        found = claims.get(field, ())
        title = field.removeprefix("prices.").replace("_", " ")
        if field.startswith("prices."):
            title += " $/M"
        if not found:
            lines.append(f"  {title:<18}{MISSING}  {session.why_missing(offer, field)}")
            continue
        lines.append(f"  {title:<18}{shown(field, found[0].value)}  {_said_by(found[0], catalog, session)}")
        lines += _others(offer, field, found[1:])
    lines.append(f"  {'capabilities':<18}{', '.join(words_of(offer.capabilities)) or MISSING}")
    lines += [f"  problem           {p.source} {p.field}: {p.reason}" for p in offer.problems]
    return lines


def _others(offer: Offer, field: str, claims: Sequence[Claim]) -> list[str]:
    lines = []
    for claim in claims:
        mark = "≠" if field in offer.conflicts else "="
        word = ""
        if field in offer.stale_catalogue and claim.source.endswith("/catalog"):
            mark, word = "≠", "  (stale catalogue)"
        lines.append(f"  {'':<16}{mark} {shown(field, claim.value)}  {claim.source} {claim.path}{word}")
    return lines


def _said_by(claim: Claim, catalog: Catalog, session: Session) -> str:
    when = next((s.fetched_at for s in catalog.sources if s.source == claim.source), None)
    old = f", {ago((session.clock() - when).total_seconds())}" if when else ""
    return f"{claim.source} {claim.path}{old}"


def shown(field: str, value: object) -> str:
    """Write a claim's value for a person."""
    if field.startswith("prices.") and isinstance(value, Decimal):
        return usd(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{tokens(value)} ({value})"
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
