"""Files that are written whole or not at all."""

from pathlib import Path

import pytest

from modeltui.errors import OutputError
from modeltui.files import TakenError, write_file


def test_a_file_and_its_missing_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "rows.csv"
    write_file(path, b"a,b\n")
    assert path.read_bytes() == b"a,b\n"
    assert [each.name for each in path.parent.iterdir()] == ["rows.csv"]


def test_a_file_that_is_there_is_replaced_only_on_a_clear_word(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"old")
    with pytest.raises(TakenError, match="exists already"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    write_file(path, b"new", force=True)
    assert path.read_bytes() == b"new"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        write_file(tmp_path, b"", force=True)


def test_what_cannot_be_written_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_bytes(b"")
    with pytest.raises(OutputError, match="could not be written"):
        write_file(taken / "rows.csv", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
