"""Textual's compositor without the work that a frame of this program does not need."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import cast

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


@lru_cache(maxsize=4096)
def _move_to(x: int, y: int) -> str:
    """Give the code that puts the cursor on a cell, counted from 0."""
    return f"\x1b[{y + 1};{x + 1}H"


class QuickUpdate(ChopsUpdate):
    """Changed parts of lines, each with the code that moves there made once."""

    def render_segments(self, console: Console) -> str:
        """Give the parts as the terminal gets them."""
        parts: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=True):
                if strip is not None and x <= x2 and end > x1:
                    whole = x1 <= x < x2 and end <= x2
                    parts.append(_move_to(x, y))
                    parts.append((strip if whole else strip.crop(0, min(end, x2) - x)).render(console))
        return "".join(parts)


class QuickCompositor(Compositor):
    """Puts widgets together front to back, and ends when every cell is filled: what lies beneath is not rendered."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Render what has changed, or nothing."""
        update = super().render_partial_update()
        return QuickUpdate(update.chops, update.spans, update.chop_ends) if update is not None else None

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in cuts]
        unfilled = sum(len(chop) for y, chop in enumerate(chops) if is_rendered_line(y))
        for region, clip, strips in self._get_renders(crop):
            shown = region.intersection(clip)
            first, last = shown.column_span
            for y, strip in zip(shown.line_range, strips, strict=False):
                if not is_rendered_line(y):
                    continue
                chop = chops[y]
                own = [cut for cut in cuts[y] if first <= cut <= last]
                for cut, part in zip(own, strip.divide([cut - first for cut in own[1:]]), strict=False):
                    if chop[cut] is None:
                        chop[cut] = part
                        unfilled -= 1
            if not unfilled:
                break
        return cast("Sequence[Mapping[int, Strip]]", chops)
