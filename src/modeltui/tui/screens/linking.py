"""Joining and splitting: what a person says about links, carried out in the background and told to every screen."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.worker import Worker, WorkerError

from modeltui.errors import ModelTuiError
from modeltui.model import Model, Offer
from modeltui.tui.backend import Backend
from modeltui.tui.messages import RefreshTold
from modeltui.tui.screens.rows import RowScreen

if TYPE_CHECKING:
    from modeltui.tui.doubts import Pair

BEFORE = frozenset({"refresh", "decision"})
"""Groups of workers that build catalogs; a decision waits until they are done, so that nothing is built over it."""


def decide(screen: Screen[None], backend: Backend, pairs: "Sequence[Pair]", *, same: bool) -> None:
    """Write a decision down and build the catalog anew, while the screens stay live."""
    earlier = [worker for worker in screen.app.workers if worker.group in BEFORE and not worker.is_finished]
    if any(worker.group == "refresh" for worker in earlier):
        screen.notify("It is written as soon as the refresh is done.")
    screen.app.run_worker(
        _decide(screen, backend, pairs, earlier, same=same), group="decision", exclusive=False, exit_on_error=False
    )


async def _decide(
    screen: Screen[None], backend: Backend, pairs: "Sequence[Pair]", earlier: Sequence[Worker[object]], *, same: bool
) -> None:
    for worker in earlier:
        with suppress(WorkerError):  # how it ended is told where it began
            await worker.wait()
    app = screen.app
    catalog = None
    try:
        for one, other in pairs:
            catalog = await asyncio.to_thread(backend.decide, one, other, same=same)
    except (ModelTuiError, OSError, ValueError) as error:
        app.notify(str(error), title="Not decided", severity="error")
    if catalog is None:
        return
    for each in app.screen_stack:
        each.post_message(RefreshTold(catalog))
    app.notify(f"{pairs[0][0]} and {pairs[0][1]}", title="One model now" if same else "Different models now")


class Linking(RowScreen):
    """The deeds on links of a table of models or offers."""

    def action_split(self) -> None:
        """Take the offer under the cursor off its model, after a question."""
        row = self.table.current
        if row is None:
            return
        model = row.model or next((each for each in self.view.catalog.models if each.key == row.offers[0].model), None)
        if model is None or len(model.offers) < 2:
            self.notify(f"{row.title} has one offer: there is nothing to split.")
        else:
            self.with_offer(lambda offer: self._ask_to_split(model, offer))

    def _ask_to_split(self, model: Model, offer: Offer) -> None:
        from modeltui.tui.doubts import to_split  # not needed for the first frame

        pairs = to_split(model, offer, self.around.backend.aliases)
        lines = [offer.key, f"is not a {model.name} as {pairs[0][0]} is.", " "]
        self._ask("Split off", lines, pairs, same=False)

    def action_join(self) -> None:
        """Make the two marked rows one model, after a question."""
        from modeltui.tui.doubts import to_join  # not needed for the first frame

        rows = list(self.view.marked.values())
        if len(rows) != 2:
            self.notify(f"Mark two rows with space first; {len(rows)} marked now.")
            return
        one, other = rows
        if one.offers[0].model == other.offers[0].model:
            self.notify(f"{one.offers[0].key} and {other.offers[0].key} are offers of one model already.")
            return
        pairs = to_join(one.offers, other.offers, self.around.backend.aliases)
        self._ask("Join", [one.title, "and", other.title, "are one model.", " "], pairs, same=True)

    def _ask(self, title: str, lines: Sequence[str], pairs: "Sequence[Pair]", *, same: bool) -> None:
        from modeltui.tui.doubts import written  # not needed for the first frame
        from modeltui.tui.screens.choose import ConfirmScreen

        def answer(agreed: bool | None) -> None:  # noqa: FBT001  # Textual's signature
            if agreed:
                self.view.marked.clear()
                decide(self, self.around.backend, pairs, same=same)

        said = written(self.around.backend.decided_in, pairs, same=same)
        self.app.push_screen(ConfirmScreen(title, [*lines, *said]), answer)
