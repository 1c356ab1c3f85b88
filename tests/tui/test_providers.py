"""The list of providers: counts, choosing, and the query's text beside it."""

import pytest

from hand import running
from modeltui.columns import COLUMNS_BY_KEY
from modeltui.tui.screens.providers import ProvidersScreen
from modeltui.tui.widgets.drawn import DrawnLine, LinePane
from modeltui.tui.widgets.providers import ProviderLine, ProviderList
from screen_stand_in import MakeApp, StandIn, browse, titles

pytestmark = pytest.mark.usefixtures("each_way")

SIZE = (120, 40)


def counted(lines: object) -> dict[str, int]:
    assert isinstance(lines, list)
    return {line.slug: line.rows for line in lines if isinstance(line, ProviderLine)}


async def test_t_lists_the_providers_with_the_rows_of_each(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("t")
        await pilot.counted()
        found = browse(app).providers_list
        assert found.display
        assert counted(found.rows) == {"chutes": 1, "mistral": 1, "openrouter": 2, "venice": 1}
        await pilot.press("t")
        await pilot.pause()
        assert not found.display


async def test_the_counts_follow_the_filter_and_providers_without_rows_leave(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("t", "slash", *"qwen3")
        await pilot.counted()
        assert counted(browse(app).providers_list.rows) == {"chutes": 1, "openrouter": 1}


async def test_a_provider_counts_only_where_its_own_offer_meets_the_conditions(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("t", "slash", *"qwen3 ctx>=100k")
        await pilot.counted()
        assert counted(browse(app).providers_list.rows) == {"chutes": 1}


async def test_list_and_text_are_two_views_of_one_query(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("t")
        await pilot.counted()
        await pilot.press("space", "down", "enter")
        assert browse(app).bar.editor.text == "provider:chutes,mistral"
        assert len(titles(app)) == 2
        await pilot.press("slash", "ctrl+u", *"provider:venice", "enter")
        await pilot.counted()
        chosen = [line.slug for line in browse(app).providers_list.rows if line.chosen]
        assert chosen == ["venice"]
        assert len(browse(app).providers_list.rows) == 4


async def test_choosing_again_takes_a_provider_back_and_0_takes_all(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("t")
        await pilot.counted()
        await pilot.press("space", "space")
        assert browse(app).bar.editor.text == ""
        await pilot.press("space", "down", "space", "0")
        assert browse(app).bar.editor.text == ""
        await pilot.press("down", "o")
        assert browse(app).bar.editor.text == "provider:openrouter"


async def test_a_click_chooses_and_leaves_the_keys_with_the_table(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("t")
        await pilot.counted()
        await pilot.press("tab")
        await pilot.click(ProviderList, offset=(5, 2))
        await pilot.pause()
        assert browse(app).bar.editor.text == "provider:mistral"
        assert browse(app).focused is None


async def test_tab_and_escape_give_the_keys_to_the_table_and_the_hints_tell(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        hints = browse(app).query_one("#hints", DrawnLine)
        await pilot.press("t")
        await pilot.pause()
        assert "only this" in hints.text
        await pilot.press("escape")
        await pilot.pause()
        assert "latency" in hints.text
        await pilot.press("down")
        assert browse(app).table.cursor == 1
        await pilot.press("tab", "down")
        assert browse(app).table.cursor == 1


async def test_the_providers_with_a_key_are_chosen_at_once(make_app: MakeApp, backend: StandIn) -> None:
    import msgspec

    sources = tuple(
        msgspec.structs.replace(status, key_present=status.provider in ("mistral", "venice"))
        for status in backend.catalog.sources
    )
    backend.catalog = msgspec.structs.replace(backend.catalog, sources=sources)
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("t")
        await pilot.counted()
        assert [line.slug for line in browse(app).providers_list.rows][:2] == ["mistral", "venice"]
        await pilot.press("K")
        assert browse(app).bar.editor.text == "provider:mistral,venice"


async def test_on_a_narrow_terminal_the_list_is_a_screen(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (80, 24)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert isinstance(app.screen, ProvidersScreen)
        await pilot.press("down", "space")
        await pilot.pause()
        assert browse(app).view.text == "provider:mistral"
        assert "only mistral" in app.screen.query_one("#caption", DrawnLine).text
        await pilot.press("escape")
        await pilot.pause()
        assert len(titles(app)) == 1


async def test_the_list_is_there_again_at_the_next_start(make_app: MakeApp, backend: StandIn) -> None:
    async with running(make_app(), SIZE) as pilot:
        await pilot.press("t")
    assert backend.view["providers_shown"] is True
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.counted()
        assert browse(app).providers_list.display
        assert browse(app).focused is None


@pytest.mark.parametrize(("provider", "price", "context"), [("chutes", "$0.08", "131K"), ("openrouter", "$0.1", "41K")])
async def test_a_models_row_ranges_over_the_offers_of_the_providers_that_are_named(
    make_app: MakeApp, provider: str, price: str, context: str
) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3")
        faces = {face.key: face for face in browse(app).table.faces}
        row = browse(app).view.rows[browse(app).view.order[0]]
        assert faces["in"].cell(row).text == "$0.08…0.1"
        await pilot.press(*f" provider:{provider}")
        faces = {face.key: face for face in browse(app).table.faces}
        assert faces["in"].cell(row).text == price
        assert faces["context"].cell(row).text.removeprefix("≠") == context
        assert len(row.offers) == 2


async def test_order_goes_by_the_offers_that_are_shown(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        browse(app).sort_by("in")
        await pilot.press("slash", *"provider:chutes,venice ")
        shown = browse(app).view.rows_shown()
        assert [COLUMNS_BY_KEY["provider"].text(row, browse(app).around.clock()) for row in shown] == [
            "chutes",
            "venice",
        ]


async def test_the_details_come_back_with_the_row_of_now_when_the_list_goes(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        pane = browse(app).query_one("#detail", LinePane)
        await hand.press("t")
        assert not pane.display
        await hand.press("escape", "j", "t")
        await hand.pause()
        assert pane.display
        row = browse(app).table.current
        assert row is not None
        assert row.title in pane.text
