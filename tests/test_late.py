import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Barrier
from types import ModuleType

import pytest

from modeltui import late
from programs import said

Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes modules that are put off; everything is as it was afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))

    def written(name: str, text: str) -> None:
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.setattr(late, "PUT_OFF", late.PUT_OFF | {name})
        late.put_off()

    yield written
    for name in set(sys.modules) - before:
        del sys.modules[name]


def has_run(module: ModuleType) -> bool:
    return "ANSWER" in vars(module)


def test_a_module_that_is_put_off_runs_when_a_name_of_it_is_asked_for(write: Write) -> None:
    write("put_off_one", "ANSWER = 42")
    module = import_module("put_off_one")
    assert import_module("put_off_one") is module
    assert not has_run(module)
    assert module.ANSWER == 42
    assert has_run(module)


def test_once_loaded_it_is_a_module_like_any_other(write: Write) -> None:
    write("put_off_like_others", "ANSWER = 42")
    module = import_module("put_off_like_others")
    assert module.ANSWER == 42
    assert type(module) is ModuleType
    assert module.__loader__ is module.__spec__.loader  # type: ignore[union-attr]
    assert module.__spec__.loader.get_source("put_off_like_others") == "ANSWER = 42"  # type: ignore[union-attr]
    with pytest.raises(AttributeError, match="'put_off_like_others' has no attribute 'QUESTION'"):
        module.QUESTION  # noqa: B018  # what is asked for


def test_names_imported_from_it_load_it(write: Write) -> None:
    write("put_off_names", "ANSWER = 42")
    scope: dict[str, object] = {}
    exec("from put_off_names import ANSWER", scope)  # noqa: S102  # written here
    assert scope["ANSWER"] == 42


def test_a_function_imported_from_it_loads_it_when_it_is_called(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("put_off_calls", "ANSWER = 42\ndef ask(*, plus): return ANSWER + plus")
    monkeypatch.setitem(late.FUNCTIONS, "put_off_calls", frozenset({"ask"}))
    scope: dict[str, Callable[..., int]] = {}
    exec("from put_off_calls import ask", scope)  # noqa: S102  # written here
    module = sys.modules["put_off_calls"]
    assert not has_run(module)
    assert scope["ask"](plus=1) == 43
    assert has_run(module)
    assert module.ask(plus=2) == 44


def test_a_name_that_others_have_too_does_not_load_it(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("put_off_gathering", "ANSWER = 42")
    monkeypatch.setattr(late, "TAKEN_ELSEWHERE", {("put_off_gathering", "OTHERS"): lambda: "another's"})
    scope: dict[str, object] = {}
    exec("from put_off_gathering import OTHERS", scope)  # noqa: S102  # written here
    assert scope["OTHERS"] == "another's"
    assert not has_run(sys.modules["put_off_gathering"])


def test_what_is_taken_elsewhere_is_the_same_there() -> None:
    for (module, name), elsewhere in late.TAKEN_ELSEWHERE.items():
        real, taken = getattr(import_module(module), name), elsewhere()
        assert real() == taken() if module == "platform" else real is taken  # type: ignore[operator]


def test_every_function_that_loads_its_module_when_called_is_there() -> None:
    for module, names in late.FUNCTIONS.items():
        assert module in late.PUT_OFF
        assert all(callable(getattr(import_module(module), name)) for name in names)


def test_threads_that_ask_at_once_load_it_once(write: Write) -> None:
    write("put_off_threads", "import time\nRUNS = globals().get('RUNS', 0) + 1\ntime.sleep(0.05)\nANSWER = 42")
    module, together = import_module("put_off_threads"), Barrier(4)

    def ask(_: int) -> object:
        together.wait()
        return module.ANSWER

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == [42] * 4
    assert module.RUNS == 1


def test_a_thread_that_asks_while_it_loads_gets_all_of_it(write: Write) -> None:
    write("put_off_half", "import time\nEARLY = 'here'\ntime.sleep(0.1)\nANSWER = 42\ndef ask(): return ANSWER")
    module = import_module("put_off_half")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(lambda: module.ANSWER)
        while "EARLY" not in vars(module):
            pass
        assert module.EARLY == "here"
        assert module.ask() == 42
        assert first.result() == 42


def test_a_module_that_fails_says_so_and_is_tried_again(write: Write, tmp_path: Path) -> None:
    write("put_off_failing", "raise ImportError('something is missing')")
    module = import_module("put_off_failing")
    for _ in range(2):
        with pytest.raises(ImportError, match="something is missing"):
            module.ANSWER  # noqa: B018  # what is asked for
    (tmp_path / "put_off_failing.py").write_text("ANSWER = 'there by now'")
    assert module.ANSWER == "there by now"


def test_what_is_asked_of_it_while_it_loads_is_missing_as_in_any_circle_of_imports(write: Write) -> None:
    write("put_off_circle", "from put_off_other import ASKED\nANSWER = 42")
    write("put_off_other", "import put_off_circle\nASKED = hasattr(put_off_circle, 'ANSWER')")
    module = import_module("put_off_circle")
    assert module.ANSWER == 42
    assert module.ASKED is False


def test_modules_that_are_not_named_load_as_ever(write: Write, tmp_path: Path) -> None:
    write("put_off_named", "ANSWER = 42")
    (tmp_path / "not_put_off.py").write_text("ANSWER = 42")
    assert has_run(import_module("not_put_off"))


def test_a_module_that_is_not_installed_is_looked_for_once(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "nobody_has_this", raising=False)
    late.note_missing("nobody_has_this")
    monkeypatch.setattr(sys, "meta_path", [])
    with pytest.raises(ModuleNotFoundError, match="nobody_has_this"):
        import_module("nobody_has_this")
    monkeypatch.delitem(sys.modules, "nobody_has_this")


def test_a_module_that_is_installed_is_still_found(write: Write) -> None:
    write("somebody_has_this", "ANSWER = 42")
    late.note_missing("somebody_has_this")
    assert import_module("somebody_has_this").ANSWER == 42


def test_what_is_put_off_works_once_it_is_asked_for() -> None:
    code = (
        "import sys; from modeltui import late; late.put_off()\n"
        "for name in late.PUT_OFF: __import__(name)\n"
        "late_ones = [name for name in late.PUT_OFF if type(sys.modules[name]) is late._Late]\n"
        "asked = [hasattr(sys.modules[name], 'nobody') for name in late.PUT_OFF]\n"
        "still = [name for name in late.PUT_OFF if type(sys.modules[name]) is late._Late]\n"
        "import ssl, importlib; ssl.create_default_context(); importlib.reload(ssl)\n"
        "print(len(late_ones) > 10, any(asked), still)"
    )
    assert said(code) == "True False []"


def test_whoever_imports_what_this_python_has_not_learns_it_at_once() -> None:
    code = (
        "import sys; from modeltui import late; late.put_off(); sys.modules['_bz2'] = None\n"
        "late._is_there = lambda name: name != '_bz2'\n"
        "try: import bz2\n"
        "except ImportError: print('missing')"
    )
    assert said(code) == "missing"
