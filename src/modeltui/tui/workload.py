"""A workload as a person types it, and as the status line tells it."""

from collections.abc import Mapping, Sequence

from modeltui.cost import COUNT, SHARE, Workload, count_of, share_of
from modeltui.format import count, tokens
from modeltui.tui.fields import Field


def _wrong_count(text: str) -> str:
    try:
        count_of(text)
    except ValueError as wrong:
        return str(wrong)
    return ""


def _wrong_share(text: str) -> str:
    try:
        share_of(text)
    except ValueError as wrong:
        return str(wrong)
    return ""


def workload_fields(workload: Workload | None) -> Sequence[Field]:
    """Make the lines of the form, filled with a workload."""
    tokens_in, tokens_out, cached, requests = "", "", "", ""
    if workload is not None:
        tokens_in, tokens_out = str(workload.tokens_in), str(workload.tokens_out)
        cached, requests = f"{workload.cached.normalize():f}", str(workload.requests_per_month or "")
    return (
        Field("tokens_in", "Tokens in", tokens_in, f"of one request, {COUNT}", _wrong_count),
        Field("tokens_out", "Tokens out", tokens_out, "of one answer", _wrong_count),
        Field("cached", "Cached share", cached, SHARE, _wrong_share),
        Field("requests", "Requests a month", requests, "blank: what one request costs", _wrong_count),
    )


def workload_typed(texts: Mapping[str, str]) -> Workload | None:
    """Make the workload of a form without mistakes; `None` where it names no tokens."""
    tokens_in, tokens_out = count_of(texts["tokens_in"]), count_of(texts["tokens_out"])
    if not tokens_in and not tokens_out:
        return None
    return Workload(tokens_in or 0, tokens_out or 0, share_of(texts["cached"]), count_of(texts["requests"]) or None)


def workload_text(workload: Workload) -> str:
    """Tell a workload on one line."""
    cached = f" ({(workload.cached * 100).normalize():f} % cached)" if workload.cached else ""
    often = f" × {count(workload.requests_per_month)} a month" if workload.requests_per_month else " a request"  # noqa: RUF001  # the sign for "times"
    return f"{tokens(workload.tokens_in)} in{cached}, {tokens(workload.tokens_out)} out{often}"
