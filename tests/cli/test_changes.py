"""`diff` over the answers of two days: what changed, in three forms, and what cannot be compared."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from modeltui.cli.changes import moment
from modeltui.cli.run import run
from modeltui.errors import UsageError
from modeltui.service.session import Session
from modeltui.store import Store
from store_samples import NOON, response

Row = Mapping[str, object]
Put = Callable[..., None]


def row(name: str, prompt: str = "0.0000003", **more: object) -> Row:
    pricing = {"prompt": prompt, "completion": "0.0000012"}
    return {"id": name, "name": name, "context_length": 131072, "pricing": pricing, **more}


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    config = tmp_path / "config.toml"
    config.write_text('only = ["openrouter", "chutes"]\n')
    monkeypatch.setenv("MODELTUI_CONFIG", str(config))
    monkeypatch.setenv("MODELTUI_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("OPENROUTER_API_KEY", "CHUTES_API_KEY", "CHUTES_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def put(*rows: Row, days_ago: float, source: str = "openrouter/models") -> None:
        at = datetime.now(UTC) - timedelta(days=days_ago)
        with Store.open(tmp_path / "cache") as store:
            assert store.put(response(json.dumps({"data": list(rows)}).encode(), source=source, at=at))

    return put


def no_screen(session: Session) -> int:
    raise AssertionError(f"no command opens the screen: {session}")


def diff(*words: str) -> int:
    return run(["--no-snapshot", "diff", *words], no_screen)


@pytest.fixture
def two_days(put: Put) -> None:
    put(row("m/kept-7b"), row("m/gone-1b"), row("m/cut-8b", "0.000002"), days_ago=10)
    tools = row("m/kept-7b", supported_parameters=["tools"])
    put(tools, row("m/new-3b"), row("m/cut-8b", "0.000001"), days_ago=0.1)


@pytest.mark.usefixtures("two_days")
def test_changes_are_told_by_kind_with_their_percentage(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("--since", "7d") == 0
    said = capsys.readouterr()
    assert [line.split() for line in said.out.splitlines() if line] == [
        ["Added", "(1)"],
        ["openrouter/m/new-3b", "131K", "context,", "$0.3", "input,", "$1.2", "output"],
        ["Removed", "(1)"],
        ["openrouter/m/gone-1b", "131K", "context,", "$0.3", "input,", "$1.2", "output"],
        ["Prices", "(1)"],
        ["openrouter/m/cut-8b", "input", "$2", "→", "$1", "(-50.0", "%)"],
        ["Capabilities", "(1)"],
        ["openrouter/m/kept-7b", "+", "tools"],
    ]
    assert "changes since" in said.err


@pytest.mark.usefixtures("two_days")
def test_with_exit_code_a_difference_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("--exit-code") == 1
    assert diff("--since", "1h", "--exit-code") == 0
    assert capsys.readouterr().out.endswith("no changes\n")


@pytest.mark.usefixtures("two_days")
def test_a_query_picks_offers_as_they_were_or_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("--exit-code", "nothinglikethis") == 0
    assert diff("in>=2") == 0
    assert "m/cut-8b" in capsys.readouterr().out
    assert diff("gone") == 0
    assert capsys.readouterr().out.startswith("Removed (1)\n")


@pytest.mark.usefixtures("two_days")
def test_json_has_numbers_for_amounts(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["first_seen"] == []
    cut = next(change for change in found["changes"] if change["kind"] == "price")
    assert cut == {
        "kind": "price", "provider": "openrouter", "id": "m/cut-8b", "model": cut["model"],
        "field": "prices.input", "before": 2, "after": 1, "percent": -50,
    }  # fmt: skip
    able = next(change for change in found["changes"] if change["kind"] == "capability")
    assert (able["field"], able["before"], able["after"]) == ("capabilities.tools", False, True)


def test_markdown_reads_nothing_foreign_as_markup(put: Put, capsys: pytest.CaptureFixture[str]) -> None:
    put(row("m/a"), days_ago=10)
    put(row("m/a"), row("m/[x](https://evil.example)|<b>"), days_ago=1)
    assert diff("--format", "md") == 0
    page = capsys.readouterr().out
    assert "## Added (1)\n\n| offer | change |\n| --- | --- |\n| openrouter/m/\\[x\\](https&#58;//" in page
    assert "\\|&lt;b&gt;" in page


def test_a_source_without_an_answer_that_old_is_left_out_and_named(
    put: Put, capsys: pytest.CaptureFixture[str]
) -> None:
    put(row("m/a"), days_ago=10)
    put(row("Maker/New-9B"), days_ago=2, source="chutes/v1")
    assert diff("--exit-code") == 0
    said = capsys.readouterr()
    assert said.out == "no changes\n"
    assert "left out, first seen since then: chutes/v1 (1 models)" in said.err
    assert "their answers begin" in said.err
    assert diff("--json") == 0
    assert json.loads(capsys.readouterr().out)["first_seen"] == [{"source": "chutes/v1", "offers": 1}]
    assert diff("--since", "1d") == 0
    assert "left out" not in capsys.readouterr().err


def test_an_answer_that_cannot_be_read_removes_nothing(put: Put, tmp_path: Path) -> None:
    put(row("m/a"), days_ago=10)
    with Store.open(tmp_path / "cache") as store:
        store.put(response(b'{"error": "moved"}', source="openrouter/models", at=datetime.now(UTC)))
    assert diff("--exit-code") == 0


def test_an_answer_seen_with_a_key_is_not_compared_with_one_without(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modeltui.config import Config
    from modeltui.service.catalog import scopes_of

    put(row("m/a"), days_ago=10)
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-canary-000000")
    session = Session(Config(only=("openrouter",)), cache_dir=tmp_path / "cache")
    plan, source = session.source_plan("openrouter/models")
    scope = scopes_of(plan, source, session.store.salt)[0]
    body = json.dumps({"data": [row("m/a"), row("m/private")]}).encode()
    session.store.put(response(body, source="openrouter/models", scope=scope, at=datetime.now(UTC)))
    session.close()
    assert scope
    assert diff("--exit-code") == 0


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("7d", "2026-02-22T12:00:00+00:00"),
        ("12h", "2026-03-01T00:00:00+00:00"),
        ("2026-02-28", "2026-02-28T00:00:00+00:00"),
        ("2026-02-28T10:00:00+02:00", "2026-02-28T08:00:00+00:00"),
    ],
)
def test_a_time_is_a_span_a_day_or_an_instant(wanted: str, expected: str) -> None:
    assert moment(wanted, NOON).isoformat() == expected


@pytest.mark.parametrize("wanted", ["soon", "", "7", "2026-13-01", "999999999y", "2026-03-02"])
def test_what_is_no_time_of_the_past_is_refused(wanted: str) -> None:
    with pytest.raises(UsageError, match="--since"):
        moment(wanted, NOON)


@pytest.mark.usefixtures("two_days")
def test_looking_back_leaves_the_catalog_of_now_as_it_was(tmp_path: Path) -> None:
    from modeltui.config import Config

    session = Session(Config(only=("openrouter",)), cache_dir=tmp_path / "cache", use_snapshot=False)
    now = session.clock()
    shown = session.builder.build(now)
    past = session.builder.build_at(now - timedelta(days=7))
    assert {offer.id for offer in past.offers} == {"m/kept-7b", "m/gone-1b", "m/cut-8b"}
    assert [len(reading.records) for reading in session.builder.readings_of("openrouter")] == [3]
    assert session.builder.build(now).offers == shown.offers
    assert {offer.id for offer in shown.offers} == {"m/kept-7b", "m/new-3b", "m/cut-8b"}
    session.close()
