"""Every word in every table does what its table says; examples stand for the kind of id the word was found in."""

import pytest

from modeltui.merge import words
from modeltui.merge.identity import identify


@pytest.mark.parametrize(("spelling", "maker"), sorted(words.MAKERS.items()))
def test_each_spelling_of_a_maker_names_that_maker(spelling: str, maker: str) -> None:
    if spelling not in words.HOSTS:
        assert identify(f"{spelling}/something-7b").maker == maker


@pytest.mark.parametrize("org", sorted(words.HOME_ORGS))
def test_each_home_organisation_publishes_bare_checkpoints(org: str) -> None:
    assert identify(f"{org}/something-7b").tune == ""


@pytest.mark.parametrize(("family", "maker"), sorted(words.FAMILY_MAKERS.items()))
def test_each_family_tells_its_maker(family: str, maker: str) -> None:
    assert identify(f"{family}-9").maker == maker


@pytest.mark.parametrize("base", sorted(words.BASES - {"nemo"}))
def test_each_base_family_yields_to_the_family_built_on_it(base: str) -> None:
    assert identify(f"hermes-3-{base}-4-8b").maker == "nousresearch"


@pytest.mark.parametrize(
    ("maker", "word"), sorted((maker, word) for maker, own in words.MAKER_WORDS.items() for word in own)
)
def test_each_repetition_of_a_maker_may_be_left_out(maker: str, word: str) -> None:
    assert identify(f"{maker}/{word}-thing-7b").node == identify(f"{maker}/thing-7b").node


@pytest.mark.parametrize("account", sorted(words.REUPLOADERS))
def test_each_reuploader_leaves_the_maker_alone(account: str) -> None:
    assert identify(f"{account}/gemma-2-9b-it").maker == "google"


@pytest.mark.parametrize("host", sorted(words.HOSTS))
def test_each_host_in_front_of_an_id_is_no_maker(host: str) -> None:
    assert identify(f"{host}/gemma-2-9b-it").maker == "google"


@pytest.mark.parametrize(("provider", "maker"), sorted(words.MAKER_PROVIDERS.items()))
def test_each_maker_that_serves_itself_owns_bare_ids(provider: str, maker: str) -> None:
    assert identify("something-new", provider).maker == maker


@pytest.mark.parametrize("provider", sorted(words.COINED_BY))
def test_each_provider_that_coins_names_means_chat_models(provider: str) -> None:
    assert identify("google/gemma-2-9b", provider).tune == "?"


@pytest.mark.parametrize(("word", "tune"), sorted(words.TUNES.items()))
def test_each_tuning_word_is_the_tune(word: str, tune: str) -> None:
    assert identify(f"acme/thing-7b-{word}").tune == tune


@pytest.mark.parametrize(("word", "role"), sorted(words.ROLES.items()))
def test_each_role_makes_another_model(word: str, role: str) -> None:
    identity = identify(f"acme/thing-{word}-7b")
    assert identity.roles == (role,)
    assert identity.key != identify("acme/thing-7b").key


@pytest.mark.parametrize("tier", sorted(words.TIERS))
def test_each_tier_makes_another_model(tier: str) -> None:
    assert identify(f"acme/thing-{tier}-2").key != identify("acme/thing-2").key


@pytest.mark.parametrize("tier", sorted(words.SIZE_TIERS))
def test_each_size_tier_is_a_tier(tier: str) -> None:
    assert tier in words.TIERS


@pytest.mark.parametrize(("word", "service"), sorted(words.SERVICES.items()))
def test_each_service_behind_a_colon_is_no_other_model(word: str, service: str) -> None:
    identity = identify(f"acme/thing-7b:{word}")
    assert identity.service == (service,)
    assert identity.node == identify("acme/thing-7b").node


@pytest.mark.parametrize("word", sorted(words.WEAK_SERVICES))
def test_each_weak_service_is_a_name_where_no_size_stands_before_it(word: str) -> None:
    assert identify(f"acme/thing-{word}").service == ()


@pytest.mark.parametrize("word", sorted(words.SPEED_TIERS))
def test_each_speed_word_serves_behind_a_size_and_names_elsewhere(word: str) -> None:
    assert identify(f"acme/thing-7b-{word}").service == (word,)
    assert identify(f"acme/thing-{word}").service == ()


@pytest.mark.parametrize(
    ("word", "maker"), sorted((word, maker) for word, makers in words.HOSTED_SPEEDS.items() for maker in makers)
)
def test_each_hosted_speed_is_a_hosts_for_that_maker(word: str, maker: str) -> None:
    assert identify(f"{maker}/thing-{word}").service == (word,)


@pytest.mark.parametrize("effort", sorted(words.EFFORTS))
def test_each_effort_serves_one_checkpoint(effort: str) -> None:
    assert identify(f"openai/o4-mini-{effort}").service == (effort,)
    assert identify(f"openai/gpt-5-{effort}").service == (effort,)


@pytest.mark.parametrize("line", sorted(words.EFFORT_LINES - {"gpt"}))
def test_each_effort_line_has_efforts(line: str) -> None:
    assert identify(f"openai/{line}-mini-high").service == ("high",)


@pytest.mark.parametrize("maker", sorted(words.SWITCHED_THINKING))
def test_each_switched_maker_thinks_by_a_switch(maker: str) -> None:
    assert identify(f"{maker}/thing-thinking").service == ("thinking",)


@pytest.mark.parametrize("quantization", sorted(words.QUANTS))
def test_each_number_format_is_a_quantization(quantization: str) -> None:
    identity = identify(f"acme/thing-7b-{quantization}")
    assert identity.quantization == quantization
    assert identity.node == identify("acme/thing-7b").node


@pytest.mark.parametrize("quantization", sorted(words.FULL_PRECISION & words.QUANTS))
def test_each_full_precision_is_no_variant(quantization: str) -> None:
    assert identify(f"acme/thing-7b-{quantization}").variant is None


@pytest.mark.parametrize("word", sorted(words.NOISE))
def test_each_noise_word_says_nothing(word: str) -> None:
    assert identify(f"acme/thing-7b-{word}").node == identify("acme/thing-7b").node


@pytest.mark.parametrize(("word", "parts"), sorted(words.COMPOUNDS.items()))
def test_each_compound_is_its_parts(word: str, parts: str) -> None:
    assert identify(f"acme/{word}-2").node == identify(f"acme/{parts}-2").node


@pytest.mark.parametrize("word", sorted(words.GENERIC))
def test_each_generic_word_belongs_to_its_provider(word: str) -> None:
    assert identify(word, "one").key != identify(word, "other").key


@pytest.mark.parametrize("word", sorted(words.STAGES))
def test_each_stage_stays_in_the_name(word: str) -> None:
    assert identify(f"acme/thing-{word}").key != identify("acme/thing").key


def test_base_is_the_model_itself_in_an_image_line() -> None:
    for word in words.IMAGE_LINES:
        assert identify(f"acme/{word}-xl-base").node == identify(f"acme/{word}-xl").node


def test_instruct_is_another_model_where_plain_names_chat() -> None:
    for maker in words.INSTRUCT_APART:
        assert identify(f"{maker}/thing-3.5-instruct").node != identify(f"{maker}/thing-3.5").node


@pytest.mark.parametrize(("written", "length"), sorted(words.CONTEXT_TOKENS.items()))
def test_each_written_out_context_is_a_length(written: str, length: str) -> None:
    assert identify(f"acme/thing-7b-{written}").context == length


@pytest.mark.parametrize(("size", "base"), sorted(words.OLLAMA_DISTILLS.items()))
def test_each_small_r1_tag_is_a_distill(size: str, base: str) -> None:
    identity = identify(f"deepseek-r1:{size}", "ollama")
    assert identity.roles == ("distill",)
    assert identity.families == tuple(sorted(filter(None, ("r1", base))))
