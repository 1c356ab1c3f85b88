"""From stored answers to the catalog: read each, merge each provider, link the models; nothing read or merged twice."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cached_property

from msgspec.structs import replace

from modeltui import snapshot
from modeltui.config import Config
from modeltui.errors import PayloadError
from modeltui.merge.aliases import Aliases
from modeltui.merge.gaps import Gaps, analyse
from modeltui.merge.match import pair
from modeltui.merge.offers import Catalogue, ProviderOffers, build_offers
from modeltui.merge.rows import build_models
from modeltui.model import Claims, Model, Offer
from modeltui.providers.read import read
from modeltui.providers.registry import PROVIDERS, SHIPPED_SOURCE
from modeltui.providers.spec import NoKey, Provider, Public
from modeltui.secret import Secret
from modeltui.service.lineup import ProviderPlan, SourcePlan, uses_key
from modeltui.service.statuses import Answer, shipped_status, status_of
from modeltui.state import Catalog, Reading, Response, SourceStatus
from modeltui.store import Head, Store

Heads = Mapping[tuple[str, str], Head]


def aliases_of(config: Config) -> Aliases:
    """Turn the config's decisions about identity into the merge's."""
    return Aliases.of(same=[alias.ids for alias in config.same], different=[alias.ids for alias in config.different])


def scopes_of(plan: ProviderPlan, source: SourcePlan, salt: bytes) -> tuple[str, ...]:
    """The scopes under which a source's answers may be stored, the best first.

    What a key may see is kept apart from what everybody may see: another key must not be shown it. So is what a
    place of the user's own answers, of which the built-in one knows nothing, nor does another such place.
    """
    at = f"\n{source.place}" if source.place else ""
    keyless = Secret("").fingerprint(salt, at) if at else ""
    if plan.key is None or not uses_key(plan, source):
        return (keyless,)
    scope = plan.key.fingerprint(salt, at)
    open_to_all = source.source.public is not Public.NO
    return (scope, keyless) if open_to_all else (scope,)


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
        self._merged: dict[str, tuple[tuple[tuple[str | None, ...], Catalogue | None], ProviderOffers]] = {}
        self._told: tuple[Reading | None, dict[str, Catalogue]] = (None, {})
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
            return known[1]
        found = read(plan.slug, source.source, response.pages, response.fetched_at)
        self.take(source.name, response.sha256, found)
        return found

    def take(self, source: str, sha256: str, reading: Reading) -> None:
        """Take over the reading of an answer, so that its bytes are not read again."""
        self._readings[source] = (sha256, reading)

    def _answer(self, plan: ProviderPlan, source: SourcePlan, heads: Heads) -> Answer:
        known = self._readings.get(source.name)
        for scope in scopes_of(plan, source, self.store.salt) if known and not self._moments else ():
            head = heads.get((source.name, scope))
            if head is not None and known is not None and head.sha256 == known[0]:
                return Answer(source, known[1], head.sha256, head.checked_at, head.status)
            if head is not None:
                break
        response = self.response(plan, source)
        if response is None:
            return Answer(source, None, None, None, None)
        try:
            reading = self.reading(plan, source, response)
        except PayloadError as error:
            return Answer(source, None, response.sha256, response.checked_at, response.status, error.message)
        return Answer(source, reading, response.sha256, response.checked_at, response.status)

    @cached_property
    def _shipped(self) -> Reading:
        shipped = snapshot.load()
        source = replace(PROVIDERS["models-dev"].sources[0], name="catalog")
        reading = read("snapshot", source, [shipped.body], shipped.taken_at)
        return replace(reading, source=SHIPPED_SOURCE)

    # -------------------------------------------------------------------------------------------- the catalog

    def build(self, now: datetime) -> Catalog:
        """Build the catalog of this moment from what is stored."""
        answers: dict[str, list[Answer]] = {}
        heads = self.store.heads()
        for plan in self.plans.values():
            listing = [s for s in plan.sources if not s.source.on_demand]
            answers[plan.slug] = [self._answer(plan, source, heads) for source in listing if not _is_off(source)]
        catalogue = self._catalogue(answers)
        merged = self._merge(answers, catalogue)
        offers, models = self._link(merged)
        claims: dict[str, Claims] = {}
        for part in merged:
            claims |= part.claims
        return Catalog(
            offers=offers,
            models=models,
            sources=self._statuses(answers, now, catalogue),
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

    def _catalogue(self, answers: Mapping[str, Sequence[Answer]]) -> Reading | None:
        for slug, plan in self.plans.items():
            if plan.provider.catalogue:
                for answer in answers[slug]:
                    if answer.reading is not None:
                        return answer.reading
        return self._shipped if self.use_snapshot else None

    def _merge(self, answers: Mapping[str, Sequence[Answer]], catalogue: Reading | None) -> list[ProviderOffers]:
        if catalogue is not self._told[0]:
            self._told = (catalogue, _by_provider(catalogue) if catalogue else {})
        told = self._told[1]
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
            key = (tuple(answer.sha256 for answer in found), part)
            known = self._merged.get(slug)
            if known is None or known[0][0] != key[0] or known[0][1] is not part:
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

    def gaps(self, one: str, other: str) -> Gaps | None:
        """Analyse how two sources join, as of the last build; `None` where one of them has no answer."""
        if one not in self._readings or other not in self._readings:
            return None
        provider = one.partition("/")[0]
        readings = self._readings[one][1], self._readings[other][1]
        ids = [tuple(record.id for record in reading.records) for reading in readings]
        return analyse(*readings, pair(ids[0], ids[1], self.aliases, provider), provider=provider)

    def _statuses(
        self, answers: Mapping[str, Sequence[Answer]], now: datetime, catalogue: Reading | None
    ) -> tuple[SourceStatus, ...]:
        attempts = self.store.attempts()
        statuses: list[SourceStatus] = []
        for slug, plan in self.plans.items():
            by_name = {answer.plan.name: answer for answer in answers[slug]}
            for source in plan.sources:
                attempt = attempts.get(source.name)
                if attempt is not None and attempt.scope not in scopes_of(plan, source, self.store.salt):
                    attempt = None  # it was made with another key, or somewhere else
                if not source.source.on_demand:
                    told = status_of(plan, source, by_name.get(source.name), attempt, now, self.config.ttl_minutes)
                    statuses.append(told)
        if catalogue is not None and catalogue.source == SHIPPED_SOURCE:
            statuses.append(shipped_status(catalogue))
        return tuple(statuses)


def _is_off(source: SourcePlan) -> bool:
    return source.skip.startswith(("turned off", "not one of"))


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
