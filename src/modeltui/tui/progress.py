"""How far a refresh is, from its events: pure, one line for the status, one word for every source."""

from modeltui.format import clean
from modeltui.service.events import Event, FetchFinished, FetchRetrying, FetchStarted, RefreshFinished

ASKING, RETRYING = "asking", "retrying"


class Progress:
    """Counts sources asked and answered, and keeps the failure told last."""

    def __init__(self) -> None:
        self.running = False
        self.states: dict[str, tuple[str, str]] = {}
        """Source to its live word and what there is to say of it."""
        self._started: set[str] = set()
        self._done: set[str] = set()
        self._failure = ""
        self._summary = ""

    def begin(self) -> None:
        """Start anew."""
        self.__init__()  # type: ignore[misc]  # every field goes back to its first value
        self.running = True

    def note(self, event: Event) -> None:
        """Take one event in."""
        if isinstance(event, FetchStarted):
            self._started.add(event.source)
            self.states[event.source] = (ASKING, "")
        elif isinstance(event, FetchRetrying):
            self.states[event.source] = (RETRYING, f"{event.reason}, again in {event.wait_s:.0f} s")
        elif isinstance(event, FetchFinished):
            self._finish(event)
        elif isinstance(event, RefreshFinished):
            self._conclude(event)

    def _finish(self, event: FetchFinished) -> None:
        self._started.add(event.source)
        self._done.add(event.source)
        self.states[event.source] = (event.outcome, clean(event.message))
        if event.outcome == "failed":
            self._failure = f"{event.source} failed: {clean(event.message)}"

    def _conclude(self, event: RefreshFinished) -> None:
        self.running = False
        counted = (
            (event.updated, "updated"), (event.unchanged, "unchanged"), (event.failed, "failed"),
        )  # fmt: skip
        self._summary = "refreshed: " + (", ".join(f"{n} {word}" for n, word in counted if n) or "nothing to ask")

    def stop(self, reason: str = "") -> None:
        """End without the last event: cancelled, or the refresh itself broke."""
        self.running = False
        self._summary = reason

    def parts(self) -> list[tuple[str, str]]:
        """Give what the status line says: text and tone."""
        if not self.running:
            return [(self._summary, "warn" if "failed" in self._summary else "good")] if self._summary else []
        return [
            (f"⟳ {len(self._done)}/{len(self._started)} sources", "key"),
            (self._failure, "warn"),
        ]
