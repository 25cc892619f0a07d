"""Reading beside the work: a thread reads and splits, and never gets far ahead of those who take."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Feed(Generic[Item]):
    """What an iterator gives, taken in bunches by an event loop: whatever has been read by then.

    The thread is a daemon: a read that waits for a pipe on which nobody writes holds up no Ctrl-C.
    """

    def __init__(self, items: Iterator[Item], *, ahead_max: int) -> None:
        self._items = items
        self._ahead_max = ahead_max
        self._read = list[Item]()
        self._failure: BaseException | None = None
        self._ended = self._abandoned = False
        self._room = threading.Condition()
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def bunches(self) -> AsyncGenerator[list[Item]]:
        """Give what is read, as it is read.

        Raises:
            Exception: what the iterator raised, after all that it gave before.

        """
        threading.Thread(target=self._run, name="feed", daemon=True).start()
        try:
            while True:
                await self._news.wait()
                with self._room:
                    self._news.clear()
                    taken, self._read, ended = self._read, [], self._ended
                    self._room.notify()
                if taken:
                    yield taken
                if ended:
                    break
        finally:
            with self._room:
                self._abandoned = True
                self._room.notify()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as failure:  # noqa: BLE001  whatever it is, it belongs to whoever takes
            self._failure = failure
        with self._room:
            self._ended = True
            self._tell()

    def _put(self, item: Item) -> bool:
        with self._room:
            while len(self._read) >= self._ahead_max and not self._abandoned:
                self._room.wait()
            if self._abandoned:
                return False
            self._read.append(item)
            if len(self._read) == 1:
                self._tell()
            return True

    def _tell(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.set)
