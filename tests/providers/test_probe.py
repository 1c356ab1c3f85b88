import tomllib
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeltui.errors import PayloadError
from modeltui.providers.evidence import guess_unit
from modeltui.providers.inline import provider_from_table
from modeltui.providers.payload import decode
from modeltui.providers.probe import Probe, probe, to_text, to_toml
from modeltui.providers.read import read
from modeltui.providers.spec import Provider
from modeltui.providers.units import Unit
from reading_cases import VALUES, body, enveloped, provider_source, rows_of, shared_dir

URL = "https://models.example/api/v2/models?all=true"


def row(place: int, **more: object) -> dict[str, object]:
    return {
        "id": f"m{place}",
        "display_name": f"Model {place}",
        "created": 1_700_000_000 + place * 86_400,
        "limits": {"context_length": 8192 * (place + 1)},
        "supported_parameters": ["tools", "temperature"] if place % 2 else ["temperature"],
        "pricing": {"prompt": f"0.000000{place + 1}", "completion": f"0.000002{place}"},
        "shard": {"region": "eu"},
        **more,
    }


ROWS = [row(place) for place in range(6)]


def looked_at(rows: object, where: str = "list") -> Probe:
    return probe(decode(body({where: rows, "object": "page"})))


def pasted(found: Probe, name: str = "mine", url: str = URL) -> Provider:
    return provider_from_table(name, tomllib.loads(to_toml(found, name, url))["providers"][name], "pasted")


def test_the_envelope_the_id_and_the_fields_are_found_with_samples() -> None:
    found = looked_at(ROWS)
    assert (found.records, found.total, found.id_path) == ("list", 6, "id")
    taken = {each.field: each.path for each in found.recognised}
    assert taken["name"] == "display_name"
    assert taken["context_length"] == "limits.context_length"
    assert taken["capabilities.tools"] == "supported_parameters"
    assert taken["prices.input"] == "pricing.prompt"
    samples = next(each.samples for each in found.recognised if each.field == "context_length")
    assert samples == ("8192", "16384", "24576")


def test_what_nothing_reads_is_ignored_with_its_count() -> None:
    ignored = {each.path: (each.stated, each.sample) for each in looked_at(ROWS).ignored}
    assert ignored["shard.region"] == (6, "'eu'")
    assert "limits.context_length" not in ignored


def test_one_text_is_taken_for_one_field_only() -> None:
    taken = [each.field for each in looked_at([row(place, name=f"N {place}") for place in range(3)]).recognised]
    paths = [each.path for each in looked_at([{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]).recognised]
    assert "name" in taken
    assert paths == ["name"]


def test_dates_that_are_the_time_of_the_answer_are_not_recognised() -> None:
    rows = [row(place, created=1_753_435_024 + place) for place in range(6)]
    assert "created_at" not in {each.field for each in looked_at(rows).recognised}


@pytest.mark.parametrize(
    ("raws", "unit"),
    [
        (["0.0000001", "0.0000004", "0.0000025", "0.00001"], Unit.USD_PER_TOKEN),
        ([1e-07, 4e-07, 1.25e-06], Unit.USD_PER_TOKEN),
        (["$0.00000055", "$0.00000219"], Unit.USD_PER_TOKEN),
        ([0.05, 0.3, 0.88, 3, 15, 100], Unit.USD_PER_MTOK),
        (["1.40", "0.2", "0.6"], Unit.USD_PER_MTOK),
        ([2800, 11400, 700, 14000, 4000, 5600], Unit.USD_E4_PER_MTOK),
        ([0.0001, 0.0005, 0.00006, 0.0003, 0.00015], Unit.CENTS_PER_TOKEN),
        ([0, "0", "-1"], None),
        (["free"], None),
        ([0.00003], None),
        ([300], None),
        ([1e-30, 1e20], None),
    ],
)
def test_the_unit_is_told_from_the_numbers_or_honestly_not(raws: list[object], unit: Unit | None) -> None:
    guess = guess_unit(decode(body(raws)))  # type: ignore[arg-type]  # a list, decoded as an answer is
    assert guess.unit is unit
    assert guess.evidence


def test_a_path_that_names_its_unit_is_believed_where_the_numbers_agree() -> None:
    guess = guess_unit([Decimal("300")], ["price.per_million_tokens.usd"])
    assert guess.unit is Unit.USD_PER_MTOK
    assert "the path says 'per_million'" in guess.evidence


def test_the_pasted_table_reads_the_answer_it_was_made_of() -> None:
    found = looked_at(ROWS)
    assert found.like is None
    made = pasted(found)
    assert (made.endpoint, made.sources[0].path, made.sources[0].query) == (
        "https://models.example/api/v2", "/models", "all=true",
    )  # fmt: skip
    records = read("mine", made.sources[0], [body({"list": ROWS})], datetime(2026, 11, 1, tzinfo=UTC)).records
    claims = {name: claim.value for name, claim in records[1].claims.items()}
    assert claims["prices.input"] == Decimal("0.2")
    assert claims["prices.output"] == Decimal("2.1")
    assert claims["context_length"] == 16384
    assert claims["capabilities.tools"] is True
    assert claims["created_at"] == datetime(2023, 11, 15, 22, 13, 20, tzinfo=UTC)


def test_prices_whose_unit_cannot_be_told_are_left_out_of_the_table() -> None:
    found = looked_at([row(place, pricing={"prompt": 300, "completion": 300}) for place in range(3)])
    assert found.prices.unit is None
    assert '# "prices.input" = { path = "pricing.prompt", unit = "" }' in to_toml(found, "mine", URL)
    assert not any(name.startswith("prices.") for name in pasted(found).sources[0].fields)


def test_a_secret_in_the_address_is_not_written_down() -> None:
    assert "s3cret" not in to_toml(looked_at(ROWS), "mine", "https://models.example/v1/models?api_key=s3cret")


def test_a_list_of_ids_is_any_openai_compatible_server() -> None:
    found = probe({"object": "list", "data": [{"id": "a", "object": "model"}, {"id": "b", "object": "model"}]})
    assert found.like == "openai"
    assert to_toml(found, "my server", "http://localhost:8000/v1/models") == (
        '[providers."my server"]\nendpoint = "http://localhost:8000/v1"\nlike = "openai"\n'
    )


def test_the_report_says_shapes_fields_unit_and_what_was_ignored() -> None:
    report = to_text(looked_at(ROWS))
    for line in ("6 records in 'list', their id at 'id'", "Price unit: USD per token", "  shard.region, in 6: 'eu'"):
        assert line in report


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ([{"id": "a"}], ""),
        ({"models": [], "data": [{"id": "a"}]}, "data"),
        ({"result": {"models": [{"name": "a"}]}}, "result.models"),
        ({"a": {"x": 1}, "b": {"x": 2}}, "*"),
    ],
)
def test_records_are_found_in_any_envelope(payload: object, where: str) -> None:
    assert probe(payload).records == where


@pytest.mark.parametrize(
    "payload", [None, 5, "x", [], {}, {"data": []}, {"data": [1]}, [{"n": 1}], {"data": [{"id": 5}]}]
)
def test_an_answer_without_records_or_ids_is_refused(payload: object) -> None:
    with pytest.raises(PayloadError):
        probe(payload)


ROW_KEYS = st.one_of(
    st.text(max_size=6), st.sampled_from(["id", "name", "pricing.x", "^", "a b", 'q"', "\x00", "\x7f", "é"])
)


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(st.dictionaries(ROW_KEYS, VALUES, max_size=5), max_size=4),
    where=st.sampled_from(["data", "", "x y", "*"]),
)
def test_any_answer_is_refused_or_told_and_its_table_is_accepted(rows: list[dict[str, object]], where: str) -> None:
    rows = [{"id": f"m{place}", **one} for place, one in enumerate(rows)]
    answer = (
        rows if not where else {f"k{place}": one for place, one in enumerate(rows)} if where == "*" else {where: rows}
    )
    try:
        found = probe(decode(body(answer)))
    except PayloadError:
        return
    assert to_text(found)
    assert pasted(found).endpoint == "https://models.example/api/v2"


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_the_answer_of_a_known_provider_is_told_and_its_table_is_accepted(data: st.DataObject) -> None:
    slug, name = data.draw(st.sampled_from([("openrouter", "models"), ("venice", "models"), ("models-dev", "catalog")]))
    _, source = provider_source(slug, name)
    drawn: list[object] = list(data.draw(st.lists(rows_of(source), min_size=1, max_size=3)))
    try:
        found = probe(decode(body(enveloped(source, drawn))))
    except PayloadError:
        return
    assert to_text(found)
    assert pasted(found).endpoint == "https://models.example/api/v2"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "like", "unit"),
    [("2026/openrouter.json", "openrouter", Unit.USD_PER_TOKEN), ("requesty.json", "requesty", Unit.USD_PER_TOKEN),
     ("chutes.json", None, Unit.USD_PER_MTOK), ("openai.json", "openai", None)],
)  # fmt: skip
def test_recorded_answers_are_recognised(file: str, like: str | None, unit: Unit | None) -> None:
    found = probe(decode((shared_dir() / "responses" / file).read_bytes()))
    assert found.prices.unit is unit
    assert like in {None, found.like}
