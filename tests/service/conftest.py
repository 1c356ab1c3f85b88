from collections.abc import AsyncIterator

import httpx
import pytest

from loopback import Loopback
from modeltui.service.fetch import open_client

KEY = "sk-canary-Q7w8E9r0T1y2U3i4O5p6-LAST"


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with Loopback() as running:
        yield running


@pytest.fixture
async def foreign() -> AsyncIterator[Loopback]:
    """Another server, which must never be asked."""
    async with Loopback() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client({}) as opened:
        yield opened
