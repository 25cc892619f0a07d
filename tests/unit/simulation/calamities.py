"""Calamities: what happens to a log or a database at most once in a history, and what an operator does about it."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from portfolio_ledger.state.changes import Subject
from portfolio_projector.read_models import READ_MODELS
from portfolio_schemas import codec, entries
from tests.unit.simulation.ledger_store import LedgerTables
from tests.unit.simulation.projector_store import ProjectorTables
from tests.unit.simulation.truth import Chain
from tests.unit.simulation.world import World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.unit.simulation.simulation import Simulation

_NOWHERE = "f" * 64


async def restored(simulation: "Simulation") -> None:
    """PostgreSQL is restored to an earlier state, or emptied: the ledger's part, the projector's, or both at once."""
    world, dice = simulation.world, simulation.world.dice
    await asyncio.sleep(dice.uniform(0.1, 1.5))
    ledger, projector = simulation.ledger.tables.copy(), simulation.projector.tables.copy()
    if dice.random() < 0.3:
        ledger, projector = LedgerTables(), ProjectorTables()
    await asyncio.sleep(dice.uniform(0.1, 1.5))
    which = dice.choice(("ledger", "projector", "both"))
    world.faults[f"{which} restored"] += 1
    if which != "projector":
        simulation.ledger.tables = ledger
    if which != "ledger":
        simulation.projector.tables = projector
    if dice.random() < 0.3:
        simulation.projector.drop(dice.choice(READ_MODELS).name)


async def orphaned(simulation: "Simulation") -> None:
    """A record that follows nothing stops a portfolio, and no other; a repair that names it lets it go on."""
    world, dice = simulation.world, simulation.world.dice
    portfolio = await _with_entries(world, 3)
    if portfolio is None:
        return
    there = world.ledger[world.home(portfolio)]
    chain = there.branch.chain(portfolio)
    world.damaged = True
    there.land([(portfolio, _orphan(world, chain))])
    begin, orphan, _ = chain.strays.pop()
    world.orphaned[portfolio] = (begin, None)
    others = [name for name in world.portfolios if name != portfolio]
    if dice.random() < 0.7:
        await asyncio.sleep(dice.choice((0.0, 0.2, 1.0, 3.0)))
    else:
        world.calm = True
        await simulation.until(lambda: simulation.is_answered(others), 30, "a stopped portfolio held up others")
        world.calm = False
    orphans = [orphan]
    mistake = dice.choice((None, None, "another orphan", "another head"))
    if mistake is not None:
        world.faults[f"repair of {mistake}"] += 1
        wrong = chain.head_of(chain.head[0] - 1)
        there.land([(portfolio, _repair(portfolio, [_NOWHERE] if mistake == "another orphan" else orphans, wrong))])
        orphans = [orphan, wrong[1]] if mistake == "another head" else orphans
        await asyncio.sleep(dice.choice((0.0, 0.5, 1.5)))
    world.orphaned[portfolio] = (begin, there.end)
    there.land([(portfolio, _repair(portfolio, orphans, chain.head))])


def _repair(portfolio: str, orphans: list[str], head: tuple[int, str]) -> bytes:
    """An operator's word that some orphans are to be set aside."""
    named: list[codec.Json] = [*orphans]
    said: codec.Document = {"orphans": named, "head": {"entry": head[0], "hash": head[1]}, "reason": "So it is.", "actor": "ann"}
    return codec.canonical({"portfolio": portfolio, "repair": said})


def _orphan(world: World, chain: Chain) -> bytes:
    """An entry that follows nothing: altered, after a hole, on a past of its own, or part of an append that is not there."""
    head, hash_ = chain.head
    old = world.dice.randint(1, head)
    kinds = {
        "altered": (head + 1, _NOWHERE, head + 1),
        "missing": (head + 3, hash_, head + 3),
        "fork": (old, _NOWHERE, old),
        "rest": (head + 1, _NOWHERE, head),
        "middle": (old, chain.head_of(old - 1)[1], old - 1),
    }
    if chain.strays and chain.strays[-1][2] == head:
        kinds = {"chained": (head + 1, chain.strays[-1][1], head + 1)}
    kind = world.dice.choice(sorted(kinds))
    world.faults[f"orphan {kind}"] += 1
    number, previous, append = kinds[kind]
    return codec.canonical({**chain.links[-1].document, "entry": number, "previous": previous, "append": append})


async def cut(simulation: "Simulation") -> None:
    """The log loses its last records after they were acknowledged. They come back where nobody wrote since; else it stays so."""
    world, dice = simulation.world, simulation.world.dice
    await asyncio.sleep(dice.uniform(0.2, 2.0))
    there = world.ledger[0]
    count = dice.randint(1, 3)
    kept, lost = there.batches[:-count], there.batches[-count:]
    if not lost:
        return
    world.damaged = True
    world.faults["cut"] += 1
    there.become(kept)
    await asyncio.sleep(dice.choice((0.0, 0.1, 1.0, 3.0)))
    if there.end == there.cut_at:
        world.faults["cut and restored"] += 1
        seen = [position.next_offset for position in simulation.ledger.tables.positions.values()]
        if dice.random() < 0.3 and max(seen, default=0) > there.end:
            world.calm = True
            await simulation.until(
                lambda: there.end > there.cut_at or simulation.all_troubles(0, "LOG_LOST"), 15, "a cut log was not reported"
            )
            world.calm = False
    if there.end == there.cut_at:
        for batch in lost:
            there.land(batch)
        await simulation.end_all()  # and an operator lets them begin again: nobody goes on from LOG_LOST by himself
    else:
        world.forked = True


async def older_copy(simulation: "Simulation") -> None:
    """The log and the ledger's tables are an older copy under a projector that has seen more: nothing is appended to it."""
    world, dice = simulation.world, simulation.world.dice
    there = world.ledger[0]
    await asyncio.sleep(dice.uniform(0.1, 1.0))
    tables = simulation.ledger.tables.copy()
    await asyncio.sleep(dice.uniform(0.2, 1.0))
    world.calm = True
    simulation.may_run.clear()
    await simulation.end_all()
    await asyncio.sleep(5)  # what is under way lands
    end = tables.positions[0].next_offset if tables.positions else 0
    kept = sum(base < end for base in there.bases)
    batches = there.batches
    if not _is_applied_beyond(simulation, end):
        simulation.may_run.set()
        return
    world.damaged = True
    world.faults["older copy"] += 1
    there.become(batches[:kept])
    simulation.ledger.tables = tables
    simulation.may_run.set()
    await asyncio.sleep(6)
    if there.end != there.cut_at:
        raise world.break_("a judge appended to an older copy of the log, though a projector has applied more")
    if not simulation.all_troubles(0, "LOG_LOST"):
        raise world.break_("an older copy of the log was not reported")
    for batch in batches[kept:]:
        there.land(batch)
    await simulation.end_all()


async def refilled(simulation: "Simulation") -> None:
    """The topic is filled anew from a copy: the same entries at other offsets, without what was superseded.

    Who goes on with the state that it had says that something is wrong, or is right by chance; then all state is dropped.
    """
    world, dice = simulation.world, simulation.world.dice
    await asyncio.sleep(dice.uniform(0.3, 2.5))
    simulation.may_run.clear()
    await simulation.end_all()
    world.damaged = True
    world.faults["refilled"] += 1
    for there in world.ledger:
        links = sorted((link for chain in there.branch.chains.values() for link in chain.links), key=lambda link: link.offset)
        there.become([(link.document["portfolio"], link.value)] for link in links)
    simulation.may_run.set()
    await asyncio.sleep(dice.choice((0.0, 0.3, 2.0)))
    simulation.may_run.clear()
    await simulation.end_all()
    simulation.ledger.tables, simulation.projector.tables = LedgerTables(), ProjectorTables()
    simulation.may_run.set()


async def replaced(simulation: "Simulation") -> None:
    """While nobody runs, the last append becomes another of the same length: whoever begins there says so, and does nothing."""
    world, dice = simulation.world, simulation.world.dice
    there = world.ledger[0]
    await asyncio.sleep(dice.uniform(0.3, 2.0))
    world.calm = True
    await simulation.until(simulation.is_settled, 60, "not everything was answered before the log was replaced")
    simulation.may_run.clear()
    await simulation.end_all()
    await asyncio.sleep(5)  # what is under way lands
    if not simulation.is_settled() or not any(_salted(value) != value for _, value in there.records[there.bases[-1] :]):
        simulation.may_run.set()
        return
    world.damaged = True
    world.faults["replaced"] += 1
    *kept, last = there.batches
    there.become([*kept, [(key, _salted(value)) for key, value in last]])
    simulation.may_run.set()
    await asyncio.sleep(6)
    if there.end != there.cut_at or not simulation.all_troubles(0, "LOG_LOST") or 0 not in simulation.projector.tables.lost:
        raise world.break_("somebody goes on behind a log whose last append is another one")
    simulation.may_run.clear()
    await simulation.end_all()
    there.become([*kept, last])
    simulation.may_run.set()


def _salted(value: bytes) -> bytes:
    """The same entry under another salt; what is none stays as it is."""
    try:
        item = entries.read(value)
    except entries.Foreign:
        return value
    return codec.canonical({**item.document, "salt": "0" * 32}) if isinstance(item, entries.Entry) else value


def _is_applied_beyond(simulation: "Simulation", end: int) -> bool:
    branch = simulation.world.ledger[0].branch
    standings = simulation.projector.tables.standings
    return any(
        standings[name][1].place.head.entry > branch.chain(portfolio).head_at(end)[0]
        for portfolio in branch.chains
        if (name := ("entries", portfolio)) in standings
    )


async def _with_entries(world: World, count: int) -> str | None:
    """Wait for a portfolio that has some entries."""
    await asyncio.sleep(world.dice.uniform(0.2, 1.0))
    for _ in range(30):
        for portfolio in world.dice.sample(world.portfolios, len(world.portfolios)):
            if len(world.ledger[world.home(portfolio)].branch.chain(portfolio).links) >= count:
                return portfolio
        await asyncio.sleep(0.1)
    return None


async def upgraded(simulation: "Simulation") -> None:
    """While nobody runs, a ledger of other rules is installed: what the one before it remembers tells it nothing."""
    world, tables = simulation.world, simulation.ledger.tables
    await asyncio.sleep(world.dice.uniform(0.3, 2.0))
    simulation.may_run.clear()
    await simulation.end_all()
    world.faults["upgraded"] += 1
    tables.positions = {key: replace(position, fold="of other rules") for key, position in tables.positions.items()}
    tables.subjects = {key: Subject(subject.version + 1) for key, subject in tables.subjects.items()}
    simulation.may_run.set()


CALAMITIES: "dict[str, Callable[[Simulation], Awaitable[None]]]" = {
    "restored": restored,
    "orphaned": orphaned,
    "cut": cut,
    "older copy": older_copy,
    "refilled": refilled,
    "replaced": replaced,
    "upgraded": upgraded,
}
