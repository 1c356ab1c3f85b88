"""The user's config file: what it may say, checked to the last key, and nothing of what it leads to.

Every key is declared once, in the tables below; an unknown key, a wrong type or a value that makes no sense is a
`ConfigError` that names file, table, key and a near miss.
"""

import stat
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from modeltui.errors import ConfigError
from modeltui.secret import Secret

Table = Mapping[str, object]


class SourceConfig(Struct, frozen=True):
    """`[providers.NAME.sources.SOURCE]`: one source moved, or turned off."""

    endpoint: str | None = None
    path: str | None = None
    enabled: bool = True


class ProviderConfig(Struct, frozen=True):
    """`[providers.NAME]`: a built-in provider changed, or an endpoint of the user's own."""

    endpoint: str | None = None
    """Base URL; on a built-in provider it moves every source there."""
    api_key: Secret | None = None
    api_key_env: str | None = None
    api_key_command: str | None = None
    """A command whose first line of output is the key."""
    keyring: bool = False
    """The key is in the system's keyring, under service `modeltui` and the provider's name."""
    models_path: str | None = None
    chat_path: str | None = None
    headers: Mapping[str, str] = {}
    like: str | None = None
    """Which built-in shape the answers have; `openai` where nothing else is said."""
    enabled: bool | None = None
    timeout_s: float | None = None
    sources: Mapping[str, SourceConfig] = {}
    inline: Mapping[str, object] = {}
    """The keys of a field map of the user's own, as they stand."""


class Alias(Struct, frozen=True):
    """One `[[aliases.same]]` or `[[aliases.different]]`: offers as `provider/id`."""

    ids: tuple[str, ...]


class Config(Struct, frozen=True):
    """Everything a config file can say; the defaults are the normal first start."""

    path: Path | None = None
    """The file it was read from; `None` where there is none."""
    only: tuple[str, ...] = ()
    """Just these providers; empty means every one that can be asked."""
    providers: Mapping[str, ProviderConfig] = {}
    ttl_minutes: float = 10
    history_days: float = 365
    same: tuple[Alias, ...] = ()
    different: tuple[Alias, ...] = ()
    views: Mapping[str, str] = {}
    """Saved queries by name."""
    columns: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    theme: str | None = None
    mouse: bool = True
    keys: Mapping[str, str] = {}
    """Action name to key."""
    auto_refresh: bool = True
    workload: Mapping[str, float] = {}


INLINE_KEYS = ("records", "fields", "price_unit", "paging", "query", "public")
PROVIDER_KEYS: Mapping[str, type] = {
    "endpoint": str, "api_key": str, "api_key_env": str, "api_key_command": str, "keyring": bool, "models_path": str,
    "chat_path": str, "headers": dict, "like": str, "enabled": bool, "timeout_s": float, "sources": dict,
}  # fmt: skip
SOURCE_KEYS: Mapping[str, type] = {"endpoint": str, "path": str, "models_path": str, "enabled": bool}
CACHE_KEYS: Mapping[str, type] = {"ttl_minutes": float, "history_days": float}
UI_KEYS: Mapping[str, type] = {
    "columns": list, "sort": list, "theme": str, "mouse": bool, "keys": dict, "auto_refresh": bool,
}  # fmt: skip
WORKLOAD_KEYS: Mapping[str, type] = {
    "tokens_in": float, "tokens_out": float, "cached": float, "requests_per_month": float,
}  # fmt: skip
ALIAS_KEYS: Mapping[str, type] = {"same": list, "different": list}
TOP_KEYS: Mapping[str, type] = {
    "only": list, "providers": dict, "cache": dict, "ui": dict, "views": dict, "workload": dict, "aliases": dict,
}  # fmt: skip
TYPE_WORDS: Mapping[type, str] = {
    str: "text in quotes", bool: "true or false", float: "a number", list: "a list", dict: "a table",
}  # fmt: skip


class _Checker:
    """Checks the tables of one file; knows its name for the messages."""

    def __init__(self, name: str) -> None:
        self.name = name

    def wrong(self, table: str, key: str, message: str, hint: str = "") -> ConfigError:
        place = f"[{table}] {key}" if table else key
        return ConfigError(f"{self.name}: {place}: {message}", hint=hint)

    def known(self, table: str, found: Table, keys: Mapping[str, type], extra: tuple[str, ...] = ()) -> None:
        """Refuse keys that are not declared and values of another type than declared."""
        for key, value in found.items():
            if key in extra:
                continue
            if key not in keys:
                near = get_close_matches(key, [*keys, *extra], n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join([*keys, *extra])}"
                raise self.wrong(table, key, "no such key", hint)
            if not _is(value, keys[key]):
                raise self.wrong(table, key, f"expected {TYPE_WORDS[keys[key]]}, found {_shown(value, key)}")

    def table(self, found: Table, key: str) -> Table:
        inner = found.get(key, {})
        return inner if isinstance(inner, dict) else {}

    def words(self, table: str, found: Table, key: str) -> tuple[str, ...]:
        items = found.get(key, [])
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise self.wrong(table, key, "expected a list of texts")
        return tuple(items)

    def texts(self, table: str, found: Table, key: str) -> dict[str, str]:
        inner = self.table(found, key)
        place = f"{table}.{key}" if table else key
        for name, value in inner.items():
            if not isinstance(value, str):
                raise self.wrong(place, name, f"expected text in quotes, found {_shown(value, name)}")
        return {name: str(value) for name, value in inner.items()}

    def number(self, table: str, found: Table, key: str, default: float) -> float:
        value = found.get(key, default)
        if not isinstance(value, int | float) or value < 0:
            raise self.wrong(table, key, f"expected a number of at least 0, found {_shown(value, key)}")
        return float(value)

    def url(self, table: str, found: Table, key: str = "endpoint") -> str | None:
        value = found.get(key)
        if value is None:
            return None
        parts = urlsplit(str(value))
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise self.wrong(
                table, key, f"{_shown(value, key)} is not a base URL",
                "write it as https://host/v1, without user name or key",
            )  # fmt: skip
        return str(value).rstrip("/")

    def provider(self, slug: str, found: Table) -> ProviderConfig:
        place = f"providers.{slug}"
        self.known(place, found, PROVIDER_KEYS, INLINE_KEYS)
        key = found.get("api_key")
        timeout = found.get("timeout_s")
        return ProviderConfig(
            endpoint=self.url(place, found),
            api_key=Secret.checked(str(key), f"{self.name}: [{place}] api_key") if key else None,
            api_key_env=_text(found.get("api_key_env")),
            api_key_command=_text(found.get("api_key_command")),
            keyring=found.get("keyring", False) is True,
            models_path=_text(found.get("models_path")),
            chat_path=_text(found.get("chat_path")),
            headers=self.texts(place, found, "headers"),
            like=_text(found.get("like")),
            enabled=found["enabled"] is True if "enabled" in found else None,
            timeout_s=None if timeout is None else self.number(place, found, "timeout_s", 20),
            sources={
                name: self.source(f"{place}.sources.{name}", inner)
                for name, inner in self.table(found, "sources").items()
            },
            inline={name: value for name, value in found.items() if name in INLINE_KEYS},
        )

    def source(self, place: str, found: object) -> SourceConfig:
        if not isinstance(found, dict):
            raise self.wrong(place, "", "expected a table")
        self.known(place, found, SOURCE_KEYS)
        path = found.get("path", found.get("models_path"))
        return SourceConfig(
            endpoint=self.url(place, found), path=_text(path), enabled=found.get("enabled", True) is True
        )

    def aliases(self, found: Table, kind: str) -> tuple[Alias, ...]:
        aliases = []
        for item in found.get(kind, []):  # type: ignore[attr-defined]  # `known` has checked that it is a list
            place = f"aliases.{kind}"
            if not isinstance(item, dict):
                raise self.wrong(place, "", "expected [[aliases.same]] tables with ids = [...]")
            self.known(place, item, {"ids": list})
            ids = self.words(place, item, "ids")
            if len(ids) < 2 or not all("/" in text for text in ids):
                raise self.wrong(place, "ids", "expected two or more offers", 'write them as "provider/id"')
            aliases.append(Alias(ids))
        return tuple(aliases)


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(url: str) -> bool:
    """Tell whether a URL leads to this machine and nowhere else."""
    host = urlsplit(url).hostname or ""
    return host in LOOPBACK or (host.startswith("127.") and host.replace(".", "").isdigit())


def _leaves_machine(provider: ProviderConfig) -> bool:
    moved = [provider.endpoint, *(source.endpoint for source in provider.sources.values())]
    urls = [url for url in moved if url]
    return not urls or not all(is_loopback(url) for url in urls)


def _is(value: object, wanted: type) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _shown(value: object, key: str) -> str:
    return "a value" if "key" in key else repr(value)[:60]


def parse(text: str, *, name: str = "config.toml", path: Path | None = None) -> Config:
    """Read and check the text of a config file; `ConfigError` says what is wrong and where."""
    import tomllib  # where there is a config at all, which is not the normal first start

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{name}: not valid TOML: {error}", hint="quotes and brackets are the usual causes"
        ) from error
    check = _Checker(name)
    check.known("", found, TOP_KEYS)
    cache, ui = check.table(found, "cache"), check.table(found, "ui")
    workload, aliases = check.table(found, "workload"), check.table(found, "aliases")
    for place, table, keys in (
        ("cache", cache, CACHE_KEYS), ("ui", ui, UI_KEYS), ("workload", workload, WORKLOAD_KEYS),
        ("aliases", aliases, ALIAS_KEYS),
    ):  # fmt: skip
        check.known(place, table, keys)
    providers: dict[str, ProviderConfig] = {}
    for slug, inner in check.table(found, "providers").items():
        if not isinstance(inner, dict):
            raise check.wrong("providers", slug, "expected a table", f"write it as [providers.{slug}]")
        providers[slug] = check.provider(slug, inner)
    return Config(
        path=path,
        only=check.words("", found, "only"),
        providers=providers,
        ttl_minutes=check.number("cache", cache, "ttl_minutes", 10),
        history_days=check.number("cache", cache, "history_days", 365),
        same=check.aliases(aliases, "same"),
        different=check.aliases(aliases, "different"),
        views=check.texts("", found, "views"),
        columns=check.words("ui", ui, "columns"),
        sort=check.words("ui", ui, "sort"),
        theme=_text(ui.get("theme")),
        mouse=ui.get("mouse", True) is True,
        keys=check.texts("ui", ui, "keys"),
        auto_refresh=ui.get("auto_refresh", True) is True,
        workload={name: check.number("workload", workload, name, 0) for name in workload},
    )


def load(path: Path, *, required: bool = False) -> Config:
    """Read the config file at `path`; none at all is the normal first start unless it was asked for by name.

    A file that others can read is refused when it holds a key that leaves this machine.
    """
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        if required:
            raise ConfigError(f"{path}: no such file", hint="`modeltui config init` writes one") from error
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{path}: cannot be read: {reason}") from error
    config = parse(text, name=str(path), path=path)
    holds_key = any(provider.api_key and _leaves_machine(provider) for provider in config.providers.values())
    if holds_key and mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(f"{path}: holds a key and can be read by others", hint=f"run: chmod 600 {path}")
    return config
