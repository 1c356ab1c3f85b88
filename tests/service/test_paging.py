"""Answers of many pages: all of them or none, on one origin, and never for ever."""

import json
from typing import Any

import httpx
import pytest

from loopback import Handler, Loopback, Reply, Request, answer, by_query, in_turn
from modeltui.providers.spec import NextToken, PageNumber
from modeltui.secret import Secret
from modeltui.service.asking import Timing
from modeltui.service.fetch import Fetched, FetchFailed, FetchRequest, NotModified, fetch

KEY = "sk-canary-Q7w8E9r0T1y2U3i4O5p6-LAST"
NUMBERED = PageNumber(size=10, total="total")
TOKENS = NextToken(param="after", token="last_id", more="has_more", size=10, size_param="limit")


def page(start: int, stop: int, **envelope: object) -> Handler:
    return answer(200, json.dumps({"items": [{"id": f"m{number}"} for number in range(start, stop)], **envelope}))


async def ask(client: httpx.AsyncClient, server: Loopback, **changes: Any) -> Fetched | NotModified | FetchFailed:
    settings: dict[str, Any] = {
        "source": "sample/models",
        "url": server.url + "/models?include=all",
        "headers": {"Authorization": Secret(KEY).prefixed("Bearer")},
        "timeout_s": 9.0,
    }
    return await fetch(client, FetchRequest(**(settings | changes)), timing=Timing(chance=lambda: 0.0))


def queries(server: Loopback) -> list[dict[str, str]]:
    return [asked.query for asked in server.requests]


async def test_numbered_pages_are_asked_for_until_the_total_is_there(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    pages = {"0": page(0, 10, total=25), "1": page(10, 20, total=25), "2": page(20, 25, total=25)}
    server.route("/models", by_query("page", pages))
    answered = await ask(client, server, paging=NUMBERED)
    assert isinstance(answered, Fetched)
    assert [len(json.loads(body)["items"]) for body in answered.pages] == [10, 10, 5]
    assert queries(server) == [{"include": "all", "page": str(number), "limit": "10"} for number in range(3)]
    assert server.connections == 1


async def test_a_server_that_gives_smaller_pages_than_asked_for_is_still_read_to_the_end(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    pages = {str(number): page(number * 4, number * 4 + 4, total=12) for number in range(3)}
    server.route("/models", by_query("page", pages))
    answered = await ask(client, server, paging=NUMBERED)
    assert isinstance(answered, Fetched)
    assert len(answered.pages) == 3


async def test_a_server_that_ignores_paging_is_asked_once(client: httpx.AsyncClient, server: Loopback) -> None:
    server.route("/models", page(0, 30, total=30))
    answered = await ask(client, server, paging=NUMBERED)
    assert isinstance(answered, Fetched)
    assert server.count() == 1


async def test_a_total_that_counts_hidden_records_does_not_fail_the_source(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    pages = {"0": page(0, 10, total=25), "1": page(10, 19, total=25), "2": page(19, 22, total=25)}
    server.route("/models", by_query("page", pages))
    answered = await ask(client, server, paging=NUMBERED)
    assert isinstance(answered, Fetched)
    assert len(answered.pages) == 3


async def test_a_total_of_pages_is_counted_in_pages(client: httpx.AsyncClient, server: Loopback) -> None:
    paging = PageNumber(first=1, size=10, total="info.pages", total_is_pages=True)
    pages = {"1": page(0, 10, info={"pages": 2}), "2": page(10, 20, info={"pages": 2})}
    server.route("/models", by_query("page", pages))
    answered = await ask(client, server, paging=paging)
    assert isinstance(answered, Fetched)
    assert len(answered.pages) == 2


async def test_without_a_total_a_full_page_means_more(client: httpx.AsyncClient, server: Loopback) -> None:
    server.route("/models", by_query("page", {"0": page(0, 10), "1": page(10, 20), "2": answer(200, "[]")}))
    answered = await ask(client, server, paging=PageNumber(size=10))
    assert isinstance(answered, Fetched)
    assert len(answered.pages) == 3


async def test_named_pages_are_followed_to_the_last(client: httpx.AsyncClient, server: Loopback) -> None:
    pages = {
        "": page(0, 10, has_more=True, last_id="m 9&x=1"),
        "m 9&x=1": page(10, 12, has_more=False, last_id="m11"),
    }
    server.route("/models", by_query("after", pages))
    answered = await ask(client, server, paging=TOKENS)
    assert isinstance(answered, Fetched)
    assert queries(server) == [
        {"include": "all", "limit": "10"},
        {"include": "all", "limit": "10", "after": "m 9&x=1"},
    ]


@pytest.mark.parametrize("token", ["", None, True, {}, []])
async def test_an_empty_token_is_the_end(client: httpx.AsyncClient, server: Loopback, token: object) -> None:
    server.route("/models", page(0, 3, next=token))
    answered = await ask(client, server, paging=NextToken(param="pageToken", token="next"))
    assert isinstance(answered, Fetched)
    assert server.count() == 1


LOOPS: dict[str, tuple[dict[str, Handler], int]] = {
    "A, A": ({"": page(0, 2, next="A"), "A": page(2, 4, next="A")}, 2),
    "A, B, A": ({"": page(0, 2, next="A"), "A": page(2, 4, next="B"), "B": page(4, 6, next="A")}, 3),
    "new token, same page": (
        {"": page(0, 2, next="A"), "A": page(2, 4, next="B"), "B": page(2, 4, next="B")},
        3,
    ),
}


@pytest.mark.parametrize("case", LOOPS)
async def test_pages_that_go_round_fail_the_source(client: httpx.AsyncClient, server: Loopback, case: str) -> None:
    pages, asked = LOOPS[case]
    server.route("/models", by_query("cursor", pages))
    answered = await ask(client, server, paging=NextToken(param="cursor", token="next"))
    assert isinstance(answered, FetchFailed)
    assert answered.message.startswith("bad answer: paging: the same page ")
    assert server.count() == asked


async def test_more_than_fifty_pages_fail_the_source(client: httpx.AsyncClient, server: Loopback) -> None:
    async def next_one(asked: Request, reply: Reply) -> None:
        number = int(asked.query.get("cursor", "0"))
        await page(number, number + 1, next=str(number + 1))(asked, reply)

    server.route("/models", next_one)
    answered = await ask(client, server, paging=NextToken(param="cursor", token="next"))
    assert isinstance(answered, FetchFailed)
    assert answered.message == "bad answer: paging: more than 50 pages"
    assert server.count() == 50


async def test_a_page_that_fails_fails_the_source(client: httpx.AsyncClient, server: Loopback) -> None:
    pages = {"0": page(0, 10, total=30), "1": page(10, 20, total=30), "2": answer(500)}
    server.route("/models", by_query("page", pages))
    answered = await ask(client, server, paging=NUMBERED)
    assert isinstance(answered, FetchFailed)
    assert answered.word == "server error"
    assert server.count() == 5


async def test_a_page_that_fails_once_is_asked_again(client: httpx.AsyncClient, server: Loopback) -> None:
    pages = {"0": page(0, 10, total=15), "1": in_turn(answer(503), page(10, 15, total=15))}
    server.route("/models", by_query("page", pages))
    answered = await ask(client, server, paging=NUMBERED)
    assert isinstance(answered, Fetched)
    assert len(answered.pages) == 2


async def test_a_next_page_on_another_host_is_never_asked(
    client: httpx.AsyncClient, server: Loopback, foreign: Loopback
) -> None:
    server.route("/models", by_query("cursor", {"": page(0, 2, next=f"{foreign.url}/models?cursor=2")}))
    answered = await ask(client, server, paging=NextToken(param="cursor", token="next"))
    assert isinstance(answered, FetchFailed)
    assert foreign.connections == 0
    assert server.count() == 2


async def test_all_pages_together_stay_below_the_limit(client: httpx.AsyncClient, server: Loopback) -> None:
    async def heavy(asked: Request, reply: Reply) -> None:
        number = int(asked.query["page"])
        await page(number * 10, number * 10 + 10, total=10_000, filler="x" * 5000)(asked, reply)

    server.route("/models", heavy)
    answered = await ask(client, server, paging=NUMBERED, max_total_bytes=20_000)
    assert isinstance(answered, FetchFailed)
    assert answered.word == "too large"


async def test_no_validator_is_sent_where_it_would_speak_of_one_page_only(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    server.route("/models", page(0, 5, total=5))
    await ask(client, server, paging=NUMBERED, etag='"1"', last_modified="Fri, 01 May 2026 10:00:00 GMT")
    assert not {"if-none-match", "if-modified-since"} & set(server.requests[0].headers)
