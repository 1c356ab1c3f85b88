"""Foreign text is never markup and a key is revealed in few places: what the source itself may not say."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "modeltui"
WIDGETS = frozenset({"Static", "Label", "Button", "Checkbox", "RadioButton", "Link", "Option", "Selection",
                     "Collapsible", "TabPane", "Tab", "Markdown", "DataTable", "Tooltip"})  # fmt: skip
"""Widgets that read a plain text they are given as markup."""
METHODS = frozenset({"update", "add_option", "add_columns", "add_row", "add_rows", "set_label", "add_leaf"})
ATTRIBUTES = frozenset({"border_title", "border_subtitle", "tooltip", "label"})
REVEALING = {"secret.py", "service/headers.py"}
LITERAL = (ast.Constant, ast.Starred)


@cache
def tree(path: Path) -> ast.AST:
    return ast.parse(path.read_text("utf-8"))


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_safe(node: ast.expr) -> bool:
    """Tell whether an argument cannot be foreign text that is read as markup."""
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, str) or "[" not in node.value
    if isinstance(node, ast.Call):
        return name_of(node.func) not in {"str", "format", "join", "clean", "clean_cell", "fit"}
    return not isinstance(node, ast.JoinedStr | ast.BinOp | ast.Name | ast.Attribute | ast.Subscript | ast.IfExp)


def unsafe(path: Path) -> Iterator[str]:
    """Name the places where a text could be read as markup."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and name_of(node.func) in WIDGETS | METHODS:
            plain = any(word.arg == "markup" and ast.unparse(word.value) == "False" for word in node.keywords)
            if not plain and not all(map(is_safe, node.args)):
                yield f"{path.name}:{node.lineno}: {ast.unparse(node)[:80]}"
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES and not is_safe(node.value):
                    yield f"{path.name}:{node.lineno}: {ast.unparse(node)[:80]}"


def modules(under: str = "") -> list[Path]:
    return sorted((SOURCE / under).rglob("*.py"))


def test_no_widget_is_given_plain_text_that_it_would_read_as_markup() -> None:
    assert [place for path in modules("tui") for place in unsafe(path)] == []


@pytest.mark.parametrize(
    "code",
    ["Static(f'{name}')", "Static(name)", "Option(self.title)", "Label(names[0])", "Label(offer.name + 'x')",
     "row.border_title = f'{name}'", "pane.update('[b]' + name)",
     "Static(str(name))", "Button(clean(name))"],
)  # fmt: skip
def test_the_ban_finds_what_it_bans(tmp_path: Path, code: str) -> None:
    (tmp_path / "bad.py").write_text(code)
    assert len(list(unsafe(tmp_path / "bad.py"))) == 1


def test_toasts_are_never_markup_whoever_asks() -> None:
    app = next(node for node in ast.walk(tree(SOURCE / "tui" / "app.py")) if isinstance(node, ast.FunctionDef)
               and node.name == "notify")  # fmt: skip
    calls = [node for node in ast.walk(app) if isinstance(node, ast.Call) and name_of(node.func) == "notify"]
    assert ["markup=False" in ast.unparse(call) for call in calls] == [True]


def test_keys_are_revealed_in_two_files_only() -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reveal"
    }
    assert users == REVEALING


def test_nothing_turns_off_the_checks_of_a_secure_connection() -> None:
    banned = {"CERT_NONE", "_create_unverified_context", "check_hostname"}
    found = [
        f"{path.name}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in banned)
        or (isinstance(node, ast.keyword) and node.arg == "verify" and ast.unparse(node.value) == "False")
    ]
    assert found == []


def test_nothing_is_unpickled_or_evaluated() -> None:
    banned = {"pickle", "marshal", "shelve"}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                assert not banned & {alias.name for alias in node.names}, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec"}, path
            if isinstance(node, ast.keyword):
                assert not (node.arg == "shell" and ast.unparse(node.value) == "True"), path
