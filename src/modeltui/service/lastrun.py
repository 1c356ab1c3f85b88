"""What a run leaves for the next one: its catalog, and the first rows of it as they are usually shown."""

from collections.abc import Callable
from pathlib import Path
from weakref import ref

from modeltui.service import openingfile, startfile
from modeltui.service.claimsfile import StoredClaims
from modeltui.state import Catalog, Opening


class LastRun:
    """The start-up file and its opening; `accepts` says of a key whether it is that of the settings and keys of now."""

    def __init__(self, folder: Path, accepts: Callable[[str], bool]) -> None:
        self.path = folder / startfile.FILE_NAME
        self._opening_path = folder / openingfile.FILE_NAME
        self._accepts = accepts
        self._written = ""
        self._held: tuple[Callable[[], Catalog | None], str] = (lambda: None, "")
        """The catalog that the file holds, while anybody holds it here, and the file's key."""

    def catalog(self) -> Catalog | None:
        """Read the catalog, whose claims are read as they are asked for; `None` where there is none of now."""
        catalog = startfile.read(self.path, self._accepts)
        if catalog is not None and isinstance(catalog.claims, StoredClaims):
            self._held = ref(catalog), catalog.claims.key
        return catalog

    def keep(self, catalog: Catalog, key: str) -> None:
        """Keep a catalog, unless one of the same key was kept by this run."""
        if key != self._written:
            startfile.write(self.path, catalog, key)
            self._written = key
            self._held = ref(catalog), key

    def opening(self, usual: str) -> Opening | None:
        """Read the first rows of the catalog, where they were kept as they are usually shown."""
        return openingfile.read(self._opening_path, self.path, usual, self._accepts)

    def keep_opening(self, whole: Catalog, opening: Opening) -> bool:
        """Keep the first rows of the catalog in the file; false where it holds another one."""
        catalog, key = self._held
        return catalog() is whole and openingfile.write(self._opening_path, opening, key)
