"""Carrying out one command line: options, config, session, exit status."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

from modeltui.cli.options import QUERY_COMMANDS, arranged, cache_dir, common, load_config, switched
from modeltui.cli.output import PIPE_CLOSED, Output
from modeltui.errors import ModelTuiError, OutputError
from modeltui.secret import Redactor
from modeltui.service.session import Session

if TYPE_CHECKING:
    import argparse

    from modeltui.cli.parser import Command

OpenScreen = Callable[[Session], int]


def run(argv: Sequence[str], open_screen: OpenScreen) -> int:
    """Carry out a command line and answer its exit status; without a command the screen is opened."""
    redactor = Redactor()
    out = Output(redactor)
    try:
        if (switches := switched(argv)) is not None:
            return _show(switches, out, open_screen)
        options = _parsed(argv)
        out.verbose = getattr(options, "verbose", 0) or 0
        return _carry_out(options, out, open_screen)
    except ModelTuiError as error:
        return _ended(out, error)
    except BrokenPipeError:
        _silence_stdout()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # whatever nobody foresaw: told without values, for one may be a key
        return _ended(out, InternalError(error, verbose=bool(out.verbose)))


class InternalError(ModelTuiError):
    """A mistake of the program's own, as one line; with -v also where it came about."""

    exit_code = 70

    def __init__(self, error: Exception, *, verbose: bool) -> None:
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
        told = " < ".join(reversed(places)) if verbose else places[-1]
        super().__init__(
            f"internal error: {type(error).__name__} at {told}: {error}",
            hint="nothing that was stored is lost; please report it with the output of -v",
        )


def _ended(out: Output, error: ModelTuiError) -> int:
    """Tell an error, if stderr takes it, and give the exit status."""
    with suppress(OutputError, BrokenPipeError):
        out.error(error)
    if isinstance(error, OutputError):
        _silence_stdout()
    return error.exit_code


def _parsed(argv: Sequence[str]) -> "argparse.Namespace":
    """Read the options; the screen needs none of the commands, and none of them is loaded for it."""
    import argparse

    screen, rest = argparse.ArgumentParser("modeltui", add_help=False, parents=[common()]).parse_known_args(argv)
    if not rest:
        return screen
    from modeltui.cli.parser import build

    parser = build()
    options, rest = parser.parse_known_args(arranged(argv))
    command = getattr(options, "command", None)
    if rest and command in QUERY_COMMANDS and not any(word.startswith("-") for word in rest):
        options.query = [*options.query, *rest]
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _carry_out(options: "argparse.Namespace", out: Output, open_screen: OpenScreen) -> int:
    command: Command | None = getattr(options, "chosen", None)
    if command is not None and command.plain is not None:
        return command.plain(options, out)
    if command is None or command.run is None:
        return _show(options, out, open_screen)
    session = new_session(options)
    try:
        _learn_keys(session, out)
        return command.run(options, session, out)
    finally:
        _close(session, out)


def _show(options: object, out: Output, open_screen: OpenScreen) -> int:
    session = new_session(options)
    try:
        if session.config.path is not None and not any(own.keyring for own in session.config.providers.values()):
            session.plans  # noqa: B018  # a wrong name in the config is told before the screen opens
        return open_screen(session)
    finally:
        _close(session, out)


def _close(session: Session, out: Output) -> None:
    if "plans" in vars(session):
        _learn_keys(session, out)
    session.close()


def _learn_keys(session: Session, out: Output) -> None:
    """Make the output know every key of the line-up; after a screen, for what is said of its crash."""
    for plan in session.plans:
        if plan.key is not None:
            out.redactor.add(plan.key)


def new_session(options: object) -> Session:
    """Make the session that the options ask for."""
    return Session(
        load_config(options),
        cache_dir=cache_dir(options),
        offline=getattr(options, "offline", False),
        use_snapshot=not getattr(options, "no_snapshot", False),
    )


def _silence_stdout() -> None:
    """Keep the interpreter from complaining about the closed pipe once more at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
