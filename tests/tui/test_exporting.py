"""Export: exactly the rows and columns in view, in a file that is never replaced unasked."""

import json
from pathlib import Path

import pytest
from textual.widgets import Input

from hand import Hand, running
from modeltui.tui.exporting import file_name
from modeltui.tui.screens.choose import ConfirmScreen
from modeltui.tui.screens.forms import FormScreen
from screen_stand_in import NOW, MakeApp, browse

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def export(pilot: Hand, place: int, name: str = "") -> None:
    await pilot.press("e", *["down"] * place, "enter")
    await pilot.pause()
    if name:
        await pilot.press("ctrl+u")
        await pilot.paste(name)
    await pilot.press("enter")
    await pilot.done()


async def test_the_file_is_named_after_the_moment_and_the_toast_tells_its_path(make_app: MakeApp, folder: Path) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("e", "enter")
        await pilot.pause()
        assert isinstance(app.screen, FormScreen)
        assert app.screen.query_one(Input).value == file_name("csv", NOW)
        await pilot.press("enter")
        await pilot.done()
        path = folder / file_name("csv", NOW)
        assert path.exists()
        assert any(str(path) in toast.message for toast in app._notifications)


async def test_csv_has_the_rows_and_columns_in_view_in_their_order(make_app: MakeApp, folder: Path) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        browse(app).view.choose_columns(("model", "in"), {})
        browse(app).sort_by("in")
        await pilot.press("slash", *"-venice", "enter")
        await export(pilot, 0, "rows.csv")
        assert (folder / "rows.csv").read_text() == (
            "model,in_min,in_max\nGrok 4,0,0\nQwen3 32B,0.08,0.1\nMistral [bold]Large[/nope],,\n"
        )


async def test_json_has_numbers_nulls_and_ranges(make_app: MakeApp, folder: Path) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        browse(app).view.choose_columns(("model", "in", "released", "offers"), {})
        browse(app).sort_by("in")
        await export(pilot, 1, "rows.json")
        found = json.loads((folder / "rows.json").read_text())
        assert found[1] == {
            "model": "Qwen3 32B",
            "in": {"min": 0.08, "max": 0.1},
            "released": {"min": "2025-05-01T00:00:00Z", "max": "2025-05-01T00:00:00Z"},
            "offers": 2,
        }
        assert found[-1]["in"] is None
        await pilot.press("m")
        await export(pilot, 1, "offers.json")
        assert [row["in"] for row in json.loads((folder / "offers.json").read_text())] == [0, 0.08, 0.1, 3, None]


async def test_markdown_reads_as_the_screen_does_and_is_no_markup(make_app: MakeApp, folder: Path) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        browse(app).view.choose_columns(("model", "in"), {})
        browse(app).draw_rows()
        await export(pilot, 2, "rows.md")
        lines = (folder / "rows.md").read_text().splitlines()
        assert "| Qwen3 32B | $0.08…0.1 |" in lines
        assert "\x1b" not in "".join(lines)


async def test_a_model_is_exported_as_the_providers_in_the_filter_offer_it(make_app: MakeApp, folder: Path) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        browse(app).view.choose_columns(("model", "in"), {})
        await pilot.press("slash", *"provider:chutes", "enter")
        await export(pilot, 0, "rows.csv")
        assert (folder / "rows.csv").read_text().splitlines()[1] == "Qwen3 32B,0.08,0.08"


async def test_a_file_that_is_there_is_replaced_only_after_a_yes(make_app: MakeApp, folder: Path) -> None:
    (folder / "rows.csv").write_text("mine")
    app = make_app()
    async with running(app, SIZE) as pilot:
        await export(pilot, 0, "rows.csv")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("n")
        await pilot.pause()
        assert (folder / "rows.csv").read_text() == "mine"
        await export(pilot, 0, "rows.csv")
        await pilot.press("y")
        await pilot.done()
        assert (folder / "rows.csv").read_text().startswith("model,")


async def test_a_place_that_cannot_be_written_is_told(make_app: MakeApp, folder: Path) -> None:
    (folder / "file").write_text("")
    app = make_app()
    async with running(app, SIZE) as pilot:
        await export(pilot, 0, "file/rows.csv")
        assert any(toast.title == "Not exported" for toast in app._notifications)


async def test_the_offers_of_a_model_are_exported_too(make_app: MakeApp, folder: Path) -> None:
    app = make_app()
    async with running(app, SIZE) as pilot:
        await pilot.press("slash", *"qwen3 ctx>=100k", "enter", "enter")
        await pilot.pause()
        await export(pilot, 0, "offers.csv")
        header, *rows = (folder / "offers.csv").read_text().splitlines()
        assert header.startswith("provider,id,in,")
        assert [row.split(",")[0] for row in rows] == ["chutes", "openrouter"]
