"""The opening: the first rows of the last run come back only while they are the first rows of what would be loaded."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from modeltui.service import openingfile, startfile
from modeltui.service.lastrun import LastRun
from modeltui.state import Catalog, Opening
from modeltui.tui.openings import OPENING_ROWS, opening_of, usual_of
from modeltui.tui.view import View
from screen_stand_in import NOW, make_catalog, make_many

KEY = "mark 0123456789abcdef"
Kept = tuple[Path, Catalog, Opening]


def opening_in(folder: Path, usual: str, accepts: Callable[[str], bool] = KEY.__eq__) -> Opening | None:
    return openingfile.read(folder / openingfile.FILE_NAME, folder / startfile.FILE_NAME, usual, accepts)


def view_of(catalog: Catalog, **saved: object) -> View:
    view = View(lambda: NOW, saved)
    view.set_catalog(catalog)
    return view


def opening_made(view: View) -> Opening:
    opening = opening_of(view)
    assert opening is not None
    return opening


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    catalog = make_catalog()
    opening = opening_made(view_of(catalog))
    assert startfile.write(tmp_path / startfile.FILE_NAME, catalog, KEY)
    assert openingfile.write(tmp_path / openingfile.FILE_NAME, opening, KEY)
    return tmp_path, catalog, opening


def test_what_was_kept_comes_back(kept: Kept) -> None:
    folder, catalog, opening = kept
    read = opening_in(folder, opening.usual)
    assert read is not None
    assert read.catalog.offers == opening.catalog.offers
    assert read.catalog.models == opening.catalog.models
    assert read.catalog.sources == catalog.sources
    assert read.catalog.latency == opening.catalog.latency
    assert (read.shown, read.rows, read.offers) == (4, 4, 5)
    assert read.spoken == opening.spoken


def test_claims_of_its_offers_are_found_beside_it(kept: Kept) -> None:
    folder, catalog, opening = kept
    read = opening_in(folder, opening.usual)
    assert read is not None
    key = next(iter(catalog.claims))
    assert read.catalog.claims[key] == catalog.claims[key]


def test_rows_that_are_usually_shown_otherwise_are_not_opened_with(kept: Kept) -> None:
    folder, catalog, _ = kept
    for saved in ({"by": "offer"}, {"sort": [["in", False]]}, {"hidden": ["grok-4"]}):
        assert opening_in(folder, usual_of(view_of(catalog, **saved))) is None


def test_another_start_up_file_has_another_opening(kept: Kept) -> None:
    folder, catalog, opening = kept
    startfile.write(folder / startfile.FILE_NAME, catalog, "mark fedcba9876543210")
    assert opening_in(folder, opening.usual, lambda _: True) is None


def test_without_the_start_up_file_there_is_no_opening(kept: Kept) -> None:
    folder, _, opening = kept
    (folder / startfile.FILE_NAME).unlink()
    assert opening_in(folder, opening.usual) is None


def test_other_settings_are_not_opened_with(kept: Kept) -> None:
    folder, _, opening = kept
    assert opening_in(folder, opening.usual, lambda _: False) is None


def test_every_damaged_byte_is_noticed(kept: Kept) -> None:
    folder, _, opening = kept
    path = folder / openingfile.FILE_NAME
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        assert opening_in(folder, opening.usual) is None
        path.write_bytes(whole[:place])
        assert opening_in(folder, opening.usual) is None


@pytest.mark.parametrize("kind", ["folder", "fifo", "link"])
def test_what_is_no_file_of_ours_is_neither_read_nor_written_through(kept: Kept, kind: str) -> None:
    folder, _, opening = kept
    path, precious = folder / openingfile.FILE_NAME, folder / "precious"
    path.rename(precious)
    before = precious.read_bytes()
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(precious)
    assert opening_in(folder, opening.usual) is None
    assert openingfile.write(path, replace(opening, rows=7), KEY) is (kind != "folder")
    assert precious.read_bytes() == before


def test_what_says_the_same_is_not_written_again(kept: Kept) -> None:
    folder, _, opening = kept
    path = folder / openingfile.FILE_NAME
    before = path.stat()
    assert openingfile.write(path, opening, KEY)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert openingfile.write(path, replace(opening, rows=7), KEY)
    assert path.stat().st_ino != before.st_ino


def test_only_the_catalog_in_the_start_up_file_is_opened_with(tmp_path: Path) -> None:
    last, catalog = LastRun(tmp_path, KEY.__eq__), make_catalog()
    opening = opening_made(view_of(catalog))
    assert not last.keep_opening(catalog, opening)
    last.keep(catalog, KEY)
    assert not last.keep_opening(make_catalog(), opening)
    assert last.keep_opening(catalog, opening)
    loaded = LastRun(tmp_path, KEY.__eq__)
    assert loaded.opening(opening.usual) is not None
    whole = loaded.catalog()
    assert whole is not None
    assert loaded.keep_opening(whole, opening)


@pytest.mark.parametrize("by", ["model", "offer"])
@pytest.mark.parametrize("key", ["released", "in", "context", "model", "provider"])
@pytest.mark.parametrize("more", [{}, {"favourites_first": True}, {"hidden": True}])
def test_the_first_rows_are_those_of_the_whole_in_any_order(by: str, key: str, more: dict[str, object]) -> None:
    catalog = make_many(600)
    some = [row.key for row in view_of(catalog, by=by).rows[3::11]]
    saved: dict[str, object] = {"by": by, "sort": [[key, True], ["model", False]]}
    saved |= {"hidden": some} if more.get("hidden") else {}
    saved |= {"favourites": some, **more} if more.get("favourites_first") else {}
    view, opened = view_of(catalog, **saved), View(lambda: NOW, saved)
    opened.open(opening_made(view))
    first = [view.rows[index].key for index in view.order[:OPENING_ROWS]]
    assert [opened.rows[index].key for index in opened.order] == first
    assert (opened.shown_in_all, opened.rows_in_all) == (len(view.order), len(view.rows))
    assert (opened.offers_in_all, opened.providers) == (600, view.providers)
    assert list(opened.columns_wanted) == list(view.columns_wanted)


def test_only_the_usual_rows_are_kept() -> None:
    view = view_of(make_catalog(), hidden=["grok-4"])
    assert opening_of(view) is not None
    view.set_text("qwen")
    assert opening_of(view) is None
    view.set_text("")
    view.show_hidden()
    assert opening_of(view) is None
