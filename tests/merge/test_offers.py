"""One provider's sources become its offers; every claim is kept, and the right one wins."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from modeltui.merge.aliases import Aliases
from modeltui.merge.missing import why_missing
from modeltui.merge.offers import Catalogue, ProviderOffers, build_offers, differ
from modeltui.model import Claim, Offer, PriceState, Problem, words_of
from modeltui.providers.registry import PROVIDERS
from modeltui.state import Reading, Record

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CHUTES = PROVIDERS["chutes"]


def record(source: str, record_id: str, **fields: object) -> Record:
    return Record(record_id, {name.replace("__", "."): Claim(v, source, name) for name, v in fields.items()})


def reading(source: str, *records: Record) -> Reading:
    return Reading(source, records, (), NOW)


def merged(*readings: Reading, catalogue: Record | None = None, aliases: Aliases | None = None) -> ProviderOffers:
    told = None if catalogue is None else Catalogue("models-dev/catalog", (catalogue,), NOW)
    return build_offers(CHUTES, readings, told, aliases or Aliases.none())


def only(offers: ProviderOffers) -> Offer:
    assert len(offers.offers) == 1
    return offers.offers[0]


V1, DEPLOYMENTS = "chutes/v1", "chutes/deployments"


def test_two_sources_of_one_id_are_one_offer_with_the_fields_of_both() -> None:
    offer = only(
        merged(
            reading(V1, record(V1, "a/b", context_length=40960, quantization="fp8")),
            reading(DEPLOYMENTS, record(DEPLOYMENTS, "a/b", deployment__hot=True, deployment__instances=2)),
        )
    )
    assert (offer.context_length, offer.quantization) == (40960, "fp8")
    assert offer.deployment is not None
    assert offer.deployment.instances == 2
    assert offer.sources == (V1, DEPLOYMENTS)


def test_what_only_one_source_lists_is_a_row_too() -> None:
    offers = merged(reading(V1, record(V1, "a/one")), reading(DEPLOYMENTS, record(DEPLOYMENTS, "c/other-70b")))
    assert {offer.id for offer in offers.offers} == {"a/one", "c/other-70b"}


def test_ids_that_differ_in_case_alone_are_joined_and_a_size_never() -> None:
    joined = merged(
        reading(V1, record(V1, "Qwen/Qwen3-32B")), reading(DEPLOYMENTS, record(DEPLOYMENTS, "qwen/qwen3-32b"))
    )
    assert len(joined.offers) == 1
    apart = merged(
        reading(V1, record(V1, "Qwen/Qwen3-32B")), reading(DEPLOYMENTS, record(DEPLOYMENTS, "Qwen/Qwen3-30B"))
    )
    assert len(apart.offers) == 2


def test_the_users_alias_joins_what_no_rule_would() -> None:
    aliases = Aliases.of(same=[("chutes/a/one", "chutes/z/other")])
    readings = reading(V1, record(V1, "a/one")), reading(DEPLOYMENTS, record(DEPLOYMENTS, "z/other"))
    assert len(merged(*readings, aliases=aliases).offers) == 1


def test_the_price_is_the_deployment_lists_and_every_claim_is_kept() -> None:
    offers = merged(
        reading(V1, record(V1, "a/b", prices__input=Decimal("0.1"), context_length=1)),
        reading(DEPLOYMENTS, record(DEPLOYMENTS, "a/b", prices__input=Decimal("0.2"))),
    )
    offer = only(offers)
    assert offer.prices.input == Decimal("0.2")
    assert offer.conflicts == ("prices.input",)
    assert [claim.source for claim in offers.claims[offer.key]["prices.input"]] == [DEPLOYMENTS, V1]


def test_a_catalogue_fills_gaps_and_never_overrides() -> None:
    offer = only(
        merged(
            reading(V1, record(V1, "a/b", context_length=40960, capabilities__tools=False)),
            catalogue=record(
                "models-dev/catalog", "a/b", context_length=131072, max_output_tokens=8192, capabilities__tools=True
            ),
        )
    )
    assert (offer.context_length, offer.max_output_tokens) == (40960, 8192)
    assert words_of(offer.capabilities) == ()
    assert set(offer.stale_catalogue) == {"context_length", "capabilities.tools"}
    assert offer.conflicts == ()


def test_a_catalogue_makes_offers_only_where_the_provider_did_not_answer() -> None:
    told = record("models-dev/catalog", "a/c", context_length=1000)
    assert [o.id for o in merged(reading(V1, record(V1, "a/b")), catalogue=told).offers] == ["a/b"]
    assert [o.id for o in merged(catalogue=told).offers] == ["a/c"]


@pytest.mark.parametrize(
    ("claims", "state"),
    [
        ({}, PriceState.UNKNOWN),
        ({"prices__input": Decimal(1)}, PriceState.STATED),
        ({"prices__input": Decimal(0), "prices__output": Decimal(0)}, PriceState.ZERO),
        ({"prices__input": Decimal(0), "price_state": "plan"}, PriceState.PLAN),
        ({"price_state": "dynamic"}, PriceState.DYNAMIC),
        ({"prices__step": Decimal("0.01")}, PriceState.OTHER_UNIT),
    ],
)
def test_six_states_of_a_price_are_told_apart(claims: dict[str, object], state: PriceState) -> None:
    assert only(merged(reading(V1, record(V1, "a/b", **claims)))).price_state is state


def test_a_catalogue_cannot_price_a_router() -> None:
    offer = only(
        merged(
            reading(V1, record(V1, "auto", price_state="dynamic")),
            catalogue=record("models-dev/catalog", "auto", prices__input=Decimal(1)),
        )
    )
    assert offer.price_state is PriceState.DYNAMIC
    assert offer.prices.input is None


@pytest.mark.parametrize(
    ("one", "other", "really"),
    [
        (131072, 131000, False),
        (131072, 128000, True),
        (Decimal("0.2976"), Decimal("0.3"), False),
        (Decimal("0.0136"), Decimal("0.01"), True),
        (Decimal("0.3"), Decimal("0.35"), True),
        (Decimal(1), Decimal("1.4"), True),
        ("FP8", "fp8", False),
        (True, False, True),
    ],
)
def test_rounding_is_no_conflict_and_a_real_difference_is(one: object, other: object, really: bool) -> None:  # noqa: FBT001  # a table's column
    assert differ("x", one, other) is really
    assert differ("x", other, one) is really


def test_an_empty_field_says_why() -> None:
    offer = only(merged(reading(DEPLOYMENTS, record(DEPLOYMENTS, "a/b", deployment__hot=True))))
    assert why_missing(CHUTES, offer, "quantization") == "not in chutes/v1; chutes/deployments carries no quantization"


def test_a_catalogue_does_not_stand_in_for_a_value_that_could_not_be_believed() -> None:
    mine = Reading(V1, (record(V1, "a/b"),), (Problem(V1, "a/b", "context_length", "32768 is the default"),), NOW)
    offer = only(merged(mine, catalogue=record("models-dev/catalog", "a/b", context_length=8000, name="B")))
    assert offer.context_length is None
    assert offer.name == "B"
    assert offer.problems
