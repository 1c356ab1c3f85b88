"""What every test of a screen stands on: a plain environment and an app over a backend of fixed answers."""

import pytest

from modeltui.tui.app import ModelTuiApp
from screen_stand_in import NOW, MakeApp, StandIn


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL_THEME", "COLUMNS", "LINES", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def backend() -> StandIn:
    return StandIn()


@pytest.fixture
def make_app(backend: StandIn) -> MakeApp:
    def make(*, auto_refresh: bool = False, theme: str | None = None) -> ModelTuiApp:
        return ModelTuiApp(backend, clock=lambda: NOW, auto_refresh=auto_refresh, theme=theme)

    return make
