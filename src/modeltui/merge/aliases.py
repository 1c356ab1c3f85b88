"""What the user decided: offers that are one model, and offers that never are."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

Groups = tuple[tuple[str, ...], ...]


class Aliases(Struct, frozen=True):
    """The user's word on links: groups of `provider/id` texts; where both speak of a pair, `different` wins."""

    same: Groups = ()
    """Each group is one model."""
    different: Groups = ()
    """No two of a group are one model; the first keeps the model's row, the others leave it."""

    @classmethod
    def none(cls) -> "Aliases":
        """Give the aliases of a user who decided nothing."""
        return _NONE

    @classmethod
    def of(cls, same: Iterable[Iterable[str]] = (), different: Iterable[Iterable[str]] = ()) -> "Aliases":
        """Read groups as a config file holds them; groups of fewer than two offers say nothing."""
        return cls(_groups(same), _groups(different))

    def __bool__(self) -> bool:
        return bool(self.same or self.different)

    def join(self, one: str, other: str) -> "Aliases":
        """Say that two offers are one model, and forget anything to the contrary."""
        pair = frozenset((one, other))
        kept = tuple(part for group in self.different for part in _without_pair(group, pair))
        return Aliases((*(group for group in self.same if not pair <= set(group)), (one, other)), kept)

    def split(self, stays: str, leaves: str) -> "Aliases":
        """Say that two offers are never one model, and forget anything to the contrary."""
        pair = frozenset((stays, leaves))
        kept = _groups(
            [member for member in group if member != leaves] if pair <= set(group) else group for group in self.same
        )
        return Aliases(kept, (*(group for group in self.different if not pair <= set(group)), (stays, leaves)))

    def same_ids(self, provider: str) -> Mapping[str, frozenset[str]]:
        """Give, for each id of one provider, the ids there that the user calls the same."""
        prefix = f"{provider}/"
        found: dict[str, frozenset[str]] = {}
        for group in self.same:
            ids = frozenset(member.removeprefix(prefix) for member in group if member.startswith(prefix))
            for member in ids:
                found[member] = found.get(member, frozenset()) | ids
        return found

    def different_ids(self, provider: str) -> frozenset[tuple[str, str]]:
        """Give every ordered pair of one provider's ids that the user calls different."""
        prefix = f"{provider}/"
        pairs: set[tuple[str, str]] = set()
        for group in self.different:
            ids = [member.removeprefix(prefix) for member in group if member.startswith(prefix)]
            pairs.update((one, other) for one in ids for other in ids if one != other)
        return frozenset(pairs)


_NONE = Aliases()


def _groups(groups: Iterable[Iterable[str]]) -> Groups:
    unique = (tuple(dict.fromkeys(group)) for group in groups)
    return tuple(group for group in unique if len(group) > 1)


def _without_pair(group: tuple[str, ...], pair: frozenset[str]) -> Groups:
    """Take a pair's statement out of a group and keep what the group says of the rest."""
    if not pair <= set(group):
        return (group,)
    rest = tuple(member for member in group if member not in pair)
    return _groups((rest, *((member, *rest) for member in group if member in pair)))
