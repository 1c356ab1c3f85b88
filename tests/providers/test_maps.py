"""Every provider's map against answers in its shape, and the maps against themselves."""

from collections import Counter
from decimal import Decimal

import pytest

from map_samples import (
    FETCHED_AT,
    GOLDEN,
    NAMES,
    SOURCES,
    claims_of,
    golden_of,
    leads_somewhere,
    paths_of,
    payload_files,
    plain,
    raw_records,
    reading_of,
)
from modeltui.errors import PayloadError
from modeltui.providers.envelopes import One
from modeltui.providers.payload import decode
from modeltui.providers.prices import BAND
from modeltui.providers.read import read_payloads
from modeltui.providers.records import each
from modeltui.providers.registry import PROVIDERS
from modeltui.providers.spec import Bearer, HeaderKey, KeyUse, Public, Source

every_source = pytest.mark.parametrize(("slug", "source"), SOURCES, ids=NAMES)
every_provider = pytest.mark.parametrize("slug", PROVIDERS)


@every_source
def test_every_path_of_a_map_leads_somewhere_in_its_answers(slug: str, source: Source) -> None:
    records = raw_records(slug, source)
    assert records, f"no answer of {slug}/{source.name} under tests/providers/payloads"
    dead = [
        f"{name}: {path}"
        for name, rule in source.fields.items()
        for path in paths_of(rule)
        if not leads_somewhere(path, records)
    ]
    assert dead == []


@every_source
def test_every_field_of_a_map_is_stated_by_some_answer(slug: str, source: Source) -> None:
    golden = golden_of(slug)["sources"]
    assert isinstance(golden, dict)
    answers = [golden[path.stem]["records"] for path in payload_files(slug, source.name)]
    stated = {name for records in answers for record in records.values() for name in record}
    assert set(source.fields) - stated - {"id"} == set()


@every_provider
def test_the_answers_of_a_provider_are_read_as_its_golden_says(slug: str) -> None:
    assert claims_of(slug) == golden_of(slug)["sources"]


@every_provider
def test_a_golden_says_what_it_was_checked_against(slug: str) -> None:
    golden = golden_of(slug)
    assert isinstance(golden["note"], str)
    assert len(golden["note"]) > 20
    published, sources = golden["published"], golden["sources"]
    assert isinstance(published, dict)
    assert isinstance(sources, dict)
    for place, value in published.items():
        answer, record, field = place.split(" ")
        assert sources[answer]["records"][record][field] == value, place


@every_provider
def test_a_provider_that_states_token_prices_is_checked_against_a_published_one(slug: str) -> None:
    reads_prices = any("prices.input" in source.fields for source in PROVIDERS[slug].sources)
    assert bool(golden_of(slug)["published"]) is reads_prices


@every_provider
def test_token_prices_are_zero_or_within_the_band(slug: str) -> None:
    sources = golden_of(slug)["sources"]
    assert isinstance(sources, dict)
    for answer in sources.values():
        for record, fields in answer["records"].items():
            for name in ("prices.input", "prices.output"):
                usd = Decimal(fields.get(name, 0))
                assert usd == 0 or BAND[0] <= usd <= BAND[1], f"{record} {name} {usd}"


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(PROVIDERS)


def test_there_are_at_least_45_providers_and_no_slug_twice() -> None:
    slugs = [provider.slug for provider in PROVIDERS.values() if not provider.catalogue]
    assert len(slugs) >= 45
    assert list(PROVIDERS) == [provider.slug for provider in PROVIDERS.values()]


@every_provider
def test_a_provider_is_asked_over_https_unless_it_is_local(slug: str) -> None:
    provider = PROVIDERS[slug]
    addresses = [provider.endpoint, *(source.endpoint for source in provider.sources if source.endpoint)]
    scheme = "http://localhost" if provider.local else "https://"
    assert all(address.startswith(scheme) and not address.endswith("/") for address in addresses)


@every_provider
def test_a_provider_says_what_its_map_rests_on(slug: str) -> None:
    provider = PROVIDERS[slug]
    assert provider.evidence
    assert "202" in provider.evidence or "source" in provider.evidence
    assert provider.docs.startswith("https://") or slug == "openai-compatible"


@every_source
def test_a_map_has_an_id_and_a_path(slug: str, source: Source) -> None:
    assert "id" in source.fields
    assert source.path.startswith("/")
    assert source.on_demand is ("{id}" in source.path)


@every_provider
def test_the_names_of_a_providers_sources_differ(slug: str) -> None:
    provider = PROVIDERS[slug]
    assert max(Counter(source.name for source in provider.sources).values()) == 1
    assert set().union(*provider.precedence.values()) <= {source.name for source in provider.sources}


@every_source
def test_a_source_that_wants_a_key_is_not_called_public(slug: str, source: Source) -> None:
    if source.key_use is KeyUse.ALWAYS:
        assert source.public is Public.NO


@every_provider
def test_a_hosted_provider_names_the_variable_of_its_key(slug: str) -> None:
    provider = PROVIDERS[slug]
    if not provider.local and not provider.catalogue:
        assert isinstance(provider.auth, Bearer | HeaderKey)
        assert provider.auth.env
        assert all(name == name.upper() for name in provider.auth.env)


def test_a_value_is_written_without_losing_a_digit() -> None:
    assert plain(Decimal("0.10")) == "0.10"
    assert plain((Decimal("1E+1"),)) == ["10"]


@every_source
@pytest.mark.parametrize("answer", [{"error": {"message": "no"}}, 5, None, "text"])
def test_another_envelope_fails_the_source(slug: str, source: Source, answer: object) -> None:
    with pytest.raises(PayloadError):
        read_payloads(slug, source, [answer], FETCHED_AT)


@every_source
def test_one_bad_record_leaves_the_others(slug: str, source: Source) -> None:
    path = payload_files(slug, source.name)[0]
    good = reading_of(slug, source, path)
    if isinstance(source.records, One) or not good.records:
        return
    rows = [*source.records.find(decode(path.read_bytes())), 5, None, {}, {"id": 7, "name": 7, "model": 7}]
    again = read_payloads(slug, plain_rows(source), [rows], FETCHED_AT)
    assert {record.id for record in again.records} == {record.id for record in good.records}
    assert len(again.problems) >= len(good.problems) + 4


def plain_rows(source: Source) -> Source:
    return Source(source.name, source.path, each(""), source.fields)
