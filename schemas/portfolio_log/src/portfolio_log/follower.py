"""The follower: reads one partition of the ledger topic and judges every record by the follow rule.

Everybody who reads the ledger topic reads it through this class. Its state is the next offset and a `Place` per portfolio;
whoever stores a checkpoint stores both, so that a restart judges as if it had never stopped.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import cast

from portfolio_log import reading, recognition
from portfolio_log.log import Log, LogLost, Record
from portfolio_log.partitions import partition_of
from portfolio_schemas import entries, follow
from portfolio_schemas.entries import Entry, Repair
from portfolio_schemas.follow import Judgement, Place, Stop

HashOf = Callable[[str, int], Awaitable[str | None]]
"""Looks up the hash of an old entry of a portfolio; None when the reader has none."""

_READ_LIMIT = 2000
_RECENT_HASHES_MAX = 5_000


@dataclass(slots=True)
class Followed:
    """What a stretch of the partition held: new entries in order, and what an operator must hear about.

    `offsets` are those of the entries; `places` are the reader's places that changed, as they are after the stretch, so that a
    reader who reads ahead stores the checkpoint of what it has written. `repairs` are those that the reader agrees with.
    """

    next_offset: int
    entries: list[Entry] = field(default_factory=list[Entry])
    offsets: list[int] = field(default_factory=list[int])
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    superseded: int = 0
    stops: dict[str, Stop] = field(default_factory=dict[str, Stop])
    resumed: set[str] = field(default_factory=set[str])
    repairs: list[Repair] = field(default_factory=list[Repair])
    foreign: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


class RecentHashes:
    """Hashes of the entries that were last read, in front of a slower look-up: losers of a race link to these.

    Hardly anybody asks for one: what is read is sorted by its entries only then.
    """

    def __init__(self, older: HashOf) -> None:
        self._older = older
        self._recent: dict[tuple[str, int], str] = {}
        self._unsorted = deque[tuple[list[str], list[int], list[str]]]()
        self._unsorted_count = 0

    def remember(self, read: Sequence[Entry]) -> None:
        """Keep the hashes of more entries and forget the oldest."""
        if not read:
            return
        self._unsorted.append(([one.portfolio for one in read], [one.entry for one in read], [one.hash for one in read]))
        self._unsorted_count += len(read)
        while self._unsorted_count - len(self._unsorted[0][0]) >= _RECENT_HASHES_MAX:
            self._unsorted_count -= len(self._unsorted.popleft()[0])

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry, None when the reader has none."""
        self._sort()
        return self._recent.get((portfolio, entry)) or await self._older(portfolio, entry)

    def _sort(self) -> None:
        for portfolios, numbers, hashes in self._unsorted:
            self._recent.update(zip(zip(portfolios, numbers, strict=True), hashes, strict=True))
        self._unsorted.clear()
        self._unsorted_count = 0
        excess = len(self._recent) - _RECENT_HASHES_MAX
        if excess > 0:
            for key in list(islice(self._recent, excess)):
                del self._recent[key]


class Follower:
    """A reader of one partition at a position. Not safe for concurrent use; one task owns it.

    `old_hash` answers for entries that were read before this follower began. With `only` it passes over all portfolios but those.
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
        only: Collection[str] | None = None,
    ) -> None:
        self.partition = partition
        self.next_offset = next_offset
        self._log = log
        self._partitions = partitions
        self._places = dict(places)
        self._only = only
        self._hashes = RecentHashes(old_hash)

    def place(self, portfolio: str) -> Place:
        """Return where this reader stands in a portfolio."""
        return self._places.get(portfolio, follow.NEW_PLACE)

    async def recognise(self) -> None:
        """Check that the log before the position is the one that was read; call before the first read. See `recognition`.

        Raises:
            LogLost: when it is another one.

        """
        await recognition.recognise(
            self._log,
            partition=self.partition,
            partitions=self._partitions,
            next_offset=self.next_offset,
            places=self._places,
        )

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
            LogLost: when the partition ends before the position, or is another one there.

        """
        bounds = await self._log.bounds(self.partition)
        if bounds.end < self.next_offset:
            raise LogLost(f"Partition {self.partition} ends at {bounds.end}, but was read up to {self.next_offset}.")
        await self.recognise()
        total = Followed(self.next_offset)
        while self.next_offset < bounds.end:
            part = await self.read(wait_ms=1000)
            total.next_offset = part.next_offset
            total.entries += part.entries
            total.offsets += part.offsets
            total.places |= part.places
            total.superseded += part.superseded
            total.foreign += part.foreign
            total.stops |= part.stops
            total.resumed |= part.resumed
            total.repairs += part.repairs
        return total

    def accept(self, appended: Sequence[Entry]) -> Followed:
        """Advance over records that are known to stand at the position, because this reader's own append put them there."""
        last = {entry.portfolio: entry for entry in appended}
        places = {
            portfolio: replace(self.place(portfolio), head=follow.Head(entry.entry, entry.hash))
            for portfolio, entry in last.items()
        }
        self._places |= places
        self._hashes.remember(appended)
        offsets = list(range(self.next_offset, self.next_offset + len(appended)))
        self.next_offset += len(appended)
        return Followed(self.next_offset, entries=list(appended), offsets=offsets, places=places)

    def halt(self, portfolio: str, place: Place) -> None:
        """Go no further in a portfolio than a place at which its reader stopped by itself."""
        self._places[portfolio] = place

    async def _judge(self, records: Sequence[Record]) -> Followed:
        sitting = _Sitting(self._places, self.next_offset)
        for record in records:
            try:
                item = reading.read(record.value)
            except entries.Foreign as reason:
                sitting.followed.foreign.append((record.offset, str(reason)))
                continue
            if self._only is not None and item.portfolio not in self._only:
                continue
            if partition_of(item.portfolio, self._partitions) != self.partition:
                reason = f"portfolio {item.portfolio[:64]!r} lives in another partition"
                sitting.followed.foreign.append((record.offset, reason))
            elif isinstance(item, Repair):
                await self._judge_repair(sitting, item, record.offset)
            elif not sitting.extends_the_last(item, record.offset):
                await self._judge_entry(sitting, item, record.offset)
        if records:
            sitting.followed.next_offset = records[-1].offset + 1
        sitting.settle()
        self._hashes.remember(sitting.followed.entries)
        self._places |= sitting.places
        self.next_offset = sitting.followed.next_offset
        return sitting.followed

    async def _judge_entry(self, sitting: "_Sitting", entry: Entry, offset: int, *, aside: frozenset[str] = frozenset()) -> None:
        place = sitting.place(entry.portfolio)
        if place.stop is not None:
            return
        old_hash = None
        if follow.needs_old_hash(place.head, entry):
            self._hashes.remember(sitting.followed.entries)
            old_hash = await self._hashes.hash_of(entry.portfolio, entry.entry - 1)
        judgement = follow.judge(place, entry, old_hash)
        if judgement is not Judgement.ORPHAN or entry.hash not in aside:
            sitting.take(place, entry, judgement, offset)

    async def _judge_repair(self, sitting: "_Sitting", repair: Repair, offset: int) -> None:
        place = sitting.place(repair.portfolio)
        if place.stop is not None and place.stop.hash in repair.orphans:
            sitting.resume(repair.portfolio)
            await self._read_again(sitting, place.stop.offset, repair, offset)
        place = sitting.place(repair.portfolio)
        if place.stop is not None:
            return
        if follow.holds(place, repair):
            sitting.followed.repairs.append(repair)
        else:
            head = f"entry {repair.head_entry} with hash {repair.head_hash}"
            sitting.stop(
                repair.portfolio,
                Stop(offset, repair.head_hash, f"A repair names {head} as the head; this reader holds another."),
            )

    async def _read_again(self, sitting: "_Sitting", offset: int, repair: Repair, end: int) -> None:
        """Judge one portfolio's records from where it stopped up to its repair, with the named orphans set aside.

        A named record that is none any more is no orphan: a copy of it may follow what was missing before it.
        """
        while offset < end:
            records = await self._log.read(self.partition, offset, limit=min(_READ_LIMIT, end - offset), wait_ms=1000)
            for item, at in of_portfolio(repair.portfolio, records):
                await self._judge_entry(sitting, item, at, aside=repair.orphans)
            if records:
                offset = records[-1].offset + 1


class _Sitting:
    """The judging of one stretch of records: nothing of it counts until all of it is judged."""

    def __init__(self, known: Mapping[str, Place], next_offset: int) -> None:
        self.followed = Followed(next_offset)
        self.places = self.followed.places
        self._known = known
        self._last = dict[str, Entry]()

    def extends_the_last(self, entry: Entry, offset: int) -> bool:
        """Take the common case without building a place for each record: the first part of the rule, after an entry."""
        last = self._last.get(entry.portfolio)
        if last is None or entry.entry != last.entry + 1 or entry.previous != last.hash:
            return False
        self._last[entry.portfolio] = entry
        self.followed.entries.append(entry)
        self.followed.offsets.append(offset)
        return True

    def place(self, portfolio: str) -> Place:
        """Return where the reader stands in a portfolio, with what this sitting has judged so far."""
        place = self.places.get(portfolio) or self._known.get(portfolio, follow.NEW_PLACE)
        last = self._last.pop(portfolio, None)
        if last is not None:
            place = self.places[portfolio] = replace(place, head=follow.Head(last.entry, last.hash))
        return place

    def take(self, place: Place, entry: Entry, judgement: Judgement, offset: int) -> None:
        """Keep what a record was judged to be."""
        self.places[entry.portfolio] = follow.advance(place, entry, judgement, offset=offset)
        match judgement:
            case Judgement.EXTENDS:
                self._last[entry.portfolio] = entry
                self.followed.entries.append(entry)
                self.followed.offsets.append(offset)
            case Judgement.SUPERSEDED:
                self.followed.superseded += 1
            case Judgement.ORPHAN:
                self.followed.stops[entry.portfolio] = cast("Stop", self.places[entry.portfolio].stop)

    def stop(self, portfolio: str, stop: Stop) -> None:
        """Stop a portfolio."""
        self.places[portfolio] = replace(self.place(portfolio), stop=stop)
        self.followed.stops[portfolio] = stop

    def resume(self, portfolio: str) -> None:
        """Let a stopped portfolio go on from where it stopped."""
        self.places[portfolio] = replace(self.place(portfolio), stop=None)
        self.followed.stops.pop(portfolio, None)
        self.followed.resumed.add(portfolio)

    def settle(self) -> None:
        """Bring every place up to the last entry judged."""
        for portfolio in tuple(self._last):
            self.place(portfolio)


def of_portfolio(portfolio: str, records: Iterable[Record]) -> Iterable[tuple[Entry, int]]:
    """Yield the entries of a portfolio among records, with their offsets."""
    for record in records:
        try:
            item = reading.read(record.value)
        except entries.Foreign:
            continue
        if isinstance(item, Entry) and item.portfolio == portfolio:
            yield item, record.offset
