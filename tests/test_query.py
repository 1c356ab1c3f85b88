"""The query language: what it means, what it says of mistakes, and that text and value are two views of one thing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from modeltui.columns import COLUMNS
from modeltui.errors import QueryError
from modeltui.model import Deployment, Model, Offer, Prices, PriceState, mask_of
from modeltui.query import (
    Mode,
    Narrower,
    Query,
    Vocabulary,
    apply,
    complete,
    flag_counts,
    matches,
    matching_offers,
    parse,
    token_at,
    value_counts,
    vocabulary_of,
)
from modeltui.query_fuzzy import Heads
from modeltui.query_words import FIELD_HELP, FLAGS, KINDS, SORT_KEYS
from modeltui.state import Catalog, LatencySample
from modeltui.table_rows import Row, rows_by_model, rows_by_offer, with_costs

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def offer(provider: str, name: str, **facts: object) -> Offer:
    return structs.replace(Offer(provider=provider, id=name, model=name.rpartition("/")[2]), **facts)


def usd(price: str) -> dict[str, object]:
    state = PriceState.STATED if Decimal(price) else PriceState.ZERO
    return {"prices": Prices(input=Decimal(price), output=Decimal(price) * 4), "price_state": state}


OFFERS = (
    offer("chutes", "Qwen/Qwen3-32B", context_length=131_072, max_output_tokens=8192, quantization="fp8",
          capabilities=mask_of(["tools", "reasoning"]), open_weights=True, sources=("chutes/v1",), owner="Alibaba",
          created_at=NOW - timedelta(days=3), deployment=Deployment(hot=True, invocations=20_000), **usd("0.3")),
    offer("groq", "llama-3.3-70b", context_length=32_768, quantization="bf16", owner="Meta", status="deprecated",
          created_at=datetime(2026, 5, 31, 12, tzinfo=UTC), sources=("groq/models",), **usd("0")),
    offer("openrouter", "anthropic/claude-sonnet-4", context_length=200_000, capabilities=mask_of(["tools", "vision"]),
          owner="Anthropic", license="proprietary", sources=("openrouter/models",), conflicts=("prices.input",),
          **usd("3")),
    offer("openrouter", "openrouter/auto", price_state=PriceState.DYNAMIC),
    offer("affine", "affine/coder-7b", price_state=PriceState.PLAN, prices=Prices(input=Decimal(0))),
)  # fmt: skip
CATALOG = Catalog(
    offers=OFFERS,
    models=(),
    sources=(),
    built_at=NOW,
    latency={
        OFFERS[1].key: LatencySample(
            provider="groq", id="llama-3.3-70b", measured_at=NOW, ttft_s=0.2, tokens_per_s=300.0
        )
    },
)
ROWS = rows_by_offer(CATALOG)
KNOWN = vocabulary_of(ROWS)


def found(text: str, rows: list[Row] | None = None) -> list[str]:
    rows = ROWS if rows is None else rows
    return [rows[index].offers[0].id for index in apply(parse(text, NOW, known=KNOWN), rows, NOW)]


QWEN, LLAMA, CLAUDE, AUTO, CODER = (each.id for each in OFFERS)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [QWEN, LLAMA, CLAUDE, AUTO, CODER]),
        ("chutes qwen", [QWEN]),
        ("qwen chutes", [QWEN]),
        ("qwen,llama", [QWEN, LLAMA]),
        ("!affine -openrouter", [QWEN, LLAMA]),
        ("ctx>=128k", [QWEN, CLAUDE]),
        ("ctx >= 128k", [QWEN, CLAUDE]),
        ("ctx = 131k", [QWEN]),
        ("ctx=131072", [QWEN]),
        ("ctx<128k", [LLAMA]),
        ("-ctx>=128k", [LLAMA, AUTO, CODER]),
        ("ctx!=200k", [QWEN, LLAMA]),
        ("out>=8k", [QWEN]),
        ("in<=0.5", [QWEN, LLAMA]),
        ("in<=$0.5 in>0", [QWEN]),
        ("price<=1.2", [QWEN, LLAMA]),
        ("out<$2", [QWEN, LLAMA]),
        ("free", [LLAMA]),
        ("-free", [QWEN, CLAUDE, AUTO, CODER]),
        ("pricing:plan,dynamic", [AUTO, CODER]),
        ("tools", [QWEN, CLAUDE]),
        ("tools -vision", [QWEN]),
        ("vision,reasoning", [QWEN, CLAUDE]),
        ("cap:tools", [QWEN, CLAUDE]),
        ("open", [QWEN]),
        ("hot", [QWEN]),
        ("deprecated", [LLAMA]),
        ("-deprecated ctx>0", [QWEN, CLAUDE]),
        ("conflict", [CLAUDE]),
        ("new:7d", [QWEN]),
        ("age<30d", [QWEN]),
        ("released=2026-05", [LLAMA]),
        ("released>2026-05", [QWEN]),
        ("released<=2026-05-31", [LLAMA]),
        ("provider:chutes,groq", [QWEN, LLAMA]),
        ("-provider:openrouter", [QWEN, LLAMA, CODER]),
        ("PROVIDER:Chutes", [QWEN]),
        ("maker:meta", [LLAMA]),
        ("quant:none", [CLAUDE, AUTO, CODER]),
        ("quant:fp8", [QWEN]),
        ("source:openrouter", [CLAUDE]),
        ("source:chutes/v1", [QWEN]),
        ("state:hot", [QWEN]),
        ("license:propri", [CLAUDE]),
        ("uses>10k", [QWEN]),
        ("ttft<500ms tps>=300", [LLAMA]),
        ("offers>1", []),
        ('"sonnet-4"', [CLAUDE]),
        ('"tools"', []),
        ("-", [QWEN, LLAMA, CLAUDE, AUTO, CODER]),
    ],
)
def test_a_query_means_what_it_says(text: str, ids: list[str]) -> None:
    assert found(text) == ids


def test_a_price_that_is_unknown_is_neither_free_nor_cheap() -> None:
    for text in ("free", "in<=1", "price<=1", "outprice>=0", "in=0"):
        assert not {AUTO, CODER} & set(found(text))


def test_favourites_come_with_the_query() -> None:
    query = parse("fav", NOW)
    assert apply(query, ROWS, NOW, favourites={ROWS[2].key}) == [2]
    assert apply(parse("-fav", NOW), ROWS, NOW, favourites={ROWS[2].key}) == [0, 1, 3, 4]


def test_a_cost_condition_asks_for_a_known_cost() -> None:
    rows = with_costs(ROWS, lambda each: each.prices.input)
    assert found("cost<1", rows) == [QWEN, LLAMA, CODER]
    assert found("cost<1") == []


def model_row(*offers: Offer) -> list[Row]:
    models = (Model(key="m", name="Model", offers=offers),)
    return rows_by_model(Catalog(offers=offers, models=models, sources=(), built_at=NOW))


def test_one_offer_of_a_model_must_meet_all_conditions() -> None:
    able = offer("a", "able", capabilities=mask_of(["tools"]), context_length=8192)
    long = offer("b", "long", context_length=200_000, **usd("1"))
    rows = model_row(able, long)
    assert len(found("tools", rows)) == len(found("ctx>=128k", rows)) == len(found("ctx>=128k in<=1", rows)) == 1
    assert found("tools ctx>=128k", rows) == found("tools in<=1", rows) == []
    assert found("-tools", rows) == []
    assert matching_offers(parse("ctx>=128k", NOW), rows[0], NOW) == [1]
    both = structs.replace(long, capabilities=mask_of(["tools"]))
    assert found("tools ctx>=128k", model_row(able, both)) == ["able"]


def test_typos_are_forgiven_only_where_nothing_has_the_word() -> None:
    assert found("clade") == [CLAUDE]
    assert found("openrouter clade") == [CLAUDE]
    assert found("cla") == [CLAUDE]
    assert found("clade free") == []
    assert found("zzzz") == []


def test_the_best_match_comes_first_unless_an_order_is_asked_for() -> None:
    rows = rows_by_offer(
        Catalog(
            offers=(offer("x", "my-qwen"), offer("x", "notqwen"), offer("qwen-host", "phi"), offer("x", "qwen")),
            models=(),
            sources=(),
            built_at=NOW,
        )
    )
    assert found("qwen", rows) == ["qwen", "my-qwen", "notqwen", "phi"]
    assert found("qwen sort:model", rows) == ["my-qwen", "notqwen", "phi", "qwen"]


@pytest.mark.parametrize(
    ("text", "wrong", "said"),
    [
        ("tools contxt>=128k", "contxt", "context"),
        ("ctx>=many", "many", "128k"),
        ("ctx>=", "ctx", "missing"),
        ("provider:chuts", "chuts", "chutes"),
        ("quant:fp9", "fp9", "fp8"),
        ("state:hto", "hto", "hot"),
        ("cap:tolls", "tolls", "tools"),
        ("sort:contxt", "contxt", "context"),
        ("provder:groq", "provder", "provider"),
        ("released>2026-13", "2026-13", "no such day"),
        ("released>soon", "soon", "2026-05"),
        ("age<7m", "7m", "3mo"),
        ("new:soon", "soon", "7d"),
        ("provider>3", "provider", "provider:value"),
        ("out<2", "2", "outprice<2"),
        (">=128k", ">=", "ctx>=128k"),
        ('qwen "a b" ctx>=1.2.3', "1.2.3", "128k"),
    ],
)
def test_a_mistake_is_underlined_and_explained(text: str, wrong: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, NOW, known=KNOWN)
    error = caught.value
    assert text[error.start : error.end] == wrong
    assert said in f"{error.message} {error.hint}"


def test_an_id_with_a_colon_is_a_word() -> None:
    (term,) = parse("deepseek/deepseek-r1:free", NOW, known=KNOWN).terms
    assert term.word == "deepseek/deepseek-r1:free"


@pytest.mark.parametrize("text", [
    "qwen coder tools -vision ctx>=128k in<=0.5 provider:chutes,groq sort:-context,in",
    '"claude sonnet" -"a,b" "tools" new:7d -cap:code llama,qwen -free fav released>=2026-05',
    'maker:"meta llama" source:chutes/v1 "ctx>=1" ttft<500ms',
])  # fmt: skip
def test_a_query_and_its_text_are_two_views_of_one_thing(text: str) -> None:
    query = parse(text, NOW)
    assert str(query) == text
    assert parse(str(query), NOW) == query


def parsed(text: str) -> Query | QueryError:
    try:
        return parse(text, NOW, known=KNOWN)
    except QueryError as error:
        return error


_PIECES = st.sampled_from(
    ["ctx", ">=", "128k", ":", "tools", "-", "!", ",", '"', "\\", " ", "in", "<", "0.5", "provider", "a", "É", "new:7d",
     "sort:-in", "code", "cap:", "free", "=", "x y", "\u3000", "age<3d", "out", "released=2026-05"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=4), max_size=12).map("".join))
def test_any_text_is_a_query_that_round_trips_or_a_mistake_with_a_place(text: str) -> None:
    query = parsed(text)
    if isinstance(query, QueryError):
        assert 0 <= query.start <= query.end <= len(text)
        assert query.message
    else:
        assert parse(str(query), NOW) == query
        apply(query, ROWS, NOW)


@given(st.lists(st.sampled_from([
    "q", "qw", "qwen", "qwen c", "qwen tools", "tools", "ctx>=8k", "ctx>=128k tools", "-vision q", "zzzz", "clade",
    "free q", "",
]), max_size=12))  # fmt: skip
def test_narrowing_gives_what_a_fresh_look_gives(texts: list[str]) -> None:
    narrower = Narrower(ROWS, NOW)
    for text in texts:
        query = parse(text, NOW)
        assert narrower.apply(query) == apply(query, ROWS, NOW)


MANY = rows_by_offer(
    Catalog(
        tuple(
            offer(("qwen", "groq")[place % 3 == 0], f"{('qwen', 'qwq', 'my-qwen', 'llama')[place % 4]}-{place}")
            for place in range(7_000)
        ),
        (),
        (),
        NOW,
    )
)
"""More rows than are weighed one by one, some led by what is typed and some that have it elsewhere."""


@given(st.lists(st.sampled_from([
    "q", "qw", "qwe", "qwen", "qwen 1", "qwq", "w", "qw -groq", "qwe -groq", "q groq", "qw groq", "q sort:model",
    "-q", "",
]), max_size=8))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_narrowing_many_rows_gives_what_a_fresh_look_gives(texts: list[str]) -> None:
    narrower = Narrower(MANY, NOW)
    for text in texts:
        query = parse(text, NOW)
        assert narrower.apply(query) == apply(query, MANY, NOW)


def test_of_many_hits_those_come_first_whose_titles_begin_with_the_word() -> None:
    hits = apply(parse("qw", NOW), MANY, NOW)
    leads = [MANY[index].title.startswith("qw") for index in hits]
    assert leads == sorted(leads, reverse=True)
    assert True in leads
    assert False in leads


def test_the_narrower_tells_of_near_matches_and_goes_back() -> None:
    narrower = Narrower(ROWS, NOW)
    assert narrower.apply(parse("cla", NOW)) == [2]
    assert not narrower.resembling
    assert narrower.apply(parse("clade", NOW)) == [2]
    assert narrower.resembling
    assert narrower.apply(parse("", NOW)) == [0, 1, 2, 3, 4]
    assert not narrower.resembling


def test_a_flag_goes_from_require_to_exclude_to_off() -> None:
    query = parse("qwen vision", NOW)
    texts = [str(query := query.cycled("vision")) for _ in range(3)]
    assert texts == ["qwen -vision", "qwen", "qwen vision"]
    assert query.mode_of("vision") is Mode.REQUIRE
    assert str(query.with_capability("structured", "exclude")) == "qwen vision -structured_output"
    with pytest.raises(QueryError) as caught:
        query.with_capability("vison", Mode.OFF)
    assert "vision" in caught.value.hint


def test_values_are_chosen_and_dropped() -> None:
    query = parse("qwen", NOW).with_values("provider", ("Chutes", "groq"))
    assert str(query) == "qwen provider:chutes,groq"
    assert query.values_of("provider") == ("chutes", "groq")
    assert str(query.with_values("provider", ())) == "qwen"
    assert str(query.without(0)) == "provider:chutes,groq"


def test_queries_combine() -> None:
    saved = parse("tools ctx>=128k sort:in", NOW)
    assert str(saved.combined(parse("qwen tools", NOW))) == "tools ctx>=128k qwen sort:in"
    assert str(Query().with_sort((("in", False), ("context", True)))) == "sort:in,-context"


def test_matched_letters_of_a_title_are_given_in_order() -> None:
    row = ROWS[0]
    assert [row.title[a:b] for a, b in matches(parse("32b qwen chutes", NOW), row)] == ["Qwen", "Qwen", "32B"]
    assert [ROWS[2].title[a:b] for a, b in matches(parse("sonet", NOW), ROWS[2])] in (["sonne"], ["onnet"], ["sonnet"])
    assert matches(parse("-qwen tools", NOW), row) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("prov", "provider:"), ("ct", "ctx>="), ("provider:ch", "provider:chutes"), ("-vis", "-vision"),
        ("provider:groq,ch", "provider:groq,chutes"), ("qwen quant:f", "quant:fp8"), ("sort:-con", "sort:-context"),
        ("cap:cod", "cap:code"), ("", "provider:"), ("grq", None), ("state:dep", "state:deprecated"),
    ],
)  # fmt: skip
def test_words_are_completed(text: str, first: str | None) -> None:
    found_words = complete(text, len(text), KNOWN)
    assert (found_words[0] if found_words else None) == first


def test_a_completion_replaces_the_word_at_the_cursor() -> None:
    text = "qwen prov tools"
    start, end = token_at(text, 9)
    assert text[start:end] == "prov"
    assert complete(text, 9, Vocabulary())[0] == "provider:"


def test_every_completion_can_be_read() -> None:
    for text in ("provider:", "maker:", "quant:", "source:", "state:", "pricing:", "cap:", "sort:", "new:", "license:"):
        for word in complete(text, len(text), KNOWN):
            assert parse(word, NOW, known=KNOWN) != Query()


def test_counts_tell_how_many_rows_would_stay() -> None:
    query = parse("ctx>0", NOW)
    hits = apply(query, ROWS, NOW)
    counts = flag_counts(query, ROWS, hits, NOW, ("tools", "vision", "free", "open"))
    assert counts == {name: len(found(f"ctx>0 {name}")) for name in counts}
    assert value_counts(ROWS, hits) == {"chutes": 1, "groq": 1, "openrouter": 1}
    assert value_counts(ROWS, range(len(ROWS)), "quantization") == {"fp8": 1, "bf16": 1}


def test_counts_of_models_ask_one_offer_for_everything() -> None:
    rows = model_row(
        offer("a", "able", capabilities=mask_of(["tools"]), context_length=8192),
        offer("b", "long", context_length=200_000),
    )
    query = parse("ctx>=128k", NOW)
    assert flag_counts(query, rows, apply(query, rows, NOW), NOW, ("tools",)) == {"tools": 0}


def test_the_words_of_the_language_are_those_of_the_program() -> None:
    assert tuple(column.key for column in COLUMNS) == SORT_KEYS
    assert set(FIELD_HELP) == set(KINDS)
    for flag in FLAGS:
        assert str(Query().with_capability(flag, Mode.REQUIRE))


def test_mine_keeps_what_there_is_a_key_for() -> None:
    from modeltui.model import Offer
    from modeltui.state import Catalog, SourceHealth, SourceStatus

    sources = tuple(
        SourceStatus(f"{name}/models", name, "https://x", SourceHealth.LIVE, key_present=name == "a") for name in "ab"
    )
    catalog = Catalog((Offer("a", "one"), Offer("b", "two")), (), sources, NOW)
    rows = rows_by_offer(catalog)
    assert apply(parse("mine", NOW), rows, NOW) == [0]
    assert apply(parse("-mine", NOW), rows, NOW) == [1]


def test_heads_tell_what_texts_begin_with() -> None:
    texts = ["", "q", "qwen", "qwen-max", "qwen-max-2", "modèle", "模型一二三", "モデル", "a\x1fb", "\ud800x"]
    words = [
        "q",
        "qwen",
        "qwen-max",
        "qwen-max-",
        "qwen-max-2",
        "mod",
        "modè",
        "模型",
        "模型一二三",
        "モ",
        "a",
        "a\x1f",
        "\ud800",
    ]
    heads = Heads(texts)
    for word in words:
        assert heads.begin_with(word, range(len(texts))) == [text.startswith(word) for text in texts], word


def test_many_rows_are_found_in_the_same_order_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{name}-{number}" for number in range(40) for name in ("qwen", "max-qwen", "q")]
    rows = rows_by_offer(structs.replace(CATALOG, offers=tuple(offer("one", name) for name in names)))
    monkeypatch.setattr("modeltui.query_run.RANKED_AT_MOST", 10)
    found = []
    for many in (10, 10_000):
        monkeypatch.setattr("modeltui.query_facts.MANY", many)
        narrower = Narrower(rows, NOW)
        found.append([narrower.apply(parse(text, NOW)) for text in ("q", "qw", "qwe", "qw", "qwen-3", "m")])
    assert found[0] == found[1]
