"""What the screen remembers from run to run, read without trust: a broken memory is no memory."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from modeltui.columns import COLUMNS_BY_KEY
from modeltui.config import Config
from modeltui.cost import Workload, workload_of
from modeltui.errors import ConfigError

Sort = tuple[tuple[str, bool], ...]
"""Column keys, each with whether it is descending; the first weighs most."""
NARROWEST, WIDEST = 3, 80
"""Cells that a column can be given."""


def strings(value: object) -> list[str]:
    """Give the texts of a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


def columns_of(value: object) -> tuple[str, ...]:
    """Give the keys that are columns, each once."""
    return tuple(dict.fromkeys(key for key in strings(value) if key in COLUMNS_BY_KEY))


def sort_of(value: object) -> Sort:
    """Give the sort keys that are columns."""
    pairs = value if isinstance(value, list | tuple) else ()
    return tuple(
        (str(pair[0]), bool(pair[1]))
        for pair in pairs
        if isinstance(pair, list | tuple) and len(pair) == 2 and pair[0] in COLUMNS_BY_KEY
    )


def sort_of_config(config: Config) -> Sort:
    """Read the config's `[ui] sort`: column keys, a minus for descending."""
    return sort_of([(key.removeprefix("-"), key.startswith("-")) for key in config.sort])


def widths_of(value: object) -> dict[str, int]:
    """Give the widths in cells that a person chose for columns."""
    found = value if isinstance(value, Mapping) else {}
    return {
        key: max(NARROWEST, min(cells, WIDEST))
        for key, cells in found.items()
        if key in COLUMNS_BY_KEY and isinstance(cells, int) and not isinstance(cells, bool)
    }


def workload_saved(workload: Workload | None) -> dict[str, object] | None:
    """Write a workload as it is remembered."""
    if workload is None:
        return None
    return {
        "tokens_in": workload.tokens_in,
        "tokens_out": workload.tokens_out,
        "cached": str(workload.cached),
        "requests_per_month": workload.requests_per_month,
    }


def workload_remembered(saved: Mapping[str, object], config: Config) -> Workload | None:
    """Give the remembered workload, which may be none; where nothing is remembered, the config's.

    `ConfigError` where the config's makes no sense.
    """
    if "workload" not in saved:
        return workload_of(config.workload)
    found = saved["workload"]
    if not isinstance(found, Mapping):
        return None
    try:
        numbers = {str(key): float(Decimal(str(value))) for key, value in found.items() if value is not None}
        return workload_of(numbers)
    except (ConfigError, InvalidOperation, ValueError):
        return None
