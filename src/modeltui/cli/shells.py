"""Completion scripts of bash, zsh and fish, written from a description of the commands."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct


class Word(Struct, frozen=True):
    """An option or argument: its flags (none for an argument), what may follow, and what it is for."""

    flags: tuple[str, ...]
    help: str
    takes: str = ""
    """`words`, `list` (joined by commas), `file`, `dir` or `any`; empty where nothing follows."""
    values: tuple[str, ...] = ()
    many: bool = False


Commands = Mapping[str, tuple[str, tuple[Word, ...]]]
"""Command name to its help and its words."""


def bash(commands: Commands, common: Iterable[Word]) -> Iterator[str]:
    """Write the script for bash 3.2 and later, line by line."""
    yield '# modeltui for bash: put  eval "$(modeltui completions bash)"  into ~/.bashrc'
    yield _BASH_HEAD.replace("COMMANDS", "|".join(commands))
    for name, words in [("*", common), *((name, words) for name, (_, words) in commands.items())]:
        for word in words:
            if word.flags and word.takes:
                patterns = "|".join(f"{name}:{flag}" for flag in word.flags)
                yield f"        {patterns}) {_bash_value(word)}; return ;;"
    yield '    esac\n    case "$command" in'
    shared = " ".join(flag for word in common for flag in word.flags)
    yield f"        '') options='{shared}'; values='{' '.join(commands)}' ;;"
    for name, (_, words) in commands.items():
        options = " ".join(flag for word in words for flag in word.flags)
        values = " ".join(value for word in words if not word.flags for value in word.values)
        yield f"        {name}) options='{options} {shared}'; values='{values}' ;;"
    yield _BASH_TAIL


def _bash_value(word: Word) -> str:
    if word.takes == "list":
        return f"_modeltui_list '{' '.join(word.values)}' \"$cur\""
    if word.takes in {"file", "dir"}:
        return f'COMPREPLY=($(compgen -{word.takes[0]} -- "$cur"))'
    return f"_modeltui_words '{' '.join(word.values)}' \"$cur\"" if word.values else ":"


_BASH_HEAD = """\
_modeltui_words() {  # bash replaces only what stands behind the last of its word breaks
    local mark
    COMPREPLY=($(compgen -W "$1" -- "$2"))
    for mark in : =; do
        if [[ $2 == *"$mark"* && $COMP_WORDBREAKS == *"$mark"* ]]; then
            COMPREPLY=("${COMPREPLY[@]#"${2%"${2##*"$mark"}"}"}")
        fi
    done
}
_modeltui_list() {  # names joined by commas, each with a minus before it or not
    local rest=${2##*,}
    local sign=${rest%%[!-]*}
    COMPREPLY=($(compgen -P "${2%"$rest"}$sign" -W "$1" -- "${rest#"$sign"}"))
    compopt -o nospace 2>/dev/null
}
_modeltui() {
    local line=${COMP_LINE:0:COMP_POINT} cur='' prev='' command='' options='' values='' word
    local -a words
    read -ra words <<< "$line"
    if [[ $line != *[[:space:]] ]]; then
        cur=${words[${#words[@]}-1]}
        unset "words[${#words[@]}-1]"
    fi
    COMPREPLY=()
    for word in "${words[@]:1}"; do
        prev=$word
        [[ -n $command ]] || case "$word" in COMMANDS) command=$word ;; esac
    done
    if [[ $cur == --*=* ]]; then
        prev=${cur%%=*}
        cur=${cur#*=}
    fi
    case "$command:$prev" in"""
_BASH_TAIL = """\
    esac
    [[ $cur != -* ]] || values=$options
    _modeltui_words "$values" "$cur"
}
complete -F _modeltui modeltui"""


def zsh(commands: Commands, common: Iterable[Word]) -> Iterator[str]:
    """Write the script for zsh, line by line."""
    shared = [spec for word in common for spec in _zsh_specs(word)]
    yield "#compdef modeltui"
    yield "# modeltui for zsh: modeltui completions zsh > ~/.zfunc/_modeltui, with ~/.zfunc in fpath"
    yield "_modeltui() {\n    local state line\n    typeset -A opt_args"
    yield f"    _arguments -C {' '.join(shared)} '1:command:->command' '*::: :->argument'"
    yield '    case "$state" in\n        command)\n            local -a commands\n            commands=('
    for name, (text, _) in commands.items():
        yield f"                {shlex.quote(f'{name}:{text}')}"
    yield "            )\n            _describe -t commands command commands ;;\n        argument)"
    yield '            words=("$line[1]" "${words[@]}")\n            (( CURRENT += 1 ))\n            case "$line[1]" in'
    for name, (_, words) in commands.items():
        specs = [spec for word in words for spec in _zsh_specs(word)]
        yield f"                {name}) _arguments {' '.join([*specs, *shared])} ;;"
    yield '            esac ;;\n    esac\n}\nif [[ "$funcstack[1]" == _modeltui ]]; then\n    _modeltui "$@"'
    yield "else\n    compdef _modeltui modeltui\nfi"


def _zsh_specs(word: Word) -> list[str]:
    text = re.sub(r"([\[\]:\\])", r"\\\1", word.help)
    values = " ".join(value.replace(":", "\\:") for value in word.values)
    action = {"file": "_files", "dir": "_files -/", "list": f"_values -s , column {values}"}.get(word.takes, "")
    action = f"({values})" if word.takes == "words" else action
    if not word.flags:
        return [shlex.quote(f"{'*' if word.many else ''}:argument:{action or ' '}")]
    follows = f":value:{action or ' '}" if word.takes else ""
    return [shlex.quote(f"{flag}[{text}]{follows}") for flag in word.flags]


def fish(commands: Commands, common: Iterable[Word]) -> Iterator[str]:
    """Write the script for fish, line by line."""
    yield "# modeltui for fish: modeltui completions fish > ~/.config/fish/completions/modeltui.fish"
    yield "complete -c modeltui -f"
    for word in common:
        yield _fish_line("", word)
    for name, (text, words) in commands.items():
        yield f"complete -c modeltui -n __fish_use_subcommand -a {name} -d {_fish_quoted(text)}"
        for word in (word for word in words if word.flags or word.values):
            yield _fish_line(f" -n '__fish_seen_subcommand_from {name}'", word)


def _fish_line(where: str, word: Word) -> str:
    parts = [f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in word.flags]
    if word.flags and word.takes:
        parts.append("-r -F" if word.takes in {"file", "dir"} else "-x")
    parts += [f"-a {_fish_quoted(' '.join(word.values))}"] if word.values else []
    return " ".join([f"complete -c modeltui{where}", *parts, f"-d {_fish_quoted(word.help)}"])


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
