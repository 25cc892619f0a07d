"""Refolding: a read model that failed at an entry of a portfolio folds on from there, from the entries that are kept.

Where it stands still moves along as it goes, so that a crash in between leaves rows and checkpoint that agree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from portfolio_log.follower import Followed
from portfolio_projector.description import ReadModel
from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.instructions import told
from portfolio_projector.instructions.storage import Answer, Instructions, Wish
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.projecting.checkpoints import Checkpoint, Failure, Standing, Store
from portfolio_projector.projecting.partitions import NotOwned
from portfolio_projector.read_models import entries
from portfolio_schemas.follow import Head

_ENTRIES_AT_ONCE = 1000


class Refolding:
    """Carries out what is instructed of one read model in one portfolio."""

    def __init__(
        self,
        instructions: Instructions,
        store: Store,
        models: Sequence[ReadModel[Any]],
        alive: Callable[[], bool],
        *,
        chronicles: Sequence[Chronicle[Any]] = (),
    ) -> None:
        self._instructions = instructions
        self._store = store
        self._models = {model.name: model for model in models}
        self._chronicles = {chronicle.name: chronicle for chronicle in chronicles}
        self._alive = alive

    async def carry_out(self, partition: int, wish: Wish, portfolio: str, known: Mapping[str, Checkpoint]) -> Answer:
        """Skip an entry, or drop the rows, where that is wished; then fold to where the portfolio was followed."""
        model = self._models.get(wish.read_model or "")
        chronicle = self._chronicles.get(wish.read_model or "")
        if model is None and chronicle is not None:
            return await told.carry_out(self._instructions, chronicle, wish, portfolio)
        if model is None:
            return Answer.no(f"There is no read model {wish.read_model}. There are {', '.join(self._models)}.")
        if model is entries.MODEL:
            detail = "nothing can be skipped, and others are folded from it"
            return Answer.no(f"{model.name} keeps every entry: {detail}. Use portfolio resume {portfolio} --rebuild")
        standing = known[model.name].standings.get(portfolio)
        refusal = _refusal(model.name, wish, portfolio, standing)
        if refusal is not None or standing is None:
            return refusal or Answer.no(f"The projector knows no portfolio {portfolio}.")
        if standing.failure is None and not wish.rebuild:
            return Answer.yes(f"The read model {model.name} does not stand still in {portfolio}.")
        if wish.skip is not None:
            await self._instructions.skip(wish)
        if wish.rebuild:
            await self._instructions.fold_again(model, portfolio)
        return await self._fold_on(partition, model, portfolio)

    async def _fold_on(self, partition: int, model: ReadModel[Any], portfolio: str) -> Answer:
        while True:
            checkpoint = (await self._store.load(partition, [model]))[model.name]
            standing = checkpoint.standing(portfolio)
            if standing.failure is None:
                last = standing.place.head.entry
                return Answer.yes(f"The read model {model.name} goes on in {portfolio} after entry {last}.")
            failure = await self._fold_part(partition, model, portfolio, checkpoint, standing.failure)
            if failure is not None:
                return Answer.no(f"The read model {model.name} stands still in {portfolio}. {failure.detail}")

    async def _fold_part(
        self, partition: int, model: ReadModel[Any], portfolio: str, checkpoint: Checkpoint, since: Failure
    ) -> Failure | None:
        """Fold the next entries; return where it fails again."""
        place = checkpoint.standing(portfolio).place
        last = place.head.entry
        read = await self._instructions.entries(portfolio, since.entry, last, limit=_ENTRIES_AT_ONCE)
        if len(read) < min(_ENTRIES_AT_ONCE, last - since.entry + 1):
            return replace(since, detail=f"Entries of it are not kept; use portfolio resume {portfolio} --rebuild")
        begin = replace(place, head=Head(since.entry - 1, since.previous))
        known = {model.name: Checkpoint(checkpoint.next_offset, {portfolio: Standing(begin)}, checkpoint.skipped)}
        followed = Followed(
            checkpoint.next_offset,
            entries=[entry for _, entry in read],
            offsets=[offset for offset, _ in read],
            places={portfolio: place},
        )
        batch = Batch([model], known, followed, again=True)
        async with self._store.session() as session:
            await batch.fold(session)
            failure = batch.failures.get((model.name, portfolio))
            if failure is None and since.entry + len(read) <= last:
                next_one = Failure(since.entry + len(read), read[-1][1].hash, "It is being folded again.")
                batch.failures[model.name, portfolio] = next_one
            if not self._alive():
                raise NotOwned
            await batch.write(session, partition)
        return failure


def _refusal(model: str, wish: Wish, portfolio: str, standing: Standing | None) -> Answer | None:
    if standing is not None and standing.place.stop is not None:
        return Answer.no(f"The log of {portfolio} is stopped: first portfolio resume {portfolio}. {standing.place.stop.detail}")
    failure = None if standing is None else standing.failure
    if wish.skip is None or (failure is not None and failure.entry == wish.skip):
        return None
    at = "does not stand still" if failure is None else f"stands still at entry {failure.entry}, not {wish.skip}"
    return Answer.no(f"Nothing was skipped: the read model {model} {at} in {portfolio}.")
