from collections.abc import Mapping

import pytest
from hypothesis import given

from modeltui.errors import PayloadError
from modeltui.providers.records import each, getter, named
from reading_cases import VALUES


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", {"b": {"c": 1}}),
        ("a.b.c", 1),
        ("a.b", {"c": 1}),
        ("a.x.c", None),
        ("l.0", None),
        ("l[name=two].n", 2),
        ("l[name=three].n", None),
        ("a[name=two]", None),
        ("missing", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: str, value: object) -> None:
    record = {"a": {"b": {"c": 1}}, "l": [{"name": "one", "n": 1}, 5, {"name": "two", "n": 2}]}
    assert getter(path)(record) == value


@given(VALUES)
def test_a_path_never_fails_on_a_value_that_is_no_object(value: object) -> None:
    for path in ("a", "a.b", "a.b.c", "a[x=y].c"):
        getter(path)({"a": value})


@pytest.mark.parametrize(
    ("path", "payload", "ids"),
    [
        ("data", {"data": [{"id": "a"}]}, ["a"]),
        ("", [{"id": "a"}], ["a"]),
        ("models|data|", {"data": [{"id": "a"}]}, ["a"]),
        ("models|data|", [{"id": "b"}], ["b"]),
        ("result.list", {"result": {"list": [{"id": "a"}]}}, ["a"]),
    ],
)
def test_records_are_found_under_the_first_path_that_is_a_list(path: str, payload: object, ids: list[str]) -> None:
    assert [record["id"] for record in each(path).find(payload) if isinstance(record, Mapping)] == ids


def test_values_of_an_object_keep_their_key_and_their_parent() -> None:
    payload = {"p": {"name": "P", "models": {"m": {"x": 1}}}}
    (record,) = each("*", expand="models.*").find(payload)
    assert isinstance(record, dict)
    assert (getter("^key")(record), getter("^.^key")(record), getter("^.name")(record)) == ("m", "p", "P")


def test_placeholders_are_dropped_and_what_is_no_object_is_kept_to_be_counted() -> None:
    found = each("data", drop=("kind", ("none",))).find({"data": [{"kind": "none"}, {"kind": "x"}, 5]})
    assert list(found) == [{"kind": "x"}, 5]


@pytest.mark.parametrize("payload", [None, 5, "x", {}, {"models": []}, {"data": {}}, []])
def test_another_envelope_is_refused_with_what_was_there(payload: object) -> None:
    with pytest.raises(PayloadError, match="no list under 'data'"):
        list(each("data").find(payload))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("x", "'x'"),
        (5, "5"),
        ([1, 2], "a list of 2"),
        ({"a": 1}, "an object of 1"),
        (10**400, "a number of hundreds of digits"),
    ],
)
def test_a_raw_value_is_named(raw: object, shown: str) -> None:
    assert named(raw) == shown


@given(VALUES)
def test_a_name_is_one_short_line(raw: object) -> None:
    assert len(named(raw)) <= 40
    assert "\n" not in named(raw)


def test_a_huge_value_has_a_short_name() -> None:
    assert len(named("\x00" * 10_000_000)) <= 40
    assert len(named([[]] * 1_000_000)) <= 40
