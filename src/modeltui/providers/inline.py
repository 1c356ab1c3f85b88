"""The user's own endpoint as a field map in the config, in the words of the built-in maps: paths and units.

[providers.mine]
endpoint = "https://models.example/v1"
records = "data"
price_unit = "usd_per_token"
[providers.mine.fields]
id = "id"
context_length = "limits.context"
tools = { path = "features", words = ["tools"] }
"prices.input" = "pricing.prompt"
"prices.image" = { path = "pricing.image", unit = "usd" }
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from modeltui.errors import ConfigError
from modeltui.model import TOKEN_PRICES
from modeltui.providers.kinds import EACH, INLINE_FIELDS, KINDS, OPTION_TYPES, OTHER_UNITS, TOKEN_UNITS, words_in
from modeltui.providers.prices import BAND, CACHE_BAND, Price
from modeltui.providers.records import each
from modeltui.providers.registry import SHAPES
from modeltui.providers.rules import IN_WORDS, OUT_WORDS, Condition, Has, Modalities, Rule
from modeltui.providers.spec import (
    CAPABILITY_WORDS,
    Bearer,
    KeyUse,
    NextToken,
    PageNumber,
    Paging,
    Provider,
    Public,
    Source,
)
from modeltui.providers.units import Unit

_TABLE_KEYS: Final[Mapping[str, type]] = {
    "endpoint": str, "models_path": str, "chat_path": str, "query": str, "records": str, "price_unit": str,
    "public": bool, "paging": dict, "fields": dict, "like": str, "name": str, "api_key_env": str,
}  # fmt: skip
_TYPE_WORDS: Final[Mapping[type, str]] = {
    str: "text",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    int: "a number",
}


class _Table(Struct, frozen=True):
    """One table of the config, and how an error names it."""

    where: str
    name: str
    content: Mapping[str, object]

    def wrong(self, key: str, said: str, hint: str = "") -> ConfigError:
        return ConfigError(f"{self.where}: [{self.name}] {key}: {said}", hint=hint)

    def unknown(self, key: str, what: str, known: Iterable[str]) -> ConfigError:
        names = list(known)
        near = get_close_matches(key.lower(), names, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names[:16])}"
        return self.wrong(key, f"no such {what}", hint)

    def check(self, types: Mapping[str, type], what: str) -> None:
        for key, value in self.content.items():
            if key not in types:
                raise self.unknown(key, what, types)
            if type(value) is not types[key]:
                raise self.wrong(key, f"expected {_TYPE_WORDS[types[key]]}")

    def text(self, key: str, default: str = "") -> str:
        found = self.content.get(key, default)
        return found if isinstance(found, str) else default

    def inner(self, key: str) -> "_Table":
        found = self.content.get(key)
        return _Table(self.where, f"{self.name}.{key}", found if isinstance(found, dict) else {})

    def unit(self, key: str, allowed: tuple[Unit, ...]) -> Unit | None:
        word = self.content.get(key)
        if not isinstance(word, str):
            return None
        units = {unit.name.lower(): unit for unit in allowed}
        if word in units:
            return units[word]
        near = get_close_matches(word.lower(), list(units), n=1, cutoff=0.5)
        said = "is no unit of this price" if word in _UNIT_WORDS else "is no unit"
        raise self.wrong(
            key, f"{word!r} {said}", f"did you mean {near[0]!r}?" if near else f"known are {', '.join(units)}"
        )


_UNIT_WORDS: Final = frozenset(unit.name.lower() for unit in Unit)


def provider_from_table(slug: str, table: Mapping[str, object], where: str) -> Provider:
    """Make a provider of `[providers.SLUG]` with an inline map, or with `like` and the name of a built-in shape.

    `where` names the file in errors. What cannot be meant is a `ConfigError` that names the key and a near miss.
    """
    own = _Table(where, f"providers.{slug}", table)
    own.check(_TABLE_KEYS, "key")
    endpoint = own.text("endpoint").rstrip("/")
    if not endpoint.startswith(("http://", "https://")):
        raise own.wrong("endpoint", "expected a URL", 'write it as endpoint = "https://models.example/v1"')
    auth = Bearer(env=(own.text("api_key_env"),) if own.text("api_key_env") else ())
    if "like" in table:
        return _shaped(slug, own, endpoint, auth)
    public = table.get("public", True) is True
    source = Source(
        "models",
        own.text("models_path", "/models"),
        each(own.text("records", "data")),
        _fields(own),
        query=own.text("query"),
        public=Public.YES if public else Public.NO,
        key_use=KeyUse.OPTIONAL if public else KeyUse.ALWAYS,
        paging=_paging(own.inner("paging")) if "paging" in table else None,
    )
    return Provider(
        slug=slug,
        name=own.text("name", slug),
        endpoint=endpoint,
        sources=(source,),
        auth=auth,
        chat_path=own.text("chat_path", "/chat/completions"),
        evidence=f"the inline map in {where}",
    )


def _shaped(slug: str, own: _Table, endpoint: str, auth: Bearer) -> Provider:
    like = own.text("like")
    if like not in SHAPES:
        raise own.unknown(like, "built-in shape for like", SHAPES)
    if "fields" in own.content:
        raise own.wrong("fields", "a map of its own and like exclude each other")
    shape = SHAPES[like]
    moved = tuple(replace(source, endpoint="") for source in shape.sources)
    return replace(
        shape,
        slug=slug,
        name=own.text("name", slug),
        endpoint=endpoint,
        auth=auth,
        sources=moved,
        local=False,
        copies=None,
    )


def _paging(own: _Table) -> Paging:
    kind = NextToken if "token" in own.content else PageNumber
    texts = {"param": str, "size_param": str}
    more = {"token": str, "more": str} if kind is NextToken else {"first": int, "total": str, "total_is_pages": bool}
    own.check({**texts, "size": int, **more}, "key of paging")
    if "param" not in own.content:
        raise own.wrong("param", "missing: the name of the query parameter that turns the page")
    return kind(**own.content)  # type: ignore[arg-type]  # names and types are checked above


def _fields(own: _Table) -> dict[str, Rule]:
    fields = own.inner("fields")
    if not fields.content:
        raise own.wrong("fields", "missing", f'add [{fields.name}] with at least id = "id"')
    common = own.unit("price_unit", TOKEN_UNITS)
    rules = {name: _rule(fields, key, name, entry, common) for key, name, entry in _flat(fields)}
    if "id" not in rules:
        raise fields.wrong("id", "missing", 'every record needs an id: add id = "id"')
    for side, words_of in (("input_modalities", IN_WORDS), ("output_modalities", OUT_WORDS)):
        listed = rules.get(side)
        if isinstance(listed, Modalities) and not listed.split:
            for word, words in words_of.items():
                rules.setdefault(f"capabilities.{word}", Has(listed.path, listed.only, words=words))
    return rules


def _flat(fields: _Table) -> list[tuple[str, str, object]]:
    """List every entry as it is written, as the dotted field it means, and what it says."""
    found: list[tuple[str, str, object]] = []
    for key, entry in fields.content.items():
        group = key in {"prices", "deployment", "capabilities"} and isinstance(entry, dict)
        inner = entry.items() if group and isinstance(entry, dict) else ()
        found += [(f"{key}.{name}", f"{key}.{name}", told) for name, told in inner]
        if not group:
            found.append((key, f"capabilities.{key}" if key in CAPABILITY_WORDS else key, entry))
    for key, name, _ in found:
        if name not in INLINE_FIELDS:
            raise fields.unknown(key, "field", [*INLINE_FIELDS, *sorted(CAPABILITY_WORDS)])
    return found


def _rule(fields: _Table, key: str, name: str, entry: object, common: Unit | None) -> Rule:
    if isinstance(entry, str):
        entry = {"path": entry}
    if not isinstance(entry, dict):
        raise fields.wrong(key, "expected a path, or a table with a path")
    own = _Table(fields.where, f"{fields.name}.{key}", entry)
    kind = KINDS.get(name)
    options = ("path", "only", *(kind.options if kind else ("unit", "zero")))
    own.check({option: OPTION_TYPES[option] for option in options}, "option")
    path = own.text("path")
    if not path or not all(all(alternative.split(".")) for alternative in path.split("|")):
        raise fields.wrong(key, f"{path!r} is no path", 'write the keys down to the value, as in "pricing.prompt"')
    only = _condition(own.inner("only")) if "only" in entry else None
    return kind.make(path, only, entry) if kind else _price(own, name, path, only, common)


def _price(own: _Table, name: str, path: str, only: Condition | None, common: Unit | None) -> Price:
    field = name.removeprefix("prices.")
    by_tokens = name.startswith("prices.") and field in TOKEN_PRICES
    allowed = TOKEN_UNITS if by_tokens else OTHER_UNITS.get(name, EACH)
    unit = own.unit("unit", allowed) or (common if by_tokens else None)
    unit = allowed[0] if unit is None and len(allowed) == 1 else unit
    if unit is None:
        words = ", ".join(known.name.lower() for known in allowed)
        raise own.wrong(
            "unit", "missing: a price needs its unit", f"one of {words}" + "; or price_unit for all" * by_tokens
        )
    band = (BAND if field in {"input", "output"} else CACHE_BAND) if by_tokens else None
    return Price(path, only, unit=unit, band=band, zero=own.content.get("zero", by_tokens) is True)


def _condition(own: _Table) -> Condition:
    own.check({"path": str, "words": list, "unless": bool}, "key of a condition")
    words = words_in(own.content, "words")
    if not own.text("path") or not words:
        raise own.wrong(
            "path", "a condition needs a path and words", 'as in only = { path = "type", words = ["text"] }'
        )
    return Condition(own.text("path"), words, unless=own.content.get("unless") is True)
