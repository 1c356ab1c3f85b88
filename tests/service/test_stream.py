"""The maths of a streamed completion, without a network."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeltui.service.failures import Fault
from modeltui.service.stream import DONE, Chunk, EventReader, Tally, read_chunk


def read_all(stream: bytes, size: int) -> list[bytes]:
    reader = EventReader()
    found = [data for at in range(0, len(stream), size) for data in reader.feed(stream[at : at + size])]
    return [*found, *reader.finish()]


@given(size=st.integers(1, 40), end=st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_events_are_read_alike_however_the_stream_is_cut(size: int, end: bytes) -> None:
    lines = [
        b": hello", b"", b"event: x", b'data: {"a":1}', b"id: 7", b"", b"data:two", b"data: lines", b"", b"",
        b"retry: 5", b"", b"data: [DONE]", b"",
    ]  # fmt: skip
    assert read_all(end.join(lines) + end, size) == [b'{"a":1}', b"two\nlines", DONE]


def test_the_end_of_the_stream_ends_the_last_event() -> None:
    assert read_all(b"data: a\n\ndata: b", 3) == [b"a", b"b"]


def test_a_line_without_end_is_given_up() -> None:
    reader = EventReader()
    with pytest.raises(Fault, match="too large"):
        list(reader.feed(b"data: " + b"x" * 2_000_000))


@pytest.mark.parametrize(
    ("delta", "any_text", "answer"),
    [
        ({"content": "a"}, True, True),
        ({"content": ""}, False, False),
        ({"content": None}, False, False),
        ({"role": "assistant"}, False, False),
        ({"reasoning": "hm"}, True, False),
        ({"reasoning_content": "hm", "content": ""}, True, False),
        ({"content": [{"type": "text", "text": "a"}]}, True, True),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}, True, False),
        ({"content": 5}, False, False),
        (None, False, False),
    ],
)
def test_a_token_is_reasoning_or_answer(delta: object, any_text: bool, answer: bool) -> None:  # noqa: FBT001  # columns
    chunk = read_chunk(json.dumps({"choices": [{"delta": delta}]}).encode())
    assert (chunk.any_text, chunk.answer_text) == (any_text, answer)


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"{", b"5", b'{"choices":null}', b'{"choices":[null]}', b"[" * 9999]
)
def test_an_event_that_says_nothing_is_no_token(data: bytes) -> None:
    assert read_chunk(data) == Chunk()


def test_an_error_in_the_stream_is_kept_as_it_came() -> None:
    assert read_chunk(b'{"error":{"message":"no"}}').error == b'{"error":{"message":"no"}}'


@pytest.mark.parametrize("tokens", [True, -1, "5", 1.5, None, 10**12])
def test_a_usage_that_is_no_number_is_not_stated(tokens: object) -> None:
    assert read_chunk(json.dumps({"usage": {"completion_tokens": tokens}}).encode()).tokens is None


def tally(*events: tuple[float, Chunk]) -> Tally:
    made = Tally()
    for at_s, chunk in events:
        made.add(chunk, at_s)
    return made


ANSWER = Chunk(any_text=True, answer_text=True)
THOUGHT = Chunk(any_text=True, reasoning_text=True)


def test_speed_is_tokens_after_the_first_over_the_time_after_the_first() -> None:
    made = tally((0.5, ANSWER), (0.75, ANSWER), (1.0, ANSWER), (1.1, Chunk(tokens=11, finished=True)))
    assert made.first_s == 0.5
    assert made.tokens == 11
    assert not made.counted
    assert made.tokens_per_s == 20.0
    assert made.finished


def test_without_usage_chunks_are_counted_and_said_to_be() -> None:
    made = tally((0.5, ANSWER), (1.0, ANSWER), (1.5, ANSWER))
    assert (made.tokens, made.counted, made.tokens_per_s) == (3, True, 2.0)


def test_the_first_token_may_be_a_thought_and_the_first_answer_comes_later() -> None:
    made = tally((0.2, THOUGHT), (0.4, THOUGHT), (0.9, ANSWER))
    assert (made.first_s, made.first_answer_s) == (0.2, 0.9)


def test_thoughts_that_were_never_streamed_do_not_make_a_model_fast() -> None:
    usage = Chunk(tokens=1001, hidden_tokens=996)
    assert tally((5.0, ANSWER), (6.0, ANSWER), (6.0, usage)).tokens_per_s == 4.0
    assert tally((5.0, THOUGHT), (6.0, ANSWER), (6.0, usage)).tokens_per_s == 1000.0


@pytest.mark.parametrize("events", [[], [(0.5, ANSWER)], [(0.5, ANSWER), (0.5, ANSWER)]])
def test_one_moment_makes_no_speed(events: list[tuple[float, Chunk]]) -> None:
    assert tally(*events).tokens_per_s is None
