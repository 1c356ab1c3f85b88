"""Which sources are asked again after their key was rejected: none that would only be told the same once more."""

from collections.abc import AsyncIterator, Collection
from pathlib import Path

import msgspec
import pytest

from loopback import Loopback, answer, in_turn, with_key
from modeltui.service.events import FetchFinished
from modeltui.service.session import Session
from modeltui.state import SourceHealth, SourceStatus
from replay import Clock, chutes_v1, deployment, deployments, openrouter, session_on

KEYS = {"MISTRAL_API_KEY": "sk-rejected-key-1"}
REST = "asked again when the key in MISTRAL_API_KEY changes"


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    loopback = await Loopback.start()
    yield loopback
    await loopback.close()


async def refreshed(session: Session, *, force: bool = False, providers: Collection[str] = ()) -> FetchFinished:
    """Refresh as the start of the screen does, or as a person who asks for it; gives what came of Mistral."""
    done = [event async for event in session.refresh(force=force, providers=providers)]
    return next(e for e in done if isinstance(e, FetchFinished) and e.source == "mistral/models")


def status(session: Session) -> SourceStatus:
    return next(s for s in session.catalog().sources if s.source == "mistral/models")


@pytest.mark.parametrize("code", [401, 403])
async def test_a_source_that_rejected_the_key_is_not_asked_again_with_it(
    server: Loopback, tmp_path: Path, code: int
) -> None:
    server.route("/mistral/models", answer(code, b'{"message": "bad key"}'))
    clock = Clock()
    session = session_on(server, tmp_path, "mistral", clock=clock, **KEYS)
    assert (await refreshed(session)).status == code
    clock.later(days=30)
    again = await refreshed(session)
    assert (again.outcome, again.status, server.count()) == ("failed", code, 1)
    assert REST in again.message
    assert "modeltui refresh --force mistral" in again.hint
    session.close()


async def test_the_next_start_knows_that_the_key_was_rejected(server: Loopback, tmp_path: Path) -> None:
    server.route("/mistral/models", answer(401))
    clock = Clock()
    session = session_on(server, tmp_path, "mistral", clock=clock, **KEYS)
    await refreshed(session)
    session.close()
    clock.later(hours=1)
    started = session_on(server, tmp_path, "mistral", clock=clock, **KEYS)
    assert (await refreshed(started)).outcome == "failed"
    assert server.count() == 1
    assert status(started).health is SourceHealth.FAILED
    assert status(started).error == f"key rejected; {REST}"
    assert status(started).hint == "check the key in MISTRAL_API_KEY"
    started.close()


async def test_another_key_is_tried_at_once(server: Loopback, tmp_path: Path) -> None:
    body = msgspec.json.encode(openrouter("a/one-7b"))
    server.route("/mistral/models", with_key("sk-accepted-key-2", answer(200, body)))
    session = session_on(server, tmp_path, "mistral", clock=Clock(), **KEYS)
    await refreshed(session)
    session.close()
    changed = session_on(server, tmp_path, "mistral", MISTRAL_API_KEY="sk-accepted-key-2")
    assert status(changed).error is None
    assert (await refreshed(changed)).outcome == "updated"
    assert server.count() == 2
    changed.close()


@pytest.mark.parametrize("asked", [{"force": True}, {"providers": ["mistral"]}], ids=["forced", "named"])
async def test_a_person_who_asks_is_obeyed(server: Loopback, tmp_path: Path, asked: dict[str, bool]) -> None:
    body = msgspec.json.encode(openrouter("a/one-7b"))
    server.route("/mistral/models", in_turn(answer(401), answer(200, body)))
    clock = Clock()
    session = session_on(server, tmp_path, "mistral", clock=clock, **KEYS)
    await refreshed(session)
    clock.later(minutes=2)
    assert (await refreshed(session, **asked)).outcome == "updated"  # type: ignore[arg-type]  # one of the two
    assert status(session).error is None
    session.close()


@pytest.mark.parametrize("code", [402, 404])
async def test_what_does_not_speak_of_the_key_is_asked_again(server: Loopback, tmp_path: Path, code: int) -> None:
    server.route("/mistral/models", answer(code))
    clock = Clock()
    session = session_on(server, tmp_path, "mistral", clock=clock, **KEYS)
    await refreshed(session)
    clock.later(minutes=2)
    await refreshed(session)
    assert server.count() == 2
    session.close()


async def test_a_source_that_wants_a_key_nobody_has_is_asked_again(server: Loopback, tmp_path: Path) -> None:
    server.route("/mistral/models", answer(401))
    clock = Clock()
    session = session_on(server, tmp_path, "mistral", clock=clock)
    await refreshed(session)
    clock.later(minutes=2)
    await refreshed(session)
    assert server.count() == 2
    session.close()


async def test_a_public_list_goes_on_being_read_without_the_rejected_key(server: Loopback, tmp_path: Path) -> None:
    server.json("/v1/models", chutes_v1("a/one-7b"))
    body = msgspec.json.encode(deployments(deployment("a/one-7b")))

    async def only_anonymous(request, reply):  # type: ignore[no-untyped-def]  # a handler of the scripted server
        rejected = "authorization" in request.headers
        await answer(401 if rejected else 200, b"" if rejected else body)(request, reply)

    server.route("/dep/chutes/", only_anonymous)
    clock = Clock()
    session = session_on(server, tmp_path, "chutes", clock=clock, CHUTES_API_KEY="cpk_rejected_key")
    for _ in range(2):
        done = {e.source: e async for e in session.refresh() if isinstance(e, FetchFinished)}
        assert done["chutes/deployments"].outcome in {"updated", "unchanged"}
        clock.later(hours=1)
    session.close()
