"""Refreshes for ever, in children that are forked at a word and say their process id: they are there to be killed."""

import asyncio
import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from modeltui.config import load
from modeltui.service.session import Session


async def _for_ever(session: Session) -> None:
    while True:
        async for _ in session.refresh(force=True):
            pass


def _child(config: Path, folder: Path) -> None:
    session = Session(load(config), cache_dir=folder, state_dir=folder / "state", use_snapshot=False)
    asyncio.run(_for_ever(session))


def main(config: Path, folder: Path) -> None:
    """Fork one child for each line on stdin."""
    import_module("modeltui.service.fetch")  # loaded once, here, and not in every child
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _child(config, folder)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
