"""The outbox of a judge: what was decided is told, in order, and intake passes a record only when its receipts are out."""

import asyncio
from collections.abc import Callable

from portfolio_ledger.intake.sender import Message, Send

_WAITING_MAX = 64
_WAITING_BYTES_MAX = 16 * 1024 * 1024
_TAKE_MAX = 2000


class Outbox:
    """Sends what it is given, and calls back when it is acknowledged. `run` until cancelled; `put` waits while much is unsent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue = asyncio.Queue[tuple[list[Message], Callable[[], None] | None]](_WAITING_MAX)
        self._waiting_bytes = 0
        self._room = asyncio.Event()

    async def put(self, messages: list[Message], sent: Callable[[], None] | None = None) -> None:
        """Queue messages; `sent` is called once they are acknowledged, and all that were put before them."""
        while self._waiting_bytes > _WAITING_BYTES_MAX:
            self._room.clear()
            await self._room.wait()
        self._waiting_bytes += _size(messages)
        await self._queue.put((messages, sent))

    async def sent(self) -> None:
        """Wait until everything that was put before is acknowledged."""
        done = asyncio.Event()
        await self.put([], done.set)
        await done.wait()

    async def run(self) -> None:
        """Send for ever."""
        while True:
            taken = [await self._queue.get()]
            while not self._queue.empty() and sum(len(messages) for messages, _ in taken) < _TAKE_MAX:
                taken.append(self._queue.get_nowait())
            messages = [message for some, _ in taken for message in some]
            if messages:
                messages.sort(key=lambda message: (message.topic, message.partition))
                await self._send(messages)
                self._waiting_bytes -= _size(messages)
                self._room.set()
            for _, sent in taken:
                if sent is not None:
                    sent()


def _size(messages: list[Message]) -> int:
    return sum(len(message.value) for message in messages)
