"""One record by itself: as a source sent it, as the shipped catalogue has it, or asked for now."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from urllib.parse import quote

from modeltui import snapshot
from modeltui.errors import PayloadError
from modeltui.model import Claim, Offer
from modeltui.providers.payload import decode
from modeltui.providers.read import claim_reader, read_payloads
from modeltui.service.lineup import ProviderPlan, SourcePlan, auth_headers
from modeltui.state import Response


def stored(source: SourcePlan, response: Response, record_id: str) -> object | None:
    """Find a record in a stored answer by its id; `None` where it is not there or the answer cannot be read."""
    id_of = claim_reader(source.source.fields["id"], source.name)
    try:
        for page in response.pages:
            for record in source.source.records.find(decode(page)):
                claim = id_of(record) if isinstance(record, dict) else None
                if isinstance(record, dict) and isinstance(claim, Claim) and claim.value == record_id:
                    return {key: value for key, value in record.items() if not key.startswith("^")}
    except PayloadError:
        return None
    return None


def shipped(record_id: str) -> object | None:
    """Find a record of the shipped catalogue by `provider/id`, or by an id that any provider has."""
    listing = cast("dict[str, dict[str, dict[str, object]]]", decode(snapshot.load().body))
    provider, _, model = record_id.partition("/")
    found = listing.get(provider, {}).get("models", {}).get(model)
    if found is not None:
        return found
    return next((p["models"][record_id] for p in listing.values() if record_id in p["models"]), None)


def on_demand(plan: ProviderPlan | None) -> SourcePlan | None:
    """Give the source of a provider that is asked for one model, if it has one."""
    return next((source for source in plan.sources if source.source.on_demand), None) if plan else None


async def asked(plans: Mapping[str, ProviderPlan], offer: Offer, now: datetime) -> Mapping[str, Claim] | str:
    """Ask the provider for one model by itself: its claims, or one line that says why there are none.

    Where the answer is a list, as OpenRouter's endpoints of a model are, each name begins with the record's id.
    """
    from modeltui.service.fetch import Fetched, FetchRequest, fetch, open_client

    plan = plans.get(offer.provider)
    source = on_demand(plan)
    if plan is None or source is None:
        return f"{offer.provider} has no endpoint for one model"
    part = (offer.deployment.deployment_id if offer.deployment else None) or offer.id
    url = source.url.replace("{id}", quote(part, safe="/"))
    async with open_client() as client:
        answer = await fetch(client, FetchRequest(source=source.name, url=url, headers=auth_headers(plan)))
    if not isinstance(answer, Fetched):
        return f"{source.name}: {getattr(answer, 'message', 'nothing new')}"
    try:
        reading = read_payloads(plan.slug, source.source, [decode(page) for page in answer.pages], now)
    except PayloadError as error:
        return f"{source.name}: {error.message}"
    if len(reading.records) == 1:
        return reading.records[0].claims
    found = {f"{record.id} {name}": claim for record in reading.records for name, claim in record.claims.items()}
    return found or f"{source.name}: no such record"
