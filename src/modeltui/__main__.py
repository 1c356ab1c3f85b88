"""The console script: joins the command line, the service and the screens, and nothing more."""

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from modeltui import late
from modeltui.errors import UsageError

if TYPE_CHECKING:
    from modeltui.service.session import Session


def open_screen(session: "Session") -> NoReturn:
    """Open the terminal UI and end the process with it; without a terminal that is wrong usage."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream.isatty() for stream in streams) or os.environ.get("TERM") == "dumb":
        raise UsageError("the screen needs a terminal", hint="try: modeltui list --json")
    gc.disable()  # until the first frame has been drawn, where the app freezes what there is and turns it on again
    from modeltui.tui.app import ModelTuiApp
    from modeltui.tui.app import run as run_screen

    def redact(text: str) -> str:
        from modeltui.service.keys import redactor_at_hand  # only a crash needs it

        return redactor_at_hand(session).redact(text)

    config = session.config
    app = ModelTuiApp(
        session,
        clock=session.clock,
        auto_refresh=config.auto_refresh and not session.offline,
        keys=config.keys,
        mouse=config.mouse,
        theme=config.theme,
        redact=redact,
    )
    code = run_screen(app)
    session.close()
    for stream in streams[1:]:
        stream.flush()
    os._exit(code)  # tearing down a hundred thousand rows would take longer than quitting may


def main() -> int:
    """Carry out the command line of this process."""
    late.put_off()
    from modeltui.cli import quick

    status = quick.answer(sys.argv[1:])
    if status is not None:
        return status
    gc.disable()  # what is imported stays: it is not searched for garbage, now or later
    from modeltui.cli.run import run

    gc.freeze()
    gc.enable()
    return run(sys.argv[1:], open_screen)


if __name__ == "__main__":
    sys.exit(main())
