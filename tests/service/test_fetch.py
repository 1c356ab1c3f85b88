"""One source, asked by a real client over real HTTP, of a server that misbehaves in every way we know of."""

import asyncio
import gzip
import json
import logging
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from loopback import (
    Handler,
    Loopback,
    Reply,
    Request,
    answer,
    chunked,
    drip,
    endless,
    gzipped,
    hang,
    in_turn,
    raw,
    redirect,
    reset,
)
from modeltui.secret import Secret
from modeltui.service.asking import Timing
from modeltui.service.fetch import Fetched, FetchFailed, FetchRequest, NotModified, fetch, open_client

KEY = "sk-canary-Q7w8E9r0T1y2U3i4O5p6-LAST"
MODELS = json.dumps({"data": [{"id": f"model-{number}"} for number in range(412)]}).encode()
NOW = datetime(2026, 5, 1, 14, 30, tzinfo=UTC)
IMPATIENT = Timing(chance=lambda: 0.0, now=lambda: NOW)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def request(server: Loopback, path: str = "/models", **changes: Any) -> FetchRequest:
    asked = FetchRequest(
        source="sample/models",
        url=server.url + path,
        headers={"Authorization": Secret(KEY).prefixed("Bearer"), "X-Api-Key": Secret(KEY)},
        timeout_s=9.0,
        deadline_s=30.0,
    )
    return msgspec.structs.replace(asked, **changes)


async def ask(client: httpx.AsyncClient, server: Loopback, handler: Handler, **changes: Any) -> object:
    server.route("/models", handler)
    return await fetch(client, request(server, **changes), timing=IMPATIENT)


def failure(answered: object) -> FetchFailed:
    assert isinstance(answered, FetchFailed), answered
    shown = f"{answered!r} {answered.message} {answered.hint}"
    assert "canary" not in shown
    assert answered.message.isprintable()
    assert answered.hint.isprintable()
    assert "\n" not in answered.message
    assert answered.message.startswith(answered.word)
    return answered


# ------------------------------------------------------------------------------------------- what works


async def test_a_good_answer_comes_whole_with_its_validators(client: httpx.AsyncClient, server: Loopback) -> None:
    server.body("/models", MODELS, etag='W/"1"', headers={"Last-Modified": "Fri, 01 May 2026 10:00:00 GMT"})
    answered = await fetch(client, request(server))
    assert isinstance(answered, Fetched)
    assert answered.pages == (MODELS,)
    assert answered.status == 200
    assert answered.etag == 'W/"1"'
    assert answered.last_modified == "Fri, 01 May 2026 10:00:00 GMT"
    sent = server.requests[0]
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["x-api-key"] == KEY
    assert sent.headers["accept-encoding"] == "gzip"
    assert sent.headers["user-agent"].startswith("modeltui/")
    assert "canary" not in f"{request(server)!r}{answered!r}"


GOOD: dict[str, Handler] = {
    "F17 redirects on the same origin": in_turn(redirect("/models", 301), redirect("models", 308), answer(200, MODELS)),
    "F32 length and chunked": raw(
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(MODELS), MODELS)
    ),
    "F43 many 1xx": raw(
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, b"HTTP/1.1 103 Early Hints\r\n\r\n", OK + b"\r\n" + MODELS
    ),
    "gzip": gzipped(MODELS),
    "gzip in two members": answer(
        200, gzip.compress(MODELS[:50]) + gzip.compress(MODELS[50:]), {"Content-Encoding": "gzip"}
    ),
    "chunked": chunked([MODELS[:10], MODELS[10:]]),
    "no length, closed at the end": raw(OK + b"\r\n" + MODELS),
    "F53 503 twice": in_turn(answer(500), answer(503), answer(200, MODELS)),
    "F53 529": in_turn(answer(529), answer(504), answer(200, MODELS)),
    "F03 once": in_turn(raw(), answer(200, MODELS)),
    "F05 once": in_turn(hang(), answer(200, MODELS)),
    **{
        f"F58 charset {name}": answer(200, MODELS, {"Content-Type": f"application/json; charset={name}"})
        for name in ("bogus", "utf-16", "rot13", "zlib")
    },
}


@pytest.mark.parametrize("case", GOOD)
async def test_an_unusual_answer_that_is_whole_is_taken(client: httpx.AsyncClient, server: Loopback, case: str) -> None:
    timeout_s = 2.0 if case == "F05 once" else 9.0  # silence is given up after half of it
    answered = await ask(client, server, GOOD[case], timeout_s=timeout_s)
    assert isinstance(answered, Fetched), answered
    assert answered.pages == (MODELS,)


@pytest.mark.parametrize(
    "page",
    [
        b"\xef\xbb\xbf" + MODELS,
        MODELS.decode().encode("utf-16"),
        MODELS.decode().encode("utf-32"),
        b'{"data":[{"id":"a","price":NaN}]}',
        b'{"data":[{"id":"caf\xe9"}]}',
        b'{"data":[{"id":"\\ud800"}]}',
    ],
    ids=["BOM", "UTF-16", "UTF-32", "NaN", "Latin-1", "lone surrogate"],
)
async def test_json_that_can_be_repaired_is_taken_as_it_came(
    client: httpx.AsyncClient, server: Loopback, page: bytes
) -> None:
    answered = await ask(client, server, answer(200, page))
    assert isinstance(answered, Fetched), answered
    assert answered.pages == (page,)


# ------------------------------------------------------------------------------------------- what fails

BIG_HEADERS = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 90) for number in range(5000))
FAULTS: dict[str, tuple[Handler, int, str]] = {
    "F03 closed without a byte": (raw(), 3, "unreachable: 127.0.0.1 closed the connection without an answer"),
    "F04 RST": (reset(), 3, "unreachable: 127.0.0.1 "),
    "F20 loop": (redirect("/models"), 4, "redirected: more than 3 times"),
    "F20 no location": (answer(302), 1, "redirected: to an address that cannot be read"),
    "F20 bad location": (redirect("http://[::1"), 1, "redirected: to an address that cannot be read"),
    **{
        f"F20 {location!r}": (redirect(location), 1, "redirected: to an address that cannot be read")
        for location in ("javascript:alert(1)", "mailto:x", "http://\x1b[31m/", "http://xn--/", "ftp://h/")
    },
    "F21 login page": (
        answer(200, "\n <!doctype html><h1>Sign in</h1>", {"Content-Type": "text/html"}),
        1,
        "bad answer: web page, not a model list",
    ),
    "F22 empty": (answer(200), 1, "bad answer: empty"),
    "F22 blank": (answer(200, " \n"), 1, "bad answer: empty"),
    "F23 204": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), 1, "bad answer: empty"),
    "F24 null": (answer(200, "null"), 1, "bad answer: not a list of models"),
    "F24 text": (answer(200, '"ok"'), 1, "bad answer: not a list of models"),
    "F24 true": (answer(200, "true"), 1, "bad answer: not a list of models"),
    "F24 []": (answer(200, "[]"), 1, "no models: the list is empty"),
    "F25 error with 200": (
        answer(200, '{"error":{"message":"quota\\u001b[31m gone"}}'),
        1,
        "server error: an error instead of models: quota␛[31m gone",
    ),
    "F28 length too long": (raw(OK + b"Content-Length: 99999\r\n\r\n" + MODELS), 3, "bad answer: cut off"),
    "F29 length too short": (raw(OK + b"Content-Length: 100\r\n\r\n" + MODELS), 1, "bad answer: cut off"),
    "F30 length -1": (raw(OK + b"Content-Length: -1\r\n\r\n" + MODELS), 1, "bad answer: not valid HTTP"),
    "F30 length abc": (raw(OK + b"Content-Length: abc\r\n\r\n" + MODELS), 1, "bad answer: not valid HTTP"),
    "F31 two lengths": (
        raw(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}"),
        1,
        "bad answer: not valid HTTP",
    ),
    "F33 cut in a chunk": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{"), 3, "bad answer: cut off"),
    "F34 last chunk missing": (chunked([MODELS], end=b""), 3, "bad answer: cut off"),
    "F35 chunk size ZZ": (
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n"),
        1,
        "bad answer: not valid HTTP",
    ),
    "F36 closed in the middle": (raw(OK + b"\r\n" + MODELS[:2000]), 1, "bad answer: cut off"),
    "F37 gzip cut": (gzipped(MODELS, cut=20), 1, "bad answer: cut off"),
    "F37 gzip trailer cut": (gzipped(MODELS, cut=3), 1, "bad answer: cut off"),
    "F38 gzip that is none": (
        answer(200, MODELS, {"Content-Encoding": "gzip"}),
        1,
        "bad answer: wrong compression",
    ),
    "F39 unknown compression": (
        answer(200, MODELS, {"Content-Encoding": "foo"}),
        1,
        "bad answer: unknown compression",
    ),
    "F40 gzip x 7": (
        answer(200, MODELS, {"Content-Encoding": ", ".join(["gzip"] * 7)}),
        1,
        "bad answer: unknown compression",
    ),
    "F41 ssh": (raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), 1, "bad answer: not HTTP"),
    "F41 TLS bytes": (raw(b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n"), 1, "bad answer: not HTTP"),
    "F41 HTTP/0.9": (raw(b'{"data":[]}\r\n\r\n'), 1, "bad answer: not HTTP"),
    "F42 status 999": (answer(999, b"{}"), 1, "server error 999"),
    "F42 status 99": (raw(b"HTTP/1.1 99 Odd\r\n\r\n"), 1, "bad answer: not"),
    "F44 header flood": (raw(OK + BIG_HEADERS + b"\r\n{}"), 1, "too large: the headers of the answer"),
    "F44 one huge header": (raw(OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n{}"), 1, "too large: the headers"),
    "F45 RST in the body": (reset(OK + b"Content-Length: 9999\r\n\r\n" + MODELS[:99]), 3, "unreachable: 127.0.0.1 "),
    "F47 304 unasked": (raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), 1, "bad answer: status 304, which nobody asked"),
    "F48 401 echoing the key": (
        raw(
            f"HTTP/1.1 401 Bad \x1b[31m{KEY}\r\nX-Echo: {KEY}\r\nContent-Length: 99\r\n\r\n".encode()
            + json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}, or {KEY[:20]}***"}}).encode()[:99]
        ),
        1,
        "key rejected",
    ),
    "F49 403": (
        answer(403, '{"error":{"message":"not in\\nyour region"}}'),
        1,
        "forbidden: not in your region",
    ),
    "402": (answer(402, '{"detail":"top up"}'), 1, "forbidden: the account has no credit or plan for this: top up"),
    "F50 404 HTML": (answer(404, "<h1>no</h1>"), 1, "not found: check the base URL"),
    "F52 429": (answer(429, '{"message":"slow down"}'), 3, "rate limited: slow down"),
    "F52 429 abc": (answer(429, headers={"Retry-After": "abc"}), 3, "rate limited"),
    "F54 500": (raw(b"HTTP/1.1 500 Bro\x1b[31mken\r\nContent-Length: 0\r\n\r\n"), 3, "server error 500"),
    "408": (answer(408), 3, "timed out: the server gave up waiting"),
    "425": (answer(425), 3, "server error 425"),
    "400": (answer(400, "no such version"), 1, "bad answer: status 400: no such version"),
    "206": (answer(206, MODELS), 1, "bad answer: status 206"),
    "F60 nested deep": (answer(200, b"[" * 100_000), 1, "too large: nested too deep"),
    "F60 15 MB of {}": (
        answer(200, b'{"data":[' + b"{}," * 5_000_000 + b"{}]}"),
        1,
        "too large: more than a million objects and lists",
    ),
    "NDJSON": (answer(200, b'{"id":"a"}\n{"id":"b"}\n'), 1, "bad answer: not JSON"),
    "SSE": (answer(200, b'data: {"id":"a"}\n\n'), 1, "bad answer: not JSON"),
    "unknown length over the limit": (endless(), 1, "too large: more than 16 MiB"),
    "length over the limit": (raw(OK + b"Content-Length: 999999999\r\n\r\n"), 1, "too large: more than 16 MiB"),
}


@pytest.mark.parametrize("case", FAULTS)
async def test_a_fault_is_one_plain_sentence_after_the_right_number_of_tries(
    client: httpx.AsyncClient, server: Loopback, case: str
) -> None:
    handler, tries, message = FAULTS[case]
    answered = failure(await ask(client, server, handler, timeout_s=9.0, deadline_s=30.0))
    assert answered.message.startswith(message)
    assert server.count() == tries


async def test_a_closed_port_is_said_to_refuse(client: httpx.AsyncClient) -> None:
    async with Loopback() as gone:
        pass
    told: list[tuple[str, int]] = []
    answered = failure(
        await fetch(
            client,
            request(gone),
            on_retry=lambda reason, _, attempt: told.append((reason, attempt)),
            timing=IMPATIENT,
        )
    )
    assert answered.message == "unreachable: 127.0.0.1 refused the connection"
    assert [attempt for _, attempt in told] == [2, 3]
    assert told[0][0] == answered.message


async def test_a_name_that_does_not_exist_is_asked_for_once(client: httpx.AsyncClient, server: Loopback) -> None:
    told: list[str] = []
    answered = failure(
        await fetch(
            client,
            request(server, url="https://no-such-host.invalid/models", timeout_s=20.0, deadline_s=45.0),
            on_retry=lambda reason, _, __: told.append(reason),
        )
    )
    assert answered.message == "name not found: no-such-host.invalid"
    assert told == []


@pytest.mark.parametrize("before", [b"", OK + b"Content-Length: 99\r\n\r\n"], ids=["F05", "F06"])
async def test_silence_is_asked_about_twice(client: httpx.AsyncClient, server: Loopback, before: bytes) -> None:
    answered = failure(await ask(client, server, hang(before), timeout_s=0.2))
    assert answered.message == "timed out: 127.0.0.1 sent nothing for 0.1 s"
    assert server.count() == 2


@pytest.mark.parametrize("data", [OK, OK + b"\r\n" + MODELS], ids=["header", "body"])
async def test_a_drip_ends_with_the_time_of_one_request(
    client: httpx.AsyncClient, server: Loopback, data: bytes
) -> None:
    answered = failure(await ask(client, server, drip(data, 0.02), timeout_s=0.3))
    assert answered.message == "timed out: no whole answer from 127.0.0.1 within 0.3 s"
    assert server.count() == 1


async def test_the_deadline_ends_everything(client: httpx.AsyncClient, server: Loopback) -> None:
    answered = failure(await ask(client, server, drip(MODELS, 0.02), timeout_s=9.0, deadline_s=0.2))
    assert answered.message == "timed out: no whole answer within 0.2 s"


async def test_a_late_answer_within_the_time_is_taken(client: httpx.AsyncClient, server: Loopback) -> None:
    answered = await ask(client, server, answer(200, MODELS, delay_s=0.3), timeout_s=9.0)
    assert isinstance(answered, Fetched)
    assert answered.elapsed_s >= 0.3


async def test_a_connection_that_was_closed_meanwhile_costs_one_more_try(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    async def once(asked: Request, reply: Reply) -> None:
        await answer(200, MODELS)(asked, reply)
        reply.keep = len(server.requests) != 1

    for _ in range(3):
        assert isinstance(await ask(client, server, once), Fetched)


async def test_cancelling_is_not_swallowed(client: httpx.AsyncClient, server: Loopback) -> None:
    server.route("/models", hang())
    task = asyncio.create_task(fetch(client, request(server, timeout_s=60.0)))
    await server.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# ------------------------------------------------------------------------------------------- bombs


async def test_a_gzip_bomb_is_given_up_at_the_limit(client: httpx.AsyncClient, server: Loopback) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(bomb.compress(b" " * 2**20) for _ in range(256)) + bomb.flush()
    answered = failure(await ask(client, server, answer(200, body, {"Content-Encoding": "gzip"}), timeout_s=9.0))
    assert answered.message == "too large: more than 16 MiB"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip"])
async def test_compressions_we_never_asked_for_are_refused(
    client: httpx.AsyncClient, server: Loopback, encoding: str
) -> None:
    body = gzip.compress(gzip.compress(MODELS))
    answered = failure(await ask(client, server, answer(200, body, {"Content-Encoding": encoding})))
    assert answered.message == "bad answer: unknown compression"


# ------------------------------------------------------------------------------------------- 304


async def test_a_validator_that_matches_means_not_modified(client: httpx.AsyncClient, server: Loopback) -> None:
    etag = '"' + "x" * 8000 + '"'
    server.body("/models", MODELS, etag=etag)
    first = await fetch(client, request(server))
    assert isinstance(first, Fetched)
    assert first.etag == etag
    again = await fetch(client, request(server, etag=first.etag, last_modified="Fri, 01 May 2026 10:00:00 GMT"))
    assert isinstance(again, NotModified)
    assert again.etag == etag
    assert server.requests[1].headers["if-modified-since"] == "Fri, 01 May 2026 10:00:00 GMT"
    assert server.connections == 1


async def test_a_validator_with_the_key_in_it_is_not_kept(client: httpx.AsyncClient, server: Loopback) -> None:
    server.body("/models", MODELS, etag=f'"{KEY}"')
    answered = await fetch(client, request(server))
    assert isinstance(answered, Fetched)
    assert answered.etag is None


# ------------------------------------------------------------------------------------------- where keys go


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "where", ["{foreign}/models", "//{host}/models", "http://user:pw@{own}/models", "https://{own}/models"]
)
async def test_no_redirect_takes_a_key_to_another_server(
    client: httpx.AsyncClient, server: Loopback, foreign: Loopback, status: int, where: str
) -> None:
    location = where.format(
        foreign=foreign.url, host=foreign.url.removeprefix("http://"), own=server.url.removeprefix("http://")
    )
    answered = failure(await ask(client, server, redirect(location, status)))
    assert answered.message == "redirected: to 127.0.0.1; the key was not sent there"
    assert server.count() == 1
    assert foreign.connections == 0


async def test_a_key_is_not_sent_unencrypted_over_a_network(client: httpx.AsyncClient, server: Loopback) -> None:
    answered = failure(await fetch(client, request(server, url="http://models.example/v1")))
    assert answered.word == "not encrypted"
    configured = request(server, url="http://models.example/v1", headers={"X-My-Token": KEY})
    assert failure(await fetch(client, configured)).word == "not encrypted"
    named = request(server, url="http://user:canary@models.example/v1", headers={})
    assert failure(await fetch(client, named)).word == "not encrypted"


@pytest.mark.parametrize(
    "url", ["", "models", "ftp://host/x", "file:///etc/passwd", "http://[::1", "https:///x", "https://xn--/"]
)
async def test_what_is_no_endpoint_is_said_to_be_none(client: httpx.AsyncClient, server: Loopback, url: str) -> None:
    answered = failure(await fetch(client, request(server, url=url, headers={})))
    assert answered.word == "unreachable"
    assert "endpoint" in answered.message


@pytest.mark.parametrize("headers", [{"X-Key": f"{KEY}\n"}, {"X-Key": f"{KEY}é"}, {"X: Y": "z"}, {"X-Ünicode": "z"}])
async def test_a_header_that_cannot_be_sent_is_named_without_its_value(
    client: httpx.AsyncClient, server: Loopback, headers: dict[str, str]
) -> None:
    answered = failure(await fetch(client, request(server, headers=headers)))
    assert answered.message == f"unreachable: the header {next(iter(headers))} cannot be sent"
    assert server.connections == 0


async def test_cookies_are_neither_kept_nor_sent(client: httpx.AsyncClient, server: Loopback) -> None:
    for _ in range(2):
        await ask(client, server, answer(200, MODELS, {"Set-Cookie": "session=1; Path=/"}))
    assert all("cookie" not in sent.headers for sent in server.requests)


async def test_nothing_is_logged_even_at_debug(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_client({}) as client:
        await ask(client, server, answer(401, json.dumps({"error": KEY})))
        await fetch(client, request(server, url=f"{server.url}/models?key={KEY}"))
    assert "canary" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]


async def test_a_missing_key_is_called_missing_and_the_hint_is_left_to_who_knows(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    answered = failure(await ask(client, server, answer(401, "{}"), headers={}))
    assert answered.message == "key rejected: a key is needed"
    assert answered.hint == ""


async def test_what_a_provider_says_is_cut_to_200_characters(client: httpx.AsyncClient, server: Loopback) -> None:
    answered = failure(await ask(client, server, answer(403, json.dumps({"error": "x" * 700}))))
    assert answered.message == f"forbidden: {'x' * 199}…"


async def test_a_body_that_drips_after_an_error_status_does_not_hide_the_status(
    client: httpx.AsyncClient, server: Loopback
) -> None:
    handler = reset(b'HTTP/1.1 403 No\r\nContent-Length: 999\r\n\r\n{"error":')
    assert failure(await ask(client, server, handler)).word == "forbidden"


# ------------------------------------------------------------------------------------------- waiting


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self, chance: float = 1.0) -> None:
        self.slept: list[float] = []
        self.timing = Timing(chance=lambda: chance, sleep=self._sleep, clock=lambda: sum(self.slept), now=lambda: NOW)

    async def _sleep(self, wait_s: float) -> None:
        self.slept.append(wait_s)


async def waits(
    client: httpx.AsyncClient, server: Loopback, handler: Handler, **changes: Any
) -> tuple[object, list[float]]:
    fake = FakeTime()
    server.route("/models", handler)
    return await fetch(client, request(server, **changes), timing=fake.timing), fake.slept


async def test_the_wait_doubles(client: httpx.AsyncClient, server: Loopback) -> None:
    _, slept = await waits(client, server, answer(503), deadline_s=45.0)
    assert slept == [0.5, 1.0]


async def test_retry_after_is_honoured(client: httpx.AsyncClient, server: Loopback) -> None:
    handler = in_turn(answer(429, headers={"Retry-After": "2"}), answer(200, MODELS))
    answered, slept = await waits(client, server, handler, deadline_s=45.0)
    assert isinstance(answered, Fetched)
    assert slept == [2.0]


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("90", timedelta(seconds=90)),
        ("Fri, 01 May 2026 14:31:30 GMT", timedelta(seconds=90)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=6)),
        ("999999999999", timedelta(hours=6)),
    ],
)
async def test_a_long_retry_after_is_told_and_not_waited_for(
    client: httpx.AsyncClient, server: Loopback, stated: str, kept: timedelta
) -> None:
    answered, slept = await waits(client, server, answer(429, headers={"Retry-After": stated}))
    assert failure(answered).word == "rate limited"
    assert failure(answered).retry_after_at == NOW + kept
    assert slept == []
    assert server.count() == 1


async def test_no_wait_goes_past_the_deadline(client: httpx.AsyncClient, server: Loopback) -> None:
    answered, slept = await waits(client, server, answer(503, headers={"Retry-After": "20"}), deadline_s=10.0)
    assert failure(answered).retry_after_at == NOW + timedelta(seconds=20)
    assert slept == []


async def test_one_bad_source_does_not_delay_the_others(client: httpx.AsyncClient, server: Loopback) -> None:
    server.route("/hung", hang())
    server.body("/good", MODELS)
    hung = [asyncio.create_task(fetch(client, request(server, "/hung", timeout_s=30.0))) for _ in range(10)]
    good = await asyncio.gather(*(fetch(client, request(server, "/good")) for _ in range(20)))
    assert all(isinstance(answered, Fetched) for answered in good)
    assert not any(task.done() for task in hung)
    for task in hung:
        task.cancel()
    await asyncio.gather(*hung, return_exceptions=True)


def truncations() -> list[tuple[str, Callable[[int], Handler]]]:
    packed = gzip.compress(MODELS, mtime=0)
    return [
        ("length", lambda at: raw(OK + b"Content-Length: %d\r\n\r\n" % len(MODELS) + MODELS[:at])),
        ("chunked", lambda at: chunked([MODELS[:at]], end=b"")),
        ("close", lambda at: raw(OK + b"\r\n" + MODELS[:at])),
        (
            "gzip",
            lambda at: raw(OK + b"Content-Encoding: gzip\r\n\r\n" + packed[: at * len(packed) // len(MODELS)]),
        ),
    ]


@pytest.mark.parametrize(("way", "handler"), truncations(), ids=["length", "chunked", "close", "gzip"])
async def test_a_truncated_answer_is_never_taken(
    client: httpx.AsyncClient, server: Loopback, way: str, handler: Callable[[int], Handler]
) -> None:
    for at in range(20, len(MODELS) - 1, len(MODELS) // 25):
        answered = failure(await ask(client, server, handler(at)))
        assert answered.message == "bad answer: cut off", (way, at)


async def test_checks_of_a_large_page_leave_the_loop_free(client: httpx.AsyncClient, server: Loopback) -> None:
    page = b'{"data":[' + b",".join(b'{"id":"%d"}' % number for number in range(400_000)) + b"]}"
    answered = await ask(client, server, gzipped(page), timeout_s=9.0)
    assert isinstance(answered, Fetched)
    assert answered.pages == (page,)
