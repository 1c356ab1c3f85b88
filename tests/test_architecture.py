"""The layers, as failing tests: what may be imported where, and what a start must not load."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from programs import said

SOURCE = Path(__file__).parents[1] / "src" / "modeltui"
PURE = (
    "providers",
    "merge",
    "query",
    "columns",
    "format.py",
    "model.py",
    "state.py",
    "export",
    "table_rows.py",
    "row_values.py",
    "cost.py",
    "diff.py",
    "analysis.py",
)
IMPURE = frozenset({"asyncio", "httpx", "os", "pathlib", "sqlite3", "textual", "time", "rich", "subprocess", "socket"})
HTTP_MODULES = frozenset({"service/fetch.py", "service/latency.py"})


def modules(*starts: str) -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if not starts or path.relative_to(SOURCE).as_posix().startswith(starts):
            yield path


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def is_late_or_typing(path: Path, module: str) -> bool:
    """Tell whether a module is imported only for type checkers."""
    tree = ast.parse(path.read_text("utf-8"))
    guarded = [node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    inside = {id(inner) for guard in guarded for inner in ast.walk(guard)}
    return all(
        id(node) in inside
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and module in ast.dump(node)
    )


@pytest.mark.parametrize("path", modules(*PURE), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_pure_layers_import_nothing_that_waits_reads_or_draws(path: Path) -> None:
    assert imported(path) & IMPURE == set()


def test_only_fetch_and_latency_import_the_http_client() -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in modules()
        if "httpx" in imported(path) and not is_late_or_typing(path, "httpx")
    }
    assert users == HTTP_MODULES


def test_no_module_of_code_is_longer_than_it_can_be_read() -> None:
    data = ("providers/", "cli/parser.py")
    long = {
        path.relative_to(SOURCE).as_posix(): lines
        for path in modules()
        if (lines := len(path.read_text("utf-8").splitlines())) > 300
        and not path.relative_to(SOURCE).as_posix().startswith(data)
    }
    assert long == {}


def loaded_after(statement: str) -> set[str]:
    code = f"import sys, json; {statement}; print(json.dumps(sorted(sys.modules)))"
    return {name.partition(".")[0] for name in json.loads(said(code))}


def test_the_command_line_loads_no_screen_no_client_and_no_matcher() -> None:
    loaded = loaded_after("import modeltui.cli.run")
    assert loaded & {"textual", "rich", "httpx", "rapidfuzz", "tomlkit"} == set()


def test_the_first_frame_loads_no_client_and_no_matcher() -> None:
    loaded = loaded_after("import modeltui.tui.app, modeltui.service.session")
    assert loaded & {"httpx", "rapidfuzz", "tomlkit", "markdown_it", "numpy"} == set()
