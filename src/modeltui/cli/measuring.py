"""`test`: measured latency, with its cost told before anything is sent."""

import argparse
import asyncio
import sys

import msgspec

from modeltui.cli.output import Output
from modeltui.cli.show import find
from modeltui.errors import UsageError
from modeltui.export import to_json
from modeltui.format import seconds, speed, usd
from modeltui.model import Offer
from modeltui.service.session import Session
from modeltui.state import LatencySample


def add_test(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `test`."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help="provider/id, or an id of one offer")
    parser.add_argument("--runs", type=int, default=3, help="counted runs after one warm-up (default: 3)")
    parser.add_argument("--yes", action="store_true", help="do not ask before requests that may cost money")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run_test(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Measure each model; a failed test is a result, and the exit status is 1 where any failed."""
    if not 1 <= options.runs <= 20:
        raise UsageError("--runs takes 1 to 20")
    catalog = session.catalog()
    offers: list[Offer] = []
    for name in options.models:
        model, found = find(catalog, name)
        if len(found) != 1:
            keys = ", ".join(offer.key for offer in found[:4])
            raise UsageError(
                f"{name!r} is offered {len(found)} times: {keys}", hint=f"name one of {model.key} as provider/id"
            )
        offers += found
    estimate = session.estimate(offers, options.runs)
    price = "cost unknown" if estimate.usd is None else f"at most {usd(estimate.usd)}"
    out.say(f"{estimate.requests} requests of up to {estimate.max_tokens} tokens: {price}")
    if not options.yes and not _confirmed(out):
        return 1
    samples = asyncio.run(_measure(session, offers, options.runs, out, quiet=options.json))
    if options.json:
        out.data(to_json([msgspec.to_builtins(sample) for sample in samples]))
    return 1 if any(sample.error for sample in samples) else 0


def _confirmed(out: Output) -> bool:
    if not sys.stdin.isatty():
        out.say("not asked for: --yes sends them")
        return False
    out.say("send them? [y/N]")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


async def _measure(
    session: Session, offers: list[Offer], runs: int, out: Output, *, quiet: bool
) -> list[LatencySample]:
    samples = []
    async for sample in session.measure(offers, runs):
        samples.append(sample)
        if not quiet:
            out.lines(f"{sample.provider}/{sample.id}  {told(sample)}")
    return samples


def told(sample: LatencySample) -> str:
    """Tell a sample in one line."""
    if sample.error:
        return f"failed: {sample.error}"
    parts = [f"first token {seconds(sample.ttft_s)}" if sample.ttft_s is not None else ""]
    if sample.ttft_spread_s:
        parts.append(f"({seconds(sample.ttft_spread_s[0])} to {seconds(sample.ttft_spread_s[1])})")
    if sample.tokens_per_s is not None:
        parts.append(f"{'≈' if sample.tokens_counted else ''}{speed(sample.tokens_per_s)}")
    if sample.total_s is not None:
        parts.append(f"total {seconds(sample.total_s)}")
    return "  ".join(part for part in parts if part) + f"  median of {sample.runs}"
