"""Serving a partition: from its lock to its last receipt, again and again until it is told to stop."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import structlog

from portfolio_ledger import groups, metrics
from portfolio_ledger.intake import records
from portfolio_ledger.intake.reader import IntakeLost, IntakeReader
from portfolio_ledger.intake.records import Quarantined, Received
from portfolio_ledger.intake.sender import Sender
from portfolio_ledger.judging import heads
from portfolio_ledger.judging.judge import BATCH_MAX, Judge
from portfolio_ledger.judging.outbox import Outbox
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.judging.telling import Telling, Told
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_log.follower import Follower
from portfolio_log.log import Log, LogLost
from portfolio_log.mirror import Mirror
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Pool

_RECORDS_MAX = 2000
_WAIT_MS = 500
_STORE_SECONDS = 0.3
_FOLLOW_SECONDS = 5.0
_RETRY_SECONDS_MIN = 0.2
_RETRY_SECONDS_MAX = 5.0

_logger = structlog.get_logger()


class Answers(Protocol):
    """Who wants to hear at once what was decided in this process."""

    def deliver(self, partition: int, offset: int, told: Sequence[Told]) -> None:
        """Hear the receipts of an intake record, in its order."""
        ...


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What all partitions of a process share."""

    kafka: str
    client_id: str
    topics: Topics
    partitions: int
    pool: "Pool"
    log: Log
    sender: Sender
    mirror: Mirror
    answers: Answers
    read_text: records.Read
    now: Callable[[], datetime]


class Partitions:
    """Serves the partitions that this process owns. `troubles` says of each that is not being served why."""

    def __init__(self, shared: Shared) -> None:
        self.serving = set[int]()
        self.troubles = dict[int, str]()
        self._shared = shared

    async def serve(self, partition: int, alive: Callable[[], bool]) -> None:
        """Serve one partition until cancelled; whatever goes wrong, begin again at the stored state."""
        logger = _logger.bind(partition=partition)
        pause = _RETRY_SECONDS_MIN
        try:
            while True:
                go = _Go(self._shared, partition, alive, logger, lambda: self._is_served(partition))
                try:
                    await go.work()
                except (LogLost, IntakeLost) as lost:
                    self._fails(partition, f"{_name(lost)}: {lost}")
                    logger.critical(_name(lost), detail=str(lost))
                except Exception as error:  # noqa: BLE001  broker or database are away, or a defect: each is answered alike, from the stored state
                    for leaf in groups.leaves(error):
                        if isinstance(leaf, (LogLost, IntakeLost)):
                            self._fails(partition, f"{_name(leaf)}: {leaf}")
                            logger.critical(_name(leaf), detail=str(leaf))
                            break
                    else:
                        self._fails(partition, str(error) or type(error).__name__)
                        logger.warning("serving-interrupted", error=_described(error), retry_s=pause)
                if go.progressed:
                    pause = _RETRY_SECONDS_MIN
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  spreads retries, guards nothing
                pause = min(pause * 2, _RETRY_SECONDS_MAX)
        finally:
            self.serving.discard(partition)
            self.troubles.pop(partition, None)
            metrics.PARTITIONS.set(len(self.serving))

    def _is_served(self, partition: int) -> None:
        self.serving.add(partition)
        self.troubles.pop(partition, None)
        metrics.PARTITIONS.set(len(self.serving))
        metrics.PARTITIONS_FAILED.labels(partition).set(0)

    def _fails(self, partition: int, why: str) -> None:
        self.serving.discard(partition)
        self.troubles[partition] = why
        metrics.PARTITIONS.set(len(self.serving))
        metrics.PARTITIONS_FAILED.labels(partition).set(1)


class _Go:
    """One go at a partition, from the stored state to the first thing that goes wrong."""

    def __init__(
        self,
        shared: Shared,
        partition: int,
        alive: Callable[[], bool],
        logger: "structlog.typing.FilteringBoundLogger",
        is_served: Callable[[], None],
    ) -> None:
        self.progressed = False
        self._shared = shared
        self._partition = partition
        self._alive = alive
        self._logger = logger
        self._is_served = is_served
        self._outbox = Outbox(shared.sender)
        self._followed_at = 0.0
        self._judge: Judge
        self._state: PartitionState

    async def work(self) -> None:
        """Catch up with the log, then judge what waits."""
        shared = self._shared
        applied = await heads.applied(shared.pool, self._partition, shared.partitions)
        self._state = state = await PartitionState.load(shared.pool, self._partition)
        follower = Follower(
            shared.log,
            partition=self._partition,
            partitions=shared.partitions,
            next_offset=state.position.next_offset,
            places={portfolio: standing.place for portfolio, standing in state.standings.items()},
            old_hash=state.hash_of,
        )
        self._judge = Judge(state, shared.log, follower, alive=self._alive, now=shared.now)
        await self._judge.follow()
        await state.store(self._alive)
        await heads.compare(shared.pool, applied)
        intake = IntakeReader(shared.kafka, shared.topics.intake.name, self._partition, client_id=shared.client_id)
        async with intake:
            state.move_intake(await intake.begin(state.position.intake_offset))
            self._logger.info("serving", next_offset=state.position.next_offset, intake_offset=state.position.intake_offset)
            self._is_served()
            await self._run(intake)

    async def _run(self, intake: IntakeReader) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._outbox.run())
                tasks.create_task(self._store_for_ever())
                tasks.create_task(self._take_for_ever(intake))
        finally:
            if self._alive():
                async with asyncio.timeout(2):
                    await self._state.store(self._alive)

    async def _take_for_ever(self, intake: IntakeReader) -> None:
        while True:
            found, position = await intake.read(limit=_RECORDS_MAX, wait_ms=_WAIT_MS)
            read_text = self._shared.read_text
            received = [
                records.read(self._partition, one.offset, one.key, one.value, one.headers, read_text=read_text) for one in found
            ]
            if received:
                await self._answer(received)
                self.progressed = True
            await self._outbox.put([], lambda position=position: self._passed(position))
            await self._follow_now_and_then(idle=not received)

    def _passed(self, position: int) -> None:
        self._state.move_intake(position)
        self._shared.mirror.note(self._partition, position)

    async def _follow_now_and_then(self, *, idle: bool) -> None:
        """Look whether others have appended: repairs above all, and what a paused ledger woke up to write."""
        now = asyncio.get_running_loop().time()
        if idle and now - self._followed_at > _FOLLOW_SECONDS:
            self._followed_at = now
            await self._judge.follow()

    async def _answer(self, received: Sequence[Received]) -> None:
        """Judge all submissions of some intake records and put their answers into the outbox, record by record."""
        told = deque(Telling(one, self._shared.topics) for one in received)
        waiting = list[tuple[Telling, int, Submission]]()
        for telling in told:
            for n, item in enumerate(telling.received.items):
                if isinstance(item, Quarantined):
                    telling.quarantine(n, item)
                elif partition_of(item.event.portfolio, self._shared.partitions) != self._partition:
                    telling.forward(item, self._shared.partitions)
                else:
                    waiting.append((telling, n, item))
        await self._tell(told)
        done = 0
        while done < len(waiting):
            batch = waiting[done : done + BATCH_MAX]
            verdicts = await self._judge.judge([submission for _, _, submission in batch])
            for (telling, n, submission), judged in zip(batch, verdicts, strict=False):
                if judged is None:
                    self._leave(submission, telling.received.offset)
                    telling.leave()
                else:
                    telling.answer(n, judged.receipt())
            done += len(verdicts)
            await self._tell(told)

    async def _tell(self, told: deque[Telling]) -> None:
        """Tell what is complete; who waits in this process hears it at once."""
        while told and told[0].complete:
            telling = told.popleft()
            if len(telling.told) == len(telling.received.items):
                self._shared.answers.deliver(self._partition, telling.received.offset, telling.told)
            await self._outbox.put(telling.messages(), _nothing)

    def _leave(self, submission: Submission, offset: int) -> None:
        """Let a submission of a stopped portfolio wait: the portfolio's own position stays at the first of them."""
        portfolio = submission.event.portfolio
        if self._state.standing(portfolio).intake_offset is None:
            self._state.set_own_intake(portfolio, offset)

    async def _store_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_STORE_SECONDS)
            await self._state.store(self._alive)


def _nothing() -> None:
    """Nothing follows when it is sent: the position moves with the last of its batch."""


def _name(lost: BaseException) -> str:
    return "LOG_LOST" if isinstance(lost, LogLost) else "INTAKE_LOST"


def _described(error: BaseException) -> str:
    return "; ".join(f"{type(leaf).__name__}: {leaf}" for leaf in groups.leaves(error))
