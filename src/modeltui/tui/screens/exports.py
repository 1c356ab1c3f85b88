"""Asking how and where a view is written, and writing it without holding up the screen."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from textual.app import App

from modeltui.columns import Column, Row
from modeltui.errors import OutputError
from modeltui.files import TakenError, write_file
from modeltui.tui.exporting import FORMATS, file_name, view_text
from modeltui.tui.fields import Field
from modeltui.tui.screens.choose import Choice, ChooseScreen, ConfirmScreen
from modeltui.tui.screens.forms import FormScreen


def _wrong_name(text: str) -> str:
    return "" if text.strip() else "expected the name of a file"


def _folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        return "a folder that is gone"


class Export:
    """One export from the first question to the file; rows and columns are those of the moment it was asked for."""

    def __init__(self, app: App[None], rows: Sequence[Row], columns: Sequence[Column], now: datetime) -> None:
        self._app = app
        self._rows = rows
        self._columns = columns
        self._now = now

    @property
    def _what(self) -> str:
        return f"Export {len(self._rows):,} rows of {len(self._columns)} columns"

    def begin(self) -> None:
        """Ask for the format."""
        self._app.push_screen(ChooseScreen(f"{self._what} as", FORMATS), self._ask_name)

    def _ask_name(self, choice: Choice | None) -> None:
        if choice is None:
            return
        form = choice[0]
        field = Field("file", "File", file_name(form, self._now), f"in {_folder()}, or a path", _wrong_name)

        def named(texts: dict[str, str] | None) -> None:
            if texts is not None:
                self._write(form, texts["file"].strip())

        self._app.push_screen(FormScreen(self._what, (field,)), named)

    def _write(self, form: str, name: str, *, force: bool = False) -> None:
        self._app.run_worker(self._written(form, name, force=force), group="export", exclusive=True)

    async def _written(self, form: str, name: str, *, force: bool) -> None:
        """Write the file; where one is there already, ask first."""
        try:
            path = await asyncio.to_thread(self._written_to, form, name, force=force)
        except TakenError as taken:
            asked = ConfirmScreen("Replace it?", [taken.message])
            self._app.push_screen(asked, lambda agreed: self._write(form, name, force=True) if agreed else None)
        except (OutputError, OSError, RuntimeError, ValueError) as error:
            said = error.message if isinstance(error, OutputError) else str(error)
            self._app.notify(said, title="Not exported", severity="error")
        else:
            self._app.notify(str(path), title=f"Exported {len(self._rows):,} rows")

    def _written_to(self, form: str, name: str, *, force: bool) -> Path:
        path = Path(name).expanduser().absolute()
        text = view_text(form, self._rows, self._columns, self._now)
        write_file(path, text.encode("utf-8", "replace"), force=force)
        return path
