"""A record as its source sent it, as a tree that folds."""

import json
from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from modeltui.format import clean
from modeltui.tui.backend import Surroundings
from modeltui.tui.keys import bindings
from modeltui.tui.screens.tables import PlacedScreen
from modeltui.tui.widgets.drawn import DrawnLine

OPEN_DEPTH = 2
MOST = 500
"""Items of one array or object that are drawn; the rest is counted."""


def _items(value: object) -> Iterable[tuple[str, object]]:
    if isinstance(value, dict):
        return ((str(key), item) for key, item in value.items())
    if isinstance(value, list):
        return ((str(place), item) for place, item in enumerate(value))
    return ()


def _label(name: str, value: object) -> Text:
    label = Text(clean(name), style="bold", end="")
    if isinstance(value, dict):
        label.append(f"  {{{len(value)}}}", style="dim not bold")
    elif isinstance(value, list):
        label.append(f"  [{len(value)}]", style="dim not bold")
    else:
        label.append(": ", style="dim not bold")
        label.append(clean(json.dumps(value, ensure_ascii=False, default=str)), style="not bold")
    return label


class RawScreen(PlacedScreen):
    """The tree; enter folds."""

    PLACE = "raw"
    CSS_PATH = "raw.tcss"
    AUTO_FOCUS = "Tree"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("raw"), ("j", "tree_down", ""), ("k", "tree_up", "")]

    def __init__(self, around: Surroundings, title: str, record: object) -> None:
        super().__init__(around)
        self._caption = title
        self._record = record

    def compose(self) -> ComposeResult:
        """Lay out title, tree and hints."""
        yield DrawnLine(ground="bar", id="caption")
        tree: Tree[None] = Tree(_label("record", self._record))
        tree.root.expand()
        self._grow(tree.root, self._record, 1)
        yield tree
        yield DrawnLine(ground="bar", id="hints")

    def on_mount(self) -> None:
        """Draw."""
        self.query_one("#caption", DrawnLine).show([(" Raw  ", "strong"), (self._caption, "dim")])

    def _grow(self, node: TreeNode[None], value: object, depth: int) -> None:
        for count, (name, item) in enumerate(_items(value)):
            if count == MOST:
                node.add_leaf(Text(f"… and {len(value) - MOST} more", end=""))  # type: ignore[arg-type]  # _items saw a container
                return
            if isinstance(item, dict | list) and item:
                branch = node.add(_label(name, item), expand=depth < OPEN_DEPTH)
                self._grow(branch, item, depth + 1)
            else:
                node.add_leaf(_label(name, item))

    def action_tree_down(self) -> None:
        """One line down."""
        self.query_one(Tree).action_cursor_down()

    def action_tree_up(self) -> None:
        """One line up."""
        self.query_one(Tree).action_cursor_up()
