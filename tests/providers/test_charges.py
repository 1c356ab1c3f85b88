"""Prices that one number does not tell, and records that are not simply a list's items."""

from decimal import Decimal

import pytest

from map_samples import FETCHED_AT
from modeltui.errors import PayloadError
from modeltui.model import Prices, PriceTier
from modeltui.providers.charges import ByForm, Charged, Columns, unless_both_zero, zero_only_where
from modeltui.providers.envelopes import Itself, Joined, One
from modeltui.providers.marks import Present, Refused, Root
from modeltui.providers.prices import prices
from modeltui.providers.read import read_payloads
from modeltui.providers.records import each
from modeltui.providers.rules import Bad, Id, Rule, where
from modeltui.providers.spec import Source
from modeltui.providers.units import Unit


def claims(fields: dict[str, Rule], **record: object) -> dict[str, object]:
    source = Source("models", "/models", each(""), {"id": Id("id"), **fields})
    reading = read_payloads("acme", source, [[{"id": "x", **record}]], FETCHED_AT)
    return {name: claim.value for name, claim in reading.records[0].claims.items()}


def test_a_discount_comes_off_the_list_price() -> None:
    rule = Charged("pricing", unit=Unit.CENTS_PER_TOKEN, amount="cents", discount="off")
    assert rule.convert({"cents": Decimal("0.00012"), "off": Decimal("0.25")}) == Decimal("0.9")
    assert rule.convert({"cents": Decimal("0.0001")}) == Decimal(1)
    assert rule.convert({}) is None


def test_a_ratio_that_is_missing_states_no_price() -> None:
    rule = Charged("pricing", unit=Unit.CENTS_PER_TOKEN, amount="cents", times="ratio")
    assert rule.convert({"cents": Decimal("0.0001"), "ratio": Decimal("0.1")}) == Decimal("0.1")
    assert rule.convert({"cents": Decimal("0.0001")}) is None


@pytest.mark.parametrize("off", [Decimal(2), Decimal(-1), "much"])
def test_a_discount_that_is_no_fraction_is_a_problem(off: object) -> None:
    rule = Charged("pricing", unit=Unit.CENTS_PER_TOKEN, amount="cents", discount="off")
    assert isinstance(rule.convert({"cents": Decimal("0.0001"), "off": off}), Bad)
    assert isinstance(rule.convert([]), Bad)


def test_text_and_numbers_can_have_different_units() -> None:
    rule = ByForm("p", unit=Unit.USD_PER_TOKEN, number_unit=Unit.USD_PER_MTOK)
    assert rule.convert("0.0000006") == rule.convert(Decimal("0.6")) == Decimal("0.6")
    assert rule.convert(Decimal("0.0000006")) == Decimal("0.6")
    assert rule.convert(0) == 0
    assert isinstance(rule.convert("0.6"), Bad)


def test_tiers_in_columns_are_joined_by_where_they_begin() -> None:
    rule = Columns("pricing", unit=Unit.USD_PER_TOKEN, lists=(("input", "in"), ("output", "out")))
    parts = {
        "in": [{"cost": "0.000001", "min": 0, "max": 200001}, {"cost": "0.000002", "min": 200001}],
        "out": [{"cost": "0.000009", "min": 200001}, "nonsense", {"cost": "x", "min": 5}],
    }
    assert rule.convert(parts) == (
        PriceTier(prices=Prices(input=Decimal(2), output=Decimal(9)), above_prompt_tokens=200_000),
    )
    assert rule.convert({"in": []}) is None
    assert isinstance(rule.convert(5), Bad)


def test_zero_and_zero_is_no_price_but_zero_beside_a_price_is() -> None:
    fields = unless_both_zero(prices(unit=Unit.USD_PER_MTOK, input="i", output="o"))
    assert claims(fields, i=0, o=0) == {}
    assert claims(fields, i=Decimal("0.02"), o=0) == {"input": Decimal("0.02"), "output": Decimal(0)}
    assert claims(fields, i=Decimal(1), o=Decimal(2)) == {"input": Decimal(1), "output": Decimal(2)}
    assert claims(fields, i=0) == {}


def test_a_zero_is_believed_only_where_it_can_be_a_price() -> None:
    fields = zero_only_where(where("kind", "text"), prices(unit=Unit.USD_PER_MTOK, input="i"))
    assert claims(fields, kind="text", i=0) == {"input": Decimal(0)}
    assert claims(fields, kind="image", i=0) == {}
    assert claims(fields, kind="image", i=3) == {"input": Decimal(3)}


def test_another_unit_than_the_maps_is_refused() -> None:
    rule = Refused("unit", words=("usd",), what="price unit")
    assert rule.convert("usd") is None
    assert rule.convert("eur") == Bad("'eur' is not a price unit this map can read")


def test_anything_that_is_sent_can_be_a_mark() -> None:
    rule = Present("deprecated", word="deprecated")
    assert rule.convert(1798761600) == "deprecated"
    assert rule.convert(False) is None


def test_a_path_of_a_disk_is_no_repository() -> None:
    assert Root("root").convert("/models/lora") is None
    assert Root("root").convert("Qwen/Qwen3-8B") == "Qwen/Qwen3-8B"


def test_an_answer_can_be_one_record() -> None:
    assert list(One().find({"id": "x"})) == [{"id": "x"}]
    with pytest.raises(PayloadError, match="not an object"):
        list(One().find([]))


def test_a_record_can_be_reached_from_itself() -> None:
    assert list(Itself("data").find({"data": [{"id": "x"}, 5]})) == [{"id": "x", "^": {"id": "x"}}, 5]


def test_an_offer_is_named_by_its_parent_and_its_own_provider() -> None:
    payload = {"data": [{"id": "org/m", "providers": [{"provider": "groq"}, {"provider": None}, 5]}]}
    found = list(Joined("data", expand="providers").find(payload))
    assert [item["^id"] if isinstance(item, dict) else item for item in found] == ["org/m:groq", None, 5]
