"""Configs, environments and folders for programs that are run as a user runs them."""

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from loopback import Loopback
from modeltui.store import Store

HEALTHY = tuple(f"well{number}" for number in range(1, 10))
ROWS = 412


def canary(provider: str) -> str:
    """The key of a provider: nobody else's, and found nowhere but at its own server."""
    return f"sk-canary-{provider}-Zq8w7E6r5T4y-{provider}"


def listing(provider: str, rows: int = ROWS, *, mark: object = "") -> dict[str, object]:
    """A list of models as most servers answer it."""
    return {"object": "list", "data": [{"id": f"{provider}/model-{mark}{n}", "object": "model"} for n in range(rows)]}


def config(endpoints: Mapping[str, str], extra: str = "") -> str:
    """A config with just these providers, each with its key from a variable of its own."""
    parts = ["only = [" + ", ".join(f'"{name}"' for name in endpoints) + "]", extra]
    for name, endpoint in endpoints.items():
        parts.append(f'[providers.{name}]\nendpoint = "{endpoint}"\napi_key_env = "KEY_OF_{name.upper()}"')
    return "\n".join(parts)


def environment(folder: Path, providers: Iterable[str] = (), **more: str) -> dict[str, str]:
    """A plain environment whose files are all in one folder."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "MODELTUI_CONFIG": str(folder / "config.toml"),
        "MODELTUI_CACHE_DIR": str(folder / "cache"),
        "MODELTUI_STATE_DIR": str(folder / "state"),
        **{f"KEY_OF_{name.upper()}": canary(name) for name in providers},
        **more,
    }


def command(*words: str, environ: Mapping[str, str], **options: object) -> "subprocess.CompletedProcess[bytes]":
    """Carry out one command line."""
    return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603  # options of subprocess.run
        [sys.executable, "-m", "modeltui", *words], capture_output=True, env=dict(environ), check=False, **options
    )


def serve_healthy(server: Loopback) -> dict[str, str]:
    """Serve nine providers that have nothing wrong with them."""
    for name in HEALTHY:
        server.json(f"/{name}/models", listing(name, 20), etag='"1"')
    return {name: f"{server.url}/{name}" for name in HEALTHY}


def bodies(folder: Path) -> dict[str, str]:
    """The digest of the last good answer of every source."""
    with Store.open(folder / "cache") as store:
        return {source: head.sha256 for (source, _), head in store.heads().items()}


def everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file under a folder, with what is compressed inside it also as plain bytes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            body = path.read_bytes()
            yield path.name, body
            if path.name.startswith("cache.db"):
                yield path.name, b"".join(_inflated(body))


def _inflated(body: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", body):
        try:
            yield zlib.decompressobj().decompress(body[found.start() :], 1 << 24)
        except zlib.error:
            continue
