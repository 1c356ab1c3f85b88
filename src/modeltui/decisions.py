"""The user's word on links, written into the config file with everything else in it left as it stands."""

import os
from pathlib import Path
from typing import Final

from modeltui.errors import ConfigError

SAME: Final = "same"
DIFFERENT: Final = "different"


def remember(path: Path, kind: str, ids: tuple[str, str]) -> None:
    """Write that two offers (`provider/id`) are one model (`same`) or never are (`different`).

    What the file said to the contrary of just this pair is taken out; comments, order and layout are kept. A file
    that cannot be read or written is a `ConfigError`; the old file is replaced in one step or not at all.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = path.read_text("utf-8") if path.exists() else ""
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}", hint="modeltui config check") from error
    aliases = document.setdefault("aliases", tomlkit.table(is_super_table=True))
    other = DIFFERENT if kind == SAME else SAME
    _forget(aliases, other, ids)
    if not any(set(ids) <= set(table.get("ids", [])) for table in aliases.get(kind, [])):
        entry = tomlkit.table()
        entry["ids"] = list(ids)
        if kind not in aliases:
            aliases[kind] = tomlkit.aot()
        aliases[kind].append(entry)
    _replace(path, tomlkit.dumps(document))


def _forget(aliases: "dict[str, list[dict[str, list[str]]]]", kind: str, ids: tuple[str, str]) -> None:
    """Take a pair out of the groups that hold it; a group of two goes whole, a larger one loses the second."""
    groups = aliases.get(kind)
    if groups is None:
        return
    for place in range(len(groups) - 1, -1, -1):
        members = groups[place].get("ids", [])
        if not set(ids) <= set(members):
            continue
        if len(members) <= 2:
            del groups[place]
        else:
            members.remove(ids[1])
    if not groups:
        del aliases[kind]


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path.resolve() if path.is_symlink() else path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ConfigError(f"{path}: could not be written: {error.strerror}") from error
