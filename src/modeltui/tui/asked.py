"""What a provider said when it was asked about one offer: its deployment, or the endpoints behind it."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from modeltui.format import MISSING, clean, percent, tokens, usd
from modeltui.model import Claim
from modeltui.tui.told import LABEL, heading, label_of, value_text
from modeltui.tui.widgets.ink import Line
from modeltui.tui.widgets.sheets import Hung

Answer = Mapping[str, Claim] | str
"""Claims by dotted field, each name led by the record's id where there are several; or why there are none."""
NAME = 22


def asked_lines(answer: Answer, provider: str) -> list[Hung]:
    """Tell an answer: one record field by field, several as a list with the cheapest first."""
    if isinstance(answer, str):
        return [*heading(f"Asked {provider} now"), ([(clean(answer), "warn")], 0)]
    endpoints = _by_record(answer)
    if len(endpoints) > 1:
        return [
            *heading(f"{len(endpoints)} endpoints, asked now", "input / output $ per 1M"),
            *(line for name in sorted(endpoints, key=lambda each: _dearness(endpoints[each]))
              for line in _endpoint(name, endpoints[name])),
        ]  # fmt: skip
    title = "Deployment" if any(field.startswith("deployment.") for field in answer) else "Details"
    return [*heading(f"{title}, asked now"), *_fields(answer.items())]


def _by_record(answer: Mapping[str, Claim]) -> dict[str, dict[str, Claim]]:
    found: dict[str, dict[str, Claim]] = {}
    for name, claim in answer.items():
        record, _, field = name.rpartition(" ")
        found.setdefault(record, {})[field] = claim
    return found


def _fields(claims: Iterable[tuple[str, Claim]]) -> Iterator[Hung]:
    for name, claim in claims:
        field = name.rpartition(" ")[2]
        line: Line = [
            (f"{label_of(field):<{LABEL}} ", "dim"),
            (value_text(field, claim.value), "strong"),
            (f"  {claim.path}", "dim"),
        ]
        yield line, LABEL + 1


def _amount(claims: Mapping[str, Claim], field: str) -> Decimal | None:
    value = claims[field].value if field in claims else None
    return value if isinstance(value, Decimal) else None


def _dearness(claims: Mapping[str, Claim]) -> tuple[bool, Decimal]:
    price = _amount(claims, "prices.input")
    return price is None, price or Decimal(0)


def _endpoint(name: str, claims: Mapping[str, Claim]) -> Iterator[Hung]:
    """Tell one endpoint on a line, or two where there is little room."""
    cached = _amount(claims, "prices.cache_read")
    facts = [f"cached {usd(cached)}"] if cached is not None else []
    for field, word in (("context_length", "context"), ("max_output_tokens", "output")):
        value = claims[field].value if field in claims else None
        facts += [f"{word} {tokens(value)}"] if isinstance(value, int) else []
    facts += [str(claims[field].value) for field in ("quantization", "status") if field in claims]
    uptime = _amount(claims, "uptime")
    facts += [f"up {_uptime(uptime)}"] if uptime is not None else []
    prices = f"{usd(_amount(claims, 'prices.input'))} / {usd(_amount(claims, 'prices.output'))}"
    yield [(f"{clean(name) or MISSING:<{NAME}} ", "strong"), (prices, ""), (f"  {clean(' · '.join(facts))}", "dim")], 4


def _uptime(uptime: Decimal) -> str:
    """Show an uptime, which sources give in percent or as a share."""
    return percent(float(uptime if uptime <= 1 else uptime / 100))
