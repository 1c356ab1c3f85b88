"""What is stored of a source and shown of it: of this place and this key, never of another."""

from pathlib import Path

import msgspec
import pytest

from loopback import Loopback, answer
from modeltui.config import parse
from modeltui.service.catalog import scopes_of
from modeltui.service.events import FetchFinished
from modeltui.service.lineup import line_up
from modeltui.service.session import Session
from replay import Clock, openrouter, session_on

SALT = b"\x07" * 32
SETTINGS = {"none": {}, "a key": {"MISTRAL_API_KEY": "sk-the-same-key"}}


async def refreshed(session: Session) -> dict[str, FetchFinished]:
    return {e.source: e async for e in session.refresh(force=True) if isinstance(e, FetchFinished)}


def ids(session: Session) -> list[str]:
    return [offer.id for offer in session.catalog().offers]


@pytest.mark.parametrize("environ", SETTINGS.values(), ids=SETTINGS)
async def test_a_provider_that_was_moved_shows_nothing_of_its_old_place(
    server: Loopback, foreign: Loopback, tmp_path: Path, environ: dict[str, str]
) -> None:
    server.json("/mistral/models", openrouter("a/old-7b"), etag='"old"')
    foreign.json("/mistral/models", openrouter("b/new-7b"))
    before = session_on(server, tmp_path, "mistral", clock=Clock(), **environ)
    await refreshed(before)
    before.close()
    moved = session_on(foreign, tmp_path, "mistral", clock=Clock(), **environ)
    assert ids(moved) == []
    assert moved.load().offers == ()
    assert moved.response("mistral") is None
    await refreshed(moved)
    assert ids(moved) == ["b/new-7b"]
    assert all("if-none-match" not in request.headers for request in foreign.requests)
    moved.close()
    back = session_on(server, tmp_path, "mistral", clock=Clock(), **environ)
    assert ids(back) == ["a/old-7b"]
    await refreshed(back)
    assert server.requests[-1].headers["if-none-match"] == '"old"'
    back.close()


async def test_what_failed_at_the_old_place_is_not_said_of_the_new_one(
    server: Loopback, foreign: Loopback, tmp_path: Path
) -> None:
    server.route("/mistral/models", answer(401))
    foreign.json("/mistral/models", openrouter("b/new-7b"))
    before = session_on(server, tmp_path, "mistral", MISTRAL_API_KEY="sk-the-same-key")
    await refreshed(before)
    before.close()
    moved = session_on(foreign, tmp_path, "mistral", MISTRAL_API_KEY="sk-the-same-key")
    assert [s.error for s in moved.catalog().sources if s.source == "mistral/models"] == [None]
    finished = [e async for e in moved.refresh() if isinstance(e, FetchFinished)]
    assert [event.outcome for event in finished] == ["updated"]
    moved.close()


async def test_a_list_read_without_the_rejected_key_belongs_to_its_place(
    server: Loopback, foreign: Loopback, tmp_path: Path
) -> None:
    body = msgspec.json.encode(openrouter("a/one-7b"))

    async def only_anonymous(request, reply):  # type: ignore[no-untyped-def]  # a handler of the scripted server
        rejected = "authorization" in request.headers
        await answer(401 if rejected else 200, b"" if rejected else body)(request, reply)

    server.route("/openrouter/models", only_anonymous)
    before = session_on(server, tmp_path, "openrouter", OPENROUTER_API_KEY="sk-rejected-key")
    assert "without the key" in (await refreshed(before))["openrouter/models"].message
    assert ids(before) == ["a/one-7b"]
    before.close()
    moved = session_on(foreign, tmp_path, "openrouter", OPENROUTER_API_KEY="sk-rejected-key")
    assert ids(moved) == []
    moved.close()


def scopes(config: str, **environ: str) -> dict[str, tuple[str, ...]]:
    return {
        source.name: scopes_of(plan, source, SALT)
        for plan in line_up(parse(config), environ)
        for source in plan.sources
        if plan.slug in {"mistral", "openrouter", "cloudflare", "mine"}
    }


def test_the_built_in_place_has_the_scope_of_its_key_alone() -> None:
    known = scopes("", OPENROUTER_API_KEY="sk-the-same-key")
    assert known["openrouter/models"][1:] == ("",)
    assert known["mistral/models"] == ("",)
    spelled_out = scopes(
        '[providers.openrouter]\nendpoint = "https://openrouter.ai/api/v1"', OPENROUTER_API_KEY="sk-the-same-key"
    )
    assert spelled_out["openrouter/models"] == known["openrouter/models"]


def test_every_place_of_ones_own_has_a_scope_of_its_own() -> None:
    text = '[providers.{}]\nendpoint = "https://{}.example/v1"'
    for name in ("mistral", "mine"):
        (one,), (two,) = (scopes(text.format(name, host))[f"{name}/models"] for host in "ab")
        assert len({one, two, ""}) == 3


def test_an_account_that_stands_in_the_url_is_a_place() -> None:
    one, two = (
        scopes("", CLOUDFLARE_API_TOKEN="token-of-both", CLOUDFLARE_ACCOUNT_ID=account) for account in ("one", "two")
    )
    names = [name for name in one if name.startswith("cloudflare/")]
    assert names
    assert all(set(one[name]).isdisjoint(two[name]) for name in names)
