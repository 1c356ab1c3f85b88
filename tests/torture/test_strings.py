"""Hostile strings through the real program in a real terminal: every screen, every byte."""

import base64
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from loopback import ThreadedLoopback, answer, raw
from modeltui.format import clean
from torture.hostile import HOSTILE
from torture.places import command, config, environment
from torture.terminal import Program, quit_by_key

pytestmark = pytest.mark.torture

OWN = re.compile(
    rb"\x1b\[(\?(25|7|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048|2031)(h|l|\$p)"
    rb"|>\d+u|<u|\d*;?\d*H|[0-3]?J|\?6c|c|14t|16t|18t)|\x1b\]22;[a-z]*\x07|\x1b\[=\d*;?\d*u|\x1b\[\?u"
)
"""What Textual itself sends: modes, cursor places, questions to the terminal, the pointer's shape."""
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def rows() -> bytes:
    """One list with every hostile string as id, name and description, in the shape of OpenRouter's."""
    data = [
        {
            "id": text, "name": text, "description": text, "created": 1753230546, "context_length": 1000 + number,
            "architecture": {"input_modalities": [text], "output_modalities": ["text"], "modality": text},
            "pricing": {"prompt": "0.00000025", "completion": text}, "supported_parameters": ["tools", text],
            "hugging_face_id": text, "top_provider": {"max_completion_tokens": text}, text: text,
        }
        for number, (_, text) in enumerate(HOSTILE)
    ]  # fmt: skip
    return json.dumps({"data": data}).encode()


def sent_oddly(written: bytes) -> set[bytes]:
    """Every sequence and character that is neither text nor one of the program's own."""
    from torture.terminal import Screen

    screen = Screen(200, 50)
    screen.feed(written + b"\x1b")
    return {odd for odd in screen.odd if not OWN.fullmatch(odd) and odd != b"\x1b"}


def test_hostile_strings_do_nothing_on_any_surface(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    said = json.dumps({"error": {"message": "".join(text for _, text in HOSTILE if len(text) < 60)[:5000]}}).encode()
    head = b"HTTP/1.1 500 A\x1b]0;pwned\x07B\r\nX: \x1b[31m\r\nContent-Length: %d\r\n\r\n" % len(said)
    with ThreadedLoopback() as server:
        server.body("/openrouter/models", rows())
        server.route("/angry/models", raw(head + said))
        server.route("/refusing/models", answer(403, json.dumps({"error": "[/]\x1b]52;c;eA==\x07[@click=app.quit]x"})))
        ends = {name: f"{server.url}/{name}" for name in ("openrouter", "angry", "refusing")}
        (tmp_path / "config.toml").write_text(config(ends))
        environ = environment(tmp_path)
        with Program("--no-snapshot", environ=environ, size=(200, 50)) as program:
            assert program.until("refreshed:", 30), program.screen.text
            program.settle()
            surfaces = walk(program)
            assert program.process.poll() is None, program.screen.text
            code, _ = quit_by_key(program)
            assert code == 0
        copied = {base64.b64decode(found) for found in COPIED.findall(program.written)}
        odd = sent_oddly(COPIED.sub(b"", program.written))
        lines = b""
        for words in COMMANDS:
            done = command("--no-snapshot", *words, environ=environ, cwd=tmp_path)
            assert b"Traceback" not in done.stderr, words
            lines += done.stdout.replace(b"\n", b"") + done.stderr.replace(b"\n", b"")
    odd |= sent_oddly(lines.replace(b"\r", b""))
    ids = {text.encode("utf-8", "replace") for _, text in HOSTILE}
    surfaces += len(COMMANDS)
    record_property("promise 9", f"{len(HOSTILE)} strings, {surfaces} surfaces: {len(odd)} raw sequences, 0 crashes")
    assert odd == set()
    assert copied <= ids | {b"openrouter/" + text for text in ids}


COMMANDS = (
    ("list", "--by", "offer"), ("list", "--by", "model"), ("list", "--format", "csv"), ("list", "--format", "md"),
    ("list", "--json"), ("show", "llama[7b]"), ("sources",), ("conflicts",), ("cost", "--in", "1", "--out", "1"),
    ("-v", "refresh", "--force"), ("raw", "openrouter"), ("gaps", "openrouter", "angry"), ("list", "\x1b]0;x\x07[/]"),
)  # fmt: skip


def walk(program: Program) -> int:
    """Open every screen, and on the table go through every row with its details, its raw record and its copy."""
    program.press("m")
    for _ in range(len(HOSTILE)):
        program.press("j", 0.02)
    program.press("\x1b[H")
    surfaces = 3
    for _ in range(len(HOSTILE)):
        for key in ("J", "\x1b", "i", "\x1b", "y"):
            program.press(key, 0.02)
        program.press("j", 0.02)
    surfaces += 3
    for keys in (
        ("p", "\r", "\x1b", "\x1b"), (" ", "j", " ", "c", "\x1b"), ("\x10", "copy", "\x1b"), ("?", "\x1b"),
        ("x", "X", "X"), ("/", "[/]]0;x", "\r", "\x1b"), ("/", "evil", "\r", "\x1b"), ("s", "\x1b"), ("v", "\x1b"),
        ("l", "\x1b"), ("Y",), ("*",), ("m", "\r", "\x1b"), ("d", "\x1b"), ("g", "\x1b"), ("a", "\x1b"), ("w", "\x1b"),
    ):  # fmt: skip
        for key in keys:
            program.press(key, 0.05)
        surfaces += 1
    return surfaces


def test_every_character_there_is_comes_out_printable(record_property: Callable[[str, object], None]) -> None:
    bad = sum(not clean(chr(code)).isprintable() for code in range(sys.maxunicode + 1))
    names = [f"provider/model-{number}-instruct" for number in range(10_000)]
    names += [f"模型{number}é" for number in range(10_000)]
    started = time.perf_counter()
    for name in names:
        clean(name)
    took_ms = (time.perf_counter() - started) * 1000
    record_property(
        "promise 10", f"{sys.maxunicode + 1:,} characters: {bad} unprintable; 20,000 names: {took_ms:.0f} ms"
    )
    assert bad == 0
    assert took_ms < 1000
