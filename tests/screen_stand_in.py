"""A catalog, a clock and a backend that stay the same, for everything that is tested on a screen."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct
from textual.app import App

from modeltui.config import Config
from modeltui.diff import Change, Diff
from modeltui.merge.aliases import Aliases
from modeltui.merge.gaps import Gaps
from modeltui.model import Claim, Claims, Deployment, Link, Model, Offer, Prices, PriceState, Problem, mask_of
from modeltui.service.events import CatalogBuilt, Event, FetchFinished, FetchStarted, RefreshFinished
from modeltui.state import Catalog, LatencySample, Opening, SourceHealth, SourceStatus
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.browse import BrowseScreen

NOW = datetime(2026, 7, 3, 12, 0, tzinfo=UTC)


EVIL = "evil\x1b]0;x\x07\u202e"
"""A name that would set the terminal's title and turn the writing round."""


def make_offer(provider: str, offer_id: str, model: str, price: str | None, **fields: object) -> Offer:
    prices = Prices() if price is None else Prices(input=Decimal(price), output=Decimal(price) * 4)
    state = PriceState.UNKNOWN if price is None else PriceState.STATED if Decimal(price) else PriceState.ZERO
    words = fields.pop("words", ("tools",))
    assert isinstance(words, tuple)
    return Offer(
        provider=provider,
        id=offer_id,
        model=model,
        capabilities=mask_of(words),
        prices=prices,
        price_state=state,
        sources=(f"{provider}/models",),
        **fields,  # type: ignore[arg-type]  # the fields of an offer by name
    )


def make_catalog() -> Catalog:
    def day(year: int, month: int) -> datetime:
        return datetime(year, month, 1, tzinfo=UTC)

    offers = (
        make_offer(
            "chutes", "Qwen/Qwen3-32B", "qwen3-32b", "0.08", name="Qwen3 32B", context_length=131072,
            max_output_tokens=65536, quantization="fp8", created_at=day(2025, 5), conflicts=("max_output_tokens",),
            deployment=Deployment(hot=True, instances=3, invocations=1234), words=("tools", "reasoning"),
        ),
        make_offer(
            "openrouter", "qwen/qwen3-32b", "qwen3-32b", "0.1", name="Qwen3 32B", context_length=40960,
            created_at=day(2025, 5), words=("tools", "reasoning", "vision"),
        ),
        make_offer(
            "openrouter", "x-ai/grok-4:free", "grok-4", "0", name="Grok 4", context_length=256000,
            created_at=day(2025, 7), words=("tools", "vision"),
        ),
        make_offer("mistral", "mistral-large-2512", "mistral-large", None, name="Mistral [bold]Large[/nope]",
                   created_at=day(2025, 12)),
        make_offer("venice", EVIL, "evil", "3", name=EVIL, created_at=day(2024, 1)),
    )  # fmt: skip
    by_model: dict[str, list[Offer]] = {}
    for offer in offers:
        by_model.setdefault(offer.model, []).append(offer)
    models = tuple(
        Model(key, members[0].name or key, tuple(members), tuple(_link(member) for member in members))
        for key, members in by_model.items()
    )
    claims: dict[str, Claims] = {
        offers[0].key: {
            "max_output_tokens": (
                Claim(65536, "chutes/v1", "max_output_length"),
                Claim(32768, "openrouter/models", "top_provider.max_completion_tokens"),
            ),
            "context_length": (Claim(131072, "chutes/v1", "context_length"),),
        }
    }
    return Catalog(offers, models, _sources(), NOW, claims)


def _link(offer: Offer) -> Link:
    return Link(offer.provider, offer.id, "normalised", 97.0, "same family, version and size")


def _sources() -> tuple[SourceStatus, ...]:
    return (
        SourceStatus("chutes/models", "chutes", "https://chutes.example/v1/models", SourceHealth.LIVE,
                     fetched_at=NOW - timedelta(minutes=3), status=200, records=1, public=True),
        SourceStatus("openrouter/models", "openrouter", "https://openrouter.example/models", SourceHealth.LIVE,
                     fetched_at=NOW - timedelta(minutes=3), status=200, records=2, public=True,
                     problems=(Problem("openrouter/models", "#12", "context_length", "'lots' is no number"),)),
        SourceStatus("venice/models", "venice", "https://venice.example/models", SourceHealth.FAILED,
                     fetched_at=NOW - timedelta(days=2), error="timed out after 20 s", hint="check the network"),
        SourceStatus("mistral/models", "mistral", "https://mistral.example/models", SourceHealth.SKIPPED,
                     key_env=("MISTRAL_API_KEY",), hint="set MISTRAL_API_KEY"),
        SourceStatus("snapshot/catalog", "snapshot", "", SourceHealth.SHIPPED, fetched_at=NOW - timedelta(days=33)),
    )  # fmt: skip


class SomeEstimate(Struct):
    requests: int
    usd: Decimal | None
    max_tokens: int


def make_many(count: int) -> Catalog:
    """A catalog of which every column has other values, some twice and some none."""
    catalog = make_catalog()
    offers = tuple(
        make_offer(
            f"provider{number % 7}", f"model-{number * 7919 % count}", f"model-{number % (count // 2)}",
            None if number % 5 == 0 else f"{number % 13}.5",
            context_length=None if number % 3 == 0 else 1000 * (number % 17),
            created_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number * 31 % 400),
        )
        for number in range(count)
    )  # fmt: skip
    by_model: dict[str, list[int]] = {}
    for place, offer in enumerate(offers):
        by_model.setdefault(offer.model, []).append(place)
    models = tuple(Model(key, key.title(), tuple(offers[place] for place in own)) for key, own in by_model.items())
    return msgspec.structs.replace(catalog, offers=offers, models=models, claims={})


class StandIn:
    """A backend of fixed answers that remembers what it was asked."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        self.catalog = catalog or make_catalog()
        self.next_catalog: Catalog | None = None
        self.config = Config()
        self.answer: Mapping[str, Claim] | str = {
            "deployment.hot": Claim(value=True, source="chutes/deployment", path="hot")
        }
        self.kept: tuple[Catalog | None, Opening | None] = None, None
        self.view: dict[str, object] = {}
        self.aliases = Aliases.none()
        self.decided: list[tuple[str, str, bool]] = []
        self.some_gaps: Gaps | None = None
        self.asked_gaps: list[tuple[str, str]] = []
        self.some_changes: tuple[Change, ...] = ()
        self.asked_since: list[datetime] = []
        self.last_visit: datetime | None = NOW - timedelta(days=2)
        self.measured: list[str] = []
        self.refreshes = 0
        self.gate = asyncio.Event()
        self.gate.set()

    def load(self) -> Catalog:
        return self.catalog

    def opening(self, usual: str) -> Opening | None:
        whole, opening = self.kept
        return opening if opening and whole is self.catalog and opening.usual == usual else None

    def keep_opening(self, whole: Catalog, opening: Opening) -> bool:
        if whole is self.catalog:
            self.kept = whole, opening
        return whole is self.catalog

    async def refresh(self, *, force: bool = False, providers: Collection[str] = ()) -> AsyncIterator[Event]:
        self.refreshes += 1
        yield FetchStarted("chutes/models")
        yield FetchStarted("venice/models")
        await self.gate.wait()
        yield FetchFinished("chutes/models", "updated", status=200)
        yield FetchFinished("venice/models", "failed", message="timed out")
        yield CatalogBuilt(self.next_catalog or self.catalog)
        yield RefreshFinished(NOW, 1, 0, 1, 0)

    def estimate(self, offers: Sequence[Offer], runs: int) -> SomeEstimate:
        return SomeEstimate(len(offers) * (runs + 1), Decimal("0.0012"), 64)

    async def measure(self, offers: Sequence[Offer], runs: int) -> AsyncIterator[LatencySample]:
        for offer in offers:
            await self.gate.wait()
            self.measured.append(offer.key)
            yield LatencySample(offer.provider, offer.id, NOW, runs, ttft_s=0.42, tokens_per_s=84.0)

    def raw(self, source: str, record_id: str) -> object | None:
        return {"id": record_id, "pricing": {"prompt": "0.1", "tags": ["[bold]x", "\x1b[31mred"]}}

    def has_detail(self, offer: Offer) -> bool:
        return offer.provider in ("chutes", "openrouter")

    async def deployment(self, offer: Offer) -> Mapping[str, Claim] | str:
        return self.answer

    def why_missing(self, offer: Offer, field: str) -> str:
        return f"{offer.sources[0]} carries no {field}"

    def save_view(self, state: Mapping[str, object]) -> None:
        self.view = dict(state)

    def saved_view(self) -> Mapping[str, object]:
        return self.view

    # -- links, gaps and changes -------------------------------------------------------------------------------

    decided_in = Path("/home/person/.config/modeltui/config.toml")

    def decide(self, one: str, other: str, *, same: bool) -> Catalog:
        self.decided.append((one, other, same))
        self.aliases = self.aliases.join(one, other) if same else self.aliases.split(one, other)
        return self.next_catalog or self.catalog

    def review(self) -> Sequence[tuple[str, str, float]]:
        return (("grok-4", "mistral-large", 91.0),)

    def gaps(self, one: str, other: str) -> Gaps | None:
        self.asked_gaps.append((one, other))
        return self.some_gaps

    def changes(self, since: datetime) -> Diff:
        self.asked_since.append(since)
        return Diff(since, NOW, self.some_changes)

    def begin_visit(self) -> datetime | None:
        return self.last_visit


class MakeApp(Protocol):
    def __call__(self, *, auto_refresh: bool = False, theme: str | None = None) -> ModelTuiApp: ...


def browse(app: App[None]) -> BrowseScreen:
    """Give the main screen of a running app."""
    screen = app.screen_stack[0]
    assert isinstance(screen, BrowseScreen)
    return screen


def titles(app: ModelTuiApp) -> list[str]:
    """Give the titles of the rows in view, in their order."""
    view = browse(app).view
    return [view.rows[index].title for index in view.order]
