"""`cost` over stored answers: the cheapest first, the unknown last, and every number with what it rests on."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modeltui.cli.run import run
from modeltui.service.session import Session
from modeltui.store import Store
from store_samples import response

CHEAP, DEAR, FREE, ROUTED = "maker/cheap-7b", "maker/dear-70b", "maker/gift-1b", "openrouter/auto"
PRICES = {CHEAP: ("0.0000001", "0.0000002"), DEAR: ("0.000003", "0.000015"), FREE: ("0", "0"), ROUTED: ("-1", "-1")}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config = tmp_path / "config.toml"
    config.write_text('only = ["openrouter"]\n')
    monkeypatch.setenv("MODELTUI_CONFIG", str(config))
    monkeypatch.setenv("MODELTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)
    rows = [
        {"id": name, "name": name, "context_length": 131072, "pricing": {"prompt": prompt, "completion": completion}}
        for name, (prompt, completion) in PRICES.items()
    ]
    rows[1]["pricing"] |= {"input_cache_read": "0.0000003"}  # type: ignore[operator]  # the pricing is an object
    with Store.open(tmp_path / "cache") as store:
        body = json.dumps({"data": rows}).encode()
        assert store.put(response(body, source="openrouter/models", at=datetime.now(UTC)))
    return tmp_path


def no_screen(session: Session) -> int:
    raise AssertionError(f"no command opens the screen: {session}")


def cost(*words: str) -> int:
    return run(["--no-snapshot", "cost", *words], no_screen)


def test_the_cheapest_offer_stands_first_and_the_unknown_last(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cost("--in", "8k", "--out", "1000") == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [f"openrouter/{name}" for name in (FREE, CHEAP, DEAR, ROUTED)]
    assert [line.split()[1] for line in lines] == ["$/request", "$0", "$0.001", "$0.039", "–"]  # noqa: RUF001  # the sign for "not stated"
    assert "decided at request time" in lines[-1]
    assert "8K in, 1K out" in said.err


def test_a_cached_share_and_a_month_are_counted(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cost("--in", "10k", "--out", "0", "--cached", "70%", "--requests", "1000", "--json", "dear") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["workload"] == {"tokens_in": 10_000, "tokens_out": 0, "cached": 0.7, "requests_per_month": 1000}
    (offer,) = found["offers"]
    assert (offer["id"], offer["usd_per_request"], offer["usd_per_month"]) == (DEAR, 0.0111, 11.1)
    assert offer["basis"] == "3K in at $3/M + 7K cached at $0.3/M"


def test_json_has_numbers_and_null_for_what_is_unknown(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cost("--in", "3", "--out", "7", "--json") == 0
    offers = json.loads(capsys.readouterr().out)["offers"]
    assert [offer["usd_per_request"] for offer in offers] == [0, 0.0000017, 0.000114, None]
    assert [offer["price_state"] for offer in offers] == ["zero", "stated", "stated", "dynamic"]


def test_models_have_ranges_and_name_the_offers_of_unknown_cost(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cost("--in", "8k", "--out", "1k", "--by", "model", "--json") == 0
    models = json.loads(capsys.readouterr().out)["models"]
    assert models[1]["usd_per_request"] == {"min": 0.001, "max": 0.001}
    assert (models[-1]["usd_per_request"], models[-1]["unknown"]) == (None, [f"openrouter/{ROUTED}"])
    assert cost("--in", "8k", "--out", "1k", "--by", "model", "--limit", "1") == 0
    assert "1 offer" in capsys.readouterr().out.splitlines()[1]


def test_the_query_may_ask_for_the_cost_itself(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cost("--in", "8k", "--out", "1k", "cost>0", "cost<0.01") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == [f"openrouter/{CHEAP}"]


def test_what_the_options_do_not_say_comes_from_the_config(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = place / "config.toml"
    config.write_text(
        config.read_text() + "[workload]\ntokens_in = 8000\ntokens_out = 1000\nrequests_per_month = 1_000\n"
    )
    assert cost("cheap") == 0
    assert capsys.readouterr().out.splitlines()[1].split()[1:3] == ["$0.001", "$1"]
    assert cost("--requests", "2", "cheap") == 0
    assert capsys.readouterr().out.splitlines()[1].split()[1:3] == ["$0.001", "$0.002"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "there is no workload"),
        (("--in", "8.5"), "--in: '8.5' is not a whole number"),
        (("--in", "many"), "--in: 'many' is not a whole number"),
        (("--in", "8k", "--cached", "70"), "--cached: '70' is not a share"),
        (("--in", "8k", "--cached", "nan"), "--cached: 'nan' is not a share"),
        (("--in", "8k", "provider:opnrouter"), "There is no provider 'opnrouter'"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_what_to_do(
    place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    assert cost(*words) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True)


def test_nothing_is_left_over_a_query_without_hits(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cost("--in", "8k", "nothinglikethis") == 0
    assert capsys.readouterr().out.splitlines() == ["offer $/request  basis"]
