"""Writing the user's decisions into the config: the rest of the file stays as it was."""

from pathlib import Path

import pytest

from modeltui.config import load
from modeltui.decisions import DIFFERENT, SAME, remember
from modeltui.errors import ConfigError

TEXT = """# my config
only = ["chutes"]   # just this one

[cache]
ttl_minutes = 5  # often
"""


def test_a_decision_is_added_and_every_comment_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    remember(path, SAME, ("a/one", "b/two"))
    text = path.read_text()
    assert text.startswith(TEXT.rstrip("\n"))
    assert [alias.ids for alias in load(path).same] == [("a/one", "b/two")]
    assert load(path).ttl_minutes == 5


def test_the_same_word_twice_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    remember(path, SAME, ("a/one", "b/two"))
    remember(path, SAME, ("b/two", "a/one"))
    assert len(load(path).same) == 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_contrary_takes_the_place_of_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    remember(path, SAME, ("a/one", "b/two"))
    remember(path, DIFFERENT, ("a/one", "b/two"))
    config = load(path)
    assert config.same == ()
    assert [alias.ids for alias in config.different] == [("a/one", "b/two")]


def test_a_larger_group_loses_only_the_one_that_leaves(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[aliases.same]]\nids = ["a/one", "b/two", "c/three"]  # three of a kind\n')
    remember(path, DIFFERENT, ("a/one", "b/two"))
    config = load(path)
    assert [alias.ids for alias in config.same] == [("a/one", "c/three")]
    assert "three of a kind" in path.read_text()


def test_a_broken_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[broken")
    with pytest.raises(ConfigError):
        remember(path, SAME, ("a/one", "b/two"))
    assert path.read_text() == "[broken"
