"""What the program knows at one moment: answers as received and as read, how sources stand, tests, the catalog.

Units and missing values are those of `model`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from modeltui.model import Claim, Claims, Model, Offer, Problem


class Response(Struct, frozen=True):
    """The raw bytes a source answered; the only thing the cache stores about models."""

    source: str
    """`provider/source`."""
    url: str
    """Of the first page, without any secret."""
    status: int
    fetched_at: datetime
    """When these bytes were received."""
    checked_at: datetime
    """When the source last confirmed them, by these bytes or by 304."""
    sha256: str
    """Hex digest over all pages, each preceded by its length."""
    pages: tuple[bytes, ...]
    """Decompressed bodies in page order; one where the source does not page."""
    etag: str | None = None
    last_modified: str | None = None
    scope: str = ""
    """Empty for public answers; a fingerprint of the key for answers that depend on it."""


class Record(Struct, frozen=True, gc=False):
    """What one source says of one id: the claims read from one raw record."""

    id: str
    claims: dict[str, Claim]
    """Dotted field name to claim; only stated fields are here."""


class Reading(Struct, frozen=True):
    """Everything read from one source's answer."""

    source: str
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    fetched_at: datetime | None
    repeated: Mapping[str, int] = {}
    """How often an id stands in the answer, where it stands there more than once."""


class SourceHealth(StrEnum):
    """What a source's last try came to."""

    LIVE = "live"
    """The last try answered, and the answer is younger than its TTL."""
    STALE = "stale"
    """There is a good answer, older than its TTL."""
    FAILED = "failed"
    """The last try failed; an older good answer may still be shown."""
    SKIPPED = "skipped"
    """Not asked: a key is missing, or the config turned it off."""
    NEVER = "never"
    """Not asked yet."""
    SHIPPED = "shipped"
    """The catalogue that came with the program."""


class SourceStatus(Struct, frozen=True, array_like=True):
    """One source at one moment: what it answered, when, and what went wrong."""

    source: str
    provider: str
    url: str
    health: SourceHealth
    fetched_at: datetime | None = None
    """When the answer that is shown was received."""
    tried_at: datetime | None = None
    status: int | None = None
    """HTTP status of the last try."""
    error: str | None = None
    """One line: what went wrong at the last try."""
    hint: str | None = None
    """What the user can do about it."""
    records: int = 0
    problems: tuple[Problem, ...] = ()
    public: bool = False
    key_env: tuple[str, ...] = ()
    """Environment variables that may hold the key, first wins."""
    key_present: bool = False
    sha256: str | None = None
    note: str | None = None
    """Something worth knowing that is not a failure: `read without the key: it was rejected`."""


class LatencySample(Struct, frozen=True):
    """One latency test of one offer: the median of its runs, or why there is none."""

    provider: str
    id: str
    measured_at: datetime
    runs: int = 1
    ttft_s: float | None = None
    """Seconds to the first token of any kind, reasoning included."""
    ttfa_s: float | None = None
    """Seconds to the first token of the answer."""
    total_s: float | None = None
    tokens: int | None = None
    """Tokens of the answer, as the provider's usage says, or counted from chunks."""
    tokens_counted: bool = False
    """True where the provider sent no usage and the chunks were counted instead."""
    tokens_per_s: float | None = None
    """Tokens after the first, over the time after the first."""
    status: int | None = None
    error: str | None = None
    ttft_spread_s: tuple[float, float] | None = None
    """Smallest and largest of the runs."""


class Catalog(Struct, frozen=True, weakref=True):
    """Every offer and model at one moment: frozen, swapped whole."""

    offers: tuple[Offer, ...]
    models: tuple[Model, ...]
    sources: tuple[SourceStatus, ...]
    built_at: datetime
    claims: Mapping[str, Claims] = field(default_factory=dict)
    """Offer key to every claim of every field of that offer."""
    latency: Mapping[str, LatencySample] = field(default_factory=dict)
    """Offer key to its newest latency test."""
    unlinked: tuple[tuple[str, str, float], ...] = ()
    """Pairs of model keys that look alike and were not joined, with their score: for a person to decide."""


class Opening(Struct, frozen=True):
    """What the first frame shows of a catalog: its first rows, and how many there are of everything."""

    catalog: Catalog
    """Of the models or offers of the first rows only, in the order of the whole."""
    usual: str
    """What the rows and their order go by."""
    shown: int
    """Rows that are not hidden."""
    rows: int
    offers: int
    providers: int
    spoken: tuple[str, ...]
    """Keys of the columns that say something of any row."""
