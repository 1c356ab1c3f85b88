"""`list --json` once more: the bytes of the last time, while nothing that they rest on has changed.

Building thousands of offers with every claim takes far longer than starting Python, and scripts ask again and again.
What the bytes rest on is the store, the config, the keys in the environment and the program's version; each leaves a
stamp that is cheap to compare, so nothing else of the program is loaded here. Every command line passes by here: what
only an answer needs is imported for it.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from modeltui import __version__, paths
from modeltui.hashes import blake2b

FILE_NAME: Final = "list.json"
WORDS: Final = frozenset({"list", "--json", "--offline", "--no-snapshot"})
"""The command lines that may be answered so: the whole list, in JSON."""


def stamp(cache_dir: Path, config: Path, *, use_snapshot: bool) -> dict[str, object]:
    """Take the stamp of what the list rests on, apart from keys."""
    return {
        "version": __version__,
        "store": _seen(cache_dir / paths.STORE_FILE),
        "config": [str(config), _seen(config)],
        "use_snapshot": use_snapshot,
    }


def _seen(path: Path) -> list[int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size, found.st_ino]


def _fingerprint(names: Iterable[str], salt: str, environ: Mapping[str, str]) -> str:
    keyed = blake2b(key=bytes.fromhex(salt), digest_size=16)
    for name in names:
        keyed.update(f"{name}={environ.get(name, '')}\n".encode("utf-8", "surrogateescape"))
    return keyed.hexdigest()


def keep(
    cache_dir: Path,
    taken: Mapping[str, object],
    text: str,
    *,
    names: Sequence[str],
    said: str,
    oldest_at: datetime | None,
    environ: Mapping[str, str] = os.environ,
) -> bool:
    """Keep the text of a list with the stamp taken before it was built; `said` is the line about its age.

    `names` are the environment variables that may hold keys. False where the folder cannot be written.
    """
    import json

    salt = os.urandom(16).hex()
    head = {
        "stamp": taken,
        "names": list(names),
        "salt": salt,
        "keys": _fingerprint(names, salt, environ),
        "said": said,
        "oldest_at": oldest_at.isoformat() if oldest_at else None,
    }
    part = cache_dir / f".{FILE_NAME}-{os.getpid()}"
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(json.dumps(head).encode() + b"\n" + text.encode("utf-8") + b"\n")
        part.replace(cache_dir / FILE_NAME)
    except OSError:
        return False
    return True


def answer(words: Sequence[str], environ: Mapping[str, str] = os.environ) -> int | None:
    """Answer a command line from what was kept, with its exit status; `None` where it must be carried out after all."""
    if list(words) == ["--version"]:
        return _written(f"modeltui {__version__}\n".encode())
    if not {"list", "--json"} <= set(words) <= WORDS or (sys.stdout.encoding or "").lower() != "utf-8":
        return None
    import json

    from modeltui.format import ago

    cache_dir = paths.cache_dir(environ)
    try:
        with (cache_dir / FILE_NAME).open("rb") as kept:
            head = json.loads(kept.readline(1 << 16))
            fresh = stamp(cache_dir, paths.config_file(environ), use_snapshot="--no-snapshot" not in words)
            if head["stamp"] != fresh or head["keys"] != _fingerprint(head["names"], head["salt"], environ):
                return None
            body = kept.read()
            oldest_at = datetime.fromisoformat(head["oldest_at"]) if head["oldest_at"] else None
            said = str(head["said"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    when = ago((datetime.now(UTC) - oldest_at).total_seconds()) if oldest_at else ""
    sys.stderr.write(said.replace("{ago}", when) + "\n")
    return _written(body)


def _written(body: bytes) -> int:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        sys.stderr.write(f"modeltui: could not write output: {error.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 74
    return 0
