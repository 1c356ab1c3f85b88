"""Every key of the program, declared once: bindings, hint line, palette, help and the README's table come from here."""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from msgspec import Struct
from textual.binding import Binding, BindingType

Place = Literal[
    "browse", "providers", "offers", "sources", "compare", "detail", "raw", "help",
    "analysis", "gaps", "changes", "review",
]  # fmt: skip
"""The screen an action belongs to."""

REPORTS: tuple[Place, ...] = ("analysis", "gaps", "changes", "review")
TABLES: tuple[Place, ...] = ("browse", "offers", "sources", "changes", "review")
LISTS: tuple[Place, ...] = ("browse", "providers")
ROWS: tuple[Place, ...] = ("browse", "offers")
INNER: tuple[Place, ...] = ("providers", "offers", "sources", "compare", "detail", "raw", "help", *REPORTS)
EVERY: tuple[Place, ...] = ("browse", *INNER)
MOVES: tuple[Place, ...] = (*TABLES, "providers", "compare", "detail", "help", "analysis", "gaps")
BROWSE: tuple[Place, ...] = ("browse",)


APP_ACTIONS = frozenset({"quit", "theme", "mouse"})
"""Actions that the app answers itself, from whatever screen."""
OF_ROWS = frozenset(
    {
        "open", "details", "mark", "compare", "favourite", "hide", "latency", "split", "analysis", "raw", "copy_id",
        "copy_key", "export", "open_page", "providers", "cursor_up", "cursor_down", "page_up", "page_down", "first_row",
        "last_row", "review",
    }
)  # fmt: skip
"""Actions that look at the rows: they wait until those are there that were asked for before."""
MOVING = frozenset({"cursor_up", "cursor_down", "page_up", "page_down", "first_row", "last_row"})
"""Those of them of which nothing is left when the program is."""


class Action(Struct, frozen=True):
    """One thing a person can ask for: its binding, palette entry, help line and README row."""

    name: str
    """The action method without `action_`, the binding's id, and the key of the config's `[ui.keys]`."""
    keys: str
    """Comma-separated, in Textual's spelling."""
    label: str
    """One or two words for the hint line and the palette."""
    help: str
    group: str
    places: tuple[Place, ...] = BROWSE
    hint: bool = False
    """Shown in the hint line."""
    argument: str = ""
    """What the action method is called with."""
    palette: bool = True

    @property
    def call(self) -> str:
        """The action in Textual's spelling."""
        owned = f"app.{self.name}" if self.name in APP_ACTIONS else self.name
        return f"{owned}({self.argument})" if self.argument else owned

    @property
    def id(self) -> str:
        """The name that tells apart actions that differ in their argument: `chip_1`."""
        return f"{self.name}_{self.argument}" if self.argument else self.name


CHIPS = (
    "tools", "vision", "reasoning", "structured_output", "audio", "image_generation", "embeddings", "open", "free",
)  # fmt: skip
"""The flag of each chip, 1 to 9."""
CHIP_WORDS = (
    "tools", "vision", "reasoning", "structured output", "audio", "image generation",
    "embeddings", "open weights", "free",
)  # fmt: skip

CHARTS = ("price against context", "quantization", "context", "availability", "prices of the model")
CHANGES = ("added", "removed", "prices", "limits", "capabilities", "quantization", "status")

ACTIONS: tuple[Action, ...] = (
    Action("filter", "slash", "filter", "Type words and conditions; the table follows every key", "Find", hint=True),
    *(
        Action(
            "chip", str(number), word, f"{word.capitalize()}: require it, exclude it, either", "Find",
            argument=str(number), palette=False,
        )
        for number, word in enumerate(CHIP_WORDS, start=1)
    ),
    Action("clear_chips", "0", "clear chips", "Forget all nine of these conditions", "Find"),
    Action("clear", "escape", "clear", "Cancel a running test, else clear the filter, else the marks", "Find"),
    Action("provider", "space,enter", "choose", "Show this provider's rows, with those of others chosen", "Find",
           places=("providers",), hint=True, palette=False),
    Action("only_provider", "o", "only this", "Show the rows of this provider alone", "Find",
           places=("providers",), hint=True, palette=False),
    Action("providers_with_key", "K", "with key", "Choose the providers that you have a key for", "Find",
           places=("providers",), hint=True, palette=False),
    Action("no_provider", "0", "any", "Choose none: every provider's rows are shown", "Find",
           places=("providers",), hint=True, palette=False),
    Action("providers", "t", "providers", "The list of providers with the rows of each, beside the table", "Find",
           places=LISTS, hint=True),
    Action("saved_views", "V", "saved views", "Choose one of the config's [views]", "Find"),
    Action("toggle_view", "m", "models/offers", "One row per model, or one row per offer", "See", hint=True),
    Action("open", "enter", "offers", "Open the offers of the model, or the details of the offer", "See",
           places=ROWS, hint=True),
    Action("details", "i", "details", "Every field, its source, its age and why it is empty", "See",
           places=ROWS, hint=True),
    Action("detail_down", "ctrl+down,right_curly_bracket", "details down", "Scroll the details down", "See",
           places=("browse",), palette=False),
    Action("detail_up", "ctrl+up,left_curly_bracket", "details up", "Scroll the details up", "See",
           places=("browse",), palette=False),
    Action("sort", "s", "sort", "Choose the column to sort by; + adds a further one", "See", places=ROWS, hint=True),
    Action("reverse", "S", "reverse", "Reverse the order; missing values stay last", "See", places=ROWS),
    Action("columns", "v", "columns", "Choose, order and widen the columns", "See"),
    Action("mark", "space", "mark", "Mark the row", "Decide", places=ROWS),
    Action("compare", "c", "compare", "Show two to six marked rows side by side", "Decide", places=ROWS, hint=True),
    Action("favourite", "asterisk", "favourite", "Keep the row as a favourite; `fav` finds them", "Decide"),
    Action("favourites_first", "F", "favourites first", "Put the favourites above all other rows, or no longer",
           "Decide"),
    Action("hide", "x", "hide", "Hide the row from now on", "Decide"),
    Action("show_hidden", "X", "show hidden", "Show the hidden rows, to take them back with x", "Decide"),
    Action("workload", "w", "workload", "Say what your requests are made of; a column tells what they cost", "Decide"),
    Action("latency", "l", "latency", "Measure time to first token and speed of the row", "Decide",
           places=ROWS, hint=True),
    Action("join", "plus", "join", "Make the two marked rows one model; asks first, written to the config", "Decide",
           places=ROWS),
    Action("split", "minus", "split off", "Take an offer off its model; asks first, written to the config", "Decide",
           places=ROWS),
    Action("analysis", "a", "analysis", "Charts of the rows in view; a line of a chart filters the table", "See",
           hint=True),
    Action("changes", "d", "changes", "What changed since the last visit, a week or a month ago", "See", hint=True),
    Action("gaps", "g", "gaps", "How two sources join: matched, only in one, and why; fields stated", "Data"),
    Action("review", "R", "review links", "Links that are not certain and look-alikes, to accept or reject", "Decide"),
    Action("refresh", "r", "refresh", "Ask every source again, in the background", "Data",
           places=("browse", "sources"), hint=True),
    Action("sources", "p", "sources", "Every source: state, age, status, problems, key", "Data", hint=True),
    Action("problems", "enter", "problems", "What could not be read of this source's answer", "Data",
           places=("sources",), hint=True),
    *(
        Action(
            "chart", str(number), word, f"Chart: {word}", "See", places=("analysis",), argument=str(number),
            palette=False,
        )
        for number, word in enumerate(CHARTS, start=1)
    ),
    Action("next_chart", "right,tab", "next chart", "The next chart", "See", places=("analysis",), hint=True),
    Action("previous_chart", "left,shift+tab", "previous chart", "The chart before", "See", places=("analysis",)),
    Action("pick", "space", "pick", "Pick the line; the table is filtered by all that are picked", "Find",
           places=("analysis",), hint=True),
    Action("take", "enter", "filter by it", "Filter the table by the line, or by all that are picked", "Find",
           places=("analysis",), hint=True),
    Action("pair", "s,enter", "choose sources", "Choose the two sources to compare", "See",
           places=("gaps",), hint=True),
    Action("save_gaps", "e", "save Markdown", "Write this analysis to a file in the current folder", "Take",
           places=("gaps",), hint=True),
    Action("since", "s", "since", "Since the last visit, a week or a month ago", "See", places=("changes",), hint=True),
    *(
        Action(
            "kind", str(number), word, f"Only: {word}; again: every kind", "Find", places=("changes",),
            argument=str(number), palette=False,
        )
        for number, word in enumerate(CHANGES, start=1)
    ),
    Action("every_kind", "0", "every kind", "Show every kind of change", "Find", places=("changes",)),
    Action("jump", "enter", "go to row", "Go to the row of this offer in the table", "See", places=("changes",),
           hint=True),
    Action("accept", "y", "same model", "Say that the two are one model; written to the config", "Decide",
           places=("review",), hint=True),
    Action("reject", "n", "different", "Say that the two are different models; written to the config", "Decide",
           places=("review",), hint=True),
    Action("sides", "enter,i", "details", "Everything of both sides", "See", places=("review",), hint=True),
    Action("doubts", "f", "kind", "Show the links, the look-alikes, or both", "Find", places=("review",), hint=True),
    Action("raw", "J", "raw JSON", "The record as its source sent it", "Data", places=ROWS),
    Action("ask_deployment", "u", "ask now", "Ask the provider for this one offer: its deployment, or its endpoints",
           "Data", places=("detail",), hint=True),
    Action("copy_id", "y", "copy id", "Copy the id", "Take", places=ROWS),
    Action("copy_key", "Y", "copy provider/id", "Copy provider/id", "Take", places=ROWS),
    Action("export", "e", "export", "Write the rows and columns of this view to a file", "Take", places=ROWS),
    Action("open_page", "o", "open page", "Open the web page of the model", "Take", places=ROWS),
    Action("cursor_up", "up,k", "up", "One row up", "Move", places=MOVES, palette=False),
    Action("cursor_down", "down,j", "down", "One row down", "Move", places=MOVES, palette=False),
    Action("page_up", "pageup,ctrl+b", "page up", "One screen up", "Move", places=MOVES, palette=False),
    Action("page_down", "pagedown,ctrl+f", "page down", "One screen down", "Move", places=MOVES, palette=False),
    Action("first_row", "home", "top", "First row", "Move", places=MOVES, palette=False),
    Action("last_row", "end,G", "bottom", "Last row", "Move", places=MOVES, palette=False),
    Action("columns_left", "left", "left", "Scroll one column to the left", "Move",
           places=(*TABLES, "compare"), palette=False),
    Action("columns_right", "right", "right", "Scroll one column to the right", "Move",
           places=(*TABLES, "compare"), palette=False),
    Action("switch_list", "tab", "list/table", "Go between the list of providers and the table", "Move",
           places=LISTS, palette=False),
    Action("back", "escape,q", "back", "Back to the table", "Program", places=INNER, hint=True, palette=False),
    Action("help", "question_mark,f1", "help", "This list of keys", "Program",
           places=("browse", "providers", "offers", "sources", "compare", "detail", *REPORTS), hint=True),
    Action("mouse", "M", "mouse", "Give the mouse back to the terminal, to select text, or take it again", "Program",
           places=EVERY),
    Action("theme", "ctrl+t", "theme", "Choose among the themes, dark and light", "Program", places=EVERY),
    Action("quit", "q,ctrl+c", "quit", "Leave", "Program", hint=True),
)  # fmt: skip

PALETTE_KEY = "ctrl+p"
QUIT_ALWAYS = "ctrl+q"

_SHOWN = {
    "slash": "/", "question_mark": "?", "asterisk": "*", "escape": "Esc", "enter": "Enter", "space": "Space",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "right_curly_bracket": "}", "left_curly_bracket": "{", "f1": "F1", "tab": "Tab",
}  # fmt: skip


def looks_at_rows(call: str) -> bool:
    """Say whether an action in Textual's spelling looks at the rows in view."""
    return call.partition("(")[0] in OF_ROWS


def actions_of(place: Place) -> Iterator[Action]:
    """Give the actions of a screen, in the order of the help."""
    return (action for action in ACTIONS if place in action.places)


def bindings(place: Place) -> list[BindingType]:
    """Give a screen's bindings; their ids are what the config's `[ui.keys]` names."""
    return [
        Binding(action.keys, action.call, action.label, show=False, id=action.id, system=True)
        for action in actions_of(place)
    ]


def keys_of(action: Action, overrides: Mapping[str, str]) -> tuple[str, ...]:
    """Give an action's keys in Textual's spelling, as the user's config has them."""
    return tuple(key.strip() for key in overrides.get(action.id, action.keys).split(","))


def keys_among(names: Collection[str], overrides: Mapping[str, str]) -> frozenset[str]:
    """Give the keys of some actions in Textual's spelling, as the user's config has them."""
    return frozenset(key for action in ACTIONS if action.name in names for key in keys_of(action, overrides))


def shown_key(key: str) -> str:
    """Spell a key as people write it: `/`, `Esc`, `Ctrl+P`."""
    if key in _SHOWN:
        return _SHOWN[key]
    if "+" in key:
        *modifiers, last = key.split("+")
        return "+".join([*(word.capitalize() for word in modifiers), _SHOWN.get(last, last.upper())])
    return key


def hints(place: Place, overrides: Mapping[str, str], *, without: Collection[str] = ()) -> list[tuple[str, str, str]]:
    """Give the hint line of a screen: key, label, action to call; `without` names actions that mean nothing now."""
    return [
        (shown_key(keys_of(action, overrides)[0]), action.label, action.call)
        for action in actions_of(place)
        if action.hint and action.name not in without
    ]


def help_rows(place: Place | None, overrides: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give group, keys and explanation of every action of a screen, or of all."""
    for action in ACTIONS:
        if place is None or place in action.places:
            yield action.group, " ".join(shown_key(key) for key in keys_of(action, overrides)), action.help
    yield "Program", shown_key(PALETTE_KEY), "The same actions by name"
    yield "Program", shown_key(QUIT_ALWAYS), "Leave, from anywhere"


def markdown_table() -> str:
    """Write the key table of the README."""
    rows = [f"| `{keys}` | {explanation} |" for _, keys, explanation in help_rows(None, {})]
    return "\n".join(["| key | does |", "| --- | --- |", *rows])
