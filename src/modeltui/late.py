"""Modules that libraries import at their top and that the first frame does not touch: loaded when they are touched.

asyncio imports TLS, subprocess a locale, urllib the addresses of networks, logging the tokenizer of Python. Until one
of their names is asked for, such a module is an empty one that stands in its place.
"""

import sys
from _thread import RLock
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

PUT_OFF: Final = frozenset(
    {
        "asyncio.sslproto", "asyncio.staggered", "base64", "bz2", "fnmatch", "gzip", "ipaddress", "linecache", "locale",
        "lzma", "mimetypes", "msgspec.inspect", "msgspec.toml", "msgspec.yaml", "shlex", "ssl", "textwrap", "tokenize",
    }
)  # fmt: skip
"""Each is imported by its name and used inside of functions only; `from NAME import` would load it at once."""


class _Late(ModuleType):
    """A module that loads when it is asked for the first name that it does not have yet."""

    def __getattr__(self, name: str) -> object:
        loader = self.__spec__ and self.__spec__.loader
        if isinstance(loader, _LateLoader):
            loader.load(self)
        if isinstance(self, _Late):  # it is being loaded, and asked by what it loads
            raise AttributeError(f"partially initialized module {self.__name__!r} has no attribute {name!r}")
        return getattr(self, name)


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
        """Load the module for good; a thread that comes second waits. What failed is tried again by the next."""
        with self._lock:
            if self._begun or not isinstance(module, _Late):
                return
            self._begun = True
            try:
                self._real.exec_module(module)
            finally:
                self._begun = False
            self._spec.loader = module.__loader__ = self._real
            cast("ModuleType", module).__class__ = ModuleType


class _Finder:
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module that is put off; others are left to the finders that follow."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname in PUT_OFF else None
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _LateLoader(spec, spec.loader))
        return spec


def put_off() -> None:
    """From now on, load the modules of `PUT_OFF` when they are touched; those that are loaded stay as they are."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def note_missing(name: str) -> None:
    """Have a module that is not installed be missed at once, for a library that looks for it again and again."""
    if name not in sys.modules and PathFinder.find_spec(name) is None:
        sys.modules[name] = cast("ModuleType", None)
