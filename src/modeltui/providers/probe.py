"""An unknown answer looked at: where its records are, what was recognised, which price unit fits, what was ignored."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

from modeltui.errors import PayloadError
from modeltui.model import TOKEN_PRICES
from modeltui.providers.claims import paths_read
from modeltui.providers.evidence import UnitGuess, guess_unit
from modeltui.providers.kinds import INLINE_FIELDS, KINDS, PLAIN_TEXTS
from modeltui.providers.knowledge import known_paths
from modeltui.providers.outline import SAMPLED, Seen, enveloped, find_id, find_records, paths_in
from modeltui.providers.read import read_payloads
from modeltui.providers.records import getter, named
from modeltui.providers.registry import SHAPES
from modeltui.providers.rules import Bad
from modeltui.providers.spec import Provider, Source


class Fit(Struct, frozen=True):
    """How well a built-in shape fits: how many of its paths lead somewhere, what it fills, what it gets wrong."""

    slug: str
    leads: int
    of: int
    fields: frozenset[str]
    troubled: frozenset[str]


class Recognised(Struct, frozen=True):
    """One field that a path was taken for."""

    field: str
    path: str
    options: Mapping[str, object]
    """What an inline map must say besides the path."""
    stated: int
    """Records of the sample in which it is stated."""
    samples: tuple[str, ...]


class Ignored(Struct, frozen=True):
    """One path that is there and that nothing reads."""

    path: str
    stated: int
    sample: str


class Probe(Struct, frozen=True):
    """What an unknown answer turned out to be."""

    records: str
    """Path of the list of records; empty where the answer is the list."""
    total: int
    sampled: int
    id_path: str
    fits: tuple[Fit, ...]
    """The built-in shapes that fit best, best first."""
    recognised: tuple[Recognised, ...]
    prices: UnitGuess
    ignored: tuple[Ignored, ...]

    @property
    def like(self) -> str | None:
        """Name the built-in shape that says all that was recognised, in the unit that was inferred."""
        if self._is_plain():
            return "openai"
        wanted = {found.field for found in self.recognised}
        for fit in self.fits:
            close = fit.leads * 2 >= fit.of and wanted <= fit.fields and not fit.troubled
            if close and self._same_unit(SHAPES[fit.slug]):
                return fit.slug
        return None

    def _is_plain(self) -> bool:
        """Tell whether the shape of any OpenAI-compatible server reads everything that was recognised."""
        source = SHAPES["openai"].sources[0]
        read_from = {(name, path) for name, rule in source.fields.items() for path in rule.paths}
        enveloped_so = self.records in source.records.path.split("|") and ("id", self.id_path) in read_from
        return enveloped_so and all((found.field, found.path) in read_from for found in self.recognised)

    def _same_unit(self, shape: Provider) -> bool:
        units = {getattr(rule, "unit", None) for name, rule in shape.sources[0].fields.items() if _is_token_price(name)}
        priced = any(_is_token_price(found.field) for found in self.recognised)
        return not priced or units == {self.prices.unit}


def probe(payload: object) -> Probe:
    """Look at one decoded answer; an answer without a list of objects that have ids is a `PayloadError`."""
    where, rows = find_records(payload)
    sample = [row for row in rows[:SAMPLED] if isinstance(row, dict)]
    id_path = find_id(sample)
    seen = paths_in(sample)
    found = _recognise(seen, id_path)
    price_paths = [each_found.path for each_found in found if _is_token_price(each_found.field)]
    guess = guess_unit([raw for path in price_paths for raw in seen[path].raws], price_paths)
    known = {id_path, *(each_found.path for each_found in found)}
    ignored = [Ignored(path, s.stated, _shown(s.raws[0])) for path, s in seen.items() if path not in known and s.raws]
    return Probe(
        records=where, total=len(rows), sampled=len(sample), id_path=id_path, fits=tuple(_fits(where, sample)),
        recognised=tuple(found), prices=guess, ignored=tuple(sorted(ignored, key=lambda i: -i.stated)),
    )  # fmt: skip


def _is_token_price(field: str) -> bool:
    return field.startswith("prices.") and field.removeprefix("prices.") in TOKEN_PRICES


def _recognise(seen: Mapping[str, Seen], id_path: str) -> list[Recognised]:
    """Take every path for the fields that built-in maps take it for, if its values can be read so."""
    known = known_paths()
    best: dict[str, tuple[tuple[int, int, int], Recognised]] = {}
    for path, at in seen.items():
        exact = path in known.fields
        key = path if exact else "*." + path.rpartition(".")[2]
        for name, votes in known.fields.get(key, Counter()).items():
            found = None if path == id_path else _tried(name, path, known.options[name, key], at)
            rank = (exact, votes, at.stated)
            if found and (name not in best or rank > best[name][0]):
                best[name] = (rank, found)
    found_fields = [best[name][1] for name in INLINE_FIELDS if name in best]
    first = {row.path: row.field for row in reversed(found_fields) if row.field in PLAIN_TEXTS}
    return [row for row in found_fields if row.field not in PLAIN_TEXTS or first[row.path] == row.field]


def _tried(name: str, path: str, options: Mapping[str, object], at: Seen) -> Recognised | None:
    if _is_token_price(name):
        scalars = [raw for raw in at.raws if not isinstance(raw, dict | list | bool)]
        good = scalars if len(scalars) == len(at.raws) else []
        return Recognised(name, path, {}, at.stated, _samples(good)) if good else None
    kind = KINDS.get(name)
    if kind is None:
        return None
    for chosen in _choices(options, at.raws[0]):
        values = [kind.make(path, None, chosen).convert(raw) for raw in at.raws]
        stated = [value for value in values if value is not None and not isinstance(value, Bad)]
        wrong = sum(isinstance(value, Bad) for value in values)
        listed = bool(chosen.keys() & {"words", "is"})
        if stated and wrong * 4 <= len(stated) and (True in stated or not listed) and not _is_answer_time(name, stated):
            return Recognised(name, path, chosen, len(stated), _samples(at.raws))
    return None


def _is_answer_time(name: str, stated: Sequence[object]) -> bool:
    """Tell whether dates of creation are so near each other that they are the time of the answer, or a constant."""
    moments = [moment for moment in stated if isinstance(moment, datetime)]
    return name == "created_at" and len(moments) > 1 and max(moments) - min(moments) < timedelta(hours=1)


def _choices(options: Mapping[str, object], raw: object) -> list[dict[str, object]]:
    """Offer the options one reading at a time: words of a list, words to equal, or a plain flag."""
    if isinstance(raw, bool):
        return [{key: value for key, value in options.items() if key == "invert"}]
    alternatives = [{key: options[key]} for key in ("words", "is", "nothing") if key in options]
    return alternatives or [{}]


def _samples(raws: Iterable[object]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(_shown(raw) for raw in raws), 3))


def _shown(raw: object) -> str:
    words = [str(item) for item in raw[:6] if isinstance(item, str)] if isinstance(raw, list) else []
    return named(", ".join(words)) if words else named(raw)


def _fits(where: str, sample: list[dict[str, object]]) -> list[Fit]:
    payload = enveloped(where, sample)
    fits = [fit for slug, shape in SHAPES.items() if (fit := _fit(slug, shape.sources[0], payload)) is not None]
    return sorted(fits, key=lambda fit: (len(fit.fields) - 3 * len(fit.troubled), fit.leads / fit.of), reverse=True)[:3]


def _fit(slug: str, source: Source, payload: object) -> Fit | None:
    try:
        rows = [row for row in source.records.find(payload) if isinstance(row, dict)]
        found = read_payloads(slug, source, [payload], None)
    except (PayloadError, RecursionError):
        return None
    paths = {path for rule in source.fields.values() for path in paths_read(rule)[0]}
    leads = sum(any(getter(path)(row) is not None for row in rows) for path in paths)
    fields = frozenset(name for record in found.records for name in record.claims)
    wrong = Counter(problem.field for problem in found.problems)
    troubled = frozenset(name for name, times in wrong.items() if times * 4 > len(rows))
    return Fit(slug, leads, len(paths), fields, troubled) if found.records else None


# ------------------------------------------------------------------------------------------- telling it


def to_text(found: Probe) -> str:
    """Tell what was found in plain lines, for a person."""
    where = repr(found.records) if found.records else "the answer itself"
    lines = [
        f"{found.total} records in {where}, their id at {found.id_path!r}; {found.sampled} looked at",
        "",
        "Shapes that fit:",
    ]
    for fit in found.fits:
        wrong = f", wrong about {', '.join(sorted(fit.troubled))}" if fit.troubled else ""
        lines.append(f"  {fit.slug}: {fit.leads} of {fit.of} paths lead somewhere, {len(fit.fields)} fields{wrong}")
    lines += ["", "Recognised:"]
    for row in found.recognised:
        lines.append(f"  {row.field} from {row.path}, in {row.stated}: {', '.join(row.samples)}")
    unit = found.prices.unit.title if found.prices.unit else "cannot tell"
    lines += ["", f"Price unit: {unit}", *(f"  {line}" for line in found.prices.evidence), "", "Ignored:"]
    lines += [f"  {row.path}, in {row.stated}: {row.sample}" for row in found.ignored]
    return "\n".join(lines) + "\n"


def to_toml(found: Probe, name: str, url: str) -> str:
    """Write a config table to paste: a built-in shape where one says it all, an inline map otherwise."""
    base, _, query = url.partition("?")
    endpoint, _, last = base.rstrip("/").rpartition("/")
    lines = [f"[providers.{_key(name)}]", f"endpoint = {_quoted(endpoint)}"]
    if found.like:
        moved = SHAPES[found.like].sources[0].path != f"/{last}"
        return (
            "\n".join(
                [*lines, *([f"models_path = {_quoted('/' + last)}"] if moved else []), f"like = {_quoted(found.like)}"]
            )
            + "\n"
        )
    lines.append(f"models_path = {_quoted('/' + last)}")
    if query and not re.search("key|token|secret", query, re.IGNORECASE):
        lines.append(f"query = {_quoted(query)}")
    lines.append(f"records = {_quoted(found.records)}")
    lines += [f"price_unit = {_quoted(found.prices.unit.name.lower())}"] if found.prices.unit else []
    lines += ["", f"[providers.{_key(name)}.fields]", f"id = {_quoted(found.id_path)}"]
    return "\n".join([*lines, *(_entry(row, found.prices) for row in found.recognised)]) + "\n"


def _entry(row: Recognised, prices: UnitGuess) -> str:
    key = row.field.removeprefix("capabilities.")
    key = _quoted(key) if "." in key else key
    if _is_token_price(row.field) and prices.unit is None:
        return f'# {key} = {{ path = {_quoted(row.path)}, unit = "" }}  # the unit cannot be told from the numbers'
    told = "".join(f", {option} = {_value(value)}" for option, value in row.options.items())
    return f"{key} = {{ path = {_quoted(row.path)}{told} }}" if told else f"{key} = {_quoted(row.path)}"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_quoted(str(item)) for item in value) + "]"
    return str(value).lower()


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
