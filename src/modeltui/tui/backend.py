"""What the screens ask of the program behind them; the service's session is one, a test's stand-in another."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from modeltui.config import Config
from modeltui.model import Claim, Offer
from modeltui.service.events import Event
from modeltui.state import Catalog, LatencySample, Opening

if TYPE_CHECKING:
    from modeltui.diff import Diff
    from modeltui.merge.aliases import Aliases
    from modeltui.merge.gaps import Gaps


class Estimate(Protocol):
    """What a latency test will ask and cost at most."""

    @property
    def requests(self) -> int:
        """How many requests are sent."""
        ...

    @property
    def usd(self) -> Decimal | None:
        """USD at most; `None` where a needed price is unknown."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens of output that each request allows."""
        ...


class Backend(Protocol):
    """The data and the deeds behind the screens; `load`, `raw` and `why_missing` read what is at hand only."""

    @property
    def config(self) -> Config:
        """What the user's config says: saved views, workload, columns."""
        ...

    def load(self) -> Catalog:
        """Give the last catalog, or the shipped one; no network."""
        ...

    def opening(self, usual: str) -> Opening | None:
        """Give the first rows of what `load` will give, where they were kept as they are usually shown."""
        ...

    def keep_opening(self, whole: Catalog, opening: Opening) -> bool:
        """Keep the first rows of a catalog for the next start; false where that will not load this catalog."""
        ...

    def refresh(self, *, force: bool = False, providers: Collection[str] = ()) -> AsyncIterator[Event]:
        """Ask the sources and tell what happens."""
        ...

    def estimate(self, offers: Sequence[Offer], runs: int) -> Estimate:
        """Tell what measuring these offers will cost."""
        ...

    def measure(self, offers: Sequence[Offer], runs: int) -> AsyncIterator[LatencySample]:
        """Run the latency test, one sample an offer."""
        ...

    def raw(self, source: str, record_id: str) -> object | None:
        """Give the record as the source sent it, or `None` where it is not at hand."""
        ...

    def has_detail(self, offer: Offer) -> bool:
        """Say whether `deployment` has somebody to ask about this offer."""
        ...

    async def deployment(self, offer: Offer) -> Mapping[str, Claim] | str:
        """Ask for one deployment by itself: its claims, or one line why there are none."""
        ...

    def why_missing(self, offer: Offer, field: str) -> str:
        """Say in one line why nothing is stated for a field."""
        ...

    @property
    def decided_in(self) -> Path:
        """The config file that decisions about links are written to."""
        ...

    @property
    def aliases(self) -> "Aliases":
        """What the user has decided about links so far."""
        ...

    def decide(self, one: str, other: str, *, same: bool) -> Catalog:
        """Join two offers (`provider/id`) into one model or keep them apart, and write that down; takes a while."""
        ...

    def review(self) -> Sequence[tuple[str, str, float]]:
        """Give pairs of model keys that look alike and were not joined, with their score; takes a while."""
        ...

    def gaps(self, one: str, other: str) -> "Gaps | None":
        """Analyse how two sources join; `None` where one has no answer; takes a while."""
        ...

    def changes(self, since: datetime) -> "Diff":
        """Tell what changed since a moment; takes a while."""
        ...

    def begin_visit(self) -> datetime | None:
        """Tell when the screen was opened last, `None` where it never was, and remember that it is opened now."""
        ...

    def save_view(self, state: Mapping[str, object]) -> None:
        """Remember columns, sort, favourites, hidden rows and theme."""
        ...

    def saved_view(self) -> Mapping[str, object]:
        """Give what was remembered; empty on the first start."""
        ...


class Surroundings(NamedTuple):
    """What every screen is given: the backend, the clock and the keys that the user's config changes."""

    backend: Backend
    clock: Callable[[], datetime]
    keys: Mapping[str, str]
