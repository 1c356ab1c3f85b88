"""One line of text under a caret: what each key does to it, without a widget."""


class LineEditor:
    """The text and the caret of the filter bar."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.caret = len(text)

    def set(self, text: str, caret: int | None = None) -> None:
        """Exchange the text; the caret goes to its end unless told otherwise."""
        self.text = text
        self.caret = len(text) if caret is None else max(0, min(caret, len(text)))

    def insert(self, text: str) -> None:
        """Put text at the caret; what is pasted becomes one line."""
        line = " ".join(text.split()) if "\n" in text or "\r" in text else text
        line = "".join(character for character in line if character.isprintable())
        self.text = self.text[: self.caret] + line + self.text[self.caret :]
        self.caret += len(line)

    def press(self, key: str, character: str | None) -> bool:
        """Do what a key means here; false where it means nothing to a line of text."""
        edit = _EDITS.get(key)
        if edit is not None:
            edit(self)
            return True
        if character is not None and character.isprintable():
            self.insert(character)
            return True
        return False

    def _cut(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.caret = start

    def _word_start(self) -> int:
        before = self.text[: self.caret].rstrip()
        return before.rfind(" ") + 1

    def _word_end(self) -> int:
        rest = self.text[self.caret :]
        skipped = len(rest) - len(rest.lstrip())
        space = rest.find(" ", skipped)
        return self.caret + (len(rest) if space < 0 else space)

    def erase(self) -> None:
        """Delete the character before the caret."""
        if self.caret:
            self._cut(self.caret - 1, self.caret)

    def delete(self) -> None:
        """Delete the character under the caret."""
        caret = self.caret
        self._cut(caret, caret + 1)

    def erase_word(self) -> None:
        """Delete the word before the caret."""
        self._cut(self._word_start(), self.caret)

    def erase_line(self) -> None:
        """Delete everything before the caret."""
        self._cut(0, self.caret)

    def erase_rest(self) -> None:
        """Delete everything from the caret on."""
        self._cut(self.caret, len(self.text))

    def left(self) -> None:
        """Move one character back."""
        self.caret = max(0, self.caret - 1)

    def right(self) -> None:
        """Move one character on."""
        self.caret = min(len(self.text), self.caret + 1)

    def word_left(self) -> None:
        """Move to the start of the word."""
        self.caret = self._word_start()

    def word_right(self) -> None:
        """Move to the end of the word."""
        self.caret = self._word_end()

    def start(self) -> None:
        """Move to the start of the line."""
        self.caret = 0

    def end(self) -> None:
        """Move to the end of the line."""
        self.caret = len(self.text)


_EDITS = {
    "backspace": LineEditor.erase,
    "ctrl+h": LineEditor.erase,
    "delete": LineEditor.delete,
    "ctrl+d": LineEditor.delete,
    "ctrl+w": LineEditor.erase_word,
    "ctrl+backspace": LineEditor.erase_word,
    "alt+backspace": LineEditor.erase_word,
    "ctrl+u": LineEditor.erase_line,
    "ctrl+k": LineEditor.erase_rest,
    "left": LineEditor.left,
    "ctrl+b": LineEditor.left,
    "right": LineEditor.right,
    "ctrl+f": LineEditor.right,
    "ctrl+left": LineEditor.word_left,
    "ctrl+right": LineEditor.word_right,
    "home": LineEditor.start,
    "ctrl+a": LineEditor.start,
    "end": LineEditor.end,
    "ctrl+e": LineEditor.end,
}
