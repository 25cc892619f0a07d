"""A batch: a stretch of a partition, folded into every read model that has not had it yet, written with the checkpoints.

A fold runs on rows that were loaded before, a few queries for the whole batch, or are still known from the batch before: nobody
else changes them, as the checkpoints prove when the batch is written. What begins with an event is not looked up: the ledger
takes no second beginning. When a fold needs one more row, or fails at an entry, nothing of it counts: the batch is folded again
with that row, or up to that entry, and on rows that are loaded anew.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from portfolio_log.follower import Followed
from portfolio_projector.description import ReadModel
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.folding import Kept
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.projecting.checkpoints import Checkpoint, Failure, Session, Standing, Step
from portfolio_schemas import catalogue

_LEFT_OF_FULL = 0.875
"""So much is left of what there is room for when there is too much: something is forgotten now and then, not in each batch."""


class Batch:
    """One stretch on its way into the read models that have not had it; with `again`, a stretch behind their offsets for all.

    When it is `careful`, as it always is then, it looks up rows of what begins as well.
    """

    def __init__(
        self,
        models: Sequence[ReadModel[Any]],
        known: Mapping[str, Checkpoint],
        followed: Followed,
        *,
        again: bool = False,
        careful: bool = False,
    ) -> None:
        self._followed = followed
        self._known = known
        self._models = [model for model in models if again or known[model.name].next_offset < followed.next_offset]
        self._facts = [Fact(entry, offset) for entry, offset in zip(followed.entries, followed.offsets, strict=True)]
        if again or careful:
            for fact in self._facts:
                fact.begins = False
        self._first = list({fact.portfolio: fact for fact in reversed(self._facts)}.values())
        self._unknown = {fact.type for fact in self._facts if fact.recorded} - catalogue.TYPES.keys()
        self._states = dict[str, Kept]()
        self.failures = dict[tuple[str, str], Failure]()

    async def fold(self, session: Session) -> None:
        """Fold the batch into every read model, in memory."""
        for model in self._models:
            await self._fold_model(session, model)
        self._facts.clear()

    async def write(self, session: Session, partition: int) -> None:
        """Write rows and checkpoints at once.

        Raises:
            Stale: when another projector has moved a read model; nothing is written.

        """
        old = {model.name: self._known[model.name].next_offset for model in self._models}
        generations = {model.name: self._known[model.name].generation for model in self._models}
        folded = [(model, self._states[model.name]) for model in self._models]
        await session.write(Step(partition, old, self._followed.next_offset, folded, self._standings(), generations))

    def settle(self, *, size_max: int) -> None:
        """Take the checkpoints as stored, and go on knowing so many bytes of rows."""
        for model, portfolio, standing in self._standings():
            self._known[model].standings[portfolio] = standing
        for model in self._models:
            checkpoint, state = self._known[model.name], self._states[model.name]
            checkpoint.next_offset = self._followed.next_offset
            state.keep()
            checkpoint.state = state if size_max else None
        known = [checkpoint.state for checkpoint in self._known.values() if checkpoint.state is not None]
        size = sum(state.size for state in known)
        if size > size_max:
            for state in known:
                state.forget(1 - size_max / size * _LEFT_OF_FULL)

    async def _fold_model(self, session: Session, model: ReadModel[Any]) -> None:
        facts, missing, checkpoint = self._due(model), list[NotLoaded](), self._known[model.name]
        while True:
            state = checkpoint.state or model.folding.begin(False)  # noqa: FBT003  the description says what it is
            self._states[model.name], checkpoint.state = state, None
            await session.load(model, state, facts, missing)
            failed_at = None
            try:
                for failed_at in facts:
                    model.folding.fold(state, failed_at)
            except NotLoaded as row:
                missing.append(row.with_traceback(None))  # which would hold on to all of this
            except Exception as error:  # noqa: BLE001  whatever a fold raises stops this read model for this portfolio only
                facts = self._fail(model, facts, failed_at, f"cannot be folded: {type(error).__name__}: {error}")
            else:
                return

    def _due(self, model: ReadModel[Any]) -> list[Fact]:
        """Return the facts that a read model looks at and has not had yet, for each portfolio up to where it fails."""
        checkpoint, types = self._known[model.name], model.folding.types
        heads = {portfolio: _head(checkpoint.standing(portfolio)) for portfolio in self._followed.places}
        facts = self._facts
        if any(heads[fact.portfolio] >= fact.number for fact in self._first):
            facts = [fact for fact in facts if fact.number > heads[fact.portfolio]]
        if checkpoint.skipped:
            facts = [fact for fact in facts if (fact.portfolio, fact.number) not in checkpoint.skipped]
        if types is not None:
            unreadable = _unreadable(facts, self._unknown) if self._unknown else ()
            facts = [fact for fact in facts if fact.type in types and fact.recorded]
            for fact in unreadable:
                if fact.number > heads[fact.portfolio]:
                    facts = self._fail(model, facts, fact, f"has the type {fact.type!r}, which the installed schemas do not know")
        return facts

    def _fail(self, model: ReadModel[Any], facts: list[Fact], failed: Fact | None, why: str) -> list[Fact]:
        """Keep where a read model fails, and return what remains to be folded: nothing of that portfolio from there on."""
        if failed is None:
            raise RuntimeError("A fold failed before it was given a fact.")
        detail = f"Entry {failed.number} {why}"[:1000].replace("\x00", "\ufffd")
        self.failures[model.name, failed.portfolio] = Failure(failed.number, failed.entry.previous, detail)
        return [fact for fact in facts if fact.portfolio != failed.portfolio or fact.number < failed.number]

    def _standings(self) -> list[tuple[str, str, Standing]]:
        return [
            (model.name, portfolio, Standing(place, self.failures.get((model.name, portfolio)) or before.failure))
            for model in self._models
            for portfolio, place in self._followed.places.items()
            for before in (self._known[model.name].standing(portfolio),)
        ]


def _head(standing: Standing) -> float:
    """Return the last entry that a read model needs no more: its head, or all there will ever be when it failed."""
    return float("inf") if standing.failure is not None else standing.place.head.entry


def _unreadable(facts: Sequence[Fact], unknown: Collection[str]) -> list[Fact]:
    """Return the first event of each portfolio whose type the installed schemas do not know."""
    first = dict[str, Fact]()
    for fact in facts:
        if fact.recorded and fact.type in unknown:
            first.setdefault(fact.portfolio, fact)
    return list(first.values())
