"""Modules that libraries import at their top and that the first frame does not touch: loaded when they are touched.

asyncio imports TLS, subprocess a locale, urllib the addresses of networks, logging the tokenizer of Python. Until one
of their names is asked for, such a module is an empty one that stands in its place.
"""

import os
import sys
from _thread import RLock
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

PUT_OFF: Final = frozenset(
    {
        "asyncio.sslproto", "asyncio.staggered", "base64", "bz2", "difflib", "fnmatch", "gzip", "ipaddress", "locale",
        "lzma", "mimetypes", "msgspec.inspect", "msgspec.toml", "msgspec.yaml", "platform", "shlex", "ssl",
        "tempfile", "textual.types", "textwrap", "tokenize", "urllib.parse",
    }
)  # fmt: skip
"""Each is used inside of functions only. It is imported by its name, since `from NAME import` asks for a name of it and
would load it at once, unless all that is asked for so stands below.

While one is loaded, others may wait for it: what it imports must not ask for it in its turn, and nothing is on the list
that has to work when the process is out of files, as `linecache` does.
"""
FUNCTIONS: Final[dict[str, frozenset[str]]] = {
    "difflib": frozenset({"get_close_matches"}),
    "tempfile": frozenset({"gettempdir"}),
    "urllib.parse": frozenset({"quote", "quote_from_bytes", "quote_plus", "urlparse", "urlsplit"}),
}
"""Functions that load their module when they are called, not when they are imported."""
TAKEN_ELSEWHERE: Final[Mapping[tuple[str, str], Callable[[], object]]] = {
    **({("platform", "system"): lambda: lambda: os.uname().sysname} if os.name == "posix" else {}),
    ("textual.types", "IgnoreReturnCallbackType"): lambda: import_module("textual._types").IgnoreReturnCallbackType,
}
"""What is asked at once of modules that do far more: `uuid` wants to know the system, Textual's palette a type that is
gathered with those of all widgets."""
RESTS_ON: Final = {"bz2": "_bz2", "lzma": "_lzma", "ssl": "_ssl"}
"""What a Python may have been built without: whoever imports these is to learn it at once."""
_KNOWN: Final = frozenset(
    {"__class__", "__dict__", "__file__", "__loader__", "__name__", "__package__", "__path__", "__spec__"},
)
"""What a module tells of itself without being loaded."""


class _Late(ModuleType):
    """A module that loads when it is asked for a name; whoever asks meanwhile waits until all of it is there."""

    def __getattribute__(self, name: str) -> object:
        own = ModuleType.__getattribute__
        if name not in _KNOWN and isinstance(loader := own(self, "__spec__").loader, _LateLoader):
            its_name = own(self, "__name__")
            if name in FUNCTIONS.get(its_name, ()):
                return _function(self, loader, name)
            if elsewhere := TAKEN_ELSEWHERE.get((its_name, name)):
                return elsewhere()
            loader.load(self)
        return own(self, name)


def _function(module: _Late, loader: "_LateLoader", name: str) -> Callable[..., object]:
    def loaded_when_called(*args: object, **kwargs: object) -> object:
        loader.load(module)
        function: Callable[..., object] = vars(module)[name]
        return function(*args, **kwargs)

    return loaded_when_called


class _LateLoader:
    """Loads a module on demand, once, whichever thread asks first."""

    def __init__(self, spec: ModuleSpec, real: "Loader") -> None:
        self._spec, self._real = spec, real
        self._lock, self._begun = RLock(), False

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to the import system."""
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Put the loading off."""
        module.__class__ = _Late

    def load(self, module: _Late) -> None:
        """Load the module for good; what failed is tried again by the next who asks."""
        with self._lock:
            if self._begun or not isinstance(module, _Late):
                return  # it is this thread that loads it, or another has done so meanwhile
            self._begun = True
            try:
                self._real.exec_module(module)
            finally:
                self._begun = False
            cast("ModuleType", module).__class__ = ModuleType
            self._spec.loader = module.__loader__ = self._real


class _Finder:
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module that is put off; others, and what is loaded anew, are left to the finders that follow."""
        if fullname not in PUT_OFF or target is not None or not _is_there(RESTS_ON.get(fullname)):
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _LateLoader(spec, spec.loader))
        return spec


def _is_there(name: str | None) -> bool:
    return name is None or name in sys.builtin_module_names or PathFinder.find_spec(name) is not None


def put_off() -> None:
    """From now on, load the modules of `PUT_OFF` when they are touched; those that are loaded stay as they are."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def note_missing(name: str) -> None:
    """Have a module that is not installed be missed at once, for a library that looks for it again and again."""
    if name not in sys.modules and PathFinder.find_spec(name) is None:
        sys.modules[name] = cast("ModuleType", None)
