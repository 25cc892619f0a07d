"""Stretches of a partition, each read while the one before it is being written: the further behind, the longer.

A statement and a commit cost the same for a long stretch as for a short one, and rows that change twice in it are written once.
So whoever is behind reads long ones; as many of these are in memory at once, however many partitions there are.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable

from portfolio_log.follower import Followed, Follower

_SHORT_RECORDS_MAX = 500
_LONG_RECORDS_MAX = 3000
_LONG_STRETCHES_MAX = 2
"""One is folded while another is written."""

_WAIT_MS = 500


def new_room() -> asyncio.Semaphore:
    """Return the room that long stretches of all partitions of a process share."""
    return asyncio.Semaphore(_LONG_STRETCHES_MAX)


@contextlib.asynccontextmanager
async def reading_ahead(follower: Follower, room: asyncio.Semaphore) -> AsyncGenerator[Callable[[], Awaitable[Followed]]]:
    """Give what takes the next stretch, and begins to read the one after it. The one before it has been written by then."""
    stretches = _Stretches(follower, room)
    try:
        yield stretches.take
    finally:
        await stretches.end()


class _Stretches:
    """A stretch that is at work, and one that is being read. A long one holds its place in the room until it is written."""

    def __init__(self, follower: Follower, room: asyncio.Semaphore) -> None:
        self._follower = follower
        self._room = room
        self._behind = self._in_room = False
        self._ahead = asyncio.ensure_future(self._read())

    async def take(self) -> Followed:
        self._leave()
        followed, self._in_room = await self._ahead
        self._ahead = asyncio.ensure_future(self._read())
        return followed

    async def end(self) -> None:
        self._leave()
        self._ahead.cancel()
        (ahead,) = await asyncio.gather(self._ahead, return_exceptions=True)
        if not isinstance(ahead, BaseException):
            _, self._in_room = ahead
            self._leave()

    async def _read(self) -> tuple[Followed, bool]:
        """Read a stretch, and tell whether it is in the room."""
        long, begin = self._behind, self._follower.next_offset
        async with contextlib.AsyncExitStack() as place:
            if long:
                await place.enter_async_context(self._room)
                followed = await self._follower.read(limit=_LONG_RECORDS_MAX, wait_ms=_WAIT_MS)
            else:
                followed = await self._follower.read(limit=_SHORT_RECORDS_MAX, wait_ms=_WAIT_MS)
            self._behind = followed.next_offset - begin >= _SHORT_RECORDS_MAX
            place.pop_all()
        return followed, long

    def _leave(self) -> None:
        if self._in_room:
            self._room.release()
            self._in_room = False
