"""A refresh over real HTTP: what is asked, what is kept, and what a bad source cannot do."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from loopback import Loopback, answer, by_query, in_turn, with_key
from modeltui.config import Config, parse
from modeltui.service.events import CatalogBuilt, Event, FetchFinished, RefreshFinished
from modeltui.service.session import Session
from modeltui.state import SourceHealth
from replay import Clock, chutes_v1, deployment, deployments, openrouter, session_on


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    loopback = await Loopback.start()
    yield loopback
    await loopback.close()


async def refreshed(
    session: Session, *, force: bool = False, accept: bool = False
) -> tuple[dict[str, FetchFinished], list[Event]]:
    events = [event async for event in session.refresh(force=force, accept_shrunk=accept)]
    return {event.source: event for event in events if isinstance(event, FetchFinished)}, events


async def test_an_answer_becomes_rows_and_stays_for_the_next_run(server: Loopback, tmp_path: Path) -> None:
    server.json("/openrouter/models", openrouter("a/one-7b", "b/two-8b"))
    session = session_on(server, tmp_path, "openrouter")
    outcomes, events = await refreshed(session)
    assert outcomes["openrouter/models"].outcome == "updated"
    assert outcomes["openrouter/models"].records == 2
    assert isinstance(events[-1], RefreshFinished)
    catalog = [event.catalog for event in events if isinstance(event, CatalogBuilt)][-1]
    assert {offer.key for offer in catalog.offers} == {"openrouter/a/one-7b", "openrouter/b/two-8b"}
    session.close()
    again = session_on(server, tmp_path, "openrouter")
    assert {offer.id for offer in again.catalog().offers} == {"a/one-7b", "b/two-8b"}
    assert {offer.id for offer in again.load().offers} == {"a/one-7b", "b/two-8b"}
    again.close()


async def test_what_is_younger_than_its_ttl_is_not_asked_again(server: Loopback, tmp_path: Path) -> None:
    server.json("/openrouter/models", openrouter("a/one-7b"))
    clock = Clock()
    session = session_on(server, tmp_path, "openrouter", clock=clock)
    await refreshed(session)
    clock.later(minutes=9)
    outcomes, _ = await refreshed(session)
    assert outcomes["openrouter/models"].outcome == "fresh"
    assert server.count("/openrouter/models") == 1
    clock.later(minutes=2)
    await refreshed(session)
    assert server.count("/openrouter/models") == 2
    session.close()


async def test_an_answer_with_an_etag_is_asked_for_conditionally_and_renewed(server: Loopback, tmp_path: Path) -> None:
    server.json("/openrouter/models", openrouter("a/one-7b"), etag='"one"')
    clock = Clock()
    session = session_on(server, tmp_path, "openrouter", clock=clock)
    await refreshed(session)
    clock.later(hours=1)
    outcomes, _ = await refreshed(session)
    assert outcomes["openrouter/models"].outcome == "unchanged"
    assert outcomes["openrouter/models"].status == 304
    assert server.requests[-1].headers["if-none-match"] == '"one"'
    assert session.catalog().sources[-1].health is not SourceHealth.FAILED
    status = next(s for s in session.catalog().sources if s.source == "openrouter/models")
    assert status.health is SourceHealth.LIVE
    assert status.fetched_at == clock.now
    session.close()


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"<!doctype html><h1>Sign in</h1>", "web page"),
        (b'{"data": [{"id": "a/one-7b"', "cut off"),
        (b'{"models": []}', "data"),
        (b'{"data": []}', "no models now, 2 before"),
        (b'{"error": {"message": "come back later"}}', "come back later"),
        (b"", "empty"),
    ],
)
async def test_an_answer_that_is_not_what_it_claims_leaves_the_last_good_one(
    server: Loopback, tmp_path: Path, body: bytes, word: str
) -> None:
    server.json("/openrouter/models", openrouter("a/one-7b", "b/two-8b"))
    session = session_on(server, tmp_path, "openrouter")
    await refreshed(session)
    server.body("/openrouter/models", body)
    outcomes, _ = await refreshed(session, force=True)
    assert outcomes["openrouter/models"].outcome == "failed"
    assert word in outcomes["openrouter/models"].message
    catalog = session.catalog()
    assert len(catalog.offers) == 2
    status = next(s for s in catalog.sources if s.source == "openrouter/models")
    assert status.health is SourceHealth.FAILED
    assert word in (status.error or "")
    session.close()


async def test_a_list_that_shrinks_suddenly_is_believed_only_when_the_user_says_so(
    server: Loopback, tmp_path: Path
) -> None:
    server.json("/openrouter/models", openrouter(*(f"a/model-{n}b" for n in range(1, 41))))
    session = session_on(server, tmp_path, "openrouter")
    await refreshed(session)
    server.json("/openrouter/models", openrouter("a/model-1b", "a/model-2b"))
    outcomes, _ = await refreshed(session, force=True)
    assert "2 models now, 40 before" in outcomes["openrouter/models"].message
    assert "--accept" in outcomes["openrouter/models"].hint
    assert len(session.catalog().offers) == 40
    await refreshed(session, force=True, accept=True)
    assert len(session.catalog().offers) == 2
    session.close()


async def test_one_bad_source_never_touches_another(server: Loopback, tmp_path: Path) -> None:
    server.json("/openrouter/models", openrouter("a/one-7b"))
    server.route("/venice/models", answer(404, b"<h1>gone</h1>"))
    session = session_on(server, tmp_path, "openrouter", "venice")
    outcomes, events = await refreshed(session)
    assert outcomes["openrouter/models"].outcome == "updated"
    assert outcomes["venice/models"].outcome == "failed"
    assert outcomes["venice/models"].status == 404
    finished = events[-1]
    assert isinstance(finished, RefreshFinished)
    assert (finished.updated, finished.failed) == (1, 1)
    session.close()


async def test_sources_are_asked_at_once_and_a_slow_one_holds_up_nobody(server: Loopback, tmp_path: Path) -> None:
    server.json("/openrouter/models", openrouter("a/one-7b"), delay_s=1.2)
    server.json("/venice/models", {"data": [{"id": "v", "type": "text", "model_spec": {}}]})
    session = session_on(server, tmp_path, "openrouter", "venice")
    order = []
    async for event in session.refresh():
        if isinstance(event, FetchFinished):
            order.append(event.source)
        if isinstance(event, CatalogBuilt) and event.catalog.offers:
            order.append("catalog")
    assert order[:2] == ["venice/models", "catalog"]
    assert order[2] == "openrouter/models"
    session.close()


async def test_every_page_of_the_deployments_is_read(server: Loopback, tmp_path: Path) -> None:
    server.json("/v1/models", chutes_v1("a/one-7b"))
    first = answer(200, _json(deployments(deployment("a/one-7b"), total=2)))
    second = answer(200, _json(deployments(deployment("b/other-8b", hot=False), total=2, page=1)))
    server.route("/dep/chutes/", by_query("page", {"0": first, "1": second}))
    session = session_on(server, tmp_path, "chutes")
    outcomes, _ = await refreshed(session)
    assert outcomes["chutes/deployments"].records == 2
    offers = {offer.id: offer for offer in session.catalog().offers}
    assert offers["a/one-7b"].sources == ("chutes/v1", "chutes/deployments")
    other = offers["b/other-8b"].deployment
    assert other is not None
    assert other.hot is False
    assert all(request.query["include_public"] == "true" for request in server.requests if "/dep" in request.path)
    session.close()


async def test_a_page_that_fails_fails_the_source(server: Loopback, tmp_path: Path) -> None:
    server.json("/v1/models", chutes_v1("a/one-7b"))
    first = answer(200, _json(deployments(deployment("a/one-7b"), total=3)))
    server.route("/dep/chutes/", by_query("page", {"0": first, "1": answer(404)}))
    session = session_on(server, tmp_path, "chutes")
    outcomes, _ = await refreshed(session)
    assert outcomes["chutes/deployments"].outcome == "failed"
    assert all("chutes/deployments" not in offer.sources for offer in session.catalog().offers)
    session.close()


async def test_a_rejected_key_is_left_out_where_the_list_is_public_and_it_is_said(
    server: Loopback, tmp_path: Path
) -> None:
    server.json("/v1/models", chutes_v1("a/one-7b"))
    body = _json(deployments(deployment("a/one-7b")))

    async def only_anonymous(request, reply):  # type: ignore[no-untyped-def]  # a handler of the scripted server
        rejected = "authorization" in request.headers
        await answer(401 if rejected else 200, b'{"detail": "bad key"}' if rejected else body)(request, reply)

    server.route("/dep/chutes/", only_anonymous)
    session = session_on(server, tmp_path, "chutes", CHUTES_API_KEY="cpk_rejected_key")
    outcomes, _ = await refreshed(session)
    deployments_done = outcomes["chutes/deployments"]
    assert deployments_done.outcome == "updated"
    assert "without the key" in deployments_done.message
    assert "cpk_rejected_key" not in deployments_done.message
    assert [("authorization" in r.headers) for r in server.requests if "/dep" in r.path] == [True, False]
    session.close()


async def test_what_a_key_may_see_is_kept_apart_from_what_another_may(server: Loopback, tmp_path: Path) -> None:
    mine, yours = openrouter("a/mine-7b"), openrouter("b/yours-7b")
    server.route("/mistral/models", in_turn(answer(200, _json(mine)), answer(200, _json(yours))))
    first = session_on(server, tmp_path, "mistral", MISTRAL_API_KEY="first-test-key")
    await refreshed(first)
    first.close()
    second = session_on(server, tmp_path, "mistral", MISTRAL_API_KEY="second-test-key")
    assert second.catalog().offers == ()
    await refreshed(second)
    assert [offer.id for offer in second.catalog().offers] == ["b/yours-7b"]
    second.close()
    back = session_on(server, tmp_path, "mistral", MISTRAL_API_KEY="first-test-key")
    assert [offer.id for offer in back.catalog().offers] == ["a/mine-7b"]
    back.close()


async def test_a_key_reaches_its_own_server_and_nothing_on_disk(server: Loopback, tmp_path: Path) -> None:
    server.route("/mistral/models", with_key("canary-key-0123456789", answer(200, _json(openrouter("a/one-7b")))))
    session = session_on(server, tmp_path, "mistral", MISTRAL_API_KEY="canary-key-0123456789")
    outcomes, events = await refreshed(session)
    assert outcomes["mistral/models"].outcome == "updated"
    session.close()
    assert "canary-key-0123456789" not in repr(events)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"canary-key-0123456789" not in kept


async def test_a_source_without_its_key_is_skipped_and_says_which(tmp_path: Path) -> None:
    session = Session(
        Config(only=("mistral",)),
        cache_dir=tmp_path / "c",
        environ={},
        use_snapshot=False,
    )
    outcomes, _ = await refreshed(session)
    assert outcomes["mistral/models"].outcome == "skipped"
    assert "MISTRAL_API_KEY" in outcomes["mistral/models"].hint
    session.close()


async def test_a_further_listing_that_a_moved_provider_does_not_serve_is_skipped(
    server: Loopback, tmp_path: Path
) -> None:
    server.json("/c/models", chutes_v1("a/one-7b"))
    session = Session(
        parse(f'only = ["chutes"]\n[providers.chutes]\nendpoint = "{server.url}/c"'),
        cache_dir=tmp_path / "cache",
        environ={},
        use_snapshot=False,
    )
    outcomes, _ = await refreshed(session)
    assert outcomes["chutes/v1"].outcome == "updated"
    assert outcomes["chutes/deployments"].outcome == "skipped"
    assert "not served" in outcomes["chutes/deployments"].message
    session.close()


async def test_closing_a_refresh_stops_it(server: Loopback, tmp_path: Path) -> None:
    server.json("/openrouter/models", openrouter("a/one-7b"), delay_s=5)
    session = session_on(server, tmp_path, "openrouter")
    events = session.refresh()
    async for event in events:
        if not isinstance(event, CatalogBuilt):
            break
    await events.aclose()
    for _ in range(100):
        if "modeltui-aside" not in {thread.name for thread in threading.enumerate()}:
            break
        await asyncio.sleep(0.05)
    assert "modeltui-aside" not in {thread.name for thread in threading.enumerate()}
    session.close()


def _json(payload: object) -> bytes:
    return msgspec.json.encode(payload)
