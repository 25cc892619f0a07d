"""The follower over a log in memory: what it hands on, where it stops, and how a repair lets it go on."""

from collections.abc import Sequence

import pytest

from portfolio_log.follower import Follower, RecentHashes
from portfolio_log.log import Bounds, LogLost, Record
from portfolio_schemas import codec, follow
from portfolio_schemas.entries import EMPTY_HASH, Entry
from tests.unit.log.test_follow import entry

PARTITIONS = 1


class RecordsInMemory:
    """A partition that is a list."""

    def __init__(self, values: Sequence[bytes]) -> None:
        self.values = list(values)

    async def append(self, partition: int, records: Sequence[tuple[str, bytes]]) -> int | None:
        """Append at the end."""
        assert partition == 0
        self.values += [value for _, value in records]
        return len(self.values) - len(records)

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """Read what is there."""
        assert (partition, wait_ms >= 0) == (0, True)
        return [Record(offset + n, b"acme", value) for n, value in enumerate(self.values[offset : offset + limit])]

    async def bounds(self, partition: int) -> Bounds:
        """Return its bounds."""
        assert partition == 0
        return Bounds(0, len(self.values))


def chain(count: int, *, first: int = 0, previous: str = EMPTY_HASH, salt: str = "a") -> list[Entry]:
    """Entries that follow each other."""
    made = list[Entry]()
    for number in range(first, first + count):
        made.append(entry(number, made[-1].hash if made else previous, salt=salt))
    return made


def follower(log: RecordsInMemory, *, next_offset: int = 0) -> Follower:
    """A follower that begins with nothing."""

    async def nothing(portfolio: str, number: int) -> None:
        assert portfolio
        assert number >= 0

    return Follower(log, partition=0, partitions=PARTITIONS, next_offset=next_offset, places={}, old_hash=nothing)


def repair(orphans: Sequence[Entry], head: Entry, *, abandons: Sequence[Entry] = ()) -> bytes:
    """A repair record."""
    body: codec.Document = {
        "actor": "op",
        "head": {"entry": head.entry, "hash": head.hash},
        "orphans": [o.hash for o in orphans],
        "reason": "lost",
    }
    if abandons:
        body["abandons"] = [{"entry": one.entry, "hash": one.hash} for one in abandons]
    return codec.canonical({"portfolio": "acme", "repair": body})


async def test_entries_come_in_order_and_foreign_records_are_told():
    """What cannot be read is passed over and reported; what follows it still links."""
    entries = chain(3)
    log = RecordsInMemory([entries[0].value, b"junk", b'{"portfolio":"acme"}', entries[1].value, entries[2].value])
    followed = await follower(log).read()
    assert followed.entries == entries
    assert [offset for offset, _ in followed.foreign] == [1, 2]
    assert followed.next_offset == 5


async def test_an_orphan_stops_its_portfolio_once():
    """The first orphan is reported with its place; what comes after it is passed over."""
    entries = chain(5)
    log = RecordsInMemory([e.value for e in (*entries[:2], *entries[3:])])
    reader = follower(log)
    followed = await reader.read()
    assert followed.entries == entries[:2]
    assert followed.stops["acme"].offset == 2
    assert reader.place("acme").head == follow.Head(1, entries[1].hash)


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_a_repair_restores_what_was_missing(limit: int):
    """Missing entries appended again, then a repair that names the orphans: the reader goes on as if nothing had been."""
    entries = chain(4)
    more = entry(4, entries[3].hash)
    orphan = entry(4, entries[3].hash, salt="b")
    values = [e.value for e in (*entries[:2], orphan, *entries[2:])]
    log = RecordsInMemory([*values, repair([orphan], entries[3]), more.value])
    reader = follower(log)
    found = list[Entry]()
    resumed = set[str]()
    while reader.next_offset < len(log.values):
        followed = await reader.read(limit=limit)
        found += followed.entries
        resumed |= followed.resumed
    assert found == [*entries, more]
    assert resumed == {"acme"}
    assert reader.place("acme").stop is None


async def test_a_repair_with_another_head_stops_the_reader():
    """A reader that holds something else than the repair says must not go on."""
    entries = chain(3)
    followed = await follower(RecordsInMemory([*(e.value for e in entries), repair([], entries[1])])).read()
    assert "holds another" in followed.stops["acme"].detail


async def test_a_log_that_ends_before_the_position_is_lost():
    """A reader that has seen more than the log holds says so, and does not begin again."""
    with pytest.raises(LogLost):
        await follower(RecordsInMemory([]), next_offset=3).read_to_end()


async def test_a_log_that_lost_records_and_grew_to_the_same_length_is_noticed():
    """Offsets are as before; what stands there is not. A judge would go on behind an append of its own that nobody accepts."""
    common = chain(3)
    log = RecordsInMemory([one.value for one in [*common, *chain(2, first=3, previous=common[-1].hash)]])
    reader = follower(log)
    await reader.read_to_end()
    await reader.recognise()
    log.values[3:] = [one.value for one in chain(2, first=3, previous=common[-1].hash, salt="b")]
    with pytest.raises(LogLost, match="another log"):
        await reader.recognise()
    with pytest.raises(LogLost):
        await reader.read_to_end()


async def test_what_was_superseded_set_aside_or_foreign_is_no_other_log():
    """The last record of a portfolio may be any that the reader has judged; only entries and what lost a race tell."""
    entries_ = chain(2)
    loser = entry(1, entries_[0].hash, salt="b")
    orphan = entry(7, "e" * 64)
    log = RecordsInMemory([one.value for one in [*entries_, loser]])
    reader = follower(log)
    for value in (b"{}", orphan.value, repair([orphan], entries_[-1])):
        await reader.read_to_end()
        await reader.recognise()
        log.values.append(value)
    await reader.read_to_end()
    await reader.recognise()
    assert reader.place("acme").stop is None


class LittleAtATime(RecordsInMemory):
    """A partition of which a read gets two records."""

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """Read what is there."""
        return await super().read(partition, offset, limit=min(limit, 2), wait_ms=wait_ms)


async def test_what_is_read_to_the_end_is_what_is_read_at_once():
    """Entries with their offsets, places, what lost a race or is foreign, repairs, stops and who goes on: nothing gets lost."""
    kept, lost, stray = chain(4), chain(1, salt="b"), chain(1, first=9, previous="1" * 64)
    later, end = chain(1, first=4, previous=kept[-1].hash), chain(1, first=8, previous="2" * 64)
    values = [kept[0].value, b"junk", *(one.value for one in (*kept[1:], *lost)), b"more junk", stray[0].value]
    values += [repair(stray, kept[-1]), later[0].value, end[0].value]
    once = await follower(RecordsInMemory(values)).read()
    by_and_by = await follower(LittleAtATime(values)).read_to_end()
    assert by_and_by == once
    assert (len(once.entries), once.superseded, len(once.foreign), set(once.stops)) == (5, 1, 2, {"acme"})


async def test_hashes_that_were_read_lately_are_known_and_older_ones_asked_for():
    """However much was read, and in whatever pieces: the last few thousand are remembered, no fewer and not many more."""
    entries, asked = chain(12_000), list[int]()

    async def older(portfolio: str, number: int) -> str | None:
        assert portfolio == "acme"
        asked.append(number)
        return None

    hashes = RecentHashes(older)
    for pieces in (entries[:3000], [], entries[3000:3010], entries[3010:9000]):
        hashes.remember(pieces)
    assert [await hashes.hash_of("acme", number) for number in (4000, 8999)] == [entries[4000].hash, entries[8999].hash]
    hashes.remember(entries[9000:])
    assert [await hashes.hash_of("acme", number) for number in (7000, 11_999)] == [entries[7000].hash, entries[11_999].hash]
    assert [await hashes.hash_of("acme", number) for number in (4000, 6999, 12_000)] == [None] * 3
    assert asked == [4000, 6999, 12_000]
