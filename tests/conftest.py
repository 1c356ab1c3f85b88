"""What holds for every test."""

import gc


def pytest_collection_finish() -> None:
    """Put what was collected out of the cycle collector's sight: it stays until the end, and there is much of it."""
    gc.collect()
    gc.freeze()
