"""Which providers and sources are asked, at which URL, with which key: the config and the environment, resolved.

Without a config every source that is known to be public is on, and every provider whose usual variable holds a key.
"""

import os
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from modeltui.config import Config, ProviderConfig, SourceConfig, is_loopback
from modeltui.errors import ConfigError
from modeltui.providers.registry import PROVIDERS, SHAPES
from modeltui.providers.spec import Bearer, HeaderKey, KeyUse, NoKey, Provider, Public, Source
from modeltui.secret import Secret
from modeltui.service.keys import find_key

_VARIABLE: Final = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")


class SourcePlan(Struct, frozen=True):
    """One source, resolved: where it is asked, or why it is not."""

    name: str
    """`provider/source`."""
    source: Source
    url: str
    """With the query and the variables filled in; `{id}` stays in sources that are asked on demand."""
    skip: str = ""
    """Why it is not asked; empty where it is."""
    hint: str = ""
    quiet: bool = False
    """Nobody asked for this provider: its absence is not worth a line."""
    place: str = ""
    """The URL again where it is not the built-in one: what another place answered is kept apart."""


class ProviderPlan(Struct, frozen=True):
    """One provider, resolved."""

    provider: Provider
    sources: tuple[SourcePlan, ...]
    key: Secret | None = None
    key_from: str = ""
    """Where the key was found, in words."""
    headers: Mapping[str, str] = {}
    timeout_s: float | None = None
    moved: bool = False
    """Something of it is not asked at the built-in place."""
    elsewhere: bool = False
    """The whole provider is asked at another base URL, which may not serve every listing."""
    variables: tuple[str, ...] = ()
    """Names of the environment variables that it was resolved from."""

    @property
    def slug(self) -> str:
        """The provider's name everywhere in the program."""
        return self.provider.slug

    @property
    def is_listed_by_key(self) -> bool:
        """Whether what it lists may depend on the key."""
        return any(plan.source.key_use is not KeyUse.NEVER for plan in self.sources if not plan.source.on_demand)

    @property
    def listing(self) -> tuple[SourcePlan, ...]:
        """The sources that are asked by a refresh."""
        return tuple(plan for plan in self.sources if not plan.skip and not plan.source.on_demand)


def line_up(config: Config, environ: Mapping[str, str] = os.environ) -> tuple[ProviderPlan, ...]:
    """Resolve every known and configured provider; a name nobody knows is a `ConfigError` with a near miss."""
    slugs = [*PROVIDERS, *(slug for slug in config.providers if slug not in PROVIDERS)]
    for slug in config.only:
        if slug not in slugs:
            raise _unknown(config, "only", slug, slugs)
    return tuple(
        _plan(config, slug, config.providers.get(slug), environ)
        for slug in slugs
        if slug in config.providers or not PROVIDERS[slug].local
    )


def _unknown(config: Config, place: str, slug: str, known: Sequence[str]) -> ConfigError:
    near = get_close_matches(slug, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else 'give it an endpoint: [providers.NAME] endpoint = "https://..."'
    return ConfigError(f"{config.path or 'config.toml'}: {place}: no provider is called {slug!r}", hint=hint)


def _plan(config: Config, slug: str, own: ProviderConfig | None, environ: Mapping[str, str]) -> ProviderPlan:
    provider = _provider(config, slug, own)
    own = own or ProviderConfig()
    wanted = slug in config.only or slug in config.providers
    key, key_from = find_key(provider, own, environ, where=f"{config.path or 'config.toml'}: [providers.{slug}]")
    plan = ProviderPlan(
        provider=provider,
        sources=(),
        key=key,
        key_from=key_from,
        headers=own.headers,
        timeout_s=own.timeout_s,
        moved=own.endpoint is not None or bool(own.sources),
        elsewhere=own.endpoint is not None,
    )
    off = ""
    if own.enabled is False:
        off = "turned off in the config"
    elif config.only and slug not in config.only:
        off = "not one of `only` in the config"
    sources = [_source(plan, source, own, environ, off=off, wanted=wanted) for source in provider.sources]
    named = {*provider.auth.env, *((own.api_key_env,) if own.api_key_env else ())}
    named |= {name for source in provider.sources for name in _VARIABLE.findall(_unresolved(provider, source, own))}
    return replace(plan, sources=tuple(sources), variables=tuple(sorted(named)))


def _provider(config: Config, slug: str, own: ProviderConfig | None) -> Provider:
    """Find the built-in provider, or make one of the shape the config names."""
    known = PROVIDERS.get(slug)
    if own is None or (known and not own.like and not own.inline):
        provider = PROVIDERS[slug]
    elif own.inline:
        from modeltui.providers.inline import provider_from_table  # only users with a map of their own pay for it

        table = {**own.inline, "endpoint": own.endpoint, "models_path": own.models_path, "chat_path": own.chat_path}
        stated = {key: value for key, value in table.items() if value is not None}
        return provider_from_table(slug, stated, str(config.path or "config.toml"))
    else:
        like = own.like or "openai"
        if like not in SHAPES:
            raise _unknown(config, f"[providers.{slug}] like", like, list(SHAPES))
        if known is None and own.endpoint is None and not own.like:
            raise _unknown(config, f"[providers.{slug}]", slug, list(PROVIDERS))
        provider = replace(SHAPES[like], slug=slug, name=slug, local=False, copies=None)
        if own.api_key_env is None and like in {"openai"}:
            provider = replace(provider, auth=Bearer(env=()))
    if own is not None and own.chat_path is not None:
        provider = replace(provider, chat_path=own.chat_path)
    return replace(provider, endpoint=own.endpoint) if own and own.endpoint else provider


def _source(
    plan: ProviderPlan, source: Source, own: ProviderConfig, environ: Mapping[str, str], *, off: str, wanted: bool
) -> SourcePlan:
    provider, slug = plan.provider, plan.slug
    mine = own.sources.get(source.name) or _sibling(provider, source, own)
    url = _unresolved(provider, source, own)
    missing = [name for name in _VARIABLE.findall(url) if not environ.get(name)]
    url = _VARIABLE.sub(lambda found: environ.get(found.group(1), found.group(0)), url)
    name = f"{slug}/{source.name}"
    moved = bool(own.endpoint or (mine and mine.endpoint))
    skip, hint = _reason(plan, source, off=off, wanted=wanted, moved=moved, missing=missing)
    if mine is not None and not mine.enabled:
        skip, hint = "turned off in the config", ""
    if not skip and plan.moved and source.enriches_only and mine is None:
        skip, hint = "the provider is moved, this source is not", f"[providers.{slug}.sources.{source.name}] moves it"
    if not skip and plan.key is not None and url.startswith("http:") and not is_loopback(url):
        skip, hint = "not encrypted: a key is never sent over plain http", "use an https endpoint"
    quiet = bool(skip) and (not wanted or (source.enriches_only and mine is None))
    place = "" if url == _built_in_url(slug, source.name) else url
    return SourcePlan(name, source, url, skip=skip, hint=hint, quiet=quiet, place=place)


def _unresolved(provider: Provider, source: Source, own: ProviderConfig) -> str:
    """Make the URL of a source, with the names of variables still in it."""
    mine = own.sources.get(source.name) or _sibling(provider, source, own)
    base = (mine.endpoint if mine else None) or own.endpoint or source.endpoint or provider.endpoint
    main = source.name == provider.sources[0].name
    path = (mine.path if mine else None) or (own.models_path if main and own.models_path else source.path)
    url = path if path.startswith("http") and not own.endpoint else base + path
    return url + ("&" if "?" in url else "?") + source.query if source.query else url


def _built_in_url(slug: str, name: str) -> str | None:
    """Where the program itself asks a source; `None` where it does not know it."""
    provider = PROVIDERS.get(slug)
    found = [source for source in provider.sources if source.name == name] if provider else []
    return _unresolved(provider, found[0], ProviderConfig()) if provider and found else None


def _sibling(provider: Provider, source: Source, own: ProviderConfig) -> SourceConfig | None:
    """A source that is asked on demand moves with the listing it belongs to."""
    if not source.on_demand:
        return None
    for other in provider.sources:
        if other.name in own.sources and other.endpoint == source.endpoint:
            return SourceConfig(endpoint=own.sources[other.name].endpoint)
    return None


def _reason(
    plan: ProviderPlan, source: Source, *, off: str, wanted: bool, moved: bool, missing: Sequence[str]
) -> tuple[str, str]:
    """Say why a source is not asked and what would change that; two empty texts where it is asked."""
    variables = " or ".join(plan.provider.auth.env) or "api_key in the config"
    if off:
        return off, ""
    if missing and (wanted or plan.key):
        return f"{', '.join(missing)} is not set", f"set {missing[0]} in the environment"
    if missing:
        return "no key", f"set {variables} and {missing[0]}"
    if plan.key is not None or moved:
        return "", ""
    if source.key_use is KeyUse.ALWAYS:
        return "no key", f"set {variables}"
    if source.public is Public.YES or (source.public is Public.INFERRED and wanted):
        return "", ""
    return "no key", f"set {variables}, or name the provider in the config to try without one"


def uses_key(plan: ProviderPlan, source: SourcePlan) -> bool:
    """Tell whether a source is asked with a key, so that its answer may depend on it."""
    return (
        plan.key is not None and source.source.key_use is not KeyUse.NEVER and not isinstance(plan.provider.auth, NoKey)
    )


def auth_headers(plan: ProviderPlan, *, with_key: bool = True) -> dict[str, str | Secret]:
    """Make the headers of a request: the user's own, the provider's fixed ones, and the key."""
    headers: dict[str, str | Secret] = {"Accept": "application/json", **plan.headers}
    auth = plan.provider.auth
    if isinstance(auth, HeaderKey | Bearer):
        headers |= auth.extra
    if plan.key is None or not with_key:
        return headers
    if isinstance(auth, HeaderKey):
        headers[auth.header] = plan.key
    else:
        scheme = auth.scheme if isinstance(auth, Bearer) else "Bearer"
        headers["Authorization"] = plan.key.prefixed(scheme)
    return headers


def chat_url(plan: ProviderPlan) -> str | None:
    """Where a chat completion is asked; `None` where the provider has no such route."""
    path = plan.provider.chat_path
    if path is None:
        return None
    return path if path.startswith("http") else plan.provider.endpoint + path
