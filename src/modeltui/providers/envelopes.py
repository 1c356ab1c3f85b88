"""Answers whose records are not simply the items of one list."""

from collections.abc import Iterator

from modeltui.errors import PayloadError
from modeltui.providers.records import Records, getter


class One(Records, frozen=True):
    """The answer is one record, as a detail endpoint sends it."""

    path: str = ""

    def find(self, payload: object) -> Iterator[object]:
        """Yield the answer itself; anything but an object is a `PayloadError`."""
        if not isinstance(payload, dict):
            raise PayloadError("the answer is not an object")
        yield payload


class Itself(Records, frozen=True):
    """Each record is at `^` of itself, for rules that need several of its keys at once."""

    def find(self, payload: object) -> Iterator[object]:
        """Yield the records as `Records.find` does."""
        for record in Records.find(self, payload):
            yield {**record, "^": record} if isinstance(record, dict) else record


class Joined(Records, frozen=True):
    """Expanded records whose id is made of their parent's and their own; it stands at `^id`."""

    parent: str = "id"
    own: str = "provider"
    mark: str = ":"

    def find(self, payload: object) -> Iterator[object]:
        """Yield the records with `^id`, which is missing where one of the two is."""
        parent_of, own_of = getter(f"^.{self.parent}"), getter(self.own)
        for record in Records.find(self, payload):
            if isinstance(record, dict):
                parent, own = parent_of(record), own_of(record)
                joined = f"{parent}{self.mark}{own}" if isinstance(parent, str) and isinstance(own, str) else None
                yield {**record, "^id": joined}
            else:
                yield record
