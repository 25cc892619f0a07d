"""Recognising the log: before a reader goes on at its position it makes sure that this is the log it has read up to there.

A topic that was deleted and filled from elsewhere may have records at every offset that will be read from now on. Links show
that it is another one as soon as a record of a portfolio comes that the reader knows, which may be never; meanwhile a judge would
append to heads that this log does not hold.
"""

from collections.abc import Mapping, Sequence

from portfolio_log.log import Log, LogLost, Record
from portfolio_log.partitions import partition_of
from portfolio_schemas import entries, follow
from portfolio_schemas.entries import Entry, Repair
from portfolio_schemas.follow import Place

RECORDS = 100
"""How many records before the position are looked at."""


async def recognise(log: Log, *, partition: int, partitions: int, next_offset: int, places: Mapping[str, Place]) -> None:
    """Check that the last records before a position are the ones that led to these places.

    The last record of a portfolio is its head, or its tip where it lost a race. What a reader passed over says nothing: foreign
    records, those of a portfolio that is stopped, orphans that a repair set aside. (A copy of such an orphan may be the head.)

    Raises:
        LogLost: when a record is another one, or none is there.

    """
    records = await _read(log, partition, max(next_offset - RECORDS, 0), next_offset)
    heads = frozenset(place.head.hash for place in places.values())
    for portfolio, (entry, offset) in _last(records, partition, partitions, heads).items():
        place = places.get(portfolio, follow.NEW_PLACE)
        if place.stop is None and entry.hash not in (place.head.hash, place.tip):
            held, read = f"entry {entry.entry} with hash {entry.hash}", f"entry {place.head.entry} with hash {place.head.hash}"
            raise LogLost(
                f"Partition {partition} holds {held} of {portfolio} at offset {offset}, but {read} was the last one read before: "
                "it is another log, or an altered one."
            )


async def _read(log: Log, partition: int, start: int, end: int) -> list[Record]:
    found = list[Record]()
    while start + len(found) < end:
        more = await log.read(partition, start + len(found), limit=end - start - len(found), wait_ms=1000)
        if not more and (await log.bounds(partition)).end < end:
            raise LogLost(f"Partition {partition} ends before offset {end}, up to which it was read before.")
        found += more
    return found


def _last(records: Sequence[Record], partition: int, partitions: int, heads: frozenset[str]) -> dict[str, tuple[Entry, int]]:
    """Return the last entry of each portfolio, and its offset."""
    last, aside = dict[str, tuple[Entry, int]](), set[str]()
    for record in reversed(records):
        try:
            item = entries.read(record.value)
        except entries.Foreign:
            continue
        if isinstance(item, Repair):
            aside |= item.orphans
        elif (item.hash not in aside or item.hash in heads) and partition_of(item.portfolio, partitions) == partition:
            last.setdefault(item.portfolio, (item, record.offset))
    return last
