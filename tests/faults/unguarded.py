"""The proof that the suite can fail: guards are switched off in real processes, and the checker must find what they prevented."""

import asyncio
from pathlib import Path

from tests.faults import load, observers, world
from tests.faults.clients import HttpClient, Patience
from tests.faults.invariants import Violation
from tests.faults.outcomes import Outcome, conclude
from tests.faults.proxies import Fate, Message, strike
from tests.faults.replicas import Replica
from tests.faults.stories import Story
from tests.faults.world import World

_EXPECTED = {"duplicates": ("I1", "twice"), "transaction": ("I7", "diverged"), "doubt": ("I1", "lost")}
_WITHOUT = {"ledger": "duplicates", "projector": "transaction"}
_DOUBT_S_MAX = 25
_ONE_OF_EACH = {"ledger-1": "ledger", "projector-1": "projector", "read-api-1": "read-api"}


async def run(seed: str, folder: Path) -> Outcome:
    """Run services without a guard; return whether what came of that was found."""
    outcome = await _without_memory_and_transactions(seed, folder / "two")
    found = outcome.violations + await _without_doubt(seed, folder / "one")
    outcome = Outcome("unguarded", figures=outcome.figures)
    for guard, (invariant, column) in _EXPECTED.items():
        count = sum((one.invariant, one.column) == (invariant, column) for one in found)
        outcome.notes.append(f"without {guard} the checker found {count} x {invariant} {column}, as it must")
        outcome.expect(count > 0, invariant, "not found", f"the guard {guard} was off and the checker did not notice")
    return outcome


async def _without_memory_and_transactions(seed: str, folder: Path) -> Outcome:
    """Let ledgers know no event again, and projectors write checkpoint and rows one after another.

    A projector that finds itself at a checkpoint without its rows does not recognise the log, and stands still.
    """
    without = {name: _WITHOUT[kind] for name, kind in world.KINDS.items() if kind in _WITHOUT}
    async with world.running(folder, without=without) as system:
        system.portfolios = load.portfolios("unguarded")
        async with load.running(system, seed), observers.running(system, seed):
            await asyncio.sleep(2)
            await _say_again(system)
            await _kill_between_checkpoint_and_rows(system)
        return await conclude("unguarded", system, projected=False)


async def _without_doubt(seed: str, folder: Path) -> list[Violation]:
    """Let a ledger take an append for recorded that never arrived, and of which it hears nothing."""
    async with world.running(folder, kinds=_ONE_OF_EACH, without={"ledger-1": "doubt"}) as system:
        system.portfolios = load.portfolios("unguarded")[:1]
        story = Story(system.portfolios[0], "single", seed)
        # The door waits for longer than the ledger doubts: its answer must come before the ledger looks at the log again.
        async with HttpClient(system.addresses("ledger"), system.history, Patience(), seed, wait_s=_DOUBT_S_MAX) as client:
            await client.post_batch(story.beginning())
            [ledger] = system.of("ledger")
            striking = asyncio.ensure_future(strike(ledger.ways.kafka, lambda one: one.produces(system.ledger_topic), _drop))
            await asyncio.sleep(0)  # the proxy watches from now on
            await client.post(story.next())
            await striking
        return (await conclude("unguarded", system, projected=False)).violations


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


async def _drop(_: Message) -> Fate | None:
    return Fate(b"")


def _writes_rows(message: Message) -> bool:
    return message.outward and b'COPY "projector"' in message.data
