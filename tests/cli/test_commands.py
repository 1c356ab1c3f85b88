"""The commands over a real server: what they print, where, and how they end."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopback import ThreadedLoopback, answer
from modeltui.cli.run import run
from modeltui.service.session import Session
from replay import chutes_v1, config_text, deployment, deployments, openrouter


@pytest.fixture
def server() -> Iterator[ThreadedLoopback]:
    with ThreadedLoopback() as loopback:
        loopback.json("/openrouter/models", openrouter("maker/alpha-7b", "maker/beta-8b:free"))
        loopback.json("/v1/models", chutes_v1("Maker/Alpha-7B", "Maker/Only-V1-3B"))
        loopback.json("/dep/chutes/", deployments(deployment("Maker/Alpha-7B"), deployment("affine/x", hot=False)))
        yield loopback


@pytest.fixture
def place(server: ThreadedLoopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / "config.toml"
    config.write_text(config_text(server, "openrouter", "chutes"))
    monkeypatch.setenv("MODELTUI_CONFIG", str(config))
    monkeypatch.setenv("MODELTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("MODELTUI_STATE_DIR", str(tmp_path / "state"))
    for name in ("OPENROUTER_API_KEY", "CHUTES_API_KEY", "CHUTES_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def no_screen(session: Session) -> int:
    raise AssertionError(f"no command opens the screen: {session}")


def modeltui(*words: str) -> int:
    return run(list(words), no_screen)


@pytest.fixture
def refreshed(place: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert modeltui("--no-snapshot", "refresh") == 0
    capsys.readouterr()
    return place


def test_refresh_tells_one_line_a_source_and_a_summary_on_stderr(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert modeltui("refresh") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "openrouter/models" in said.err
    assert "3 updated, 0 unchanged, 0 failed" in said.err


def test_a_failed_source_ends_a_refresh_with_1_and_says_what_to_do(
    place: Path, server: ThreadedLoopback, capsys: pytest.CaptureFixture[str]
) -> None:
    server.route("/openrouter/models", answer(401, b'{"error":{"message":"no such user"}}'))
    assert modeltui("refresh") == 1
    said = capsys.readouterr().err
    assert "FAILED" in said
    assert "OPENROUTER_API_KEY" in said
    assert "2 updated" in said


def test_list_prints_offers_as_json_with_numbers_as_numbers(
    refreshed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert modeltui("--no-snapshot", "list", "--json", "provider:openrouter") == 0
    offers = json.loads(capsys.readouterr().out)
    alpha = next(offer for offer in offers if offer["id"] == "maker/alpha-7b")
    assert alpha["prices"]["input"] == 0.25
    assert alpha["prices"]["output"] == 1
    assert alpha["prices"]["cache_read"] is None
    assert alpha["context_length"] == 131072
    assert alpha["capabilities"] == ["tools"]
    assert alpha["claims"]["prices.input"]["source"] == "openrouter/models"
    assert alpha["claims"]["prices.input"]["path"] == "pricing.prompt"


def test_one_model_of_two_providers_is_one_row(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("--no-snapshot", "list", "--json", "--by", "model", "alpha") == 0
    models = json.loads(capsys.readouterr().out)
    assert len(models) == 1
    assert set(models[0]["offers"]) == {"chutes/Maker/Alpha-7B", "openrouter/maker/alpha-7b"}


@pytest.mark.parametrize("form", ["table", "csv", "md", "ids"])
def test_list_has_every_format(refreshed: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert modeltui("--no-snapshot", "list", "--format", form, "--by", "offer", "alpha") == 0
    assert "alpha" in capsys.readouterr().out.lower()


def test_ids_are_one_a_line_and_nothing_where_there_are_none(
    refreshed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert modeltui("--no-snapshot", "list", "--format", "ids", "--by", "offer", "alpha") == 0
    said = capsys.readouterr().out
    assert sorted(said.splitlines()) == ["chutes/Maker/Alpha-7B", "openrouter/maker/alpha-7b"]
    assert said.endswith("b\n")
    assert modeltui("--no-snapshot", "list", "--format", "ids", "nothing-is-called-so") == 0
    assert capsys.readouterr().out == ""


def test_a_minus_sorts_the_other_way_and_a_minus_word_negates(
    refreshed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert modeltui("--no-snapshot", "list", "--format", "ids", "--by", "offer", "--sort", "-context", "-tools") == 0
    said = capsys.readouterr().out
    assert "openrouter" not in said
    assert "Only-V1" in said


def test_words_and_options_may_stand_in_any_order(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("list", "alpha", "--no-snapshot", "--format", "ids", "--by", "offer", "provider:chutes") == 0
    assert capsys.readouterr().out.split() == ["chutes/Maker/Alpha-7B"]


def test_a_wrong_query_ends_with_2_and_says_what_was_meant(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("list", "contxt>=128k") == 2
    assert "Did you mean context?" in capsys.readouterr().err


def test_an_unknown_option_ends_with_2(place: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        modeltui("refresh", "--froce")
    assert ended.value.code == 2


def test_a_wrong_config_ends_with_2_and_names_file_and_key(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "config.toml").write_text("[cache]\nttl = 3")
    assert modeltui("list") == 2
    said = capsys.readouterr().err
    assert "config.toml" in said
    assert "ttl_minutes" in said


def test_show_tells_who_says_what_and_why_a_field_is_empty(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("--no-snapshot", "show", "chutes/Maker/Alpha-7B") == 0
    said = capsys.readouterr().out
    assert "chutes/v1 context_length" in said
    assert "chutes/deployments carries no quantization" in said


def test_show_names_near_misses_and_ends_with_1(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("--no-snapshot", "show", "maker/alpa-7b") == 1
    assert "maker/alpha-7b" in capsys.readouterr().err.lower()


def test_dump_twice_writes_the_same_files(refreshed: Path) -> None:
    assert modeltui("dump", "--out", str(refreshed / "one")) == 0
    assert modeltui("dump", "--out", str(refreshed / "two"), "--offline") == 0
    first = {path.name: path.read_bytes() for path in (refreshed / "one").iterdir()}
    second = {path.name: path.read_bytes() for path in (refreshed / "two").iterdir()}
    assert first == second
    assert set(first) == {"openrouter.json", "chutes.json", "chutes-deployments.json"}
    rows = json.loads(first["openrouter.json"])["data"]
    assert rows[0]["pricing"]["prompt"] == "0.00000025"


def test_export_writes_everything_known_and_refuses_to_clobber(
    refreshed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = refreshed / "all.json"
    assert modeltui("--no-snapshot", "export", "--format", "json", "--output", str(target)) == 0
    document = json.loads(target.read_text())
    assert set(document) == {"generated_at", "version", "sources", "merge_analysis", "offers", "models"}
    assert len(document["offers"]) == 5
    assert "chutes/v1 chutes/deployments" in document["merge_analysis"]
    assert modeltui("export", "--output", str(target)) == 74
    assert "--force" in capsys.readouterr().err


def test_gaps_say_what_did_not_join_and_why(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("--no-snapshot", "gaps", "--json") == 0
    gaps = json.loads(capsys.readouterr().out)
    assert (gaps["total_a"], gaps["total_b"], gaps["matched"]) == (2, 2, 1)
    assert gaps["only_a"][0]["id"] == "Maker/Only-V1-3B"


def test_sources_tell_state_age_and_key(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("--no-snapshot", "sources", "--json") == 0
    sources = {source["source"]: source for source in json.loads(capsys.readouterr().out)}
    assert sources["openrouter/models"]["records"] == 2
    assert sources["openrouter/models"]["health"] == "live"


def test_raw_gives_one_record_as_it_was_sent(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("raw", "openrouter", "maker/alpha-7b") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["pricing"]["prompt"] == "0.00000025"
    assert modeltui("raw", "openrouter", "maker/none") == 1


def test_cache_and_config_tell_where_they_are(refreshed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert modeltui("cache", "path") == 0
    assert capsys.readouterr().out.strip() == str(refreshed / "cache")
    assert modeltui("cache", "clear") == 0
    assert modeltui("config", "check") == 0
    assert "3 sources are asked" in capsys.readouterr().out


def test_config_init_writes_a_valid_private_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = place / "fresh" / "config.toml"
    assert modeltui("--config", str(target), "config", "init") == 0
    assert target.stat().st_mode & 0o777 == 0o600
    assert modeltui("--config", str(target), "config", "check") == 0
    assert modeltui("--config", str(target), "config", "init") == 74


def test_offline_never_asks(refreshed: Path, server: ThreadedLoopback) -> None:
    before = len(server.requests)
    assert modeltui("--offline", "refresh", "--force") == 0
    assert modeltui("--offline", "list") == 0
    assert len(server.requests) == before


def test_a_key_is_in_no_output(
    place: Path, server: ThreadedLoopback, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "canary-0123456789-openrouter"
    monkeypatch.setenv("OPENROUTER_API_KEY", key)
    server.route("/openrouter/models", answer(401, json.dumps({"error": {"message": f"bad key {key}"}})))
    modeltui("-v", "refresh")
    modeltui("sources", "--json")
    modeltui("raw", "openrouter")
    said = capsys.readouterr()
    assert server.saw(key)
    assert key not in said.out + said.err
    assert all(key.encode() not in path.read_bytes() for path in place.rglob("*") if path.is_file())


def test_without_a_terminal_the_screen_says_what_to_use_instead(place: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "modeltui"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "modeltui list --json" in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(refreshed: Path) -> None:
    command = f"{sys.executable} -m modeltui list --json | head -c 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S603
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_said_in_one_line(refreshed: Path) -> None:
    command = f"{sys.executable} -m modeltui list --json > /dev/full; echo $?"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.stdout.strip() == "74"
    assert "could not write output" in done.stderr
