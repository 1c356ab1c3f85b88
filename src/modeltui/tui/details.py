"""What is known of one offer or model, as lines: every value, who says it, how old it is, and why it is absent."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from modeltui.cost import Workload
from modeltui.format import MISSING, age, clean, tokens, usd
from modeltui.model import PRICE_FIELDS, TOKEN_PRICES, Claim, Link, Model, Offer, PriceState, words_of
from modeltui.state import Catalog
from modeltui.tui.prospects import cost_lines, ending_lines
from modeltui.tui.told import LABEL, LIMITS, heading, label_of, value_text
from modeltui.tui.widgets.ink import Line, Span
from modeltui.tui.widgets.sheets import Hung

__all__ = ("heading", "label_of", "model_lines", "offer_lines", "value_text")

WhyMissing = Callable[[Offer, str], str]

FACTS = (
    "owner", "created_at", "status", "retires_at", "input_modalities", "output_modalities", "open_weights",
    "license", "knowledge", "weights", "slug", "aliases",
)  # fmt: skip
DEPLOYMENT = (
    "hot", "instances", "gpus", "gpu_count", "min_vram_gb", "gpu_usd_per_hour", "invocations", "utilization",
    "concurrency", "template", "user", "public", "slug", "deployment_id", "updated_at",
)  # fmt: skip
MAIN_PRICES = ("input", "output", "cache_read")
EXPECTED = (
    *LIMITS,
    *(f"prices.{price}" for price in MAIN_PRICES),
    "created_at",
    "input_modalities",
    "license",
    "knowledge",
)
"""Fields whose absence is explained."""

PRICE_STATES = {
    PriceState.ZERO: ("free: every token price is stated as zero", "good"),
    PriceState.PLAN: ("included in a plan; a zero here is not a price", "warn"),
    PriceState.OTHER_UNIT: ("not priced by tokens", ""),
    PriceState.DYNAMIC: ("decided when the request is made", ""),
    PriceState.UNKNOWN: ("not stated", "dim"),
}


class _Teller:
    """Tells one offer's fields; holds what every line needs."""

    def __init__(self, offer: Offer, catalog: Catalog, now: datetime, why: WhyMissing) -> None:
        self.offer, self.now, self.why = offer, now, why
        self.claims: Mapping[str, tuple[Claim, ...]] = catalog.claims.get(offer.key, {})
        self.ages = {status.source: status.fetched_at for status in catalog.sources}

    def source(self, claim: Claim) -> str:
        """Say who says it and how old that is."""
        fetched = self.ages.get(claim.source) or self.offer.fetched_at
        old = f" · {age((self.now - fetched).total_seconds())}" if fetched else ""
        return f"{claim.source}{old}"

    def shared_source(self, fields: Iterable[str]) -> str:
        """Say who says all of these fields; empty where several do."""
        told = {self.source(claims[0]) for field in fields if (claims := self.claims.get(field))}
        return told.pop() if len(told) == 1 else ""

    def field(self, field: str, value: object, shared: str = "") -> Iterator[Hung]:
        """Tell one stated field, and what else is claimed of it; `shared` is the source told already."""
        claims = self.claims.get(field, ())
        differing = field in self.offer.conflicts
        sign: Span = ("≠ ", "warn") if differing else ("", "")
        line: list[Span] = [(f"{label_of(field):<{LABEL}} ", "dim"), sign, (value_text(field, value), "strong")]
        if claims and (differing or self.source(claims[0]) != shared):
            line.append((f"  {self.source(claims[0])}", "dim"))
        yield line, LABEL + 1
        if differing:
            for claim in claims:
                yield self._claim(field, claim, "warn"), LABEL + 3
        elif field in self.offer.stale_catalogue:
            for claim in claims[1:]:
                yield self._claim(field, claim, "dim", "catalogue: "), LABEL + 3

    def _claim(self, field: str, claim: Claim, tone: str, note: str = "") -> Line:
        said = f"{' ' * LABEL}   {note}{value_text(field, claim.value)}"
        return [(said, tone), (f"  {self.source(claim)}  {claim.path}", "dim")]

    def section(self, title: str, fields: Sequence[tuple[str, object]]) -> Iterator[Hung]:
        """Tell the stated fields of a group under its title; nothing where none is stated."""
        stated = [(field, value) for field, value in fields if value not in (None, ())]
        if not stated:
            return
        shared = self.shared_source(field for field, _ in stated)
        yield from heading(title, shared)
        for field, value in stated:
            yield from self.field(field, value, shared)


def offer_lines(
    offer: Offer,
    catalog: Catalog,
    now: datetime,
    why: WhyMissing,
    link: Link | None = None,
    workload: Workload | None = None,
) -> Iterator[Hung]:
    """Tell everything of an offer, and what the workload costs with it."""
    teller = _Teller(offer, catalog, now, why)
    yield [(offer.name or offer.id, "strong")], 0
    yield [(f"{offer.provider} / ", "dim"), (offer.id, "")], 2
    if link is not None:
        yield from _link_lines(link)
    yield from ending_lines(offer, now)
    yield from teller.section("Limits", [(field, getattr(offer, field)) for field in LIMITS])
    yield from _price_lines(teller)
    yield from cost_lines(offer, workload)
    yield from _capability_lines(teller)
    yield from teller.section("About", [(field, getattr(offer, field)) for field in FACTS])
    if offer.deployment is not None:
        fields = [(f"deployment.{field}", getattr(offer.deployment, field)) for field in DEPLOYMENT]
        yield from teller.section("Deployment", fields)
    yield from _latency_lines(offer, catalog, now)
    yield from _missing_lines(teller)
    yield from _problem_lines(offer)
    if offer.description:
        yield from heading("Description")
        yield [(clean(offer.description), "")], 0
    yield from heading("Sources")
    for source in offer.sources:
        fetched = teller.ages.get(source)
        yield [(source, ""), (f"  {age((now - fetched).total_seconds())}" if fetched else "", "dim")], 0


def _link_lines(link: Link) -> Iterator[Hung]:
    sure = "" if link.score >= 100 else f" {link.score:.0f} of 100"
    yield [("joined by ", "dim"), (link.method + sure, ""), (f": {link.basis}" if link.basis else "", "dim")], 2


def _price_lines(teller: _Teller) -> Iterator[Hung]:
    offer = teller.offer
    stated = [f"prices.{name}" for name in PRICE_FIELDS if getattr(offer.prices, name) is not None]
    shared = teller.shared_source(stated)
    yield from heading("Prices", f"$ per 1M tokens  {shared}".rstrip())
    if offer.price_state in PRICE_STATES:
        yield [PRICE_STATES[offer.price_state]], 2
    for name in PRICE_FIELDS:
        price = getattr(offer.prices, name)
        if price is None:
            continue
        for place, (line, hang) in enumerate(teller.field(f"prices.{name}", price, shared)):
            unit = "" if name in TOKEN_PRICES or place or name == "discount" else f" per {_UNITS.get(name, name)}"
            yield [*line[:3], (unit, ""), *line[3:]], hang
    for tier in offer.price_tiers:
        above = f"above {tokens(tier.above_prompt_tokens)} tokens" if tier.above_prompt_tokens else ""
        hours = f"{tier.utc_start}-{tier.utc_end} UTC {' '.join(tier.utc_days)}" if tier.utc_start else ""
        prices = ", ".join(
            f"{name.replace('_', ' ')} {usd(value)}"
            for name in PRICE_FIELDS
            if (value := getattr(tier.prices, name)) is not None
        )
        yield [(f"{'Tier':<{LABEL}} ", "dim"), (f"{above}{hours}".strip() or "other", ""), (f": {prices}", "strong")], 3


_UNITS = {"characters": "1M characters", "web_search": "search", "image": "image", "step": "step", "second": "second"}


def _capability_lines(teller: _Teller) -> Iterator[Hung]:
    words = words_of(teller.offer.capabilities)
    if not words:
        return
    yield from heading("Capabilities")
    by_source: dict[str, list[str]] = {}
    for word in words:
        claims = teller.claims.get(f"capabilities.{word}", ())
        by_source.setdefault(teller.source(claims[0]) if claims else "", []).append(word.replace("_", " "))
    for source, stated in by_source.items():
        yield [(", ".join(stated), ""), (f"  {source}", "dim")], 0


def _latency_lines(offer: Offer, catalog: Catalog, now: datetime) -> Iterator[Hung]:
    sample = catalog.latency.get(offer.key)
    if sample is None:
        return
    yield from heading("Latency", f"{sample.runs} runs · {age((now - sample.measured_at).total_seconds())}")
    if sample.error:
        yield [(clean(sample.error), "bad")], 0
    for label, value, unit in (
        ("First token", sample.ttft_s, "s"),
        ("First answer", sample.ttfa_s, "s"),
        ("Total", sample.total_s, "s"),
        ("Speed", sample.tokens_per_s, "tok/s"),
    ):
        if value is not None:
            yield [(f"{label:<{LABEL}} ", "dim"), (f"{value:.2f} {unit}", "strong")], LABEL + 1


def _missing_lines(teller: _Teller) -> Iterator[Hung]:
    offer = teller.offer
    missing = [field for field in EXPECTED if _stated(offer, field) in (None, ())]
    if not missing:
        return
    yield from heading("Not stated")
    for field in missing:
        yield [(f"{label_of(field):<{LABEL}} ", "dim"), (clean(teller.why(offer, field)), "")], LABEL + 1


def _stated(offer: Offer, field: str) -> object:
    group, _, name = field.rpartition(".")
    return getattr(offer.prices if group == "prices" else offer, name)


def _problem_lines(offer: Offer) -> Iterator[Hung]:
    if offer.problems:
        yield from heading("Problems")
    for problem in offer.problems:
        yield [(f"{problem.source} {problem.field}: ", "dim"), (clean(problem.reason), "warn")], 2


def model_lines(
    model: Model, catalog: Catalog, now: datetime, why: WhyMissing, workload: Workload | None = None
) -> Iterator[Hung]:
    """Tell of a model: its offers one by one, then everything of each."""
    links = {(link.provider, link.offer_id): link for link in model.links}
    if len(model.offers) == 1:
        offer = model.offers[0]
        yield from offer_lines(offer, catalog, now, why, links.get((offer.provider, offer.id)), workload)
        return
    yield [(model.name, "strong")], 0
    yield [(f"{len(model.offers)} offers · ", "dim"), (model.key, "dim")], 2
    yield from heading("Offers", "input / output $ per 1M · context")
    for offer in model.offers:
        yield from _offer_summary(offer, links.get((offer.provider, offer.id)))
    for offer in model.offers:
        yield [], 0
        yield [("─" * 24, "dim")], 0
        yield from offer_lines(offer, catalog, now, why, links.get((offer.provider, offer.id)), workload)


def _offer_summary(offer: Offer, link: Link | None) -> Iterator[Hung]:
    prices = {PriceState.STATED: "", PriceState.ZERO: "free", PriceState.UNKNOWN: MISSING}.get(
        offer.price_state, offer.price_state.replace("_", " ")
    )
    prices = prices or f"{usd(offer.prices.input)} / {usd(offer.prices.output)}"
    context = tokens(offer.context_length) if offer.context_length is not None else MISSING
    extra = " · ".join(word for word in (offer.quantization, offer.variant, offer.status) if word)
    yield (
        [
            (f"{offer.provider:<{LABEL}} ", "strong"),
            (f"{prices}  {context}", ""),
            (f"  {extra}" if extra else "", ""),
            (f"  {link.method} {link.score:.0f}" if link else "", "dim"),
            ("  ≠" if offer.conflicts else "", "warn"),
        ],
        LABEL + 1,
    )
