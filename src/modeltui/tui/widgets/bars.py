"""The lines of chips, status and key hints, as spans: pure, so that tests can read them."""

from collections.abc import Mapping, Sequence

from modeltui.tui.widgets.drawn import Zones
from modeltui.tui.widgets.ink import width_of

LONG = (
    "tools", "vision", "reasoning", "structured", "audio", "image gen", "embeddings", "open weights", "free",
)  # fmt: skip
SHORT = ("tools", "vision", "reason", "struct", "audio", "image", "embed", "open", "free")
SIGNS = {"require": ("+", "good"), "exclude": ("−", "bad")}  # noqa: RUF001  # a minus as wide as the plus


def chips(states: Sequence[str], counts: Sequence[int], width: int) -> Zones:
    """Draw the nine chips as long as the width allows: digit, sign and word, count of rows it would leave."""
    for labels, counted in ((LONG, True), (SHORT, True), (SHORT, False)):
        zones = _chips(labels, states, counts if counted else (), width)
        if zones.width <= width:
            return zones
    return zones


def _chips(labels: Sequence[str], states: Sequence[str], counts: Sequence[int], width: int) -> Zones:
    zones = Zones().add(" ")
    tight = not counts and width < 90
    for place, label in enumerate(labels):
        sign, tone = SIGNS.get(states[place], ("", ""))
        action = f"chip({place + 1})"
        zones.add(f"{place + 1}", "key", action).add("" if tight else " ").add(f"{sign}{label}", tone, action)
        if counts:
            zones.add(f" {counts[place]:,}", "dim", action)
        zones.add(" " if tight else "  ")
    return zones


def hint_line(hints: Sequence[tuple[str, str, str]], width: int) -> Zones:
    """Draw as many key hints as fit; each can be clicked."""
    zones = Zones().add(" ")
    for key, label, action in hints:
        if zones.width + width_of(key) + width_of(label) + 3 > width:
            break
        zones.add(key, "key", action).add(f" {label}", "", action).add("  ")
    return zones


def status_line(parts: Sequence[tuple[str, str]], width: int) -> Zones:
    """Join what there is to say with dots; what does not fit is left out from the end."""
    zones = Zones().add(" ")
    first = True
    for text, tone in parts:
        if not text:
            continue
        if zones.width + width_of(text) + 4 > width and not first:
            break
        if not first:
            zones.add(" · ", "dim")
        zones.add(text, tone)
        first = False
    return zones


def count_bits(masks: Mapping[int, int], bits: Sequence[int]) -> list[int]:
    """Count rows by bit from a counter of masks."""
    return [sum(number for mask, number in masks.items() if mask & bit) for bit in bits]
