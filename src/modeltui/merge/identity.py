"""An id becomes an identity: who made the model, what it is, and how this listing serves it."""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from modeltui.merge import words
from modeltui.merge.tokens import Atom, atoms_of, version_text

Node = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, str, str, str, str]
"""Maker, words, size tiers, versions, size, active size, context, tune, date: what makes a model this model."""

COINED: Final = "?"
"""The tune of a name that a host coined: a chat model whose tune is left out."""


class Identity(Struct, frozen=True, gc=False):
    """What an id says of its model and of the way it is served; empty where the id does not say."""

    maker: str = ""
    families: tuple[str, ...] = ()
    """Family words and atoms such as `4o` or `r1`, sorted."""
    versions: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    size: str = ""
    active: str = ""
    context: str = ""
    tune: str = ""
    """`instruct`, `chat`, `base`, empty for a bare published name, `?` for a bare name that a host coined."""
    date: str = ""
    """`2025-05-14`, `2025-07` (yymm), `07-25` (month and day) or a snapshot number such as `001`."""
    latest: bool = False
    quantization: str = ""
    service: tuple[str, ...] = ()
    """How it is served, sorted: `free`, `fast`, `tee`, `thinking`, `high`."""
    node: Node = ("", (), (), (), "", "", "", "", "")
    """Everything that tells models apart, without how they are served."""

    @property
    def key(self) -> str:
        """The identity as readable, stable text of `[a-z0-9./-]`."""
        return key_of(self.node)

    @property
    def variant(self) -> str | None:
        """How the id says it is served: `fp8`, `fp8+free`, or None."""
        parts = [self.quantization] if self.quantization not in words.FULL_PRECISION else []
        return "+".join([*parts, *self.service, *(["latest"] if self.latest else [])]) or None


def with_node(identity: Identity, **changes: object) -> Identity:
    """Change an identity and make its node anew."""
    return _noded(replace(identity, **changes))


def _noded(bare: Identity) -> Identity:
    node = _node(
        bare.maker, (*bare.families, *bare.roles), bare.tiers, bare.versions, bare.size, bare.active, bare.context,
        bare.tune, bare.date,
    )  # fmt: skip
    return replace(bare, node=node)


def _node(
    maker: str,
    vocabulary: tuple[str, ...],
    tiers: tuple[str, ...],
    versions: tuple[str, ...],
    size: str,
    active: str,
    context: str,
    tune: str,
    date: str,
) -> Node:
    """Part the tiers: those that are mere sizes may be left out, the others are words like any."""
    ranks = [tier for tier in tiers if tier not in words.SIZE_TIERS]
    sizes = tuple([tier for tier in tiers if tier in words.SIZE_TIERS])
    return (maker, tuple(sorted([*vocabulary, *ranks])), sizes, versions, size, active, context, tune, date)


def key_of(node: Node) -> str:
    """Write a node as text: maker, then family, version, tiers, size, roles, tune, context, date."""
    maker, vocabulary, sizes, versions, size, active, context, tune, date = node
    ordered = sorted([(_rank(word, maker), word) for word in vocabulary])
    families = [word for rank, word in ordered if rank < 4]
    rest = [word for rank, word in ordered if rank >= 4]
    plain = [version.rpartition("-")[2] for version in versions]
    tail = (size, active, *rest, "" if tune == COINED else tune, context, date)
    text = "-".join([*families, *plain, *sizes, *[part for part in tail if part]])
    if _ODD.search(text) or _ODD.search(maker):
        text, maker = (_ODD.sub("-", part.lower()).strip("-.") for part in (text, maker))
    return f"{maker}/{text or 'unnamed'}" if maker else text or "unnamed"


_ODD = re.compile(r"[^a-z0-9.-]+")
_LATE_WORDS: Final[dict[str, int]] = {**dict.fromkeys(words.TIERS, 4), **dict.fromkeys(words.ROLES.values(), 5)}


def _rank(word: str, maker: str) -> int:
    late = _LATE_WORDS.get(word)
    if late is not None:
        return late
    if words.FAMILY_MAKERS.get(word) == maker:
        return 0
    return 3 if word in words.BASES else 2 if word.isalpha() else 1


def identify(offer_id: str, provider: str = "") -> Identity:
    """Read an id as its provider spells it; any text at all gives an identity, never an error."""
    identity = _identify(offer_id, provider if provider in words.COINED_BY else "")
    if not identity.maker and words.GENERIC.issuperset(identity.families):
        return with_node(identity, maker=provider)
    return identity


@lru_cache(maxsize=131_072)
def _identify(offer_id: str, provider: str) -> Identity:
    account, tail, colon = _route(offer_id.lower(), provider)
    atoms = [atom for token in _TOKEN.findall(tail) for atom in atoms_of(token)]
    return _Reader(account, provider, atoms, colon).identity()


_SERVING: Final = words.SPEED_TIERS | words.EFFORTS | {"thinking"}
"""Words that may tell of serving where they stand last."""
_TOKEN = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_TAG = re.compile(r"(?:latest|[ei]?q?\d.*)")


def _route(raw: str, provider: str) -> tuple[str, str, tuple[str, ...]]:
    """Part an id into its organisation, its name and the services behind colons."""
    raw = raw.replace("+", "-plus").strip("~/ ")
    parts = [part for part in raw.split("/") if part and part not in {"@cf", "@hf"}]
    if not parts:
        return "", raw, ()
    account, tail = (parts[-2].rpartition(":")[2] if len(parts) > 1 else ""), parts[-1]
    if account in {"models", "routers", "deployments"} and len(parts) > 3:
        account = parts[-3]
    if "." in tail and not account:
        account, tail = _dotted_prefix(tail)
    if ":" not in tail and "@" not in tail:
        return account, tail.removesuffix(".gguf"), ()
    head, *suffixes = re.split(r"[:@]", tail)
    kept = [suffix for suffix in suffixes if provider == "ollama" or _is_tag(suffix)]
    services = tuple(word for word in suffixes if word not in kept and not word.isdigit() and word not in words.HOSTS)
    return account, "-".join([head, *(word for word in kept if len(word) > 1)]), services


def _is_tag(suffix: str) -> bool:
    return _TAG.fullmatch(suffix) is not None


def _dotted_prefix(tail: str) -> tuple[str, str]:
    """Read Bedrock's `us.anthropic.claude-...`: a region, a maker, then the name."""
    head, _, rest = tail.partition(".")
    if head in {"us", "eu", "apac", "jp", "au", "global", "us-gov", "ca"} and "." in rest:
        head, _, rest = rest.partition(".")
    if head in words.MAKERS and rest[:1].isalpha():
        return head, rest
    return "", tail


class _Reader:
    """Reads the atoms of one id in the light of each other."""

    def __init__(self, account: str, provider: str, atoms: list[Atom], colon: tuple[str, ...]) -> None:
        self.uploaded = account in words.REUPLOADERS or (provider == "ollama" and account != "")
        account = account.replace("_", "-")
        self.account = "" if self.uploaded or account in words.HOSTS else account
        self.host = account if account in words.HOSTS else ""
        self.provider = provider
        self.service = [words.SERVICES.get(word, word) for word in colon]
        self.by_kind = by_kind = dict[str, list[str]]()
        self.atoms = _join_numbers(atoms)
        for kind, text in self.atoms:
            if kind in by_kind:
                by_kind[kind].append(text)
            else:
                by_kind[kind] = [text]
        self.size, self.active = self._sizes()
        self.maker = self._maker()
        self.versions = self._versions()

    def identity(self) -> Identity:
        self._take_services()
        tune = self._tune()
        families = self._families()
        if not (families or self.size or self.versions or self.by_kind.keys() & {"r", "t", "d"}):
            families = tuple(text for _, text in self.atoms)
        if self.provider == "ollama" and families == ("r1",) and self.size in words.OLLAMA_DISTILLS:
            families = tuple(sorted(filter(None, ("r1", words.OLLAMA_DISTILLS[self.size]))))
            self.by_kind.setdefault("r", []).append("distill")
        kinds = self.by_kind
        tiers, roles = tuple(sorted(kinds.get("t", ()))), tuple(sorted(kinds.get("r", ())))
        context, date = "-".join(kinds.get("c", ())), "_".join(kinds.get("d", ()))
        vocabulary = (*families, *roles)
        return Identity(
            self.maker,
            families,
            self.versions,
            tiers,
            roles,
            self.size,
            self.active,
            context,
            tune,
            date,
            "l" in kinds,
            self._quantization() if "q" in kinds else "",
            tuple(sorted(set(self.service))) if self.service else (),
            _node(self.maker, vocabulary, tiers, self.versions, self.size, self.active, context, tune, date),
        )

    def _versions(self) -> tuple[str, ...]:
        """Read the versions; that of a family which the model is only built on keeps the family's word."""
        if not self.by_kind.keys() & {"v", "n"}:
            return ()
        found: list[str] = []
        built_on = self._bases()
        before = ""
        for kind, text in self.atoms:
            if kind in "vn" and (version := version_text(text)):
                found.append(f"{before}-{version}" if before in built_on else version)
            before = text if kind == "f" else ""
        return tuple(sorted(found))

    def _bases(self) -> frozenset[str]:
        families = self.by_kind.get("f", ())
        if len(families) < 2 or words.BASES.isdisjoint(families):
            return frozenset()
        repeated = words.MAKER_WORDS.get(self.maker, ())
        named = [word for word in families if word not in repeated and word not in words.STAGES and word.isalpha()]
        own = [word for word in named if word not in words.BASES]
        return words.BASES.intersection(named) if own or len(named) > 1 else frozenset()

    def _sizes(self) -> tuple[str, str]:
        sizes, active = self.by_kind.get("s", []), self.by_kind.get("a", [])
        return ("-".join(sizes), "-".join(active)) if sizes else ("-".join(active), "")

    def _maker(self) -> str:
        if self.account:
            return words.MAKERS.get(self.account, self.account)
        if self.provider in words.MAKER_PROVIDERS and not self.uploaded:
            return words.MAKER_PROVIDERS[self.provider]
        families = self.by_kind.get("f", [])
        if families and families[0] in words.MAKERS and families[0] not in words.BASES:
            return words.MAKERS[families[0]]
        own = [word for word in families if word not in words.BASES]
        named = [words.FAMILY_MAKERS[word] for word in own if word in words.FAMILY_MAKERS]
        if named:
            return named[0]
        based = [words.FAMILY_MAKERS[word] for word in families if word in words.FAMILY_MAKERS]
        if based and all(_is_plain(word) for word in own):
            return based[0]
        return self.host if self.host and not based else ""

    def _take_services(self) -> None:
        """Move the words that tell of serving from the name to the service."""
        if "x" in self.by_kind:
            sized = bool(self.size)
            self.service += [word for word in self.by_kind.pop("x") if self._serves(word, sized=sized)]
        if _SERVING.isdisjoint([text for _, text in self.atoms]):
            return
        named = [atom for atom in self.atoms if atom.kind not in "xql-"]
        while named and self._is_serving(named[-1], named[:-1]):
            kind, text = named.pop()
            self.by_kind[kind].remove(text)
            self.service.append(text)

    def _serves(self, word: str, *, sized: bool) -> bool:
        if word in words.WEAK_SERVICES and not sized and "d" not in self.by_kind:
            self.by_kind.setdefault("f", []).append(word)
            return False
        return True

    def _is_serving(self, last: Atom, before: list[Atom]) -> bool:
        kind, text = last
        if kind == "d" or not before:
            return False
        if text == "thinking":
            return self.maker in words.SWITCHED_THINKING
        if kind == "t" and text in words.SPEED_TIERS:
            return bool(self.size) or before[-1].kind == "d" or self._is_hosts_speed(text)
        return text in words.EFFORTS and self._has_efforts(before)

    def _is_hosts_speed(self, text: str) -> bool:
        """Tell a host's `-fast`; of xAI's, Grok 3's is a serving tier and later ones are models."""
        return text == "fast" and (
            self.maker in words.FAST_HOSTED or (self.maker == "xai" and self.versions == ("3",))
        )

    def _has_efforts(self, before: list[Atom]) -> bool:
        first = before[0].text if before[0].kind == "f" else ""
        if first != "gpt":
            return first in words.EFFORT_LINES
        return "r" not in self.by_kind and any("5" <= version[0] <= "9" for version in self.versions)

    def _tune(self) -> str:
        stated = self.by_kind.get("u", [])
        tune = stated[-1] if stated else ""
        families = self.by_kind.setdefault("f", [])
        if "pt" in families and len(families) > 1:
            families.remove("pt")
            tune = "base" if self.maker == "google" else tune
        if tune == "base" and not words.IMAGE_LINES.isdisjoint(families):
            tune = ""
        if tune == "instruct" and self.maker in words.INSTRUCT_APART:
            self.by_kind.setdefault("r", []).append("completion")
            return COINED
        return tune or (COINED if self._is_coined() else "")

    def _is_coined(self) -> bool:
        if not self.size or self.provider in words.COINED_BY:
            return True
        if self.uploaded:
            return False
        return not self.account or (self.account in words.MAKERS and self.account not in words.HOME_ORGS)

    def _families(self) -> tuple[str, ...]:
        families = self.by_kind.get("f", [])
        for word in words.MAKER_WORDS.get(self.maker, ()):
            if word in families and any(other != word for other in families):
                families = [other for other in families if other != word]
        return tuple(sorted(families))

    def _quantization(self) -> str:
        stated = self.by_kind.get("q", [])
        formats = [text for text in stated if text not in {"gguf", "mlx"}] or stated
        return "-".join(formats)


def _is_plain(word: str) -> bool:
    """Tell atoms such as `4o` or `preview` from names that some fine-tuner gave."""
    return word in words.STAGES or any(letter.isdigit() for letter in word)


def _join_numbers(atoms: list[Atom]) -> list[Atom]:
    """Join numbers that belong together: `3-5` is 3.5, `2024-08-06` a date, `35` behind a family 3.5."""
    if not any([atom.kind in "qnd" for atom in atoms]):
        return atoms
    joined: list[Atom] = []
    place = 0
    while place < len(atoms):
        atom, used = atoms[place], 1
        if atom.kind == "q":
            used = _quant_length(atoms, place)
            atom = Atom("q", "-".join(part.text for part in atoms[place : place + used]))
        elif atom.kind in "nd":
            atom, used = _number_at(atoms, place, joined[-1] if joined else None)
        joined.append(atom)
        place += used
    return joined


def _quant_length(atoms: list[Atom], place: int) -> int:
    """Count the tokens of a llama.cpp quantization such as `q4_k_m`."""
    end = place + 1
    if atoms[place].text[-1].isdigit() and "q" in atoms[place].text:
        while end < len(atoms) and atoms[end].text in {"k", "m", "s", "l", "xl", "xs", "xxs", "0", "1"}:
            end += 1
    return end - place


def _number_at(atoms: list[Atom], place: int, previous: Atom | None) -> tuple[Atom, int]:
    text = atoms[place].text
    following = [atom.text for atom in atoms[place + 1 : place + 3] if atom.kind == "n"]
    if len(text) == 4 and text.startswith("20") and atoms[place].kind == "n" and _two(following[:1]):
        whole = _two(following) if len(following) == 2 else False
        return Atom("d", "-".join([text, *following[: 2 if whole else 1]])), 3 if whole else 2
    if atoms[place].kind == "d" or not text.isdigit():
        return atoms[place], 1
    return _short_number(text, following[0] if following else "", previous)


def _short_number(text: str, following: str, previous: Atom | None) -> tuple[Atom, int]:
    if len(text) == 1 and len(following) == 1:
        return Atom("v", f"{text}.{following}"), 2
    if _two([text]) and "01" <= text <= "12" and len(following) == 4 and following.startswith("20"):
        return Atom("d", f"{following}-{text}"), 2
    if _two([text, following]) and "01" <= text <= "12" and "01" <= following <= "31":
        return Atom("d", f"{text}-{following}"), 2
    if _two([text]) and "0" not in text and previous is not None and previous.text in words.FAMILY_MAKERS:
        return Atom("v", f"{text[0]}.{text[1]}"), 1
    return Atom("n", text), 1


def _two(texts: list[str]) -> bool:
    return bool(texts) and all(len(text) == 2 and text.isdigit() for text in texts)
