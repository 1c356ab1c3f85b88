"""Time a model by asking it: a streamed chat completion, as often as was agreed and not once more.

A POST costs money, so none is ever repeated because it failed and none follows a redirect.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median, median_low
from typing import Final

import httpx
import msgspec
from msgspec import Struct

from modeltui.model import Prices
from modeltui.service.answers import FetchFailed, Headers, Word
from modeltui.service.bodies import Decompressor
from modeltui.service.failures import (
    Again,
    Fault,
    bad_answer,
    cut_off,
    failed,
    status_fault,
    too_large,
    words_of_error,
)
from modeltui.service.fetch import HTTP_ERRORS, checked_url, error_body, fault_of, redirect_fault
from modeltui.service.headers import carries_key, redactor_for, sendable
from modeltui.service.stream import DONE, EventReader, Tally, read_chunk
from modeltui.state import LatencySample

PROMPT: Final = "Count from one to twenty in words, separated by commas."
TIMEOUT_S: Final = 30.0
_DRAIN_S: Final = 0.5
_STREAM_BYTES: Final = 4 * 1024 * 1024
_PER_MILLION: Final = Decimal(1_000_000)

OnRun = Callable[[int, int], None]
"""Told, after each request, how many were sent and how many there will be at most."""


class LatencyTarget(Struct, frozen=True):
    """One model behind one chat endpoint."""

    provider: str
    id: str
    """As the provider spells it; what the request sends."""
    url: str
    """Of the chat completions route."""
    headers: Headers = {}

    def __repr__(self) -> str:
        return f"LatencyTarget({self.provider}/{self.id})"


class _Run(Struct, frozen=True):
    """One measured request; durations are seconds since it was sent."""

    status: int
    tally: Tally
    total_s: float


class _Turn(Struct, frozen=True):
    """The provider refused the request's form before any token; the body in the form it asks for."""

    body: Mapping[str, object]


async def measure(
    client: httpx.AsyncClient,
    target: LatencyTarget,
    *,
    runs: int = 3,
    warm_up: bool = True,
    max_tokens: int = 16,
    prompt: str = PROMPT,
    timeout_s: float = TIMEOUT_S,
    clock: Callable[[], float] = time.perf_counter,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_run: OnRun | None = None,
) -> LatencySample:
    """Time a model with `runs` requests after one that is not counted; a failure is a sample with an error.

    Never more than `runs` plus the warm-up are sent. One try is put another way (`max_completion_tokens` for
    `max_tokens`, or without `stream_options`) when the provider asks for it with status 400 before any token; the
    refused request counts, so a measured run falls away. The first failure ends the test; runs before it are kept.
    """
    requests = runs + warm_up
    body: Mapping[str, object] = _body(target.id, prompt, max_tokens)
    measured: list[_Run] = []
    warm, may_turn = not warm_up, True
    failure: FetchFailed | None = None
    for done in range(1, requests + 1):
        try:
            outcome = await _ask(client, target, body, timeout_s, clock, may_turn=may_turn and done < requests)
        except Fault as fault:
            failure = failed(fault, redactor_for(target.headers), 0.0, now())
            break
        if isinstance(outcome, _Turn):
            body, may_turn = outcome.body, False
        elif warm or done == requests:
            measured.append(outcome)
        else:
            warm = True
        if on_run is not None:
            on_run(done, requests)
    return _sample(target, measured, now(), failure)


def _body(model: str, prompt: str, max_tokens: int) -> dict[str, object]:
    return {
        "model": model,
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def _turned(body: Mapping[str, object], said: bytes) -> _Turn | None:
    """Put a request the way that the words of a refusal ask for; `None` where they ask for nothing known."""
    if b"max_completion_tokens" in said and "max_tokens" in body:
        kept = {key: value for key, value in body.items() if key != "max_tokens"}
        return _Turn({**kept, "max_completion_tokens": body["max_tokens"]})
    if b"stream_options" in said or b"include_usage" in said:
        return _Turn({key: value for key, value in body.items() if key != "stream_options"})
    return None


async def _ask(
    client: httpx.AsyncClient,
    target: LatencyTarget,
    body: Mapping[str, object],
    timeout_s: float,
    clock: Callable[[], float],
    *,
    may_turn: bool,
) -> _Run | _Turn:
    """Send one POST, once; whatever goes wrong is a fault."""
    url = checked_url(target.url)
    headers = sendable(target.headers, target.url)
    stream = {"Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "identity"}
    sent = client.build_request(
        "POST", url, headers={**headers, **stream}, content=msgspec.json.encode(dict(body)), timeout=None
    )
    try:
        async with asyncio.timeout(timeout_s):
            started = clock()
            response = await client.send(sent, stream=True)
            try:
                if response.status_code != 200:
                    return await _refused(response, target, body, may_turn=may_turn)
                return await _listen(response, lambda: clock() - started)
            finally:
                await response.aclose()
    except HTTP_ERRORS as error:
        raise fault_of(error, url.host, timeout_s) from error


async def _refused(
    response: httpx.Response, target: LatencyTarget, body: Mapping[str, object], *, may_turn: bool
) -> _Turn:
    """Tell whether another form of the request is asked for; any other refusal is a fault."""
    status = response.status_code
    if 300 <= status < 400:
        raise redirect_fault(response.url, response.headers.get("location", ""))
    said = await error_body(response)
    turn = _turned(body, said) if status in {400, 422} and may_turn else None
    if turn is not None:
        return turn
    raise status_fault(status, said, with_key=carries_key(target.headers), again=Again.NEVER, asked_wait_s=None)


async def _listen(response: httpx.Response, elapsed_s: Callable[[], float]) -> _Run:
    """Read the stream to its end and note when tokens came."""
    if "json" in response.headers.get("content-type", ""):
        said = words_of_error(await error_body(response))
        raise Fault(Word.BAD_ANSWER, "the answer was not streamed", said=said, status=response.status_code)
    tally = Tally()
    total_s = 0.0
    pieces = response.aiter_raw()
    async for data in _events(pieces, response.headers.get("content-encoding", "")):
        total_s = elapsed_s()
        if data == DONE:
            tally.finished = True
            await _drain(pieces)
            break
        chunk = read_chunk(data)
        if chunk.error:
            raise Fault(Word.SERVER_ERROR, "in the stream", said=words_of_error(chunk.error), status=200)
        tally.add(chunk, total_s)
    if not tally.finished:
        raise cut_off()
    if not tally.chunks:
        raise bad_answer("no visible token came")
    return _Run(response.status_code, tally, total_s)


async def _events(pieces: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    """Yield the data of each event as it comes; more than 4 MiB is a fault."""
    decompressor, reader = Decompressor(encoding), EventReader()
    size = 0
    async for piece in pieces:
        for text in decompressor.feed(piece):
            size += len(text)
            if size > _STREAM_BYTES:
                raise too_large("more than 4 MiB for a few tokens")
            for data in reader.feed(text):
                yield data
    for data in reader.finish():
        yield data


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Read what stands after the last event, so that the connection can serve the next run."""
    with suppress(*HTTP_ERRORS):
        async with asyncio.timeout(_DRAIN_S):
            async for _ in pieces:
                pass


# ------------------------------------------------------------------------------------------------ results


def _sample(
    target: LatencyTarget, measured: Sequence[_Run], measured_at: datetime, failure: FetchFailed | None
) -> LatencySample:
    """Make the medians of the runs."""
    tallies = [run.tally for run in measured]
    firsts = [tally.first_s for tally in tallies if tally.first_s is not None]
    counts = [tally.tokens for tally in tallies if tally.tokens is not None]
    status = failure.status if failure else (measured[-1].status if measured else None)
    return LatencySample(
        provider=target.provider,
        id=target.id,
        measured_at=measured_at,
        runs=len(measured),
        ttft_s=_median(firsts),
        ttfa_s=_median([tally.first_answer_s for tally in tallies]),
        total_s=_median([run.total_s for run in measured]),
        tokens=median_low(counts) if counts else None,
        tokens_counted=any(tally.counted for tally in tallies),
        tokens_per_s=_median([tally.tokens_per_s for tally in tallies]),
        status=status,
        error=failure.message if failure else None,
        ttft_spread_s=(min(firsts), max(firsts)) if firsts else None,
    )


def _median(durations: Sequence[float | None]) -> float | None:
    """Give the median of what was measured."""
    known = [duration for duration in durations if duration is not None]
    return median(known) if known else None


def estimate(prices: Prices, *, runs: int, max_tokens: int, prompt_tokens: int, warm_up: bool = True) -> Decimal | None:
    """Say what a test costs at most, in USD, the warm-up included; `None` where a price it needs is not stated."""
    if prices.input is None or prices.output is None:
        return None
    output = max(prices.output, prices.reasoning or Decimal(0))
    each = (prices.input * prompt_tokens + output * max_tokens) / _PER_MILLION + (prices.request or Decimal(0))
    return each * (runs + warm_up)
