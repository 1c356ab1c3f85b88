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
    def words(self) -> tuple[str, ...]:
        """Every word that may never differ: families, roles and the tiers that are no mere sizes."""
        ranks = [tier for tier in self.tiers if tier not in words.SIZE_TIERS]
        return tuple(sorted((*self.families, *self.roles, *ranks)))

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
    sizes = tuple([tier for tier in bare.tiers if tier in words.SIZE_TIERS])
    node = (
        bare.maker, bare.words, sizes, bare.versions, bare.size, bare.active, bare.context, bare.tune, bare.date,
    )  # fmt: skip
    return replace(bare, node=node)


def key_of(node: Node) -> str:
    """Write a node as text: maker, then family, version, tiers, size, roles, tune, context, date."""
    maker, vocabulary, sizes, versions, size, active, context, tune, date = node
    ordered = sorted(vocabulary, key=lambda word: (_rank(word, maker), word))
    families = [word for word in ordered if _rank(word, maker) < 4]
    rest = [word for word in ordered if _rank(word, maker) >= 4]
    tail = (size, active, *rest, "" if tune == COINED else tune, context, date)
    text = "-".join([*families, *versions, *sizes, *filter(None, tail)])
    clean = re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "unnamed"
    return f"{re.sub(r'[^a-z0-9.]+', '-', maker).strip('-.')}/{clean}" if maker else clean


def _rank(word: str, maker: str) -> int:
    if word in words.ROLES.values():
        return 5
    if word in words.TIERS:
        return 4
    if words.FAMILY_MAKERS.get(word) == maker:
        return 0
    return 1 if any(letter.isdigit() for letter in word) else 3 if word in words.BASES else 2


def identify(offer_id: str, provider: str = "") -> Identity:
    """Read an id as its provider spells it; any text at all gives an identity, never an error."""
    return _identify(offer_id, provider if provider in words.COINED_BY else "")


@lru_cache(maxsize=131_072)
def _identify(offer_id: str, provider: str) -> Identity:
    account, tail, colon = _route(offer_id.lower(), provider)
    atoms = [atom for token in _TOKEN.findall(tail) for atom in atoms_of(token)]
    return _noded(_Reader(account, provider, atoms, colon).identity())


_TOKEN = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_TAG = re.compile(r"(?:latest|[ei]?q?\d.*)")


def _route(raw: str, provider: str) -> tuple[str, str, tuple[str, ...]]:
    """Part an id into its organisation, its name and the services behind colons."""
    raw = raw.replace("+", "-plus").strip("~/ ")
    parts = [part for part in raw.split("/") if part and part not in {"@cf", "@hf"}]
    if not parts:
        return "", raw, ()
    account, tail = (parts[-2] if len(parts) > 1 else ""), parts[-1]
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
        self.account = "" if self.uploaded or account in words.HOSTS else account
        self.provider = provider
        self.service = [words.SERVICES.get(word, word) for word in colon]
        self.by_kind: dict[str, list[str]] = {}
        self.atoms = _join_numbers(atoms)
        for kind, text in self.atoms:
            self.by_kind.setdefault(kind, []).append(text)
        self.versions = self._versions()
        self.size, self.active = self._sizes()
        self.maker = self._maker()

    def identity(self) -> Identity:
        self._take_services()
        tune = self._tune()
        families = self._families()
        if self.provider == "ollama" and families == ("r1",) and self.size in words.OLLAMA_DISTILLS:
            families = tuple(sorted(filter(None, ("r1", words.OLLAMA_DISTILLS[self.size]))))
            self.by_kind.setdefault("r", []).append("distill")
        return Identity(
            maker=self.maker,
            families=families,
            versions=self.versions,
            tiers=tuple(sorted(self.by_kind.get("t", ()))),
            roles=tuple(sorted(self.by_kind.get("r", ()))),
            size=self.size,
            active=self.active,
            context="-".join(self.by_kind.get("c", ())),
            tune=tune,
            date="_".join(self.by_kind.get("d", ())),
            latest="l" in self.by_kind,
            quantization=self._quantization(),
            service=tuple(sorted(set(self.service))),
        )

    def _versions(self) -> tuple[str, ...]:
        found = [version_text(text) for text in (*self.by_kind.get("v", ()), *self.by_kind.get("n", ()))]
        return tuple(sorted(filter(None, found)))

    def _sizes(self) -> tuple[str, str]:
        sizes, active = self.by_kind.get("s", []), self.by_kind.get("a", [])
        return ("-".join(sizes), "-".join(active)) if sizes else ("-".join(active), "")

    def _maker(self) -> str:
        if self.account:
            return words.MAKERS.get(self.account, self.account.replace("_", "-"))
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
        return based[0] if based and all(_is_plain(word) for word in own) else ""

    def _take_services(self) -> None:
        """Move the words that tell of serving from the name to the service."""
        sized = bool(self.size)
        self.service += [word for word in self.by_kind.pop("x", ()) if self._serves(word, sized=sized)]
        named = [atom for atom in self.atoms if atom.kind not in "xql-" and atom.kind != "q"]
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
        return "r" not in self.by_kind and any(version[0] >= "5" for version in self.versions)

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
            while word in families and any(other != word for other in families):
                families.remove(word)
        return tuple(sorted(families))

    def _quantization(self) -> str:
        stated = self.by_kind.get("q", [])
        formats = [text for text in stated if text not in {"gguf", "mlx"}] or stated
        return "-".join(formats)


def _is_plain(word: str) -> bool:
    """Tell atoms such as `4o` or `preview` from names that some fine-tuner gave."""
    return word == "preview" or any(letter.isdigit() for letter in word)


def _join_numbers(atoms: list[Atom]) -> list[Atom]:
    """Join numbers that belong together: `3-5` is 3.5, `2024-08-06` a date, `35` behind a family 3.5."""
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
