"""Ask every source at once, each on its own terms, and tell what came of it as events.

One bad source never touches another: a failure is an event and a note in the store, and the last good answer stays.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from modeltui.errors import PayloadError
from modeltui.memory import keep_what_is_loaded
from modeltui.providers.read import read
from modeltui.providers.spec import KeyUse
from modeltui.secret import Redactor
from modeltui.service.builds import Builds
from modeltui.service.due import Job, sort_sources
from modeltui.service.events import Event, FetchFinished, FetchRetrying, FetchStarted, RefreshFinished
from modeltui.service.lineup import auth_headers
from modeltui.service.locks import SourceLock
from modeltui.state import Catalog, Reading, Response
from modeltui.store import Attempt, Store, digest

if TYPE_CHECKING:
    import httpx

    from modeltui.service.catalog import CatalogBuilder
    from modeltui.service.fetch import Fetched, FetchFailed, NotModified

TIMEOUT_S: Final = 20.0
"""For one request, where the config says nothing else."""
AT_ONCE: Final = 24
"""Sources that are asked at the same time."""
REJECTED: Final = frozenset({"key rejected", "forbidden"})
LOCK_WAIT_S: Final = 46.0
"""Another process that asks the same source is waited for this long: no try of a source takes longer."""
LOCK_LOOK_S: Final = 0.05
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Refresher:
    """Refreshes the store from the sources of a line-up; drives the catalog of the same store."""

    def __init__(
        self,
        builder: "CatalogBuilder",
        store: Store,
        *,
        ttl_minutes: float,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        accept_shrunk: bool = False,
        redactor: Redactor | None = None,
    ) -> None:
        self.builder = builder
        self.store = store
        self.ttl = timedelta(minutes=ttl_minutes)
        self.clock = clock
        self.accept_shrunk = accept_shrunk
        self.redactor = redactor or Redactor()
        self.events: asyncio.Queue[Event | None] = asyncio.Queue()
        self.began_at = clock()
        self._computing = asyncio.Lock()

    async def run(self, *, force: bool = False, providers: Collection[str] = ()) -> AsyncGenerator[Event, None]:
        """Ask what is older than its TTL, or everything with `force`; yield events as they happen.

        Closing the generator cancels what is still under way.
        """
        self.began_at = self.clock()
        due = sort_sources(self.builder, now=self.began_at, ttl=self.ttl, force=force, providers=providers)
        finished = list(due.known)
        for outcome in due.known:
            yield outcome
        task = asyncio.create_task(self._drive(due.jobs))
        try:
            while (event := await self.events.get()) is not None:
                if isinstance(event, FetchFinished):
                    finished.append(event)
                yield event
            await task
        finally:
            task.cancel()
        yield _summary(finished, self.clock())

    async def _drive(self, jobs: Sequence[Job]) -> None:
        """Ask, and build catalogs meanwhile; the queue ends with `None` whatever happens."""
        builds = Builds(partial(self._alone, self._build), self.events.put_nowait)
        building = asyncio.create_task(builds.run())
        try:
            await self._ask_all(jobs, builds)
            builds.finish(one_more=not jobs)
            await building
        finally:
            building.cancel()
            self.events.put_nowait(None)

    def _build(self) -> Catalog:
        return self.builder.build(self.clock())

    async def _alone(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Work in a thread, one piece at a time: several at once only take longer turns from the screen."""
        async with self._computing:
            return await asyncio.to_thread(work, *args, **kwargs)

    # -------------------------------------------------------------------------------------------- asking

    async def _ask_all(self, jobs: Sequence[Job], builds: Builds) -> None:
        """Ask every source, a bounded number at once."""
        if not jobs:
            return
        from modeltui.service.fetch import open_client

        async with open_client() as client, asyncio.TaskGroup() as group:
            keep_what_is_loaded()
            gate = asyncio.Semaphore(AT_ONCE)
            for job in jobs:
                group.create_task(self._ask(client, job, gate, builds))

    async def _ask(self, client: "httpx.AsyncClient", job: Job, gate: asyncio.Semaphore, builds: Builds) -> None:
        async with gate:
            self.events.put_nowait(FetchStarted(job.source.name))
            started = time.monotonic()
            finished = await self._fetch_alone(client, job)
            elapsed_s = time.monotonic() - started
            self.events.put_nowait(_timed(finished, elapsed_s))
        if finished.outcome in {"updated", "failed", "unchanged"}:
            builds.note_change()

    async def _fetch_alone(self, client: "httpx.AsyncClient", job: Job) -> FetchFinished:
        """Ask while no other process does; what another asked since this refresh began is taken as the answer."""
        lock = SourceLock(self.store.path.parent, job.source.name)
        for _ in range(round(LOCK_WAIT_S / LOCK_LOOK_S)):
            if lock.is_taken_here():
                break
            await asyncio.sleep(LOCK_LOOK_S)
        try:
            tried = await asyncio.to_thread(self.store.attempt, job.source.name)
            if tried is None or not self.began_at < tried.tried_at <= self.clock():
                return await self._fetch_and_keep(client, job)
        finally:
            lock.release()
        if tried.error is None:
            return FetchFinished(job.source.name, "unchanged", message="asked by another process")
        return FetchFinished(job.source.name, "failed", status=tried.status, message=tried.error, hint=tried.hint or "")

    async def _fetch_and_keep(self, client: "httpx.AsyncClient", job: Job) -> FetchFinished:
        from modeltui.service.fetch import FetchFailed, NotModified

        answer = await self._fetch(client, job, with_key=True)
        scope, note = job.scope, ""
        if isinstance(answer, FetchFailed) and answer.word in REJECTED and self._may_go_without(job):
            rejected = answer.message
            scope, note = job.open_scope, self.redactor.redact(f"read without the key: {rejected}")
            answer = await self._fetch(client, job, with_key=False)
        if isinstance(answer, FetchFailed):
            return await self._failed(
                job, job.scope, answer.message, answer.hint or _key_hint(job, answer.word), answer
            )
        if isinstance(answer, NotModified):
            now = self.clock()
            await self._alone(self.store.renew, job.source.name, scope, now, answer.etag, answer.last_modified)
            await self._note(job, scope, 304)
            return FetchFinished(job.source.name, "unchanged", status=304, message=note)
        return await self._keep(job, scope, answer, note)

    def _may_go_without(self, job: Job) -> bool:
        source = job.source.source
        return job.plan.key is not None and source.key_use is KeyUse.OPTIONAL and source.public.value != "no"

    async def _fetch(
        self, client: "httpx.AsyncClient", job: Job, *, with_key: bool
    ) -> "Fetched | NotModified | FetchFailed":
        from modeltui.service.fetch import FetchRequest, fetch

        source, head = job.source, job.head if with_key else None
        with_key = with_key and source.source.key_use is not KeyUse.NEVER
        request = FetchRequest(
            source=source.name,
            url=source.url,
            headers=auth_headers(job.plan, with_key=with_key),
            paging=source.source.paging,
            etag=head.etag if head else None,
            last_modified=head.last_modified if head else None,
            timeout_s=job.plan.timeout_s or TIMEOUT_S,
        )

        def on_retry(reason: str, wait_s: float, attempt: int) -> None:
            self.events.put_nowait(FetchRetrying(source.name, self.redactor.redact(reason), wait_s, attempt))

        return await fetch(client, request, on_retry=on_retry)

    # -------------------------------------------------------------------------------------------- keeping

    async def _keep(self, job: Job, scope: str, answer: "Fetched", note: str) -> FetchFinished:
        """Store an answer that is what it claims to be; anything else is a failure and the old one stays."""
        name, now = job.source.name, self.clock()
        pages = await self._alone(self._without_keys, answer.pages)
        sha256 = await self._alone(digest, pages)
        if job.head is not None and job.head.sha256 == sha256 and job.head.scope == scope:
            renewed = await self._alone(self.store.renew, name, scope, now, answer.etag, answer.last_modified)
            if renewed:
                await self._note(job, scope, answer.status)
                return FetchFinished(name, "unchanged", status=answer.status, message=note)
        response = Response(
            source=name, url=job.source.url, status=answer.status, fetched_at=now, checked_at=now,
            sha256=sha256, pages=pages, etag=answer.etag,
            last_modified=answer.last_modified, scope=scope,
        )  # fmt: skip
        try:
            reading = await self._alone(read, job.plan.slug, job.source.source, response.pages, response.fetched_at)
        except PayloadError as error:
            return await self._failed(job, scope, f"bad answer: {error.message}", "", answer)
        doubt = await self._alone(self._doubt, job, scope, reading)
        if doubt and not self.accept_shrunk:
            hint = f"if that is right: modeltui refresh --accept {job.plan.slug}"
            return await self._failed(job, scope, doubt, hint, answer)
        changed = job.head is None or job.head.sha256 != response.sha256
        stored = await self._alone(self.store.put, response)
        if stored:
            self.builder.take(name, sha256, reading)
        await self._note(job, scope, answer.status)
        note = note or ("" if stored else "not saved: the cache cannot be written")
        outcome = "updated" if changed else "unchanged"
        return FetchFinished(name, outcome, status=answer.status, records=len(reading.records), message=note)

    def _without_keys(self, pages: Sequence[bytes]) -> tuple[bytes, ...]:
        return tuple(self.redactor.redact_bytes(page) for page in pages)

    def _doubt(self, job: Job, scope: str, reading: Reading) -> str:
        """Say why a list is not believed: empty, or less than half of what it was and shorter by more than ten."""
        if job.head is None:
            return ""
        before = self.builder.response(job.plan, job.source)
        if before is None:
            return ""
        try:
            was = len(self.builder.reading(job.plan, job.source, before).records)
        except PayloadError:
            return ""
        now = len(reading.records)
        if now == 0 and was:
            return f"no models now, {was} before"
        return f"{now} models now, {was} before" if now < was / 2 and was - now > 10 else ""

    async def _failed(
        self, job: Job, scope: str, message: str, hint: str, answer: "Fetched | FetchFailed"
    ) -> FetchFinished:
        if _is_not_served(job, message, answer.status):
            why = f"not served at {job.plan.provider.endpoint}"
            return FetchFinished(job.source.name, "skipped", status=answer.status, message=f"{why}: {message}")
        message, hint = self.redactor.redact(message), self.redactor.redact(hint)
        retry_at = getattr(answer, "retry_after_at", None)
        await self._alone(
            self.store.note_attempt,
            Attempt(
                source=job.source.name, scope=scope, tried_at=self.clock(), status=answer.status,
                error=message, hint=hint or None, retry_after_at=retry_at,
            ),
        )  # fmt: skip
        return FetchFinished(job.source.name, "failed", status=answer.status, message=message, hint=hint)

    async def _note(self, job: Job, scope: str, status: int) -> None:
        attempt = Attempt(
            source=job.source.name, scope=scope, tried_at=self.clock(), status=status,
            error=None, hint=None, retry_after_at=None,
        )  # fmt: skip
        await self._alone(self.store.note_attempt, attempt)


def _is_not_served(job: Job, message: str, status: int | None) -> bool:
    """Tell whether a further listing is simply not there: a base URL of the user's own may serve only the first."""
    first = job.plan.provider.sources[0].name
    known = job.head is not None or job.source.source.name == first
    return job.plan.elsewhere and not known and (status == 404 or message.startswith("bad answer"))


def _timed(finished: FetchFinished, elapsed_s: float) -> FetchFinished:
    return FetchFinished(
        finished.source, finished.outcome, elapsed_s, finished.status, finished.records, finished.message, finished.hint
    )


def _key_hint(job: Job, word: str) -> str:
    if word not in REJECTED:
        return ""
    if job.plan.key is None:
        return f"set {' or '.join(job.plan.provider.auth.env) or 'api_key in the config'}"
    return f"check the key in {job.plan.key_from}"


def _summary(finished: Sequence[FetchFinished], now: datetime) -> RefreshFinished:
    count = {word: sum(1 for f in finished if f.outcome == word) for word in ("updated", "failed", "skipped")}
    unchanged = sum(1 for f in finished if f.outcome in {"unchanged", "fresh"})
    return RefreshFinished(now, count["updated"], unchanged, count["failed"], count["skipped"])
