"""The line under the caret: what each key does to it."""

import pytest

from modeltui.tui.editing import LineEditor


@pytest.mark.parametrize(
    ("text", "caret", "key", "expected", "caret_after"),
    [
        ("abc", 3, "backspace", "ab", 2),
        ("abc", 0, "backspace", "abc", 0),
        ("abc", 1, "delete", "ac", 1),
        ("one two  ", 9, "ctrl+w", "one ", 4),
        ("one two", 4, "ctrl+u", "two", 0),
        ("one two", 3, "ctrl+k", "one", 3),
        ("one two", 7, "ctrl+left", "one two", 4),
        ("one two", 0, "ctrl+right", "one two", 3),
        ("one", 3, "home", "one", 0),
        ("one", 0, "end", "one", 3),
    ],
)
def test_a_key_edits_as_in_a_shell(text: str, caret: int, key: str, expected: str, caret_after: int) -> None:
    editor = LineEditor()
    editor.set(text, caret)
    assert editor.press(key, None)
    assert (editor.text, editor.caret) == (expected, caret_after)


def test_letters_go_in_at_the_caret() -> None:
    editor = LineEditor("ac")
    editor.set("ac", 1)
    assert editor.press("b", "b")
    assert (editor.text, editor.caret) == ("abc", 2)


def test_what_is_pasted_becomes_one_line_without_control_characters() -> None:
    editor = LineEditor()
    editor.insert("one\ntwo\x1b[31m")
    assert editor.text == "one two[31m"


def test_a_key_that_means_nothing_here_is_left_to_others() -> None:
    assert not LineEditor("x").press("down", None)
