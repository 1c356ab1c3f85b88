"""Merge analysis of two sources: what both list, what only one does and why, and how much each one tells."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from modeltui.merge.pairing import NearMiss, Pair, near_misses
from modeltui.state import Reading, Record


class OnlyIn(Struct, frozen=True):
    """An id that one of the two sources lists and the other does not."""

    id: str
    reason: str
    """`another template`, `not public`, `another owner`, `no live instance`, `near miss` or `unknown`."""
    detail: str = ""
    """What the reason was read from."""
    others: tuple[str, ...] = ()
    """Further reasons that hold too."""
    near: NearMiss | None = None


class Coverage(Struct, frozen=True):
    """How many distinct ids of each source state a field."""

    field: str
    a: int
    b: int
    share_a: float | None
    """0 to 1; None where the source lists nothing."""
    share_b: float | None


class Gaps(Struct, frozen=True):
    """The merge analysis of one pair of sources."""

    source_a: str
    source_b: str
    total_a: int
    """Records, duplicates included."""
    total_b: int
    distinct_a: int
    distinct_b: int
    duplicates_a: dict[str, int]
    """Ids that stand more than once, with how often."""
    duplicates_b: dict[str, int]
    matched: int
    by_method: dict[str, int]
    share: float | None
    """Matched ids over the distinct ids of the smaller side, 0 to 1; None where a side is empty."""
    joined: tuple[Pair, ...]
    """The pairs that needed more than the same id."""
    only_a: tuple[OnlyIn, ...]
    only_b: tuple[OnlyIn, ...]
    coverage: tuple[Coverage, ...]


def analyse(a: Reading, b: Reading, pairs: Sequence[Pair], *, provider: str = "") -> Gaps:
    """Compare two readings whose ids were paired: `pairs` as `match.pair` gives them for their ids."""
    records_a, records_b = ({record.id: record for record in reading.records} for reading in (a, b))
    lefts, rights = {pair.left for pair in pairs}, {pair.right for pair in pairs}
    left_over = [name for name in records_a if name not in lefts]
    right_over = [name for name in records_b if name not in rights]
    near = near_misses(left_over, right_over, provider)
    near_b = [NearMiss(miss.right, miss.left, miss.score, miss.guard) for miss in near]
    smaller = min(len(records_a), len(records_b))
    return Gaps(
        source_a=a.source,
        source_b=b.source,
        total_a=_total(a),
        total_b=_total(b),
        distinct_a=len(records_a),
        distinct_b=len(records_b),
        duplicates_a=dict(a.repeated),
        duplicates_b=dict(b.repeated),
        matched=len(pairs),
        by_method=dict(sorted(Counter(pair.method for pair in pairs).items())),
        share=len(pairs) / smaller if smaller else None,
        joined=tuple(pair for pair in pairs if pair.method != "exact"),
        only_a=_only_in(records_a, left_over, lefts, near),
        only_b=_only_in(records_b, right_over, rights, near_b),
        coverage=_coverage(records_a, records_b),
    )


def _total(reading: Reading) -> int:
    return len(reading.records) + sum(count - 1 for count in reading.repeated.values())


def _only_in(
    records: dict[str, Record], left_over: Iterable[str], matched: set[str], near: Iterable[NearMiss]
) -> tuple[OnlyIn, ...]:
    """Give each unmatched id the reason that its own record tells, by what the matched records have in common."""
    templates = _stated(records, matched, "deployment.template")
    users = _stated(records, matched, "deployment.user")
    nearest: dict[str, NearMiss] = {}
    for miss in near:
        nearest.setdefault(miss.left, miss)
    return tuple(
        _explain(records[name], templates, users, nearest.get(name)) for name in sorted(left_over, key=str.lower)
    )


def _stated(records: dict[str, Record], names: Iterable[str], field: str) -> set[object]:
    return {claim.value for name in names if name in records and (claim := records[name].claims.get(field)) is not None}


def _explain(record: Record, templates: set[object], users: set[object], near: NearMiss | None) -> OnlyIn:
    reasons = list(_reasons(record, templates, users))
    if near is not None:
        told = f"{near.left} and {near.right} are alike at {near.score:.0f}: {near.guard} differs"
        reasons.append(("near miss", told))
    reason, detail = reasons[0] if reasons else ("unknown", "")
    return OnlyIn(record.id, reason, detail, tuple(further for further, _ in reasons[1:]), near)


def _reasons(record: Record, templates: set[object], users: set[object]) -> Iterable[tuple[str, str]]:
    template, user, public, hot = (
        record.claims.get(f"deployment.{field}") for field in ("template", "user", "public", "hot")
    )
    if template is not None and templates and template.value not in templates:
        yield "another template", f"{template.path}: {template.value}"
    if public is not None and public.value is False:
        yield "not public", f"{public.path}: false"
    if user is not None and users and user.value not in users:
        yield "another owner", f"{user.path}: {user.value}"
    if hot is not None and hot.value is False:
        yield "no live instance", f"{hot.path}: false"


def _coverage(a: dict[str, Record], b: dict[str, Record]) -> tuple[Coverage, ...]:
    counts_a, counts_b = (Counter(field for record in side.values() for field in record.claims) for side in (a, b))
    return tuple(
        Coverage(
            field,
            counts_a[field],
            counts_b[field],
            counts_a[field] / len(a) if a else None,
            counts_b[field] / len(b) if b else None,
        )
        for field in sorted(counts_a.keys() | counts_b.keys())
    )


def to_markdown(gaps: Gaps) -> str:
    """Write a merge analysis as a Markdown page."""
    share = "-" if gaps.share is None else f"{gaps.share:.1%}"
    a, b = _cell(gaps.source_a), _cell(gaps.source_b)
    lines = [
        f"# {a} against {b}",
        "",
        *_table(
            ("", a, b),
            [
                ("records", str(gaps.total_a), str(gaps.total_b)),
                ("distinct ids", str(gaps.distinct_a), str(gaps.distinct_b)),
                ("ids listed more than once", str(len(gaps.duplicates_a)), str(len(gaps.duplicates_b))),
                ("only here", str(len(gaps.only_a)), str(len(gaps.only_b))),
            ],
        ),
        "",
        f"Matched: {gaps.matched} ({share} of the smaller side).",
        "",
        *_table(("method", "pairs"), [(method, str(count)) for method, count in gaps.by_method.items()]),
    ]
    if gaps.joined:
        lines += ["", "## Joined by more than the same id", ""]
        rows = [(pair.left, pair.right, pair.method, f"{pair.score:.0f}", pair.basis) for pair in gaps.joined]
        lines += _table((a, b, "method", "score", "basis"), rows)
    for source, only in ((a, gaps.only_a), (b, gaps.only_b)):
        lines += ["", f"## Only in {source}", "", *_only_table(only)]
    covered = [(line.field, _told(line.a, line.share_a), _told(line.b, line.share_b)) for line in gaps.coverage]
    lines += ["", "## Fields stated", "", *_table(("field", a, b), covered)]
    return "\n".join(lines) + "\n"


def _only_table(only: Sequence[OnlyIn]) -> list[str]:
    if not only:
        return ["None."]
    by_reason = Counter(entry.reason for entry in only)
    told = ", ".join(f"{reason} {count}" for reason, count in sorted(by_reason.items()))
    rows = [(entry.id, "; ".join((entry.reason, *entry.others)), entry.detail) for entry in only]
    return [f"{told}.", "", *_table(("id", "reason", "detail"), rows)]


def _told(count: int, share: float | None) -> str:
    return str(count) if share is None else f"{count} ({share:.0%})"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *([_cell(text) for text in row] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def _cell(text: str) -> str:
    """Make untrusted text one harmless Markdown cell."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in text)
    return printable.replace("\\", "\\\\").replace("|", "\\|").replace("`", "\\`").replace("<", "&lt;")
