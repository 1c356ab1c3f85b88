"""A key goes to its own server over an encrypted way, and nowhere else."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from loopback import Loopback, answer, hang, redirect
from modeltui.secret import Secret
from modeltui.service.asking import Timing
from modeltui.service.events import FetchFinished
from modeltui.service.fetch import Fetched, FetchFailed, FetchRequest, fetch, open_client
from modeltui.service.latency import LatencyTarget, measure
from modeltui.service.resolver import Threads
from modeltui.service.session import Session
from modeltui.state import SourceHealth
from replay import Clock, openrouter, session_on

KEY = "sk-canary-trust-0123456789-abcdef"
Record = Callable[[str, object], None]
KEYS = {
    "Authorization": Secret(f"Bearer {KEY}"), "X-Api-Key": Secret(KEY), "api-key": Secret(KEY),
    "x-goog-api-key": Secret(KEY),
}  # fmt: skip


@pytest.fixture
async def foreign() -> AsyncIterator[Loopback]:
    async with Loopback() as running:
        yield running


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[tuple[Loopback, dict[str, str]]]:
    """A server over TLS, and the environment that trusts it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = await Loopback.start(tls=context)
    server.url = server.url.replace("127.0.0.1", "localhost")
    yield server, {"SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    await server.close()


STATUSES = (301, 302, 303, 307, 308)
WHERE = {
    "another port": "{foreign}/models",
    "another host": "https://127.0.0.1:{port}/elsewhere",
    "no encryption": "http://localhost:{port}/models",
    "a user name": "https://user:pw@localhost:{port}/elsewhere",
    "the same origin": "/elsewhere",
    "itself": "/models",
    "no address": "http://[::1",
}


async def test_no_redirect_of_thirty_five_takes_a_key_elsewhere(
    secure: tuple[Loopback, dict[str, str]], foreign: Loopback, record_property: Record
) -> None:
    server, environ = secure
    port = server.url.rpartition(":")[2]
    server.json("/elsewhere", openrouter("a/one-7b"))
    taken = []
    async with open_client(environ) as client:
        for status in STATUSES:
            for name, location in WHERE.items():
                server.route("/models", redirect(location.format(foreign=foreign.url, port=port), status))
                asked = FetchRequest(source="x/models", url=f"{server.url}/models", headers=KEYS, timeout_s=5)
                answered = await fetch(client, asked)
                if isinstance(answered, Fetched):
                    taken.append(name)
                else:
                    assert isinstance(answered, FetchFailed)
                    assert answered.word == "redirected", (status, name, answered.message)
                post = LatencyTarget("x", "m", f"{server.url}/models", KEYS)
                before = server.count(method="POST")
                sample = await measure(client, post, runs=1, timeout_s=5)
                assert sample.error is not None
                assert server.count(method="POST") - before == 1
    record_property("promise 12", f"35 redirects, GET and POST: {foreign.connections} requests to a foreign server")
    assert foreign.connections == 0
    assert taken == ["the same origin"] * len(STATUSES)


async def test_a_link_to_the_next_page_elsewhere_is_not_followed(foreign: Loopback, tmp_path: Path) -> None:
    async with Loopback() as server:
        page = {**openrouter("a/one-7b"), "next": f"{foreign.url}/models", "links": {"next": f"{foreign.url}/models"}}
        server.json("/openrouter/models", page, headers={"Link": f'<{foreign.url}/models>; rel="next"'})
        session = session_on(server, tmp_path, "openrouter", OPENROUTER_API_KEY=KEY)
        outcomes = [event async for event in session.refresh() if isinstance(event, FetchFinished)]
        session.close()
    assert [outcome.outcome for outcome in outcomes] == ["updated"]
    assert foreign.connections == 0


async def test_an_unencrypted_host_gets_no_byte_and_loopback_no_proxy(
    foreign: Loopback, record_property: Record
) -> None:
    environ = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"), foreign.url)
    async with Loopback() as server, open_client(environ) as client:
        server.json("/models", openrouter("a/one-7b"))
        for host in ("127.0.0.1", "localhost"):
            url = f"http://{host}:{server.url.rpartition(':')[2]}/models"
            assert isinstance(await fetch(client, FetchRequest(source="x/models", url=url, headers=KEYS)), Fetched)
        refused = await fetch(client, FetchRequest(source="x/models", url="http://models.example/v1", headers=KEYS))
        assert isinstance(refused, FetchFailed)
        assert refused.word == "not encrypted"
    record_property("promise 12", f"http:// and loopback with proxies set: {foreign.connections} requests to the proxy")
    assert foreign.connections == 0


# ------------------------------------------------------------------------------------------- how often is asked


async def outcomes_of(session: Session, *, force: bool = False) -> dict[str, FetchFinished]:
    events = [event async for event in session.refresh(force=force)]
    return {event.source: event for event in events if isinstance(event, FetchFinished)}


async def test_a_failed_source_is_left_alone_for_a_minute_unless_the_user_asks(tmp_path: Path) -> None:
    clock = Clock()
    async with Loopback() as server:
        server.route("/openrouter/models", answer(404))
        session = session_on(server, tmp_path, "openrouter", clock=clock)
        await outcomes_of(session)
        clock.later(seconds=30)
        again = await outcomes_of(session)
        assert again["openrouter/models"].outcome == "failed"
        assert "less than a minute ago" in again["openrouter/models"].message
        assert server.count() == 1
        await outcomes_of(session, force=True)
        assert server.count() == 2
        clock.later(seconds=61)
        await outcomes_of(session)
        assert server.count() == 3
        session.close()


async def test_a_source_that_asks_to_be_left_alone_is(tmp_path: Path) -> None:
    clock = Clock()
    async with Loopback() as server:
        server.route("/openrouter/models", answer(429, headers={"Retry-After": "3600"}))
        session = session_on(server, tmp_path, "openrouter", clock=clock)
        await outcomes_of(session)
        clock.later(minutes=30)
        assert "left alone until" in (await outcomes_of(session))["openrouter/models"].message
        assert server.count() == 1
        session.close()
        with_key = session_on(server, tmp_path, "openrouter", clock=clock, OPENROUTER_API_KEY=KEY)
        clock.later(hours=4)
        await outcomes_of(with_key)
        assert server.count() == 2
        with_key.close()


@pytest.mark.parametrize(
    "step", [timedelta(days=-1), timedelta(days=3650), timedelta(hours=-1), timedelta(days=-20000)]
)
async def test_a_clock_that_steps_asks_once_more_and_never_shows_a_negative_age(
    tmp_path: Path, step: timedelta
) -> None:
    clock = Clock()
    async with Loopback() as server:
        server.json("/openrouter/models", openrouter("a/one-7b"))
        session = session_on(server, tmp_path, "openrouter", clock=clock)
        await outcomes_of(session)
        clock.now += step
        status = next(status for status in session.builder.build(clock.now).sources)
        assert status.health is not SourceHealth.LIVE
        await outcomes_of(session)
        await outcomes_of(session)
        assert server.count() == 2
        session.close()


async def test_two_refreshes_at_once_ask_a_source_once(tmp_path: Path) -> None:
    async with Loopback() as server:
        server.json("/openrouter/models", openrouter("a/one-7b"), delay_s=0.3)
        sessions = [session_on(server, tmp_path, "openrouter") for _ in range(2)]
        for session in sessions:
            session.clock = Session(session.config, cache_dir=tmp_path).clock
        first, second = await asyncio.gather(*(outcomes_of(session, force=True) for session in sessions))
        for session in sessions:
            session.close()
        assert server.count() == 1
    assert {first["openrouter/models"].outcome, second["openrouter/models"].outcome} == {"updated", "unchanged"}


async def test_at_most_three_gets_for_a_source_that_keeps_failing(record_property: Record) -> None:
    most = 0
    async with Loopback() as server, open_client({}) as client:
        for number, handler in enumerate((answer(500), answer(429), answer(503), hang(b"HTTP/1.1 200 OK\r\n"))):
            path = f"/{number}"
            server.route(path, handler)
            asked = FetchRequest(source="x/models", url=server.url + path, timeout_s=9.0 if number < 3 else 0.4)
            await fetch(client, asked, timing=Timing(chance=lambda: 0.0))
            most = max(most, server.count(path))
    record_property("promise 14", f"a source that keeps failing: {most} GETs")
    assert most == 3


# ------------------------------------------------------------------------------------------- threads


def test_nobody_waits_for_a_thread_that_hangs() -> None:
    import threading

    gate = threading.Event()
    threads = Threads(2)
    hung = threads.submit(gate.wait)
    assert threads.submit(lambda: 7).result(5) == 7
    threads.shutdown()
    assert not hung.done()
    with pytest.raises(RuntimeError):
        threads.submit(lambda: 8)
    gate.set()
    assert hung.result(5)


def test_an_error_in_a_thread_reaches_whoever_asked() -> None:
    threads = Threads(1)
    failed = threads.submit(lambda: int("x"))
    with pytest.raises(ValueError, match="invalid literal"):
        failed.result(5)
    assert [threads.submit(str, n).result(5) for n in range(5)] == list("01234")
    threads.shutdown()
