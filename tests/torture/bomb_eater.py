"""Asks one URL and tells what came of it, how long it took and how much memory it cost, as JSON."""

import asyncio
import json
import resource
import sys
import time

from modeltui.service.fetch import FetchRequest, fetch, open_client


async def main(url: str) -> None:
    async with open_client({}) as client:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.monotonic()
        answered = await fetch(client, FetchRequest(source="odd/models", url=url))
        took_s = time.monotonic() - started
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps([getattr(answered, "message", "taken"), took_s, grown / 1024]))  # noqa: T201  # its answer


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
