"""What came of a case: figures for the table, and what was violated."""

from collections import Counter
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition  # pyright: ignore[reportMissingTypeStubs]  aiokafka ships no types

from tests import waiting
from tests.faults import invariants, observers, raw_log, read_models, resuming
from tests.faults.invariants import Violation
from tests.faults.raw_log import RawLog
from tests.faults.records import FINAL
from tests.faults.resuming import Resumed
from tests.faults.world import World, until_projected

RESUME_S_MAX = 60.0


@dataclass(slots=True)
class Outcome:
    """The end of a case. `notes` are figures that only this case has; `skipped` says why it was not run."""

    case: str
    figures: Counter[str] = field(default_factory=Counter[str])
    violations: list[Violation] = field(default_factory=list[Violation])
    resumed: list[Resumed] = field(default_factory=list[Resumed])
    notes: list[str] = field(default_factory=list[str])
    skipped: str | None = None

    def expect(self, holds: bool, invariant: str, column: str, detail: str) -> None:  # noqa: FBT001  it is what is expected
        """Count a violation when something that the case expects does not hold."""
        if not holds:
            self.violations.append(Violation(invariant, column, detail))


async def conclude(case: str, world: World, *, foreign: int = 0, projected: bool = True) -> Outcome:
    """Wait until all is projected, where it will be, read the log, and check every invariant.

    So many records are `foreign` on purpose.
    """
    outcome = Outcome(case)
    log, records = await _settled_log(world, projected=projected)
    if len(log.foreign) == foreign:
        log.foreign.clear()
    await observers.sample_all(world)
    history = world.history
    resumed = resuming.times(history, world.portfolios)
    outcome.violations += [
        *invariants.check(history, log),
        *read_models.check(history.samples, log),
        *resuming.check(resumed, limit_s=RESUME_S_MAX),
        *(Violation("I8", "failed reads", what) for what in history.failed_reads),
    ]
    (world.folder / "violations.txt").write_text("".join(f"{one}\n" for one in outcome.violations), encoding="utf-8")
    outcome.resumed = resumed
    outcome.figures = Counter(
        sent=len({sent.event for sent in history.sent}),
        acknowledged=len({told.event for told in history.answered if told.acknowledged}),
        refused=len({told.event for told in history.answered if told.verdict == "refused"}),
        doubts=sum(told.verdict not in FINAL for told in history.answered),
        entries=sum(map(len, log.entries.values())),
        superseded=log.superseded,
        reads=len(history.seen),
        samples=len(history.samples),
        records=records,
        ended=sum(len(replica.ended_itself) for replica in world.replicas.values()),
    )
    return outcome


async def _settled_log(world: World, *, projected: bool) -> tuple[RawLog, int]:
    """Read the log once nothing is added to it any more, and everything is projected."""
    ends = dict[int, int]()

    async def still() -> bool:
        nonlocal ends
        before, ends = ends, await log_ends(world.kafka, world.ledger_topic)
        return before == ends

    await waiting.until(still, "nothing is appended any more")
    if projected:
        await until_projected(world, ends)
    records = await raw_log.read(world.kafka, world.ledger_topic)
    return raw_log.follow(records), len(records)


async def log_ends(kafka: str, topic: str) -> dict[int, int]:
    """Return where the partitions of a topic end."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None)
    await consumer.start()  # pyright: ignore[reportUnknownMemberType]  aiokafka ships no types
    try:
        places = [TopicPartition(topic, partition) for partition in range(4)]
        found: dict[TopicPartition, int] = await consumer.end_offsets(places)  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]  the same
        return {place.partition: end for place, end in found.items()}
    finally:
        await consumer.stop()  # pyright: ignore[reportUnknownMemberType]  the same
