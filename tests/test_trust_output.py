"""What goes to stdout and stderr: exact for programs, harmless for terminals, and without a key even in a crash."""

import json
from pathlib import Path

import pytest

from modeltui.cli.output import Output
from modeltui.cli.run import InternalError, run
from modeltui.secret import Redactor, Secret
from modeltui.service.session import Session
from modeltui.service.startfile import read, write

KEY = "sk-canary-output-0123456789"


def test_json_on_a_terminal_is_exact_and_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"id": "A\x1b]0;x\x07\x9b31m\u202e\x7f\U000e0041 模型 é\n"}
    Output(Redactor()).data(json.dumps(value, ensure_ascii=False, indent=2))
    said = capsys.readouterr().out
    assert json.loads(said) == value
    assert all(line.isprintable() for line in said.splitlines())
    assert "模型 é" in said


def test_a_crash_is_one_line_without_keys_and_ends_with_70(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODELTUI_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("MODELTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    (tmp_path / "config.toml").write_text("")

    def breaks(session: Session) -> int:
        assert any(plan.key for plan in session.plans)
        raise LookupError(f"header Bearer {KEY}\x1b[31m")

    assert run([], breaks) == 70
    said = capsys.readouterr().err
    assert "internal error: LookupError at test_trust_output.py" in said
    assert KEY not in said
    assert "\x1b" not in said


def test_where_a_crash_came_about_is_told_when_asked_for() -> None:
    try:
        raise ValueError("x")
    except ValueError as error:
        told = InternalError(error, verbose=True)
    assert "test_trust_output.py:" in told.message
    assert Redactor([Secret(KEY)]).redact(told.message) == told.message


def test_a_start_file_with_one_changed_bit_is_not_used(tmp_path: Path) -> None:
    from trust_rows import catalog_of

    path = tmp_path / "start.msgpack"
    assert write(path, catalog_of([]), "key")
    whole = path.read_bytes()
    assert read(path, "key".__eq__) is not None
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert read(path) is None
