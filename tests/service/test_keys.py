"""Where a key is found, in which order, and how it is said that there is none."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from modeltui.config import ProviderConfig
from modeltui.errors import ConfigError
from modeltui.providers.registry import PROVIDERS
from modeltui.secret import Secret
from modeltui.service.keys import find_key


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package called keyring, as the optional library is."""
    package = tmp_path / "keyring"
    package.mkdir()
    (package / "errors.py").write_text("class KeyringError(Exception): pass")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package / "__init__.py"
    for name in ("keyring", "keyring.errors"):
        sys.modules.pop(name, None)


def key_of(own: ProviderConfig, **environ: str) -> tuple[Secret | None, str]:
    return find_key(PROVIDERS["openrouter"], own, environ, where="config.toml: [providers.openrouter]")


def test_the_keyring_comes_after_the_environment_and_before_the_file(ring: Path) -> None:
    ring.write_text("def get_password(service, name): return f'{service}-{name}-key'")
    own = ProviderConfig(keyring=True, api_key=Secret("from-the-file"))
    assert key_of(own) == (Secret("modeltui-openrouter-key"), "the keyring")
    assert key_of(own, OPENROUTER_API_KEY="from-the-environment")[1] == "OPENROUTER_API_KEY"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return None", "nothing is kept there"),
        ("from keyring.errors import KeyringError; raise KeyringError('locked')", "KeyringError"),
    ],
)
def test_a_keyring_that_gives_nothing_is_told_with_what_to_do(ring: Path, body: str, said: str) -> None:
    ring.write_text(f"def get_password(service, name):\n    {body}")
    with pytest.raises(ConfigError, match=said) as caught:
        key_of(ProviderConfig(keyring=True))
    assert caught.value.hint


def test_without_the_library_it_says_how_to_get_it() -> None:
    with pytest.raises(ConfigError) as caught:
        key_of(ProviderConfig(keyring=True))
    assert "modeltui[keyring]" in caught.value.hint
