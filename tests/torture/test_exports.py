"""Ten thousand rows of the worst text there is, exported: nothing that acts, and nothing that is lost."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from modeltui.columns import COLUMNS
from modeltui.export import Json, offer_json, to_csv, to_json, to_markdown
from modeltui.model import Offer, Prices, PriceState
from modeltui.state import Catalog
from modeltui.table_rows import rows_by_offer
from store_samples import chance
from torture.hostile import HOSTILE

pytestmark = pytest.mark.torture
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROWS = 10_000
STARTS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  # full-width forms are read as formulas too
TABLE = {"table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close",
         "th_open", "th_close", "td_open", "td_close", "inline", "text"}  # fmt: skip


SURROGATE = re.compile("[\ud800-\udfff]")


def offers() -> tuple[Offer, ...]:
    luck = chance(11)
    texts = [text[:500] for _, text in HOSTILE]

    def some() -> str:
        made = "".join(
            luck.choice(texts)[:40] if luck.random() < 0.7 else chr(luck.randrange(0xD800)) for _ in range(3)
        )
        return luck.choice(texts) if luck.random() < 0.5 else made

    return tuple(
        Offer(
            provider="p", id=f"{some()}{number}", name=some(), owner=some(), description=some(), license=some(),
            quantization=some(), status=some(), input_modalities=(some(),), knowledge=some(), variant=some(),
            context_length=luck.randrange(10**15), prices=Prices(input=Decimal(luck.randrange(10**9)) / 10**6),
            price_state=PriceState.STATED, sources=("p/models",),
        )
        for number in range(ROWS)
    )  # fmt: skip


def is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def test_exports_of_ten_thousand_rows_act_nowhere(record_property: Callable[[str, object], None]) -> None:
    catalog = Catalog(offers(), (), (), NOW)
    rows = rows_by_offer(catalog)
    cells = [cell for line in csv.reader(io.StringIO(to_csv(rows, COLUMNS, NOW))) for cell in line]
    formulas = sum(cell.startswith(STARTS) and not is_number(cell) for cell in cells)
    parser = MarkdownIt("commonmark", {"linkify": True, "html": True}).enable(["table", "linkify"])
    tokens = [
        token
        for part in range(0, ROWS, 500)
        for token in parser.parse(to_markdown(rows[part : part + 500], COLUMNS, NOW))
    ]
    kinds = [token.type for token in tokens] + [inner.type for token in tokens for inner in token.children or ()]
    tags = sum(kind not in TABLE for kind in kinds)
    exact: list[Json] = [offer_json(offer, catalog) for offer in catalog.offers]
    for ascii_only in (False, True):
        back = json.loads(to_json(exact, ensure_ascii=ascii_only))
        pairs = list(zip(back, catalog.offers, strict=True))
        changed = sum(found["id"] != SURROGATE.sub("\ufffd", offer.id) for found, offer in pairs)
        changed += sum(Decimal(str(found["prices"]["input"])) != offer.prices.input for found, offer in pairs)
        changed += sum(found["context_length"] != offer.context_length for found, offer in pairs)
    lines = kinds.count("tr_open") - ROWS // 500
    record_property("promise 19", f"{ROWS:,} rows: {formulas} formulas in CSV, {tags} tags in Markdown, "
                    f"{changed} rows changed by JSON")  # fmt: skip
    assert (formulas, tags, changed) == (0, 0, 0)
    assert lines == ROWS


EXPORTING = """
import sys
from pathlib import Path
from modeltui.files import write_file
body = b"x" * 3_000_000
print("go", flush=True)
while True:
    write_file(Path(sys.argv[1]), body, force=True)
"""


def test_an_export_killed_at_any_moment_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    luck = chance(3)
    target = tmp_path / "out.json"
    target.write_bytes(b"x" * 3_000_000)
    for _ in range(30):
        process = subprocess.Popen(  # noqa: S603  # this interpreter
            [sys.executable, "-c", EXPORTING, str(target)], stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(luck.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert target.read_bytes() == b"x" * 3_000_000
