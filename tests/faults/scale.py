"""Scale out: who serves what as replicas come and go, and a rolling restart that nobody notices who tries again."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from tests import waiting
from tests.faults import load, observers, world
from tests.faults.outcomes import Outcome, conclude
from tests.faults.replicas import Replica
from tests.faults.world import World

_SHARED_LIMIT_S = 30
_FRESH_S = 5.0
_READ_TRIES = 3
_READ_S_MAX = 12.0
_ALL = set(range(load.PARTITIONS))

Serving = Callable[[], Any]


async def run(seed: str, folder: Path, *, takeovers: bool = True) -> Outcome:
    """Let replicas go and come back, then restart each in turn; return the times it took and whether anybody noticed."""
    notes = list[str]()
    async with world.running(folder) as system:
        system.portfolios = load.portfolios("scale")
        async with load.running(system, seed), observers.running(system, seed):
            if takeovers:
                for kind in ("ledger", "projector"):
                    notes += await _take_over(system, kind)
            readers = _Readers()
            async with readers.reading(system):
                await _restart_each(system)
            await asyncio.sleep(1)
        outcome = await conclude("scale", system)
    count, slowest_s = len(readers.seconds), max(readers.seconds)
    notes.append(f"rolling restart: {count} reads, {readers.failed} failed, the slowest took {slowest_s:.1f} s with its tries")
    outcome.notes += notes
    failed = f"{readers.failed} reads failed {_READ_TRIES} times in a rolling restart"
    outcome.expect(readers.failed == 0, "I11", "failed reads", failed)
    return outcome


async def _take_over(system: World, kind: str) -> list[str]:
    """Kill one replica: the other serves everything; start it again: they share. Nobody serves what another one serves."""
    first, second = system.of(kind)
    who = {"ledger": _served_by_ledgers, "projector": _served_by_projectors}[kind]

    async def shared() -> bool:
        served = await who(system)
        return {partition for part in served.values() for partition in part} == _ALL and all(
            len(part) == load.PARTITIONS // 2 for part in served.values()
        )

    async def taken() -> bool:
        return (await who(system))[second.name] == _ALL

    await waiting.until(shared, f"the {kind}s share the partitions", limit_s=_SHARED_LIMIT_S)
    began = time.monotonic()
    with system.fault(f"{kind}: kill -9"):
        await first.kill()
    await waiting.until(taken, f"{second.name} has taken over", limit_s=_SHARED_LIMIT_S)
    taken_s = time.monotonic() - began
    began = time.monotonic()
    await first.start()
    await waiting.until(shared, f"the {kind}s share the partitions again", limit_s=_SHARED_LIMIT_S)
    shared_s = time.monotonic() - began
    told = f"{kind}: one killed, the other served all {load.PARTITIONS} partitions after {taken_s:.1f} s"
    return [f"{told}; started again, each had its half after {shared_s:.1f} s"]


async def _served_by_ledgers(system: World) -> dict[str, set[int]]:
    """Ask the ledgers themselves what they serve."""
    async with httpx.AsyncClient(timeout=3) as client:
        return {replica.name: await _asked(client, replica) for replica in system.of("ledger")}


async def _asked(client: httpx.AsyncClient, replica: Replica) -> set[int]:
    try:
        return set((await client.get(f"http://127.0.0.1:{replica.program.port}/health/ready")).json()["partitions"])
    except (httpx.HTTPError, ValueError):
        return set()


async def _served_by_projectors(system: World) -> dict[str, set[int]]:
    """Look up who says that it projects a partition, lately."""
    connection = await asyncpg.connect(system.database)
    try:
        rows = await connection.fetch(_OWNERS, _FRESH_S)
    finally:
        await connection.close()
    return {
        replica.name: {row["partition"] for row in rows if row["owner"].endswith(f":{replica.pid}")}
        for replica in system.of("projector")
    }


_OWNERS = "SELECT partition, owner FROM projector.partitions WHERE seen_at > now() - make_interval(secs => $1)"


async def _restart_each(system: World) -> None:
    """Restart one replica after the other, each when the one before is ready, as an orchestrator does."""
    for replica in system.replicas.values():
        with system.fault(f"{replica.kind}: restarted in turn"):
            await replica.terminate()
            await replica.start()
            await replica.ready()


@dataclass
class _Readers:
    """Clients that read their own portfolio's last acknowledged entry, and try another replica when one does not answer."""

    seconds: list[float] = field(default_factory=list[float])
    failed: int = 0

    @asynccontextmanager
    async def reading(self, system: World) -> AsyncGenerator[None]:
        """Read all the time."""
        tasks = [asyncio.create_task(self._read_for_ever(system, portfolio)) for portfolio in system.portfolios]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read_for_ever(self, system: World, portfolio: str) -> None:
        addresses = system.addresses("read-api")
        async with httpx.AsyncClient(timeout=_READ_S_MAX) as client:
            while True:
                wanted = max((one.entry or 0 for one in system.history.answered if one.portfolio == portfolio), default=0)
                began = time.monotonic()
                for turn in range(_READ_TRIES):
                    if await _read(client, addresses[turn % len(addresses)], portfolio, wanted):
                        break
                else:
                    self.failed += 1
                self.seconds.append(time.monotonic() - began)
                await asyncio.sleep(0.1)


async def _read(client: httpx.AsyncClient, address: str, portfolio: str, wanted: int) -> bool:
    try:
        answer = await client.get(f"{address}/portfolios/{portfolio}/products/pay", params={"min_entry": wanted})
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and answer.json()["entry"] >= wanted
