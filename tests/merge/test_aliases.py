"""The user decides last, and everything the user did not speak of stays."""

from modeltui.merge.aliases import Aliases
from modeltui.merge.match import link
from modeltui.model import Offer

LLAMAS = [
    Offer("venice", "llama-3.3-70b"),
    Offer("cerebras", "llama-3.3-70b"),
    Offer("groq", "llama-3.3-70b-versatile"),
    Offer("alpha", "acme/other-7b"),
    Offer("beta", "acme/other-7b"),
]


def keys(aliases: Aliases) -> list[str]:
    return list(link(LLAMAS, aliases).keys)


def test_aliases_of_nothing_are_false() -> None:
    assert not Aliases.none()
    assert not Aliases.of(same=[["only/one"]], different=[[]])
    assert Aliases.of(same=[["a/x", "b/y"]])


def test_joining_two_offers_joins_their_rows() -> None:
    found = keys(Aliases.of(same=[["venice/llama-3.3-70b", "alpha/acme/other-7b"]]))
    assert len(set(found)) == 1


def test_joining_says_who_said_so() -> None:
    linking = link(LLAMAS, Aliases.of(same=[["venice/llama-3.3-70b", "alpha/acme/other-7b"]]))
    assert linking.links[0].method == linking.links[3].method == "alias"
    assert "you said" in linking.links[0].basis
    assert linking.links[1].method != "alias"


def test_splitting_takes_the_second_out_and_leaves_the_rest() -> None:
    found = keys(Aliases.of(different=[["venice/llama-3.3-70b", "cerebras/llama-3.3-70b"]]))
    assert found[0] == found[2] != found[1]
    assert len(set(found)) == 3


def test_everyone_of_a_different_group_has_a_row_of_their_own() -> None:
    group = [offer.key for offer in LLAMAS[:3]]
    assert len(set(keys(Aliases.of(different=[group])))) == 4


def test_different_wins_where_both_are_said() -> None:
    pair = ["venice/llama-3.3-70b", "cerebras/llama-3.3-70b"]
    found = keys(Aliases.of(same=[pair], different=[pair]))
    assert found[0] != found[1]


def test_companions_leave_together() -> None:
    aliases = Aliases.of(
        same=[["cerebras/llama-3.3-70b", "alpha/acme/other-7b"]],
        different=[["venice/llama-3.3-70b", "cerebras/llama-3.3-70b"]],
    )
    found = keys(aliases)
    assert found[1] == found[3] != found[0]


def test_an_alias_of_an_offer_that_is_not_listed_changes_nothing() -> None:
    aliases = Aliases.of(same=[["gone/x", "venice/llama-3.3-70b"]], different=[["gone/x", "gone/y"]])
    assert keys(aliases) == keys(Aliases.none())


def test_splitting_forgets_that_the_two_were_joined() -> None:
    aliases = Aliases.of(same=[["a/1", "b/2", "c/3"]]).split("a/1", "b/2")
    assert aliases.same == (("a/1", "c/3"),)
    assert aliases.different == (("a/1", "b/2"),)


def test_joining_forgets_that_the_two_were_split_and_nothing_else() -> None:
    aliases = Aliases.of(different=[["a/1", "b/2", "c/3"]]).join("a/1", "b/2")
    assert aliases.different == (("a/1", "c/3"), ("b/2", "c/3"))
    assert aliases.same == (("a/1", "b/2"),)


def test_ids_of_one_provider_are_found_among_the_groups() -> None:
    aliases = Aliases.of(same=[["chutes/a", "chutes/b", "other/c"]], different=[["chutes/x", "chutes/y"]])
    assert aliases.same_ids("chutes")["a"] == {"a", "b"}
    assert aliases.same_ids("nobody") == {}
    assert ("y", "x") in aliases.different_ids("chutes")
