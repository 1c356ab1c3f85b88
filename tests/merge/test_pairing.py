"""Two sources of one provider are joined one to one, and what is left over is explained."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeltui.merge.aliases import Aliases
from modeltui.merge.match import near_misses, pair

NONE = Aliases.none()


def test_the_same_id_comes_first() -> None:
    (found,) = pair(["acme/a-7b"], ["ACME/a-7b", "acme/a-7b"], NONE, "chutes")
    assert (found.left, found.right, found.method, found.score) == ("acme/a-7b", "acme/a-7b", "exact", 100.0)


def test_a_renamed_organisation_is_found_by_the_normalised_id() -> None:
    (found,) = pair(["THUDM/GLM-4-32B-0414"], ["zai-org/GLM-4-32B-0414"], NONE, "chutes")
    assert found.method == "normalised"
    assert "glm-4-32b" in found.basis


def test_the_user_joins_what_nothing_else_would() -> None:
    aliases = Aliases.of(same=[["chutes/left-7b", "chutes/right-9b"]])
    (found,) = pair(["left-7b"], ["right-9b"], aliases, "chutes")
    assert found.method == "alias"


def test_the_user_forbids_a_pair() -> None:
    aliases = Aliases.of(different=[["chutes/acme/thing-7b", "chutes/ACME/Thing-7B"]])
    assert pair(["acme/thing-7b"], ["ACME/Thing-7B"], aliases, "chutes") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qwen/Qwen3-32B", "Qwen/Qwen3-32B-TEE"),
        ("Qwen/Qwen3-32B", "Qwen/Qwen3-32B-FP8"),
        ("deepseek-ai/DeepSeek-V3-0324", "deepseek-ai/DeepSeek-V3-0324-turbo"),
        ("acme/thing-7b", "acme/thing-8b"),
        ("acme/thing-2-7b", "acme/thing-3-7b"),
        ("moonshotai/Kimi-K2-Instruct", "moonshotai/Kimi-K2-Instruct-0905"),
        ("acme/thing-7b-base", "acme/thing-7b-instruct"),
        ("gpt-4", "gpt-4o"),
    ],
)
def test_another_deployment_or_model_is_no_pair(one: str, other: str) -> None:
    assert pair([one], [other], NONE, "chutes") == ()


def test_a_slip_of_spelling_is_found_when_every_guard_is_equal() -> None:
    (found,) = pair(["acme/wonderfull-helper-7b"], ["acme/wonderful-helper-7b"], NONE)
    assert found.method == "fuzzy"
    assert 90 <= found.score < 100


def test_two_candidates_are_one_too_many() -> None:
    assert pair(["acme/wonderfull-helper-7b"], ["acme/wonderful-helper-7b", "acme/wonderfuls-helper-7b"], NONE) == ()


def test_a_near_miss_names_its_score_and_the_guard_that_stopped_it() -> None:
    (miss,) = near_misses(["moonshotai/Kimi-K2-Instruct"], ["moonshotai/Kimi-K2-Instruct-0905", "acme/other"])
    assert miss.right == "moonshotai/Kimi-K2-Instruct-0905"
    assert miss.guard == "date"
    assert 80 <= miss.score < 100


@pytest.mark.parametrize(
    ("one", "other", "guard"),
    [
        ("acme/thing-large-7b", "acme/thing-large-8b", "size"),
        ("acme/thing-large-v2-7b", "acme/thing-large-v3-7b", "version"),
        ("acme/thing-large-7b-it", "acme/thing-large-7b", "role"),
        ("acme/thing-large-7b", "acme/thing-large-7b-fp8", "quantization"),
        ("acme/thing-large-7b-free", "acme/thing-large-7b", "service"),
        ("acme/thing-large-7b", "acne/thing-large-7b", "maker"),
        ("acme/thing-max-large-7b", "acme/thing-pro-large-7b", "tier"),
    ],
)
def test_every_guard_has_a_name(one: str, other: str, guard: str) -> None:
    (miss,) = near_misses([one], [other])
    assert miss.guard == guard


IDS = st.lists(st.sampled_from(["a-7b", "A-7B", "x/a-7b", "a-7b-fp8", "b-7b", "b_7b", "c", "", "a"]), max_size=8)


@settings(deadline=None)
@given(IDS, IDS)
def test_every_id_is_in_one_pair_at_most(left: list[str], right: list[str]) -> None:
    pairs = pair(left, right, NONE)
    assert len({found.left for found in pairs}) == len(pairs) == len({found.right for found in pairs})
    assert {found.left for found in pairs} <= set(left)
    assert {found.right for found in pairs} <= set(right)
    assert set(left) & set(right) <= {found.left for found in pairs}
