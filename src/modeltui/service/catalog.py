"""From stored answers to the catalog: read each, merge each provider, link the models; nothing read or merged twice."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from modeltui import snapshot
from modeltui.config import Config
from modeltui.errors import PayloadError
from modeltui.merge.aliases import Aliases
from modeltui.merge.offers import Catalogue, ProviderOffers, build_offers
from modeltui.merge.rows import build_models
from modeltui.model import Catalog, Claims, Model, Offer, Reading, Response, SourceHealth, SourceStatus
from modeltui.providers.read import read
from modeltui.providers.registry import LIVE_CATALOGUE, PROVIDERS, SHIPPED_SOURCE
from modeltui.providers.spec import KeyUse, NoKey, Provider, Public
from modeltui.service.lineup import ProviderPlan, SourcePlan
from modeltui.store import Attempt, Store


def aliases_of(config: Config) -> Aliases:
    """Turn the config's decisions about identity into the merge's."""
    return Aliases.of(same=[alias.ids for alias in config.same], different=[alias.ids for alias in config.different])


def scopes_of(plan: ProviderPlan, source: SourcePlan, salt: bytes) -> tuple[str, ...]:
    """The scopes under which a source's answers may be stored, the best first.

    What a key may see is kept apart from what everybody may see: another key must not be shown it.
    """
    if plan.key is None or source.source.key_use is KeyUse.NEVER or isinstance(plan.provider.auth, NoKey):
        return ("",)
    scope = hmac.new(salt, plan.key.reveal().encode(), hashlib.sha256).hexdigest()[:16]
    open_to_all = source.source.public is not Public.NO
    return (scope, "") if open_to_all else (scope,)


class _Answer(Struct, frozen=True):
    """One source's stored answer, read."""

    plan: SourcePlan
    reading: Reading | None
    sha256: str | None
    checked_at: datetime | None
    status: int | None
    error: str = ""


class CatalogBuilder:
    """Builds catalogs from the store; keeps readings and merged providers until their answers change."""

    def __init__(
        self, plans: Sequence[ProviderPlan], store: Store, config: Config, *, use_snapshot: bool = True
    ) -> None:
        self.plans = {plan.slug: plan for plan in plans}
        self.store = store
        self.config = config
        self.aliases = aliases_of(config)
        self.use_snapshot = use_snapshot
        self._readings: dict[str, tuple[str, Reading]] = {}
        self._merged: dict[str, tuple[object, ProviderOffers]] = {}
        self._moments: tuple[datetime, ...] = ()
        self._linked: tuple[tuple[int, ...], tuple[Offer, ...], tuple[Model, ...]] | None = None

    def decide(self, config: Config) -> None:
        """Take over the user's word on links; everything is merged again at the next build, nothing is read again."""
        self.config = config
        self.aliases = aliases_of(config)
        self._merged.clear()
        self._linked = None

    # -------------------------------------------------------------------------------------------- readings

    def response(self, plan: ProviderPlan, source: SourcePlan) -> Response | None:
        """The answer of a source that is shown: of the key in use, or of everybody where the list is public."""
        for scope in scopes_of(plan, source, self.store.salt):
            found = self._stored(source.name, scope)
            if found is not None:
                return found
        return None

    def _stored(self, name: str, scope: str) -> Response | None:
        if not self._moments:
            return self.store.last_good(name, scope)
        found = [self.store.at(name, moment, scope) for moment in self._moments]
        return None if None in found else found[0]

    def reading(self, plan: ProviderPlan, source: SourcePlan, response: Response) -> Reading:
        """Read an answer, or take the reading of the same bytes; `PayloadError` where it is not what it should be."""
        known = self._readings.get(source.name)
        if known is not None and known[0] == response.sha256:
            return replace(known[1], fetched_at=response.checked_at)
        found = read(plan.slug, source.source, response.pages, response.fetched_at)
        self._readings[source.name] = (response.sha256, found)
        return replace(found, fetched_at=response.checked_at)

    def _answer(self, plan: ProviderPlan, source: SourcePlan) -> _Answer:
        response = self.response(plan, source)
        if response is None:
            return _Answer(source, None, None, None, None)
        try:
            reading = self.reading(plan, source, response)
        except PayloadError as error:
            return _Answer(source, None, response.sha256, response.checked_at, response.status, error.message)
        return _Answer(source, reading, response.sha256, response.checked_at, response.status)

    @cached_property
    def _shipped(self) -> Reading:
        shipped = snapshot.load()
        source = replace(PROVIDERS["models-dev"].sources[0], name="catalog")
        reading = read("snapshot", source, [shipped.body], shipped.taken_at)
        return replace(reading, source=SHIPPED_SOURCE)

    # -------------------------------------------------------------------------------------------- the catalog

    def build(self, now: datetime) -> Catalog:
        """Build the catalog of this moment from what is stored."""
        answers: dict[str, list[_Answer]] = {}
        for plan in self.plans.values():
            listing = [s for s in plan.sources if not s.source.on_demand]
            answers[plan.slug] = [self._answer(plan, source) for source in listing if not _is_off(source)]
        catalogue = self._catalogue(answers)
        merged = self._merge(answers, catalogue)
        offers, models = self._link(merged)
        claims: dict[str, Claims] = {}
        for part in merged:
            claims |= part.claims
        return Catalog(
            offers=offers,
            models=models,
            sources=self._statuses(answers, now),
            built_at=now,
            claims=claims,
            latency=self.store.latency(),
        )

    def build_at(self, when: datetime, *known_at: datetime) -> Catalog:
        """Build the catalog of a moment from the answers of that time; tries and latency tests are those of now.

        Only sources count that had an answer, under the same key, at each instant of `known_at` too: two catalogs
        then differ by what sources say, not by which were asked.
        """
        then = copy(self)
        then._moments, then._readings, then._merged = (when, *known_at), dict(self._readings), dict(self._merged)
        return then.build(when)

    def _catalogue(self, answers: Mapping[str, Sequence[_Answer]]) -> Reading | None:
        for slug, plan in self.plans.items():
            if plan.provider.catalogue:
                for answer in answers[slug]:
                    if answer.reading is not None:
                        return answer.reading
        return self._shipped if self.use_snapshot else None

    def _merge(self, answers: Mapping[str, Sequence[_Answer]], catalogue: Reading | None) -> list[ProviderOffers]:
        told = _by_provider(catalogue) if catalogue else {}
        slugs = [slug for slug, plan in self.plans.items() if not plan.provider.catalogue]
        slugs += [slug for slug in told if slug not in self.plans]
        merged = []
        for slug in slugs:
            if self.config.only and slug not in self.config.only:
                continue
            found = [answer for answer in answers.get(slug, ()) if answer.reading is not None]
            part = told.get(slug)
            if (part is None and not found) or self._is_off(slug):
                continue
            key = (
                tuple((answer.sha256, answer.checked_at) for answer in found),
                part and (part.source, part.fetched_at, len(part.records)),
            )
            known = self._merged.get(slug)
            if known is None or known[0] != key:
                provider = self.plans[slug].provider if slug in self.plans else _told_of(slug)
                readings = [answer.reading for answer in found if answer.reading is not None]
                known = (key, build_offers(provider, readings, part, self.aliases))
                self._merged[slug] = known
            merged.append(known[1])
        return merged

    def _is_off(self, slug: str) -> bool:
        own = self.config.providers.get(slug)
        return own is not None and own.enabled is False

    def _link(self, merged: Sequence[ProviderOffers]) -> tuple[tuple[Offer, ...], tuple[Model, ...]]:
        """Link the offers into models, unless they are the very offers that were linked last."""
        key = tuple(id(part) for part in merged)
        if self._linked is None or self._linked[0] != key:
            offers = [offer for part in merged for offer in part.offers]
            self._linked = (key, *build_models(offers, self.aliases))
        return self._linked[1], self._linked[2]

    def provider_offers(self, slug: str) -> ProviderOffers | None:
        """The merged offers of one provider as of the last build, with the pairs of its sources."""
        known = self._merged.get(slug)
        return known[1] if known else None

    def readings_of(self, slug: str) -> tuple[Reading, ...]:
        """What the sources of one provider said, as of the last build."""
        plan = self.plans.get(slug)
        names = [source.name for source in plan.sources] if plan else []
        return tuple(self._readings[name][1] for name in names if name in self._readings)

    # -------------------------------------------------------------------------------------------- statuses

    def _statuses(self, answers: Mapping[str, Sequence[_Answer]], now: datetime) -> tuple[SourceStatus, ...]:
        attempts = self.store.attempts()
        statuses: list[SourceStatus] = []
        for slug, plan in self.plans.items():
            by_name = {answer.plan.name: answer for answer in answers[slug]}
            statuses += [
                self._status(plan, source, by_name.get(source.name), attempts.get(source.name), now)
                for source in plan.sources
                if not source.source.on_demand
            ]
        if self.use_snapshot:
            statuses.append(self._shipped_status())
        return tuple(statuses)

    def _status(
        self, plan: ProviderPlan, source: SourcePlan, answer: _Answer | None, attempt: Attempt | None, now: datetime
    ) -> SourceStatus:
        reading = answer.reading if answer else None
        error = (attempt.error if attempt else None) or (answer.error if answer and answer.error else None)
        checked_at = answer.checked_at if answer else None
        return SourceStatus(
            source=source.name,
            provider=plan.slug,
            url=source.url,
            health=_health(source, checked_at, error, now, self.config.ttl_minutes),
            fetched_at=checked_at,
            tried_at=attempt.tried_at if attempt else None,
            status=attempt.status if attempt else (answer.status if answer else None),
            error=source.skip or error,
            hint=source.hint or (attempt.hint if attempt else None),
            records=len(reading.records) if reading else 0,
            problems=reading.problems if reading else (),
            public=source.source.public is not Public.NO,
            key_env=plan.provider.auth.env,
            key_present=plan.key is not None,
            sha256=answer.sha256 if answer else None,
        )

    def _shipped_status(self) -> SourceStatus:
        shipped = self._shipped
        return SourceStatus(
            source=SHIPPED_SOURCE,
            provider="snapshot",
            url="the catalogue shipped with modeltui, facts of models.dev",
            health=SourceHealth.SHIPPED,
            fetched_at=shipped.fetched_at,
            records=len(shipped.records),
            problems=shipped.problems,
            public=True,
        )


def _is_off(source: SourcePlan) -> bool:
    return source.skip.startswith(("turned off", "not one of"))


def _health(
    source: SourcePlan, checked_at: datetime | None, error: str | None, now: datetime, ttl_minutes: float
) -> SourceHealth:
    if source.skip:
        return SourceHealth.SKIPPED
    if error:
        return SourceHealth.FAILED
    if checked_at is None:
        return SourceHealth.NEVER
    age_s = (now - checked_at).total_seconds()
    return SourceHealth.LIVE if -60 <= age_s <= ttl_minutes * 60 else SourceHealth.STALE


def _by_provider(catalogue: Reading) -> dict[str, Catalogue]:
    """Sort a catalogue's records by the provider they tell of."""
    records: dict[str, list[object]] = {}
    for record in catalogue.records:
        claim = record.claims.get("provider")
        if claim is not None:
            records.setdefault(str(claim.value), []).append(record)
    return {
        slug: Catalogue(catalogue.source, tuple(found), catalogue.fetched_at)  # type: ignore[arg-type]  # records
        for slug, found in records.items()
    }


def _told_of(slug: str) -> Provider:
    """A provider that only a catalogue knows."""
    return Provider(slug=slug, name=slug, endpoint="", sources=(), auth=NoKey(), chat_path=None)


def is_shipped_only(catalog: Catalog) -> bool:
    """Tell whether every row comes from the shipped catalogue."""
    return all(LIVE_CATALOGUE not in o.sources and o.sources == (SHIPPED_SOURCE,) for o in catalog.offers)
