"""Links between offers: what they rest on, what stops them, and what a declared fact may and may not do."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeltui.merge import attach, declared, match, overrule, pairing, rows, settle
from modeltui.merge.aliases import Aliases
from modeltui.merge.attach import CROWD
from modeltui.merge.match import Linking, link
from modeltui.model import Offer

NONE = Aliases.none()


def linked(*offers: Offer, aliases: Aliases = NONE) -> Linking:
    return link(offers, aliases)


def test_a_date_in_the_name_tells_which_checkpoint_an_undated_id_serves() -> None:
    keys = linked(
        Offer("together", "deepseek-ai/DeepSeek-R1", name="DeepSeek R1-0528"),
        Offer("openrouter", "deepseek/deepseek-r1"),
        Offer("openrouter", "deepseek/deepseek-r1-0528"),
    ).keys
    assert keys[0] == keys[2] != keys[1]


def test_a_date_in_the_description_tells_it_too() -> None:
    keys = linked(
        Offer("vercel", "deepseek/deepseek-r1", description="Reasons; the current version being DeepSeek-R1-0528."),
        Offer("openrouter", "deepseek/deepseek-r1"),
        Offer("openrouter", "deepseek/deepseek-r1-0528"),
    ).keys
    assert keys[0] == keys[2] != keys[1]


def test_a_slug_that_contradicts_the_id_is_not_followed_and_said_so() -> None:
    linking = linked(
        Offer("openrouter", "qwen/qwen-2.5-vl-7b-instruct", slug="qwen/qwen-2-vl-7b-instruct"),
        Offer("alpha", "Qwen/Qwen2-VL-7B-Instruct"),
    )
    assert linking.keys[0] != linking.keys[1]
    assert "not followed" in linking.links[0].basis
    assert "version" in linking.links[0].basis


@pytest.mark.parametrize(
    ("own", "weights"),
    [
        ("acme/thing-7b", "acme/thing-70b"),
        ("acme/thing-7b-instruct", "acme/thing-7b-base"),
        ("acme/thing-7b", "acme/thing-vl-7b"),
        ("acme/thing-2-7b", "acme/thing-3-7b"),
        ("acme/thing-pro", "acme/thing-max"),
        ("acme/thing-2505", "acme/thing-2507"),
        ("acme/thing-1.5-mini", "other/quite-else-32b"),
    ],
)
def test_weights_that_contradict_the_id_join_nothing(own: str, weights: str) -> None:
    keys = linked(Offer("alpha", own, weights=weights), Offer("beta", weights)).keys
    assert keys[0] != keys[1]


def test_weights_say_what_a_marketing_name_stands_for() -> None:
    linking = linked(
        Offer("venice", "venice-uncensored", weights="cognitivecomputations/Dolphin-Mistral-24B-Venice-Edition"),
        Offer("openrouter", "cognitivecomputations/dolphin-mistral-24b-venice-edition:free"),
    )
    assert linking.keys[0] == linking.keys[1]
    assert linking.links[0].method == "declared"


def test_a_quantization_in_the_weights_is_a_label() -> None:
    linking = linked(Offer("chutes", "Qwen/Qwen3-32B-TEE", weights="Qwen/Qwen3-32B-FP8"))
    assert linking.variants == ("fp8+tee",)


def test_a_stated_quantization_is_a_label_and_full_precision_is_none() -> None:
    offers = [Offer("a", "Qwen/Qwen3-32B", quantization="FP8"), Offer("b", "Qwen/Qwen3-32B", quantization="bf16")]
    assert link(offers, NONE).variants == ("fp8", None)


def test_ids_that_their_maker_calls_aliases_are_one_model() -> None:
    linking = linked(
        Offer("mistral", "mistral-tiny-latest", aliases=("open-mistral-nemo", "open-mistral-nemo-2407")),
        Offer("openrouter", "mistralai/mistral-nemo"),
        Offer("mistral", "mistral-tiny", aliases=("open-mistral-7b",)),
    )
    assert linking.keys[0] == linking.keys[1] != linking.keys[2]
    assert "lists 3 ids as one" in linking.links[0].basis


def test_a_version_and_a_date_of_one_release_meet_in_a_name_that_says_both() -> None:
    keys = linked(
        Offer("mistral", "mistral-medium-2505"),
        Offer("openrouter", "mistralai/mistral-medium-3"),
        Offer("github", "mistral-ai/mistral-medium-2505", name="Mistral Medium 3 (25.05)"),
    ).keys
    assert len(set(keys)) == 1


def test_an_undated_name_joins_the_only_snapshot_and_says_so() -> None:
    linking = linked(Offer("xai", "grok-4-0709"), Offer("vercel", "xai/grok-4"))
    assert linking.keys[0] == linking.keys[1]
    assert linking.links[1].score < 100
    assert "date" in linking.links[1].basis


def test_an_undated_name_of_a_maker_whose_names_move_is_its_newest_snapshot() -> None:
    linking = linked(*(Offer("openai", f"gpt-4o{date}") for date in ("", "-2024-05-13", "-2024-11-20", "-2024-08-06")))
    assert linking.keys[0] == linking.keys[2]
    assert len(set(linking.keys)) == 3
    assert linking.links[0].score == 80


def test_an_undated_name_of_anybody_else_joins_none_of_several_snapshots() -> None:
    keys = linked(*(Offer("mistral", f"magistral-small{date}") for date in ("", "-2506", "-2507"))).keys
    assert len(set(keys)) == 3


@pytest.mark.parametrize("name", ["deepseek-ai/DeepSeek-R1", "Qwen/Qwen3-30B-A3B", "moonshotai/Kimi-K2-Instruct"])
def test_an_undated_checkpoint_of_an_open_maker_is_not_its_later_release(name: str) -> None:
    keys = linked(Offer("a", name), Offer("b", f"{name}-0905")).keys
    assert keys[0] != keys[1]


def test_an_api_line_of_an_open_maker_does_move() -> None:
    keys = linked(Offer("a", "qwen-max"), Offer("b", "qwen-max-2025-01-25")).keys
    assert keys[0] == keys[1]


def test_a_name_without_a_size_joins_the_only_size_listed() -> None:
    only = linked(Offer("a", "qwen/qwen3-coder"), Offer("b", "Qwen/Qwen3-Coder-480B-A35B-Instruct"))
    assert only.keys[0] == only.keys[1]
    several = linked(
        Offer("a", "qwen/qwen3-coder"),
        Offer("b", "Qwen/Qwen3-Coder-480B-A35B-Instruct"),
        Offer("b", "Qwen/Qwen3-Coder-30B-A3B-Instruct"),
    )
    assert len(set(several.keys)) == 3


def test_what_one_provider_lists_twice_it_holds_for_two_models() -> None:
    keys = linked(Offer("a", "acme/swift"), Offer("a", "acme/swift-8b")).keys
    assert keys[0] != keys[1]


@pytest.mark.parametrize("line", ["gemini-1.5-flash", "grok-4", "sonar"])
def test_a_size_in_a_closed_line_is_another_model(line: str) -> None:
    keys = linked(Offer("a", line), Offer("b", f"{line}-8b")).keys
    assert keys[0] != keys[1]


def test_a_context_length_tells_models_apart_only_where_two_are_listed() -> None:
    four, long, bare = (Offer("a", f"microsoft/phi-3-medium-{part}instruct") for part in ("4k-", "128k-", ""))
    assert len(set(linked(four, long).keys)) == 2
    with_limit = linked(bare, long)
    assert len(set(with_limit.keys)) == 1
    assert with_limit.variants == (None, "128k")


def test_the_same_bare_name_means_instruct_at_one_host_and_base_at_another() -> None:
    keys = linked(
        Offer("venice", "qwen-2.5-coder-7b"),
        Offer("nebius", "Qwen/Qwen2.5-Coder-7B"),
        Offer("nscale", "Qwen/Qwen2.5-Coder-7B-Instruct"),
    ).keys
    assert keys[0] == keys[2] != keys[1]


def test_what_one_host_declares_of_a_name_holds_for_the_same_name_elsewhere() -> None:
    linking = linked(
        Offer("openrouter", "mistralai/mistral-7b-instruct", weights="mistralai/Mistral-7B-Instruct-v0.3"),
        Offer("novita", "mistralai/mistral-7b-instruct"),
    )
    assert linking.keys[0] == linking.keys[1]
    assert linking.links[1].score == 90


def test_methods_say_what_a_link_rests_on() -> None:
    linking = linked(
        Offer("a", "acme/thing-7b"),
        Offer("b", "acme/thing-7b"),
        Offer("c", "ACME/Thing_7B"),
        Offer("d", "acme/other-7b"),
    )
    assert [told.method for told in linking.links] == ["exact", "exact", "normalised", "alone"]


def test_what_only_a_score_suggests_goes_to_the_review_and_into_no_row() -> None:
    offers = [Offer("a", "acme/swift-large-thing-7b"), Offer("b", "acme/swift-large-things-7b")]
    linking = link(offers, NONE, review=True)
    assert linking.keys[0] != linking.keys[1]
    assert {*linking.review[0][:2]} == set(linking.keys)
    assert link(offers, NONE).review == ()


def test_a_review_names_pairs_of_rows_with_their_score() -> None:
    linking = link([Offer("a", "qwen2.5-vl-72b-instruct"), Offer("b", "qwen2.5-vl-7b-instruct")], NONE, review=True)
    one, other, score = linking.review[0]
    assert {one, other} == set(linking.keys)
    assert 90 <= score <= 100


def test_the_similarity_library_is_imported_only_by_what_needs_it() -> None:
    for module in (attach, declared, match, overrule, pairing, rows, settle):
        assert not any("rapidfuzz" in str(getattr(value, "__module__", "")) for value in vars(module).values())
        assert "rapidfuzz" not in vars(module)


IDS = st.sampled_from(
    [
        "openai/gpt-4o",
        "gpt-4o",
        "gpt-4o-2024-05-13",
        "gpt-4o-2024-08-06",
        "gpt-4o-mini",
        "deepseek/deepseek-r1",
        "deepseek-r1-0528",
        "deepseek-ai/DeepSeek-R1",
        "deepseek-r1:14b",
        "DeepSeek-R1-Distill-Qwen-14B",
        "qwen/qwen3-coder",
        "Qwen/Qwen3-Coder-480B-A35B-Instruct",
        "Qwen/Qwen3-Coder-30B-A3B-Instruct",
        "qwen-2.5-coder-7b",
        "Qwen/Qwen2.5-Coder-7B",
        "Qwen/Qwen2.5-Coder-7B-Instruct-fast",
        "mistral-small",
        "mistral-small-latest",
        "mistral-small-2503",
        "mistralai/Mistral-Small-3.1-24B-Instruct-2503",
        "mistral-31-24b",
        "mistral-saba-24b",
        "mistral-saba-2502",
        "mistralai/mistral-saba",
        "meta/llama-3.2-11b",
        "Llama-3.2-11B-Vision-Instruct",
        "llama3-70b-8192",
        "meta-llama/Llama-3-70b-chat-hf",
        "meta-llama/Meta-Llama-3-70B-Instruct",
        "reka-flash-3",
        "rekaai/reka-flash-3",
        "phi-3-medium-4k-instruct",
        "phi-3-medium-128k-instruct",
        "microsoft/phi-3-medium-instruct",
        "auto",
        "openrouter/auto",
    ]
)
PROVIDERS = st.sampled_from(["openrouter", "vercel", "mistral", "ollama", "nebius", "openai", "alpha", "beta"])
OFFERS = st.lists(
    st.builds(
        Offer,
        PROVIDERS,
        IDS,
        weights=st.none() | IDS,
        slug=st.none() | IDS,
        name=st.none() | st.sampled_from(["DeepSeek R1-0528", "Mistral Small 3.1 (25.03)", "GPT-4o (2024-05-13)"]),
        aliases=st.lists(IDS, max_size=2).map(tuple),
    ),
    max_size=14,
    unique_by=lambda offer: offer.key,
)


def rows_of(offers: list[Offer], aliases: Aliases = NONE) -> dict[str, tuple[str, str | None, str]]:
    linking = link(offers, aliases)
    told = zip(offers, linking.keys, linking.variants, linking.links, strict=True)
    return {offer.key: (key, variant, link_.method) for offer, key, variant, link_ in told}


@settings(max_examples=100, deadline=None)
@given(OFFERS, st.randoms())
def test_the_order_of_offers_changes_nothing(offers: list[Offer], random: Random) -> None:
    shuffled = list(offers)
    random.shuffle(shuffled)
    assert rows_of(offers) == rows_of(shuffled)


@settings(max_examples=100, deadline=None)
@given(OFFERS, PROVIDERS, st.sampled_from(["acme/zyxw-9b", "zyxw", "acme/zyxw-2407:free", "zyxw-mini"]))
def test_an_unrelated_offer_changes_no_other_row(offers: list[Offer], provider: str, offer_id: str) -> None:
    before = rows_of(offers)
    after = rows_of([*offers, Offer(provider, offer_id)])
    after.pop(f"{provider}/{offer_id}")
    assert before == after


def partition(offers: list[Offer], aliases: Aliases) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for name, (key, _, _) in rows_of(offers, aliases).items():
        groups.setdefault(key, set()).add(name)
    return {frozenset(group) for group in groups.values()}


@settings(max_examples=100, deadline=None)
@given(OFFERS, st.data())
def test_splitting_and_joining_by_alias_round_trips(offers: list[Offer], data: st.DataObject) -> None:
    if len(offers) < 2:
        return
    names = st.sampled_from([offer.key for offer in offers])
    one = data.draw(names)
    other = data.draw(names.filter(lambda name: name != one))
    joined, split = NONE.join(one, other), NONE.split(one, other)
    together, apart = rows_of(offers, joined), rows_of(offers, split)
    assert together[one][0] == together[other][0]
    assert apart[one][0] != apart[other][0]
    assert partition(offers, split.join(one, other)) == partition(offers, joined)
    assert partition(offers, joined.split(one, other)) == partition(offers, split)


def test_a_name_that_repeats_its_version_is_no_riddle() -> None:
    offers = [
        Offer("a", "nousresearch/deephermes-3-mistral-24b-preview"),
        Offer("b", "nousresearch/deephermes-3-mistral-24b-preview-3"),
    ]
    assert len(set(link(offers, NONE).keys)) == 2


def test_names_that_build_on_one_another_in_a_long_chain_are_linked() -> None:
    steps = ["", *("-v" + "-v".join(str(step) for step in range(count + 1)) for count in range(150))]
    offers = [Offer(f"p{place}", f"nousresearch/hermes-llama{step}-8b") for place, step in enumerate(steps)]
    assert len(link(offers, NONE).keys) == len(offers)


def test_a_crowd_of_numbered_names_stays_apart() -> None:
    offers = [Offer(f"p{number % 7}", f"nousresearch/hermes-llama-v{number}-8b") for number in range(2, CROWD + 7)]
    keys = link([*offers, Offer("q", "nousresearch/hermes-llama-8b")], NONE).keys
    assert keys[-1] not in keys[:-1]
