"""`serve`: the screen in a browser of this machine, through the optional library textual-serve."""

import argparse
import sys
from importlib.util import find_spec

from modeltui.cli.output import Output
from modeltui.errors import UsageError


def add_serve(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `serve`."""
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")


def run_serve(options: argparse.Namespace, out: Output) -> int:
    """Serve the screen on loopback; whoever can open the page can use the keys that the program has."""
    if not 0 < options.port < 65536:
        raise UsageError(f"{options.port} is no port", hint="a number from 1 to 65535")
    if find_spec("textual_serve") is None:
        raise UsageError("serve needs the library textual-serve", hint="pip install 'modeltui[serve]'")
    from textual_serve.server import Server

    out.say(f"http://localhost:{options.port} until ctrl+c; only this machine can open it")
    Server(f"{sys.executable} -m modeltui", host="localhost", port=options.port, title="modeltui").serve()
    return 0
