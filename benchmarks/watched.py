"""The program with a watch on its event loop: refreshes, and writes down when what happened.

Run in a process of its own: `watched.py OUT.json` opens the screen as `modeltui` does, with `--offline` as with that
option of its; `watched.py OUT.json --bare N` drives N refreshes without a screen. Config and cache come from the
environment, as for the program itself.
"""

import argparse
import asyncio
import json
import time
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from pathlib import Path

from modeltui import config as configuration
from modeltui import paths
from modeltui.service.events import CatalogBuilt, Event, FetchFinished, RefreshFinished
from modeltui.service.session import Session

NAP_S = 0.001


class Watch:
    """Wakes every millisecond and keeps how late the latest waking was, and when."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.gaps_ms: list[tuple[float, float]] = []
        """Seconds of the clock and length of every gap above 10 ms."""

    async def run(self) -> None:
        """Watch until cancelled."""
        before = time.perf_counter()
        while True:
            await asyncio.sleep(NAP_S)
            now = time.perf_counter()
            gap = now - before - NAP_S
            if gap > 0.010:
                self.gaps_ms.append((round(now, 3), round(gap * 1e3, 1)))
            self.longest_s = max(self.longest_s, gap)
            before = now


class WatchedSession(Session):
    """Notes when each source was finished, each catalog built and each refresh over, by wall and CPU clock."""

    told: list[tuple[str, float, float]]

    async def refresh(
        self, *, force: bool = False, providers: Collection[str] = (), accept_shrunk: bool = False
    ) -> AsyncGenerator[Event, None]:
        """Refresh as the session does."""
        async with aclosing(super().refresh(force=force, providers=providers, accept_shrunk=accept_shrunk)) as events:
            async for event in events:
                if isinstance(event, FetchFinished | CatalogBuilt | RefreshFinished):
                    name = (
                        f"{event.source} {event.outcome}" if isinstance(event, FetchFinished) else type(event).__name__
                    )
                    self.told.append((name, time.perf_counter(), time.process_time()))
                yield event


def session_of_environment(*, offline: bool) -> WatchedSession:
    """Make the session as the command line does."""
    settings = configuration.load(paths.config_file(), required=False)
    session = WatchedSession(settings, cache_dir=paths.cache_dir(), use_snapshot=offline, offline=offline)
    session.told = []
    return session


async def refresh_bare(session: WatchedSession, watch: Watch, turns: int) -> list[dict[str, float]]:
    """Refresh so many times; gives wall and CPU seconds of each."""
    watching = asyncio.create_task(watch.run())
    session.load()
    taken = []
    for _ in range(turns):
        wall, cpu = time.perf_counter(), time.process_time()
        async for _event in session.refresh(force=True):
            pass
        taken.append({"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu})
    watching.cancel()
    return taken


def open_screen(session: WatchedSession, watch: Watch) -> None:
    """Open the screen with the watch in its loop."""
    from modeltui.tui.app import ModelTuiApp, run
    from modeltui.tui.app import __file__ as app_file

    class WatchedApp(ModelTuiApp):
        CSS_PATH = [str(Path(app_file).with_name("app.tcss").parent / part) for part in ModelTuiApp.CSS_PATH]  # noqa: RUF012  # Textual's own declaration

        def on_ready(self) -> None:
            self.watching = asyncio.create_task(watch.run())

    run(WatchedApp(session, clock=session.clock, auto_refresh=not session.offline))


def main() -> None:
    """Run, then write what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--bare", type=int, metavar="N")
    parser.add_argument("--offline", action="store_true")
    options = parser.parse_args()
    session, watch = session_of_environment(offline=options.offline), Watch()
    turns: list[dict[str, float]] = []
    if options.bare:
        turns = asyncio.run(refresh_bare(session, watch, options.bare))
    else:
        open_screen(session, watch)
    session.close()
    seen = {"longest_gap_s": watch.longest_s, "gaps": watch.gaps_ms, "told": session.told, "turns": turns}
    options.out.write_text(json.dumps(seen))


if __name__ == "__main__":
    main()
