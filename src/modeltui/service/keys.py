"""Where a provider's key is found: environment, a command, the system's keyring, the config file, in this order."""

import shlex
import subprocess
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from modeltui.config import ProviderConfig
from modeltui.errors import ConfigError
from modeltui.providers.registry import PROVIDERS
from modeltui.providers.spec import NoKey, Provider
from modeltui.secret import Redactor, Secret

if TYPE_CHECKING:
    from modeltui.service.session import Session

COMMAND_LIMIT_S: Final = 10
KEYRING_LIMIT_S: Final = 3
"""A keyring that is locked may ask on another screen for ever."""
SERVICE: Final = "modeltui"
"""Name of the keyring's service; the user name there is the provider's."""


def find_key(
    provider: Provider, own: ProviderConfig, environ: Mapping[str, str], *, where: str
) -> tuple[Secret | None, str]:
    """Look for a provider's key; `where` names its table of the config for errors. With it, where it was found."""
    named = own.api_key or own.api_key_env or own.api_key_command or own.keyring
    if isinstance(provider.auth, NoKey) and not named:
        return None, ""
    for name in (own.api_key_env,) if own.api_key_env else provider.auth.env:
        if environ.get(name, "").strip():
            return Secret.checked(environ[name], name), name
    if own.api_key_command:
        return _from_command(own.api_key_command, f"{where} api_key_command"), "api_key_command"
    if own.keyring:
        return _from_keyring(provider.slug, f"{where} keyring"), "the keyring"
    return (own.api_key, "the config file") if own.api_key else (None, "")


def redactor_at_hand(session: "Session") -> Redactor:
    """Know every key of a session that can be known at once: a crash is no time to ask a command or the keyring."""
    if "plans" in vars(session):
        return session.redactor
    own = session.config.providers.values()
    names = {name for provider in PROVIDERS.values() for name in provider.auth.env}
    names |= {each.api_key_env for each in own if each.api_key_env}
    found = [Secret(session.environ.get(name, "").strip()) for name in names]
    return Redactor([*found, *(each.api_key for each in own if each.api_key)])


def _from_command(command: str, where: str) -> Secret:
    try:
        done = subprocess.run(  # noqa: S603  # running the user's own command is what the key is for
            shlex.split(command), capture_output=True, text=True, timeout=COMMAND_LIMIT_S, check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        status = getattr(error, "returncode", None)
        reason = "it did not run" if status is None else f"exit status {status}"
        raise ConfigError(f"{where}: the command failed: {reason}", hint="run it by hand to see why") from None
    lines = done.stdout.splitlines()
    return Secret.checked(lines[0] if lines else "", where)


def _from_keyring(slug: str, where: str) -> Secret:
    """Ask the system's keyring in a thread of its own, which nobody waits for longer than the limit."""
    if find_spec("keyring") is None:
        raise ConfigError(f"{where}: the library keyring is not installed", hint="pip install 'modeltui[keyring]'")
    found: list[str | None] = []
    failed: list[str] = []

    def ask() -> None:
        import keyring
        from keyring.errors import KeyringError

        try:
            found.append(keyring.get_password(SERVICE, slug))
        except (KeyringError, OSError, RuntimeError) as error:
            failed.append(type(error).__name__)

    asking = threading.Thread(target=ask, name="keyring", daemon=True)
    asking.start()
    asking.join(KEYRING_LIMIT_S)
    if failed or not found:
        reason = failed[0] if failed else f"no answer within {KEYRING_LIMIT_S} s"
        raise ConfigError(f"{where}: the keyring cannot be read: {reason}", hint=f"unlock it, or set {slug}'s variable")
    if found[0] is None:
        raise ConfigError(f"{where}: nothing is kept there", hint=f"keyring set {SERVICE} {slug}")
    return Secret.checked(found[0], where)
