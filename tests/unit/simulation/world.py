"""The world outside every process: topics, databases, the weather, and what has to be true of all of it."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from portfolio_ledger.intake import elements, records
from portfolio_ledger.intake.reader import IntakeRecord
from portfolio_ledger.intake.records import RECORD_SIZE_MAX, Received
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.judging.submissions import Submission
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics
from tests.unit.simulation.truth import Branch, Broken, Document, Key, digest_of

FAMILY = Topics()


@dataclass(frozen=True, kw_only=True)
class Climate:
    """What there is, and how often what goes wrong: shares of appends, of steps of a process, of commits; or how many times."""

    ledgers: int = 2
    projectors: int = 1
    partitions: int = 1
    portfolios: int = 2
    records: int = 18
    appends: float = 0.1
    kills: float = 0.004
    stops: float = 0.002
    pauses: float = 0.006
    disowned: float = 0.002
    commits: float = 0.03
    outages: int = 1
    foreign: float = 0.02
    forged: float = 0.05
    jolts: float = 0.03
    late: bool = True
    calamity: str | None = None

    @property
    def is_fair(self) -> bool:
        """Tell whether nothing goes wrong, and nobody is there twice."""
        return self == Climate.fair(records=self.records)

    @classmethod
    def fair(cls, *, records: int = 18) -> "Climate":
        """Return the climate in which nothing goes wrong."""
        return cls(
            ledgers=1,
            records=records,
            appends=0,
            kills=0,
            stops=0,
            pauses=0,
            disowned=0,
            commits=0,
            outages=0,
            foreign=0,
            jolts=0,
        )


class LedgerPartition:
    """One partition of the ledger topic, and its branches: the last one is what lies there now.

    The older ones go on as they look to whoever has seen them: what links to a record that was lost goes on from it.
    """

    def __init__(self, partition: int, partitions: int, submitted: dict[Key, Submission]) -> None:
        self.records = list[tuple[str, bytes]]()
        self.bases = list[int]()
        self.branches = [Branch(partition, partitions, submitted)]
        self.cut_at = 0
        self._place = (partition, partitions)
        self._submitted = submitted

    @property
    def branch(self) -> Branch:
        """What lies there now."""
        return self.branches[-1]

    @property
    def end(self) -> int:
        """The offset that the next record gets."""
        return len(self.records)

    def land(self, batch: Iterable[tuple[str, bytes]]) -> int:
        """Take one record batch, whole, and return its base offset."""
        base = len(self.records)
        self.bases.append(base)
        for key, value in batch:
            self.records.append((key, value))
            for branch in self.branches:
                branch.observe(key, value)
        return base

    @property
    def batches(self) -> list[list[tuple[str, bytes]]]:
        """The record batches: a log is cut between two of them."""
        return [self.records[base:end] for base, end in pairwise([*self.bases, self.end])]

    def become(self, kept: Iterable[Sequence[tuple[str, bytes]]]) -> None:
        """Hold other batches from now on: the topic lost some, or was filled anew."""
        kept, self.records, self.bases = list(kept), [], []
        older, self.branches = self.branches, [Branch(*self._place, self._submitted)]
        for batch in kept:
            self.land(batch)
        self.branches = [*older, *self.branches]
        self.cut_at = self.end


FORWARDING_KEY = bytes(32)


class IntakePartition:
    """One partition of intake. `names` are those of the submissions at each offset; None for what cannot be read."""

    def __init__(self, partition: int) -> None:
        self.partition = partition
        self.records = list[IntakeRecord]()
        self.received = dict[int, Received]()
        self.end = 0

    def take(self, key: str, value: bytes, headers: Sequence[tuple[str, bytes]]) -> Received:
        """Take a record."""
        record = IntakeRecord(self.end, key.encode(), value, headers)
        received = records.read(self.partition, *record, read_text=read_text, seal=Seal(FORWARDING_KEY))
        self.records.append(record)
        self.received[record.offset] = received
        self.end += 1
        return received


class World:
    """Everything that is outside of processes. `broken` is what did not hold, in the order in which it was noticed.

    `orphaned` tells of portfolios at which offset an orphan stops them, and at which one a right repair lets them go on.
    """

    def __init__(self, seed: int, climate: Climate) -> None:
        self.dice = random.Random(seed)  # noqa: S311  a seed is what makes a history repeatable
        self.climate = climate
        self.calm = False
        self.damaged = False
        self.forked = False
        self.orphaned = dict[str, tuple[int, int | None]]()
        self.broken = list[str]()
        self.faults = Counter[str]()
        self.submitted = dict[Key, Submission]()
        self.keys = dict[str, set[Key]]()
        self.unreadable = set[str]()
        self.ledger = [LedgerPartition(n, climate.partitions, self.submitted) for n in range(climate.partitions)]
        self.intake = [IntakePartition(n) for n in range(climate.partitions)]
        self.away_until = dict[str, float]()
        names = [f"p-{n}" for n in range(60)]
        here = [name for name in names if partition_of(name, climate.partitions) == 0][: climate.portfolios]
        there = [name for name in names if partition_of(name, climate.partitions) == 1][:1]
        self.portfolios = [*here, *there]

    @property
    def now(self) -> float:
        """The virtual time in seconds."""
        return asyncio.get_running_loop().time()

    def break_(self, what: str) -> Broken:
        """Note that an invariant does not hold."""
        self.broken.append(f"{self.now:.3f} s: {what}")
        return Broken(what)

    def strikes(self, share: float, what: str) -> bool:
        """Tell whether a fault happens now; none does when it is calm."""
        if self.calm or self.dice.random() >= share:
            return False
        self.faults[what] += 1
        return True

    def is_away(self, what: str) -> bool:
        """Tell whether `kafka` or `postgres` cannot be reached."""
        return self.away_until.get(what, 0.0) > self.now

    def land(self, partition: int, batch: Sequence[tuple[str, bytes]]) -> int:
        """Put one batch into the ledger topic."""
        try:
            return self.ledger[partition].land(batch)
        except Broken as broken:
            raise self.break_(str(broken)) from broken

    def submit(self, partition: int, key: str, value: bytes, headers: Sequence[tuple[str, bytes]] = ()) -> None:
        """Put a record into intake."""
        for item in self.intake[partition].take(key, value, headers).items:
            if isinstance(item, Submission):
                submission = (item.name, digest_of(item.event.document))
                self.submitted[submission] = item
                self.keys.setdefault(item.name, set()).add(submission)
            else:
                self.unreadable.add(item.name)

    def home(self, portfolio: str) -> int:
        """The partition of a portfolio."""
        return partition_of(portfolio, self.climate.partitions)

    def home_of(self, submission: Submission) -> int:
        """The partition of a submission's portfolio."""
        return self.home(submission.event.portfolio)

    def receipts_for(self, key: Key) -> list[Document]:
        """Return the right receipts for a submission, one for each course that the log has had, the newest first."""
        branches = self.ledger[self.home_of(self.submitted[key])].branches
        return [receipt for branch in reversed(branches) if (receipt := branch.receipt_for(key)) is not None]


_read = dict[bytes, elements.Elements]()


def read_text(raw: bytes) -> elements.Elements:
    """Read a text of intake, each once: many processes read the same."""
    if raw not in _read:
        _read[raw] = elements.read(raw, size_max=RECORD_SIZE_MAX)
    return _read[raw]


def text_of(value: object) -> bytes:
    """JSON as a publisher writes it."""
    return json.dumps(value).encode()
