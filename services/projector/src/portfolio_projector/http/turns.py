"""Turns: what takes long is worked out a few at a time.

Whoever would have to wait too long is told so, and nobody works on for a client that has hung up.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from starlette.requests import Request

from portfolio_projector.http import metrics
from portfolio_projector.http.problems import Problem

AT_WORK_MAX = 2
"""Answers that are worked out at once: they share one interpreter, and more would only hold more states and sessions."""

WAITING_MAX = 32

Result = TypeVar("Result")


class Turns:
    """Lets so many work at once, and so many wait for so long."""

    def __init__(self, *, wait_seconds_max: float, at_work_max: int = AT_WORK_MAX, waiting_max: int = WAITING_MAX) -> None:
        self._free = asyncio.Semaphore(at_work_max)
        self._wait_seconds_max = wait_seconds_max
        self._waiting_max = waiting_max
        self._waiting = 0

    @asynccontextmanager
    async def take(self, *needed: AbstractAsyncContextManager[object]) -> AsyncGenerator[None]:
        """Wait for what is needed and then for a turn, and have both.

        Raises:
            Problem: when too many wait already, or it takes too long.

        """
        async with AsyncExitStack() as had:
            await self._wait(had, needed)
            yield

    async def _wait(self, had: AsyncExitStack, needed: Iterable[AbstractAsyncContextManager[object]]) -> None:
        if self._waiting >= self._waiting_max:
            raise _busy()
        self._waiting += 1
        metrics.QUEUED.inc()
        try:
            async with asyncio.timeout(self._wait_seconds_max):
                for one in (*needed, self._free):
                    await had.enter_async_context(one)
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1
            metrics.QUEUED.dec()


async def while_heard(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """Do some work unless the client hangs up.

    Raises:
        Problem: when it did, which nobody hears any more.

    """
    working, gone = asyncio.ensure_future(work), asyncio.ensure_future(_until_gone(request))
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Problem(499, "GONE", "The client did not wait for the answer.")
    finally:
        working.cancel()
        gone.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)
    return working.result()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _busy() -> Problem:
    return Problem(503, "BUSY", "Too many answers that take long are being worked out at the moment; try again.")
