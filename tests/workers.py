"""In how many processes the tests run: two for folders, in which one works while the other waits; one for what somebody looks at.

Each of the two has a Kafka and a PostgreSQL of its own, and takes file after file, those first that take longest.
"""

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Protocol

WORKERS = 2
NEED_NOTHING = ("tests/unit", "tests/contract")

_FIRST = (
    "tests/unit/simulation/test_simulation",  # works all the time, and longest where many seeds are asked for
    "tests/integration/deploy/test_ending",  # waits most of the time
    "tests/acceptance",
    "tests/integration",
    "tests/contract",
    "tests/unit/simulation",
)
"""What takes longest. The rest are short: they fill what is left at the end."""

_OF_ONE_PROCESS = ("keyword", "markexpr", "lf", "failedfirst", "stepwise", "usepdb")
"""Options of who looks for something: they choose among tests, or stop in the middle of one."""


class Options(Protocol):
    """What was asked for on the command line."""

    def getoption(self, name: str, default: object = None) -> object:
        """Return the value of an option."""
        ...


def count(options: Options, asked: Iterable[str], whole: Sequence[str]) -> int:
    """Return how many processes run the tests beside pytest itself, 0 for none.

    Args:
        options: of the command line.
        asked: the folders, files and tests that were named.
        whole: the folders of all tests. Those of others have their own reasons to be alone.

    """
    if any(options.getoption(name, None) for name in _OF_ONE_PROCESS) or options.getoption("capture") == "no":
        return 0
    return WORKERS if all(_within(path, whole) and not PurePath(path).suffix for path in asked) else 0


def turn(test: str) -> int:
    """Return when a test's file is to be taken, by the test's id."""
    return next((place for place, path in enumerate(_FIRST) if test.startswith(path)), len(_FIRST))


def needs_stack(asked: Iterable[str]) -> bool:
    """Tell whether what was named holds tests that need Kafka and PostgreSQL."""
    return not all(_within(path, NEED_NOTHING) for path in asked)


def _within(path: str, folders: Sequence[str]) -> bool:
    return any(PurePath(path).is_relative_to(folder) for folder in folders)
