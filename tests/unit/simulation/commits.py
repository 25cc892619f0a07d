"""What must be true of the databases after every commit: they are a fold of the log, up to where they say."""

from typing import Any

import msgspec

from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import Batch
from portfolio_projector.description import ReadModel
from portfolio_projector.folding.facts import Fact
from portfolio_projector.projecting.checkpoints import Step
from portfolio_schemas import entries
from portfolio_schemas.follow import Place
from tests.unit.simulation.ledger_store import MemoryLedgerStore
from tests.unit.simulation.projector_store import MemoryProjectorStore, parts, rows_of
from tests.unit.simulation.told import Told
from tests.unit.simulation.truth import Chain, Link, digest_of
from tests.unit.simulation.world import World


class Commits:
    """Looks at both databases whenever something was committed."""

    def __init__(self, world: World, ledger: MemoryLedgerStore, projector: MemoryProjectorStore, told: Told) -> None:
        self.ledger = ledger
        self.projector = projector
        self._world = world
        self._told = told
        self._folded = dict[tuple[str, str], tuple[Chain, int, Any]]()

    def check_ledger(self, batch: Batch) -> None:
        """Check what a judge has stored."""
        offset = batch.new.next_offset
        branches = self._world.ledger[batch.partition].branches
        if offset > max(branch.end for branch in branches):
            raise self._world.break_(f"the ledger is at offset {offset} of {branches[-1].end}")
        if not self._world.damaged and batch.new.judged != branches[0].judged_at(offset):
            raise self._world.break_(f"judged is {batch.new.judged}, not {branches[0].judged_at(offset)}")
        standings = {
            name: standing for name, (there, standing) in self.ledger.tables.standings.items() if there == batch.partition
        }
        for portfolio in {*standings, *(name for branch in branches for name in branch.chains)}:
            standing = standings.get(portfolio, Standing())
            chain = self._chain_at(batch.partition, portfolio, standing.place, offset)
            number = standing.place.head.entry
            if standing.recordedtime != (chain.links[number].document["recordedtime"] if number >= 0 else ""):
                raise self._world.break_(f"{portfolio} has recordedtime {standing.recordedtime} at entry {number}")
            self._check_changes(batch, portfolio, chain, number)
        self._check_intake(batch, standings)

    def check_projector(self, step: Step) -> None:
        """Check what a projector has stored."""
        strangers = [name for _, name, _ in step.standings if self._world.home(name) != step.partition]
        if strangers:
            raise self._world.break_(f"{strangers} of another partition are followed in {step.partition}")
        for model, _ in step.folded:
            for (name, portfolio), (there, standing) in self.projector.tables.standings.items():
                if name == model.name and there == step.partition:
                    chain = self._chain_at(there, portfolio, standing.place, step.new)
                    self._check_rows(model, portfolio, chain, standing.place.head.entry)
            branches = self._world.ledger[step.partition].branches
            for portfolio, chain in branches[0].chains.items() if len(branches) == 1 else ():
                if chain.head_at(step.new)[0] >= 0 and (model.name, portfolio) not in self.projector.tables.standings:
                    raise self._world.break_(f"{model.name} passed over {portfolio}")

    def _chain_at(self, partition: int, portfolio: str, place: Place, offset: int) -> Chain:
        """Return the course of a portfolio in which a reader stands where it says.

        Where the log lost records or was filled anew, what was an offset is none any more; a reader is in some course then.
        """
        branches = self._world.ledger[partition].branches
        at = offset if place.stop is None else place.stop.offset
        head = (place.head.entry, place.head.hash)
        for branch in reversed(branches):
            chain = branch.chain(portfolio)
            if (chain.head_at(at) if len(branches) == 1 else chain.head_of(head[0])) != head:
                continue
            if place.stop is None and len(branches) == 1 and chain.tip_at(at) != place.tip:
                raise self._world.break_(f"{portfolio} has the tip {place.tip} at offset {at}, not {chain.tip_at(at)}")
            begin, end = self._world.orphaned.get(portfolio, (offset, None))
            if place.stop is None and begin < offset <= (offset if end is None else end):
                raise self._world.break_(f"{portfolio} went on behind an orphan at offset {begin} that nobody set aside")
            if place.stop is not None and not self._world.damaged:
                raise self._world.break_(f"{portfolio} stopped without damage: {place.stop.detail}")
            return chain
        raise self._world.break_(f"{portfolio} is at {head} at offset {at}, not at {branches[-1].chain(portfolio).head_at(at)}")

    def _check_changes(self, batch: Batch, portfolio: str, chain: Chain, head: int) -> None:
        for answer in batch.changes.answers:
            if answer.portfolio == portfolio and _said(answer) != _says(chain.links[answer.entry]):
                raise self._world.break_(f"entry {answer.entry} of {portfolio} is stored as {answer}")
        for (name, key), subject in batch.changes.subjects.items():
            if name == portfolio and subject.version != chain.version_at(key, head):
                raise self._world.break_(f"{key} of {portfolio} is stored at version {subject.version}")

    def _check_intake(self, batch: Batch, standings: dict[str, Standing]) -> None:
        """Check that intake passed only what is answered, or waits for a portfolio that has a position of its own."""
        for offset, item in self._told.open(batch.partition, batch.new.intake_offset or 0):
            portfolio = item.event.portfolio if isinstance(item, Submission) else ""
            waits_from = standings.get(portfolio, Standing()).intake_offset
            if waits_from is None or waits_from > offset:
                raise self._world.break_(f"intake passed {item.name}, which nobody answered")

    def _check_rows(self, model: ReadModel[Any], portfolio: str, chain: Chain, head: int) -> None:
        known, folded, state = self._folded.get((model.name, portfolio), (None, -1, None))
        if known is not chain or folded > head:
            folded, state = -1, model.folding.begin(True)  # noqa: FBT003  it knows everything
        for link in chain.links[folded + 1 : head + 1]:
            fact = Fact(_entry(link), link.offset)
            if model.folding.folds(fact):
                model.folding.fold(state, fact)
        self._folded[model.name, portfolio] = (chain, head, state)
        is_moved = len(self._world.ledger[self._world.home(portfolio)].branches) > 1
        for name, part in parts(state).items():
            stored = self.projector.tables.rows.get(((model.name, name), portfolio), {})
            expected = rows_of(part)
            if stored != expected and not (is_moved and _without_offsets(stored) == _without_offsets(expected)):
                raise self._world.break_(f"{name} of {model.name} for {portfolio} is not the fold of the log at entry {head}")


def _without_offsets(table: Any) -> dict[Any, Any]:  # noqa: ANN401  rows of any table
    return {key: row._replace(log_offset=0) if "log_offset" in row._fields else row for key, row in table.items()}


def _entry(link: Link) -> entries.Entry:
    found = entries.read(link.value)
    if not isinstance(found, entries.Entry):
        raise TypeError("A link of a chain is an entry.")
    return found


def _said(answer: Answer) -> tuple[object, ...]:
    """Return everything that an answer says but the number of the last consequence, which grows."""
    return msgspec.structs.astuple(answer)[:-1]


def _says(link: Link) -> tuple[object, ...]:
    document = link.document
    refusal = document.get("refusal")
    body = refusal or document["event"]
    return (
        document["portfolio"], document["entry"], link.hash, document["submission"],
        body["source"], body["id"], body["type"], body["subject"],
        refusal["digest"] if refusal else digest_of(body), refusal["version"] if refusal else document["version"],
        document["recordedtime"], document.get("flags", []),
        {name: refusal[name] for name in ("code", "detail", "errors")} if refusal else None,
    )  # fmt: skip
