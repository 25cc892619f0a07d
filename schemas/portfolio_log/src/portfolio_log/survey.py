"""A survey: a partition of the log from its first record to its end, as a reader sees it who knows nothing but the log.

A reader that has stopped, or whose offset is not there any more, is compared with it: what it holds is in the log, or an operator
has given up what is not, or records are missing. `find_orphans` looks behind the orphan that stops everybody.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from portfolio_log import reading
from portfolio_log.follower import Follower, HashOf
from portfolio_log.log import Log
from portfolio_schemas import entries, follow
from portfolio_schemas.entries import EMPTY_HASH, Entry, Repair
from portfolio_schemas.follow import NEW_PLACE, Head, Judgement, Place

_READ_LIMIT = 2000
_HASH_SIZE = 32


class Hashes:
    """The hashes of all entries of some portfolios, 32 bytes for each."""

    def __init__(self) -> None:
        self._of = defaultdict[str, bytearray](bytearray)

    def add(self, read: Sequence[Entry]) -> None:
        """Keep the hashes of the next entries."""
        for entry in read:
            self._of[entry.portfolio] += bytes.fromhex(entry.hash)

    def get(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry, None when there is none; that before the first is known."""
        if entry < 0:
            return EMPTY_HASH
        found = self._of.get(portfolio, b"")[entry * _HASH_SIZE : (entry + 1) * _HASH_SIZE]
        return found.hex() if found else None

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry, as followers ask for it."""
        return self.get(portfolio, entry)


class Difference(NamedTuple):
    """What a reader holds and the log does not: everything after `shared`. `given_up`: an operator's record says so."""

    shared: int
    given_up: bool


@dataclass(slots=True)
class Survey:
    """What a partition holds up to `end`: where a reader of nothing else stands in each portfolio, and what was given up."""

    end: int = 0
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    hashes: Hashes = field(default_factory=Hashes)
    given_up: dict[str, set[Head]] = field(default_factory=lambda: defaultdict[str, set[Head]](set))

    def place(self, portfolio: str) -> Place:
        """Return where a reader of nothing but the log stands in a portfolio."""
        return self.places.get(portfolio, NEW_PLACE)

    async def compare(self, portfolio: str, head: Head, own: HashOf) -> Difference | None:
        """Return what a reader at this head holds and the log does not, None when the log has it all.

        `own` tells the reader's own hashes. Entries are linked, so that two readers that agree on one agree on all before it.
        """
        if self.hashes.get(portfolio, head.entry) == head.hash:
            return None
        low, high = -1, head.entry
        while high - low > 1:
            middle = (low + high) // 2
            known = self.hashes.get(portfolio, middle)
            if known is not None and known == await own(portfolio, middle):
                low = middle
            else:
                high = middle
        return Difference(low, head in self.given_up.get(portfolio, ()))


@dataclass(slots=True)
class Orphans:
    """What stands behind the orphan that stops a portfolio: where a reader stands that sets all orphans aside, and those.

    An orphan that is no entry is a repair record that no reader agrees with.
    """

    place: Place
    found: dict[str, Entry | Repair] = field(default_factory=dict[str, Entry | Repair])


async def survey(log: Log, partition: int, partitions: int, *, only: str | None = None) -> Survey:
    """Read a partition, or one portfolio of it, from its first record to its end.

    Raises:
        LogLost: when the first record is not there any more.

    """
    found = Survey((await log.bounds(partition)).end)
    follower = Follower(
        log,
        partition=partition,
        partitions=partitions,
        next_offset=0,
        places={},
        old_hash=found.hashes.hash_of,
        only=None if only is None else {only},
    )
    while follower.next_offset < found.end:
        part = await follower.read(limit=min(_READ_LIMIT, found.end - follower.next_offset), wait_ms=1000)
        found.hashes.add(part.entries)
        found.places |= part.places
        for repair in part.repairs:
            found.given_up[repair.portfolio].update(Head(entry, hash_) for entry, hash_ in repair.abandons)
    return found


async def find_orphans(log: Log, partition: int, found: Survey, portfolio: str) -> Orphans:
    """Read on where a portfolio stops, and set aside everything that would stop it again."""
    stop = found.place(portfolio).stop
    behind = Orphans(replace(found.place(portfolio), stop=None))
    offset = found.end if stop is None else stop.offset
    while offset < found.end:
        records = await log.read(partition, offset, limit=min(_READ_LIMIT, found.end - offset), wait_ms=1000)
        for record in records:
            try:
                item = reading.read(record.value)
            except entries.Foreign:
                continue
            if item.portfolio == portfolio:
                _set_aside(behind, found.hashes, item, record.offset)
        offset += len(records)
    return behind


def _set_aside(behind: Orphans, hashes: Hashes, item: Entry | Repair, offset: int) -> None:
    if isinstance(item, Repair):
        if not follow.holds(behind.place, item):
            behind.found[item.head_hash] = item
        return
    judgement = follow.judge(behind.place, item, hashes.get(item.portfolio, item.entry - 1))
    if judgement is Judgement.ORPHAN:
        behind.found[item.hash] = item
        return
    behind.place = follow.advance(behind.place, item, judgement, offset=offset)
    if judgement is Judgement.EXTENDS:
        hashes.add([item])


def missing(portfolio: str, head: Head, difference: Difference) -> str:
    """Say what a reader holds and the log does not."""
    first, last = difference.shared + 1, head.entry
    which = f"Entry {last}" if first == last else f"Entries {first} to {last}"
    return f"{which} of {portfolio} {'is' if first == last else 'are'} not in the log."
