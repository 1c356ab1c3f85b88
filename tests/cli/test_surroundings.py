"""`completions` as the shells run them, and `doctor`, which sees keys and never shows one."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modeltui.cli.parser import COMMANDS
from modeltui.cli.run import run
from modeltui.cli.surroundings import without_login
from modeltui.columns import COLUMNS_BY_KEY
from modeltui.providers.registry import PROVIDERS
from modeltui.service.session import Session
from modeltui.store import Store
from store_samples import response

CANARY = "sk-canary-0123456789abcdef"
KEY_NAMES = sorted({name for provider in PROVIDERS.values() for name in provider.auth.env})
BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="there is no bash here")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.toml").write_text("")
    monkeypatch.setenv("MODELTUI_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("MODELTUI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    for name in (*KEY_NAMES, *proxies, *map(str.lower, proxies), "SSL_CERT_FILE", "SSL_CERT_DIR", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def no_screen(session: Session) -> int:
    raise AssertionError(f"no command opens the screen: {session}")


def modeltui(*words: str) -> int:
    return run(list(words), no_screen)


# ---------------------------------------------------------------------------------------------------- completions


@pytest.fixture
def bash_script(place: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (place / "config.toml").write_text(
        '[providers.my-vllm]\nendpoint = "http://localhost:8000/v1"\n'
        '[providers."$(touch owned)"]\nendpoint = "http://localhost:8001/v1"\n'
    )
    assert modeltui("completions", "bash") == 0
    script = place / "modeltui.bash"
    script.write_text(capsys.readouterr().out)
    return script


def bash(*words: str, cwd: Path | None = None) -> str:
    done = subprocess.run([str(BASH), *words], capture_output=True, text=True, check=True, cwd=cwd)  # noqa: S603
    assert done.stderr == ""
    return done.stdout


def completed(script: Path, line: str, breaks: str = " \t\n\"'><=;|&(:") -> list[str]:
    """Ask bash what it would offer at the end of a line."""
    asked = (
        'source "$1"; COMP_WORDBREAKS=$3; COMP_LINE=$2; COMP_POINT=${#2}; _modeltui; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return bash("-uc", asked, "_", str(script), line, breaks, cwd=script.parent).split()


@needs_bash
def test_bash_accepts_the_script_and_uses_it_for_the_program(bash_script: Path) -> None:
    bash("-n", str(bash_script))
    registered = bash("-c", f'source "{bash_script}"; complete -p modeltui')
    assert registered.split() == ["complete", "-F", "_modeltui", "modeltui"]


@needs_bash
def test_bash_offers_every_command(bash_script: Path) -> None:
    assert completed(bash_script, "modeltui ") == [command.name for command in COMMANDS]
    assert completed(bash_script, "modeltui co") == [c.name for c in COMMANDS if c.name.startswith("co")]
    assert completed(bash_script, "modeltui --offline sho") == ["show"]


@needs_bash
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("modeltui list --for", ["--format"]),
        ("modeltui list --format ", ["table", "json", "csv", "md", "ids"]),
        ("modeltui list --format=m", ["md"]),
        ("modeltui list --columns mo", ["model", "modalities"]),
        ("modeltui list --columns model,con", ["model,context"]),
        ("modeltui list --sort -con", ["-context"]),
        ("modeltui list --sort model,-rel", ["model,-released"]),
        ("modeltui list --limit ", []),
        ("modeltui list provider:openr", ["openrouter"]),
        ("modeltui list too", ["tools"]),
        ("modeltui refresh openr", ["openrouter"]),
        ("modeltui refresh chutes my-", ["my-vllm"]),
        ("modeltui raw chutes/v", ["chutes/v1"]),
        ("modeltui config ", ["path", "init", "check"]),
        ("modeltui --config mod", ["modeltui.bash"]),
        ("modeltui doctor --off", ["--offline"]),
    ],
)
def test_bash_completes(bash_script: Path, line: str, offered: list[str]) -> None:
    assert completed(bash_script, line) == offered


@needs_bash
def test_bash_completes_where_colons_break_no_words(bash_script: Path) -> None:
    assert completed(bash_script, "modeltui list provider:openr", " ") == ["provider:openrouter"]


@needs_bash
def test_a_providers_name_is_never_run(bash_script: Path) -> None:
    assert "touch owned" not in bash_script.read_text()
    assert "my-vllm" in completed(bash_script, "modeltui refresh ")
    assert not (bash_script.parent / "owned").exists()


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_given_commands_options_providers_and_columns(
    place: Path, capsys: pytest.CaptureFixture[str], shell: str
) -> None:
    assert modeltui("completions", shell) == 0
    script = capsys.readouterr().out
    assert all(command.name in script for command in COMMANDS)
    assert all(slug in script for slug in PROVIDERS)
    assert " ".join(COLUMNS_BY_KEY) in script
    program = shutil.which(shell)
    if program is not None:
        path = place / f"modeltui.{shell}"
        path.write_text(script)
        subprocess.run([program, "-n", str(path)], check=True)  # noqa: S603  # the shell is what is tested


def test_a_config_that_cannot_be_read_costs_only_its_own_providers(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "config.toml").write_text("nonsense = 1\n")
    assert modeltui("completions", "bash") == 0
    assert "openrouter" in capsys.readouterr().out


def test_an_unknown_shell_is_wrong_usage(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        modeltui("completions", "tcsh")
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------------- doctor


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """Run the doctor; what it says by title, and under `wrong:` what is wrong."""
    status = modeltui("doctor")
    said = capsys.readouterr().out
    facts, _, wrong = said.partition("\nwrong:\n")
    found: dict[str, str] = {"wrong:": wrong}
    title = ""
    for line in facts.splitlines():
        title = line[:14].strip() or title
        found[title] = f"{found[title]}\n{line[14:]}" if title in found else line[14:]
    return status, found


def test_a_healthy_machine_ends_with_0(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = doctor(capsys)
    assert (status, found["wrong:"]) == (0, "")
    assert set(found) >= {"modeltui", "python", "textual", "sqlite", "terminal", "locale", "catalogue"}
    assert found["config"] == f"{place / 'config.toml'}: ok"
    assert found["cache"] == f"{place / 'cache'}: nothing there yet"
    assert (found["keys"], found["base URLs"], found["proxies"]) == ("none", "none", "none")
    assert not (place / "cache").exists()


def test_the_cache_is_looked_into(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(place / "cache") as store:
        store.put(response(b"[]", source="openrouter/models", at=datetime.now(UTC)))
    assert "1 answers, 0 older ones" in doctor(capsys)[1]["cache"]


def test_keys_are_named_by_their_variable_and_never_shown(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", CANARY)
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{CANARY}@proxy.example:3128")
    config = place / "config.toml"
    config.write_text(f'[providers.groq]\napi_key = "{CANARY}-groq"\n')
    config.chmod(0o600)
    assert modeltui("doctor") == 0
    said = capsys.readouterr()
    assert "openrouter: OPENROUTER_API_KEY" in said.out
    assert "groq: the config file" in said.out
    assert "HTTPS_PROXY=http://…@proxy.example:3128" in said.out
    assert "canary" not in said.out + said.err


def test_base_urls_of_ones_own_are_told_with_the_key_that_goes_there(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_KEY", CANARY)
    (place / "config.toml").write_text(
        '[providers.gate]\nendpoint = "https://gate.example/v1"\napi_key_env = "GATEWAY_KEY"\n'
        '[providers.mine]\nendpoint = "http://localhost:8000/v1"\n'
        '[providers.openrouter]\nendpoint = "https://openrouter.ai.evil.example/api/v1"\n'
        '[providers.groq]\nenabled = true\n'
    )  # fmt: skip
    status, found = doctor(capsys)
    lines = found["base URLs"].splitlines()
    assert status == 0
    assert "gate: https://gate.example/v1/models  gets the key from GATEWAY_KEY" in lines
    assert "mine: http://localhost:8000/v1/models  no key is sent" in lines
    evil = [line for line in lines if line.startswith("openrouter: https://openrouter.ai.evil.example/api/v1/models")]
    assert evil
    assert all(line.endswith("would get the key from OPENROUTER_API_KEY") for line in evil)
    assert not any(line.startswith("groq") for line in lines)


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("SSL_CERT_FILE", "/no/such/file.pem", "there is no such place"),
        ("HTTPS_PROXY", "ftp://proxy.example", "it is no proxy's URL"),
        ("https_proxy", "http://proxy.example:port", "it is no URL"),
        ("OPENROUTER_API_KEY", "two words of a key", "OPENROUTER_API_KEY: not a key"),
    ],
)
def test_what_is_wrong_ends_with_1_and_says_what_to_do(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, wrong: str
) -> None:
    monkeypatch.setenv(name, value)
    status, found = doctor(capsys)
    what, todo = found["wrong:"].splitlines()
    assert (status, wrong in what, todo.startswith("    ")) == (1, True, True)
    assert "two words" not in str(found)


def test_a_config_that_does_not_load_is_wrong_and_the_rest_is_told(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "config.toml").write_text("[cache]\nttl_minuts = 3\n")
    status, found = doctor(capsys)
    assert (status, found["config"].endswith("cannot be used")) == (1, True)
    assert "did you mean 'ttl_minutes'?" in found["wrong:"]
    assert found["keys"] == "none"


def test_a_cache_that_cannot_be_kept_is_wrong(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "file").write_text("")
    monkeypatch.setenv("MODELTUI_CACHE_DIR", str(place / "file" / "cache"))
    status, found = doctor(capsys)
    assert (status, "cannot be written" in found["wrong:"]) == (1, True)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://me:pw@proxy:3128", "http://…@proxy:3128"),
        ("me:p@w@proxy:3128", "…@proxy:3128"),
        ("http://token@proxy", "http://…@proxy"),
        ("http://proxy:3128", "http://proxy:3128"),
        ("http://a:b/c@proxy", "http://…@proxy"),
    ],
)
def test_a_login_is_taken_out_of_a_url(value: str, shown: str) -> None:
    assert without_login(value) == shown


def test_serve_says_which_library_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve"], lambda session: 0) == 2
    assert "modeltui[serve]" in capsys.readouterr().err
