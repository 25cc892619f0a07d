"""Resuming: a portfolio, or a partition, that stands still is compared with the log, and read again where the log has it all.

What the log has not is never dropped by itself: `portfolio repair` puts it back, or `portfolio abandon` gives it up in the log,
and then what is held of that portfolio is forgotten, folded again, and its submissions that are still in intake are judged again.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from portfolio_ledger.instructions.storage import Answer, Instruction, Instructions
from portfolio_ledger.intake.reader import Intake
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import Position, Store
from portfolio_log import survey
from portfolio_log.follower import Follower
from portfolio_log.log import Log, LogLost
from portfolio_log.survey import Difference
from portfolio_schemas.follow import Stop

_READ_LIMIT = 2000


class Resuming:
    """Carries out what operators instruct, partition by partition, while nobody else in this process works on that partition."""

    def __init__(
        self,
        instructions: Instructions,
        store: Store,
        log: Log,
        open_intake: Callable[[int], AbstractAsyncContextManager[Intake]],
        *,
        partitions: int,
    ) -> None:
        self._instructions = instructions
        self._store = store
        self._log = log
        self._open_intake = open_intake
        self._partitions = partitions

    async def carry_out(self, instruction: Instruction, alive: Callable[[], bool]) -> Answer:
        """Carry out one instruction and return what came of it."""
        position, standings = await self._store.load(instruction.partition)
        try:
            if instruction.portfolio is None or await self._is_lost(instruction.partition, position):
                return await self._resume_partition(instruction.partition, standings)
            return await self._resume_portfolio(instruction, instruction.portfolio, standings, alive)
        except LogLost as lost:
            return Answer.no(f"{lost} The ledger topic has lost its beginning; restore it before anything else.")

    async def _is_lost(self, partition: int, position: Position) -> bool:
        lost = (await self._instructions.lost()).get(partition)
        if lost is not None and lost.code == "LOG_LOST":
            return True
        return position.next_offset > (await self._log.bounds(partition)).end

    async def _resume_partition(self, partition: int, standings: Mapping[str, Standing]) -> Answer:
        found = await survey.survey(self._log, partition, self._partitions)
        forget, refusals = list[str](), list[str]()
        for portfolio, standing in sorted(standings.items()):
            difference = await found.compare(portfolio, standing.place.head, self._store.hash_of)
            if difference is not None and not difference.given_up:
                refusals.append(survey.missing(portfolio, standing.place.head, difference))
            elif difference is not None:
                forget.append(portfolio)
        if refusals:
            more = f" So it is with {len(refusals) - 1} more portfolios." if len(refusals) > 1 else ""
            return Answer.no(f"{refusals[0]}{more} Put back what is missing: portfolio repair --partition {partition}")
        await self._instructions.read_partition_again(partition, forget=forget, intake=await self._first_in_intake(partition))
        made = f"; made anew: {', '.join(forget)}" if forget else ""
        return Answer.yes(f"Partition {partition} is read again from its first record{made}.")

    async def _resume_portfolio(
        self, instruction: Instruction, portfolio: str, standings: Mapping[str, Standing], alive: Callable[[], bool]
    ) -> Answer:
        partition, standing = instruction.partition, standings.get(portfolio)
        if standing is None:
            return Answer.no(f"The ledger knows no portfolio {portfolio}.")
        if standing.place.stop is None and not instruction.rebuild:
            return Answer.yes(f"{portfolio} is not stopped.")
        found = await survey.survey(self._log, partition, self._partitions, only=portfolio)
        difference = await found.compare(portfolio, standing.place.head, self._store.hash_of)
        refusal = _refusal(portfolio, standing, difference, found.place(portfolio).stop)
        if refusal is not None:
            return Answer.no(refusal)
        forget = difference is not None or instruction.rebuild
        first = None if difference is None else await self._first_in_intake(partition)
        await self._instructions.read_portfolio_again(portfolio, forget=forget, intake=first)
        return await self._read_again(partition, portfolio, alive, "is made anew and" if forget else "")

    async def _read_again(self, partition: int, portfolio: str, alive: Callable[[], bool], how: str) -> Answer:
        """Read one portfolio from its stop to where the partition stands; until that is done it stays stopped there."""
        state = await PartitionState.load(self._store, partition)
        place = state.standing(portfolio).place
        marker, end = place.stop, state.position.next_offset
        follower = Follower(
            self._log,
            partition=partition,
            partitions=self._partitions,
            next_offset=0 if marker is None else marker.offset,
            places={portfolio: replace(place, stop=None)},
            old_hash=state.hash_of,
            only=portfolio,
        )
        while follower.next_offset < end:
            part = await follower.read(limit=min(_READ_LIMIT, end - follower.next_offset), wait_ms=1000)
            place = follower.place(portfolio)
            part.places[portfolio] = place if follower.next_offset >= end else replace(place, stop=place.stop or marker)
            stopped = await state.absorb(replace(part, next_offset=end))
            if portfolio in stopped:
                place = stopped[portfolio]
                break
            if state.unstored > _READ_LIMIT:
                await state.store(alive)
        await state.store(alive)
        if place.stop is not None:
            return Answer.no(f"{portfolio} is still stopped. {place.stop.detail}")
        return Answer.yes(f"{portfolio} {how}".rstrip() + f" goes on after entry {place.head.entry}.")

    async def _first_in_intake(self, partition: int) -> int:
        async with self._open_intake(partition) as intake:
            return await intake.begin(None)


def _refusal(portfolio: str, standing: Standing, difference: Difference | None, stop: Stop | None) -> str | None:
    """Say why a portfolio cannot go on, None when it can."""
    if difference is not None and not difference.given_up:
        lacks = survey.missing(portfolio, standing.place.head, difference)
        return f"{lacks} Put it back with `portfolio repair {portfolio}`."
    if stop is not None:
        return f"{stop.detail} Set it aside with `portfolio repair {portfolio}`."
    return None
