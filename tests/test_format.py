"""Numbers read as what they are, and no text from outside can act on a terminal."""

import json
import sys
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from modeltui import format as show

SHARED = Path(__file__).parents[1].parent / "shared"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("A\x1b[31mB\x1b[0mC", "A␛[31mB␛[0mC"),
        ("A\x9b31mB", "A\ufffd31mB"),
        ("safe\revil", "safe␍evil"),
        ("a\x7fb", "a␡b"),
        ("gpt-4\u202egnp.exe", "gpt-4\ufffdgnp.exe"),
        ("gpt\u200b-4", "gpt\ufffd-4"),
        ("a\xa0b\u3000c", "a b c"),
        ("Z" + "\u0301" * 50 + "q", "Z" + "\u0301" * 4 + "q"),
        ("cafe\u0301", "cafe\u0301"),
        ("a\ud800b", "a\ufffdb"),
        ("[/etc/passwd]", "[/etc/passwd]"),
        ("  gpt-4  ", "  gpt-4  "),
        ("", "(empty)"),
        ("   ", "(empty)"),
    ],
)
def test_a_cell_shows_what_a_text_holds_and_does_nothing(text: str, cell: str) -> None:
    assert show.clean_cell(text) == cell


@pytest.mark.shared
def test_the_hostile_strings_look_as_they_should() -> None:
    corpus = SHARED / "hostile_strings.json"
    if not corpus.exists():
        pytest.skip("the recorded strings are not here")
    for case in json.loads(corpus.read_text()):
        text = case["string"] if case["repeat"] is None else case["repeat"][0] * case["repeat"][1]
        assert show.clean_cell(text) == case["cell"], case["id"]


def test_no_character_leaves_anything_unprintable() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    assert all(show.clean(char).isprintable() for char in every)


@given(st.text(st.characters(exclude_categories=()), max_size=80))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = show.clean(text)
    assert once.isprintable()
    assert show.clean(once) == once


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert show.clean("A" * 1_000_000) == "A" * 1999 + "…"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "0"), (999, "999"), (4096, "4096"), (8000, "8K"), (8192, "8192"), (32_768, "32.8K"),
        (128_000, "128K"), (131_072, "131K"), (262_144, "262K"), (999_600, "1M"), (1_000_000, "1M"),
        (1_048_576, "1.05M"), (10_000_000, "10M"), (2_500_000_000, "2.5G"),
    ],
)  # fmt: skip
def test_lengths_are_short_and_do_not_mislead(length: int, text: str) -> None:
    assert show.tokens(length) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.15", "$0.15"), ("0.075", "$0.075"), ("0.27216", "$0.27216"), ("1.25", "$1.25"), ("15", "$15"),
        ("0", "$0"), ("0E-9", "$0"), ("1E+2", "$100"), ("1E-7", "$0.0000001"), ("0.10", "$0.1"),
        ("1234.5678", "$1234.5678"),
    ],
)  # fmt: skip
def test_prices_lose_no_digit(amount: str, text: str) -> None:
    assert show.usd(Decimal(amount)) == text


def test_a_price_that_is_not_stated_is_not_zero() -> None:
    assert show.usd(None) == show.MISSING


@given(st.decimals(min_value=0, max_value=10**6, allow_nan=False, allow_infinity=False, places=9))
def test_a_shown_price_is_off_by_less_than_a_thousandth_of_itself(amount: Decimal) -> None:
    shown = Decimal(show.usd(amount).removeprefix("$"))
    assert abs(shown - amount) <= amount / 1000


def test_a_range_names_both_ends_once() -> None:
    assert show.span(Decimal("0.1"), Decimal(3), show.usd) == "$0.1…3"
    assert show.span(131_072, 131_072, show.tokens) == "131K"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "now"),
        (10, "now"),
        (200, "3 min"),
        (7200, "2 h"),
        (5 * 86_400, "5 d"),
        (130 * 86_400, "4 mo"),
        (8e7, "2 y"),
    ],
)
def test_ages_have_one_unit(seconds: float, text: str) -> None:
    assert show.age(seconds) == text


def test_instants_delays_and_speeds_have_their_units() -> None:
    moment = datetime(2026, 5, 31, 8, 15, tzinfo=UTC)
    assert show.date(moment) == "2026-05-31"
    assert show.instant(moment) == "2026-05-31T08:15:00Z"
    assert show.seconds(0.4234) == "0.42 s"
    assert show.speed(85.26) == "85.3 tok/s"
    assert [show.percent(share) for share in (0, 0.001, 0.87, 0.999, 1)] == ["0 %", "<1 %", "87 %", ">99 %", "100 %"]


@pytest.mark.parametrize(
    "text", ["gpt-4o", "模型-7b", "cafe\u0301", "نموذج gpt", "\uff47\uff50\uff54", "🇩🇪 x", "👩 x", "한국어"]
)
def test_widths_are_those_of_the_terminal_library(text: str) -> None:
    assert show.display_width(text) == cell_len(text)


@given(st.text(max_size=30), st.integers(0, 20), st.sampled_from(["left", "right"]))
def test_a_fitted_text_has_exactly_its_width(text: str, width: int, align: str) -> None:
    assert show.display_width(show.fit(show.clean(text), width, align)) == width


def test_a_cut_text_ends_in_an_ellipsis() -> None:
    assert show.fit("deepseek-v3", 6) == "deeps…"
    assert show.fit("模型模型", 4) == "模… "
    assert show.fit("7", 3, "right") == "  7"


def test_marks_have_no_width_of_their_own() -> None:
    marks = [chr(code) for code in range(0x300, 0x370) if unicodedata.category(chr(code)) == "Mn"]
    assert show.display_width("".join(marks)) == 0


@pytest.mark.parametrize(("text", "number"), [("0.3", 0.3), ("15", 15), ("15.0", 15), ("1E-7", 1e-7)])
def test_json_numbers_have_no_noise(text: str, number: float) -> None:
    found = show.json_number(Decimal(text))
    assert found == number
    assert type(found) is type(number)
    assert show.json_number(Decimal("NaN")) is None
