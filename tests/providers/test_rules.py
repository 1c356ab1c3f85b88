from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings

from modeltui.model import CAPABILITIES
from modeltui.providers.registry import PROVIDERS
from modeltui.providers.rules import (
    Arrow,
    ArrowHas,
    Bad,
    Choice,
    Count,
    CountWhere,
    Flag,
    Has,
    Id,
    Instant,
    Is,
    Modalities,
    Quantization,
    Renamed,
    Rule,
    Text,
    Time,
    Weights,
    Words,
    unless,
    where,
)
from modeltui.providers.spec import field_map
from reading_cases import VALUES

RULES: list[Rule] = [
    Text("x"),
    Text("x", nothing=("n/a",), before="/"),
    Id("x", prefix="models/"),
    Count("x"),
    Count("x", zero=True),
    Flag("x"),
    Has("x", words=("tools",)),
    Is("x", words=("text", 1)),
    Words("x"),
    Words("x", split=","),
    Modalities("x"),
    Arrow("x"),
    ArrowHas("x", side=1, words=("image",)),
    Choice("x", table=((True, "beta"), ("a", "b"))),
    Renamed("x", table=(("a", "b"),)),
    CountWhere("x", flags=("up",)),
    Instant("x"),
    Instant("x", form=Time.ISO),
    Instant("x", form=Time.PARTS),
    Quantization("x"),
    Weights("x"),
]


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_no_rule_fails_on_any_value(raw: object) -> None:
    for rule in RULES:
        value = None if raw is None else rule.convert(raw)
        assert not isinstance(value, Bad) or 0 < len(value.reason) < 200


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  a \n b\t", "a b"),
        ("a", "a"),
        ("", None),
        (" ", None),
        ("N/A", None),
        ("a  b", "a b"),
        ("a\u00a0b", "a b"),
        ("a\u3000", "a"),
    ],
)
def test_text_is_trimmed_and_of_single_blanks(raw: str, text: str | None) -> None:
    assert Text("x", nothing=("n/a",)).convert(raw) == text


@given(VALUES)
def test_tidy_text_is_the_same_by_the_short_way(raw: object) -> None:
    if isinstance(raw, str):
        assert Text("x").convert(raw) == (" ".join(raw.split()) or None)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        (0, None),
        (-1, None),
        (1_700_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (Decimal("1.7e9"), datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1_700_000_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (10**18, Bad("1000000000000000000 is not seconds since 1970")),
        (253_402_300_800, None),
        ("2024-01-01", datetime(2024, 1, 1, tzinfo=UTC)),
        (True, Bad("True is not seconds since 1970")),
        (735_790_403, None),
    ],
)
def test_b44_moments_are_dates_or_not_stated(raw: object, moment: object) -> None:
    assert Instant("x").convert(raw) == moment


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2025-08-05 10:27:29.131", datetime(2025, 8, 5, 10, 27, 29, 131000, tzinfo=UTC)),
        ("2025-06-01T02:00:00+02:00", datetime(2025, 6, 1, tzinfo=UTC)),
        ("2025", datetime(2025, 1, 1, tzinfo=UTC)),
        ("2025-06", datetime(2025, 6, 1, tzinfo=UTC)),
        ("", None),
        ("1970-01-01T00:00:00Z", None),
        ("2098-12-31", None),
        ("0001-01-01T00:00:00+23:59", Bad("'0001-01-01T00:00:00+23:59' is not a date")),
        ("9999-12-31T23:59:59-23:59", Bad("'9999-12-31T23:59:59-23:59' is not a date")),
        ("soon", Bad("'soon' is not a date")),
    ],
)
def test_dates_as_text_are_utc(raw: object, moment: object) -> None:
    assert Instant("x", form=Time.ISO).convert(raw) == moment


def test_dates_in_parts_bear_huge_numbers() -> None:
    rule = Instant("x", form=Time.PARTS)
    assert rule.convert({"year": 2025, "month": 6, "day": 0}) == datetime(2025, 6, 1, tzinfo=UTC)
    assert isinstance(rule.convert({"year": 10**30, "month": 1, "day": 1}), Bad)


def test_an_empty_list_states_nothing_and_a_list_without_the_word_says_no() -> None:
    rule = Has("x", words=("tools",))
    assert [rule.convert(raw) for raw in ([], ["a"], ["tools"], {"tools": True}, "a, tools")] == [
        None,
        False,
        True,
        True,
        True,
    ]


def test_a_condition_is_met_by_any_item_of_a_list() -> None:
    assert where("kind", "chat").holds({"kind": ["embed", "chat"]})
    assert not unless("kind", "chat").holds({"kind": ["chat"]})
    assert where("kind", None).holds({})


def test_a_typo_in_a_map_is_an_error_of_the_program() -> None:
    with pytest.raises(ValueError, match="context_lenght"):
        field_map(id=Id("id"), context_lenght=Count("x"))


def test_every_map_has_an_id_and_known_capabilities() -> None:
    words = {f"capabilities.{word.value}" for word in CAPABILITIES}
    for provider in PROVIDERS.values():
        for source in provider.sources:
            assert "id" in source.fields
            assert {name for name in source.fields if name.startswith("capabilities.")} <= words
