"""The follower: reads one partition of the ledger topic and judges every record by the follow rule.

Everybody who reads the ledger topic reads it through this class. Its state is the next offset and a `Place` per portfolio;
whoever stores a checkpoint stores both, so that a restart judges as if it had never stopped.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portfolio_log.log import Log, LogLost, Record
from portfolio_log.partitions import partition_of
from portfolio_schemas import entries, follow
from portfolio_schemas.entries import Entry, Repair
from portfolio_schemas.follow import Judgement, Place, Stop

HashOf = Callable[[str, int], Awaitable[str | None]]
"""Looks up the hash of an old entry of a portfolio; None when the reader has none."""

_READ_LIMIT = 2000
_RECENT_HASHES_MAX = 50_000


@dataclass(slots=True)
class Followed:
    """What a stretch of the partition held: new entries in order, and what an operator must hear about."""

    next_offset: int
    entries: list[Entry] = field(default_factory=list[Entry])
    superseded: int = 0
    stops: dict[str, Stop] = field(default_factory=dict[str, Stop])
    resumed: set[str] = field(default_factory=set[str])
    foreign: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


class RecentHashes:
    """Hashes of the entries that were last read, in front of a slower look-up: losers of a race link to these."""

    def __init__(self, older: HashOf) -> None:
        self._older = older
        self._recent: OrderedDict[tuple[str, int], str] = OrderedDict()

    def remember(self, entry: Entry) -> None:
        """Keep the hash of one more entry and forget the oldest."""
        self._recent[entry.portfolio, entry.entry] = entry.hash
        if len(self._recent) > _RECENT_HASHES_MAX:
            self._recent.popitem(last=False)

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry, None when the reader has none."""
        return self._recent.get((portfolio, entry)) or await self._older(portfolio, entry)


class Follower:
    """A reader of one partition at a position. Not safe for concurrent use; one task owns it.

    `old_hash` answers for entries that were read before this follower began.
    """

    def __init__(
        self,
        log: Log,
        *,
        partition: int,
        partitions: int,
        next_offset: int,
        places: Mapping[str, Place],
        old_hash: HashOf,
    ) -> None:
        self.partition = partition
        self.next_offset = next_offset
        self._log = log
        self._partitions = partitions
        self._places = dict(places)
        self._hashes = RecentHashes(old_hash)

    def place(self, portfolio: str) -> Place:
        """Return where this reader stands in a portfolio."""
        return self._places.get(portfolio, follow.NEW_PLACE)

    async def read(self, *, limit: int = _READ_LIMIT, wait_ms: int = 0) -> Followed:
        """Read and judge the next records; return nothing new when none came within `wait_ms`.

        Raises:
            LogLost: when the position is not in the log any more.

        """
        records = await self._log.read(self.partition, self.next_offset, limit=limit, wait_ms=wait_ms)
        return await self._judge(records)

    async def read_to_end(self) -> Followed:
        """Read and judge everything up to what the end of the partition is now.

        Raises:
            LogLost: when the partition ends before the position.

        """
        bounds = await self._log.bounds(self.partition)
        if bounds.end < self.next_offset:
            raise LogLost(f"Partition {self.partition} ends at {bounds.end}, but was read up to {self.next_offset}.")
        total = Followed(self.next_offset)
        while self.next_offset < bounds.end:
            part = await self.read(wait_ms=1000)
            total.next_offset = part.next_offset
            total.entries += part.entries
            total.superseded += part.superseded
            total.foreign += part.foreign
            total.stops |= part.stops
            total.resumed |= part.resumed
        return total

    def accept(self, appended: Sequence[Entry]) -> Followed:
        """Advance over records that are known to stand at the position, because this reader's own append put them there."""
        for entry in appended:
            self._places[entry.portfolio] = replace(self.place(entry.portfolio), head=follow.Head(entry.entry, entry.hash))
            self._hashes.remember(entry)
        self.next_offset += len(appended)
        return Followed(self.next_offset, entries=list(appended))

    async def _judge(self, records: Sequence[Record]) -> Followed:
        followed = Followed(self.next_offset)
        places = dict[str, Place]()
        for record in records:
            try:
                item = entries.read(record.value)
            except entries.Foreign as reason:
                followed.foreign.append((record.offset, str(reason)))
                continue
            if partition_of(item.portfolio, self._partitions) != self.partition:
                followed.foreign.append((record.offset, f"portfolio {item.portfolio[:64]!r} lives in another partition"))
                continue
            place = places.get(item.portfolio) or self.place(item.portfolio)
            if isinstance(item, Entry):
                places[item.portfolio] = await self._judge_entry(place, item, record.offset, followed)
            else:
                places[item.portfolio] = await self._judge_repair(place, item, record.offset, followed)
        if records:
            followed.next_offset = records[-1].offset + 1
        self._places |= places
        self.next_offset = followed.next_offset
        return followed

    async def _judge_entry(self, place: Place, entry: Entry, offset: int, followed: Followed) -> Place:
        if place.stop is not None:
            return place
        old_hash = None
        if follow.needs_old_hash(place.head, entry):
            old_hash = await self._hashes.hash_of(entry.portfolio, entry.entry - 1)
        judgement = follow.judge(place, entry, old_hash)
        place = follow.advance(place, entry, judgement, offset=offset)
        match judgement:
            case Judgement.EXTENDS:
                self._hashes.remember(entry)
                followed.entries.append(entry)
            case Judgement.SUPERSEDED:
                followed.superseded += 1
            case Judgement.ORPHAN:
                if place.stop is not None:
                    followed.stops[entry.portfolio] = place.stop
        return place

    async def _judge_repair(self, place: Place, repair: Repair, offset: int, followed: Followed) -> Place:
        if place.stop is not None and place.stop.hash in repair.orphans:
            place = await self._read_again(replace(place, stop=None), place.stop, repair, offset, followed)
        if place.stop is None:
            if follow.holds(place, repair):
                return place
            detail = (
                f"A repair names entry {repair.head_entry} with hash {repair.head_hash} as the head; this reader holds another."
            )
            place = replace(place, stop=Stop(offset, repair.head_hash, detail))
            followed.stops[repair.portfolio] = Stop(offset, repair.head_hash, detail)
        return place

    async def _read_again(self, place: Place, stop: Stop, repair: Repair, end: int, followed: Followed) -> Place:
        """Judge one portfolio's records from where it stopped up to its repair, with the named orphans set aside."""
        followed.stops.pop(repair.portfolio, None)
        followed.resumed.add(repair.portfolio)
        offset = stop.offset
        while offset < end:
            records = await self._log.read(self.partition, offset, limit=min(_READ_LIMIT, end - offset), wait_ms=1000)
            for item, at in _of_portfolio(repair.portfolio, records):
                if item.hash not in repair.orphans:
                    place = await self._judge_entry(place, item, at, followed)
            if records:
                offset = records[-1].offset + 1
        return place


def _of_portfolio(portfolio: str, records: Iterable[Record]) -> Iterable[tuple[Entry, int]]:
    for record in records:
        try:
            item = entries.read(record.value)
        except entries.Foreign:
            continue
        if isinstance(item, Entry) and item.portfolio == portfolio:
            yield item, record.offset
