"""The network at its worst: bombs, names that hang, answers cut at every place, requests that cost money."""

import asyncio
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from loopback import Handler, Loopback, ThreadedLoopback, answer, chat, chunked, hang, raw
from modeltui.secret import Secret
from modeltui.service.asking import Timing
from modeltui.service.fetch import Fetched, FetchRequest, fetch, open_client
from modeltui.service.latency import LatencyTarget, measure
from torture import bomb_eater, silent_dns
from torture.faults import FAULTS, MODELS, OK, bomb, gzip_times
from torture.places import command, config, environment, listing
from torture.terminal import Program, quit_by_key

pytestmark = pytest.mark.torture
Record = Callable[[str, object], None]
UNSHARE = shutil.which("unshare") or ""
PYTHON = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_no_bomb_costs_more_than_it_should(record_property: Record) -> None:
    bombs: dict[str, Handler] = {name: bomb(name) for name in ("gzip", "deflate", "br", "zstd")}
    bombs["gzip-5"] = gzip_times(5)
    bombs["containers"] = answer(200, b'{"data":[' + b"{}," * 5_000_000 + b"{}]}")
    worst_s = worst_mib = 0.0
    with ThreadedLoopback() as server:
        for name, handler in bombs.items():
            server.route(f"/{name}", handler)
            for _ in range(3):
                told = subprocess.run(  # noqa: S603  # this interpreter and a file of these tests
                    [sys.executable, bomb_eater.__file__, f"{server.url}/{name}"], capture_output=True, env=PYTHON,
                    check=True,
                ).stdout  # fmt: skip
                message, took_s, grown_mib = json.loads(told)
                assert message.startswith(("too large", "bad answer")), (name, message)
                worst_s, worst_mib = max(worst_s, took_s), max(worst_mib, grown_mib)
    record_property("promise 8", f"{len(bombs)} bombs x 3: at most {worst_s:.2f} s, {worst_mib:.0f} MiB more")
    assert worst_s < 1
    assert worst_mib < 64


@pytest.mark.skipif(not UNSHARE, reason="needs unshare, for a name server of its own")
def test_ten_names_that_hang_delay_nobody(tmp_path: Path, record_property: Record) -> None:
    done = subprocess.run(  # noqa: S603  # unshare, this interpreter and a file of these tests
        [UNSHARE, "-rmn", sys.executable, silent_dns.__file__, str(tmp_path)], capture_output=True, text=True,
        env=PYTHON, check=False,
    )  # fmt: skip
    if "unshare failed" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip("this system gives no namespaces to its users")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    good = {name: found for name, found in told["found"].items() if name.startswith("good")}
    hung = {name: found for name, found in told["found"].items() if name.startswith("hung")}
    slowest_s = max(took_s for took_s, _ in good.values())
    record_property(
        "promise 7", f"{len(good)} of 20 well beside {len(hung)} hung names, the last after {slowest_s:.2f} s"
    )
    record_property("promise 15", f"quit while names hang: {told['quit_s']:.2f} s")
    assert len(good) == 20
    assert {word for _, word in good.values()} <= {"updated", "unchanged"}
    assert slowest_s < 1.5
    assert all("timed out" in word or "name not found" in word for _, word in hung.values())
    assert max(took_s for took_s, _ in hung.values()) < 46
    assert told["open"]
    assert told["code"] == 0
    assert told["quit_s"] < 2


async def test_one_bad_provider_delays_no_other(record_property: Record) -> None:
    async def slowest(client: object, urls: list[str]) -> float:
        async def one(url: str) -> float:
            started = time.monotonic()
            answered = await fetch(client, FetchRequest(source="x/models", url=url))  # type: ignore[arg-type]
            assert isinstance(answered, Fetched)
            return time.monotonic() - started

        return max(await asyncio.gather(*map(one, urls)))

    async with Loopback() as server, open_client({}) as client:
        server.body("/models", MODELS)
        server.route("/hung", hang())
        urls = [f"{server.url}/models"] * 9
        await slowest(client, urls)
        alone_s = min([await slowest(client, urls) for _ in range(3)])
        hung = [
            asyncio.create_task(fetch(client, FetchRequest(source="y/models", url=f"{server.url}/hung")))
            for _ in range(10)
        ]
        await server.asked.wait()
        beside_s = min([await slowest(client, urls) for _ in range(3)])
        for task in hung:
            task.cancel()
        await asyncio.wait(hung)
    record_property("promise 7", f"nine healthy beside ten hung: {(beside_s - alone_s) * 1000:+.0f} ms")
    assert beside_s - alone_s < 0.1


def truncated(way: str, at: int) -> Handler:
    if way == "length":
        return raw(OK + b"Content-Length: %d\r\n\r\n" % len(MODELS) + MODELS[:at])
    if way == "chunked":
        return chunked([MODELS[:at]], end=b"")
    if way == "close":
        return raw(OK + b"\r\n" + MODELS[:at])
    packed = gzip.compress(MODELS)
    return answer(200, packed[: at * len(packed) // len(MODELS)], {"Content-Encoding": "gzip"})


async def test_an_answer_cut_at_eight_hundred_places_is_never_taken(record_property: Record) -> None:
    taken = runs = 0
    patient = Timing(chance=lambda: 0.0)
    async with Loopback() as server, open_client({}) as client:
        for way in ("length", "chunked", "close", "gzip"):
            for number in range(200):
                server.route("/models", truncated(way, 1 + number * (len(MODELS) - 2) // 200))
                asked = FetchRequest(source="odd/models", url=f"{server.url}/models")
                taken += isinstance(await fetch(client, asked, timing=patient), Fetched)
                runs += 1
    record_property("promise 17", f"{runs} cut answers: {taken} taken")
    assert taken == 0


# ------------------------------------------------------------------------------------------- money

CONFIRMED = 4


async def test_no_post_is_sent_that_was_not_agreed_to(record_property: Record) -> None:
    sent = agreed = 0
    async with Loopback() as server, open_client({}) as client:
        for fault in FAULTS:
            if fault.make is None or fault.id in {"F60", "F60b"}:
                continue
            runs = 20

            async def one(number: int, name: str, make: Callable[[], Handler]) -> int:
                path = f"/{name}-{number}/chat"
                server.route(path, make())
                target = LatencyTarget(
                    provider="odd", id="odd/m", url=server.url + path, headers={"X-Api-Key": Secret("k" * 20)}
                )
                await measure(client, target, runs=CONFIRMED - 1, timeout_s=0.4)
                return server.count(path)

            counts = await asyncio.gather(*(one(number, fault.id, fault.make) for number in range(runs)))
            assert max(counts) <= CONFIRMED, fault.name
            sent, agreed = sent + sum(counts), agreed + runs * CONFIRMED
        server.route("/well/chat", chat())
        await measure(client, LatencyTarget("odd", "m", f"{server.url}/well/chat"), runs=CONFIRMED - 1)
        assert server.count("/well/chat") == CONFIRMED
    record_property(
        "promise 13", f"{sent} POSTs over all faults x 20, {agreed} agreed; never more than agreed in a run"
    )
    assert sent <= agreed


def test_a_killed_latency_test_is_not_taken_up_again(tmp_path: Path, record_property: Record) -> None:
    with ThreadedLoopback() as server:
        server.json("/odd/models", listing("odd", 5))
        server.route("/odd/chat/completions", hang())
        (tmp_path / "config.toml").write_text(config({"odd": f"{server.url}/odd"}))
        environ = environment(tmp_path, ["odd"])
        assert command("--no-snapshot", "refresh", environ=environ).returncode == 0
        test = subprocess.Popen(  # this interpreter
            [sys.executable, "-m", "modeltui", "--no-snapshot", "test", "odd/odd/model-1", "--yes"], env=environ,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while server.count("/odd/chat/completions") == 0 and test.poll() is None:
            time.sleep(0.02)
        test.send_signal(signal.SIGKILL)
        test.wait()
        assert server.count("/odd/chat/completions") == 1
        for words in (("list",), ("refresh", "--force"), ("sources",)):
            command("--no-snapshot", *words, environ=environ)
        with Program("--no-snapshot", environ=environ) as program:
            assert program.until("models ·")
            program.settle(0.5)
            quit_by_key(program)
        again = server.count("/odd/chat/completions") - 1
    record_property("promise 13", f"after kill -9: {again} POSTs")
    assert again == 0


# ------------------------------------------------------------------------------------------- storms

REFRESHING = """
import asyncio, sys, time
from pathlib import Path
from modeltui.config import load
from modeltui.service.session import Session
folder, until = Path(sys.argv[1]), time.monotonic() + 10
async def main():
    rounds = 0
    while time.monotonic() < until:
        session = Session(load(folder / "config.toml"), cache_dir=folder / "cache", state_dir=folder)
        async for _ in session.refresh():
            pass
        session.close()
        rounds += 1
        await asyncio.sleep(0.05)
    print(rounds)
asyncio.run(main())
"""


def test_two_processes_that_keep_refreshing_ask_once(tmp_path: Path, record_property: Record) -> None:
    with ThreadedLoopback() as server:
        names = ("well", "gone", "limited", "broken")
        server.json("/well/models", listing("well", 5))
        server.route("/gone/models", answer(404))
        server.route("/limited/models", answer(429, headers={"Retry-After": "3600"}))
        server.route("/broken/models", answer(503))
        (tmp_path / "config.toml").write_text(
            config({name: f"{server.url}/{name}" for name in names}, "[cache]\nttl_minutes = 0")
        )
        processes = [
            subprocess.Popen(  # noqa: S603  # this interpreter
                [sys.executable, "-c", REFRESHING, str(tmp_path)], stdout=subprocess.PIPE, text=True,
                env=environment(tmp_path, names),
            )
            for _ in range(2)
        ]  # fmt: skip
        rounds = sum(int(process.communicate()[0]) for process in processes)
        gets = {name: server.count(f"/{name}/models") for name in names}
    record_property("promise 14", f"{rounds} refreshes of two processes in 10 s: GETs {gets}")
    assert gets == {"well": 1, "gone": 1, "limited": 1, "broken": 3}
