"""What a table shows of a row: one face a column, and the placing of faces on a line."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from msgspec import Struct

from modeltui.tui.widgets.ink import crop

R = TypeVar("R")


class Cell(NamedTuple):
    """The text of one cell and its tone."""

    text: str
    tone: str = ""


class Face(Struct, Generic[R], frozen=True):
    """How one column of a table looks: heading, width in cells, and the cell of a row."""

    key: str
    title: str
    width: int
    cell: Callable[[R], Cell]
    right: bool = False
    """Numbers stand at the right."""
    grows: bool = False
    """Takes the cells that the others leave."""


class Placed(NamedTuple, Generic[R]):
    """A face at its place: the first cell it takes and how many."""

    face: Face[R]
    x: int
    width: int


class Layout(Struct, Generic[R], frozen=True):
    """The faces in view, left to right, and how many are out of sight on either side."""

    placed: tuple[Placed[R], ...]
    before: int
    after: int


SUPERSCRIPTS = "¹²³⁴⁵⁶⁷⁸⁹"
GAP = 1
GUTTER = 2
"""Cells at the left edge for the cursor and the mark."""
GROWN = 64
"""A growing column takes no more than this."""
LEAST = 16
"""A growing column keeps at least this many cells while columns are chosen."""


def heading(face: Face[R], cells: int, sort: Sequence[tuple[str, bool]]) -> Cell:
    """Give a column's title, with an arrow where it sorts, and a number where several do."""
    for place_, (key, descending) in enumerate(sort):
        if key == face.key:
            number = SUPERSCRIPTS[place_] if len(sort) > 1 and place_ < len(SUPERSCRIPTS) else ""
            title = crop(face.title, max(1, cells - 1 - len(number)))
            return Cell(f"{title}{'▼' if descending else '▲'}{number}", "key")
    return Cell(face.title)


def _needed(faces: Sequence[Face[R]]) -> int:
    return GUTTER + sum(min(face.width, LEAST) if face.grows else face.width for face in faces) + GAP * len(faces)


def place(chosen: Sequence[Face[R]], width: int) -> tuple[Placed[R], ...]:
    """Give every chosen face its cells; the growing ones share what is left."""
    growing = sum(face.grows for face in chosen)
    spare = max(0, width - _needed(chosen))
    placed: list[Placed[R]] = []
    x = GUTTER
    for face in chosen:
        cells = min(face.width, LEAST) if face.grows else face.width
        if face.grows:
            extra = min(spare // growing, GROWN - cells)
            cells += extra
            spare -= extra
            growing -= 1
        cells = min(cells, max(0, width - x))
        placed.append(Placed(face, x, cells))
        x += cells + GAP
    return tuple(placed)


def settle(faces: Sequence[Face[R]], widths: Sequence[tuple[str, int]]) -> Layout[R]:
    """Place the faces whose widths are given; the others are out of sight."""
    by_key = {face.key: face for face in faces}
    placed: list[Placed[R]] = []
    x = GUTTER
    for key, cells in widths:
        placed.append(Placed(by_key[key], x, cells))
        x += cells + GAP
    return Layout(tuple(placed), 0, len(faces) - len(placed))


def window(faces: Sequence[Face[R]], start: int, width: int) -> Layout[R]:
    """Keep the first face and show those from place `start` on that fit behind it."""
    if not faces:
        return Layout((), 0, 0)
    chosen = [faces[0]]
    for face in faces[1 + start :]:
        if _needed([*chosen, face]) > width:
            break
        chosen.append(face)
    after = len(faces) - start - len(chosen)
    return Layout(place(chosen, width), start, after)


def furthest(faces: Sequence[Face[R]], width: int) -> int:
    """Count the faces that must be passed until the last one is in view."""
    for start in range(len(faces)):
        if window(faces, start, width).after <= 0:
            return start
    return max(0, len(faces) - 2)
