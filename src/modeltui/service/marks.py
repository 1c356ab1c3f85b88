"""The mark of the settings and keys in use: whether they are still those of the last run, with no key kept to tell.

It is checked before the first frame, so it needs neither the line-up nor the store. What a command or the keyring
would answer is not known by then; that they are asked, and how, stands for it.
"""

from collections.abc import Iterable, Mapping

from modeltui.config import Config
from modeltui.hashes import blake2b
from modeltui.service import startfile


def make(salt: bytes, names: Iterable[str], config: Config, environ: Mapping[str, str], *, use_snapshot: bool) -> str:
    """Make the mark of a config and of what these environment variables hold: one word.

    It has the salt, which should be random, the names and a fingerprint, of which no key can be read.
    """
    listed = ",".join(sorted(set(names)))
    return f"{salt.hex()}:{listed}:{_fingerprint(salt, listed, config, environ, use_snapshot=use_snapshot)}"


def holds(mark: str, config: Config, environ: Mapping[str, str], *, use_snapshot: bool) -> bool:
    """Say whether a mark is that of the config and the keys of now."""
    salt, _, rest = mark.partition(":")
    listed, _, fingerprint = rest.rpartition(":")
    try:
        return _fingerprint(bytes.fromhex(salt), listed, config, environ, use_snapshot=use_snapshot) == fingerprint
    except (ValueError, TypeError):
        return False


def _fingerprint(salt: bytes, listed: str, config: Config, environ: Mapping[str, str], *, use_snapshot: bool) -> str:
    said = [startfile.key_of((), (config.only, config.same, config.different, use_snapshot))]
    said += [f"{name}={environ.get(name, '')}" for name in listed.split(",")]
    for slug, own in sorted(config.providers.items()):
        said.append(f"{slug} {own!r} {own.api_key.mark(salt) if own.api_key else ''}")
    return blake2b("\n".join(said).encode("utf-8", "surrogateescape"), key=salt, digest_size=16).hexdigest()
