"""Serving a partition: from its lock to its last receipt, again and again until it is told to stop."""

import asyncio
import gc
from collections.abc import Callable

import structlog

from portfolio_ledger import groups, metrics
from portfolio_ledger.intake.reader import IntakeLost
from portfolio_ledger.intake.seal import KEY_SIZE, Seal
from portfolio_ledger.judging import heads, renewing
from portfolio_ledger.judging.judge import Judge
from portfolio_ledger.judging.taking import Shared, Taking
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.standings import LOG_LOST, Trouble
from portfolio_log import endings
from portfolio_log.follower import Follower
from portfolio_log.log import LogLost

_RETRY_SECONDS_MIN = 0.2
_RETRY_SECONDS_MAX = 5.0
_COLLECT_SECONDS = 0.5

_logger = structlog.get_logger()


class Partitions:
    """Serves the partitions that this process owns.

    `troubles` says of each that it cannot serve why; those in `lost` wait for an operator. `collect` frees memory in the process.
    """

    def __init__(self, shared: Shared, *, collect: Callable[[], object] = gc.collect) -> None:
        self.serving = set[int]()
        self.troubles = dict[int, str]()
        self.lost = dict[int, Trouble]()
        self._shared = shared
        self._collect = collect
        self._collecting: asyncio.TimerHandle | None = None

    async def serve(self, partition: int, alive: Callable[[], bool]) -> None:
        """Serve one partition until cancelled; whatever goes wrong, begin again at the stored state."""
        pause = _RETRY_SECONDS_MIN
        try:
            while True:
                try:
                    await self._work(partition, alive)
                except Exception as error:  # noqa: BLE001  broker or database are away, or a defect: each is answered alike, from the stored state
                    self._report(partition, error)
                endings.obey()
                if partition in self.serving:
                    pause = _RETRY_SECONDS_MIN
                self._set_serving(partition, serving=False)
                self._collect_soon()
                await asyncio.sleep(pause * self._shared.chance.uniform(0.5, 1.0))
                pause = min(pause * 2, _RETRY_SECONDS_MAX)
        finally:
            self._set_serving(partition, serving=False)
            self._forget_troubles(partition)
            self._collect_soon()

    def state(self) -> dict[int, Trouble | None]:
        """Return the partitions that are served, and with their troubles those that wait for an operator."""
        return {**dict.fromkeys(self.serving), **self.lost}

    async def _work(self, partition: int, alive: Callable[[], bool]) -> None:
        """Catch up with the log, then judge what waits, until something goes wrong."""
        shared = self._shared
        applied = await heads.applied(shared.store, partition, shared.partitions)
        state = await PartitionState.load(shared.store, partition, partitions=shared.partitions)
        self._refuse_lost(partition, state.position.lost)
        if not state.position.is_current:
            await renewing.renew(shared.store, shared.log, state, shared.partitions, alive)
            state = await PartitionState.load(shared.store, partition, partitions=shared.partitions)
        follower = Follower(
            shared.log,
            partition=partition,
            partitions=shared.partitions,
            next_offset=state.position.next_offset,
            places={portfolio: standing.place for portfolio, standing in state.standings.items()},
            old_hash=state.hash_of,
        )
        judge = Judge(state, shared.log, follower, alive=alive, now=shared.now, chance=shared.chance)
        await judge.follow()
        await state.store(alive)
        # Nothing is appended to a stopped portfolio, and what it does not hold its stop says.
        await heads.compare(state, [head for head in applied if state.standing(head[1]).place.stop is None])
        seal = Seal(await shared.store.forwarding_key(shared.chance.randbytes(KEY_SIZE)))
        async with shared.open_intake(partition) as intake:
            resumed = state.resumed()
            if resumed is not None:
                await intake.begin(state.standing(resumed).intake_offset)  # where that is lost, no door opens
            state.move_intake(await intake.begin(state.position.intake_offset))
            _logger.info(
                "serving", partition=partition, next_offset=follower.next_offset, intake_offset=state.position.intake_offset
            )
            self._forget_troubles(partition)
            self._set_serving(partition, serving=True)
            await Taking(shared, state, judge, intake, alive, seal=seal).run()

    def _report(self, partition: int, error: BaseException) -> None:
        """Tell the operator. Lost records need one; everything else is tried again, and may pass."""
        leaves = groups.leaves(error)
        lost = next((leaf for leaf in leaves if isinstance(leaf, (LogLost, IntakeLost))), None)
        if lost is not None:
            name = LOG_LOST if isinstance(lost, LogLost) else "INTAKE_LOST"
            self.troubles[partition] = f"{name}: {lost}"
            self.lost[partition] = Trouble(name, str(lost))
            _logger.critical("records-lost", partition=partition, code=name, detail=str(lost))
            return
        described = "; ".join(f"{type(leaf).__name__}: {leaf}" for leaf in leaves)
        self.troubles[partition] = described
        _logger.warning("serving-interrupted", partition=partition, detail=described, exc_info=_unexpected(leaves))

    def _refuse_lost(self, partition: int, stored: str | None) -> None:
        """Refuse to go on where a log was lost: that it is as long again does not mean that it is the same."""
        known = self.lost.get(partition)
        lost = known.detail if known is not None and known.code == LOG_LOST else stored
        if lost is not None:
            raise LogLost(lost)

    def _forget_troubles(self, partition: int) -> None:
        self.troubles.pop(partition, None)
        self.lost.pop(partition, None)

    def _collect_soon(self) -> None:
        """Free what served a partition: cancelled tasks and what they raised hold each other, and with them all of its state.

        The collector looks at what is old too seldom for that: a session that is lost again and again would fill the memory.
        """
        if self._collecting is None:
            self._collecting = asyncio.get_running_loop().call_later(_COLLECT_SECONDS, self._collect_now)

    def _collect_now(self) -> None:
        self._collecting = None
        self._collect()

    def _set_serving(self, partition: int, *, serving: bool) -> None:
        (self.serving.add if serving else self.serving.discard)(partition)
        metrics.PARTITIONS.set(len(self.serving))
        metrics.PARTITION_SERVED.labels(partition).set(int(serving))


def _unexpected(leaves: list[BaseException]) -> BaseException | None:
    """Return an error that is no sign of something being away: a defect, whose place in the code is worth a look."""
    return next(
        (leaf for leaf in leaves if isinstance(leaf, (TypeError, LookupError, AttributeError, ValueError, RuntimeError))), None
    )
