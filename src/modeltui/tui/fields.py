"""A line of a form as a value: what it is called, what is expected of it, and what is wrong with a text."""

from collections.abc import Callable

from msgspec import Struct


class Field(Struct, frozen=True):
    """One line of a form."""

    name: str
    label: str
    value: str
    about: str
    """What is expected, shown while nothing is wrong."""
    wrong: Callable[[str], str]
    """Says what is wrong with a text; empty where nothing is."""
