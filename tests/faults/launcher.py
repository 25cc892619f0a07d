"""Starts a service without one of its guards, so that the checker can show that it misses it.

python -m tests.faults.launcher GUARD MODULE COMMAND
"""

import contextlib
import importlib
import sys
from collections.abc import Callable
from typing import Any

from portfolio_ledger.state.partition_state import PartitionState
from portfolio_log.appender import Appender
from portfolio_log.follower import Followed
from portfolio_log.log import InDoubt
from portfolio_projector.projecting.checkpoints import Step
from portfolio_projector.projecting.storage import PostgresSession


def _forget_what_was_recorded() -> None:
    """Let the ledger know no event again that was recorded before."""
    PartitionState.recorded = lambda *_: None  # type: ignore[method-assign]


def _take_doubt_for_success() -> None:
    """Let the ledger believe that an append whose outcome is unknown is in the log."""
    append = Appender.append

    async def hopeful(self: Appender, batch: Any) -> Followed:  # noqa: ANN401  a sequence of entries
        log, last = self._log, self._follower
        try:
            base = await log.append(last.partition, [(entry.portfolio, entry.value) for entry in batch])
        except InDoubt:
            return last.accept(batch)
        return last.accept(batch) if base == last.next_offset else await append(self, batch)

    Appender.append = hopeful  # type: ignore[method-assign]


def _write_without_a_transaction() -> None:
    """Let the projector write checkpoint and rows one after another, not at once."""
    write = PostgresSession.write

    async def bare(self: PostgresSession, step: Step) -> None:
        await write(PostgresSession(_WithoutTransactions(self._connection)), step)  # type: ignore[arg-type]  which it stands in for

    PostgresSession.write = bare  # type: ignore[method-assign]


class _WithoutTransactions:
    """A connection whose transactions are none."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401  a connection
        self._connection = connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a connection has
        return getattr(self._connection, name)

    def transaction(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Begin nothing, and end nothing."""
        return contextlib.nullcontext()


GUARDS: dict[str, Callable[[], None]] = {
    "duplicates": _forget_what_was_recorded,
    "doubt": _take_doubt_for_success,
    "transaction": _write_without_a_transaction,
}


def main(guard: str, module: str, command: str) -> int:
    """Switch the guard off and run the service."""
    GUARDS[guard]()
    return importlib.import_module(f"{module}.__main__").main([command])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
