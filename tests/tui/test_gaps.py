"""The gaps screen: which pair is compared, what is told of it, and where it is saved."""

from pathlib import Path

import msgspec
import pytest

from hand import Hand, running
from modeltui.errors import NotFoundError
from modeltui.merge.gaps import Coverage, Gaps, OnlyIn
from modeltui.merge.pairing import NearMiss, Pair
from modeltui.state import Catalog, SourceHealth, SourceStatus
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.screens.choose import ChooseScreen
from modeltui.tui.screens.gaps import GapsScreen, pairs_of, save
from modeltui.tui.widgets.drawn import LinePane
from screen_stand_in import NOW, StandIn, make_catalog

SIZE = (120, 40)
SOME = Gaps(
    source_a="chutes/v1", source_b="chutes/deployments", total_a=3, total_b=4, distinct_a=3, distinct_b=3,
    duplicates_a={}, duplicates_b={"Twice": 2}, matched=2, by_method={"exact": 1, "normalised": 1}, share=2 / 3,
    joined=(Pair("Qwen3-32B", "qwen3_32b", "normalised", 100.0, "both read as qwen3-32b"),),
    only_a=(OnlyIn("gpt-oss-120b-TEE", "near miss", "alike at 86", near=NearMiss("a", "b", 86.0, "service")),),
    only_b=(OnlyIn("evil\x1b[2J", "not public", "public: false", ("another owner",)),),
    coverage=(Coverage("context_length", 3, 0, 1.0, 0.0),),
)  # fmt: skip


def with_sources(*names: str) -> Catalog:
    sources = tuple(
        SourceStatus(name, name.partition("/")[0], "", SourceHealth.LIVE, fetched_at=NOW, records=3) for name in names
    )
    return msgspec.structs.replace(make_catalog(), sources=sources)


def app_of(backend: StandIn) -> ModelTuiApp:
    return ModelTuiApp(backend, clock=lambda: NOW, auto_refresh=False)


async def opened(app: ModelTuiApp, pilot: Hand) -> GapsScreen:
    await pilot.press("g")
    await pilot.done()
    assert isinstance(app.screen, GapsScreen)
    return app.screen


def test_pairs_of_one_provider_are_offered_the_usual_one_first() -> None:
    assert pairs_of(["a/x", "a/y", "b/x", "chutes/v1", "chutes/deployments"]) == [
        ("chutes/v1", "chutes/deployments"),
        ("a/x", "a/y"),
    ]


async def test_the_usual_pair_is_compared_and_everything_is_told() -> None:
    backend = StandIn(with_sources("a/x", "a/y", "chutes/v1", "chutes/deployments"))
    backend.some_gaps = SOME
    app = app_of(backend)
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        assert backend.asked_gaps == [("chutes/v1", "chutes/deployments")]
        text = screen.query_one(LinePane).text
        for told in (
            "2 matched", "67 % of the smaller side", "exact 1", "Twice (2)", "both read as qwen3-32b", "alike at 86",
            "Only in chutes/deployments: 1", "not public; another owner", "context_length", "100 %",
        ):  # fmt: skip
            assert told in text
        assert "\x1b" not in text


async def test_another_pair_is_chosen_one_source_after_the_other() -> None:
    backend = StandIn(with_sources("a/x", "b/y", "chutes/v1", "chutes/deployments"))
    backend.some_gaps = SOME
    app = app_of(backend)
    async with running(app, SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("s")
        await pilot.pause()
        assert isinstance(app.screen, ChooseScreen)
        await pilot.press("down", "enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.done()
        assert backend.asked_gaps[-1] == ("a/x", "b/y")


async def test_a_source_without_an_answer_is_said_to_have_none() -> None:
    backend = StandIn(with_sources("chutes/v1", "chutes/deployments"))
    app = app_of(backend)
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        assert "no answer" in screen.query_one(LinePane).text


async def test_an_error_is_told_and_the_program_goes_on() -> None:
    class Refusing(StandIn):
        def gaps(self, one: str, other: str) -> Gaps | None:
            raise NotFoundError(f"no source {one}")

    app = app_of(Refusing(with_sources("chutes/v1", "chutes/deployments")))
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        assert "no source chutes/v1" in screen.query_one(LinePane).text


async def test_without_two_sources_of_one_provider_it_asks_which() -> None:
    app = app_of(StandIn(with_sources("a/x", "b/y")))
    async with running(app, SIZE) as pilot:
        screen = await opened(app, pilot)
        assert screen.pair is None
        assert "No provider has two sources" in screen.query_one(LinePane).text


async def test_e_saves_markdown_beside_what_was_saved_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    backend = StandIn(with_sources("chutes/v1", "chutes/deployments"))
    backend.some_gaps = SOME
    app = app_of(backend)
    async with running(app, SIZE) as pilot:
        await opened(app, pilot)
        await pilot.press("e")
        await pilot.done()
        await pilot.press("e")
        await pilot.done()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["gaps-chutes-v1-chutes-deployments-2.md", "gaps-chutes-v1-chutes-deployments.md"]
    assert "# chutes/v1 against chutes/deployments" in (tmp_path / names[1]).read_text("utf-8")


def test_a_file_is_never_named_out_of_its_folder(tmp_path: Path) -> None:
    path = save(tmp_path, msgspec.structs.replace(SOME, source_a="../../etc/x"))
    assert path.parent == tmp_path
