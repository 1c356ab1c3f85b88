"""Merge analysis: every id that only one source lists has a reason, read from its own record."""

import json
from collections.abc import Mapping

import msgspec

from modeltui.merge.aliases import Aliases
from modeltui.merge.gaps import Gaps, analyse, to_markdown
from modeltui.merge.match import pair
from modeltui.model import Claim
from modeltui.state import Reading, Record


def reading(source: str, **records: Mapping[str, object]) -> Reading:
    made = tuple(
        Record(name, {field: Claim(value, source, f"raw.{field}") for field, value in fields.items()})
        for name, fields in records.items()
    )
    return Reading(source, made, (), None)


def deployed(
    template: str = "vllm", user: str = "chutes", *, public: bool = True, hot: bool = True
) -> dict[str, object]:
    return {
        "deployment.template": template,
        "deployment.user": user,
        "deployment.public": public,
        "deployment.hot": hot,
    }


V1 = reading(
    "chutes/v1",
    **{
        "a/both-7b": {"context_length": 1},
        "THUDM/GLM-4-9B": {"context_length": 1},
        "moonshotai/Kimi-K2-Instruct": {},
        "a/lonely": {},
    },
)
DEPLOYMENTS = reading(
    "chutes/deployments",
    **{
        "a/both-7b": deployed(),
        "zai-org/GLM-4-9B": deployed(),
        "a/painter": deployed("diffusion"),
        "a/secret": deployed(public=False),
        "a/foreign": deployed(user="someone"),
        "a/cold": deployed(hot=False),
        "a/much": deployed("diffusion", "someone", public=False, hot=False),
        "moonshotai/Kimi-K2-Instruct-0905": deployed(),
        "a/silent": {},
    },
)


def gaps(a: Reading = V1, b: Reading = DEPLOYMENTS) -> Gaps:
    ids = [[record.id for record in side.records] for side in (a, b)]
    return analyse(a, b, pair(ids[0], ids[1], Aliases.none(), "chutes"), provider="chutes")


def test_totals_methods_and_share_are_counted() -> None:
    found = gaps()
    assert (found.total_a, found.total_b, found.distinct_a, found.distinct_b) == (4, 9, 4, 9)
    assert (found.matched, found.by_method) == (2, {"exact": 1, "normalised": 1})
    assert found.share == 0.5
    assert [joined.method for joined in found.joined] == ["normalised"]


def test_each_reason_is_read_from_the_record() -> None:
    reasons = {entry.id: entry.reason for entry in gaps().only_b}
    assert reasons == {
        "a/painter": "another template",
        "a/secret": "not public",
        "a/foreign": "another owner",
        "a/cold": "no live instance",
        "a/much": "another template",
        "moonshotai/Kimi-K2-Instruct-0905": "near miss",
        "a/silent": "unknown",
    }


def test_further_reasons_and_the_evidence_are_kept() -> None:
    much = next(entry for entry in gaps().only_b if entry.id == "a/much")
    assert much.others == ("not public", "another owner", "no live instance")
    assert much.detail == "raw.deployment.template: diffusion"


def test_a_near_miss_is_told_on_both_sides_with_score_and_guard() -> None:
    found = gaps()
    left = next(entry for entry in found.only_a if entry.id == "moonshotai/Kimi-K2-Instruct")
    assert left.near is not None
    assert left.near.guard == "date"
    assert "date differs" in left.detail
    assert next(entry for entry in found.only_a if entry.id == "a/lonely").reason == "unknown"


def test_duplicates_are_counted_and_compared_once() -> None:
    twice = Reading("chutes/v1", V1.records, (), None, {V1.records[0].id: 2})
    found = gaps(twice)
    assert (found.total_a, found.distinct_a, found.duplicates_a) == (5, 4, {"a/both-7b": 2})


def test_coverage_is_measured_for_each_source() -> None:
    covered = {line.field: line for line in gaps().coverage}
    assert (covered["context_length"].a, covered["context_length"].share_a) == (2, 0.5)
    assert covered["context_length"].b == 0
    assert covered["deployment.hot"].b == 8


def test_an_empty_source_has_no_share() -> None:
    found = gaps(reading("chutes/v1"))
    assert found.share is None
    assert found.coverage[0].share_a is None
    assert "(- of the smaller side)" in to_markdown(found)


def test_an_analysis_is_plain_json() -> None:
    document = json.loads(json.dumps(msgspec.to_builtins(gaps())))
    assert document["by_method"] == {"exact": 1, "normalised": 1}
    assert document["only_b"][0].keys() >= {"id", "reason", "detail", "others", "near"}


def test_the_page_says_what_the_numbers_say() -> None:
    page = to_markdown(gaps())
    assert "# chutes/v1 against chutes/deployments" in page
    assert "Matched: 2 (50.0% of the smaller side)." in page
    assert "| a/painter | another template | raw.deployment.template: diffusion |" in page


def test_hostile_ids_stay_in_their_cell() -> None:
    page = to_markdown(gaps(reading("chutes/v1", **{"a|b\n# c\x1b[31m<script>`x`": {}})))
    line = next(line for line in page.splitlines() if "script" in line)
    assert "a\\|b" in line
    assert "<script>" not in line
    assert "\x1b" not in page
