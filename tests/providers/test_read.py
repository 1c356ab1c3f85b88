import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modeltui.errors import PayloadError
from modeltui.model import Claim, Problem
from modeltui.providers.claims import MAX_REMEMBERED, RecordReader
from modeltui.providers.payload import decode
from modeltui.providers.prices import Price, prices
from modeltui.providers.read import MAX_RECORDS, capability_claims, read, read_payloads
from modeltui.providers.records import each
from modeltui.providers.rules import Bad, Flag, Has, Id, Instant, Quantization, Text, count, either, text, where
from modeltui.providers.spec import Provider, Source, field_map
from modeltui.providers.units import DYNAMIC, Unit
from modeltui.state import Reading
from reading_cases import (
    SOURCES,
    VALUES,
    body,
    enveloped,
    every_source,
    provider_source,
    read_plainly,
    rows_of,
    shared_dir,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SAMPLE = Source(
    "models",
    "/models",
    each("data"),
    field_map(
        id=Id("id"),
        name=text("name"),
        owner=Text("id", before="/"),
        created_at=Instant("created"),
        context_length=count("context_length"),
        max_output_tokens=count("max_output"),
        quantization=Quantization("quant.name|quant"),
        tools=Has("features", words=("tools",)),
        reasoning=either(Flag("reasons"), Has("features", words=("reasoning",))),
        prices=prices(unit=Unit.USD_PER_TOKEN, only=where("type", "text", None), input="p.in", output="p.out"),
        deployment=dict(hot=Flag("hot")),
    ),
    prefer=where("owner.name", "house"),
)


def reading(*rows: object, source: Source = SAMPLE) -> Reading:
    return read("sample", source, [body({"data": list(rows)})], NOW)


def told(found: Reading) -> list[tuple[str, str, str]]:
    return [(problem.record, problem.field, problem.reason) for problem in found.problems]


# ------------------------------------------------------------------------------- one bad value, one bad record


def test_every_field_is_a_claim_with_its_source_and_path() -> None:
    found = reading({"id": "org/a", "context_length": 8192, "p": {"in": "0.000002"}, "features": ["tools"]})
    claims = found.records[0].claims
    assert {name: (claim.value, claim.path) for name, claim in claims.items()} == {
        "owner": ("org", "id"),
        "context_length": (8192, "context_length"),
        "capabilities.tools": (True, "features"),
        "capabilities.reasoning": (False, "features"),
        "prices.input": (Decimal(2), "p.in"),
    }
    assert {claim.source for claim in claims.values()} == {"sample/models"}
    assert found.problems == ()


def test_one_bad_value_loses_that_field_and_is_a_problem() -> None:
    found = reading({"id": "a", "context_length": "128k", "name": "A"})
    assert set(found.records[0].claims) == {"name"}
    assert found.problems == (Problem("sample/models", "a", "context_length", "'128k' is not a whole number"),)


def test_one_bad_record_leaves_the_others() -> None:
    found = reading({"id": "a"}, None, {"id": "b"})
    assert [record.id for record in found.records] == ["a", "b"]
    assert told(found) == [("#2", "", "the record is not an object")]


def test_b39_records_that_are_no_objects_are_counted_one_by_one() -> None:
    found = reading(None, 5, "x", [], {})
    assert found.records == ()
    assert len(found.problems) == 5


def test_b40_only_text_is_an_id() -> None:
    found = reading({"id": 5}, {"id": ""}, {"id": None}, {"id": {"a": 1}}, {"id": True})
    assert found.records == ()
    assert [(record, field) for record, field, _ in told(found)] == [(f"#{place}", "id") for place in range(1, 6)]


def test_b41_of_two_records_with_one_id_the_preferred_one_is_kept_and_said() -> None:
    first, second = {"id": "a", "name": "Stranger's"}, {"id": "a", "name": "House", "owner": {"name": "house"}}
    for rows in ((first, second), (second, first)):
        found = reading(*rows)
        assert [record.claims["name"].value for record in found.records] == ["House"]
        assert told(found) == [("a", "id", "listed more than once with different values; one is kept")]


def test_equal_records_with_one_id_are_no_problem() -> None:
    found = reading({"id": "a", "name": "A"}, {"id": "a", "name": "A"})
    assert (len(found.records), found.problems) == (1, ())


def test_b03_of_two_equal_keys_the_last_counts() -> None:
    assert read("s", SAMPLE, [b'{"data":[{"id":"a","\\u0069d":"b"}]}'], NOW).records[0].id == "b"


@pytest.mark.parametrize("raw", ["128k", 1e30, [], "Infinity", {}, True, 10**400, -5, 1.5])
def test_b42_a_length_that_is_no_whole_number_is_empty_and_a_problem(raw: object) -> None:
    found = reading({"id": "a", "context_length": raw})
    assert found.records[0].claims == {}
    assert [problem.field for problem in found.problems] == ["context_length"]


@pytest.mark.parametrize("raw", [0, -1, None, "", "0"])
def test_a_length_of_zero_or_minus_one_is_not_stated(raw: object) -> None:
    found = reading({"id": "a", "context_length": raw})
    assert (found.records[0].claims, found.problems) == ({}, ())


@pytest.mark.parametrize("page", [b"NaN", b"Infinity", b"-Infinity", b"9" * 5000])
def test_b05_to_b11_numbers_json_does_not_know_are_not_stated_and_noted(page: bytes) -> None:
    found = read("s", SAMPLE, [b'{"data":[{"id":"a","context_length":%s},{"id":"b"}]}' % page], NOW)
    assert [record.id for record in found.records] == ["a", "b"]
    assert found.records[0].claims == {}
    assert told(found) == [("", "", "the answer is not strict JSON: 1 numbers read as not stated")]


def test_b08_b10_numbers_too_large_to_be_anything_are_problems_of_their_field() -> None:
    found = read("s", SAMPLE, [b'{"data":[{"id":"a","p":{"in":1e999,"out":%s}}]}' % (b"9" * 400)], NOW)
    assert found.records[0].claims == {}
    assert [problem.field for problem in found.problems] == ["prices.input", "prices.output"]


def test_b12_a_lone_surrogate_hides_no_other_record() -> None:
    rows = [{"id": f"m{place}", "name": "ok"} for place in range(400)]
    found = reading({"id": "a", "name": "x\ud800y"}, *rows)
    assert len(found.records) == 401
    assert found.records[0].claims["name"].value == "x\ufffdy"
    assert told(found) == [("", "", "the answer is not strict JSON: 1 texts mended")]


def test_a_price_of_minus_one_is_decided_at_request_time() -> None:
    claims = reading({"id": "a", "p": {"in": "-1", "out": "-1"}}).records[0].claims
    assert set(claims) == {"price_state"}
    assert (claims["price_state"].value, claims["price_state"].path) == ("dynamic", "p.in")


def test_a_stated_price_state_wins_over_a_dynamic_price() -> None:
    from modeltui.providers.rules import Choice

    source = Source(
        "models", "/m", each("data"),
        field_map(
            id=Id("id"), prices=prices(unit=Unit.USD_PER_MTOK, input="in"),
            price_state=Choice("plan", table=((True, "plan"),)),
        ),
    )  # fmt: skip
    claims = reading({"id": "a", "in": -1, "plan": True}, source=source).records[0].claims
    assert claims["price_state"].value == "plan"


def test_a_rule_is_read_only_where_its_condition_holds() -> None:
    rows = [{"id": kind, "type": kind, "p": {"in": "0.000001"}} for kind in ("text", "image", "text2")]
    found = reading(*rows, {"id": "untyped", "p": {"in": "0.000001"}})
    assert [record.id for record in found.records if "prices.input" in record.claims] == ["text", "untyped"]


def test_more_output_than_context_is_said() -> None:
    found = reading({"id": "a", "context_length": 100, "max_output": 200})
    assert told(found) == [("a", "max_output_tokens", "200 is more than the context of 100")]


def test_a_converter_that_fails_loses_its_field_only() -> None:
    class Broken(Flag, frozen=True):
        def convert(self, raw: object) -> object:
            return {raw: 1}

    source = Source("models", "/m", each("data"), field_map(id=Id("id"), name=text("n"), tools=Broken("t")))
    found = reading({"id": "a", "n": "A", "t": [1]}, source=source)
    assert set(found.records[0].claims) == {"name"}
    assert told(found) == [("a", "capabilities.tools", "a list of 1 cannot be read")]


# --------------------------------------------------------------------------------------------- dates


def test_dates_that_are_the_time_of_the_answer_are_dropped() -> None:
    now = int(NOW.timestamp())
    found = reading({"id": "a", "created": now - 60}, {"id": "b", "created": now - 86_400})
    assert ["created_at" in record.claims for record in found.records] == [False, True]


def test_a_date_that_every_record_has_is_dropped() -> None:
    found = reading({"id": "a", "created": 1_700_000_000}, {"id": "b", "created": 1_700_000_000})
    assert all("created_at" not in record.claims for record in found.records)


# --------------------------------------------------------------------------------------------- whole answers


@pytest.mark.parametrize(
    "page", [b"null", b'"ok"', b"5", b"true", b'{"data":{"id":"a"}}', b"{}", b'{"models":[]}', b"[]"]
)
def test_b32_b38_another_envelope_is_a_bad_answer(page: bytes) -> None:
    with pytest.raises(PayloadError, match="no list under 'data'"):
        read("s", SAMPLE, [page], NOW)


def test_another_envelope_is_named_by_its_keys() -> None:
    with pytest.raises(PayloadError, match="no list under 'data': an object with 'models', 'next'"):
        read("s", SAMPLE, [b'{"models":[{"id":"a"}],"next":1}'], NOW)


def test_an_error_beside_records_is_no_refusal() -> None:
    assert len(read("s", SAMPLE, [b'{"error":"partly","data":[{"id":"a"}]}'], NOW).records) == 1


def test_an_error_with_status_200_is_a_bad_answer() -> None:
    with pytest.raises(PayloadError, match="answered with an error: no such key"):
        read("s", SAMPLE, [b'{"error":{"message":"no such key"}}'], NOW)


def test_one_page_that_is_bad_fails_the_reading() -> None:
    with pytest.raises(PayloadError):
        read("s", SAMPLE, [body({"data": [{"id": "a"}]}), b"<html>"], NOW)


def test_pages_are_read_in_order_as_one_list() -> None:
    found = read("s", SAMPLE, [body({"data": [{"id": "a"}]}), body({"data": [7, {"id": "b"}]})], NOW)
    assert [record.id for record in found.records] == ["a", "b"]
    assert told(found) == [("#2", "", "the record is not an object")]


def test_an_empty_list_is_an_answer() -> None:
    assert reading() == Reading("sample/models", (), (), NOW)


def test_a_list_of_a_million_is_cut_and_said_to_be() -> None:
    page = b'{"data":[' + b",".join([b'{"id":"m%d"}' % place for place in range(30_000)]) + b"]}"
    found = read("s", SAMPLE, [page], NOW)
    assert len(found.records) == MAX_RECORDS
    assert told(found) == [(f"#{MAX_RECORDS}", "", f"only the first {MAX_RECORDS} of 30000 records are read")]


@pytest.mark.parametrize("depth", [500, 900, 990, 1000, 5000, 1_000_000])
@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")])
def test_b35_to_b37_deep_nesting_is_kept_or_refused_and_never_a_crash(
    depth: int, brackets: tuple[bytes, bytes]
) -> None:
    deep = brackets[0] * depth + b"1" * (brackets[0] != b"[") + brackets[1] * depth
    for key in (b"unknown", b"context_length", b"features", b"name"):
        page = b'{"data":[{"id":"a","%s":%s}]}' % (key, deep)
        refusal, found = "", None
        try:
            found = read("s", SAMPLE, [page], NOW)
        except PayloadError as error:
            refusal = error.message
        assert (found is None) == bool("nested too deep" in refusal or "a million" in refusal)
        assert found is None or [record.id for record in found.records] == ["a"]


def test_b45_huge_objects_and_texts_are_read() -> None:
    wide = {f"key {place}": place for place in range(100_000)}
    found = reading({"id": "a", **wide, "name": "n" * 10_000_000}, {"id": "b", "k" * 1_000_000: 1})
    assert [record.id for record in found.records] == ["a", "b"]


def test_b46_names_that_mean_something_elsewhere_are_plain_data() -> None:
    found = reading({"id": "a", "__proto__": {"x": 1}, "__class__": "y", "": 1})
    assert (found.records[0].claims, found.problems) == ({}, ())


@pytest.mark.shared
def test_b48_hostile_ids_are_kept_as_they_are() -> None:
    strings = json.loads((shared_dir() / "hostile_strings.json").read_text(encoding="utf-8"))
    words = [word for word in _texts(strings) if word.strip() and not any("\ud800" <= c <= "\udfff" for c in word)]
    found = reading(*({"id": word} for word in words))
    assert {record.id for record in found.records} == set(words)


def _texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for item in inner for text in _texts(item)]


# --------------------------------------------------------------------------------- what is remembered is right


def test_values_python_holds_for_equal_are_told_apart() -> None:
    source = Source("models", "/m", each("data"), field_map(id=Id("id"), tools=Flag("x"), context_length=count("x")))
    rows = [{"id": f"{place}", "x": raw} for place, raw in enumerate([True, 1, 1.0, "1", True, 1, 1.0, "1"])]
    found = reading(*rows, source=source)
    stated = [{name: claim.value for name, claim in record.claims.items()} for record in found.records]
    assert stated == [{"capabilities.tools": True}, *[{"context_length": 1}] * 3] * 2


def test_a_value_not_stated_is_no_object() -> None:
    rule = either(Flag("x", only=where("y", None)))
    source = Source("models", "/m", each("data"), field_map(id=Id("id"), tools=rule))
    found = reading({"id": "a", "x": True}, {"id": "b", "x": True, "y": {"z": 1}}, source=source)
    assert [capability_claims(record).keys() for record in found.records] == [{"tools"}, set()]


def test_equal_facts_are_one_claim_in_memory() -> None:
    rows = [{"id": f"m{place}", "context_length": 8192, "features": ["tools"]} for place in range(50)]
    records = reading(*rows).records
    for field in ("context_length", "capabilities.tools"):
        assert len({id(record.claims[field]) for record in records}) == 1


def test_more_values_than_are_remembered_are_still_read() -> None:
    total = MAX_REMEMBERED + 100
    found = reading(*({"id": f"m{place}", "context_length": place + 1} for place in range(total)))
    assert [record.claims["context_length"].value for record in found.records] == list(range(1, total + 1))


def plain_reading(source: Source, name: str, payload: object) -> tuple[list[object], list[object]]:
    rows = [row for row in source.records.find(payload) if isinstance(row, dict)]
    plain = [read_plainly(source, name, row) for row in rows]
    return [claims for claims, _ in plain], [[(p.field, p.reason) for p in problems] for _, problems in plain]


def quick_reading(source: Source, name: str, payload: object) -> tuple[list[object], list[object]]:
    reader = RecordReader(source.fields, name)
    claims_of: list[object] = []
    problems_of: list[object] = []
    for row in source.records.find(payload):
        if isinstance(row, dict):
            claims, odd = reader.claims(row)
            for _, _, claim in odd:
                if isinstance(claim, Claim):
                    claims.setdefault("price_state", Claim("dynamic", claim.source, claim.path))
            claims_of.append(claims)
            problems_of.append([(field, bad.reason) for _, field, bad in odd if isinstance(bad, Bad)])
    return claims_of, problems_of


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_remembering_changes_nothing(data: st.DataObject) -> None:
    """Rows are read twice over, so that every value is met again."""
    provider, source = data.draw(st.sampled_from(SOURCES))
    rows: list[object] = list(data.draw(st.lists(rows_of(source), max_size=4)))
    name = f"{provider.slug}/{source.name}"
    payload = decode(body(enveloped(source, rows + rows)))
    assert quick_reading(source, name, payload) == plain_reading(source, name, payload)


@every_source
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_answer_is_read_or_refused(provider: Provider, source: Source, data: st.DataObject) -> None:
    rows: list[object] = data.draw(st.lists(st.one_of(rows_of(source), VALUES), max_size=4))
    answer = data.draw(st.one_of(st.just(enveloped(source, rows)), VALUES))
    try:
        found = read(provider.slug, source, [body(answer)], NOW)
    except PayloadError:
        return
    assert all(record.id.strip() for record in found.records)
    assert all(
        claim.value is not None and claim.value is not DYNAMIC for r in found.records for claim in r.claims.values()
    )
    assert all(problem.reason and len(problem.reason) < 400 for problem in found.problems)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_fields_no_rule_reads_change_nothing(data: st.DataObject) -> None:
    """Reading bytes skips what no rule looks at; reading decoded pages does not."""
    provider, source = data.draw(st.sampled_from(SOURCES))
    rows: list[object] = list(data.draw(st.lists(rows_of(source), max_size=4)))
    for row in rows:
        assert isinstance(row, dict)
        row["nobody reads this"] = data.draw(VALUES)
    page = body(enveloped(source, rows))
    try:
        expected = read_payloads(provider.slug, source, [decode(page)], NOW)
    except PayloadError:
        return
    found = read(provider.slug, source, [page], NOW)
    assert found.records == expected.records
    assert [p for p in found.problems if p.record] == list(expected.problems)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("slug", "name", "file"),
    [
        ("openrouter", "models", "2026/openrouter.json"),
        ("chutes", "v1", "chutes.json"),
        ("venice", "models", "venice.json"),
        ("chutes", "deployments", "chutes-deployments.json"),
        ("mistral", "models", "mistral.json"),
        ("requesty", "models", "requesty.json"),
        ("kilo", "models", "kilo.json"),
    ],
)
def test_recorded_answers_are_read_as_the_rules_define(slug: str, name: str, file: str) -> None:
    provider, source = provider_source(slug, name)
    payload = decode((shared_dir() / "responses" / file).read_bytes())
    assert quick_reading(source, provider.slug, payload) == plain_reading(source, provider.slug, payload)


def test_a_price_rule_and_a_text_rule_may_look_at_one_value() -> None:
    fields = field_map(id=Id("id"), prices={"input": Price("p", unit=Unit.USD_PER_MTOK)}, license=text("p"))
    source = Source("models", "/m", each("data"), fields)
    found = reading({"id": "a", "p": "0.5"}, {"id": "b", "p": 0.5}, source=source)
    assert set(found.records[0].claims) == {"prices.input", "license"}
    assert set(found.records[1].claims) == {"prices.input"}
    assert [problem.field for problem in found.problems] == ["license"]
