"""Taking what waits in intake: read, judge, tell; and store the state behind it."""

import asyncio
import contextlib
import functools
import random
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portfolio_ledger import metrics, sessions
from portfolio_ledger.intake import records
from portfolio_ledger.intake.reader import Intake, IntakeRecord
from portfolio_ledger.intake.records import Quarantined, Received
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.intake.sender import Send
from portfolio_ledger.judging.judge import BATCH_MAX, Judge
from portfolio_ledger.judging.outbox import Outbox
from portfolio_ledger.judging.receipt_texts import Told
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.judging.telling import Telling
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.store import NotOwned, Stale, Store
from portfolio_log.log import Log
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics

_RECORDS_MAX = 2000
_WAIT_MS = 500
_LATE_WAIT_MS = 50
_STORE_SECONDS = 0.3
_END_SECONDS_MAX = 1.2
_UNSTORED_MAX = 5_000
"""Answers that memory holds before they are stored, but for what one stretch of submissions adds: then the judge waits."""

_FOLLOW_SECONDS = 5.0


class Answers(Protocol):
    """Who wants to hear at once what was decided in this process."""

    def deliver(self, partition: int, offset: int, told: Sequence[Told]) -> None:
        """Hear the receipts of an intake record, in its order."""
        ...


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What all partitions of a process share: everything outside of them comes to them through this.

    `note` remembers positions in intake for lag tools; `chance` makes salts, and spreads retries.
    """

    topics: Topics
    partitions: int
    store: Store
    log: Log
    open_intake: Callable[[int], AbstractAsyncContextManager[Intake]]
    send: Send
    note: Callable[[int, int], None]
    answers: Answers
    read_text: records.Read
    now: Callable[[], datetime]
    chance: random.Random


class Taking:
    """Takes submissions of one partition until something goes wrong, or it is cancelled."""

    def __init__(
        self,
        shared: Shared,
        state: PartitionState,
        judge: Judge,
        intake: Intake,
        alive: Callable[[], bool],
        *,
        seal: Seal,
    ) -> None:
        self._shared = shared
        self._seal = seal
        self._state = state
        self._judge = judge
        self._intake = intake
        self._alive = alive
        self._outbox = Outbox(shared.send)
        self._stored = asyncio.Event()
        self._followed_at = 0.0

    async def run(self) -> None:
        """Take for ever; when cancelled, tell and store first what has been judged."""
        async with asyncio.TaskGroup() as tasks:
            taking = tasks.create_task(self._take_for_ever())
            behind = {tasks.create_task(self._outbox.run()), tasks.create_task(self._store_for_ever())}
            try:
                await asyncio.wait({taking, *behind}, return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                if not any(task.done() for task in (taking, *behind)):
                    await self._end_well(taking)
                raise

    async def _end_well(self, taking: "asyncio.Task[None]") -> None:
        """Tell and store what is judged. What cannot be in time, whoever serves the partition next tells and folds again."""
        taking.cancel()
        with contextlib.suppress(NotOwned, Stale, *sessions.UNAVAILABLE):
            async with asyncio.timeout(_END_SECONDS_MAX):
                await asyncio.wait({taking})
                await self._outbox.sent()
                await self._state.store(self._alive)

    async def _take_for_ever(self) -> None:
        while True:
            position = await self._take()
            resumed = self._state.resumed()
            if resumed is not None:
                await self._catch_up(resumed, position)

    async def _take(self) -> int:
        """Answer the next records and return the position after them."""
        found, position = await self._intake.read(limit=_RECORDS_MAX, wait_ms=_WAIT_MS)
        for part in records.stretches(map(self._read, found), BATCH_MAX):
            await self._answer(part)
            await self._outbox.put([], functools.partial(self._passed, part[-1].offset + 1))
            await self._let_storing_follow()
        await self._outbox.put([], functools.partial(self._passed, position))
        now = asyncio.get_running_loop().time()
        if now - self._followed_at > _FOLLOW_SECONDS:
            # Others may have appended: an operator's repair above all, and what a paused ledger wrote when it woke up.
            self._followed_at = now
            await self._judge.follow()
            await self._state.check_stored()
        return position

    async def _let_storing_follow(self) -> None:
        """Wait while more is judged and not stored than memory should hold."""
        while self._state.unstored > _UNSTORED_MAX:
            self._stored.clear()
            await self._stored.wait()

    def _passed(self, position: int) -> None:
        self._state.move_intake(position)
        self._shared.note(self._state.partition, position)

    def _read(self, record: IntakeRecord) -> Received:
        return records.read(self._state.partition, *record, read_text=self._shared.read_text, seal=self._seal)

    async def _answer(self, received: Sequence[Received]) -> None:
        """Judge all submissions of some intake records and tell the verdicts, record by record."""
        told = deque(Telling(one, self._shared.topics) for one in received)
        waiting = list[tuple[Telling, int, Submission]]()
        for telling in told:
            for n, item in enumerate(telling.received.items):
                if isinstance(item, Quarantined):
                    telling.quarantine(n, item)
                elif partition_of(item.event.portfolio, self._shared.partitions) != self._state.partition:
                    telling.forward(item, self._shared.partitions, self._seal)
                else:
                    waiting.append((telling, n, item))
        await self._tell(told)
        while waiting:
            waiting = waiting[await self._judge_first(waiting) :]
            await self._tell(told)

    async def _judge_first(self, waiting: Sequence[tuple[Telling, int, Submission]]) -> int:
        """Judge the first of what waits and return how many those were."""
        batch = waiting[:BATCH_MAX]
        verdicts = await self._judge.judge([submission for _, _, submission in batch])
        for (telling, n, submission), judged in zip(batch, verdicts, strict=False):
            if judged is not None:
                telling.answer(n, judged.told())
                continue
            telling.leave()
            if self._state.standing(submission.event.portfolio).intake_offset is None:
                self._state.set_own_intake(submission.event.portfolio, telling.received.offset)
        return len(verdicts)

    async def _tell(self, told: deque[Telling]) -> None:
        """Tell what is complete; who waits in this process hears it at once."""
        while told and told[0].complete:
            telling = told.popleft()
            if telling.received.whole and len(telling.told) == len(telling.received.items):
                self._shared.answers.deliver(self._state.partition, telling.received.offset, telling.told)
            await self._outbox.put(telling.messages())

    async def _catch_up(self, portfolio: str, position: int) -> None:
        """Judge what a portfolio left in intake while it was stopped, up to where the others are. Its new submissions wait."""
        shared, state = self._shared, self._state
        async with shared.open_intake(state.partition) as late:
            at = await late.begin(state.standing(portfolio).intake_offset)
            state.catching_up = portfolio
            try:
                while at < position and state.standing(portfolio).place.stop is None:
                    found, at = await late.read(limit=_RECORDS_MAX, wait_ms=_LATE_WAIT_MS)
                    for part in records.stretches((self._read(one) for one in found if one.offset < position), BATCH_MAX):
                        left = [one.only(portfolio) for one in part]
                        await self._answer([one for one in left if one.items])
                        await self._outbox.sent()
                        await self._let_storing_follow()
            finally:
                state.catching_up = None
        if state.standing(portfolio).place.stop is None:
            state.set_own_intake(portfolio, None)

    async def _store_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_STORE_SECONDS)
            metrics.STORED.inc(self._state.unstored)
            await self._state.store(self._alive)
            self._stored.set()
