"""The details beside the table: told once for a row, and anew when what they tell of has changed."""

from collections.abc import Iterator
from datetime import timedelta

from hand import running
from modeltui.tui.app import ModelTuiApp
from modeltui.tui.widgets.drawn import LinePane
from modeltui.tui.widgets.sheets import KEPT, Hung, Sheet, Sheets
from screen_stand_in import MakeApp, browse

SIZE = (160, 40)
WIDE_ENOUGH = 40


class Teller:
    """Tells of words, and keeps count."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, word: str) -> Iterator[Hung]:
        self.told.append(word)
        yield [(word, ""), (" and more of it", "dim")], 2


def told(sheet: Sheet, room: int = WIDE_ENOUGH) -> list[str]:
    sheet.pull(100, room)
    return ["".join(text for text, _ in line) for line in sheet.wrapped]


def test_what_was_told_is_told_once_while_its_grounds_stand() -> None:
    teller, sheets, grounds = Teller(), Sheets(), object()
    first, second = "first", "second"
    sheet = sheets.of(first, teller.tell, grounds, 1)
    assert told(sheet) == ["first and more of it"]
    told(sheets.of(second, teller.tell, grounds, 1))
    assert sheets.of(first, teller.tell, grounds, 1) is sheet
    assert teller.told == ["first", "second"]


def test_other_grounds_are_told_on_anew() -> None:
    teller, sheets, grounds = Teller(), Sheets(), [0]
    told(sheets.of("word", teller.tell, grounds, 1))
    told(sheets.of("word", teller.tell, grounds, 2))
    told(sheets.of("word", teller.tell, [0], 2))  # equal, but another object
    assert len(teller.told) == 3


def test_only_so_many_sheets_are_kept() -> None:
    teller, sheets, grounds = Teller(), Sheets(), object()
    words = [f"word {number}" for number in range(KEPT + 1)]
    for word in words:
        told(sheets.of(word, teller.tell, grounds, None))
    told(sheets.of(words[0], teller.tell, grounds, None))
    assert teller.told == [*words, words[0]]


def test_a_sheet_is_wrapped_anew_to_another_width_and_loses_nothing() -> None:
    sheet = Sheet(Teller().tell("word"))
    assert told(sheet, 12) == ["word and", "  more of it"]
    assert told(sheet, WIDE_ENOUGH) == ["word and more of it"]


def test_what_was_drawn_for_other_colours_is_dropped() -> None:
    sheet = Sheet()
    drawn = sheet.strips_for("dark")
    assert sheet.strips_for("dark") is drawn
    assert not sheet.strips_for("light")


def pane(app: ModelTuiApp) -> LinePane:
    return browse(app).query_one("#detail", LinePane)


def drawn(app: ModelTuiApp) -> list[str]:
    return [repr(list(strip)) for strip in pane(app).render_lines(pane(app).size.region)]


async def test_back_on_a_row_its_details_are_those_told_before(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        sheet, before = pane(app)._sheet, drawn(app)
        await hand.press("down")
        assert drawn(app) != before
        await hand.press("up")
        assert pane(app)._sheet is sheet
        assert drawn(app) == before


async def test_typing_and_erasing_leaves_the_details_of_a_row_that_stays_where_they_are_read(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, (160, 16)) as hand:
        sheet = pane(app)._sheet
        await hand.press("right_curly_bracket")
        scrolled = pane(app).scroll_offset.y
        assert scrolled > 0
        await hand.press("slash", *"mistral", *["backspace"] * 7)
        assert pane(app)._sheet is sheet
        assert pane(app).scroll_offset.y == scrolled


async def test_kept_details_follow_the_theme(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        before = drawn(app)
        await hand.press("down")
        app.theme = "textual-light"
        await hand.press("up")
        assert drawn(app) != before


async def test_ages_in_kept_details_go_on(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        await hand.press("slash", *"qwen")
        before, screen = pane(app).text, browse(app)
        later = screen.around.clock() + timedelta(days=3)
        screen.around = screen.around._replace(clock=lambda: later)
        await hand.press("backspace", "n")
        assert pane(app).text != before


async def test_a_new_catalog_is_told_of_at_once(make_app: MakeApp) -> None:
    app = make_app()
    async with running(app, SIZE) as hand:
        sheet = pane(app)._sheet
        browse(app).remake_rows()
        await hand.settle()
        assert pane(app)._sheet is not sheet
