"""The quick compositor paints what Textual's own would; a typed key is painted in the same breath."""

import time

import pytest
from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.screen import Screen

from hand import running
from modeltui.tui.compositor import QuickCompositor, QuickUpdate
from screen_stand_in import MakeApp, browse

REGIONS = (
    {Region(0, 0, 160, 40)},
    {Region(0, 5, 60, 1)},
    {Region(0, 0, 160, 1), Region(3, 7, 40, 5)},
    {Region(90, 0, 70, 38), Region(0, 39, 160, 1)},
)
"""Parts of a screen of 160x40 that have changed."""
CONSOLE = Console(color_system="truecolor", force_terminal=True)


def cells(update: ChopsUpdate) -> list[tuple[int, int, str]]:
    """What each part of each line is painted with."""
    return [
        (y, x, "" if strip is None else strip.render(CONSOLE))
        for y, line in enumerate(update.chops)
        for x, strip in line.items()
    ]


def partial(screen: Screen[object], kind: type[Compositor], regions: set[Region]) -> ChopsUpdate:
    compositor = screen._compositor
    compositor._dirty_regions = set(regions)
    chops = kind._render_chops
    spans = sorted(compositor._regions_to_spans(list(regions)))
    lines = {y for y, _, _ in spans}
    made = chops(compositor, Region.from_union(list(regions)), lines.__contains__)
    compositor._dirty_regions = set()
    return ChopsUpdate(made, spans, [cut[1:] for cut in compositor.cuts])


@pytest.mark.parametrize("regions", REGIONS)
@pytest.mark.parametrize("keys", [(), ("question_mark",), ("s",), ("p",), ("space", "space", "c"), ("slash", "q")])
async def test_every_part_that_changed_is_painted_as_textual_would(
    make_app: MakeApp, keys: tuple[str, ...], regions: set[Region]
) -> None:
    app = make_app()
    async with running(app, (160, 40)) as hand:
        await hand.press(*keys)
        assert isinstance(app.screen._compositor, QuickCompositor)
        textuals, own = (partial(app.screen, kind, regions) for kind in (Compositor, QuickCompositor))
        spans = {y: [(x1, x2) for line, x1, x2 in own.spans if line == y] for y, _, _ in own.spans}
        for (y, x, wanted), (_, _, got) in zip(cells(textuals), cells(own), strict=True):
            if any(x1 <= x < x2 for x1, x2 in spans.get(y, ())):
                assert got == wanted
        quick = QuickUpdate(own.chops, own.spans, own.chop_ends)
        assert quick.render_segments(CONSOLE) == textuals.render_segments(CONSOLE).replace("\n", "")


async def test_a_typed_key_is_painted_in_the_same_breath(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (160, 40)) as hand:
        await hand.press("slash")
        screen = browse(app)
        screen._painted_s = 0.0
        screen.bar.editor.insert("qwen")
        screen.follow_text()
        assert screen.bar._repaint_required
        screen.paint()
        assert not screen.bar._repaint_required
        assert not screen._compositor._dirty_regions


async def test_keys_that_come_within_one_tick_are_left_to_one_frame(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (160, 40)) as hand:
        await hand.press("slash")
        screen = browse(app)
        screen._painted_s = time.monotonic() + 1.0  # however slow the machine is, no tick has passed
        screen.bar.editor.insert("q")
        screen.follow_text()
        screen.paint()
        assert screen.bar._repaint_required
        await hand.settle()
        assert not screen.bar._repaint_required
