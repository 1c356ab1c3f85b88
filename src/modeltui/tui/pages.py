"""The web page of an offer: only https, only what can be said for certain."""

from urllib.parse import quote, urlsplit

from modeltui.model import Offer
from modeltui.state import SourceStatus


def page_of(offer: Offer, sources: tuple[SourceStatus, ...]) -> str | None:
    """Give the page of an offer, else of its weights, else of its provider's API host; `None` where there is none."""
    if offer.provider == "openrouter":
        return f"https://openrouter.ai/{quote(offer.id)}"
    if offer.provider == "chutes" and offer.deployment is not None and offer.deployment.deployment_id:
        return f"https://chutes.ai/app/chute/{quote(offer.deployment.deployment_id)}"
    if offer.weights:
        return f"https://huggingface.co/{quote(offer.weights)}"
    return next((page for status in sources if status.source in offer.sources and (page := _host(status.url))), None)


def _host(url: str) -> str | None:
    parts = urlsplit(url)
    return f"https://{parts.hostname}/" if parts.scheme == "https" and parts.hostname else None
