"""A cache that survives: processes killed at any moment, at exact system calls, and disks that refuse."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

import store_samples
from loopback import Reply, Request, ThreadedLoopback, answer
from modeltui.service import startfile
from modeltui.store import Store
from store_samples import SOURCE, chance, number_of, numbered
from torture import refresher
from torture.places import config, environment, listing

pytestmark = pytest.mark.torture
Record = Callable[[str, object], None]
STRACE = shutil.which("strace") or ""
needs_strace = pytest.mark.skipif(not STRACE, reason="needs strace")
KILLS = 200
CALLS = ("pwrite64", "fdatasync", "ftruncate", "unlink", "openat")
AT_CALLS = range(1, 13)


def structure(folder: Path) -> str:
    connection = sqlite3.connect(folder / "cache.db")
    (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return str(verdict)


# --------------------------------------------------------------------------------- a refresh of two processes

PROVIDERS = ("one", "two", "three")


def counting(server: ThreadedLoopback, sent: Counter[str], name: str) -> None:
    """Answer with a list that says in every id the how-manieth answer it is."""

    async def handle(request: Request, reply: Reply) -> None:
        sent[name] += 1
        body = json.dumps(listing(name, 100, mark=f"{sent[name]}-"))
        await answer(200, body)(request, reply)

    server.route(f"/{name}/models", handle)


def kept_number(store: Store, name: str) -> int:
    """Which answer of a source is the last good one; 0 where there is none."""
    with contextlib.suppress(StopIteration):
        source, scope = next(key for key in store.heads() if key[0] == f"{name}/models")
        found = store.last_good(source, scope)
        assert found is not None
        rows = json.loads(found.pages[0])["data"]
        numbers = {int(row["id"].split("-")[1]) for row in rows}
        assert (len(rows), len(numbers)) == (100, 1)
        return numbers.pop()
    return 0


@contextlib.contextmanager
def fork_server(folder: Path) -> Iterator[Callable[[], int]]:
    """Start what forks a refresher whenever it is asked, and gives its process id."""
    names = PROVIDERS
    process = subprocess.Popen(  # noqa: S603  # this interpreter and a file of these tests
        [sys.executable, refresher.__file__, str(folder / "config.toml"), str(folder / "cache")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment(folder, names),
    )  # fmt: skip
    to_it, from_it = process.stdin, process.stdout
    assert to_it is not None
    assert from_it is not None

    def fork() -> int:
        to_it.write("go\n")
        return int(from_it.readline())

    try:
        yield fork
    finally:
        to_it.close()
        process.wait()
        from_it.close()


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_two_refreshes_killed_at_two_hundred_moments(tmp_path: Path, record_property: Record) -> None:
    luck = chance(7)
    sent: Counter[str] = Counter()
    corrupt = lost = rounds_with_news = 0
    with ThreadedLoopback() as server, fork_server(tmp_path) as fork:
        for name in PROVIDERS:
            counting(server, sent, name)
        (tmp_path / "config.toml").write_text(config({name: f"{server.url}/{name}" for name in PROVIDERS}))
        before = dict.fromkeys(PROVIDERS, 0)
        for _ in range(KILLS // 2):
            pids = [fork(), fork()]
            for pid in pids:
                time.sleep(luck.random() * 0.25)
                os.kill(pid, signal.SIGKILL)
            while not all(map(is_gone, pids)):
                time.sleep(0.001)
            with Store.open(tmp_path / "cache") as store:
                now = {name: kept_number(store, name) for name in PROVIDERS}
                corrupt += store.notes != []
            corrupt += structure(tmp_path / "cache") != "ok"
            lost += sum(now[name] < before[name] or now[name] > sent[name] for name in PROVIDERS)
            rounds_with_news += now != before
            before = now
            startfile.read(tmp_path / "cache" / startfile.FILE_NAME)
    record_property("promise 1", f"{KILLS} kills: {corrupt} corrupt, {lost} lost")
    assert (corrupt, lost) == (0, 0)
    assert rounds_with_news > KILLS // 10


# --------------------------------------------------------------------------------- exact system calls


def under_strace(folder: Path, call: str, injected: str) -> tuple[list[int], str]:
    """Put four answers while strace spoils one system call; gives the numbers said to be saved, and the rest."""
    with Store.open(folder) as store:
        assert store.put(numbered(0))
    paths = [word for name in ("cache.db", "cache.db-journal") for word in ("-P", str(folder / name))]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(  # noqa: S603  # strace, this interpreter and a file of these tests
        [STRACE, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{injected}",
         *(paths if call == "openat" else []), sys.executable, store_samples.__file__, str(folder), SOURCE, "4"],
        capture_output=True, text=True, env=environ, check=False,
    )  # fmt: skip
    is_kept = "Cache is not kept" not in done.stdout
    numbers = [int(line) for line in done.stdout.split("\n") if line.isdigit() and is_kept]
    return numbers, done.stderr


def flaws_of(folder: Path, saved: list[int], said: str) -> list[str]:
    flaws = ["a traceback"] if "Traceback" in said else []
    with Store.open(folder) as store:
        found = store.last_good(SOURCE)
        if found is None or found != numbered(number_of(found)):
            flaws.append("the last good answer is lost or wrong")
        elif number_of(found) < max(saved, default=0):
            flaws.append(f"{max(saved)} was said to be saved, {number_of(found)} is")
        if store.notes:
            flaws.append(f"notes: {store.notes}")
    if structure(folder) != "ok":
        flaws.append("corrupt")
    return flaws


def each_spoiled(root: Path, cases: list[tuple[str, str]]) -> list[str]:
    def tried(case: tuple[str, str]) -> list[str]:
        folder = root / "-".join(case).replace("=", "-").replace(":", "-")
        folder.mkdir(mode=0o700)
        saved, said = under_strace(folder, *case)
        return [f"{case}: {flaw}" for flaw in flaws_of(folder, saved, said)]

    with ThreadPoolExecutor(3) as pool:
        return [flaw for found in pool.map(tried, cases) for flaw in found]


@needs_strace
def test_a_kill_at_sixty_exact_system_calls(tmp_path: Path, record_property: Record) -> None:
    cases = [(call, f"signal=KILL:when={when}") for call, when in product(CALLS, AT_CALLS)]
    flaws = each_spoiled(tmp_path, cases)
    record_property("promise 2", f"{len(cases)} kills at exact calls: {len(flaws)} bad")
    assert not flaws, "\n".join(flaws)


@needs_strace
def test_a_disk_that_refuses_at_any_of_a_hundred_and_twenty_calls(tmp_path: Path, record_property: Record) -> None:
    errors = ("ENOSPC", "EIO")
    cases = [(call, f"error={error}:when={when}") for call, error, when in product(CALLS, errors, AT_CALLS)]
    flaws = each_spoiled(tmp_path, cases)
    record_property("promise 3", f"{len(cases)} refused calls: {len(flaws)} corrupt or falsely saved")
    assert not flaws, "\n".join(flaws)


# --------------------------------------------------------------------------------- many writers

WRITER = """
import sys, time
from pathlib import Path
from modeltui.store import Store
from store_samples import numbered
folder, source = Path(sys.argv[1]), sys.argv[2]
worst = lost = 0
with Store.open(folder) as store:
    for number in range(300):
        answer = numbered(number, source)
        started = time.monotonic()
        lost += not store.put(answer)
        worst = max(worst, time.monotonic() - started)
    print(lost, worst, len(store.notes))
"""


def test_four_processes_write_three_hundred_times_each(tmp_path: Path, record_property: Record) -> None:
    folder = tmp_path / "cache"
    writers = [
        subprocess.Popen(  # noqa: S603  # this interpreter
            [sys.executable, "-c", WRITER, str(folder), f"p{number}/models"], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for number in range(4)
    ]  # fmt: skip
    told = [process.communicate()[0].split() for process in writers]
    lost, notes = sum(int(words[0]) for words in told), sum(int(words[2]) for words in told)
    worst_s = max(float(words[1]) for words in told)
    record_property("promise 5", f"1,200 writes of 4 processes: {lost} lost, {notes} notes, worst {worst_s:.2f} s")
    assert (lost, notes) == (0, 0)
    assert structure(folder) == "ok"
    assert worst_s < 1
