"""The floor of every start: a Textual app that shows one line and nothing else."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static("the first paint")


if __name__ == "__main__":
    Bare().run()
