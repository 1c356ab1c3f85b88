from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeltui.providers.units import Unit, number_in, to_decimal, to_usd


@pytest.mark.parametrize(
    ("amount", "unit", "usd"),
    [
        ("0.0000025", Unit.USD_PER_TOKEN, "2.5"),
        ("4e-07", Unit.USD_PER_TOKEN, "0.4"),
        ("0.18000000000000002", Unit.USD_PER_MTOK, "0.18"),
        ("2800", Unit.USD_E4_PER_MTOK, "0.28"),
        ("0.0001", Unit.CENTS_PER_TOKEN, "1"),
        ("20000", Unit.CENTS_PER_100MTOK, "2"),
        ("88", Unit.CENTS_PER_MTOK, "0.88"),
        ("0.002", Unit.USD_PER_THOUSAND_TOKENS, "2"),
        ("0.000022", Unit.USD_PER_CHARACTER, "22"),
        ("3", Unit.USD_PER_MINUTE, "0.05"),
        ("1000", Unit.USD, "1000"),
    ],
)
def test_every_unit_becomes_usd(amount: str, unit: Unit, usd: str) -> None:
    assert str(to_usd(Decimal(amount), unit)) == usd


@given(st.integers(1, 10**6), st.integers(0, 9), st.sampled_from(list(Unit)))
def test_a_price_is_written_without_exponent_and_noise(digits: int, places: int, unit: Unit) -> None:
    shown = f"{to_usd(Decimal(digits).scaleb(-places), unit):f}"
    assert len(shown.replace(".", "").strip("0")) <= 12


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("0.000002", "0.000002"),
        ("$0.5", "0.5"),
        (" 3 ", "3"),
        (5, "5"),
        (Decimal("0.1"), "0.1"),
        ("-1", "-1"),
        ("2e-06", "0.000002"),
    ],
)
def test_numbers_are_read_from_text_and_from_numbers(raw: object, number: str) -> None:
    assert to_decimal(raw) == Decimal(number)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        True,
        "free",
        "",
        "1_000",
        "\uff11\uff12",
        "sNaN",
        "NaN",
        "inf",
        "1e999999",
        "0x10",
        "1,5",
        "--1",
        "1" * 13,
        "0" * 10_000_000,
        10**15,
        -(10**40),
        Decimal("1e999999999"),
        Decimal("NaN"),
        Decimal("1e-99"),
        [],
        {},
        1.5,
    ],
)
def test_what_is_no_number_of_anything_is_none(raw: object) -> None:
    assert to_decimal(raw) is None


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_none(text: str) -> None:
    found = number_in(text)
    assert found is None or found.is_finite()
