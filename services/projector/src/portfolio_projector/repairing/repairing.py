"""Repairing a partition, or one portfolio of it: survey, plan, ask, write, and look whether it is right now."""

from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio_log import survey
from portfolio_log.kafka import KafkaLog
from portfolio_log.log import Log
from portfolio_log.partitions import partition_of
from portfolio_projector import sessions
from portfolio_projector.repairing import planning, writing
from portfolio_projector.repairing.planning import Plan, Planner, Refused
from portfolio_projector.statements import Statements
from portfolio_schemas import entries
from portfolio_schemas.entries import Entry
from portfolio_schemas.follow import Head

if TYPE_CHECKING:
    from portfolio_projector.sessions import Pool

_SQL = Statements("portfolio_projector.repairing")
_PROJECTOR_SQL = Statements("portfolio_projector")
_LOCKS = 0x52455041  # "REPA": a lock space that no service uses
_ENTRIES_AT_ONCE = 1000
_ROUNDS_MAX = 3


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an operator wants put right: a portfolio, or all of a partition; `after` gives up what follows an entry."""

    portfolio: str | None = None
    partition: int | None = None
    after: int | None = None
    reason: str
    actor: str


Say = Callable[[str], None]
Agree = Callable[[], bool]


async def repair(kafka: str, postgres: str, topic: str, order: Order, *, say: Say, agree: Agree) -> bool:
    """Put right what is ordered; return whether the log is right at the end, as far as it was ordered.

    Everything that will be written is said before, and written only when `agree` says so.

    Raises:
        Refused: when it cannot be done.
        Unsure: when it is not known whether it was done.

    """
    async with sessions.writing_pool(postgres, connections_max=2) as pool, KafkaLog(kafka, topic, client_id="repair") as log:
        desk = _Desk(pool, log, await _partitions(pool, topic))
        partition = desk.partition(order)
        async with desk.alone(partition):
            plans, refusals = await desk.plan(partition, order)
            _say(plans, refusals, say)
            if plans and not agree():
                say("Nothing was written.")
                return False
            for _ in range(_ROUNDS_MAX if order.after is None else 1):
                for plan in plans:
                    await desk.write(partition, plan, order, say)
                if plans and order.after is None:  # who serves the partition may have written meanwhile
                    plans, refusals = await desk.plan(partition, order)
                    _say(plans, refusals, say)
    if order.after is not None:
        return True
    say(f"The log of {order.portfolio or f'partition {partition}'} is {'not ' if plans or refusals else ''}in order.")
    return not plans and not refusals


def _say(plans: Sequence[Plan], refusals: Sequence[str], say: Say) -> None:
    for line in (*refusals, *(line for plan in plans for line in plan.lines())):
        say(line)


class _Desk:
    """What a repair works with."""

    def __init__(self, pool: "Pool", log: Log, partitions: int) -> None:
        self._pool = pool
        self._log = log
        self._partitions = partitions

    def partition(self, order: Order) -> int:
        """Return the partition that an order is about."""
        if order.portfolio is not None:
            return partition_of(order.portfolio, self._partitions)
        if order.partition is None or not 0 <= order.partition < self._partitions:
            raise Refused(f"There are the partitions 0 to {self._partitions - 1}.")
        return order.partition

    @asynccontextmanager
    async def alone(self, partition: int) -> AsyncGenerator[None]:
        """Be the only one who repairs a partition."""
        async with self._pool.acquire() as connection:
            if not await connection.fetchval(_SQL["lock"], _LOCKS, partition):
                raise Refused(f"Somebody else is repairing partition {partition}; wait until that is done.")
            yield

    async def plan(self, partition: int, order: Order) -> tuple[list[Plan], list[str]]:
        """Return what is to be written, and what cannot be put right."""
        found = await survey.survey(self._log, partition, self._partitions, only=order.portfolio)
        planner = Planner(self._log, partition, found, self._kept, await self._holders(partition, order.portfolio))
        if order.portfolio is not None and order.portfolio not in planner.portfolios:
            raise Refused(f"Nobody knows a portfolio {order.portfolio}.")
        if order.portfolio is not None and order.after is not None:
            return [await planner.abandon(order.portfolio, order.after)], []
        plans, refusals = list[Plan](), list[str]()
        for portfolio in [order.portfolio] if order.portfolio else planner.portfolios:
            try:
                plan = await planner.repair(portfolio)
            except planning.Refused as refused:
                refusals.append(str(refused))
                continue
            if plan.is_needed:
                plans.append(plan)
        return plans, refusals

    async def write(self, partition: int, plan: Plan, order: Order, say: Say) -> None:
        """Append what a plan says."""
        done = 0
        async for count in writing.write(self._log, partition, plan, self._kept, reason=order.reason, actor=order.actor):
            done += count
            if done > _ENTRIES_AT_ONCE:
                say(f"{plan.portfolio}: {done:,} of {plan.kept + len(plan.loose):,} entries are back")
        say(f"{plan.portfolio}: done, with a repair record by {order.actor}.")

    async def _kept(self, portfolio: str, after: int) -> AsyncIterator[Entry]:
        while True:
            async with self._pool.acquire() as connection:
                rows: Sequence[tuple[bytes]] = await connection.fetch(_SQL["kept"], portfolio, after, _ENTRIES_AT_ONCE)
            for (value,) in rows:
                entry = entries.read(value)
                if not isinstance(entry, Entry):
                    raise TypeError("Only entries are kept.")
                after = entry.entry
                yield entry
            if len(rows) < _ENTRIES_AT_ONCE:
                return

    async def _holders(self, partition: int, only: str | None) -> dict[str, dict[str, Head]]:
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(_SQL["holders"])
        found = defaultdict[str, dict[str, Head]](dict)
        for reader, portfolio, entry, hash_ in rows:
            if only in (None, portfolio) and partition_of(portfolio, self._partitions) == partition:
                found[portfolio]["the projector" if reader == "entries" else "the ledger"] = Head(entry, hash_)
        return dict(found)


async def _partitions(pool: "Pool", topic: str) -> int:
    async with pool.acquire() as connection:
        partitions: int | None = await connection.fetchval(_PROJECTOR_SQL["recorded_partitions"], topic)
    if partitions is None:
        raise Refused(f"No projector has served {topic} with this database yet: there is nothing to repair it from.")
    return partitions
