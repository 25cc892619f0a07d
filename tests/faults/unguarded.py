"""The proof that the suite can fail: guards are switched off in real processes, and the checker must find what they prevented."""

import asyncio
from pathlib import Path

from tests.faults import load, observers, world
from tests.faults.outcomes import Outcome, conclude
from tests.faults.proxies import Fate, Message, strike
from tests.faults.replicas import Replica
from tests.faults.world import World

_EXPECTED = {"duplicates": ("I1", "twice"), "transaction": ("I7", "diverged")}
_WITHOUT = {"ledger": "duplicates", "projector": "transaction"}


async def run(seed: str, folder: Path) -> Outcome:
    """Run ledgers that know no event again, and projectors that write without a transaction; return whether that was found."""
    without = {name: _WITHOUT[kind] for name, kind in world.KINDS.items() if kind in _WITHOUT}
    async with world.running(folder, without=without) as system:
        system.portfolios = load.portfolios("unguarded")
        async with load.running(system, seed), observers.running(system, seed):
            await asyncio.sleep(2)
            await _say_again(system)
            await _kill_between_checkpoint_and_rows(system)
        found = await conclude("unguarded", system)
    outcome = Outcome("unguarded", figures=found.figures)
    for guard, (invariant, column) in _EXPECTED.items():
        count = sum((one.invariant, one.column) == (invariant, column) for one in found.violations)
        outcome.notes.append(f"without {guard} the checker found {count} x {invariant} {column}, as it must")
        outcome.expect(count > 0, invariant, "not found", f"the guard {guard} was off and the checker did not notice")
    return outcome


async def _say_again(system: World) -> None:
    """Let answers to publishers get lost, so that they send again."""
    for replica in system.of("ledger"):
        with system.fault("http: answers swallowed"):
            for link in replica.ways.http.links:
                link.deaf = True
            await asyncio.sleep(1)
            replica.ways.http.cut()


async def _kill_between_checkpoint_and_rows(system: World) -> None:
    for replica in system.of("projector"):

        async def kill(_: Message, replica: Replica = replica) -> Fate | None:
            await replica.kill()
            return Fate(b"", cut=True)

        with system.fault("projector: kill -9"):
            await strike(replica.ways.postgres, _writes_rows, kill)
        await replica.start()


def _writes_rows(message: Message) -> bool:
    return message.outward and b'COPY "projector"' in message.data
