"""A seeded simulation of the whole protocol: the real judge, follower, appender and projector in a world that misbehaves.

One seed is one history, exactly: time is virtual, and everything that happens by chance is drawn from the seed.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from structlog.testing import capture_logs

from portfolio_ledger.judging.serving import Partitions
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.judging.taking import Shared
from portfolio_projector.projecting.partitions import Projector
from portfolio_projector.read_models import READ_MODELS
from tests.unit.simulation import calamities, virtual_time
from tests.unit.simulation.commits import Commits
from tests.unit.simulation.databases import LedgerDatabase, ProjectorDatabase
from tests.unit.simulation.kafka import SimulatedIntake, SimulatedLog, SimulatedSender
from tests.unit.simulation.ledger_store import MemoryLedgerStore
from tests.unit.simulation.process import Process
from tests.unit.simulation.projector_store import MemoryProjectorStore
from tests.unit.simulation.publishing import publish
from tests.unit.simulation.told import Told
from tests.unit.simulation.truth import Broken
from tests.unit.simulation.world import FAMILY, FORWARDING_KEY, Climate, World, read_text

_TROUBLED_SECONDS = 5.0
_CALAMITY_SECONDS_MAX = 60.0
_LIVENESS_SECONDS_MAX = 60.0
_SETTLING_SECONDS = 12.0
_END_SECONDS_MAX = 10.0
_LOOK_SECONDS = 0.1
_ALARMS = ("portfolio-stopped", "records-lost", "log-lost", "read-model-stopped")
_INTERRUPTIONS = ("serving-interrupted", "projecting-interrupted", "stale", "not-seen")
_EXPECTED_ERRORS = {"Away", "NotOwned", "Stale"}


@dataclass(frozen=True)
class Outcome:
    """What one seed came to."""

    entries: int
    superseded: int
    refused: int
    commits: int
    faults: Counter[str]
    alarms: Counter[str]
    seconds: float


class Simulation:
    """One world, its databases, and a crew of programs that are started again whenever they end."""

    def __init__(self, seed: int, climate: Climate) -> None:
        self.world = World(seed, climate)
        self.projector = MemoryProjectorStore()
        self.ledger = MemoryLedgerStore(self._applied_heads, key=FORWARDING_KEY)
        self.told = Told(self.world)
        self.commits = Commits(self.world, self.ledger, self.projector, self.told)
        self.processes = list[Process]()
        self.may_run = asyncio.Event()
        self.may_run.set()
        self._served = dict[Process, Partitions]()

    async def run(self) -> float:
        """Live through troubled times, then through calm ones until everything is answered; return how long it took."""
        world = self.world
        crews = [asyncio.ensure_future(self._keep_up(self._start_ledger)) for _ in range(world.climate.ledgers)]
        crews += [asyncio.ensure_future(self._keep_up(self._start_projector)) for _ in range(world.climate.projectors)]
        events = [asyncio.ensure_future(publish(world)), asyncio.ensure_future(self._weather())]
        if world.climate.calamity is not None:
            events.append(asyncio.ensure_future(calamities.CALAMITIES[world.climate.calamity](self)))
        await self.until(lambda: all(event.done() for event in events), _CALAMITY_SECONDS_MAX, "the world never calmed down")
        world.calm = True
        if world.forked:
            await self.until(lambda: False, _SETTLING_SECONDS, None)
            self._check_reported()
        else:
            await self.until(self.is_settled, _LIVENESS_SECONDS_MAX, "not everything was answered")
        seconds = world.now
        for crew in crews:
            crew.cancel()
        for event in events:
            event.result()
        await self.end_all()
        return seconds

    async def end_all(self) -> None:
        """Ask every process to end, and wait until it did."""
        for process in self.processes:
            process.stop()
        if not all([await process.wait(_END_SECONDS_MAX) for process in list(self.processes)]):
            raise self.world.break_("a process outlives its end")

    async def _keep_up(self, start: "Callable[[], Process]") -> None:
        """Start a program, and again whenever it has ended."""
        while True:
            await self.may_run.wait()
            process = start()
            self.processes.append(process)
            await process.wait()
            self.processes.remove(process)
            self._served.pop(process, None)
            await asyncio.sleep(self.world.dice.choice((0.0, 0.05, 0.5)))

    def _start_ledger(self) -> Process:
        process = Process(self.world)
        dice = self.world.dice
        served = Partitions(
            Shared(
                topics=FAMILY,
                partitions=self.world.climate.partitions,
                store=LedgerDatabase(process, self.ledger, self.commits.check_ledger),
                log=SimulatedLog(process),
                open_intake=lambda partition: SimulatedIntake(process, partition),
                send=SimulatedSender(process, self.told).send,
                note=lambda _partition, _position: None,
                answers=self.told,
                read_text=read_text,
                now=process.now,
                chance=random.Random(dice.getrandbits(32)),  # noqa: S311  a seed is what makes a history repeatable
            ),
            collect=_keep,
        )
        self._served[process] = served
        process.start([served.serve(partition, process.alive) for partition in range(self.world.climate.partitions)])
        return process

    def _start_projector(self) -> Process:
        process = Process(self.world)
        projector = Projector(
            models=READ_MODELS,
            log=SimulatedLog(process),
            store=ProjectorDatabase(process, self.projector, self.commits.check_projector),
            note=lambda _partition, _position: None,
            chance=random.Random(self.world.dice.getrandbits(32)),  # noqa: S311  a seed is what makes a history repeatable
            owner="simulated",
            partitions=self.world.climate.partitions,
        )
        process.start([projector.project(partition, process.alive) for partition in range(self.world.climate.partitions)])
        return process

    def _applied_heads(self) -> list[tuple[str, str, int, str]]:
        heads = [(name, portfolio, one.place.head) for (name, portfolio), (_, one) in self.projector.tables.standings.items()]
        return [
            (name, portfolio, head.entry, head.hash) for name, portfolio, head in heads if name == "entries" and head.entry >= 0
        ]

    async def _weather(self) -> None:
        """Let broker and database be away now and then."""
        world = self.world
        for _ in range(world.climate.outages):
            await asyncio.sleep(world.dice.uniform(0.1, _TROUBLED_SECONDS / max(world.climate.outages, 1)))
            what = world.dice.choice(("kafka", "postgres"))
            world.faults[f"{what} away"] += 1
            world.away_until[what] = world.now + world.dice.choice((0.05, 0.4, 1.5))

    def is_settled(self) -> bool:
        """Tell whether every submission is answered, and both databases are at the end of the log."""
        world = self.world
        for partition in range(world.climate.partitions):
            end, position = world.ledger[partition].end, self.ledger.tables.positions.get(partition)
            if position is None or (position.next_offset, position.intake_offset) != (end, world.intake[partition].end):
                return False
            if any(self.projector.tables.positions.get((model.name, partition)) != end for model in READ_MODELS):
                return False
        return self.is_answered(world.portfolios)

    def is_answered(self, portfolios: Collection[str]) -> bool:
        """Tell whether every submission of these portfolios is answered."""
        opened = (item for there in self.world.intake for _, item in self.told.open(there.partition, there.end))
        return not any(not isinstance(item, Submission) or item.event.portfolio in portfolios for item in opened)

    def all_troubles(self, partition: int, code: str) -> bool:
        """Tell whether every ledger says of a partition that it does not serve it, and why."""
        return all(served.troubles.get(partition, "").startswith(code) for served in self._served.values())

    def _check_reported(self) -> None:
        """Check that whoever does not agree with the log, which was cut and went on otherwise, has said so."""
        there = self.world.ledger[0]
        readers = [
            (self.all_troubles(0, "LOG_LOST"), {name: one for name, (_, one) in self.ledger.tables.standings.items()}),
            (
                0 in self.projector.tables.lost,
                {name: one for (model, name), (_, one) in self.projector.tables.standings.items() if model == "entries"},
            ),
        ]
        for is_lost, standings in readers:
            for portfolio, standing in standings.items():
                chain, place = there.branch.chain(portfolio), standing.place
                agrees = (place.head.entry, place.head.hash) == chain.head
                if not (is_lost or agrees or place.stop is not None or chain.appends_since(there.cut_at) < 2):
                    raise self.world.break_(f"{portfolio} lost entries, and nobody says so")

    async def until(self, condition: Callable[[], bool], seconds_max: float, otherwise: str | None) -> None:
        """Wait for something; when it does not come, that is an invariant broken, or all the same."""
        limit = self.world.now + seconds_max
        while not condition() and self.world.now < limit:
            if self.world.broken:
                raise Broken(self.world.broken[0])
            await asyncio.sleep(_LOOK_SECONDS)
        if self.world.broken:
            raise Broken(self.world.broken[0])
        if otherwise is not None and not condition():
            raise self.world.break_(otherwise)


def simulate(seed: int, climate: Climate) -> Outcome:
    """Run one history.

    Raises:
        Broken: when an invariant does not hold; the message names it, the caller names the seed.

    """

    async def live() -> tuple[Simulation, float]:
        simulation = Simulation(seed, climate)
        return simulation, await simulation.run()

    with capture_logs() as logs:
        simulation, seconds = virtual_time.run(live())
    world = simulation.world
    for line in logs:
        error = line.get("error") or (type(line["exc_info"]).__name__ if line.get("exc_info") else None)
        if error is not None and error not in _EXPECTED_ERRORS:
            raise Broken(f"a defect: {line}")
    alarms = Counter(str(line["event"]) for line in logs)
    for alarm in _ALARMS if not world.damaged else ():
        if alarms[alarm]:
            raise Broken(f"a false alarm: {next(line for line in logs if line['event'] == alarm)}")
    if climate.is_fair and any(alarms[alarm] for alarm in _INTERRUPTIONS):
        raise Broken(f"something was interrupted though nothing went wrong: {alarms}")
    chains = [chain for partition in world.ledger for chain in partition.branch.chains.values()]
    return Outcome(
        entries=sum(len(chain.links) for chain in chains),
        superseded=sum(len(chain.strays) for chain in chains),
        refused=sum("refusal" in link.document for chain in chains for link in chain.links),
        commits=0,
        faults=world.faults,
        alarms=alarms,
        seconds=seconds,
    )


def _keep() -> None:
    """Free no memory: a thousand programs end in one process, which collects when it likes."""
