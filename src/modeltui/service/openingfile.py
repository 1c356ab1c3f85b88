"""The first rows of the last run as a small file, so that a start takes no longer however many rows there are.

It is derived from the start-up file and what the screen remembers, and is used only where both are those of now.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from modeltui.service import claimsfile, sealed, startfile
from modeltui.state import Opening

FILE_NAME: Final = "opening.msgpack"


class _Stored(Struct, frozen=True, array_like=True):
    usual: str
    counts: tuple[int, int, int, int]
    """How many rows are shown, how many rows, offers and providers there are."""
    spoken: tuple[str, ...]
    first: msgspec.Raw
    """The catalog of the first rows, packed as the start-up file is, with that one's key."""


def write(path: Path, opening: Opening, key: str) -> bool:
    """Replace the file in one step, if it says otherwise; false where it cannot be written, which costs only time."""
    counts = (opening.shown, opening.rows, opening.offers, opening.providers)
    first = msgspec.Raw(startfile.packed(opening.catalog, key))
    body = msgspec.msgpack.encode(_Stored(opening.usual, counts, opening.spoken, first))
    with suppress(OSError, ValueError):  # there is none yet, or a damaged one
        if sealed.read(path) == body:
            return True
    return sealed.write(path, body)


def read(path: Path, start_path: Path, usual: str, accepts: Callable[[str], bool]) -> Opening | None:
    """Read the first rows of what `start_path` holds, as they are usually shown; `None` where there are none.

    `accepts` is asked about the key, as for the start-up file.
    """
    try:
        stored = msgspec.msgpack.decode(sealed.read(path), type=_Stored)
        if stored.usual != usual:
            return None
        catalog = startfile.unpacked(
            stored.first,
            path.with_name(claimsfile.FILE_NAME),
            lambda key: startfile.has_key(start_path, key) and accepts(key),
        )
    except startfile.UNREADABLE:
        return None
    return None if catalog is None else Opening(catalog, usual, *stored.counts, stored.spoken)
