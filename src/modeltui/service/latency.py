"""Measured latency: a streamed chat completion, timed by a monotonic clock. A POST is never repeated.

The first counted run comes after one warm-up; the result is the median of the runs. A failure is a result.
"""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from typing import Final

import httpx
import msgspec
from msgspec import Struct

from modeltui.format import clean
from modeltui.model import LatencySample, Prices
from modeltui.secret import Secret
from modeltui.service.bodies import BadBodyError
from modeltui.service.fetch import failure_of_error, failure_of_status

PROMPT: Final = "Count upwards from one in words, separated by spaces."
MAX_LINE: Final = 1 << 20


class LatencyTarget(Struct, frozen=True):
    """What is measured: one offer's chat endpoint."""

    provider: str
    id: str
    """The model to ask for, as the provider spells it."""
    url: str
    headers: Mapping[str, str | Secret] = {}


class _Run(Struct):
    """One streamed answer, timed in seconds from the moment it was asked for."""

    started: float
    first: float | None = None
    first_answer: float | None = None
    last: float | None = None
    ended: float = 0.0
    chunks: int = 0
    tokens: int | None = None


class _RunFailedError(Exception):
    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def estimate(prices: Prices, *, runs: int, max_tokens: int, prompt_tokens: int) -> Decimal | None:
    """Bound the cost of a test in USD, warm-up included; `None` where a price that is needed is unknown."""
    if prices.input is None or prices.output is None:
        return None
    each = prices.input * prompt_tokens + prices.output * max_tokens + (prices.request or 0) * 1_000_000
    return each * (runs + 1) / 1_000_000


async def measure(
    client: httpx.AsyncClient,
    target: LatencyTarget,
    *,
    runs: int = 3,
    warm_up: bool = True,
    max_tokens: int = 16,
    prompt: str = PROMPT,
    timeout_s: float = 30,
    clock: Callable[[], float] = time.perf_counter,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_run: Callable[[int], None] | None = None,
) -> LatencySample:
    """Measure one offer; cancelling closes the stream and sends nothing more.

    The first failure ends the test: what failed once is not paid for again.
    """
    body: dict[str, object] = {
        "model": target.id,
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    done: list[_Run] = []
    try:
        for number in range(runs + warm_up):
            run = await _ask(client, target, body, timeout_s, clock)
            if number >= warm_up:
                done.append(run)
            if on_run:
                on_run(number + 1)
    except _RunFailedError as failed:
        return LatencySample(
            target.provider, target.id, now(), runs=len(done), status=failed.status, error=clean(failed.message, 300)
        )
    return _sample(target, done, now())


async def _ask(
    client: httpx.AsyncClient, target: LatencyTarget, body: dict[str, object], timeout_s: float,
    clock: Callable[[], float],
) -> _Run:  # fmt: skip
    """Send one POST and time its stream; only a refusal of a parameter, before any token, is asked again without it."""
    try:
        return await _stream(client, target, body, timeout_s, clock)
    except _RunFailedError as refused:
        if refused.status != 400 or not _adapt(body, refused.message):
            raise
    return await _stream(client, target, body, timeout_s, clock)


def _adapt(body: dict[str, object], message: str) -> bool:
    """Drop or rename the one parameter that a 400 names; the change holds for the runs that follow."""
    if "max_completion_tokens" in message and "max_tokens" in body:
        body["max_completion_tokens"] = body.pop("max_tokens")
        return True
    return "stream_options" in message and body.pop("stream_options", None) is not None


async def _stream(
    client: httpx.AsyncClient, target: LatencyTarget, body: Mapping[str, object], timeout_s: float,
    clock: Callable[[], float],
) -> _Run:  # fmt: skip
    headers = {name: v.reveal() if isinstance(v, Secret) else v for name, v in target.headers.items()}
    headers |= {"Accept": "text/event-stream", "Accept-Encoding": "identity", "Content-Type": "application/json"}
    run = _Run(started=clock())
    try:
        async with client.stream(
            "POST", target.url, content=json.dumps(body), headers=headers, timeout=timeout_s
        ) as response:
            if response.status_code != 200:
                failure = await failure_of_status(response, now=datetime.now(UTC))
                raise _RunFailedError(failure.message, response.status_code)
            await _read(response, run, clock, deadline=run.started + timeout_s)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, BadBodyError) as error:
        raise _RunFailedError(failure_of_error(error).message) from None
    run.ended = clock()
    if run.first is None:
        raise _RunFailedError("bad answer: no token came", 200)
    return run


async def _read(response: httpx.Response, run: _Run, clock: Callable[[], float], *, deadline: float) -> None:
    """Read server-sent events line by line, whatever their line ends."""
    rest = b""
    async for piece in response.aiter_raw():
        when = clock()
        if when > deadline:
            raise _RunFailedError("timed out: the stream has no end")
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        if len(rest) > MAX_LINE:
            raise _RunFailedError("too large: a line of the stream has no end")
        for line in lines:
            if line.startswith(b"data:"):
                _take(line[5:].strip(), run, when)
    if rest.startswith(b"data:"):
        _take(rest[5:].strip(), run, clock())


def _take(data: bytes, run: _Run, when: float) -> None:
    if not data or data == b"[DONE]":
        return
    try:
        event = msgspec.json.decode(data)
    except msgspec.MsgspecError:
        raise _RunFailedError("bad answer: an event of the stream is no JSON", 200) from None
    if not isinstance(event, dict):
        return
    if event.get("error"):
        error = event["error"]
        raise _RunFailedError(f"server error: {error.get('message') if isinstance(error, dict) else error}", 200)
    usage = event.get("usage")
    if isinstance(usage, dict) and isinstance(usage.get("completion_tokens"), int):
        run.tokens = usage["completion_tokens"]
    choices = event.get("choices")
    delta = choices[0].get("delta") if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    if isinstance(delta, dict):
        _time_delta(delta, run, when)


def _time_delta(delta: Mapping[str, object], run: _Run, when: float) -> None:
    answers = bool(delta.get("content"))
    if not (answers or delta.get("reasoning") or delta.get("reasoning_content")):
        return
    run.chunks += 1
    run.last = when
    run.first = when if run.first is None else run.first
    if answers and run.first_answer is None:
        run.first_answer = when


def _sample(target: LatencyTarget, runs: list[_Run], now: datetime) -> LatencySample:
    firsts = [run.first - run.started for run in runs if run.first is not None]
    answers = [run.first_answer - run.started for run in runs if run.first_answer is not None]
    speeds = [speed for run in runs if (speed := _speed(run)) is not None]
    counts = [run.tokens if run.tokens is not None else run.chunks for run in runs]
    return LatencySample(
        provider=target.provider,
        id=target.id,
        measured_at=now,
        runs=len(runs),
        ttft_s=median(firsts),
        ttfa_s=median(answers) if answers else None,
        total_s=median(run.ended - run.started for run in runs),
        tokens=round(median(counts)),
        tokens_counted=any(run.tokens is None for run in runs),
        tokens_per_s=median(speeds) if speeds else None,
        status=200,
        ttft_spread_s=(min(firsts), max(firsts)),
    )


def _speed(run: _Run) -> float | None:
    """Tokens after the first over the time after the first; one token has no speed."""
    tokens = run.tokens if run.tokens is not None else run.chunks
    if run.first is None or run.last is None or tokens < 2 or run.last <= run.first:
        return None
    return (tokens - 1) / (run.last - run.first)
