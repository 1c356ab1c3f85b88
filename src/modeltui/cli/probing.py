"""`probe`: ask an unknown endpoint once, and say what was recognised, which unit was inferred, what was ignored."""

import argparse
import asyncio
import os
from urllib.parse import urlsplit

from modeltui.cli.output import Output
from modeltui.errors import PayloadError, UsageError
from modeltui.providers.payload import decode
from modeltui.providers.probe import probe, to_text, to_toml
from modeltui.secret import Secret
from modeltui.service.session import Session


def add_probe(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `probe`."""
    parser.add_argument("url", metavar="URL", help="of the listing itself, such as https://host/v1/models")
    parser.add_argument("--name", help="name of the provider in the config table (default: the host's)")
    parser.add_argument("--key-env", metavar="VAR", help="environment variable that holds the key to send")


def run_probe(options: argparse.Namespace, session: Session, out: Output) -> int:
    """Ask the endpoint and print what its answer was taken for, with a config table to paste."""
    parts = urlsplit(options.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{options.url!r} is no URL", hint="write https://host/v1/models")
    if session.offline:
        raise UsageError("probe asks the network", hint="leave --offline out")
    body = asyncio.run(_asked(options.url, _headers(options.key_env, out)))
    found = probe(decode(body))
    name = options.name or parts.hostname.removeprefix("api.").partition(".")[0] or "mine"
    out.lines(to_text(found).rstrip("\n"))
    out.lines("\n# for the config file:\n" + to_toml(found, name, options.url).rstrip("\n"))
    return 0


def _headers(variable: str | None, out: Output) -> dict[str, str | Secret]:
    if not variable:
        return {}
    if not os.environ.get(variable):
        raise UsageError(f"{variable} is not set", hint="set it to the key, or leave --key-env out")
    key = Secret.checked(os.environ[variable], variable)
    out.redactor.add(key)
    return {"Authorization": key.prefixed("Bearer")}


async def _asked(url: str, headers: dict[str, str | Secret]) -> bytes:
    from modeltui.service.fetch import Fetched, FetchFailed, FetchRequest, fetch, open_client

    async with open_client() as client:
        answer = await fetch(client, FetchRequest(source="probe", url=url, headers=headers))
    if isinstance(answer, FetchFailed):
        raise PayloadError(f"{url}: {answer.message}", hint=answer.hint)
    if not isinstance(answer, Fetched):
        raise PayloadError(f"{url}: not an answer")
    return answer.pages[0]
