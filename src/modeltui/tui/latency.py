"""The latency test in words: what it will cost before, what it found after."""

from collections.abc import Sequence

from modeltui.format import usd
from modeltui.model import Offer
from modeltui.state import LatencySample
from modeltui.tui.backend import Estimate

NAMED = 6


def estimate_lines(offers: Sequence[Offer], runs: int, estimate: Estimate) -> list[str]:
    """Say what is going to be sent and what it costs at most."""
    named = [offer.key for offer in offers[:NAMED]]
    more = [f"and {len(offers) - NAMED} more"] if len(offers) > NAMED else []
    cost = "its cost is unknown: a price is not stated" if estimate.usd is None else f"at most {usd(estimate.usd)}"
    return [
        *named,
        *more,
        "",
        f"{estimate.requests} requests ({runs} measured runs an offer), up to {estimate.max_tokens} tokens each",
        cost,
    ]


def sample_text(sample: LatencySample) -> str:
    """Say what a test found in one line."""
    name = f"{sample.provider}/{sample.id}"
    if sample.error:
        return f"{name}: {sample.error}"
    first = f"{sample.ttft_s:.2f} s to the first token" if sample.ttft_s is not None else "no token"
    speed = f", {sample.tokens_per_s:.0f} tokens/s" if sample.tokens_per_s is not None else ""
    return f"{name}: {first}{speed}"
