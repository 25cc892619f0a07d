"""A survey of a partition: what the log holds for who knows nothing else, and what a reader holds that it does not."""

import pytest

from portfolio_log import survey
from portfolio_log.survey import Difference
from portfolio_schemas.entries import EMPTY_HASH
from portfolio_schemas.follow import Head
from tests.unit.log.test_follower import PARTITIONS, RecordsInMemory, chain, repair

COUNT = 6


async def surveyed(log: RecordsInMemory) -> survey.Survey:
    """The survey of a log."""
    return await survey.survey(log, 0, PARTITIONS)


@pytest.mark.parametrize("kept", range(COUNT + 1))
async def test_what_a_reader_holds_beyond_the_log_is_found_to_the_entry(kept: int):
    """Wherever the log ends, or goes on as another one: the last entry that both have."""
    mine = chain(COUNT)
    fork = chain(COUNT - kept, first=kept, previous=mine[kept - 1].hash if kept else EMPTY_HASH, salt="b")
    head = Head(COUNT - 1, mine[-1].hash)

    async def own(_: str, entry: int) -> str | None:
        return mine[entry].hash

    for held in (mine[:kept], [*mine[:kept], *fork]):
        found = await surveyed(RecordsInMemory([one.value for one in held]))
        difference = await found.compare("acme", head, own)
        assert difference == (None if kept == COUNT else Difference(kept - 1, given_up=False))
        assert found.place("acme").head.entry == len(held) - 1
        assert found.end == len(held)


async def test_what_was_given_up_is_told_from_what_is_missing():
    """A repair record that abandons a head says that nobody puts it back."""
    mine = chain(COUNT)
    record = repair([], mine[2], abandons=[mine[-1]])
    found = await surveyed(RecordsInMemory([*(one.value for one in mine[:3]), record]))

    async def own(_: str, entry: int) -> str | None:
        return mine[entry].hash

    assert await found.compare("acme", Head(5, mine[5].hash), own) == Difference(2, given_up=True)
    assert await found.compare("acme", Head(4, mine[4].hash), own) == Difference(2, given_up=False)


async def test_orphans_are_found_with_where_a_reader_stands_behind_them():
    """All that would stop it again: entries that follow nothing, and a repair that names another head."""
    kept, stray = chain(3), chain(2, first=9, previous="1" * 64)
    later = chain(1, first=3, previous=kept[-1].hash)
    wrong = repair(chain(1, salt="d"), chain(1, salt="c")[0])
    log = RecordsInMemory([*(one.value for one in (*kept, *stray)), wrong, *(one.value for one in later)])
    found = await surveyed(log)
    stop = found.place("acme").stop
    assert stop is not None
    assert (stop.offset, stop.hash) == (3, stray[0].hash)
    behind = await survey.find_orphans(log, 0, found, "acme")
    assert behind.place.head == Head(3, later[0].hash)
    assert behind.place.stop is None
    assert set(behind.found) == {stray[0].hash, stray[1].hash, chain(1, salt="c")[0].hash}


async def test_nothing_is_looked_at_that_came_after_the_survey():
    """Else an operator would set aside what was not shown."""
    log = RecordsInMemory([one.value for one in chain(3)])
    log.values.append(chain(1, first=9, previous="1" * 64)[0].value)
    found = await surveyed(log)
    log.values.append(chain(1, first=8, previous="2" * 64)[0].value)
    assert len((await survey.find_orphans(log, 0, found, "acme")).found) == 1


async def test_a_log_in_order_has_no_orphans():
    """And a survey of one portfolio reads that one only."""
    log = RecordsInMemory([one.value for one in chain(3)])
    found = await surveyed(log)
    assert (await survey.find_orphans(log, 0, found, "acme")).found == {}
    assert (await survey.survey(log, 0, PARTITIONS, only="other")).places == {}


@pytest.mark.parametrize(
    ("last", "said"), [(4, "Entry 4 of acme is not in the log."), (6, "Entries 4 to 6 of acme are not in the log.")]
)
def test_what_is_missing_is_said_in_a_sentence(last: int, said: str):
    """One entry, or several."""
    assert survey.missing("acme", Head(last), Difference(3, given_up=False)) == said
