"""The write side: events over HTTP, a hundred at a time, until they are recorded and the ledger's own state has them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from tests import waiting
from tests.bench import processes
from tests.bench.places import Place, Wrap
from tests.bench.processes import Process, Spent

_SAMPLE_S = 0.5
_LIMIT_S = 550
_STORED = "SELECT COALESCE(sum(next_offset), 0)::bigint FROM ledger.positions"


@dataclass(frozen=True, slots=True)
class Done:
    """What a process did: events, what it spent, and its memory in megabytes from the beginning to the end."""

    events: int
    spent: Spent
    memory_mb: list[float]


async def ingest(place: Place, files: list[Path], count: int, *, wrap: Wrap = processes.python) -> Done:
    """Post everything that is in the files; fail when not each event is recorded."""
    async with (
        place.service("portfolio_ledger", "run", wrap=wrap) as (ledger, port),
        processes.running(processes.python("tests.bench.load", "batches", port, *files), place.folder) as load,
        place.connection() as connection,
    ):
        await load.hear("ready")

        async def stored() -> bool:
            ledger.check()
            return await connection.fetchval(_STORED) >= count

        before = place.machine.spent(processes.cpu_of(ledger.pid))
        await load.go()
        async with memory_of(ledger) as samples:
            posted = await load.hear("end")
            await waiting.until(stored, "the ledger's state follows", limit_s=_LIMIT_S)
        if posted["recorded"] != count:
            raise RuntimeError(f"Of {count} events {posted['recorded']} were recorded.")
        return Done(count, place.machine.spent(processes.cpu_of(ledger.pid)) - before, samples)


@contextlib.asynccontextmanager
async def memory_of(process: Process) -> AsyncGenerator[list[float]]:
    """Sample the memory of a process for as long as something lasts."""
    samples = [process.memory_mb()]

    async def sample() -> None:
        while True:
            await asyncio.sleep(_SAMPLE_S)
            samples.append(process.memory_mb())

    task = asyncio.create_task(sample())
    try:
        yield samples
    finally:
        samples.append(process.memory_mb())
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
