"""Stretches: how much of a partition is read at once, and how much of all partitions is in memory."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from portfolio_log.follower import Follower
from portfolio_log.log import Bounds, LogLost, Record
from portfolio_projector.projecting.stretches import new_room, reading_ahead
from tests import waiting
from tests.histories import no_old_hash

SHORT, LONG, LONG_ONES = 500, 3000, 2


class Long:
    """A partition of so many records, none of them an entry, and how many were asked for each time."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.asked = list[int]()

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> list[Record]:
        """See Log."""
        assert (partition, wait_ms > 0) == (0, True)
        self.asked.append(limit)
        if offset > self.end:
            raise LogLost("It ends before.")
        if offset == self.end:
            await asyncio.Event().wait()
        return [Record(at, None, b"{}") for at in range(offset, min(offset + limit, self.end))]

    async def bounds(self, partition: int) -> Bounds:
        """See Log."""
        assert partition == 0
        return Bounds(0, self.end)

    async def append(self, partition: int, records: object) -> int | None:
        """Nobody appends here."""
        raise AssertionError(f"nobody appends here: {records} to {partition}")


def follower(log: Long, *, next_offset: int = 0) -> Follower:
    """A follower of a partition."""
    return Follower(log, partition=0, partitions=1, next_offset=next_offset, places={}, old_hash=no_old_hash)


async def test_who_is_behind_reads_long_stretches():
    """Short ones while nothing waits, long ones once a short one was full, and short ones again at the end."""
    log = Long(SHORT + LONG + 10)
    async with reading_ahead(follower(log), new_room()) as take:
        ends = [(await take()).next_offset for _ in range(3)]
        await waiting.until(lambda: len(log.asked) == 4, "it reads on")
    assert (ends, log.asked) == ([SHORT, SHORT + LONG, SHORT + LONG + 10], [SHORT, LONG, LONG, SHORT])


async def test_a_few_long_stretches_are_in_memory_however_many_partitions_there_are():
    """A long stretch has its place until the next one is taken, which is when it has been written; the others wait."""
    room, logs = new_room(), [Long(100_000) for _ in range(2 * LONG_ONES)]
    async with AsyncExitStack() as all_:
        takers = [await all_.enter_async_context(reading_ahead(follower(log), room)) for log in logs]
        for take in takers:
            await take()
        await waiting.until(
            lambda: sum(log.asked.count(LONG) for log in logs) == LONG_ONES, "as many are read as there is room for"
        )
        assert room.locked()
        first = next(take for take, log in zip(takers, logs, strict=True) if LONG in log.asked)
        await first()
        assert sum(log.asked.count(LONG) for log in logs) == LONG_ONES
        again = asyncio.ensure_future(first())
        await waiting.until(lambda: sum(log.asked.count(LONG) for log in logs) > LONG_ONES, "the place is given on")
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)
    assert not room.locked()


async def test_what_is_given_up_leaves_its_place():
    """However it ends: with a stretch at work, with one that was read, and with a log that is lost."""
    room = new_room()
    for _ in range(2 * LONG_ONES):
        async with reading_ahead(follower(Long(100_000)), room) as take:
            await take()
            await take()
        with pytest.raises(LogLost):
            async with reading_ahead(follower(Long(5), next_offset=9), room) as take:
                await take()
    assert not room.locked()
