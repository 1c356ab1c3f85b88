import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeltui.errors import PayloadError
from modeltui.providers.payload import MAX_CONTAINERS, decode, decode_all, decode_noted, row_decoder

ROWS = [{"id": "a", "name": "café"}]


def refusal(page: bytes) -> str:
    with pytest.raises(PayloadError) as caught:
        decode(page)
    return caught.value.message


def test_fractions_are_decimals_of_the_text_as_it_was_sent() -> None:
    assert decode(b'{"a":0.18000000000000002,"b":1e-07,"c":5}') == {
        "a": Decimal("0.18000000000000002"), "b": Decimal("1e-07"), "c": 5,
    }  # fmt: skip


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity", b"9" * 5000, b"-" + b"9" * 5000])
def test_b05_to_b11_numbers_json_does_not_know_are_not_stated(constant: bytes) -> None:
    assert decode_noted(b'{"a":%s,"b":1}' % constant) == (
        {"a": None, "b": 1}, "the answer is not strict JSON: 1 numbers read as not stated",
    )  # fmt: skip


def test_numbers_with_impossible_exponents_do_not_fail_the_answer() -> None:
    found = decode(b'{"a":1e99999999999999999999,"b":1e999,"c":1e-400,"d":NaN}')
    assert isinstance(found, dict)
    assert (found["a"], found["b"], found["c"]) == (None, Decimal("1e999"), Decimal("1e-400"))


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (rb'{"a":"x\ud800y"}', "x�y"),
        (rb'{"a":"\udc00\ud83d"}', "��"),
        (b'{"a":"\xed\xa0\x80"}', "���"),
        (b'{"a":"\xff\xfe"}', "��"),
        (b'{"a":"caf\xe9"}', "caf�"),
        (b'{"a":"\x1b[31m"}', "\x1b[31m"),
        (b'{"a":"x\ny"}', "x\ny"),
    ],
)
def test_b12_to_b22_texts_that_are_no_unicode_are_mended_and_noted(page: bytes, text: str) -> None:
    found, note = decode_noted(page)
    assert found == {"a": text}
    assert note.startswith("the answer is not strict JSON")


def test_surrogates_are_mended_in_keys_and_at_any_depth() -> None:
    deep = rb'[[{"\ud800":["\udfff",{"b":"\ud801"}]}]]'
    assert decode(b'{"a":%s}' % deep) == {"a": [[{"�": ["�", {"b": "�"}]}]]}


def test_surrogate_pairs_are_text() -> None:
    assert decode_noted(rb'{"a":"\ud83d\ude00"}') == ({"a": "\U0001f600"}, "")


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_b15_to_b18_other_encodings_of_unicode_are_read_without_a_note(encoding: str) -> None:
    assert decode_noted(json.dumps(ROWS, ensure_ascii=False).encode(encoding)) == (ROWS, "")


def test_b23_an_escaped_null_character_is_text() -> None:
    assert decode(b'{"a":"\\u0000"}') == {"a": "\x00"}


@pytest.mark.parametrize(
    "page",
    [b'{"a":1,}', b'{"a":1 /* c */}', b'{"a":1} x', b'{"a":1}\n{"a":2}', b")]}'\n{}", b"cb({})", b"data: {}", b"nope"],
)
def test_b24_to_b30_what_is_nearly_json_is_not_json(page: bytes) -> None:
    assert refusal(page).startswith("the answer is not JSON")


@pytest.mark.parametrize("page", [b"", b"  \n\t "])
def test_b31_an_empty_answer_is_said_to_be_empty(page: bytes) -> None:
    assert refusal(page) == "the answer is empty"


@pytest.mark.parametrize("page", [b"<!doctype html><p>x", "\ufeff <html>".encode(), b"\n<HTML>"])
def test_b33_a_web_page_is_named(page: bytes) -> None:
    assert refusal(page) == "the answer is a web page"


def test_b34_an_answer_that_stops_anywhere_is_refused() -> None:
    page = json.dumps({"data": [{"id": "a", "n": [1, 2.5, None, True], "t": "x"}]}).encode()
    for end in range(1, len(page)):
        assert refusal(page[:end]).startswith(("the answer is cut off", "the answer is not JSON"))
    assert refusal(b'{"a":"stops he').startswith("the answer is cut off")


@pytest.mark.parametrize("depth", [1000, 5000, 900_000])
@pytest.mark.parametrize("tail", [b"", b"NaN"])
def test_b36_deep_nesting_is_refused_by_name(depth: int, tail: bytes) -> None:
    assert refusal(b"[" * depth + tail + b"]" * depth) == "the answer is nested too deep"


@pytest.mark.parametrize("item", [b"{}", b"[[]]", b"[]"])
def test_b47_a_million_containers_are_refused_before_they_are_made(item: bytes) -> None:
    page = b"[" + b",".join([item] * (MAX_CONTAINERS // item.count(b"[" if b"[" in item else b"{") + 1)) + b"]"
    assert refusal(page) == "the answer has more than a million objects and lists"


@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_refused(page: bytes) -> None:
    try:
        decode(page)
    except PayloadError as error:
        message = error.message
    else:
        message = "decoded"
    assert message


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda i: st.lists(i) | st.dictionaries(st.text(), i)
    )
)
def test_what_json_can_say_comes_back_as_it_was(value: object) -> None:
    page = json.dumps(value).encode()
    mended = json.loads(page.decode())
    assert decode(page) == (mended if "\\ud" not in page.decode() else decode(page))


def test_a_row_decoder_keeps_only_the_keys_that_are_read() -> None:
    rows = row_decoder("data", ["id", "name"])
    assert decode_noted(b'{"data":[{"id":"a","other":{"x":[1]}}],"total":5}', rows)[0] == {"data": [{"id": "a"}]}


@pytest.mark.parametrize("page", [b"[]", b'{"data":[5,{"id":"a","x":1}]}', b'{"data":{"id":"a"}}', b'{"data":null}'])
def test_what_a_row_decoder_refuses_is_decoded_in_full(page: bytes) -> None:
    assert decode_noted(page, row_decoder("data", ["id"])) == (json.loads(page), "")


def test_every_page_is_decoded() -> None:
    assert decode_all([b"1", b"[2]"]) == [1, [2]]
