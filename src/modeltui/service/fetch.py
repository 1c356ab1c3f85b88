"""Ask one source over HTTP: every page of it, within bounds of time and size, and never send a key astray.

What goes wrong comes back as data; only cancellation is raised.
"""

import asyncio
import logging
import os
import random
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final
from weakref import WeakSet

import httpx
from msgspec import Struct

from modeltui import __version__
from modeltui.config import is_loopback
from modeltui.secret import Redactor, Secret
from modeltui.service.answers import (
    Fetched,
    FetchFailed,
    FetchRequest,
    Headers,
    NotModified,
    Word,
    redactor_for,
    secrets_in,
)
from modeltui.service.bodies import Body, check_page, off_loop
from modeltui.service.failures import (
    Again,
    Fault,
    bad_answer,
    connection_fault,
    cut,
    protocol_fault,
    status_fault,
    timed_out,
    too_large,
)
from modeltui.service.paging import Pager
from modeltui.service.retry import LONGEST_ASKED_S, RETRIES, TRANSIENT, asked_wait_s, backoff_s, retry_at
from modeltui.service.routes import Proxy, Routes, routes_of

__all__ = [
    "FetchFailed",
    "FetchRequest",
    "Fetched",
    "NotModified",
    "Word",
    "check_target",
    "failed",
    "fault_of",
    "fetch",
    "open_client",
    "response_fault",
    "sendable",
    "wide_resolver",
]

OnRetry = Callable[[str, float, int], None]
"""Told the reason, the wait in seconds and the number of the try that comes after it."""
