"""What every test of a screen stands on: a plain environment and an app over a backend of fixed answers."""

import pytest

from modeltui.tui.app import ModelTuiApp
from screen_stand_in import NOW, MakeApp, StandIn


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL_THEME", "COLUMNS", "LINES", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=[None, 0], ids=["on the loop", "beside the loop"])
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a key asks for is worked out at once, as for few rows, or in a thread, as for many."""
    if request.param is not None:
        monkeypatch.setattr("modeltui.tui.view.AT_ONCE", request.param)


@pytest.fixture
def backend() -> StandIn:
    return StandIn()


@pytest.fixture
def make_app(backend: StandIn) -> MakeApp:
    def make(*, auto_refresh: bool = False, theme: str | None = None) -> ModelTuiApp:
        return ModelTuiApp(backend, clock=lambda: NOW, auto_refresh=auto_refresh, theme=theme)

    return make
