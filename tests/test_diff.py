"""A diff tells what the world changed, not what was looked at for the first time and not how it was rounded."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from modeltui.diff import Change, ChangeKind, Diff, FirstSeen, compare, summary, told
from modeltui.model import Claim, Offer, Prices, PriceState, PriceTier, mask_of
from modeltui.state import Catalog, SourceHealth, SourceStatus
from store_samples import NOON


def offer(name: str = "one", provider: str = "sample", source: str = "v1", **facts: object) -> Offer:
    made = Offer(provider, name, sources=(f"{provider}/{source}",), context_length=131_072)
    return structs.replace(made, **facts)


def priced(text: str, name: str = "one", state: PriceState = PriceState.STATED) -> Offer:
    return offer(name, prices=Prices(input=Decimal(text)), price_state=state)


def catalog(*offers: Offer, also: Sequence[str] = (), claims: dict[str, dict[str, tuple[Claim, ...]]] | None = None,
            later: int = 0) -> Catalog:  # fmt: skip
    counts = dict.fromkeys(also, 1)
    for made in offers:
        for source in made.sources:
            counts[source] = counts.get(source, 0) + 1
    statuses = tuple(
        SourceStatus(source, source.partition("/")[0], "", SourceHealth.LIVE, records=count)
        for source, count in counts.items()
    )
    when = NOON + timedelta(days=later)
    return Catalog(offers=offers, models=(), sources=statuses, built_at=when, claims=claims or {})


def changes(older: Offer, newer: Offer) -> list[str]:
    return [told(change) for change in compare(catalog(older), catalog(newer)).changes]


def test_the_same_catalog_has_no_changes_and_tells_its_moments() -> None:
    found = compare(catalog(offer()), catalog(offer(), later=7))
    assert found == Diff(NOON, NOON + timedelta(days=7), ())


def test_offers_come_and_go() -> None:
    found = compare(catalog(offer("a"), offer("b")), catalog(offer("b"), offer("c")))
    assert [(change.kind, change.offer.id) for change in found.changes] == [
        (ChangeKind.ADDED, "c"), (ChangeKind.REMOVED, "a"),
    ]  # fmt: skip


def test_a_provider_that_was_never_read_before_is_first_seen_and_adds_nothing() -> None:
    found = compare(catalog(offer("a")), catalog(offer("a"), offer("b", "fresh"), offer("c", "fresh")))
    assert (found.changes, found.first_seen) == ((), (FirstSeen("fresh/v1", 2),))


def test_a_provider_that_is_no_longer_read_removes_nothing() -> None:
    found = compare(catalog(offer("a"), offer("b", "gone")), catalog(offer("a")))
    assert (found.changes, found.left_out) == ((), ("gone/v1",))


def test_a_second_source_of_a_known_provider_adds_nothing_by_itself() -> None:
    older = catalog(offer("a"))
    newer = catalog(offer("a"), offer("b", source="v2"))
    assert compare(older, newer).changes == ()
    assert [told.offer.id for told in compare(catalog(offer("a"), also=["sample/v2"]), newer).changes] == ["b"]


def test_offers_of_a_catalogue_count_only_where_their_provider_was_never_read() -> None:
    listed = structs.replace(offer("a", "other"), sources=("snapshot/catalog",))
    anchor = structs.replace(offer("x", "third"), sources=("snapshot/catalog",))
    assert [change.kind for change in compare(catalog(anchor), catalog(anchor, listed)).changes] == [ChangeKind.ADDED]
    read_since = catalog(anchor, offer("b", "other"))
    assert compare(catalog(anchor, listed), read_since).changes == ()


def test_prices_tell_by_how_much() -> None:
    assert changes(priced("0.3"), priced("0.25")) == ["input $0.3 → $0.25 (-16.7 %)"]
    assert changes(priced("0.25"), priced("0.5")) == ["input $0.25 → $0.5 (+100.0 %)"]


def test_a_price_that_was_zero_has_no_percentage() -> None:
    assert changes(priced("0", state=PriceState.ZERO), priced("0.5")) == ["input $0 → $0.5"]


def test_a_price_that_is_no_longer_stated_is_not_zero() -> None:
    gone = offer(price_state=PriceState.UNKNOWN)
    assert changes(priced("0.3"), gone) == ["input $0.3 → –"]  # noqa: RUF001  # the sign for "not stated"


@pytest.mark.parametrize(("before", "after"), [("0.30", "0.3"), ("1", "1.00")])
def test_another_spelling_of_a_price_is_no_change(before: str, after: str) -> None:
    assert changes(priced(before), priced(after)) == []


@pytest.mark.parametrize(("before", "after"), [("0.2976", "0.3"), ("1.2345", "1.2346")])
def test_a_small_change_of_a_price_is_a_change(before: str, after: str) -> None:
    assert len(changes(priced(before), priced(after))) == 1


def test_a_length_that_becomes_another_number_is_a_change() -> None:
    assert len(changes(offer(context_length=131_072), offer(context_length=131_000))) == 1


def test_a_price_that_became_part_of_a_plan_is_told_as_that() -> None:
    assert changes(priced("0", state=PriceState.ZERO), priced("0", state=PriceState.PLAN)) == [
        "price state zero → plan"
    ]
    assert changes(priced("0.3"), priced("0.1", state=PriceState.DYNAMIC)) == ["price state stated → dynamic"]


def test_tiers_are_prices() -> None:
    tier = PriceTier(Prices(input=Decimal(2)), above_prompt_tokens=200_000)
    found = changes(priced("1"), structs.replace(priced("1"), price_tiers=(tier,)))
    assert found == ["price tiers – → above 200K: $2 input"]  # noqa: RUF001  # the sign for "not stated"


def test_limits_capabilities_quantization_and_status_are_told_apart() -> None:
    before = offer(quantization="bf16", capabilities=mask_of(["tools", "vision"]), status="active")
    after = offer(
        context_length=262_144,
        quantization="fp8",
        capabilities=mask_of(["tools", "reasoning"]),
        status="deprecated",
        retires_at=NOON,
        max_output_tokens=8192,
    )
    found = compare(catalog(before), catalog(after)).changes
    assert [(change.kind.value, told(change)) for change in found] == [
        ("limit", "context length 131K → 262K (+100.0 %)"),
        ("limit", "max output tokens – → 8192"),  # noqa: RUF001  # the sign for "not stated"
        ("capability", "+ reasoning"),
        ("capability", "- vision"),
        ("quantization", "quantization bf16 → fp8"),
        ("status", "retires at – → 2026-03-01"),  # noqa: RUF001  # the sign for "not stated"
        ("status", "status active → deprecated"),
    ]


def test_values_that_read_the_same_are_spelled_out() -> None:
    change = Change(ChangeKind.LIMIT, offer(), "context_length", 1_048_576, 1_051_000)
    assert told(change) == "context length 1048576 → 1051000 (+0.2 %)"


def test_a_value_that_only_a_new_source_states_is_no_change() -> None:
    both = ("sample/v1", "sample/v2")
    first = Claim(131_072, "sample/v1", "context")
    older = catalog(offer(), claims={"sample/one": {"context_length": (first,)}})
    more = {
        "context_length": (Claim(65_536, "sample/v2", "ctx"), first),
        "quantization": (Claim("fp8", "sample/v2", "quant"),),
        "capabilities.tools": (Claim(True, "sample/v2", "tools"),),
    }
    richer = offer(sources=both, context_length=65_536, quantization="fp8", capabilities=mask_of(["tools"]))
    found = compare(older, catalog(richer, claims={"sample/one": more}))
    assert (found.changes, found.first_seen) == ((), (FirstSeen("sample/v2", 1),))
    moved = {**more, "context_length": (more["context_length"][0], Claim(32_768, "sample/v1", "context"))}
    (change,) = compare(older, catalog(richer, claims={"sample/one": moved})).changes
    assert (change.before, change.after) == (131_072, 32_768)


def test_foreign_text_is_safe_to_show() -> None:
    assert changes(offer(quantization="fp8"), offer(quantization="\x1b[31mred"))[0].isprintable()


def test_an_offer_is_summed_up_with_what_is_known_of_its_price() -> None:
    full = structs.replace(priced("0.3"), prices=Prices(input=Decimal("0.3"), output=Decimal("1.2")))
    assert summary(full) == "131K context, $0.3 input, $1.2 output"
    assert summary(offer(price_state=PriceState.OTHER_UNIT)) == "131K context, price: other unit"


@given(st.permutations(["a", "b", "c", "d"]), st.integers(0, 4))
def test_the_order_of_a_catalog_changes_nothing(names: list[str], kept: int) -> None:
    older = catalog(*map(offer, sorted(names)))
    newer = catalog(*map(offer, names[:kept]), also=["sample/v1"])
    gone = [change.offer.id for change in compare(older, newer).changes]
    assert gone == sorted(names[kept:])
