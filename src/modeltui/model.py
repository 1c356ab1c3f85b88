"""The words of the program as values: frozen, slotted, without behaviour that needs a clock or a disk.

Units: prices are `Decimal` USD (per 1,000,000 tokens where the field is one of `TOKEN_PRICES`), lengths are
tokens, instants are aware UTC datetimes. `None` and the empty tuple mean *not stated*, never zero.

The values are `msgspec.Struct`s rather than dataclasses: as frozen and as slotted, ten times cheaper to make, and
they are what the start-up file is decoded into.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Capability(StrEnum):
    """A thing a model is stated to do; the order is the order of the bits of a mask."""

    TOOLS = "tools"
    VISION = "vision"
    REASONING = "reasoning"
    STRUCTURED_OUTPUT = "structured_output"
    JSON_MODE = "json_mode"
    AUDIO = "audio"
    VIDEO = "video"
    CODE = "code"
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"
    IMAGE_GENERATION = "image_generation"
    VIDEO_GENERATION = "video_generation"
    SPEECH = "speech"
    TRANSCRIPTION = "transcription"
    MODERATION = "moderation"
    WEB_SEARCH = "web_search"
    PROMPT_CACHING = "prompt_caching"
    FINE_TUNING = "fine_tuning"
    STREAMING = "streaming"


CAPABILITIES: tuple[Capability, ...] = tuple(Capability)
CAPABILITY_BITS: dict[str, int] = {word.value: 1 << place for place, word in enumerate(CAPABILITIES)}


def mask_of(words: Iterable[str]) -> int:
    """Turn capability words into a bit mask; an unknown word is a `KeyError`."""
    mask = 0
    for word in words:
        mask |= CAPABILITY_BITS[word]
    return mask


def words_of(mask: int) -> tuple[str, ...]:
    """Turn a bit mask into its capability words, alphabetically."""
    return tuple(sorted(word for word, bit in CAPABILITY_BITS.items() if mask & bit))


class PriceState(StrEnum):
    """What is known of an offer's price; six different things that are never shown as one another."""

    STATED = "stated"
    """A token price above zero."""
    ZERO = "zero"
    """Every stated token price is zero: the provider says it costs nothing."""
    PLAN = "plan"
    """Included in a subscription; a zero there is not a price."""
    OTHER_UNIT = "other_unit"
    """Priced by something other than tokens: image, second, request."""
    DYNAMIC = "dynamic"
    """Decided at request time, as routers do."""
    UNKNOWN = "unknown"
    """Nothing is stated."""


class Prices(Struct, frozen=True, gc=False, array_like=True):
    """USD per 1,000,000 tokens, then USD per other unit; `None` is not stated."""

    input: Decimal | None = None
    output: Decimal | None = None
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    cache_write_1h: Decimal | None = None
    reasoning: Decimal | None = None
    image_input: Decimal | None = None
    image_output: Decimal | None = None
    audio_input: Decimal | None = None
    audio_output: Decimal | None = None
    request: Decimal | None = None
    """USD per request."""
    image: Decimal | None = None
    """USD per image."""
    step: Decimal | None = None
    """USD per diffusion step."""
    second: Decimal | None = None
    """USD per second of audio or video."""
    characters: Decimal | None = None
    """USD per 1,000,000 characters."""
    web_search: Decimal | None = None
    """USD per search."""
    discount: Decimal | None = None
    """The fraction already taken off, 0 to 1."""


PRICE_FIELDS: tuple[str, ...] = Prices.__struct_fields__
TOKEN_PRICES: frozenset[str] = frozenset(
    {
        "input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning",
        "image_input", "image_output", "audio_input", "audio_output",
    }
)  # fmt: skip
NO_PRICES = Prices()


class PriceTier(Struct, frozen=True, gc=False, array_like=True):
    """Prices that hold only for some requests: longer prompts, or hours of the day."""

    prices: Prices
    above_prompt_tokens: int | None = None
    """The tier holds for prompts strictly longer than this many tokens."""
    utc_start: str | None = None
    """HHMM in UTC, inclusive."""
    utc_end: str | None = None
    utc_days: tuple[str, ...] = ()


class Deployment(Struct, frozen=True, gc=False, array_like=True):
    """How an offer is run, where the provider tells."""

    hot: bool | None = None
    """At least one instance answers now."""
    instances: int | None = None
    """Instances that are active and verified."""
    gpus: tuple[str, ...] = ()
    gpu_count: int | None = None
    min_vram_gb: int | None = None
    gpu_usd_per_hour: Decimal | None = None
    """Price of one instance's hardware; never the price of a model."""
    invocations: int | None = None
    """Uses since the deployment was made."""
    template: str | None = None
    user: str | None = None
    """Account that owns the deployment."""
    public: bool | None = None
    deployment_id: str | None = None
    slug: str | None = None
    concurrency: int | None = None
    utilization: Decimal | None = None
    """Load of the last five minutes, 0 to 1."""
    updated_at: datetime | None = None


class Claim(Struct, frozen=True, gc=False):
    """A value together with the source and the raw path it came from."""

    value: object
    source: str
    """`provider/source`."""
    path: str
    """Where in the raw record, in the words of the source."""


Claims = Mapping[str, tuple[Claim, ...]]
"""Dotted field name to every claim of it, the winner first."""


class Problem(Struct, frozen=True, gc=False, array_like=True):
    """Something that could not be read: counted and shown, never dropped."""

    source: str
    record: str
    """Id of the record, or its place in the answer as `#12`."""
    field: str
    """Dotted field name; empty where the whole record is meant."""
    reason: str


class Link(Struct, frozen=True, gc=False, array_like=True):
    """Why an offer belongs to its model."""

    provider: str
    offer_id: str
    method: str
    """`alias`, `declared`, `exact`, `normalised`, `fuzzy` or `alone`."""
    score: float
    """0 to 100; 100 where the method leaves no doubt."""
    basis: str
    """What the link rests on, in words a person can check."""


class Offer(Struct, frozen=True, gc=False, array_like=True):
    """One provider's listing of one model, merged from that provider's sources."""

    provider: str
    id: str
    """As the provider spells it; what a request must send."""
    model: str = ""
    """Key of the model this is an offer of."""
    name: str | None = None
    owner: str | None = None
    description: str | None = None
    created_at: datetime | None = None
    context_length: int | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    quantization: str | None = None
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()
    capabilities: int = 0
    """Mask of the capabilities that are stated to be there."""
    open_weights: bool | None = None
    license: str | None = None
    status: str | None = None
    """`active`, `deprecated`, `beta`, `preview`, `alpha`, `offline`, `retired`."""
    retires_at: datetime | None = None
    knowledge: str | None = None
    """Training cut-off as the source spells it: `2025`, `2025-06` or a full date."""
    weights: str | None = None
    """Hugging Face id of the checkpoint that is served, as the provider declares it."""
    slug: str | None = None
    """Canonical slug the provider declares for the model, without promise of being unique."""
    aliases: tuple[str, ...] = ()
    """Other ids that the provider says mean the same."""
    prices: Prices = NO_PRICES
    price_state: PriceState = PriceState.UNKNOWN
    price_tiers: tuple[PriceTier, ...] = ()
    deployment: Deployment | None = None
    variant: str | None = None
    """How this offer differs from others of its model: `fp8`, `free`, `fast`."""
    sources: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    """Dotted names of the fields on which sources really differ."""
    stale_catalogue: tuple[str, ...] = ()
    """Dotted names of the fields where a catalogue contradicts the provider's own answer."""
    problems: tuple[Problem, ...] = ()
    fetched_at: datetime | None = None

    @property
    def key(self) -> str:
        """`provider/id`: one offer, anywhere in the program."""
        return f"{self.provider}/{self.id}"


class Model(Struct, frozen=True, gc=False):
    """What several offers are offers of; one row of the default view."""

    key: str
    name: str
    offers: tuple[Offer, ...]
    links: tuple[Link, ...] = ()
    """One a member, in the order of `offers`."""
