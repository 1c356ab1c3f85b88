"""Small answers in the shape of real providers, a config that moves the providers to a server, and a session on it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from loopback import Loopback
from modeltui.config import parse
from modeltui.service.session import Session

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


def openrouter(*names: str) -> dict[str, object]:
    """Rows of OpenRouter's list, dollars per token as text."""
    return {
        "data": [
            {
                "id": name,
                "name": f"Maker: {name}",
                "created": 1753230546,
                "context_length": 131072,
                "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
                "pricing": {"prompt": "0.00000025", "completion": "0.000001"},
                "top_provider": {"max_completion_tokens": 8192},
                "supported_parameters": ["max_tokens", "tools"],
            }
            for name in names
        ]
    }


def chutes_v1(*names: str) -> dict[str, object]:
    """Rows of Chutes' V1 list, dollars per million as numbers."""
    rows = [
        {"id": n, "root": n, "context_length": 40960, "pricing": {"prompt": 0.08, "completion": 0.24}} for n in names
    ]
    return {"object": "list", "data": rows}


def deployment(name: str, *, hot: bool = True, template: str = "vllm") -> dict[str, object]:
    """One row of Chutes' deployments."""
    return {
        "chute_id": f"id-of-{name}",
        "name": name,
        "user": {"username": "chutes"},
        "standard_template": template,
        "hot": hot,
        "instances": [{"active": True, "verified": True}],
        "current_estimated_price": {
            "per_million_tokens": {"input": {"usd": 0.08}, "output": {"usd": 0.24}},
            "usd": {"hour": 1.2},
        },
        "invocation_count": 12,
    }


def deployments(*rows: dict[str, object], total: int | None = None, page: int = 0) -> dict[str, object]:
    """A page of Chutes' deployments."""
    return {"total": len(rows) if total is None else total, "page": page, "limit": 1000, "items": list(rows)}


def config_text(server: Loopback, *providers: str, extra: str = "") -> str:
    """A config with just these providers, moved to the server."""
    parts = ["only = [" + ", ".join(f'"{name}"' for name in providers) + "]"]
    for name in providers:
        if name == "chutes":
            parts.append(f'[providers.chutes.sources.v1]\nendpoint = "{server.url}/v1"')
            parts.append(f'[providers.chutes.sources.deployments]\nendpoint = "{server.url}/dep"')
        else:
            parts.append(f'[providers.{name}]\nendpoint = "{server.url}/{name}"')
    return "\n".join([*parts, extra])


def session_on(
    server: Loopback, folder: Path, *providers: str, extra: str = "", clock: Clock | None = None, **environ: str
) -> Session:
    """A session whose providers are all at the server; no shipped catalogue."""
    return Session(
        parse(config_text(server, *providers, extra=extra)),
        cache_dir=folder / "cache",
        state_dir=folder / "state",
        environ=environ,
        use_snapshot=False,
        clock=clock or Clock(),
    )
