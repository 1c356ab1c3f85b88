"""Rows: offers keep their order, models are sorted, names are human."""

from modeltui.merge.aliases import Aliases
from modeltui.merge.rows import best_name, build_models
from modeltui.model import Offer

OFFERS = [
    Offer("vercel", "meta/llama-3.3-70b"),
    Offer("deepinfra", "meta-llama/Llama-3.3-70B-Instruct", name="Meta: Llama 3.3 70B Instruct"),
    Offer("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo"),
    Offer("alpha", "acme/other-7b"),
]


def test_offers_come_back_in_their_order_with_model_and_variant() -> None:
    offers, models = build_models(OFFERS, Aliases.none())
    assert [offer.key for offer in offers] == [offer.key for offer in OFFERS]
    assert [offer.variant for offer in offers] == [None, None, "turbo", None]
    assert {offer.model for offer in offers} == {model.key for model in models}


def test_models_are_sorted_and_hold_their_offers_and_links_side_by_side() -> None:
    _, models = build_models(OFFERS, Aliases.none())
    assert [model.key for model in models] == ["acme/other-7b", "meta/llama-3.3-70b-instruct"]
    for model in models:
        assert [(link.provider, link.offer_id) for link in model.links] == [
            (offer.provider, offer.id) for offer in model.offers
        ]
        assert [offer.key for offer in model.offers] == sorted(offer.key for offer in model.offers)


def test_models_do_not_depend_on_the_order_of_offers() -> None:
    assert build_models(OFFERS, Aliases.none())[1] == build_models(OFFERS[::-1], Aliases.none())[1]


def test_no_offers_are_no_models() -> None:
    assert build_models([], Aliases.none()) == ((), ())


def test_the_makers_own_name_wins() -> None:
    offers = [Offer("anthropic", "claude-opus-4", name="Claude Opus 4")]
    offers += [Offer(f"host-{place}", "claude-opus-4", name="Anthropic: Opus Four") for place in range(3)]
    assert best_name("anthropic/claude-opus-4", offers) == "Claude Opus 4"


def test_the_commonest_name_wins_without_maker_or_serving() -> None:
    offers = [
        Offer("a", "x/qwen3-coder", name="Qwen: Qwen3 Coder (free)"),
        Offer("b", "x/qwen3-coder", name="Qwen3 Coder"),
        Offer("c", "x/qwen3-coder", name="Qwen3 coder model"),
    ]
    assert best_name("qwen/qwen3-coder", offers) == "Qwen3 Coder"


def test_an_id_in_place_of_a_name_is_made_readable() -> None:
    assert best_name("k", [Offer("a", "deepseek-ai/DeepSeek-R1-0528:free", name="deepseek-ai/DeepSeek-R1-0528")]) == (
        "DeepSeek R1 0528"
    )


def test_collecting_is_left_as_it_was() -> None:
    import gc

    gc.disable()
    try:
        build_models(OFFERS, Aliases.none())
        assert not gc.isenabled()
    finally:
        gc.enable()
    build_models(OFFERS, Aliases.none())
    assert gc.isenabled()
