"""The order in which events go out: within a portfolio one batch after the other, several portfolios side by side.

Rules judge an event by what was recorded before it, so the order within a portfolio is part of what is published. Between
portfolios there is none. A batch takes whatever of its portfolio has been read by the time the one before it is answered.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

from portfolio_deploy.local.task_groups import failing_as_one
from portfolio_deploy.publishing.events import Outgoing

BATCH_EVENTS_MAX = 500
BATCH_BYTES_MAX = 3 * 1024 * 1024
AT_ONCE_MAX = 4
HELD_EVENTS_MAX = 4000
HELD_BYTES_MAX = 32 * 1024 * 1024

Send = Callable[[Sequence[Outgoing]], Awaitable[None]]


class Lanes:
    """A lane for each portfolio that has something to send; see `running`."""

    def __init__(self, send: Send, tasks: asyncio.TaskGroup) -> None:
        self._send = send
        self._tasks = tasks
        self._waiting = dict[str, deque[Outgoing]]()
        self._going = dict[str, asyncio.Task[None]]()
        self._held = 0
        self._held_bytes = 0
        self._moved = asyncio.Event()

    async def put(self, event: Outgoing) -> None:
        """Take the next event; waits while too much of what was taken before is not answered yet."""
        while self._held >= HELD_EVENTS_MAX or self._held_bytes >= HELD_BYTES_MAX:
            await self._move()
        self._waiting.setdefault(event.portfolio, deque()).append(event)
        self._held += 1
        self._held_bytes += len(event.raw)

    def go(self) -> None:
        """Send what waits, as far as its turn has come: the portfolio whose next event was read first goes first."""
        resting = [name for name in self._waiting if name not in self._going]
        resting.sort(key=lambda name: self._waiting[name][0].place.number)
        for portfolio in resting[: AT_ONCE_MAX - len(self._going)]:
            self._going[portfolio] = self._tasks.create_task(self._run(portfolio))

    async def drain(self) -> None:
        """Wait until everything is answered."""
        while self._held:
            await self._move()

    async def _move(self) -> None:
        self._moved.clear()
        self.go()
        await self._moved.wait()

    async def _run(self, portfolio: str) -> None:
        batch = _take(self._waiting[portfolio])
        if not self._waiting[portfolio]:
            del self._waiting[portfolio]
        await self._send(batch)
        del self._going[portfolio]
        self._held -= len(batch)
        self._held_bytes -= sum(len(event.raw) for event in batch)
        self._moved.set()
        self.go()


@contextlib.asynccontextmanager
async def running(send: Send) -> AsyncGenerator[Lanes]:
    """Give lanes that send by this function, and wait at the end until everything is answered.

    Raises:
        Exception: what `send` raised first; then nothing more is sent.

    """
    async with failing_as_one() as tasks:
        lanes = Lanes(send, tasks)
        yield lanes
        await lanes.drain()


def _take(waiting: deque[Outgoing]) -> list[Outgoing]:
    batch, size = [waiting.popleft()], 0
    while waiting and len(batch) < BATCH_EVENTS_MAX and size + len(waiting[0].raw) <= BATCH_BYTES_MAX:
        batch.append(waiting.popleft())
        size += len(batch[-1].raw)
    return batch
