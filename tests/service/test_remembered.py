"""What is remembered between runs: one small file, the user's own, whole or not at all."""

import os
from pathlib import Path

import pytest

from modeltui.service import remembered


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_what_is_remembered_is_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "state"
    before = os.umask(umask)
    try:
        assert remembered.save(folder, {"by": "model"})
        assert remembered.save(folder, {"by": "offer"})
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder / "view.json")) == (0o700, 0o600)
    assert remembered.load(folder) == {"by": "offer"}
    assert [path.name for path in folder.iterdir()] == ["view.json"]


def test_a_file_that_others_could_read_is_replaced_by_one_they_cannot(tmp_path: Path) -> None:
    (tmp_path / "view.json").write_text("{}")
    (tmp_path / "view.json").chmod(0o644)
    assert remembered.save(tmp_path, {})
    assert mode(tmp_path / "view.json") == 0o600


def test_a_part_that_was_left_or_planted_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear")
    (tmp_path / f".view.json-{os.getpid()}").symlink_to(tmp_path / "letter")
    assert remembered.save(tmp_path, {"by": "model"})
    assert (tmp_path / "letter").read_text() == "dear"
    assert remembered.load(tmp_path) == {"by": "model"}


def test_what_cannot_be_replaced_stays_and_leaves_no_part(tmp_path: Path) -> None:
    (tmp_path / "view.json").mkdir()
    assert not remembered.save(tmp_path, {"by": "model"})
    assert [path.name for path in tmp_path.iterdir()] == ["view.json"]
