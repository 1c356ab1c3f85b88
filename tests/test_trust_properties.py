"""Whatever a server sends: the merge, the query, every sort and every export stand, in bounded time."""

import csv
import io
import json
import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modeltui.columns import COLUMNS
from modeltui.errors import QueryError
from modeltui.export import Json, document, offer_json, to_csv, to_ids, to_json, to_markdown
from modeltui.format import clean
from modeltui.query import apply, parse
from modeltui.sorting import sort_rows
from modeltui.state import Catalog
from modeltui.table_rows import rows_by_model, rows_by_offer
from reading_cases import SOURCES, VALUES, enveloped, rows_of
from trust_rows import NOW, catalog_of

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """A catalog of up to four sources that answer whatever their rules look at, and what no rule knows."""
    answers = []
    for provider, source in draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=4)):
        rows = draw(st.lists(st.one_of(rows_of(source), VALUES), max_size=5))
        answers.append((provider, source, draw(st.one_of(st.just(enveloped(source, rows)), VALUES))))
    return catalog_of(answers)


@SLOW
@given(catalogs())
def test_every_sort_is_a_stable_permutation_with_missing_values_last(catalog: Catalog) -> None:
    for rows in (rows_by_offer(catalog), rows_by_model(catalog)):
        for column in COLUMNS:
            for descending in (False, True):
                order = sort_rows(rows, [(column.key, descending)])
                assert sorted(order) == list(range(len(rows)))
                values = [column.sort_value(rows[index]) for index in order]
                gaps = [value is None for value in values]
                assert gaps == sorted(gaps)
                equal = [(a, b) for (a, x), (b, y) in pairwise(zip(order, values, strict=True)) if x == y]
                assert all(a < b for a, b in equal)
                again = [rows[index] for index in order]
                assert sort_rows(again, [(column.key, descending)]) == list(range(len(rows)))


@SLOW
@given(catalogs())
def test_every_cell_is_one_clean_line(catalog: Catalog) -> None:
    for rows in (rows_by_offer(catalog), rows_by_model(catalog)):
        for row in rows:
            for column in COLUMNS:
                text = column.text(row, NOW)
                assert clean(text, limit=len(text)) == text


@SLOW
@given(catalogs())
def test_every_export_comes_back(catalog: Catalog) -> None:
    offers: list[Json] = [offer_json(offer, catalog) for offer in catalog.offers]
    for ascii_only in (False, True):
        text = to_json(offers, ensure_ascii=ascii_only)
        assert json.loads(text, parse_constant=pytest.fail) == json.loads(to_json(offers))
    whole = document(catalog, catalog.offers, catalog.models, "1", None)
    assert len(json.loads(to_json(whole))["offers"]) == len(catalog.offers)
    for rows in (rows_by_offer(catalog), rows_by_model(catalog)):
        table = list(csv.reader(io.StringIO(to_csv(rows, COLUMNS, NOW))))
        assert len(table) == len(rows) + 1
        assert all(len(line) == len(table[0]) for line in table)
        assert to_markdown(rows, COLUMNS, NOW).count("\n") == len(rows) + 2
        assert to_ids(rows).count("\n") == len(rows)


PIECES = st.sampled_from(
    ["ctx", ">=", "<", ":", "128k", "tools", "-", "!", "in", "sort:", "new:7d", '"', ",", " ", "provider:", "(", "[/]",
     "1e999", "free", "\x1b", "out", "=", "-ctx", "cap:", "quant:fp8", "7d", "\u202e"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=60)))
def test_any_query_is_carried_out_or_refused_at_a_place_in_it(text: str) -> None:
    started = time.perf_counter()
    refused: QueryError | None = None
    try:
        query = parse(text, NOW)
    except QueryError as error:
        refused = error
    else:
        assert apply(query, [], NOW) == []
        assert parse(str(query), NOW) == query
    if refused is not None:
        assert 0 <= refused.start <= refused.end <= len(text)
        assert refused.message
    assert time.perf_counter() - started < 5


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(catalogs(), st.lists(PIECES, max_size=8).map("".join))
def test_a_query_names_rows_that_are_there_and_each_once(catalog: Catalog, text: str) -> None:
    rows = rows_by_offer(catalog)
    try:
        found = apply(parse(text, NOW), rows, NOW)
    except QueryError:
        return
    assert len(set(found)) == len(found)
    assert set(found) <= set(range(len(rows)))
