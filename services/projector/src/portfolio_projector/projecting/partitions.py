"""One partition at work: read a stretch, fold it, write it, for as long as this process owns the partition."""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from portfolio_log import endings
from portfolio_log.follower import Followed, Follower
from portfolio_log.log import Log, LogLost
from portfolio_projector.description import ReadModel
from portfolio_projector.projecting import checkpoints
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.projecting.checkpoints import Checkpoint, Store
from portfolio_projector.projecting.stretches import new_room, reading_ahead

_KNOWN_SIZE_MAX = 24 * 1024 * 1024
"""Bytes of rows that are known from one batch to the next, in all partitions together: some hundred for a row."""

_SEEN_SECONDS = 2.0
_RETRY_SECONDS_MIN = 0.2
_RETRY_SECONDS_MAX = 5.0
_LOST = "LOG_LOST: "

_logger = structlog.get_logger()


class NotOwned(Exception):
    """The session that owned the partition is not alive: another process may have it."""


@dataclass(frozen=True, kw_only=True)
class Projector:
    """What all partitions of a process share: everything outside of them comes to them through this.

    `note` remembers positions for lag tools; `owner` names the process to people; `chance` spreads retries; long stretches of all
    partitions share `room`.
    """

    models: Sequence[ReadModel[Any]]
    log: Log
    store: Store
    note: Callable[[int, int], None]
    chance: random.Random
    owner: str
    partitions: int
    room: asyncio.Semaphore = field(default_factory=new_room)

    async def project(self, partition: int, alive: Callable[[], bool]) -> None:
        """Project one partition until cancelled; whatever goes wrong, begin again at the stored checkpoint."""
        logger = _logger.bind(partition=partition)
        pause = _RETRY_SECONDS_MIN
        careful = False
        while True:
            run = _Run(self, partition, alive, logger, careful=careful)
            careful = False
            try:
                await run.work()
            except LogLost as lost:
                logger.critical("log-lost", detail=str(lost))
                await self._say_lost(partition, str(lost), logger)
            except checkpoints.WrongVersion:
                raise
            except checkpoints.Stale as stale:
                logger.warning("stale", detail=str(stale))
            except Exception as error:  # noqa: BLE001  broker or database are away, or a defect: each is answered alike, from the checkpoint
                careful = isinstance(error, checkpoints.AlreadyThere)
                logger.warning("projecting-interrupted", error=type(error).__name__, detail=str(error), retry_s=pause)
            endings.obey()
            if run.progressed:
                pause = _RETRY_SECONDS_MIN
            await asyncio.sleep(pause * self.chance.uniform(0.5, 1.0))
            pause = min(pause * 2, _RETRY_SECONDS_MAX)

    async def _say_lost(self, partition: int, reason: str, logger: structlog.typing.FilteringBoundLogger) -> None:
        try:
            await self.store.lose(partition, f"{_LOST}{reason}")
        except Exception as error:  # noqa: BLE001  the log line above has said it already, the next round says it again
            logger.warning("status-not-stored", error=type(error).__name__)


class _Run:
    """One go at a partition, from the stored checkpoint to the first thing that goes wrong."""

    def __init__(
        self,
        shared: Projector,
        partition: int,
        alive: Callable[[], bool],
        logger: structlog.typing.FilteringBoundLogger,
        *,
        careful: bool,
    ) -> None:
        self._shared = shared
        self._careful = careful
        self._partition = partition
        self._alive = alive
        self._logger = logger
        self._taken_back = False
        self.progressed = False

    async def work(self) -> None:
        """Write batch after batch."""
        known = await self._shared.store.load(self._partition, self._shared.models)
        lost = next((checkpoint.lost for checkpoint in known.values() if checkpoint.lost is not None), None)
        if lost is not None:
            raise LogLost(lost.removeprefix(_LOST))
        follower = self._follower(known)
        await follower.recognise()
        self._logger.info("projecting", next_offset=follower.next_offset)
        async with _beside(self._say_seen(known)), reading_ahead(follower, self._shared.room) as take:
            while True:
                followed = await take()
                if self._taken_back:
                    raise checkpoints.Stale(f"Partition {self._partition} was taken back: the database was restored.")
                if followed.next_offset > min(checkpoint.next_offset for checkpoint in known.values()):
                    await self._write(followed, known)
                    self._report(followed)
                    self._shared.note(self._partition, followed.next_offset)
                    self.progressed = True
                del followed  # it would last until the next one has been read

    def _follower(self, known: dict[str, Checkpoint]) -> Follower:
        lowest = checkpoints.lowest(known.values())
        return Follower(
            self._shared.log,
            partition=self._partition,
            partitions=self._shared.partitions,
            next_offset=lowest,
            places=checkpoints.places(known.values(), lowest),
            old_hash=self._shared.store.hash_of,
        )

    async def _write(self, followed: Followed, known: dict[str, Checkpoint]) -> None:
        batch = Batch(self._shared.models, known, followed, careful=self._careful)
        async with self._shared.store.session() as session:
            await batch.fold(session)
            followed.entries.clear()  # rows are made of them: while these are written, the next ones are read
            if not self._alive():
                raise NotOwned
            await batch.write(session, self._partition)
        batch.settle(size_max=_KNOWN_SIZE_MAX // self._shared.partitions)
        for (model, portfolio), failure in batch.failures.items():
            self._logger.error("read-model-stopped", read_model=model, portfolio=portfolio, detail=failure.detail)

    async def _say_seen(self, known: dict[str, Checkpoint]) -> None:
        """Tell every now and then who is at work here, and where the end is; beside the work, which it must not keep waiting.

        Where a checkpoint went back, nothing but that would show it until the next entry comes.
        """
        while True:
            try:
                bounds = await self._shared.log.bounds(self._partition)
                written = {name: checkpoint.next_offset for name, checkpoint in known.items()}
                stored = await self._shared.store.see(self._partition, self._shared.owner, bounds.end)
                self._taken_back = any(stored.get(name, -1) < offset for name, offset in written.items())
            except Exception as error:  # noqa: BLE001  the work itself says what is wrong with broker or database
                self._logger.info("not-seen", error=type(error).__name__)
            endings.obey()
            await asyncio.sleep(_SEEN_SECONDS)

    def _report(self, followed: Followed) -> None:
        for portfolio, stop in followed.stops.items():
            self._logger.critical("portfolio-stopped", portfolio=portfolio, offset=stop.offset, detail=stop.detail)
        for portfolio in followed.resumed:
            self._logger.warning("portfolio-resumed", portfolio=portfolio)
        for offset, why in followed.foreign:
            self._logger.error("foreign-record", offset=offset, detail=why)


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    """Run something that never ends for as long as something else lasts."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
