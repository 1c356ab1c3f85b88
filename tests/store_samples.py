"""What the tests of the store put into it, and a program that writes until it is stopped."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from modeltui.state import Response
from modeltui.store import Store, digest

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOURCE = "chutes/v1"


def response(
    *pages: bytes,
    source: str = SOURCE,
    scope: str = "",
    at: datetime = NOON,
    etag: str | None = None,
    last_modified: str | None = None,
) -> Response:
    return Response(
        source=source,
        url="https://api.example/v1/models",
        status=200,
        fetched_at=at,
        checked_at=at,
        sha256=digest(pages),
        pages=pages,
        etag=etag,
        last_modified=last_modified,
        scope=scope,
    )


def numbered(number: int, source: str = SOURCE) -> Response:
    """A response of three pages that says its number, and is too long for one page of the database."""
    first = f"{number}|".encode() + b"".join((number * 7919 + place).to_bytes(8, "big") for place in range(2000))
    return response(first, b"", b"[]", source=source, at=NOON + timedelta(minutes=number))


def number_of(found: Response) -> int:
    return int(found.pages[0].split(b"|")[0])


def chance(seed: int) -> Random:
    """Repeatable chance."""
    return Random(seed)  # noqa: S311  # it damages files and times kills, nothing is kept secret with it


def write(folder: Path, source: str, count: int) -> None:
    """Put numbered responses, saying each number once it is saved; the last line tells the notes."""
    with Store.open(folder) as store:
        for number in range(count):
            saved = store.put(numbered(number, source))
            sys.stdout.write(f"{number if saved else 'lost'}\n")
            sys.stdout.flush()
        sys.stdout.write(f"notes {store.notes}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
