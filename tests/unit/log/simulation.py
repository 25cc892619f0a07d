"""A seeded simulation of the log protocol: the real follower and appender against a Kafka that misbehaves.

Appends are delayed, lost, land late, or land without their acknowledgement; several writers serve the same partition at once,
each with an old view of it (a zombie is a writer that was not scheduled for long); writers and readers are restarted from older
checkpoints or from nothing. One seed is one history, exactly.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from portfolio_log.appender import Appender
from portfolio_log.follower import Followed, Follower
from portfolio_log.log import Bounds, InDoubt, LogLost, Record
from portfolio_log.partitions import partition_of
from portfolio_schemas import entries
from portfolio_schemas.entries import Entry
from portfolio_schemas.follow import Place

PARTITIONS = 4
PARTITION = 2
PORTFOLIOS = tuple(name for name in (f"company-{n}" for n in range(40)) if partition_of(name, PARTITIONS) == PARTITION)[:3]


@dataclass
class World:
    """What exists outside every process: the partition, appends that are still under way, and the dice."""

    dice: random.Random
    records: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])
    late: list[Sequence[tuple[str, bytes]]] = field(default_factory=list[Sequence[tuple[str, bytes]]])
    faults: Counter[str] = field(default_factory=Counter[str])

    async def turn(self) -> None:
        """Let others run for a while; an append that is still under way may land meanwhile."""
        for _ in range(self.dice.choice((0, 0, 1, 1, 2, 5, 30))):
            await asyncio.sleep(0)
            if self.late and self.dice.random() < 0.05:
                self.land(self.late.pop(self.dice.randrange(len(self.late))))

    def land(self, records: Sequence[tuple[str, bytes]]) -> int:
        """Put one batch into the partition, whole, and return its base offset."""
        base = len(self.records)
        self.records.extend(records)
        return base


class MisbehavingLog:
    """One client's connection to the log."""

    def __init__(self, world: World, *, trouble: float) -> None:
        self._world = world
        self._trouble = trouble

    async def append(self, partition: int, records: Sequence[tuple[str, bytes]]) -> int | None:
        """Append with a fault of some kind at the rate of `trouble`."""
        assert partition == PARTITION
        await self._world.turn()
        fault = None
        if self._world.dice.random() < self._trouble:
            fault = self._world.dice.choice(("lost", "late", "unacknowledged", "without offset"))
            self._world.faults[fault] += 1
        if fault in ("lost", "late"):
            if fault == "late":
                self._world.late.append(tuple(records))
            raise InDoubt(fault)
        base = self._world.land(records)
        await self._world.turn()
        if fault == "unacknowledged":
            raise InDoubt(fault)
        return None if fault == "without offset" else base

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """Read some of what is there, seldom all of it."""
        assert wait_ms >= 0
        assert partition == PARTITION
        await self._world.turn()
        if offset > len(self._world.records):
            raise LogLost(f"{offset} is beyond the end")
        count = self._world.dice.randint(1, limit)
        found = self._world.records[offset : offset + count]
        return [Record(offset + n, key.encode(), value) for n, (key, value) in enumerate(found)]

    async def bounds(self, partition: int) -> Bounds:
        """Return the bounds of the partition."""
        assert partition == PARTITION
        await self._world.turn()
        return Bounds(0, len(self._world.records))


@dataclass
class Reader:
    """A reader of the whole log, with every entry that it has accepted."""

    follower: Follower
    history: dict[str, list[Entry]] = field(default_factory=dict[str, list[Entry]])

    @classmethod
    def begin(cls, log: MisbehavingLog, older: "Reader | None" = None) -> "Reader":
        """Begin at nothing, or at another reader's checkpoint."""
        history = {portfolio: list(known) for portfolio, known in older.history.items()} if older else {}

        async def hash_of(portfolio: str, entry: int) -> str | None:
            known = history.get(portfolio, [])
            return known[entry].hash if entry < len(known) else None

        places = dict[str, Place]()
        if older:
            places = {portfolio: older.follower.place(portfolio) for portfolio in PORTFOLIOS}
        follower = Follower(
            log,
            partition=PARTITION,
            partitions=PARTITIONS,
            next_offset=older.follower.next_offset if older else 0,
            places=places,
            old_hash=hash_of,
        )
        return cls(follower, history)

    def fold(self, followed: Followed) -> None:
        """Take over what the follower found."""
        for portfolio, stop in followed.stops.items():
            raise AssertionError(f"{portfolio} stopped without damage: {stop}")
        for entry in followed.entries:
            self.history.setdefault(entry.portfolio, []).append(entry)


@dataclass
class Submission:
    """One event on its way in; several writers may take it up."""

    name: str
    portfolio: str


class Writer:
    """A judge reduced to the protocol: it takes submissions in order, appends entries, and answers what it finds in the log."""

    def __init__(self, world: World, name: str, intake: Sequence[Submission], *, trouble: float) -> None:
        self._world = world
        self._name = name
        self._intake = intake
        self._trouble = trouble
        self._log = MisbehavingLog(world, trouble=trouble)
        self._reader = Reader.begin(self._log)
        self._saved: Reader | None = None
        self.acknowledged: dict[str, str] = {}

    async def run(self) -> None:
        """Judge every submission of the intake, with restarts on the way, until all of them are answered."""
        appender = await self._start()
        while waiting := [submission for submission in self._intake if submission.name not in self.acknowledged]:
            batch = self._judge(waiting[: self._world.dice.randint(1, 6)])
            if batch:
                self._reader.fold(await appender.append(batch))
            self._answer()
            if self._world.dice.random() < 0.1:
                self._saved = Reader.begin(self._log, self._reader)
            if self._world.dice.random() < 0.1 * self._trouble:
                self._world.faults["restart"] += 1
                appender = await self._start()

    async def _start(self) -> Appender:
        self._reader = Reader.begin(self._log, self._saved)
        self._reader.fold(await self._reader.follower.read_to_end())
        return Appender(self._log, self._reader.follower)

    def _judge(self, submissions: Sequence[Submission]) -> list[Entry]:
        answered = self._answered()
        heads = {portfolio: self._reader.follower.place(portfolio).head for portfolio in PORTFOLIOS}
        numbers = {portfolio: (head.entry, head.hash) for portfolio, head in heads.items()}
        batch = list[Entry]()
        for submission in submissions:
            if submission.name in answered:
                continue
            for consequence in range(1 + (self._world.dice.random() < 0.2)):
                number, previous = numbers[submission.portfolio]
                entry = entries.build(
                    {
                        "append": heads[submission.portfolio].entry + 1,
                        "door": "http",
                        "entry": number + 1,
                        "event": {"id": f"{submission.name}.{consequence}"},
                        "flags": [],
                        "portfolio": submission.portfolio,
                        "previous": previous,
                        "recordedtime": "2026-01-01T00:00:00.000000Z",
                        "salt": f"{self._world.dice.getrandbits(128):032x}",
                        "submission": submission.name,
                        "version": 1,
                    }
                )
                numbers[submission.portfolio] = (entry.entry, entry.hash)
                batch.append(entry)
        return batch

    def _answered(self) -> dict[str, str]:
        first = dict[str, str]()
        for history in self._reader.history.values():
            for entry in history:
                first.setdefault(entry.submission, entry.hash)
        return first

    def _answer(self) -> None:
        for name, answer in self._answered().items():
            known = self.acknowledged.setdefault(name, answer)
            assert known == answer, f"{self._name}: the verdict on {name} changed"


@dataclass(frozen=True)
class Outcome:
    """What one seed came to."""

    entries: int
    superseded: int
    faults: Counter[str]


async def simulate(seed: int, *, writers: int = 3, submissions: int = 40, trouble: float = 0.3) -> Outcome:
    """Run one history and check it from the outside.

    Raises:
        AssertionError: when an invariant does not hold; the message names what, the caller names the seed.

    """
    dice = random.Random(seed)  # noqa: S311  reproducible histories, no secrets
    world = World(dice)
    intake = [Submission(f"{PARTITION}-{n}-0", dice.choice(PORTFOLIOS)) for n in range(submissions)]
    crews = [Writer(world, f"writer {n}", intake, trouble=trouble) for n in range(writers)]
    await asyncio.gather(*(writer.run() for writer in crews))
    for records in world.late:
        world.land(records)
    honest = MisbehavingLog(world, trouble=0)
    first, superseded = await _read_all(Reader.begin(honest))
    middle = Reader.begin(honest)
    middle.fold(await middle.follower.read(limit=1 + len(world.records) // 2))
    second, _ = await _read_all(Reader.begin(honest, middle))
    _check(intake, crews, first, second)
    return Outcome(sum(map(len, first.history.values())), superseded, world.faults)


async def _read_all(reader: Reader) -> tuple[Reader, int]:
    followed = await reader.follower.read_to_end()
    reader.fold(followed)
    return reader, followed.superseded


def _check(intake: Sequence[Submission], crews: Sequence[Writer], first: Reader, second: Reader) -> None:
    assert first.history == second.history, "two readers disagree"
    recorded = Counter(entry.submission for history in first.history.values() for entry in history if _is_first(entry))
    assert recorded == Counter(submission.name for submission in intake), "a submission is not recorded exactly once"
    for history in first.history.values():
        assert [entry.entry for entry in history] == list(range(len(history))), "entry numbers have a hole"
    hashes = {entry.hash for history in first.history.values() for entry in history}
    for writer in crews:
        assert set(writer.acknowledged.values()) <= hashes, "something acknowledged is not in the log"


def _is_first(entry: Entry) -> bool:
    return str((entry.event or {})["id"]).endswith(".0")
