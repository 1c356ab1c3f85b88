"""The options of every command, and the session they ask for."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from modeltui import config as configuration
from modeltui import paths
from modeltui.config import Config

if TYPE_CHECKING:
    import argparse  # the usual start of the screen does without

_NEGATED: Final = r"-[A-Za-z][\w.]*([:<>=].*)?$"
QUERY_COMMANDS: Final = frozenset({"list", "export", "conflicts", "cost", "diff"})
SHORT_OPTIONS: Final = frozenset({"-h", "-v", "-vv", "-o"})
SORTING: Final = "--sort"
SWITCHES: Final = {"--offline": "offline", "--no-snapshot": "no_snapshot"}
"""The common options without a value, by the name of what they switch on."""


def switched(argv: Sequence[str]) -> SimpleNamespace | None:
    """Read a command line of switches alone, as the screen is mostly opened; `None` where argparse must read it.

    Loading argparse takes longer than opening the start-up file.
    """
    if SWITCHES.keys() >= set(argv):
        return SimpleNamespace(**{SWITCHES[word]: True for word in argv})
    return None


def common() -> "argparse.ArgumentParser":
    """Make the options that stand before or after any command."""
    import argparse

    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = parser.add_argument_group("common options")
    group.add_argument("--config", type=Path, metavar="PATH", help="config file (default: the platform's place)")
    group.add_argument("--cache-dir", type=Path, metavar="DIR", help="where answers are kept")
    group.add_argument("--offline", action="store_true", help="never touch the network")
    group.add_argument("--no-snapshot", action="store_true", help="ignore the catalogue shipped with the program")
    group.add_argument("-v", "--verbose", action="count", help="say more on stderr")
    return parser


def arranged(argv: Sequence[str]) -> list[str]:
    """Rewrite what argparse would misread: `--sort -context` and a query's `-vision` begin like options."""
    words = list(argv)
    if QUERY_COMMANDS.isdisjoint(words):
        return words
    out: list[str] = []
    for word in words:
        if out and out[-1] == SORTING:
            out[-1] = f"{SORTING}={word}"
        elif re.match(_NEGATED, word) and word not in SHORT_OPTIONS and out:
            out.append("!" + word[1:])
        else:
            out.append(word)
    return out


def load_config(options: object, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the config file that the options or the environment name, or the one at the platform's place."""
    named = getattr(options, "config", None)
    path = Path(named) if named else paths.config_file(environ)
    return configuration.load(path, required=bool(named or environ.get("MODELTUI_CONFIG")))


def cache_dir(options: object, environ: Mapping[str, str] = os.environ) -> Path:
    """Find the folder of the cache."""
    named = getattr(options, "cache_dir", None)
    return Path(named) if named else paths.cache_dir(environ)
