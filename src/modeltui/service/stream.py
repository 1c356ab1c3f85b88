"""The stream of a chat completion: lines to events, events to tokens; pure, so that the maths can be tested."""

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from modeltui.service.failures import too_large

DONE: Final = b"[DONE]"
_LONGEST_LINE: Final = 1024 * 1024


class EventReader:
    """Cuts a server-sent event stream into the data of its events; comments and other fields are skipped."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the data of every event that a piece of the stream completes; lines end in LF, CR LF or CR."""
        text = self._rest + chunk
        held = b"\r" if text.endswith(b"\r") else b""
        *whole, rest = text.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._rest = rest + held
        if len(self._rest) > _LONGEST_LINE:
            raise too_large("a line of the stream has no end")
        for line in whole:
            yield from self._line(line)

    def _line(self, line: bytes) -> Iterator[bytes]:
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
        elif not line and self._data:
            yield b"\n".join(self._data)
            self._data.clear()

    def finish(self) -> Iterator[bytes]:
        """Yield the data of an event that the end of the stream completes."""
        yield from self._line(self._rest.rstrip(b"\r"))
        yield from self._line(b"")


class Chunk(Struct, frozen=True):
    """What one event of a completion tells."""

    any_text: bool = False
    """A token of any kind, reasoning included."""
    answer_text: bool = False
    reasoning_text: bool = False
    finished: bool = False
    tokens: int | None = None
    """Of the whole completion, as the provider's usage says."""
    hidden_tokens: int = 0
    """Of those, reasoning tokens."""
    error: bytes = b""
    """The event itself, where it tells of an error."""


def read_chunk(data: bytes) -> Chunk:
    """Read one event; what is no JSON object tells nothing."""
    try:
        found: object = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return Chunk()
    if not isinstance(found, dict):
        return Chunk()
    if found.get("error"):
        return Chunk(error=data)
    tokens, hidden = _usage(found)
    delta, finished = _first_choice(found)
    answer = _has_text(delta.get("content"), "text")
    reasoning = any(_has_text(delta.get(key), "") for key in ("reasoning", "reasoning_content", "thinking"))
    reasoning = reasoning or _has_text(delta.get("content"), "thinking")
    return Chunk(
        any_text=answer or reasoning,
        answer_text=answer,
        reasoning_text=reasoning,
        finished=finished,
        tokens=tokens,
        hidden_tokens=hidden,
    )


def _usage(event: dict[str, object]) -> tuple[int | None, int]:
    usage = event.get("usage")
    if not isinstance(usage, dict):
        return None, 0
    details = usage.get("completion_tokens_details")
    hidden = details.get("reasoning_tokens") if isinstance(details, dict) else None
    return _count(usage.get("completion_tokens")), _count(hidden) or 0


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def _first_choice(event: dict[str, object]) -> tuple[dict[str, object], bool]:
    """Find what was added (or, where nothing was streamed, the whole message), and whether it is the end."""
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        return {}, False
    delta = choice.get("delta") or choice.get("message")
    return delta if isinstance(delta, dict) else {}, bool(choice.get("finish_reason"))


def _has_text(content: object, kind: str) -> bool:
    """Tell whether text is there; of a list of parts, whether a part of that kind has something in it."""
    if isinstance(content, str):
        return bool(content) and kind != "thinking"
    if isinstance(content, list):
        return any(isinstance(part, dict) and part.get("type", "text") == kind and part.get(kind) for part in content)
    return False


class Tally:
    """Adds up one streamed completion: when its first and last token came, and how many there were.

    Instants are seconds of one clock since the request was sent.
    """

    def __init__(self) -> None:
        self.first_s: float | None = None
        self.first_answer_s: float | None = None
        self.last_s: float | None = None
        self.chunks = 0
        self.finished = False
        self._tokens: int | None = None
        self._hidden = 0
        self._saw_reasoning = False

    def add(self, chunk: Chunk, at_s: float) -> None:
        """Take what one event told at an instant."""
        if chunk.tokens is not None:
            self._tokens, self._hidden = chunk.tokens, chunk.hidden_tokens
        self.finished = self.finished or chunk.finished
        if not chunk.any_text:
            return
        self.chunks += 1
        self._saw_reasoning = self._saw_reasoning or chunk.reasoning_text
        self.first_s = at_s if self.first_s is None else self.first_s
        self.last_s = at_s
        if chunk.answer_text and self.first_answer_s is None:
            self.first_answer_s = at_s

    @property
    def tokens(self) -> int | None:
        """Tokens as the usage says, else the chunks that had text; `None` where nothing came."""
        return self._tokens if self._tokens is not None else self.chunks or None

    @property
    def counted(self) -> bool:
        """True where the number of tokens is a count of chunks."""
        return self._tokens is None and self.chunks > 0

    @property
    def tokens_per_s(self) -> float | None:
        """Tokens after the first over the time after the first; `None` where all came at once.

        Reasoning tokens that were billed but never streamed were made before the first token and do not count.
        """
        if self.first_s is None or self.last_s is None or self.chunks < 2 or self.last_s <= self.first_s:
            return None
        streamed = (self.tokens or 0) - (0 if self._saw_reasoning else self._hidden)
        return (streamed - 1) / (self.last_s - self.first_s) if streamed > 1 else None
