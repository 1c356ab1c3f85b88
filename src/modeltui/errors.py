"""What can go wrong, as one tree.

    ModelTuiError              anything this program says no to: a title, a message, what to do
    ├── ConfigError            the config file, an option or an environment variable is wrong   (exit 2)
    ├── UsageError             a command was given words it cannot follow                       (exit 2)
    ├── QueryError             a query cannot be read; knows where in the text                  (exit 2)
    ├── NotFoundError          no model, provider or source has that name; knows near misses    (exit 1)
    ├── PayloadError           an answer is not what the source's documentation says
    ├── StoreError             the cache cannot be read or written
    └── OutputError            a file or stream could not be written                            (exit 74)

A failed source is not an error but data: `events.FetchFinished` carries it.
"""


class ModelTuiError(Exception):
    """Anything this program says no to, with the reason and what to do about it."""

    title = "Error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class ConfigError(ModelTuiError):
    """A config file, option or environment variable has a wrong value."""

    title = "Config"
    exit_code = 2


class UsageError(ModelTuiError):
    """A command was given words it cannot follow."""

    title = "Usage"
    exit_code = 2


class QueryError(ModelTuiError):
    """A query cannot be read; `start` and `end` are offsets of the wrong part in its text."""

    title = "Query"
    exit_code = 2

    def __init__(self, message: str, *, start: int = 0, end: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.start = start
        self.end = end


class NotFoundError(ModelTuiError):
    """Nothing has the name that was asked for; `near` holds the names that come closest."""

    title = "Not found"

    def __init__(self, message: str, *, near: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.near = near


class PayloadError(ModelTuiError):
    """An answer has another shape than its source is known to have."""

    title = "Bad answer"


class StoreError(ModelTuiError):
    """The cache cannot be read or written."""

    title = "Cache"


class OutputError(ModelTuiError):
    """A file or a stream could not be written."""

    title = "Output"
    exit_code = 74
