"""Waking: one session listens for what projectors have written, for everybody who waits."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Generator

import structlog

from portfolio_log import endings
from portfolio_projector import sessions

CHANNEL = "portfolio_projected"

_ASK_SECONDS = 5.0
_RETRY_SECONDS = 0.5

_logger = structlog.get_logger()


class Wakes:
    """Sets the events of those who wait for a portfolio when something of it was projected."""

    def __init__(self, dsn: str, closing: asyncio.Event) -> None:
        self.closing = closing
        self._dsn = dsn
        self._waiting = defaultdict[str, set[asyncio.Event]](set)

    @contextlib.contextmanager
    def of(self, portfolio: str) -> Generator[asyncio.Event]:
        """Give an event that is set whenever a portfolio may have moved; also now and then without reason."""
        event = asyncio.Event()
        self._waiting[portfolio].add(event)
        try:
            yield event
        finally:
            self._waiting[portfolio].discard(event)
            if not self._waiting[portfolio]:
                del self._waiting[portfolio]

    def wake_all(self) -> None:
        """Wake everybody: something may have been missed."""
        for events in self._waiting.values():
            for event in events:
                event.set()

    async def run(self) -> None:
        """Listen until cancelled; without a session, try again. When the service is closing, wake everybody."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen_for_ever())
            await self.closing.wait()
            self.wake_all()

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception as error:  # noqa: BLE001  whoever waits must be woken, whatever went wrong with the session
                _logger.warning("not-listening", error=type(error).__name__, detail=str(error))
            endings.obey()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await sessions.connect(self._dsn)
        try:
            await connection.add_listener(CHANNEL, self._hear)
            self.wake_all()
            while not connection.is_closed():
                await asyncio.sleep(_ASK_SECONDS)
                await connection.execute("SELECT 1")  # not an empty statement: asyncpg has no answer to its answer
                self.wake_all()
        finally:
            connection.terminate()

    def _hear(self, *message: object) -> None:
        for portfolio in str(message[-1]).split(" "):
            for event in self._waiting.get(portfolio, ()):
                event.set()
