"""Which sources are asked, where, and with which key."""

import pytest

from modeltui.config import parse
from modeltui.errors import ConfigError
from modeltui.secret import Secret
from modeltui.service.lineup import ProviderPlan, SourcePlan, auth_headers, chat_url, line_up


def plan_of(slug: str, config: str = "", **environ: str) -> ProviderPlan:
    return next(plan for plan in line_up(parse(config), environ) if plan.slug == slug)


def source_of(name: str, config: str = "", **environ: str) -> SourcePlan:
    plan = plan_of(name.partition("/")[0], config, **environ)
    return next(source for source in plan.sources if source.name == name)


def test_without_a_config_known_public_sources_are_on() -> None:
    for name in ("chutes/v1", "chutes/deployments", "openrouter/models", "venice/models", "models-dev/catalog"):
        assert not source_of(name).skip


def test_a_source_only_inferred_to_be_public_waits_to_be_named() -> None:
    assert source_of("requesty/models").skip == "no key"
    assert not source_of("requesty/models", 'only = ["requesty"]').skip


def test_a_source_without_its_key_is_skipped_with_the_variables_name() -> None:
    source = source_of("mistral/models", 'only = ["mistral"]')
    assert source.skip == "no key"
    assert "MISTRAL_API_KEY" in source.hint
    assert not source_of("mistral/models", MISTRAL_API_KEY="test-key-0001").skip


def test_a_moved_source_needs_no_key() -> None:
    source = source_of("mistral/models", '[providers.mistral]\nendpoint = "http://127.0.0.1:9/mistral"')
    assert not source.skip
    assert source.url == "http://127.0.0.1:9/mistral/models"


def test_an_endpoint_moves_every_source_and_a_source_table_one_alone() -> None:
    moved = '[providers.chutes]\nendpoint = "http://127.0.0.1:9/c"'
    assert source_of("chutes/deployments", moved).url.startswith("http://127.0.0.1:9/c/chutes/")
    one = '[providers.chutes.sources.v1]\nendpoint = "http://127.0.0.1:9/v1"'
    assert source_of("chutes/v1", one).url == "http://127.0.0.1:9/v1/models"
    assert source_of("chutes/deployments", one).url.startswith("https://api.chutes.ai/chutes/?")


def test_only_turns_every_other_provider_off() -> None:
    assert "only" in source_of("openrouter/models", 'only = ["chutes"]').skip


def test_a_name_nobody_knows_gets_a_near_miss() -> None:
    with pytest.raises(ConfigError, match="openrouter"):
        line_up(parse('only = ["openruter"]'), {})


def test_any_openai_compatible_server_needs_an_endpoint_alone() -> None:
    plan = plan_of("my-vllm", '[providers.my-vllm]\nendpoint = "http://localhost:8000/v1"')
    assert plan.sources[0].url == "http://localhost:8000/v1/models"
    assert chat_url(plan) == "http://localhost:8000/v1/chat/completions"


def test_a_local_server_is_not_asked_unless_the_config_names_it() -> None:
    assert not any(plan.provider.local for plan in line_up(parse(""), {}))


def test_a_key_never_goes_over_plain_http_except_to_this_machine() -> None:
    config = '[providers.x]\nendpoint = "http://models.example/v1"\napi_key_env = "X_KEY"'
    assert "not encrypted" in source_of("x/models", config, X_KEY="secret-key-1").skip
    local = '[providers.x]\nendpoint = "http://127.0.0.1/v1"\napi_key_env = "X_KEY"'
    assert not source_of("x/models", local, X_KEY="secret-key-1").skip


def test_the_environment_wins_over_the_file_and_the_command_over_the_file() -> None:
    config = '[providers.openrouter]\napi_key = "from-the-file"\napi_key_command = "echo from-the-command"'
    assert plan_of("openrouter", config, OPENROUTER_API_KEY="from-the-env").key == Secret("from-the-env")
    assert plan_of("openrouter", config).key == Secret("from-the-command")


def test_a_key_command_that_fails_says_so_without_its_output() -> None:
    with pytest.raises(ConfigError, match="api_key_command"):
        line_up(parse('[providers.openrouter]\napi_key_command = "false"'), {})


def test_the_key_stands_in_the_header_the_provider_wants() -> None:
    bearer = auth_headers(plan_of("openrouter", OPENROUTER_API_KEY="test-key-0001"))
    assert bearer["Authorization"] == Secret("Bearer test-key-0001")
    own = auth_headers(plan_of("anthropic", ANTHROPIC_API_KEY="test-key-0001"))
    assert own["x-api-key"] == Secret("test-key-0001")
    assert own["anthropic-version"]
    assert "test-key-0001" not in repr(bearer) + repr(own)


def test_variables_in_a_url_are_filled_in_or_named() -> None:
    missing = source_of("cloudflare/models", CLOUDFLARE_API_TOKEN="test-key-0001")
    assert "CLOUDFLARE_ACCOUNT_ID" in missing.skip + missing.hint
    found = source_of("cloudflare/models", CLOUDFLARE_API_TOKEN="test-key-0001", CLOUDFLARE_ACCOUNT_ID="acc")
    assert "/accounts/acc/" in found.url
