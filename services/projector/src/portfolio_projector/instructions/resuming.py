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
from portfolio_projector.instructions.refolding import Refolding
from portfolio_projector.instructions.storage import Answer, Instruction, Instructions
from portfolio_projector.projecting import checkpoints
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.projecting.checkpoints import Checkpoint, Store
from portfolio_projector.projecting.partitions import NotOwned
from portfolio_schemas.follow import Head

_READ_LIMIT = 2000


class Resuming:
    """Carries out what operators instruct, partition by partition, while nobody else in this process works on that partition."""

    def __init__(
        self, instructions: Instructions, store: Store, log: Log, models: Sequence[ReadModel[Any]], *, partitions: int
    ) -> None:
        self._instructions = instructions
        self._store = store
        self._log = log
        self._models = models
        self._partitions = partitions

    async def carry_out(self, instruction: Instruction, alive: Callable[[], bool]) -> Answer:
        """Carry out one instruction and return what came of it."""
        partition, wish = instruction.partition, instruction.wish
        known = await self._store.load(partition, self._models)
        try:
            if wish.portfolio is None or await self._is_lost(partition, known):
                return await self._resume_partition(partition, known)
            if wish.read_model is not None:
                refolding = Refolding(self._instructions, self._store, self._models, alive)
                return await refolding.carry_out(partition, wish, wish.portfolio, known)
            return await self._resume_portfolio(instruction, wish.portfolio, known, alive)
        except LogLost as lost:
            return Answer.no(f"{lost} The ledger topic has lost its beginning; restore it before anything else.")

    async def _is_lost(self, partition: int, known: Mapping[str, Checkpoint]) -> bool:
        if await self._instructions.is_lost(partition):
            return True
        return max(checkpoint.next_offset for checkpoint in known.values()) > (await self._log.bounds(partition)).end

    async def _resume_partition(self, partition: int, known: Mapping[str, Checkpoint]) -> Answer:
        found = await survey.survey(self._log, partition, self._partitions)
        forget, refusals = dict[str, int](), list[str]()
        for portfolio in sorted({name for checkpoint in known.values() for name in checkpoint.standings}):
            head, difference = await self._compare(found, known, portfolio)
            if difference is not None and not difference.given_up:
                refusals.append(survey.missing(portfolio, head, difference))
            elif difference is not None:
                forget[portfolio] = difference.shared
        if refusals:
            more = f" So it is with {len(refusals) - 1} more portfolios." if len(refusals) > 1 else ""
            return Answer.no(f"{refusals[0]}{more} Put back what is missing: portfolio repair --partition {partition}")
        await self._instructions.read_partition_again(partition, forget=forget)
        made = f"; made anew: {', '.join(forget)}" if forget else ""
        return Answer.yes(f"Partition {partition} is read again from its first record{made}.")

    async def _resume_portfolio(
        self, instruction: Instruction, portfolio: str, known: Mapping[str, Checkpoint], alive: Callable[[], bool]
    ) -> Answer:
        standings = [checkpoint.standings[portfolio] for checkpoint in known.values() if portfolio in checkpoint.standings]
        if not standings:
            return Answer.no(f"The projector knows no portfolio {portfolio}.")
        rebuild = instruction.wish.rebuild
        if not rebuild and all(standing.place.stop is None for standing in standings):
            failed = [name for name, one in known.items() if one.standing(portfolio).failure is not None]
            if failed:
                return Answer.no(f"{portfolio} follows its log; what stands still is `portfolio resume {failed[0]} {portfolio}`.")
            return Answer.yes(f"{portfolio} is not stopped.")
        found = await survey.survey(self._log, instruction.partition, self._partitions, only=portfolio)
        head, difference = await self._compare(found, known, portfolio)
        if difference is not None and not difference.given_up:
            return Answer.no(f"{survey.missing(portfolio, head, difference)} Put it back with `portfolio repair {portfolio}`.")
        stop = found.place(portfolio).stop
        if stop is not None:
            return Answer.no(f"{stop.detail} Set it aside with `portfolio repair {portfolio}`.")
        forget, shared = difference is not None or rebuild, None if difference is None else difference.shared
        await self._instructions.read_portfolio_again(portfolio, forget=forget, given_up_after=shared)
        return await self._read_again(instruction.partition, portfolio, alive, "is made anew and" if forget else "")

    async def _compare(self, found: Survey, known: Mapping[str, Checkpoint], portfolio: str) -> tuple[Head, Difference | None]:
        """Return the last entry that any read model has of a portfolio, and what of it the log has not."""
        heads = [checkpoint.standing(portfolio).place.head for checkpoint in known.values()]
        head = max(heads, key=lambda one: one.entry)
        return head, await found.compare(portfolio, head, self._store.hash_of)

    async def _read_again(self, partition: int, portfolio: str, alive: Callable[[], bool], how: str) -> Answer:
        """Read one portfolio from its first record to where each read model stands in the partition."""
        known = await self._store.load(partition, self._models)
        for end in sorted({checkpoint.next_offset for checkpoint in known.values()}):
            models = [model for model in self._models if known[model.name].next_offset == end]
            await self._read_to(end, partition, portfolio, {model.name: known[model.name] for model in models}, alive)
        place = checkpoints.places(known.values(), checkpoints.lowest(known.values()))[portfolio]
        if place.stop is not None:
            return Answer.no(f"{portfolio} is still stopped. {place.stop.detail}")
        return Answer.yes(f"{portfolio} {how}".rstrip() + f" goes on after entry {place.head.entry}.")

    async def _read_to(
        self, end: int, partition: int, portfolio: str, known: dict[str, Checkpoint], alive: Callable[[], bool]
    ) -> None:
        """Fold one portfolio up to an offset; until that is done it stays stopped at the first record."""
        models = [model for model in self._models if model.name in known]
        place = checkpoints.places(known.values(), end)[portfolio]
        marker = place.stop
        follower = Follower(
            self._log,
            partition=partition,
            partitions=self._partitions,
            next_offset=0,
            places={portfolio: replace(place, stop=None)},
            old_hash=self._store.hash_of,
            only=portfolio,
        )
        while follower.next_offset < end:
            part = await follower.read(limit=min(_READ_LIMIT, end - follower.next_offset), wait_ms=1000)
            place = follower.place(portfolio)
            finished = follower.next_offset >= end
            part.places[portfolio] = place if finished else replace(place, stop=place.stop or marker)
            if part.entries or finished:
                batch = Batch(models, known, replace(part, next_offset=end), again=True)
                async with self._store.session() as session:
                    await batch.fold(session)
                    if not alive():
                        raise NotOwned
                    await batch.write(session, partition)
                batch.settle(rows_max=0)
