"""Every server fault four ways: with and without last good rows, on the screen and on the command line."""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from loopback import ThreadedLoopback, redirect
from modeltui.config import parse
from modeltui.service.catalog import scopes_of
from modeltui.service.lineup import line_up
from modeltui.state import Response
from modeltui.store import Store, digest
from torture.faults import FAULTS, MODELS, ODD, Fault, Servers, in_plain, tls_server, too_old
from torture.places import (
    HEALTHY,
    ROWS,
    bodies,
    canary,
    command,
    config,
    environment,
    everything_in,
    listing,
    serve_healthy,
)
from torture.terminal import Program, quit_by_key

pytestmark = pytest.mark.torture
AT_ONCE = 5
LONGEST_S = 46.0
HEALTHY_S = 5.0
"""A healthy provider's share: five programs run at once here, so this is no measure of speed."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    ours, theirs = trustme.CA(), trustme.CA()
    ca_file = tmp_path_factory.mktemp("ca") / "ca.pem"
    ours.cert_pem.write_to_path(str(ca_file))
    long_ago = datetime(2021, 1, 1, tzinfo=UTC)
    with ExitStack() as stack:
        made = Servers(
            plain=stack.enter_context(ThreadedLoopback()),
            foreign=stack.enter_context(ThreadedLoopback()),
            strangers=stack.enter_context(tls_server(theirs)),
            other=stack.enter_context(tls_server(ours, "elsewhere.example")),
            expired=stack.enter_context(tls_server(ours, until=long_ago)),
            old=stack.enter_context(ThreadedLoopback(on_connect=too_old)),
            bare=stack.enter_context(ThreadedLoopback(on_connect=in_plain)),
            downgrading=stack.enter_context(tls_server(ours)),
            ca_file=ca_file,
        )
        made.plain.route("/F18/models", redirect(f"{made.foreign.url}/models", 307))
        made.downgrading.route("/models", redirect(f"{made.foreign.url}/models"))
        yield made


def settings(servers: Servers, fault: Fault, path: str) -> tuple[str, dict[str, str]]:
    endpoints = {name: f"{servers.plain.url}/{name}" for name in HEALTHY}
    endpoints[ODD] = fault.endpoint(servers) if fault.endpoint else f"{servers.plain.url}/{path}"
    text = config(endpoints, "[cache]\nttl_minutes = 0")
    return (text + f'\nlike = "{fault.like}"' if fault.like else text), endpoints


def seed(folder: Path, text: str, environ: dict[str, str]) -> None:
    """Keep 412 models of the provider that will go wrong, and what the healthy ones say, as of three hours ago."""
    then = datetime.now(UTC) - timedelta(hours=3)
    with Store.open(folder / "cache") as store:
        for plan in line_up(parse(text), environ):
            for source in plan.listing:
                odd = plan.slug == ODD
                body = MODELS if odd else json.dumps(listing(plan.slug, 20)).encode()
                store.put(Response(
                    source=source.name, url=source.url, status=200, fetched_at=then, checked_at=then,
                    sha256=digest([body]), pages=(body,), etag='"1"', scope=scopes_of(plan, source, store.salt)[0],
                ))  # fmt: skip


class Place:
    """One run's folder, with the fault in place."""

    def __init__(self, root: Path, servers: Servers, fault: Fault, way: str, *, seeded: bool) -> None:
        self.fault, self.servers, self.seeded = fault, servers, seeded
        self.folder = root / f"{fault.id}-{way}"
        self.folder.mkdir()
        path = f"{fault.id}-{way}" if fault.id not in {"F17", "F20"} else fault.id
        if fault.make:
            servers.plain.route(f"/{path}/models", fault.make())
        text, endpoints = settings(servers, fault, path)
        self.environ = environment(self.folder, endpoints, SSL_CERT_FILE=str(servers.ca_file))
        (self.folder / "config.toml").write_text(text)
        if seeded:
            seed(self.folder, text, self.environ)
            self.before = bodies(self.folder)[f"{ODD}/models"]
        self.wanted = (fault.first if not seeded and fault.first else fault.said).split("|")

    def flaws(self, said: bytes) -> Iterator[str]:
        """What must hold whatever the way: no traceback, no key, rows kept."""
        if b"Traceback" in said:
            yield "a traceback"
        for name in (*HEALTHY, ODD):
            if canary(name).encode() in said:
                yield f"the key of {name} was shown"
            for file, body in everything_in(self.folder):
                if canary(name).encode() in body:
                    yield f"the key of {name} stands in {file}"
        kept = bodies(self.folder)
        if self.seeded and not {"updated", "unchanged"} & set(self.wanted) and kept[f"{ODD}/models"] != self.before:
            yield "the last good answer was replaced"
        missing = [name for name in HEALTHY if f"{name}/models" not in kept]
        if missing:
            yield f"nothing was kept of {missing}"


def on_the_command_line(place: Place) -> list[str]:
    started = time.monotonic()
    done = command("-v", "--no-snapshot", "refresh", "--force", environ=place.environ)
    took_s = time.monotonic() - started
    said = done.stderr.decode()
    flaws = list(place.flaws(done.stdout + done.stderr))
    line = next((line for line in said.splitlines() if re.match(rf"{ODD}/models +(?!.*; again in)", line)), "")
    if not any(word in line for word in place.wanted):
        flaws.append(f"expected {place.wanted}, said {line!r}")
    if done.returncode not in {0, 1}:
        flaws.append(f"exit status {done.returncode}")
    if took_s > LONGEST_S:
        flaws.append(f"took {took_s:.1f} s")
    slow = [float(found) for found in re.findall(r"^well.*?(\d+\.\d\d) s", said, re.M) if float(found) > HEALTHY_S]
    if slow or said.count("well") < len(HEALTHY):
        flaws.append(f"healthy providers: {slow or said}")
    return flaws


def on_the_screen(place: Place) -> list[str]:
    started = time.monotonic()
    with Program("--no-snapshot", environ=place.environ) as program:
        if not program.until(lambda text: "refreshed:" in text or "Traceback" in text, LONGEST_S + 5):
            return [f"the refresh did not end: {program.screen.text[-400:]}"]
        took_s = time.monotonic() - started
        program.settle()
        text = program.screen.text
        code, quit_s = quit_by_key(program)
        flaws = list(place.flaws(program.written))
    models = 9 * 20 + (ROWS if place.seeded else 0)
    kept = re.search(r"([\d,]+) models ·", text)
    counted = int(kept[1].replace(",", "")) if kept else -1
    if counted < models and place.fault.id not in {"F59", "F60"}:
        flaws.append(f"{counted} models on the screen, not {models}")
    if code != 0 or quit_s > 2 or not program.is_restored:
        flaws.append(f"left with {code} after {quit_s:.1f} s")
    return [*flaws, f"took {took_s:.1f} s"] if took_s > LONGEST_S else flaws


WAYS = {"cli": on_the_command_line, "tui": on_the_screen}


@pytest.mark.parametrize("seeded", [True, False], ids=["last-good", "empty"])
@pytest.mark.parametrize("way", WAYS)
def test_a_fault_touches_nothing_else(
    servers: Servers, tmp_path: Path, record_property: Callable[[str, object], None], way: str, *, seeded: bool
) -> None:
    serve_healthy(servers.plain)
    longest = [0.0]

    def tried(fault: Fault) -> list[str]:
        started = time.monotonic()
        place = Place(tmp_path, servers, fault, f"{way}-{seeded:d}", seeded=seeded)
        flaws = [f"{fault.name}: {flaw}" for flaw in WAYS[way](place)]
        shutil.rmtree(place.folder)
        longest.append(time.monotonic() - started)
        return flaws

    with ThreadPoolExecutor(AT_ONCE) as pool:
        flaws = [flaw for found in pool.map(tried, sorted(FAULTS, key=lambda fault: -fault.takes_s)) for flaw in found]
    record_property("promise 6", f"{way}, {'with' if seeded else 'without'} last good: {len(FAULTS)} faults, "
                    f"{len(flaws)} flaws, longest {max(longest):.0f} s")  # fmt: skip
    assert not flaws, "\n".join(flaws)
    assert servers.foreign.connections == 0


def test_no_key_went_to_a_server_that_is_not_its_own(
    servers: Servers, record_property: Callable[[str, object], None]
) -> None:
    astray = 0
    for request in servers.plain.requests:
        provider = request.path.split("/")[1]
        own = provider if provider in HEALTHY else ODD
        sent = request.raw + request.body
        astray += sum(canary(name).encode() in sent for name in (*HEALTHY, ODD) if name != own)
    strangers = (servers.strangers, servers.other, servers.expired, servers.foreign)
    astray += sum(len(server.requests) for server in strangers)
    record_property("promise 11", f"{len(servers.plain.requests)} requests of the fault matrix: {astray} keys astray")
    assert astray == 0
