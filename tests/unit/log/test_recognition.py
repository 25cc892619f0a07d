"""Recognising the log: a reader goes on only where the records before its position are those that it has read."""

import pytest

from portfolio_log.log import LogLost
from portfolio_log.recognition import RECORDS, recognise
from portfolio_schemas.follow import Head, Place, Stop
from tests.unit.log.test_follower import PARTITIONS, RecordsInMemory, chain, follower, repair


async def recognised(log: RecordsInMemory, place: Place, *, next_offset: int | None = None) -> None:
    """Recognise a log at its end, or at an offset, with this place in its portfolio."""
    at = len(log.values) if next_offset is None else next_offset
    await recognise(log, partition=0, partitions=PARTITIONS, next_offset=at, places={"acme": place})


@pytest.mark.parametrize("count", [0, 1, RECORDS, RECORDS + 1])
async def test_what_was_followed_is_recognised(count: int):
    """However long it is, and whatever foreign records lie at its end."""
    log = RecordsInMemory([*(one.value for one in chain(count)), b"foreign"])
    reader = follower(log)
    await reader.read_to_end()
    await recognised(log, reader.place("acme"))


async def test_an_append_that_lost_its_race_is_recognised():
    """The last record is the tip then."""
    kept, lost = chain(3), chain(1, salt="b")
    log = RecordsInMemory([one.value for one in (*kept, *lost)])
    reader = follower(log)
    await reader.read_to_end()
    assert reader.place("acme").tip == lost[0].hash
    await recognised(log, reader.place("acme"))


async def test_orphans_say_nothing_once_they_are_set_aside_and_nothing_while_they_stop_their_portfolio():
    """A reader that stopped at them, and one that went on after a repair, recognise the log."""
    kept = chain(3)
    orphan = chain(1, first=5, previous="1" * 64)
    log = RecordsInMemory([*(one.value for one in kept), orphan[0].value])
    place = Place(Head(2, kept[-1].hash))
    await recognised(log, Place(place.head, stop=Stop(3, orphan[0].hash, "it was")))
    log.values.append(repair(orphan, kept[-1]))
    await recognised(log, place)


@pytest.mark.parametrize("salt", ["b", "c"])
async def test_another_log_of_the_same_length_is_not_recognised(salt: str):
    """Although every record in it links to the one before."""
    mine, other = chain(5), chain(5, salt=salt)
    with pytest.raises(LogLost, match="another log"):
        await recognised(RecordsInMemory([one.value for one in other]), Place(Head(4, mine[-1].hash)))


async def test_a_portfolio_that_was_never_read_is_not_recognised():
    """What lies before the position was read, so its portfolio is known."""
    log = RecordsInMemory([one.value for one in chain(5)])
    with pytest.raises(LogLost, match="another log"):
        await recognise(log, partition=0, partitions=PARTITIONS, next_offset=5, places={})


async def test_a_log_that_ends_before_the_position_is_lost():
    """Nothing is waited for that cannot come."""
    log = RecordsInMemory([one.value for one in chain(5)])
    with pytest.raises(LogLost, match="ends before offset 6"):
        await recognised(log, Place(Head(4)), next_offset=6)
