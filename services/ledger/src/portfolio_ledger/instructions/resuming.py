"""Resuming: a portfolio, or a partition, that stands still is compared with the log, and read again where the log has it all.

What the log has not is never dropped by itself: `portfolio repair` puts it back, or `portfolio abandon` gives it up in the log,
and then what is held of that portfolio is forgotten, folded again, and its submissions that are still in intake are judged again.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from portfolio_ledger.instructions.storage import Answer, Instruction, Instructions, Way
from portfolio_ledger.intake.reader import Intake
from portfolio_ledger.judging import heads
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import Position, Store
from portfolio_log import survey
from portfolio_log.follower import Follower
from portfolio_log.log import Log, LogLost
from portfolio_log.survey import Difference
from portfolio_schemas.follow import Head, Stop

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
        partition = instruction.partition
        position, standings = await self._store.load(partition)
        lost = position.lost is not None or position.next_offset > (await self._log.bounds(partition)).end
        try:
            if instruction.portfolio is None or lost or not position.is_current:
                return await self._resume_partition(partition, position, standings, alive)
            return await self._resume_portfolio(instruction, instruction.portfolio, standings, alive)
        except LogLost as lost:
            return Answer.no(f"{lost} The ledger topic has lost its beginning; restore it before anything else.")

    async def heal(self, partition: int, alive: Callable[[], bool]) -> Answer | None:
        """Resume a partition that has lost its log where the log has everything again; None when there is no reason to look.

        What was interrupted while it was read again is read now.
        """
        position, standings = await self._store.load(partition)
        stops = {name: standing.place.stop for name, standing in standings.items()}
        marked = [name for name, stop in stops.items() if stop is not None and not stop.hash]
        if position.lost is None and marked and position.is_current:
            await self._read_again(partition, marked, alive)
            return Answer.yes(f"Read again to the end, after an interruption: {', '.join(marked)}.")
        if position.lost is None or position.next_offset > (await self._log.bounds(partition)).end:
            return None
        return await self._resume_partition(partition, position, standings, alive)

    async def _resume_partition(
        self, partition: int, position: Position, standings: Mapping[str, Standing], alive: Callable[[], bool]
    ) -> Answer:
        found = await survey.survey(self._log, partition, self._partitions)
        given_up, refusals = list[str](), list[str]()
        for portfolio, standing in sorted(standings.items()):
            difference = await found.compare(portfolio, standing.place.head, self._store.hash_of)
            if difference is not None and not difference.given_up:
                refusals.append(survey.missing(portfolio, standing.place.head, difference))
            elif difference is not None:
                given_up.append(portfolio)
        refusals += [
            f"The read model {reader} has applied entry {entry} of {portfolio}, which is not in the log."
            for reader, portfolio, entry, hash_ in await heads.applied(self._store, partition, self._partitions)
            if found.hashes.get(portfolio, entry) != hash_ and Head(entry, hash_) not in found.given_up.get(portfolio, ())
        ]
        if refusals:
            more = f" There are {len(refusals) - 1} more like this." if len(refusals) > 1 else ""
            return Answer.no(f"{refusals[0]}{more} Put back what is missing: portfolio repair --partition {partition}")
        if not position.is_current:
            first = await self._first_in_intake(partition) if given_up else None
            await self._store.forget(partition, position, alive, intake=first)
            return Answer.yes(f"Partition {partition} goes on, and is made anew from the log: other rules folded what was held.")
        held = {name: standing.place.head for name, standing in standings.items()}
        placed = {name: place for name, place in found.places.items() if held.get(name) == place.head}
        again = [name for name in found.places if name not in placed and name not in given_up]
        way = Way(found.end, placed, again, given_up, given_up)
        await self._set_back(partition, way)
        await self._read_again(partition, [*again, *given_up], alive)
        made = f"; made anew: {', '.join(given_up)}" if given_up else ""
        return Answer.yes(f"Partition {partition} goes on{made}.")

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
        given_up = [] if difference is None else [portfolio]
        forget = [portfolio] if instruction.rebuild or given_up else []
        await self._set_back(partition, Way(again=[portfolio], forget=forget, given_up=given_up))
        anew = portfolio in await self._read_again(partition, [portfolio], alive) or forget
        _, standings = await self._store.load(partition)
        place = standings[portfolio].place
        if place.stop is not None:
            return Answer.no(f"{portfolio} is still stopped. {place.stop.detail}")
        return Answer.yes(f"{portfolio}{' is made anew and' if anew else ''} goes on after entry {place.head.entry}.")

    async def _read_again(self, partition: int, portfolios: Sequence[str], alive: Callable[[], bool]) -> list[str]:
        """Read portfolios from the first record to where the partition stands, and return those that had to be made anew.

        A reader who holds nothing can read what has been compared with the log; one who held an entry before a repair said so
        cannot always. Who cannot begins with nothing.
        """
        stopped = await self._read(partition, portfolios, alive) if portfolios else []
        if stopped:
            await self._set_back(partition, Way(forget=stopped))
            await self._read(partition, stopped, alive)
        return stopped

    async def _read(self, partition: int, portfolios: Sequence[str], alive: Callable[[], bool]) -> list[str]:
        """Read portfolios; until that is done they stay stopped at the first record. Return those that stopped on the way."""
        state = await PartitionState.load(self._store, partition)
        markers = {portfolio: state.standing(portfolio).place.stop for portfolio in portfolios}
        end, unfoldable = state.position.next_offset, set[str]()
        follower = Follower(
            self._log,
            partition=partition,
            partitions=self._partitions,
            next_offset=0,
            places={portfolio: replace(state.standing(portfolio).place, stop=None) for portfolio in portfolios},
            old_hash=state.hash_of,
            only=markers.keys(),
        )
        while follower.next_offset < end:
            part = await follower.read(limit=min(_READ_LIMIT, end - follower.next_offset), wait_ms=1000)
            finished = follower.next_offset >= end
            for portfolio, marker in markers.items():
                place = follower.place(portfolio)
                part.places[portfolio] = place if finished else replace(place, stop=place.stop or marker)
            for portfolio, place in (await state.absorb(replace(part, next_offset=end))).items():
                follower.halt(portfolio, place)
                unfoldable.add(portfolio)
            if state.unstored > _READ_LIMIT:
                await state.store(alive)
        await state.store(alive)
        return [name for name in portfolios if name not in unfoldable and follower.place(name).stop is not None]

    async def _set_back(self, partition: int, way: Way) -> None:
        first = await self._first_in_intake(partition) if way.given_up else 0
        await self._instructions.set_back(partition, way, intake=first)

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
