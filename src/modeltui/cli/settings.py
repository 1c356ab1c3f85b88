"""`config` and `cache`: where things are, and making, checking and clearing them."""

import argparse
from importlib.resources import files
from pathlib import Path

from modeltui import paths
from modeltui.cli.options import cache_dir, load_config
from modeltui.cli.output import Output
from modeltui.errors import OutputError
from modeltui.service import claimsfile, openingfile, startfile
from modeltui.service.lineup import line_up
from modeltui.store import Store

DERIVED = (startfile.FILE_NAME, openingfile.FILE_NAME, claimsfile.FILE_NAME)
"""Files of the cache that are made of its answers."""


def add_config(parser: argparse.ArgumentParser) -> None:
    """Declare the parts of `config`."""
    parser.add_argument("what", choices=("path", "init", "check"), help="where it is; write one; check it")


def run_config(options: argparse.Namespace, out: Output) -> int:
    """Tell where the config file is, write a commented one, or check the one that is there."""
    named = getattr(options, "config", None)
    path = Path(named) if named else paths.config_file()
    if options.what == "path":
        out.lines(str(path))
        return 0
    if options.what == "init":
        return _init(path, out)
    config = load_config(options)
    plans = line_up(config)
    asked = [source.name for plan in plans for source in plan.listing]
    out.lines(f"{path}: {'no such file, the defaults hold' if config.path is None else 'ok'}")
    out.lines(f"{len(asked)} sources are asked: {', '.join(asked)}")
    for plan in plans:
        if plan.moved and plan.key is not None:
            out.lines(f"{plan.slug}: the key from {plan.key_from} goes to {plan.provider.endpoint}")
    return 0


def _init(path: Path, out: Output) -> int:
    if path.exists():
        raise OutputError(f"{path}: exists already", hint="move it away first")
    text = files("modeltui").joinpath("config.example.toml").read_text("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: could not be written: {error.strerror}") from error
    out.lines(str(path))
    return 0


def add_cache(parser: argparse.ArgumentParser) -> None:
    """Declare the parts of `cache`."""
    parser.add_argument("what", choices=("path", "info", "clear"), help="where it is; what is in it; empty it")
    parser.add_argument("--latency", action="store_true", help="clear: latency tests too")


def run_cache(options: argparse.Namespace, out: Output) -> int:
    """Tell where the cache is and what is in it, or empty it."""
    folder = cache_dir(options)
    if options.what == "path":
        out.lines(str(folder))
        return 0
    with Store.open(folder) as store:
        if options.what == "clear":
            freed = store.clear(latency=options.latency)
            for name in DERIVED:
                (folder / name).unlink(missing_ok=True)
            out.lines(f"cleared {freed} bytes")
            return 0
        info = store.info()
    held = f"{info.responses} answers, {info.history} older ones, {info.latency} latency tests"
    out.lines(f"{info.path}: {info.bytes} bytes, {held}")
    for note in info.notes:
        out.say(f"cache: {note}")
    return 0
