"""Latency tests of several offers: what they will cost, and one after the other."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from modeltui.model import Offer
from modeltui.service import latency
from modeltui.service.fetch import open_client
from modeltui.service.latency import LatencyTarget
from modeltui.service.lineup import ProviderPlan, auth_headers, chat_url
from modeltui.state import LatencySample

MAX_TOKENS: Final = 16
"""Tokens of output that one request allows."""
PROMPT_TOKENS: Final = 32
"""Tokens of the prompt, at most."""


class Estimate(Struct, frozen=True):
    """What a latency test sends and costs at most."""

    requests: int
    usd: Decimal | None
    """`None` where a price that is needed is unknown."""
    max_tokens: int = MAX_TOKENS


def estimate(offers: Sequence[Offer], runs: int) -> Estimate:
    """Tell how many requests a test sends, warm-up included, and what they cost at most."""
    costs = [
        latency.estimate(offer.prices, runs=runs, max_tokens=MAX_TOKENS, prompt_tokens=PROMPT_TOKENS)
        for offer in offers
    ]
    known = [cost for cost in costs if cost is not None]
    total = sum(known, Decimal(0)) if len(known) == len(costs) else None
    return Estimate(requests=(runs + 1) * len(offers), usd=total)


def not_asked(offer: Offer, now: datetime, why: str) -> LatencySample:
    """Say why nothing was sent for an offer."""
    return LatencySample(offer.provider, offer.id, now, runs=0, error=why)


async def trials(
    plans: Mapping[str, ProviderPlan], offers: Sequence[Offer], runs: int, clock: Callable[[], datetime]
) -> AsyncIterator[LatencySample]:
    """Test the offers one after the other; an offer whose provider has no chat endpoint is a result too."""
    async with open_client() as client:
        for offer in offers:
            plan = plans.get(offer.provider)
            url = chat_url(plan) if plan else None
            if plan is None or url is None:
                yield not_asked(offer, clock(), "the provider has no known chat endpoint")
                continue
            target = LatencyTarget(provider=offer.provider, id=offer.id, url=url, headers=auth_headers(plan))
            yield await latency.measure(client, target, runs=runs, max_tokens=MAX_TOKENS, now=clock)
