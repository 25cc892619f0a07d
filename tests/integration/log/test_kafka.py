"""The log protocol on a real Kafka."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest

from portfolio_log import topics
from portfolio_log.appender import Appender
from portfolio_log.follower import Follower
from portfolio_log.kafka import KafkaLog
from portfolio_log.log import InDoubt, LogLost
from portfolio_log.partitions import partition_of
from portfolio_schemas import entries
from portfolio_schemas.entries import Entry

PARTITIONS = 4


@pytest.fixture
async def own_topics(kafka: str) -> topics.Topics:
    """Five empty topics of this test's own."""
    family = topics.Topics(prefix=f"{uuid4()}.")
    await topics.create_missing(kafka, family, partitions=PARTITIONS)
    return family


@pytest.fixture
async def log(kafka: str, own_topics: topics.Topics) -> AsyncGenerator[KafkaLog]:
    """The ledger topic of this test."""
    async with KafkaLog(kafka, own_topics.ledger.name, client_id="test") as log:
        yield log


def follower(log: KafkaLog, partition: int, *, next_offset: int = 0) -> Follower:
    """A follower that begins with nothing."""

    async def nothing(portfolio: str, number: int) -> None:
        assert portfolio
        assert number >= 0

    return Follower(log, partition=partition, partitions=PARTITIONS, next_offset=next_offset, places={}, old_hash=nothing)


def batch(reader: Follower, portfolio: str, submissions: list[str]) -> list[Entry]:
    """One append of entries that follow the reader's head."""
    head = reader.place(portfolio).head
    number, previous = head.entry, head.hash
    made = list[Entry]()
    for submission in submissions:
        number += 1
        entry = entries.build(
            {
                "append": head.entry + 1,
                "door": "http",
                "entry": number,
                "event": {"id": submission},
                "flags": [],
                "portfolio": portfolio,
                "previous": previous,
                "recordedtime": "2026-01-01T00:00:00.000000Z",
                "salt": "0" * 32,
                "submission": submission,
                "version": 1,
            }
        )
        previous = entry.hash
        made.append(entry)
    return made


async def test_two_writers_race_and_every_submission_is_recorded_once(kafka: str, own_topics: topics.Topics):
    """Two producers append at the same heads; what loses is judged again; a reader finds everything once, in order."""
    portfolio = "race"
    partition = partition_of(portfolio, PARTITIONS)

    async def write(name: str) -> set[str]:
        waiting = [f"{name}-{n}" for n in range(200)]
        recorded = set[str]()
        async with KafkaLog(kafka, own_topics.ledger.name, client_id=name) as log:
            reader = follower(log, partition)
            await reader.read_to_end()
            appender = Appender(log, reader)
            while waiting:
                followed = await appender.append(batch(reader, portfolio, waiting[:10]))
                assert not followed.stops
                recorded |= {entry.submission for entry in followed.entries}
                waiting = [submission for submission in waiting if submission not in recorded]
        return recorded

    await asyncio.gather(write("a"), write("b"))
    async with KafkaLog(kafka, own_topics.ledger.name, client_id="reader") as log:
        everything = await follower(log, partition).read_to_end()
    assert not everything.stops
    assert [entry.entry for entry in everything.entries] == list(range(400))
    assert {entry.submission for entry in everything.entries} == {f"{name}-{n}" for name in "ab" for n in range(200)}
    assert everything.superseded > 0


async def test_a_read_is_of_several_fetches_and_no_larger_than_memory_has_room_for(log: KafkaLog):
    """Small records up to the limit, however many batches and fetches they came in; of large ones a megabyte and a half or so."""
    batches = [(b"s" * 1000, 200)] * 7 + [(b"l" * 60_000, 5)] * 20
    for value, count in batches:
        await log.append(0, [("acme", value)] * count)
    small, large = [await log.read(0, offset, limit=800, wait_ms=5000) for offset in (0, 1400)]
    assert [record.offset for record in small] == list(range(800))
    assert [record.offset for record in large] == list(range(1400, 1400 + len(large)))
    assert 1_000_000 < sum(len(record.value or b"") for record in large) < 3_000_000


async def test_a_position_that_is_not_there_is_a_lost_log(log: KafkaLog):
    """A reader that has seen more than the topic holds hears it, at once and by both ways of reading."""
    with pytest.raises(LogLost):
        await follower(log, 0, next_offset=5).read_to_end()
    with pytest.raises(LogLost):
        await follower(log, 0, next_offset=5).read(wait_ms=2000)


async def test_an_append_without_a_broker_is_in_doubt():
    """Nobody answers: the writer is told that it does not know, and can close its client."""
    async with KafkaLog("127.0.0.1:1", "portfolio.ledger", client_id="test") as log:
        with pytest.raises(InDoubt):
            await log.append(0, [("acme", b"{}")])


async def test_the_guards_accept_the_topics_as_they_are_created(kafka: str, own_topics: topics.Topics):
    """What `create_missing` makes is what `guard` wants, and creating again changes nothing."""
    await topics.create_missing(kafka, own_topics, partitions=PARTITIONS + 1)
    assert await topics.guard(kafka, own_topics, expected_partitions=PARTITIONS) == PARTITIONS


async def test_the_guards_refuse_missing_topics_and_another_number_of_partitions(kafka: str, own_topics: topics.Topics):
    """Each refusal says which topic and what to do."""
    with pytest.raises(topics.WrongTopic, match="does not exist"):
        await topics.guard(kafka, topics.Topics(prefix="nobody-made-these."))
    with pytest.raises(topics.WrongTopic, match="has 4 partitions, 12 are recorded"):
        await topics.guard(kafka, own_topics, expected_partitions=12)


@pytest.mark.parametrize(
    ("setting", "value"), [("retention.ms", "1000000"), ("cleanup.policy", "compact"), ("retention.bytes", "1000000")]
)
async def test_the_guards_refuse_a_ledger_that_could_lose_data(kafka: str, own_topics: topics.Topics, setting: str, value: str):
    """A retention or compaction on the ledger topic is named."""
    broken = dict(own_topics.ledger.settings) | {setting: value}
    family = topics.Topics(prefix=own_topics.ledger.name.removesuffix("portfolio.ledger") + "broken.")
    family.ledger = topics.Topic(family.ledger.name, broken, family.ledger.guarded)
    await topics.create_missing(kafka, family, partitions=1)
    with pytest.raises(topics.WrongTopic, match=f"{setting}={value}"):
        await topics.guard(kafka, family)
