"""What is told of a crash: where it happened and in which words, but no value and no key."""

import sys
from collections.abc import Callable
from typing import Final

from rich.traceback import Trace, Traceback

from modeltui.format import clean

EXIT_CODE: Final = 70
"""Exit status of a mistake of the program's own, on the screen as on the command line."""
WORDS_LIMIT: Final = 2000
"""Characters that are kept of a line of an exception's own words."""


def traceback_of(error: BaseException, redact: Callable[[str], str]) -> Traceback:
    """Make the traceback of an exception, its causes and the members of a group, each with its notes.

    Local variables are left out, for one could hold a key. Of an exception that is being handled, such as one that a
    worker has wrapped, it is that one which is told.
    """
    told = sys.exc_info()[1] or error
    trace = Traceback.extract(type(told), told, told.__traceback__, show_locals=False)

    def safe(text: str) -> str:
        return "\n".join(clean(line, WORDS_LIMIT) for line in redact(text).split("\n"))

    _take_out(trace, safe)
    return Traceback(trace, show_locals=False, width=None)


def _take_out(trace: Trace, safe: Callable[[str], str]) -> None:
    """Replace every word that is not our own source code."""
    for stack in trace.stacks:
        stack.exc_value = safe(stack.exc_value)
        stack.notes = [safe(note) for note in stack.notes]
        if (wrong := stack.syntax_error) is not None:
            wrong.line, wrong.msg, wrong.notes = safe(wrong.line), safe(wrong.msg), [safe(note) for note in wrong.notes]
        for member in stack.exceptions:
            _take_out(member, safe)
