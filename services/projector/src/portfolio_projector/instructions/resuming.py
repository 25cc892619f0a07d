"""Resuming: what stands still is compared with the log, and read again where the log has all of it.

What the log has not is never dropped by itself: `portfolio repair` puts it back, or `portfolio abandon` gives it up in the log,
and then the rows of that portfolio are dropped and folded again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portfolio_log import survey
from portfolio_log.follower import Follower
from portfolio_log.log import Log, LogLost
from portfolio_log.survey import Difference, Survey
from portfolio_projector.description import ReadModel
from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.instructions.refolding import Refolding
from portfolio_projector.instructions.storage import Answer, Instruction, Instructions, Way
from portfolio_projector.projecting import checkpoints
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.projecting.checkpoints import Checkpoint, Store
from portfolio_projector.projecting.partitions import NotOwned
from portfolio_schemas.follow import Head, Place

_READ_LIMIT = 2000


class Resuming:
    """Carries out what operators instruct, partition by partition, while nobody else in this process works on that partition."""

    def __init__(
        self,
        instructions: Instructions,
        store: Store,
        log: Log,
        models: Sequence[ReadModel[Any]],
        *,
        chronicles: Sequence[Chronicle[Any]],
        partitions: int,
    ) -> None:
        self._instructions = instructions
        self._store = store
        self._log = log
        self._models = models
        self._chronicles = chronicles
        self._partitions = partitions

    async def carry_out(self, instruction: Instruction, alive: Callable[[], bool]) -> Answer:
        """Carry out one instruction and return what came of it."""
        partition, wish = instruction.partition, instruction.wish
        known = await self._store.load(partition, self._models)
        lost = any(checkpoint.lost is not None for checkpoint in known.values()) or await self._is_short(partition, known)
        try:
            if wish.portfolio is None or lost:
                return await self._resume_partition(partition, known, alive)
            if wish.read_model is not None:
                refolding = Refolding(self._instructions, self._store, self._models, alive, chronicles=self._chronicles)
                return await refolding.carry_out(partition, wish, wish.portfolio, known)
            return await self._resume_portfolio(instruction, wish.portfolio, known, alive)
        except LogLost as lost:
            return Answer.no(f"{lost} The ledger topic has lost its beginning; restore it before anything else.")

    async def heal(self, partition: int, alive: Callable[[], bool]) -> Answer | None:
        """Resume a partition that has lost its log where the log has everything again; None when there is no reason to look.

        What was interrupted while it was read again is read now.
        """
        known = await self._store.load(partition, self._models)
        if any(checkpoint.lost is not None for checkpoint in known.values()):
            return None if await self._is_short(partition, known) else await self._resume_partition(partition, known, alive)
        stops = {name: standing.place.stop for checkpoint in known.values() for name, standing in checkpoint.standings.items()}
        marked = [portfolio for portfolio, stop in stops.items() if stop is not None and not stop.hash]
        if marked:
            await self._read_again(partition, marked, alive)
            return Answer.yes(f"Read again to the end, after an interruption: {', '.join(marked)}.")
        return None

    async def _is_short(self, partition: int, known: Mapping[str, Checkpoint]) -> bool:
        return max(checkpoint.next_offset for checkpoint in known.values()) > (await self._log.bounds(partition)).end

    async def _resume_partition(self, partition: int, known: Mapping[str, Checkpoint], alive: Callable[[], bool]) -> Answer:
        found = await survey.survey(self._log, partition, self._partitions)
        given_up, refusals, placed = dict[str, int](), list[str](), dict[str, Place]()
        for portfolio in sorted({name for checkpoint in known.values() for name in checkpoint.standings}):
            head, difference = await self._compare(found, known, portfolio)
            if difference is not None and not difference.given_up:
                refusals.append(survey.missing(portfolio, head, difference))
            elif difference is not None:
                given_up[portfolio] = difference.shared
            elif all(one.standing(portfolio).place.head == found.place(portfolio).head for one in known.values()):
                placed[portfolio] = found.place(portfolio)
        if refusals:
            more = f" There are {len(refusals) - 1} more like this." if len(refusals) > 1 else ""
            return Answer.no(f"{refusals[0]}{more} Put back what is missing: portfolio repair --partition {partition}")
        again = [name for name in found.places if name not in placed and name not in given_up]
        await self._instructions.set_back(partition, Way(found.end, placed, again, list(given_up), given_up))
        await self._read_again(partition, [*again, *given_up], alive)
        made = f"; made anew: {', '.join(given_up)}" if given_up else ""
        return Answer.yes(f"Partition {partition} goes on{made}.")

    async def _resume_portfolio(
        self, instruction: Instruction, portfolio: str, known: Mapping[str, Checkpoint], alive: Callable[[], bool]
    ) -> Answer:
        rebuild = instruction.wish.rebuild
        idle = _idle(portfolio, known)
        if idle is not None and not (rebuild and any(portfolio in one.standings for one in known.values())):
            return idle
        found = await survey.survey(self._log, instruction.partition, self._partitions, only=portfolio)
        head, difference = await self._compare(found, known, portfolio)
        stop = found.place(portfolio).stop
        if difference is not None and not difference.given_up:
            lacks = survey.missing(portfolio, head, difference)
            return Answer.no(f"{lacks} Put it back with `portfolio repair {portfolio}`.")
        if stop is not None:
            return Answer.no(f"{stop.detail} Set it aside with `portfolio repair {portfolio}`.")
        given_up = {} if difference is None else {portfolio: difference.shared}
        forget = [portfolio] if rebuild or given_up else []
        await self._instructions.set_back(instruction.partition, Way(again=[portfolio], forget=forget, given_up=given_up))
        anew = portfolio in await self._read_again(instruction.partition, [portfolio], alive) or forget
        known = await self._store.load(instruction.partition, self._models)
        place = checkpoints.places(known.values(), checkpoints.lowest(known.values()))[portfolio]
        if place.stop is not None:
            return Answer.no(f"{portfolio} is still stopped. {place.stop.detail}")
        return Answer.yes(f"{portfolio}{' is made anew and' if anew else ''} goes on after entry {place.head.entry}.")

    async def _compare(self, found: Survey, known: Mapping[str, Checkpoint], portfolio: str) -> tuple[Head, Difference | None]:
        """Return the last entry that any read model has of a portfolio, and what of it the log has not."""
        heads = [checkpoint.standing(portfolio).place.head for checkpoint in known.values()]
        head = max(heads, key=lambda one: one.entry)
        return head, await found.compare(portfolio, head, self._store.hash_of)

    async def _read_again(self, partition: int, portfolios: Sequence[str], alive: Callable[[], bool]) -> list[str]:
        """Read portfolios from the first record to where the partition stands, and return those that had to be made anew.

        A reader who holds nothing can read what has been compared with the log; one who held an entry before a repair said so
        cannot always. Who cannot begins with nothing.
        """
        stopped = await self._read(partition, portfolios, alive) if portfolios else []
        if stopped:
            await self._instructions.set_back(partition, Way(forget=stopped))
            await self._read(partition, stopped, alive)
        return stopped

    async def _read(self, partition: int, portfolios: Sequence[str], alive: Callable[[], bool]) -> list[str]:
        """Read portfolios to where each read model stands in the partition; return those that stopped on the way."""
        known = await self._store.load(partition, self._models)
        stopped = set[str]()
        for end in sorted({checkpoint.next_offset for checkpoint in known.values()}):
            there = {name: checkpoint for name, checkpoint in known.items() if checkpoint.next_offset == end}
            stopped.update(await self._read_to(end, partition, portfolios, there, alive))
        return sorted(stopped)

    async def _read_to(
        self,
        end: int,
        partition: int,
        portfolios: Sequence[str],
        known: dict[str, Checkpoint],
        alive: Callable[[], bool],
    ) -> list[str]:
        """Fold portfolios up to an offset; until that is done they stay stopped at the first record."""
        models = [model for model in self._models if model.name in known]
        places = {portfolio: checkpoints.places(known.values(), end)[portfolio] for portfolio in portfolios}
        follower = Follower(
            self._log,
            partition=partition,
            partitions=self._partitions,
            next_offset=0,
            places={portfolio: replace(place, stop=None) for portfolio, place in places.items()},
            old_hash=self._store.hash_of,
            only=places.keys(),
        )
        while follower.next_offset < end:
            part = await follower.read(limit=min(_READ_LIMIT, end - follower.next_offset), wait_ms=1000)
            finished = follower.next_offset >= end
            for portfolio, before in places.items():
                place = follower.place(portfolio)
                part.places[portfolio] = place if finished else replace(place, stop=place.stop or before.stop)
            if part.entries or finished:
                batch = Batch(models, known, replace(part, next_offset=end), again=True)
                async with self._store.session() as session:
                    await batch.fold(session)
                    if not alive():
                        raise NotOwned
                    await batch.write(session, partition)
                batch.settle(size_max=0)
        return [portfolio for portfolio in portfolios if follower.place(portfolio).stop is not None]


def _idle(portfolio: str, known: Mapping[str, Checkpoint]) -> Answer | None:
    """Say that there is nothing to resume in a portfolio's log, None when there is."""
    standings = {name: one.standings[portfolio] for name, one in known.items() if portfolio in one.standings}
    if not standings:
        return Answer.no(f"The projector knows no portfolio {portfolio}.")
    if any(standing.place.stop is not None for standing in standings.values()):
        return None
    failed = [name for name, standing in standings.items() if standing.failure is not None]
    if failed:
        return Answer.no(f"{portfolio} follows its log; what stands still is `portfolio resume {failed[0]} {portfolio}`.")
    return Answer.yes(f"{portfolio} is not stopped.")
