"""`completions` and `doctor`: the shell around the program, and the machine."""

import argparse
import locale
import os
import platform
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from modeltui import __version__, paths, snapshot
from modeltui.cli import shells
from modeltui.cli.options import cache_dir, load_config
from modeltui.cli.output import Output
from modeltui.cli.shells import Commands, Word
from modeltui.columns import COLUMNS_BY_KEY
from modeltui.config import Config, ProviderConfig
from modeltui.errors import ModelTuiError
from modeltui.format import date
from modeltui.providers.registry import PROVIDERS
from modeltui.query_words import FLAGS
from modeltui.service.lineup import ProviderPlan, chat_url, line_up
from modeltui.store import FILE_NAME, Store

# ---------------------------------------------------------------------------------------------------- completions

SHELLS = ("bash", "zsh", "fish")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
"""Names that mean nothing to a shell; others are left out of a script that a shell is going to run."""


def add_completions(parser: argparse.ArgumentParser) -> None:
    """Declare the argument of `completions`."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help="bash, zsh or fish")


def run_completions(options: argparse.Namespace, out: Output) -> int:
    """Print the completion script of a shell, made from the commands themselves."""
    from modeltui.cli.parser import build

    names = list(PROVIDERS)
    try:
        names += [name for name in load_config(options).providers if name not in PROVIDERS]
    except ModelTuiError as error:
        out.detail(f"without the providers of the config: {error.message}")
    commands, common = _commands(build(), [name for name in names if _PLAIN_NAME.fullmatch(name)])
    write = {"bash": shells.bash, "zsh": shells.zsh, "fish": shells.fish}[options.shell]
    out.data("\n".join(write(commands, common)))
    return 0


def _commands(parser: argparse.ArgumentParser, providers: list[str]) -> tuple[Commands, tuple[Word, ...]]:
    """Read the parser: the commands with the words of their own, and the words of all."""
    common: tuple[Word, ...] = ()
    commands: dict[str, tuple[str, tuple[Word, ...]]] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, inner in action.choices.items():
                commands[name] = (helps.get(name, ""), tuple(_word(part, providers) for part in inner._actions))
        else:
            common += (_word(action, providers),)
    known = {word.flags for word in common}
    own = {
        name: (text, tuple(word for word in words if not word.flags or word.flags not in known))
        for name, (text, words) in commands.items()
    }
    return own, common


def _word(action: argparse.Action, providers: list[str]) -> Word:
    flags = tuple(action.option_strings)
    metavar = str(action.metavar or "")
    text = (action.help or "").replace("%%", "%")
    many = action.nargs in {"*", "+"}
    if action.nargs == 0:
        return Word(flags, text)
    if action.choices is not None:
        return Word(flags, text, "words", tuple(map(str, action.choices)), many)
    if flags and flags[0] in {"--columns", "--sort"}:
        return Word(flags, text, "list", tuple(COLUMNS_BY_KEY))
    if metavar in {"FILE", "PATH", "DIR"}:
        return Word(flags, text, "dir" if metavar == "DIR" else "file")
    values: Mapping[str, Iterable[str]] = {
        "PROVIDER": providers,
        "QUERY": (*FLAGS, *(f"provider:{name}" for name in providers)),
        "SOURCE": (*providers, *(f"{p.slug}/{s.name}" for p in PROVIDERS.values() for s in p.sources)),
    }
    found = tuple(values.get(metavar.removesuffix("_A").removesuffix("_B"), ()))
    return Word(flags, text, "words" if found else "any", found, many)


# ---------------------------------------------------------------------------------------------------- doctor

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
CERTIFICATES = {"SSL_CERT_FILE": Path.is_file, "SSL_CERT_DIR": Path.is_dir}
_LOGIN = re.compile(r"^([A-Za-z0-9+.-]+://)?.*@")


class _Findings:
    """What the doctor found: facts by title, and what is wrong with what to do."""

    def __init__(self) -> None:
        self.facts: list[str] = []
        self.wrongs: list[str] = []

    def fact(self, title: str, *texts: str) -> None:
        """Note what was found under a title, one line each."""
        for place, text in enumerate(texts or ("none",)):
            self.facts.append(f"{'' if place else title:<14}{text}")

    def wrong(self, what: str, todo: str) -> None:
        """Note something wrong."""
        self.wrongs += [f"  {what}", f"    {todo}"]


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `doctor`: there are none."""


def run_doctor(options: argparse.Namespace, out: Output) -> int:
    """Print what the program finds around it, never a key; 1 where something is wrong, with what to do."""
    found = _Findings()
    found.fact("modeltui", __version__)
    found.fact("python", f"{platform.python_version()}  {sys.executable}")
    found.fact("textual", version("textual"))
    found.fact("sqlite", sqlite3.sqlite_version)
    found.fact("system", f"{platform.system()} {platform.release()} {platform.machine()}")
    _terminal(found, os.environ)
    config = _config(found, options)
    _cache(found, cache_dir(options))
    _network(found, os.environ)
    _providers(found, config, out)
    shipped = snapshot.load()
    found.fact("catalogue", f"shipped with facts of {date(shipped.taken_at)}, from {shipped.origin}")
    out.lines("\n".join(found.facts))
    if found.wrongs:
        out.lines("\n".join(["", "wrong:", *found.wrongs]))
    return 1 if found.wrongs else 0


def _terminal(found: _Findings, environ: Mapping[str, str]) -> None:
    is_terminal = sys.stdout.isatty()
    encoding = locale.getpreferredencoding(False)  # noqa: FBT003  # it takes no name for this
    size = shutil.get_terminal_size((0, 0))
    named = [f"{name}={environ[name]}" for name in ("TERM", "COLORTERM", "NO_COLOR") if name in environ]
    named += [f"{size.columns}x{size.lines}"] if size.columns else []
    found.fact("terminal", ", ".join([*named, "" if is_terminal else "stdout is no terminal"]).strip(", "))
    words = [f"{name}={environ[name]}" for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)]
    found.fact("locale", ", ".join([*words, encoding]))
    if encoding.lower().replace("-", "") != "utf8":
        found.wrong(f"the locale's encoding is {encoding}: signs and lines are shown wrong", "set LANG=C.UTF-8")
    if is_terminal and environ.get("TERM", "dumb") == "dumb":
        found.wrong("TERM is not set, or says dumb: the screen cannot open", "set TERM=xterm-256color")


def _config(found: _Findings, options: argparse.Namespace) -> Config:
    named = getattr(options, "config", None)
    path = Path(named) if named else paths.config_file()
    try:
        config = load_config(options)
    except ModelTuiError as error:
        found.fact("config", f"{path}: cannot be used")
        found.wrong(error.message, error.hint or "`modeltui config check` tells more")
        return Config()
    found.fact("config", f"{path}: {'ok' if config.path else 'no such file, the defaults hold'}")
    return config


def _cache(found: _Findings, folder: Path) -> None:
    """Look at the cache without making one."""
    if not (folder / FILE_NAME).exists():
        found.fact("cache", f"{folder}: nothing there yet")
        above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not (above.is_dir() and os.access(above, os.W_OK)):
            found.wrong(f"{above} cannot be written: no answer can be kept", "name another folder with --cache-dir")
        return
    with Store.open(folder) as store:
        info = store.info()
    held = f"{info.responses} answers, {info.history} older ones, {info.latency} latency tests"
    found.fact("cache", f"{info.path}: {info.bytes} bytes, {held}")
    for note in info.notes:
        found.wrong(f"cache: {note}", "free the disk or name another folder with --cache-dir; `modeltui cache clear`")


def _network(found: _Findings, environ: Mapping[str, str]) -> None:
    proxies = [(name, environ[name]) for key in PROXIES for name in (key, key.lower()) if environ.get(name)]
    found.fact("proxies", *(f"{name}={without_login(value)}" for name, value in proxies))
    for name, value in proxies:
        if not name.upper().startswith("NO") and (flaw := _flaw(value)):
            found.wrong(f"{name}={without_login(value)}: {flaw}", "write it as http://host:port, or unset it")
    found.fact("certificates", *(f"{name}={environ[name]}" for name in CERTIFICATES if environ.get(name)))
    for name, is_there in CERTIFICATES.items():
        if environ.get(name) and not is_there(Path(environ[name])):
            found.wrong(f"{name}={environ[name]}: there is no such place", f"correct {name}, or unset it")


def without_login(value: str) -> str:
    """Take user name and password out of a URL, also out of one without a scheme."""
    return _LOGIN.sub(lambda found: f"{found[1] or ''}…@", value)


def _flaw(proxy: str) -> str:
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is no URL"
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        return "a SOCKS proxy needs the package socksio"
    known = parts.scheme in {"http", "https", "socks5", "socks5h"}
    return "" if host and known else "it is no proxy's URL"


def _providers(found: _Findings, config: Config, out: Output) -> None:
    try:
        plans = line_up(config)
    except ModelTuiError as error:
        found.fact("keys", "cannot be told")
        found.wrong(error.message, error.hint)
        return
    for plan in plans:
        if plan.key is not None:
            out.redactor.add(plan.key)
    found.fact("keys", *(f"{plan.slug}: {plan.key_from}" for plan in plans if plan.key is not None))
    usual = _usual_urls(plans)
    places = [(plan, url) for plan in plans for url in sorted(_urls(plan)) if url not in usual]
    found.fact("base URLs", *(f"{plan.slug}: {without_login(url)}  {_key_told(plan, config)}" for plan, url in places))


def _usual_urls(plans: Iterable[ProviderPlan]) -> frozenset[str]:
    """Collect where the built-in providers are asked when the config says nothing of them."""
    keys = {name for provider in PROVIDERS.values() for name in provider.auth.env}
    environ = {name: value for name, value in os.environ.items() if name not in keys}
    plain = Config(providers={plan.slug: ProviderConfig() for plan in plans if plan.slug in PROVIDERS})
    return frozenset(url for plan in line_up(plain, environ) for url in _urls(plan))


def _urls(plan: ProviderPlan) -> frozenset[str]:
    """Collect where a provider is asked, without queries, which may hold secrets."""
    urls = [*(source.url for source in plan.sources), chat_url(plan) or ""]
    return frozenset(url.partition("?")[0] for url in urls if url)


def _key_told(plan: ProviderPlan, config: Config) -> str:
    if plan.key is not None:
        return f"gets the key from {plan.key_from}"
    own = config.providers.get(plan.slug)
    names = (own.api_key_env,) if own and own.api_key_env else plan.provider.auth.env
    return f"would get the key from {' or '.join(names)}" if names else "no key is sent"
