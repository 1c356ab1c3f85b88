"""The program as a process: streams, locales, signals, limits, modes of files, and keys in nothing it writes."""

import base64
import contextlib
import html
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loopback import ThreadedLoopback, answer, hang
from modeltui.config import load
from modeltui.secret import forms_of
from modeltui.service.session import Session
from modeltui.tui.app import ModelTuiApp
from replay import openrouter
from torture.places import canary, command, config, environment, everything_in, listing
from torture.terminal import Program, quit_by_key

pytestmark = pytest.mark.torture
Record = Callable[[str, object], None]
NAME = "mödel-7b"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A cache with a few models in it, and the environment that finds it."""
    folder = tmp_path_factory.mktemp("place")
    with ThreadedLoopback() as server:
        server.json("/openrouter/models", openrouter(f"maker/{NAME}", *(f"maker/m{number}" for number in range(60))))
        (folder / "config.toml").write_text(config({"openrouter": f"{server.url}/openrouter"}))
        environ = environment(folder, ["openrouter"])
        assert command("--no-snapshot", "refresh", environ=environ).returncode == 0
        yield folder, environ


# ------------------------------------------------------------------------------------------- streams


def shell(line: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    line = line.replace("modeltui", f"{sys.executable} -m modeltui --no-snapshot")
    return subprocess.run(["/bin/bash", "-c", line], env=environ, capture_output=True, text=True, check=False)  # noqa: S603  # our own words


@pytest.mark.parametrize("words", ["list --json", "list", "export --format csv"])
def test_a_reader_that_goes_away_ends_it_quietly_with_141(place: tuple[Path, dict[str, str]], words: str) -> None:
    done = shell(f"modeltui {words} | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}", place[1])
    assert done.stdout.strip() in {"141", "0"}
    assert "Traceback" not in done.stderr
    big = shell(f"(modeltui {words}; echo $? >&2) | true", place[1])
    assert big.stderr.split("\n")[-2] == "141"


@pytest.mark.parametrize("words", ["list --json", "list", "show maker/m1", "sources", "raw openrouter", "config check"])
def test_a_full_disk_ends_it_with_74_and_one_sentence(place: tuple[Path, dict[str, str]], words: str) -> None:
    done = shell(f"modeltui {words} > /dev/full", place[1])
    assert done.returncode == 74
    assert "could not write output" in done.stderr
    assert "Traceback" not in done.stderr


LOCALES = {
    "C without UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "POSIX": {"LC_ALL": "POSIX"},
    "ascii streams": {"PYTHONIOENCODING": "ascii"},
    "latin-1 streams": {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"},
}


@pytest.mark.parametrize("name", LOCALES)
def test_any_locale_will_do(place: tuple[Path, dict[str, str]], name: str) -> None:
    environ = {**place[1], **LOCALES[name]}
    for words in (["list"], ["list", "--format", "md"], ["show", f"maker/{NAME}"], ["sources"], ["list", "ö"]):
        done = command("--no-snapshot", *words, environ=environ)
        assert b"Traceback" not in done.stderr, (words, done.stderr)
        assert done.returncode in {0, 1, 2}, words
    done = command("--no-snapshot", "list", "--json", environ=environ)
    assert f"maker/{NAME}" in {offer["id"] for offer in json.loads(done.stdout.decode("ascii", "strict")
                                                                if name != "POSIX" else done.stdout)}  # fmt: skip


@pytest.mark.parametrize(
    "piped", [("stdin",), ("stdout",), ("stderr",), ("stdin", "stdout"), ("stdin", "stdout", "stderr")]
)
def test_the_screen_without_a_terminal_names_what_to_use(
    place: tuple[Path, dict[str, str]], piped: tuple[str, ...]
) -> None:
    master, slave = pty.openpty()
    streams = {name: subprocess.PIPE if name in piped else slave for name in ("stdin", "stdout", "stderr")}
    done = subprocess.Popen([sys.executable, "-m", "modeltui"], env=place[1], **streams)  # type: ignore[call-overload]
    out, err = done.communicate(timeout=20)
    os.close(slave)
    said = (err or b"") if "stderr" in piped else os.read(master, 65536)
    os.close(master)
    assert done.returncode == 2
    assert b"modeltui list --json" in said
    assert b"\x1b" not in (out or b"") + said


# ------------------------------------------------------------------------------------------- signals


@pytest.fixture
def signals_heard() -> Iterator[None]:
    """Have programs hear an interrupt although these tests may run in the background, where a shell has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("signals_heard")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1)])
def test_a_refresh_that_is_interrupted_ends_at_once_without_a_traceback(tmp_path: Path, number: int, code: int) -> None:
    with ThreadedLoopback() as server:
        server.route("/odd/models", hang())
        (tmp_path / "config.toml").write_text(config({"odd": f"{server.url}/odd"}))
        running = subprocess.Popen(  # this interpreter
            [sys.executable, "-m", "modeltui", "refresh"], env=environment(tmp_path, ["odd"]), stderr=subprocess.PIPE
        )
        while server.count() == 0 and running.poll() is None:
            time.sleep(0.02)
        running.send_signal(number)
        _, said = running.communicate(timeout=10)
    assert running.returncode == code
    assert b"Traceback" not in said


# ------------------------------------------------------------------------------------------- surroundings


def look_around(folder: Path, umask: int) -> None:
    """Leave behind what the screen and `list --json` leave."""
    environ = environment(folder, ["odd"])
    assert shell(f"umask {umask:o}; modeltui list --json", environ).returncode == 0
    under = ("/bin/sh", "-c", f'umask {umask:o}; exec "$@"', "sh", sys.executable, "-m", "modeltui")
    with Program("--no-snapshot", "--offline", environ=environ, command=under) as program:
        assert program.until("model 1"), program.screen.text
        program.press("*")
        assert quit_by_key(program)[0] == 0


def test_files_are_private_under_any_umask(tmp_path: Path, record_property: Record) -> None:
    wrong = []
    with ThreadedLoopback() as server:
        server.json("/odd/models", listing("odd", 3))
        for umask in (0o000, 0o022, 0o077, 0o027):
            folder = tmp_path / f"{umask:o}"
            folder.mkdir()
            (folder / "config.toml").write_text(config({"odd": f"{server.url}/odd"}))
            done = shell(f"umask {umask:o}; modeltui refresh", environment(folder, ["odd"]))
            assert done.returncode == 0, done.stderr
            look_around(folder, umask)
            made = [path for name in ("cache", "state") for path in (folder / name, *(folder / name).rglob("*"))]
            names = {"cache.db", "locks", "start.msgpack", "claims.msgpack", "list.json", "view.json", "visit"}
            assert names <= {path.name for path in made}
            wrong += [
                f"{path.name} {path.stat().st_mode & 0o777:o}"
                for path in made
                if path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)
            ]
    record_property("promise 18", f"files and folders of cache and state, four umasks: {len(wrong)} not private")
    assert wrong == []


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_config_with_a_key_that_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[providers.mistral]\napi_key = "{canary("mistral")}"')
    path.chmod(mode)
    done = command("list", environ=environment(tmp_path))
    assert done.returncode == 2
    assert b"chmod 600" in done.stderr
    assert canary("mistral").encode() not in done.stderr + done.stdout
    path.chmod(0o600)
    assert command("--offline", "list", environ=environment(tmp_path)).returncode == 0


@pytest.mark.parametrize("text", ["[providers", "a = \x00", "\xff\xfe", "x" * 100_000, "a.b.c.d = 1", "providers = 5"])
def test_a_broken_config_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_bytes(text.encode("latin-1"))
    done = command("list", environ=environment(tmp_path))
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"config.toml" in done.stderr


BAD_KEYS = ("a\nb" * 8, "x\r\nX-Y: z" * 4, "sk-é" * 8, "sk-\u200b" * 8, "\ufeffsk-12345678", "k" * 1000, "a b" * 8)


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_malformed_key_is_named_by_its_variable_and_sent_nowhere(tmp_path: Path, key: str) -> None:
    with ThreadedLoopback() as server:
        (tmp_path / "config.toml").write_text(config({"odd": f"{server.url}/odd"}))
        done = command("-v", "refresh", environ={**environment(tmp_path), "KEY_OF_ODD": key})
        assert server.connections == 0
    assert done.returncode == 2
    assert b"KEY_OF_ODD" in done.stderr
    assert key[:6].encode() not in done.stderr


BAD_SURROUNDINGS = {
    "no home": {"HOME": ""}, "home is gone": {"HOME": "/nonexistent/home"}, "proxy": {"HTTPS_PROXY": "http://[::1"},
    "socks": {"ALL_PROXY": "socks5://127.0.0.1:1"}, "certificates": {"SSL_CERT_FILE": "/nonexistent.pem"},
    "no_proxy": {"NO_PROXY": "[[[,///,:::"}, "columns": {"COLUMNS": "-5", "LINES": "x"}, "term": {"TERM": "nonsense"},
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_SURROUNDINGS)
def test_odd_surroundings_do_no_harm(place: tuple[Path, dict[str, str]], name: str) -> None:
    environ = {**place[1], **BAD_SURROUNDINGS[name]}
    for words in (["list"], ["refresh", "--force"]):
        done = command("--no-snapshot", *words, environ=environ)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("limit", ["ulimit -n 24", "ulimit -v 1048576", "ulimit -f 0"])
def test_a_system_that_gives_little_is_told_of_and_survived(place: tuple[Path, dict[str, str]], limit: str) -> None:
    done = shell(f"{limit}; modeltui list --by offer --format ids | grep -c openrouter/", place[1])
    assert "Traceback" not in done.stderr
    assert int(done.stdout) == 61


def test_nothing_in_the_working_folder_is_read(place: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENROUTER_API_KEY={canary('planted')}\n")
    for name in ("modeltui.toml", "config.toml", ".modeltui.toml"):
        (tmp_path / name).write_text("this = is not toml [")
    (tmp_path / ".modeltui").mkdir()
    (tmp_path / "modeltui").mkdir()
    (tmp_path / "modeltui" / "config.toml").write_text("[")
    done = command("--no-snapshot", "sources", "--json", environ=place[1], cwd=tmp_path)
    assert done.returncode == 0
    assert b"planted" not in done.stdout + done.stderr


# ------------------------------------------------------------------------------------------- keys

EVERYWHERE = (
    ("-v", "refresh", "--force"), ("list", "--json"), ("list", "-v"), ("show", "maker/m1"),
    ("show", "maker/m1", "--json"),
    ("sources", "--json"), ("sources", "--all"), ("raw", "one"), ("gaps", "one", "two"), ("conflicts",),
    ("export", "--format", "json", "--output", "out.json"), ("export", "--format", "csv", "--output", "out.csv"),
    ("dump", "--out", "dumped"), ("cache", "info"), ("config", "check"),
    ("test", "one/one/model-1", "--yes", "--runs", "1"),
    ("list", "no=such"), ("show", "nothing"),
)  # fmt: skip


def leaks(text: str, key: str) -> list[str]:
    """The pieces of eight characters of a key, in any of its forms, that are in a text; line ends hide none."""
    joined = "".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())
    pieces = {form[place : place + 8] for form in forms_of(key) for place in range(len(form) - 7)}
    return [piece for piece in sorted(pieces) if piece in joined]


def echoing(name: str, key: str) -> dict[str, object]:
    """A list whose every text repeats the key, in each of its forms and cut off."""
    forms = [*forms_of(key), base64.b64encode(f"user:{key}".encode()).decode(), f"{key[:20]}***"]
    return {
        "data": [
            {"id": f"{name}/{place}-{form}", "name": f"seen {form}", "owned_by": form, "description": f"Bearer {form}"}
            for place, form in enumerate(forms)
        ]
    }


async def test_a_screenshot_shows_no_key_that_a_server_repeats(tmp_path: Path, record_property: Record) -> None:
    keys = {name: f"sk-canary/{name}+Zq8w7E6r5T4y/{name}" for name in ("one", "two")}
    shots: list[str] = []
    with ThreadedLoopback() as server:
        server.json("/one/models", echoing("one", keys["one"]))
        refused = {"error": {"message": f"bad key {keys['two']}, or {keys['two'][:20]}***"}}
        server.route("/two/models", answer(401, json.dumps(refused), {"X-Echo": keys["two"]}))
        (tmp_path / "config.toml").write_text(config({name: f"{server.url}/{name}" for name in keys}))
        session = Session(
            load(tmp_path / "config.toml"), cache_dir=tmp_path / "cache", state_dir=tmp_path / "state",
            environ={f"KEY_OF_{name.upper()}": key for name, key in keys.items()}, use_snapshot=False,
        )  # fmt: skip
        app = ModelTuiApp(session, clock=session.clock)
        async with app.run_test(size=(200, 50), notifications=True) as pilot:
            while app.progress.running or not session.catalog().offers:
                await pilot.pause(0.05)
            for keys_pressed in (("end", "home"), ("i",), ("escape", "p"), ("escape", "J"), ("escape",)):
                await pilot.press(*keys_pressed)
                await pilot.pause(0.2)
                shots.append(app.export_screenshot())
            app.notify(f"shown {keys['one']}")
            await pilot.pause(0.2)
            control = app.export_screenshot()
        session.close()
    assert leaks(control, keys["one"]), "a key that is on the screen was not found"
    assert all("one/" in shot for shot in shots[:2])
    assert "key rejected" in html.unescape(shots[2]).replace("\xa0", " ")
    assert all("…" in html.unescape(shot) for shot in shots)
    found = [leak for shot in shots for key in keys.values() for leak in leaks(shot, key)]
    record_property("promise 11", f"{len(shots)} exported screenshots, two keys echoed in all forms: {len(found)} hits")
    assert found == []


def test_a_key_of_each_provider_is_found_nowhere_but_at_its_server(tmp_path: Path, record_property: Record) -> None:
    names = ("one", "two", "three")
    said = b""
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(ThreadedLoopback()) for name in names}
        for name, server in servers.items():
            echo = json.dumps({**listing(name, 4), "you_sent": f"Bearer {canary(name)}"})
            server.body("/models", echo.encode(), headers={"X-Echo": canary(name), "ETag": f'"{canary(name)}"'})
            server.route("/chat/completions", answer(401, json.dumps({"error": f"bad key {canary(name)}"})))
        servers["three"].route("/models", answer(401, json.dumps({"error": {"message": canary("three")[:20] + "***"}})))
        (tmp_path / "config.toml").write_text(config({name: server.url for name, server in servers.items()}))
        environ = environment(
            tmp_path, names, PYTHONWARNINGS="default", PYTHONASYNCIODEBUG="1", HTTPX_LOG_LEVEL="debug"
        )
        for words in EVERYWHERE:
            done = command(*words, environ=environ, cwd=tmp_path)
            said += done.stdout + done.stderr
            assert b"Traceback" not in done.stderr, words
        hits = sum(other.saw(canary(name)) for name in names for own, other in servers.items() if own != name)
        assert all(server.saw(canary(name)) for name, server in servers.items())
    for name in names:
        hits += said.count(canary(name).encode())
        hits += sum(canary(name).encode() in body for _, body in everything_in(tmp_path))
    record_property("promise 11", f"{len(EVERYWHERE)} commands at -v, three keys echoed by their servers: {hits} hits")
    assert hits == 0
