"""Latency tests against a scripted chat endpoint; the server counts the requests, as each of them costs money."""

import asyncio
import json
import logging
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from loopback import (
    Handler,
    Loopback,
    Reply,
    Request,
    answer,
    chat,
    delta,
    drip,
    event,
    events,
    hang,
    in_turn,
    raw,
    redirect,
    reset,
)
from modeltui.model import Prices
from modeltui.secret import Secret
from modeltui.service.fetch import open_client
from modeltui.service.latency import LatencyTarget, estimate, measure
from modeltui.state import LatencySample

KEY = "sk-canary-Q7w8E9r0T1y2U3i4O5p6-LAST"
NOW = datetime(2026, 5, 1, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
FINISH = event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
NO_MAX_TOKENS = answer(400, '{"error":{"message":"Use \'max_completion_tokens\' instead of max_tokens"}}')
NO_STREAM_OPTIONS = answer(400, '{"message":"stream_options: extra fields not permitted"}')


def target(server: Loopback) -> LatencyTarget:
    headers = {"Authorization": Secret(KEY).prefixed("Bearer"), "X-Api-Key": Secret(KEY)}
    return LatencyTarget(provider="sample", id="org/model", url=f"{server.url}/chat", headers=headers)


async def time(client: httpx.AsyncClient, server: Loopback, handler: Handler, **settings: Any) -> LatencySample:
    server.route("/chat", handler)
    sample = await measure(client, target(server), **{"now": lambda: NOW, "timeout_s": 9.0, **settings})
    assert "canary" not in f"{sample!r}{target(server)!r}"
    assert sample.error is None or sample.error.isprintable()
    return sample


async def test_a_sample_is_the_median_of_its_runs_after_a_warm_up(client: httpx.AsyncClient, server: Loopback) -> None:
    told: list[tuple[int, int]] = []
    sample = await time(
        client, server, chat(8, first_s=0.02, every_s=0.005, reasoning=2), on_run=lambda *run: told.append(run)
    )
    assert sample.error is None
    assert (sample.provider, sample.id, sample.measured_at, sample.status) == ("sample", "org/model", NOW, 200)
    assert (sample.runs, sample.tokens, sample.tokens_counted) == (3, 8, False)
    assert sample.ttft_s is not None
    assert sample.ttfa_s is not None
    assert sample.total_s is not None
    assert sample.ttft_spread_s is not None
    assert sample.tokens_per_s is not None
    assert 0.02 <= sample.ttft_spread_s[0] <= sample.ttft_s <= sample.ttft_spread_s[1]
    assert sample.ttft_s < sample.ttfa_s < sample.total_s
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert server.count("/chat", "POST") == 4
    assert server.connections == 1


async def test_the_maths_follow_the_clock_that_is_given(client: httpx.AsyncClient, server: Loopback) -> None:
    ticks = iter(range(1000))
    pieces: list[bytes | float] = [
        delta(content="a"),
        0.02,
        delta(content="b"),
        0.02,
        delta(content="c"),
        0.02,
        FINISH,
        event(b"[DONE]"),
    ]
    sample = await time(client, server, events(*pieces), runs=1, warm_up=False, clock=lambda: float(next(ticks)))
    assert (sample.ttft_s, sample.ttfa_s, sample.total_s) == (1.0, 1.0, 5.0)
    assert (sample.tokens, sample.tokens_counted, sample.tokens_per_s) == (3, True, 1.0)
    assert sample.ttft_spread_s == (1.0, 1.0)


async def test_the_request_is_what_was_agreed(client: httpx.AsyncClient, server: Loopback) -> None:
    await time(client, server, chat(2), runs=1, max_tokens=7, prompt="Hi")
    sent = server.requests[-1]
    assert sent.method == "POST"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["content-type"] == "application/json"
    assert sent.json() == {
        "model": "org/model",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 7,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
async def test_comments_and_line_ends_of_any_kind_are_read(
    client: httpx.AsyncClient, server: Loopback, line_end: bytes
) -> None:
    stream = b": OPENROUTER PROCESSING" + line_end * 2
    for data in ({"choices": [{"delta": {"content": "a"}}]}, {"choices": [{"delta": {}, "finish_reason": "stop"}]}):
        stream += event(data, line_end)
    sample = await time(client, server, events(stream, event(b"[DONE]", line_end)), runs=1)
    assert sample.error is None
    assert sample.tokens == 1


async def test_an_end_without_done_is_an_end(client: httpx.AsyncClient, server: Loopback) -> None:
    sample = await time(client, server, events(delta(content="a"), FINISH), runs=1)
    assert sample.error is None


# ------------------------------------------------------------------------------------------- money

FAULTS: dict[str, tuple[Handler, str]] = {
    "401 echoing the key": (answer(401, json.dumps({"error": {"message": f"bad {KEY}"}})), "key rejected: bad …LAST"),
    "403": (answer(403, '{"error":"no\\u001b[2J"}'), "forbidden: no␛[2J"),
    "429": (answer(429, headers={"Retry-After": "1"}), "rate limited"),
    "500": (answer(500), "server error 500"),
    "503": (answer(503, headers={"Retry-After": "0"}), "server error 503"),
    "400": (answer(400, '{"error":{"message":"no such model"}}'), "bad answer: status 400: no such model"),
    "307": (redirect("/elsewhere", 307), "redirected: to 127.0.0.1; the key was not sent there"),
    "308 to nowhere": (redirect("javascript:x", 308), "redirected: to an address that cannot be read"),
    "closed": (raw(), "unreachable: 127.0.0.1 closed the connection without an answer"),
    "RST": (reset(), "unreachable: 127.0.0.1 "),
    "silent": (hang(), "timed out: no whole answer from 127.0.0.1 within 0.3 s"),
    "silent after the header": (hang(OK + b"\r\n"), "timed out: no whole answer"),
    "drip": (drip(OK + b"\r\n" + delta(content="a") * 9, 0.02), "timed out: no whole answer"),
    "RST in the stream": (reset(OK + b"\r\n" + delta(content="a")), "unreachable: 127.0.0.1 "),
    "cut in the stream": (raw(OK + b"\r\n" + delta(content="a")), "bad answer: cut off"),
    "cut in a chunk": (events(delta(content="a"), end=b""), "bad answer: cut off"),
    "empty": (events(event(b"[DONE]")), "bad answer: no visible token came"),
    "web page": (answer(200, "<html>", {"Content-Type": "text/html"}), "bad answer: cut off"),
    "not streamed": (answer(200, '{"choices":[]}'), "bad answer: the answer was not streamed"),
    "error in the stream": (
        events(delta(content="a"), event({"error": {"message": f"overloaded {KEY}"}})),
        "server error: in the stream: overloaded …LAST",
    ),
    "endless": (events(*([delta(content="a" * 60_000)] * 80), FINISH), "too large: more than 4 MiB"),
    "unknown compression": (
        answer(200, b"x", {"Content-Type": "text/event-stream", "Content-Encoding": "br"}),
        "bad answer: unknown compression",
    ),
    "not HTTP": (raw(b"SSH-2.0-x\r\n\r\n"), "bad answer: not HTTP"),
}


@pytest.mark.parametrize("case", FAULTS)
async def test_a_failed_post_is_never_sent_again(client: httpx.AsyncClient, server: Loopback, case: str) -> None:
    handler, message = FAULTS[case]
    sample = await time(client, server, handler, timeout_s=0.3 if message.startswith("timed out") else 9.0)
    assert sample.error is not None
    assert sample.error.startswith(message)
    assert sample.runs == 0
    assert sample.ttft_s is None
    assert server.count(method="POST") == 1
    assert server.count() == 1


async def test_no_post_is_lost_on_a_connection_that_was_closed_meanwhile_and_none_is_sent_twice(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    async def closing(asked: Request, reply: Reply) -> None:
        await chat(2)(asked, reply)
        reply.keep = False

    sample = await time(client, server, closing, runs=3)
    assert server.count(method="POST") == (4 if sample.error is None else sample.runs + 2)


async def test_runs_before_a_failure_are_kept_beside_the_error(client: httpx.AsyncClient, server: Loopback) -> None:
    sample = await time(client, server, in_turn(chat(3), chat(3), answer(429), chat(3)))
    assert sample.error == "rate limited"
    assert sample.status == 429
    assert sample.runs == 1
    assert sample.ttft_s is not None
    assert server.count(method="POST") == 3


@pytest.mark.parametrize(
    ("refusal", "gone", "instead"),
    [(NO_MAX_TOKENS, "max_tokens", "max_completion_tokens"), (NO_STREAM_OPTIONS, "stream_options", "max_tokens")],
)
async def test_a_request_that_is_refused_for_its_form_is_put_the_other_way_within_the_agreed_number(
    client: httpx.AsyncClient, server: Loopback, refusal: Handler, gone: str, instead: str
) -> None:
    sample = await time(client, server, in_turn(refusal, chat(3)))
    assert sample.error is None
    assert sample.runs == 2
    assert server.count(method="POST") == 4
    for asked in server.requests[1:]:
        body = asked.json()
        assert isinstance(body, dict)
        assert gone not in body
        assert body[instead] == 16


async def test_the_form_is_changed_only_once(client: httpx.AsyncClient, server: Loopback) -> None:
    sample = await time(client, server, in_turn(NO_MAX_TOKENS, NO_STREAM_OPTIONS, chat(3)))
    assert sample.error is not None
    assert sample.error.startswith("bad answer: status 400")
    assert server.count(method="POST") == 2


async def test_with_one_run_the_changed_request_is_the_measured_one(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    sample = await time(client, server, in_turn(NO_MAX_TOKENS, chat(3)), runs=1)
    assert (sample.error, sample.runs) == (None, 1)
    assert server.count(method="POST") == 2


async def test_a_redirected_post_reaches_no_other_server(
    client: httpx.AsyncClient, server: Loopback, foreign: Loopback
) -> None:
    for status in (301, 302, 303, 307, 308):
        await time(client, server, redirect(f"{foreign.url}/chat", status))
    assert foreign.connections == 0


async def test_a_post_with_a_key_is_not_sent_unencrypted_over_a_network(client: httpx.AsyncClient) -> None:
    headers = {"X-Api-Key": Secret(KEY)}
    sample = await measure(client, LatencyTarget("sample", "m", "http://models.example/chat", headers))
    assert sample.error is not None
    assert sample.error.startswith("not encrypted")


async def test_cancelling_ends_the_test_at_once_and_closes_the_stream(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    gone = asyncio.Event()

    async def talk(_: Request, reply: Reply) -> None:
        try:
            await reply.send(OK + b"\r\n")
            while True:
                await reply.send(delta(content="a"))
                await asyncio.sleep(0.01)
        finally:
            gone.set()

    server.route("/chat", talk)
    task = asyncio.create_task(measure(client, target(server), timeout_s=60.0))
    await server.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(gone.wait(), 5)
    assert server.count(method="POST") == 1


async def test_nothing_is_logged_even_at_debug(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_client({}) as client:
        await time(client, server, answer(500, KEY))
        await time(client, server, chat(2))
    assert "canary" not in caplog.text


# ------------------------------------------------------------------------------------------- estimate


def test_the_estimate_counts_the_warm_up() -> None:
    prices = Prices(input=Decimal("2.5"), output=Decimal(10))
    assert estimate(prices, runs=3, max_tokens=16, prompt_tokens=32) == Decimal("0.00096")
    assert estimate(prices, runs=3, max_tokens=16, prompt_tokens=32, warm_up=False) == Decimal("0.00072")


def test_the_estimate_is_an_upper_bound_with_reasoning_and_request_prices() -> None:
    prices = Prices(input=Decimal(0), output=Decimal(1), reasoning=Decimal(4), request=Decimal("0.01"))
    assert estimate(prices, runs=1, max_tokens=500_000, prompt_tokens=5) == Decimal("4.02")


@pytest.mark.parametrize("prices", [Prices(), Prices(input=Decimal(1)), Prices(output=Decimal(1))])
def test_an_unknown_price_makes_no_estimate(prices: Prices) -> None:
    assert estimate(prices, runs=1, max_tokens=16, prompt_tokens=5) is None


def test_zero_is_an_estimate() -> None:
    assert estimate(Prices(input=Decimal(0), output=Decimal(0)), runs=3, max_tokens=16, prompt_tokens=5) == 0
