"""The rules that read what a mark says of a record: that it is there, that it is another one, that it is a path."""

from modeltui.providers.records import named
from modeltui.providers.rules import Bad, Rule, Value, Weights


class Refused(Rule, frozen=True, kw_only=True):
    """States nothing; complains where the word is none of those that the rules beside it can read."""

    words: tuple[object, ...]
    what: str

    def convert(self, raw: object) -> Value:
        """Answer nothing, or what is wrong."""
        return None if raw in self.words else Bad(f"{named(raw)} is not a {self.what} this map can read")


class Default(Rule, frozen=True, kw_only=True):
    """States nothing; complains where the number is one that the source writes for want of a fact."""

    numbers: tuple[int, ...]
    what: str

    def convert(self, raw: object) -> Value:
        """Answer nothing, or that it is the default."""
        return Bad(f"{named(raw)} is {self.what}, not a fact") if raw in self.numbers else None


class Present(Rule, frozen=True, kw_only=True):
    """A word of ours wherever anything but null, false, zero or nothing is sent."""

    word: str

    def convert(self, raw: object) -> Value:
        """Answer the word, or nothing."""
        return self.word if raw else None


class Root(Weights, frozen=True):
    """Repository of the weights, where a server says what it loaded; a path of its disk is none."""

    def convert(self, raw: object) -> Value:
        """Leave paths out, then read as a repository."""
        return None if type(raw) is str and raw.strip()[:1] in {"/", ".", "~"} else Weights.convert(self, raw)
