"""One run of the program: the config, the store and the line-up, and what the screens and the commands ask of them."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from modeltui import config as configuration
from modeltui import paths
from modeltui.config import Config
from modeltui.errors import NotFoundError
from modeltui.model import Claim, Offer
from modeltui.secret import Redactor
from modeltui.service import marks, remembered, startfile
from modeltui.service.events import CatalogBuilt, Event, RefreshFinished
from modeltui.service.lastrun import LastRun
from modeltui.state import Catalog, LatencySample, Opening, Response

if TYPE_CHECKING:
    # Imported where they are used: the first frame needs the start-up file and none of these.
    from modeltui.diff import Diff
    from modeltui.merge.aliases import Aliases
    from modeltui.merge.gaps import Gaps
    from modeltui.service.catalog import CatalogBuilder
    from modeltui.service.lineup import ProviderPlan, SourcePlan
    from modeltui.service.trials import Estimate
    from modeltui.store import Store


class Session:
    """Everything a run of the program shares; made once by a command or the terminal UI."""

    def __init__(
        self,
        config: Config,
        *,
        cache_dir: Path,
        state_dir: Path | None = None,
        environ: Mapping[str, str] = os.environ,
        offline: bool = False,
        use_snapshot: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.config = config
        self.cache_dir = cache_dir
        self.state_dir = state_dir or paths.state_dir(environ)
        self.offline = offline
        self.use_snapshot = use_snapshot
        self.clock = clock
        self.environ = environ
        self._full: Catalog | None = None
        self._last = LastRun(cache_dir, self._is_of_now)
        self._salt = os.urandom(16)

    # -------------------------------------------------------------------------------------------- the catalog

    @cached_property
    def plans(self) -> "tuple[ProviderPlan, ...]":
        """The line-up: every provider, with where it is asked and with which key."""
        from modeltui.service.lineup import line_up

        return line_up(self.config, self.environ)

    @cached_property
    def redactor(self) -> Redactor:
        """Takes every key of the line-up out of text."""
        return Redactor(plan.key for plan in self.plans if plan.key is not None)

    @cached_property
    def store(self) -> "Store":
        """The cache, opened when it is first needed."""
        from modeltui.store import Store

        return Store.open(self.cache_dir, history_days=round(self.config.history_days), clock=self.clock)

    @cached_property
    def builder(self) -> "CatalogBuilder":
        """Builds catalogs from the store."""
        from modeltui.service.catalog import CatalogBuilder

        return CatalogBuilder(self.plans, self.store, self.config, use_snapshot=self.use_snapshot)

    def catalog(self) -> Catalog:
        """Build the catalog from what is stored, with the claims of every value."""
        if self._full is None:
            self._full = self.builder.build(self.clock())
        return self._full

    def load(self) -> Catalog:
        """Give the catalog of the last run at once where there is one; its claims are read as they are asked for."""
        return self._last.catalog() or self._built()

    def opening(self, usual: str) -> Opening | None:
        """Give the first rows of what `load` will give, where they were kept as they are usually shown."""
        return self._last.opening(usual)

    def keep_opening(self, whole: Catalog, opening: Opening) -> bool:
        """Keep the first rows of a catalog for the next start; false where that will not load this catalog."""
        return self._last.keep_opening(whole, opening)

    def _built(self) -> Catalog:
        self._last.keep(self.catalog(), self._start_key())
        return self.catalog()

    def _is_of_now(self, start_key: str) -> bool:
        return marks.holds(start_key.partition(" ")[0], self.config, self.environ, use_snapshot=self.use_snapshot)

    def _start_key(self) -> str:
        names = [name for plan in self.plans if plan.is_listed_by_key for name in plan.variables]
        mark = marks.make(self._salt, names, self.config, self.environ, use_snapshot=self.use_snapshot)
        hashes = [f"{head.source} {head.scope} {head.sha256}" for head in self.store.heads().values()]
        return f"{mark} {startfile.key_of(hashes, None)}"

    def refresh(
        self, *, force: bool = False, providers: Collection[str] = (), accept_shrunk: bool = False
    ) -> AsyncGenerator[Event, None]:
        """Ask the sources in the background and tell what happens; offline it only builds what is stored.

        All of it happens in a thread of its own; closing the generator ends it soon.
        """
        from modeltui.service.aside import aside

        return aside(lambda: self._refreshed(force=force, providers=providers, accept_shrunk=accept_shrunk))

    async def _refreshed(
        self, *, force: bool, providers: Collection[str], accept_shrunk: bool
    ) -> AsyncGenerator[Event, None]:
        if self._full is None:
            self._full = await asyncio.to_thread(self.catalog)
            yield CatalogBuilt(self._full)
        if self.offline:
            yield RefreshFinished(self.clock(), 0, 0, 0, 0)
            return
        from modeltui.service.refresh import Refresher

        refresher = Refresher(
            self.builder,
            self.store,
            ttl_minutes=self.config.ttl_minutes,
            clock=self.clock,
            accept_shrunk=accept_shrunk,
            redactor=self.redactor,
        )
        async for event in refresher.run(force=force, providers=providers):
            if isinstance(event, CatalogBuilt):
                self._full = event.catalog
            yield event
        await asyncio.to_thread(self._built)

    # -------------------------------------------------------------------------------------------- decisions

    def decide(self, one: str, other: str, *, same: bool) -> Catalog:
        """Join two offers (`provider/id`) into one model or keep them apart, remember it in the config, build anew.

        `ConfigError` where the config file cannot be written; nothing has changed then.
        """
        from modeltui.decisions import DIFFERENT, SAME, remember

        path = self.decided_in
        remember(path, SAME if same else DIFFERENT, (one, other))
        decided = configuration.load(path)
        self.config = replace(self.config, path=path, same=decided.same, different=decided.different)
        self.builder.decide(self.config)
        self._full = self.builder.build(self.clock())
        return self._full

    @property
    def decided_in(self) -> Path:
        """The config file that decisions are written to."""
        return self.config.path or paths.config_file(self.environ)

    @property
    def aliases(self) -> "Aliases":
        """What the user has decided so far."""
        return self.builder.aliases

    def review(self) -> tuple[tuple[str, str, float], ...]:
        """List pairs of model keys that look alike and were not joined, with their score, best first."""
        from modeltui.merge.match import link

        return link(self.catalog().offers, self.builder.aliases, review=True).review

    def gaps(self, one: str, other: str) -> "Gaps | None":
        """Analyse how two sources join, as of the last build; `None` where one of them has no answer."""
        self.catalog()
        return self.builder.gaps(self.source_plan(one)[1].name, self.source_plan(other)[1].name)

    def changes(self, since: datetime) -> "Diff":
        """Tell what changed since a moment, from the answers that were kept."""
        from modeltui.service.changes import changes

        return changes(self.builder, since, self.clock(), self.catalog())

    def begin_visit(self) -> datetime | None:
        """Tell when the screen was opened last, `None` where it never was, and remember that it is opened now."""
        return remembered.begin_visit(self.state_dir, self.clock())

    # -------------------------------------------------------------------------------------------- one record

    def plan(self, slug: str) -> "ProviderPlan":
        """Find a provider of the line-up; `NotFoundError` names near misses."""
        from difflib import get_close_matches

        known = {plan.slug: plan for plan in self.plans}
        if slug not in known:
            raise NotFoundError(f"no provider is called {slug!r}", near=tuple(get_close_matches(slug, known)))
        return known[slug]

    def source_plan(self, name: str) -> "tuple[ProviderPlan, SourcePlan]":
        """Find a source by `provider/source`, or by its provider's name alone where that has one source."""
        slug, _, rest = name.partition("/")
        plan = self.plan(slug)
        listing = [source for source in plan.sources if not source.source.on_demand]
        found = [source for source in listing if source.name == name] if rest else listing[:1]
        if not found:
            near = tuple(source.name for source in listing)
            raise NotFoundError(f"{slug} has no source {rest!r}", near=near)
        return plan, found[0]

    def response(self, name: str) -> Response | None:
        """Give the stored answer of a source."""
        plan, source = self.source_plan(name)
        return self.builder.response(plan, source)

    def raw(self, source: str, record_id: str) -> object | None:
        """Give one record as the source sent it, or `None` where the source or the record is not at hand."""
        from modeltui.service import records

        if source.startswith("snapshot/"):
            return records.shipped(record_id)
        try:
            plan, found = self.source_plan(source)
        except NotFoundError:
            return None
        response = self.builder.response(plan, found)
        return None if response is None else records.stored(found, response, record_id)

    def why_missing(self, offer: Offer, field: str) -> str:
        """Say in one line why nothing is stated for a field of an offer."""
        from modeltui.merge.missing import why_missing

        plan = self.builder.plans.get(offer.provider)
        if plan is None or all(source.startswith("snapshot/") for source in offer.sources):
            return f"{' and '.join(offer.sources)} says nothing of it; {offer.provider} itself has not been read"
        return why_missing(plan.provider, offer, field)

    def has_detail(self, offer: Offer) -> bool:
        """Tell whether the provider has an endpoint for this one model, that `deployment` would ask."""
        from modeltui.service import records

        return records.on_demand(self.builder.plans.get(offer.provider)) is not None

    async def deployment(self, offer: Offer) -> Mapping[str, Claim] | str:
        """Ask for one record by itself, where the provider has such an endpoint; else say why not, in one line."""
        from modeltui.service import records

        return "offline: not asked" if self.offline else await records.asked(self.builder.plans, offer, self.clock())

    # -------------------------------------------------------------------------------------------- latency

    def estimate(self, offers: Sequence[Offer], runs: int) -> "Estimate":
        """Tell how many requests a latency test sends, warm-up included, and what they cost at most."""
        from modeltui.service.trials import estimate

        return estimate(offers, runs)

    async def measure(self, offers: Sequence[Offer], runs: int = 3) -> AsyncIterator[LatencySample]:
        """Test the offers one after the other, store each result and yield it; errors are results."""
        from modeltui.service.trials import not_asked, trials

        if self.offline:
            for offer in offers:
                yield not_asked(offer, self.clock(), "offline")
            return
        async for sample in trials(self.builder.plans, offers, runs, self.clock):
            if sample.runs or sample.status:
                await asyncio.to_thread(self.store.add_latency, sample)
            yield sample

    # -------------------------------------------------------------------------------------------- what is remembered

    def saved_view(self) -> Mapping[str, object]:
        """Give what the screen remembered of the last run; nothing where there is none or it cannot be read."""
        return remembered.load(self.state_dir)

    def save_view(self, state: Mapping[str, object]) -> None:
        """Remember columns, sort, favourites and hidden rows; a folder that cannot be written costs only that."""
        remembered.save(self.state_dir, state)

    def close(self) -> None:
        """Close the store, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()
