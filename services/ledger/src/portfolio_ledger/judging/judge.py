"""The judge of one partition: submissions in, verdicts out, one append for all that waits."""

import operator
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import structlog

from portfolio_ledger import metrics
from portfolio_ledger.judging.drafts import Draft, Full, Judged
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state import folding
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.store import NotOwned
from portfolio_log.appender import Appender
from portfolio_log.follower import Followed, Follower
from portfolio_log.kafka import LEDGER_BATCH_SIZE_MAX
from portfolio_log.log import Log, LogLost

BATCH_MAX = 2000
"""Submissions that are judged, and appended, at once."""

_SALT_BYTES = 16
_SALT_LENGTH = 2 * _SALT_BYTES
_SALTS_AT_ONCE = 256

_logger = structlog.get_logger()


class Judge:
    """Judges batches against a partition's state, and keeps that state in step with the log. One task owns it."""

    def __init__(
        self,
        state: PartitionState,
        log: Log,
        follower: Follower,
        *,
        alive: Callable[[], bool],
        now: Callable[[], datetime],
        chance: random.Random,
        size_max: int = LEDGER_BATCH_SIZE_MAX,
    ) -> None:
        self._state = state
        self._log = log
        self._follower = follower
        self._appender = Appender(log, follower)
        self._alive = alive
        self._now = now
        self._size_max = size_max
        self._salts = _salts(chance)

    async def follow(self) -> None:
        """Fold what is in the log by now, in stretches, so that none is larger than a read.

        Raises:
            LogLost: when the log ends before what was folded, or is another one there.

        """
        bounds = await self._log.bounds(self._follower.partition)
        if bounds.end < self._follower.next_offset:
            raise LogLost(
                f"Partition {self._follower.partition} ends at {bounds.end}, but was folded up to {self._follower.next_offset}."
            )
        await self._follower.recognise()
        while self._follower.next_offset < bounds.end:
            await self._absorb(await self._follower.read(wait_ms=1000))
            if self._state.unstored > BATCH_MAX:
                await self._state.store(self._alive)

    async def judge(self, waiting: Sequence[Submission]) -> list[Judged | None]:
        """Judge the first of what waits, append what is news, and return the verdicts that are in the log.

        There are fewer of them than submissions when the append was full; None stands for a submission of a portfolio that is
        stopped, and has to wait. When another writer came first, what is not in the log is judged again on the new state.

        Raises:
            NotOwned: when another process may own the partition.
            LogLost: when the log has lost what was acknowledged.

        """
        while True:
            batch = waiting[:BATCH_MAX]
            await self._state.prepare(batch)
            draft, verdicts = await self._draft(batch)
            if not draft.entries or await self._append(draft):
                self._count(verdicts)
                return verdicts

    async def _draft(self, batch: Sequence[Submission]) -> tuple[Draft, list[Judged | None]]:
        draft = Draft(self._state, now=self._now(), salts=self._salts, size_max=self._size_max)
        verdicts = list[Judged | None]()
        while len(verdicts) < len(batch):
            submission = batch[len(verdicts)]
            if self._state.waits(submission.event.portfolio):
                verdicts.append(None)
                continue
            try:
                verdicts.append(draft.judge(submission))
            except folding.NotLoaded as lack:
                portfolio = submission.event.portfolio
                await self._state.load_subjects(batch[len(verdicts) :], ((portfolio, key) for key in lack.keys), draft.subject)
            except Full:
                break
        return draft, verdicts

    async def _append(self, draft: Draft) -> bool:
        """Append a draft; return True when the log holds it exactly as it is and nothing else is new there."""
        if not self._alive():
            raise NotOwned
        metrics.APPENDS.inc()
        with metrics.APPEND_SECONDS.time():
            followed = await self._appender.append(draft.entries)
        if len(followed.entries) == len(draft.entries) and all(map(operator.is_, followed.entries, draft.entries)):
            self._state.confirm(draft, followed)
            return True
        metrics.APPENDS_LOST.inc()
        await self._absorb(followed)
        return False

    async def _absorb(self, followed: Followed) -> None:
        stopped = await self._state.absorb(followed)
        for portfolio, place in stopped.items():
            self._follower.halt(portfolio, place)
        stops = followed.stops | {portfolio: place.stop for portfolio, place in stopped.items() if place.stop}
        for portfolio, stop in stops.items():
            _logger.critical("portfolio-stopped", portfolio=portfolio, offset=stop.offset, detail=stop.detail)
        for portfolio in followed.resumed:
            _logger.warning("portfolio-resumed", portfolio=portfolio)
        for offset, why in followed.foreign:
            metrics.FOREIGN.inc()
            _logger.error("foreign-record", partition=self._follower.partition, offset=offset, detail=why)
        metrics.SUPERSEDED.inc(followed.superseded)

    def _count(self, verdicts: Sequence[Judged | None]) -> None:
        metrics.BATCH.observe(len(verdicts))
        for verdict, count in Counter(judged.verdict for judged in verdicts if judged).items():
            metrics.VERDICTS.labels(verdict).inc(count)
        for code, count in Counter(judged.code for judged in verdicts if judged and judged.verdict == "refused").items():
            metrics.REFUSALS.labels(code).inc(count)
        for judged in verdicts:
            if judged and judged.failure is not None:
                metrics.RULES_FAILED.inc()
                event, entry = judged.submission.event, judged.answer.entry
                _logger.error("rule-failed", portfolio=event.portfolio, type=event.type, entry=entry, exc_info=judged.failure)


def _salts(chance: random.Random) -> Iterator[str]:
    """Yield 32 hex digits of randomness, for ever."""
    while True:
        digits = chance.randbytes(_SALT_BYTES * _SALTS_AT_ONCE).hex()
        yield from (digits[begin : begin + _SALT_LENGTH] for begin in range(0, len(digits), _SALT_LENGTH))
