"""What a person says about links: asked before, written down, and taken back by the contrary."""

import asyncio
import threading
from pathlib import Path

import msgspec
import pytest

from hand import Hand, running
from modeltui.config import Config
from modeltui.errors import ConfigError
from modeltui.merge.aliases import Aliases
from modeltui.model import Link, Model
from modeltui.service.session import Session
from modeltui.state import Catalog
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.doubts import doubts, to_join, to_split
from modeltui.tui.screens.browse import BrowseScreen
from modeltui.tui.screens.choose import ChooseScreen, ConfirmScreen
from modeltui.tui.screens.offers import OffersScreen
from modeltui.tui.screens.panes import DetailScreen
from modeltui.tui.screens.review import ReviewScreen
from modeltui.tui.widgets.drawn import LinePane
from screen_stand_in import NOW, MakeApp, StandIn, make_catalog, make_offer

SIZE = (120, 40)
ONE, OTHER = "chutes/Qwen/Qwen3-32B", "openrouter/qwen/qwen3-32b"


def browse(app: ModelTuiApp) -> BrowseScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, BrowseScreen)
    return screen


def model_of(*scores: float) -> Model:
    offers = tuple(make_offer(f"p{place}", "x", "m", "1") for place in range(len(scores)))
    return Model(
        "m",
        "M",
        offers,
        tuple(Link(o.provider, o.id, "normalised", s, "") for o, s in zip(offers, scores, strict=True)),
    )


async def reviewed(app: ModelTuiApp, pilot: Hand) -> ReviewScreen:
    await pilot.press("R")
    await pilot.done()
    assert isinstance(app.screen, ReviewScreen)
    return app.screen


# ------------------------------------------------------------------------------------------------ which offers


def test_an_offer_is_split_from_the_one_it_is_most_surely_the_same_as() -> None:
    model = model_of(95, 90, 100)
    assert to_split(model, model.offers[1], Aliases.none()) == [("p2/x", "p1/x")]


def test_a_split_takes_back_the_join_that_was_said() -> None:
    model = model_of(95, 90, 100)
    assert to_split(model, model.offers[1], Aliases.of(same=[("p0/x", "p1/x")])) == [("p0/x", "p1/x")]


def test_a_join_takes_back_every_split_that_was_said() -> None:
    ones, others = model_of(100, 100).offers, (make_offer("q", "y", "n", "1"),)
    said = Aliases.of(different=[("p1/x", "q/y")])
    assert to_join(ones, others, said) == [("p1/x", "q/y")]
    assert to_join(ones, others, Aliases.none()) == [("p0/x", "q/y")]


def test_each_pair_is_doubted_once_and_what_was_decided_no_more() -> None:
    catalog = Catalog((), (model_of(95, 95), *make_catalog().models), (), NOW)
    alike = [("grok-4", "mistral-large", 91.0), ("grok-4", "gone", 90.0)]
    found = doubts(catalog, alike, Aliases.none())
    assert [(doubt.one.key, doubt.other.key) for doubt in found if doubt.joined and doubt.score == 95] == [
        ("p1/x", "p0/x")
    ]
    assert [doubt.score for doubt in found if not doubt.joined] == [91.0]
    said = Aliases.of(different=[("openrouter/x-ai/grok-4:free", "mistral/mistral-large-2512")])
    assert [doubt for doubt in doubts(catalog, alike, said) if not doubt.joined] == []


# ------------------------------------------------------------------------------------------------ the table


async def test_a_split_asks_which_offer_then_says_what_is_written_where(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter", "minus")
        await pilot.pause()
        assert isinstance(app.screen, ChooseScreen)
        await pilot.press("down", "enter")
        await pilot.pause()
        question = app.screen
        assert isinstance(question, ConfirmScreen)
        told = "\n".join(question._lines)
        assert str(backend.decided_in) in told
        assert "[[aliases.different]]" in told
        assert f'ids = ["{ONE}", "{OTHER}"]' in told
        assert backend.decided == []
        await pilot.press("y")
        await pilot.done()
        assert backend.decided == [(ONE, OTHER, False)]


async def test_nothing_is_decided_where_the_question_is_denied(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("space", "space", "plus")
        await pilot.pause()
        await pilot.press("n")
        await pilot.done()
        assert backend.decided == []
        assert len(browse(app).view.marked) == 2


async def test_two_marked_rows_become_one_model_and_the_table_keeps_its_place(
    make_app: MakeApp, backend: StandIn
) -> None:
    old = backend.catalog
    joined = msgspec.structs.replace(old.models[1], offers=(*old.models[1].offers, *old.models[2].offers))
    backend.next_catalog = msgspec.structs.replace(old, models=(old.models[0], joined, old.models[3]))
    app = make_app()
    async with running(app, SIZE) as pilot:
        rows = browse(app)
        await pilot.press("space", "space")
        first, second = rows.view.marked.values()
        current = rows.table.current
        await pilot.press("plus")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.done()
        assert backend.decided == [(first.offers[0].key, second.offers[0].key, True)]
        assert len(rows.view.rows) == 3
        assert rows.view.marked == {}
        assert current is not None
        assert rows.table.current is not None
        assert rows.table.current.key == current.key


async def test_join_asks_for_two_marks(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("space", "plus")
        assert len(app.screen_stack) == 1


async def test_a_model_of_one_offer_is_not_split(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("minus")
        assert len(app.screen_stack) == 1


async def test_an_offer_is_split_off_from_the_list_of_offers_too(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, OffersScreen)
        await pilot.press("minus")
        await pilot.pause()
        await pilot.press("y")
        await pilot.done()
        assert backend.decided == [(OTHER, ONE, False)]


async def test_a_config_that_cannot_be_written_is_told(make_app: MakeApp) -> None:
    class Refusing(StandIn):
        def decide(self, one: str, other: str, *, same: bool) -> Catalog:
            raise ConfigError("config.toml: could not be written")

    app = ModelTuiApp(Refusing(), clock=lambda: NOW, auto_refresh=False)
    async with running(app, SIZE) as pilot:
        await pilot.press("space", "space", "plus")
        await pilot.pause()
        await pilot.press("y")
        await pilot.done()
        assert [(note.title, note.severity) for note in app._notifications] == [("Not decided", "error")]
        assert app.is_running


async def test_the_table_stays_live_while_a_decision_is_carried_out(make_app: MakeApp) -> None:
    class Slow(StandIn):
        begun, go_on = threading.Event(), threading.Event()

        def decide(self, one: str, other: str, *, same: bool) -> Catalog:
            self.begun.set()
            assert self.go_on.wait(20)
            return super().decide(one, other, same=same)

    slow = Slow()
    app = ModelTuiApp(slow, clock=lambda: NOW, auto_refresh=False)
    async with running(app, SIZE) as pilot:
        await pilot.press("space", "space", "plus")
        await pilot.pause()
        await pilot.press("y")
        await asyncio.to_thread(slow.begun.wait, 20)
        await pilot.press("home", "down")
        assert browse(app).table.cursor == 1
        slow.go_on.set()
        await pilot.done()
        assert len(slow.decided) == 1


async def test_a_decision_waits_for_a_running_refresh(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    backend.gate.clear()
    async with running(app, SIZE) as pilot:
        await pilot.press("r", "space", "space", "plus")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert backend.decided == []
        backend.gate.set()
        await pilot.done()
        assert len(backend.decided) == 1


# ------------------------------------------------------------------------------------------------ the review


async def test_the_review_lists_uncertain_links_then_look_alikes(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        screen = await reviewed(app, pilot)
        assert [(doubt.joined, doubt.score) for doubt in screen.doubts] == [(True, 97.0), (False, 91.0)]
        await pilot.press("f", "f")
        assert [screen.doubts[index].joined for index in screen.table.order] == [False]


async def test_the_first_judgement_asks_and_the_next_ones_are_one_key(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        screen = await reviewed(app, pilot)
        await pilot.press("y")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        assert str(backend.decided_in) in "\n".join(app.screen._lines)
        await pilot.press("enter")
        await pilot.done()
        await pilot.press("n")
        await pilot.done()
        assert backend.decided == [
            (OTHER, ONE, True),
            ("openrouter/x-ai/grok-4:free", "mistral/mistral-large-2512", False),
        ]
        assert list(screen.said.values()) == [True, False]
        drawn = [strip.text for strip in screen.table.render_lines(screen.table.size.region)]
        assert "✓ same" in drawn[1]
        assert "✗ differ" in drawn[2]


async def test_the_contrary_key_takes_a_judgement_back(make_app: MakeApp, backend: StandIn) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await reviewed(app, pilot)
        await pilot.press("n")
        await pilot.pause()
        await pilot.press("y")
        await pilot.done()
        await pilot.press("home", "y")
        await pilot.done()
        assert backend.decided == [(OTHER, ONE, False), (OTHER, ONE, True)]
        assert backend.aliases == Aliases.of(same=[(OTHER, ONE)])


async def test_enter_tells_everything_of_both_sides(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await reviewed(app, pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, DetailScreen)
        told = app.screen.query_one(LinePane).text
        assert "Qwen/Qwen3-32B" in told
        assert "qwen/qwen3-32b" in told


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (30, 8)])
async def test_the_review_draws_at_every_size(make_app: MakeApp, size: tuple[int, int]) -> None:
    app = make_app()
    async with running(app, size) as pilot:
        await reviewed(app, pilot)
        assert app.is_running


# ------------------------------------------------------------------------------------------------ the real session


async def test_splitting_and_joining_again_is_written_to_the_config_with_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('# mine\nonly = ["groq", "cerebras"]\n')
    config = Config(path=path, only=("groq", "cerebras"))
    session = Session(config, cache_dir=tmp_path / "cache", state_dir=tmp_path / "state", environ={}, offline=True)
    app = ModelTuiApp(session, clock=session.clock, auto_refresh=False)
    async with running(app, SIZE) as pilot:
        rows = browse(app)
        before = len(rows.view.rows)
        await pilot.press("slash", *"offers>=2 gpt-oss-120b", "enter", "minus")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("y")
        await pilot.until(lambda: len(rows.view.rows) == before + 1)
        await pilot.done()
        text = path.read_text()
        assert text.startswith("# mine")
        assert "[[aliases.different]]" in text
        await pilot.press("slash", "ctrl+u", *"gpt-oss-120b", "enter", "home", "space", "space", "plus")
        await pilot.pause()
        await pilot.press("y")
        await pilot.until(lambda: len(rows.view.rows) == before)
        await pilot.done()
        assert "[[aliases.different]]" not in path.read_text()
        assert "[[aliases.same]]" in path.read_text()
    session.close()
