"""A task that is told to end while its connection breaks does end: the error of the one does not hide the other."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portfolio_ledger.judging.serving import Partitions
from portfolio_log import endings
from portfolio_projector.projecting.partitions import Projector

CHANCE = random.Random(0)  # noqa: S311  spreads retries
_LIMIT_S = 5


class Breaking:
    """A database whose calls never return; the first to be cancelled fails as asyncpg's do whose server is just being killed."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self._broken = False

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        return self._call

    async def _call(self, *_: object) -> None:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self._broken:
                raise
            self._broken = True
            raise ConnectionError("connection was closed in the middle of operation") from None


def judging(database: Breaking) -> Awaitable[None]:
    """The ledger's work on a partition."""
    shared = SimpleNamespace(store=database, partitions=4, chance=CHANCE)
    return Partitions(cast("Any", shared)).serve(0, lambda: True)


def projecting(database: Breaking) -> Awaitable[None]:
    """The projector's work on a partition."""
    store, nothing = cast("Any", database), cast("Any", None)
    shared = Projector(models=[], log=nothing, store=store, note=nothing, chance=CHANCE, owner="test", partitions=4)
    return shared.project(0, lambda: True)


@pytest.mark.parametrize("work", [judging, projecting])
async def test_work_on_a_partition_ends_although_the_database_breaks_at_that_moment(work: Callable[[Breaking], Awaitable[None]]):
    """Otherwise it would go on for ever without a lock, and keep its process from ever being ready again."""
    database = Breaking()
    task = asyncio.ensure_future(work(database))
    await database.asked.wait()
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=_LIMIT_S)
    assert done == {task}
    assert task.cancelled()


async def test_a_task_that_nobody_told_to_end_goes_on():
    """An error alone ends nothing; nor does a time-out of one's own that has passed."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    endings.obey()
