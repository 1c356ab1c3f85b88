#!/usr/bin/env python3
"""Make the pictures of the README from the running program over the shipped catalogue and a few small answers.

make screenshots        writes screenshots/NAME.svg and screenshots/NAME.png
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cairosvg

from modeltui.config import Config
from modeltui.service.session import Session
from modeltui.state import Response
from modeltui.store import Attempt, digest
from modeltui.tui.app import ModelTuiApp

TARGET = Path(__file__).parents[1] / "screenshots"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SHOTS: Sequence[tuple[str, tuple[int, int], Sequence[str]]] = (
    ("main", (160, 40), ()),
    ("main-80x24", (80, 24), ()),
    ("filtered", (160, 40), ("slash", *"tools ctx>=200k in<=0.5", "enter")),
    ("conflicts", (140, 40), ("m", "slash", *"conflict", "enter")),
    ("offers", (140, 36), ("slash", *"gpt-oss-120b offers>5", "enter", "enter")),
    ("compare", (140, 36), ("slash", *"provider:chutes", "enter", "space", "down", "space", "down", "space", "c")),
    ("analysis", (160, 44), ("a",)),
    ("analysis-100x30", (100, 30), ("a",)),
    ("sources", (140, 36), ("p",)),
    ("help", (120, 40), ("question_mark",)),
)
CHUTES = (
    ("deepseek-ai/DeepSeek-R1", 163840, 163840, "fp8", "0.3", "1.2", "0.3", "1.2", 2),
    ("deepseek-ai/DeepSeek-V3-0324", 163840, 65536, "fp8", "0.24", "0.84", "0.25", "0.85", 4),
    ("Qwen/Qwen3-32B", 40960, 40960, None, "0.05", "0.2", "0.05", "0.2", 1),
    ("zai-org/GLM-4.5-Air", 131072, 98304, "bf16", "0.08", "0.3", "0.1", "0.3", 0),
)
"""Four public models as Chutes' two lists tell of them: limits, then the price of V1 and of the deployments."""


def answers() -> dict[str, object]:
    """Small answers in the shape of Chutes' two lists, on which they disagree about two prices."""
    v1 = [
        {
            "id": name, "root": name, "context_length": context, "max_output_length": output, "quantization": quant,
            "supported_features": ["tools", "json_mode", "reasoning"], "input_modalities": ["text"],
            "output_modalities": ["text"], "pricing": {"prompt": float(cost_in), "completion": float(cost_out)},
        }
        for name, context, output, quant, cost_in, cost_out, *_ in CHUTES
    ]  # fmt: skip
    items = [
        {
            "name": name, "chute_id": f"00000000-0000-0000-0000-{place:012}", "user": {"username": "chutes"},
            "standard_template": "vllm", "hot": bool(hot), "invocation_count": 1_000_000 - 137_500 * place,
            "instances": [{"active": True, "verified": True}] * hot, "supported_gpus": ["h200"],
            "current_estimated_price": {
                "per_million_tokens": {"input": {"usd": float(cost_in)}, "output": {"usd": float(cost_out)}}
            },
        }
        for place, (name, _, _, _, _, _, cost_in, cost_out, hot) in enumerate(CHUTES)
    ]  # fmt: skip
    return {"chutes/v1": {"data": v1}, "chutes/deployments": {"total": len(items), "page": 0, "items": items}}


def fill(session: Session) -> None:
    """Keep the answers as if they had just come, and a try that failed."""
    when = NOW - timedelta(minutes=3)
    for source, payload in answers().items():
        pages = (json.dumps(payload).encode(),)
        session.store.put(Response(source, "https://example.test", 200, when, when, digest(pages), pages))
        session.store.note_attempt(Attempt(source, "", when, status=200))
    session.store.note_attempt(
        Attempt(
            "openrouter/models", "", when, status=503, error="server error: 503 upstream unavailable",
            hint="try again later",
        )
    )  # fmt: skip


KEYS = {
    " ": "space", ">": "greater_than_sign", "=": "equals_sign", "<": "less_than_sign", ".": "full_stop",
    "-": "minus", ":": "colon",
}  # fmt: skip


async def shoot(name: str, size: tuple[int, int], keys: Sequence[str], folder: Path) -> None:
    """Press keys in the running program and keep what is on its screen."""
    session = Session(
        Config(), cache_dir=folder, state_dir=folder / "state", environ={}, offline=True, clock=lambda: NOW
    )
    fill(session)
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
    if any("\u2800" < char <= "\u28ff" for char in svg):
        (TARGET / f"{name}.png").unlink(missing_ok=True)  # the font at hand has no braille; the SVG has
        print(f"{name}: {size[0]}x{size[1]}, SVG alone")
        return
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
