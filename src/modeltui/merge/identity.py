"""An id becomes an identity: who made the model, what it is, and how this listing serves it."""

import re
from functools import lru_cache
from typing import Final

from modeltui.merge import words
from modeltui.merge.node import COINED, Identity, make_node, with_node
from modeltui.merge.tokens import Atom, atoms_of, join_numbers, version_text

__all__ = ["Identity", "identify"]


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
    reader = _Reader(account, provider, atoms, colon)
    return reader.identity() if atoms else with_node(reader.identity(), families=(offer_id,))


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

    __slots__ = (
        "account", "active", "atoms", "by_kind", "host", "maker", "provider", "service", "size", "uploaded", "versions",
    )  # fmt: skip

    def __init__(self, account: str, provider: str, atoms: list[Atom], colon: tuple[str, ...]) -> None:
        self.uploaded = account in words.REUPLOADERS or (provider == "ollama" and account != "")
        account = account.replace("_", "-")
        self.account = "" if self.uploaded or account in words.HOSTS else account
        self.host = account if account in words.HOSTS else ""
        self.provider = provider
        self.service = [words.SERVICES.get(word, word) for word in colon]
        by_kind: dict[str, list[str]] = {}
        self.by_kind = by_kind
        self.atoms = join_numbers(atoms)
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
            families = tuple([text for _, text in self.atoms])
        if self.provider == "ollama" and families == ("r1",) and self.size in words.OLLAMA_DISTILLS:
            families = tuple(sorted(filter(None, ("r1", words.OLLAMA_DISTILLS[self.size]))))
            self.by_kind.setdefault("r", []).append("distill")
        kinds = self.by_kind
        tiers = tuple(sorted(kinds["t"])) if "t" in kinds else ()
        roles = tuple(sorted(kinds["r"])) if "r" in kinds else ()
        context = "-".join(kinds["c"]) if "c" in kinds else ""
        date = "_".join(kinds["d"]) if "d" in kinds else ""
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
            self._quantization(),
            tuple(sorted(set(self.service))) if self.service else (),
            make_node(self.maker, vocabulary, tiers, self.versions, self.size, self.active, context, tune, date),
        )

    def _versions(self) -> tuple[str, ...]:
        """Read the versions; that of a family which the model is only built on keeps the family's word."""
        if "v" not in self.by_kind and "n" not in self.by_kind:
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
        if "s" not in self.by_kind and "a" not in self.by_kind:
            return "", ""
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
        """Tell a host's speed tier; of xAI's `fast`, Grok 3's is a serving tier and later ones are models."""
        hosted = words.HOSTED_SPEEDS.get(text, frozenset())
        return self.maker in hosted or (text == "fast" and self.maker == "xai" and self.versions == ("3",))

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
        if len(families) < 2:
            return tuple(families)
        for word in (*words.MAKER_WORDS.get(self.maker, ()), self.account):
            if word in families and any(other != word for other in families):
                families = [other for other in families if other != word]
        return tuple(sorted(families))

    def _quantization(self) -> str:
        if "q" not in self.by_kind:
            return "gguf" if self.provider == "ollama" else ""
        stated = self.by_kind["q"]
        formats = [text for text in stated if text not in {"gguf", "mlx"}] or stated
        return "-".join(formats)


def _is_plain(word: str) -> bool:
    """Tell atoms such as `4o` or `preview` from names that some fine-tuner gave."""
    return word in words.STAGES or any(letter.isdigit() for letter in word)
