"""Every command with its options and examples, declared in one table."""

import argparse
from collections.abc import Callable

from msgspec import Struct

from modeltui import __version__
from modeltui.cli import (
    analysis,
    asking,
    changes,
    costing,
    measuring,
    probing,
    rows,
    serving,
    settings,
    show,
    surroundings,
)
from modeltui.cli.options import common
from modeltui.cli.output import Output
from modeltui.service.session import Session

SessionRun = Callable[[argparse.Namespace, Session, Output], int]
PlainRun = Callable[[argparse.Namespace, Output], int]


class Command(Struct, frozen=True):
    """One command: what it does, its options, and who carries it out."""

    name: str
    help: str
    examples: str
    add: Callable[[argparse.ArgumentParser], None]
    run: SessionRun | None = None
    plain: PlainRun | None = None
    """Carried out without a session: the cache and the config are only looked at."""


COMMANDS = (
    Command("list", "the table as text, JSON, CSV or Markdown",
            "modeltui list tools 'ctx>=128k' 'in<=0.5' --sort -context\n  modeltui list --json provider:chutes",
            rows.add_list, rows.run_list),
    Command("show", "one model: every offer, who says what, why a field is empty",
            "modeltui show openrouter/openai/gpt-4o\n  modeltui show gpt-4o --json", show.add_show, show.run_show),
    Command("refresh", "ask the providers what is older than its TTL",
            "modeltui refresh\n  modeltui refresh chutes openrouter --force", asking.add_refresh, asking.run_refresh),
    Command("dump", "write the raw answers as pretty-printed JSON files",
            "modeltui dump --out models\n  modeltui dump chutes --offline", asking.add_dump, asking.run_dump),
    Command("export", "rows with every claim, as JSON, CSV or Markdown",
            "modeltui export --format json --output models.json\n  modeltui export --format csv free tools",
            rows.add_export, rows.run_export),
    Command("gaps", "merge analysis of two sources: what joined, what did not, and why",
            "modeltui gaps\n  modeltui gaps chutes/v1 chutes/deployments --json", analysis.add_gaps, analysis.run_gaps),
    Command("conflicts", "values on which sources disagree",
            "modeltui conflicts provider:chutes\n  modeltui conflicts --stale --json",
            analysis.add_conflicts, analysis.run_conflicts),
    Command("diff", "what changed: offers that came and went, prices, limits, capabilities",
            "modeltui diff --since 7d\n  modeltui diff --since 2026-05-01 provider:openrouter --format md\n"
            "  modeltui diff --since 24h --exit-code free", changes.add_diff, changes.run_diff),
    Command("cost", "what a workload costs with each offer, the cheapest first",
            "modeltui cost --in 8000 --out 1000 --cached 0.7 tools 'ctx>=128k'\n"
            "  modeltui cost --in 8k --out 1k --requests 10000 --by model --json", costing.add_cost, costing.run_cost),
    Command("test", "measure latency; the cost is told first",
            "modeltui test openrouter/openai/gpt-4o --runs 3", measuring.add_test, measuring.run_test),
    Command("sources", "every source: state, age, status, models, problems, key",
            "modeltui sources --all\n  modeltui sources --json", asking.add_sources, asking.run_sources),
    Command("raw", "the stored answer of a source, or one record of it",
            "modeltui raw chutes/v1\n  modeltui raw openrouter openai/gpt-4o", asking.add_raw, asking.run_raw),
    Command("probe", "try an unknown endpoint: what is recognised, in which unit, what is ignored",
            "modeltui probe http://localhost:8000/v1/models\n  modeltui probe https://host/v1/models --key-env KEY",
            probing.add_probe, probing.run_probe),
    Command("config", "where the config file is; write or check it",
            "modeltui config init\n  modeltui config check", settings.add_config, plain=settings.run_config),
    Command("cache", "where answers are kept; what is there; empty it",
            "modeltui cache info\n  modeltui cache clear", settings.add_cache, plain=settings.run_cache),
    Command("completions", "the completion script of a shell",
            "eval \"$(modeltui completions bash)\"\n  modeltui completions zsh > ~/.zfunc/_modeltui",
            surroundings.add_completions, plain=surroundings.run_completions),
    Command("serve", "the screen in a browser of this machine", "modeltui serve --port 8000",
            serving.add_serve, plain=serving.run_serve),
    Command("doctor", "what the program finds around it, and what is wrong",
            "modeltui doctor", surroundings.add_doctor, plain=surroundings.run_doctor),
)  # fmt: skip


def build() -> argparse.ArgumentParser:
    """Make the parser of the whole command line."""
    shared = common()
    parser = argparse.ArgumentParser(
        prog="modeltui",
        description="Every AI model you can call, in one honest table. Without a command: the terminal UI.",
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"modeltui {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        inner = commands.add_parser(
            command.name,
            help=command.help,
            description=command.help[:1].upper() + command.help[1:] + ".",
            epilog=f"examples:\n  {command.examples}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[shared],
        )
        command.add(inner)
        inner.set_defaults(chosen=command)
    return parser
