"""The config file: what it accepts, and how it says no."""

from pathlib import Path

import pytest

from modeltui.config import Config, load, parse
from modeltui.errors import ConfigError


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text, name="config.toml")
    return str(caught.value)


def test_no_file_is_the_normal_first_start(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == Config()


def test_a_file_asked_for_by_name_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "config.toml", required=True)


def test_a_file_of_another_tool_with_the_same_keys_works_unchanged() -> None:
    config = parse("""
        [providers.groq]
        endpoint = "https://api.groq.com/openai/v1/"
        api_key = "gsk-test-key"
        models_path = "/models"
        chat_path = "/chat/completions"
        headers = { "X-Team" = "search" }
    """)
    groq = config.providers["groq"]
    assert groq.endpoint == "https://api.groq.com/openai/v1"
    assert groq.api_key is not None
    assert groq.api_key.reveal() == "gsk-test-key"
    assert groq.headers == {"X-Team": "search"}
    assert "gsk-test-key" not in repr(config)


def test_an_unknown_key_names_file_table_key_and_a_near_miss() -> None:
    message = refused('[providers.groq]\nendpiont = "https://x.example"')
    assert "config.toml" in message
    assert "[providers.groq] endpiont" in message
    assert "did you mean 'endpoint'?" in message


def test_an_unknown_table_names_a_near_miss() -> None:
    assert "did you mean 'providers'?" in refused("[provider.groq]\nenabled = true")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[providers.groq]\nenabled = 'yes'", "true or false"),
        ("[providers.groq]\ntimeout_s = '3'", "a number"),
        ("[cache]\nttl_minutes = true", "a number"),
        ("[cache]\nttl_minutes = -1", "at least 0"),
        ("only = 'groq'", "a list"),
        ("only = [1]", "a list of texts"),
        ("[providers]\ngroq = 1", "a table"),
        ("[views]\nx = 1", "text in quotes"),
        ("[[aliases.same]]\nids = ['one']", "two or more offers"),
        ("[[aliases.same]]\nids = ['one', 'two']", "provider/id"),
        ("[providers.x]\nendpoint = 'api.example/v1'", "not a base URL"),
        ("[providers.x]\nendpoint = 'https://me:pw@api.example/v1'", "not a base URL"),
    ],
)
def test_a_wrong_value_says_what_was_expected(text: str, expected: str) -> None:
    assert expected in refused(text)


def test_a_wrong_key_is_never_repeated() -> None:
    message = refused("[providers.groq]\napi_key = 12345678901")
    assert "12345678901" not in message


def test_broken_toml_says_where() -> None:
    assert "line 2" in refused("[providers.groq]\nenabled = maybe")


def test_a_key_that_leaves_the_machine_must_not_be_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[providers.groq]\napi_key = "gsk-test-key"')
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        load(path)
    path.chmod(0o600)
    assert load(path).providers["groq"].api_key is not None


def test_a_key_for_this_machine_alone_may_be_readable(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[providers.mine]\nendpoint = "http://127.0.0.1:8000/v1"\napi_key = "local-test-key"')
    path.chmod(0o644)
    assert load(path).providers["mine"].api_key is not None


def test_the_example_is_valid_with_every_line_switched_on() -> None:
    text = (Path(__file__).parents[1] / "config.example.toml").read_text("utf-8")
    parse(text)
    lines = [line for line in text.splitlines() if "=" in line or "[" in line]
    live = [
        line.removeprefix("# ") if "# " in line[:2] and ("= " in line or line.startswith("# [")) else line
        for line in lines
    ]
    prose = ("# `", "# whose")
    parse("\n".join(line for line in live if not line.startswith(prose) and not line.startswith("# A ")))
