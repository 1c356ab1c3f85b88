#!/usr/bin/env python3
"""Make the pictures of the README from the running program over the shipped catalogue; no network, no key.

    make screenshots        writes screenshots/NAME.svg and screenshots/NAME.png
"""

import asyncio
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import cairosvg

from modeltui.config import Config
from modeltui.service.session import Session
from modeltui.tui.app import ModelTuiApp

TARGET = Path(__file__).parents[1] / "screenshots"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SHOTS: Sequence[tuple[str, tuple[int, int], Sequence[str]]] = (
    ("main", (120, 36), ()),
    ("main-80x24", (80, 24), ()),
    ("filtered", (160, 40), ("slash", *"tools ctx>=200k in<=0.5", "enter")),
    ("offers", (140, 36), ("slash", *"gpt-oss-120b", "enter", "enter")),
    ("sources", (140, 36), ("p",)),
    ("help", (120, 40), ("question_mark",)),
)
KEYS = {" ": "space", ">": "greater_than_sign", "=": "equals_sign", "<": "less_than_sign", ".": "full_stop", "-": "minus"}


async def shoot(name: str, size: tuple[int, int], keys: Sequence[str], folder: Path) -> None:
    """Press keys in the running program and keep what is on its screen."""
    session = Session(Config(), cache_dir=folder, state_dir=folder / "state", environ={}, offline=True, clock=lambda: NOW)
    app = ModelTuiApp(session, clock=lambda: NOW, auto_refresh=True, keys={}, mouse=True, theme=None)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(1.0)
        for key in keys:
            await pilot.press(KEYS.get(key, key))
        await pilot.pause(0.5)
        svg = app.export_screenshot(title="modeltui")
    session.close()
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono")
    (TARGET / f"{name}.svg").write_text(svg, "utf-8")
    cairosvg.svg2png(bytestring=svg.encode(), write_to=str(TARGET / f"{name}.png"), scale=1.0)
    print(f"{name}: {size[0]}x{size[1]}")


async def main() -> None:
    """Make every picture."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, size, keys in SHOTS:
            await shoot(name, size, keys, Path(folder) / name)


if __name__ == "__main__":
    asyncio.run(main())
