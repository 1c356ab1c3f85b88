"""Carrying out one command line: options, config, session, exit status."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from modeltui.cli.options import QUERY_COMMANDS, arranged, cache_dir, load_config
from modeltui.cli.output import PIPE_CLOSED, Output
from modeltui.cli.parser import Command, build
from modeltui.errors import ModelTuiError
from modeltui.secret import Redactor
from modeltui.service.session import Session

OpenScreen = Callable[[Session], int]


def run(argv: Sequence[str], open_screen: OpenScreen) -> int:
    """Carry out a command line and answer its exit status; without a command the screen is opened."""
    redactor = Redactor()
    out = Output(redactor)
    try:
        options = _parsed(argv)
        out.verbose = getattr(options, "verbose", 0) or 0
        return _carry_out(options, out, open_screen)
    except ModelTuiError as error:
        out.error(error)
        return error.exit_code
    except BrokenPipeError:
        _silence_stdout()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return 130


def _parsed(argv: Sequence[str]) -> argparse.Namespace:
    parser = build()
    options, rest = parser.parse_known_args(arranged(argv))
    command = getattr(options, "command", None)
    if rest and command in QUERY_COMMANDS and not any(word.startswith("-") for word in rest):
        options.query = [*options.query, *rest]
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _carry_out(options: argparse.Namespace, out: Output, open_screen: OpenScreen) -> int:
    command: Command | None = getattr(options, "chosen", None)
    if command is not None and command.plain is not None:
        return command.plain(options, out)
    session = open_session(options, out.redactor)
    try:
        if command is None or command.run is None:
            return open_screen(session)
        return command.run(options, session, out)
    finally:
        session.close()


def open_session(options: argparse.Namespace, redactor: Redactor) -> Session:
    """Make the session that the options ask for; every key it finds is known to the redactor."""
    session = Session(
        load_config(options),
        cache_dir=cache_dir(options),
        offline=getattr(options, "offline", False),
        use_snapshot=not getattr(options, "no_snapshot", False),
    )
    for plan in session.plans:
        if plan.key is not None:
            redactor.add(plan.key)
    return session


def _silence_stdout() -> None:
    """Keep the interpreter from complaining about the closed pipe once more at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
