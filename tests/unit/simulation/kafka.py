"""A Kafka that misbehaves, as one process sees it: the ledger topic, intake, and what is sent."""

import asyncio
from collections.abc import Sequence
from typing import Self

from portfolio_ledger.intake.reader import IntakeLost, IntakeRecord
from portfolio_ledger.intake.sender import Message
from portfolio_log.log import Bounds, InDoubt, LogLost, Record
from tests.unit.simulation.process import Away, Process
from tests.unit.simulation.told import Told
from tests.unit.simulation.world import FAMILY

_LATE_SECONDS = (0.01, 0.1, 0.5, 2.0, 4.0)
_RETRY_SECONDS = 0.1


class SimulatedLog:
    """The ledger topic. See `portfolio_log.log.Log`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._world = process.world
        self._appending = set[int]()

    async def append(self, partition: int, records: Sequence[tuple[str, bytes]]) -> int | None:
        """Append, or lose, or land late, or keep silent."""
        if not self._process.alive():
            raise self._world.break_("an append is begun without the partition")
        if partition in self._appending:
            raise self._world.break_("a second batch is in flight")
        self._appending.add(partition)
        try:
            return await self._append(partition, records)
        finally:
            self._appending.discard(partition)

    async def _append(self, partition: int, records: Sequence[tuple[str, bytes]]) -> int | None:
        world = self._world
        try:
            await self._process.step("kafka")
        except asyncio.CancelledError:
            if world.climate.late and world.strikes(0.5, "append of the dead"):
                self._land_later(partition, records)
            raise
        except Away as away:
            raise InDoubt(str(away)) from away
        fault = None
        if world.strikes(world.climate.appends, "append"):
            fault = world.dice.choice(("lost", "late" if world.climate.late else "lost", "unacknowledged", "without offset"))
            world.faults[fault] += 1
        if fault in ("lost", "late"):
            if fault == "late":
                self._land_later(partition, records)
            raise InDoubt(fault)
        base = world.land(partition, records)
        try:
            await self._process.step("kafka")
        except Away as away:
            raise InDoubt(str(away)) from away
        if fault == "unacknowledged":
            raise InDoubt(fault)
        return None if fault == "without offset" else base

    def _land_later(self, partition: int, records: Sequence[tuple[str, bytes]]) -> None:
        delay = self._world.dice.choice(_LATE_SECONDS)
        asyncio.get_running_loop().call_later(delay, self._world.land, partition, tuple(records))

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """Read some of what is there, seldom all of it."""
        await self._process.step("kafka")
        there = self._world.ledger[partition]
        if offset == there.end:
            await asyncio.sleep(wait_ms / 1000)
        if offset > there.end:
            raise LogLost(f"{offset} is beyond the end")
        count = self._world.dice.choice((1, 2, 3, 7, limit))
        found = there.records[offset : offset + min(count, limit)]
        return [Record(offset + n, key.encode(), value) for n, (key, value) in enumerate(found)]

    async def bounds(self, partition: int) -> Bounds:
        """Return where the partition begins and ends now."""
        await self._process.step("kafka")
        return Bounds(0, self._world.ledger[partition].end)


class SimulatedIntake:
    """A partition of intake. See `portfolio_ledger.intake.reader.Intake`."""

    def __init__(self, process: Process, partition: int) -> None:
        self._process = process
        self._there = process.world.intake[partition]
        self._position = 0

    async def __aenter__(self) -> Self:
        await self._process.step("kafka")
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def begin(self, position: int | None) -> int:
        """Go to a position, or to the first record."""
        await self._process.step("kafka")
        if position is not None and position > self._there.end:
            raise IntakeLost(f"{position} is beyond the end")
        self._position = position or 0
        return self._position

    async def read(self, *, limit: int, wait_ms: int) -> tuple[Sequence[IntakeRecord], int]:
        """Read some of what is there."""
        await self._process.step("kafka")
        if self._position == self._there.end:
            await asyncio.sleep(wait_ms / 1000)
        count = min(limit, self._process.world.dice.choice((1, 2, 5, limit)))
        left = [
            record for record in self._there.records[-(self._there.end - self._position) :] if record.offset >= self._position
        ]
        found = left[:count] if self._position < self._there.end else []
        whole = len(found) == len(left) or not found
        self._position = self._there.end if whole else found[-1].offset + 1
        return found, self._position


class SimulatedSender:
    """What leaves a judge: at least once, in order. See `portfolio_ledger.intake.sender.Send`."""

    def __init__(self, process: Process, told: Told) -> None:
        self._process = process
        self._told = told

    async def send(self, messages: Sequence[Message]) -> None:
        """Send until everything is acknowledged."""
        for message in messages:
            if message.topic == FAMILY.receipts.name:
                self._told.check(message)
        while True:
            try:
                return await self._send_once(messages)
            except Away:
                if self._process.dead:
                    raise
            await asyncio.sleep(_RETRY_SECONDS)

    async def _send_once(self, messages: Sequence[Message]) -> None:
        await self._process.step("kafka")
        world = self._process.world
        lost = world.strikes(world.climate.jolts, "receipts lost")
        reached = world.dice.randrange(len(messages)) if lost else len(messages)
        for message in messages[:reached]:
            self._told.land(message)
        if lost:
            raise Away("some were not acknowledged")
        await self._process.step("kafka")
