"""What a provider is: its endpoints, how to ask them, and the map from raw fields to offer fields."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from modeltui.model import PRICE_FIELDS, Capability, Deployment, Offer
from modeltui.providers.records import Records
from modeltui.providers.rules import Condition, Rule


class Public(StrEnum):
    """How it is known that a listing can be read without a key."""

    NO = "no"
    """A key is needed, or nothing is known."""
    INFERRED = "inferred"
    """It looks so, nobody has seen it; not asked without a key unless the config names it."""
    YES = "yes"
    """The provider's documentation, its server's source or a client in use says so."""


class Bearer(Struct, frozen=True, tag=True):
    """`Authorization: SCHEME KEY`."""

    env: tuple[str, ...]
    """Environment variables that may hold the key, the first that is set wins."""
    scheme: str = "Bearer"
    extra: Mapping[str, str] = {}
    """Fixed headers that go with every request."""


class HeaderKey(Struct, frozen=True, tag=True):
    """The key alone in a header of its own, with the fixed headers that go with it."""

    env: tuple[str, ...]
    header: str
    extra: Mapping[str, str] = {}


class NoKey(Struct, frozen=True, tag=True):
    """No key is ever sent."""

    env: tuple[str, ...] = ()


Auth = Bearer | HeaderKey | NoKey


class PageNumber(Struct, frozen=True, tag=True):
    """`page=N`: the next page is asked while pages seen times `size` is below the total, or a page was full.

    `total` is the path of the count of records (or of pages, where `total_is_pages`) in the envelope.
    """

    param: str = "page"
    first: int = 0
    size: int = 1000
    size_param: str = "limit"
    total: str = ""
    total_is_pages: bool = False


class NextToken(Struct, frozen=True, tag=True):
    """The envelope names the next page; an empty or absent token is the end."""

    param: str
    token: str
    """Path of the token in the envelope."""
    more: str = ""
    """Path of a flag that says whether there is a next page; empty where the token alone says it."""
    size: int = 0
    size_param: str = ""


Paging = PageNumber | NextToken


class KeyUse(StrEnum):
    """When a source is asked with the key."""

    ALWAYS = "always"
    """The source answers nothing without it."""
    OPTIONAL = "optional"
    """Sent where there is one; asked again without it when it is rejected."""
    NEVER = "never"


CAPABILITY_WORDS = frozenset(word.value for word in Capability)
FIELD_NAMES = frozenset(
    {
        *(set(Offer.__struct_fields__) - {"provider", "model", "capabilities", "prices", "price_state", "deployment"}),
        *(f"capabilities.{word}" for word in CAPABILITY_WORDS),
        *(f"prices.{name}" for name in PRICE_FIELDS),
        *(f"deployment.{name}" for name in Deployment.__struct_fields__),
        "provider",
        "price_state",
        "uptime",
    }
)
"""Every dotted field that a map may fill."""


def field_map(**rules: Rule | Mapping[str, Rule]) -> dict[str, Rule]:
    """Make the map of a source: capability words and the groups `prices` and `deployment` become dotted names.

    A name that is no field of an offer is a `ValueError`: a typo in a map must not read as *not stated*.
    """
    flat: dict[str, Rule] = {}
    for name, rule in rules.items():
        if isinstance(rule, Rule):
            flat[f"capabilities.{name}" if name in CAPABILITY_WORDS else name] = rule
        else:
            flat |= {f"{name}.{inner}": inner_rule for inner, inner_rule in rule.items()}
    unknown = sorted(set(flat) - FIELD_NAMES)
    if unknown:
        raise ValueError(f"no such fields of an offer: {', '.join(unknown)}")
    return flat


class Source(Struct, frozen=True):
    """One listing endpoint of a provider."""

    name: str
    path: str
    """Appended to the endpoint; `{VAR}` is taken from the environment."""
    records: Records
    fields: Mapping[str, Rule]
    """Offer field, dotted, to the rule that reads it; `id` is required."""
    endpoint: str = ""
    """Base URL where it differs from the provider's."""
    query: str = ""
    """Query string that gives the most complete answer."""
    public: Public = Public.NO
    key_use: KeyUse = KeyUse.OPTIONAL
    paging: Paging | None = None
    on_demand: bool = False
    """Asked only for one record that a person looks at; its path has `{id}`."""
    prefer: Condition | None = None
    """Where one id is listed several times, the record that is kept."""
    enriches_only: bool = False
    """Its records add to offers of other sources and make none of their own."""


class Provider(Struct, frozen=True):
    """A company's or a machine's API, as data."""

    slug: str
    name: str
    endpoint: str
    """Base URL without a trailing slash."""
    sources: tuple[Source, ...]
    """In order of precedence: a field is taken from the first source that states it."""
    auth: Auth
    chat_path: str | None = "/chat/completions"
    """Appended to the endpoint; `None` where there is no OpenAI-compatible chat route."""
    precedence: Mapping[str, tuple[str, ...]] = {}
    """Dotted field or its first word to source names in another order than `sources`."""
    catalogue: bool = False
    """Tells of other providers' offers rather than of its own."""
    copies: str | None = None
    """Slug of the provider whose facts this one repeats; the two are no independent witnesses."""
    plan: bool = False
    """Sold as a subscription: zero prices are not prices."""
    local: bool = False
    """Runs on the user's machine; asked only when the config names it."""
    docs: str = ""
    """Page where the listing is documented."""
    evidence: str = ""
    """What the map rests on, with a date."""
    models_url: str = ""
    """Page of one model, with `{id}`, that a person may open."""
