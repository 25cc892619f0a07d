# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""`projector run` on real Kafka and PostgreSQL: crashes, races, broken logs, topics that must not be trusted."""

import asyncio
import dataclasses
import json
import random
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from portfolio_log.kafka import KafkaLog
from portfolio_log.log import Record
from portfolio_log.partitions import partition_of
from portfolio_projector.folding.facts import Fact
from portfolio_projector.projecting import ownership, running
from portfolio_projector.read_models import READ_MODELS
from portfolio_schemas import codec, entries
from portfolio_schemas.entries import Entry
from tests import waiting
from tests.histories import History
from tests.integration.projector.conftest import PARTITIONS, Place
from tests.integration.projector.stories import Story, expected, stored


async def log_facts(place: Place) -> list[Fact]:
    """Every entry of the topic with its offset, as they lie there."""
    found = list[Fact]()
    async with KafkaLog(place.kafka, place.family.ledger.name, client_id="test") as log:
        for partition in range(PARTITIONS):
            offset, end = 0, (await log.bounds(partition)).end
            while offset < end:
                records = await log.read(partition, offset, limit=1000, wait_ms=500)
                found += [Fact(_entry(record), record.offset) for record in records]
                offset += len(records)
    return found


def _entry(record: Record) -> Entry:
    read = entries.read(record.value)
    assert isinstance(read, Entry)
    return read


async def append_raw(place: Place, partition: int, *values: bytes) -> None:
    """Put records into the ledger topic as no judge would."""
    async with KafkaLog(place.kafka, place.family.ledger.name, client_id="test") as log:
        await log.append(partition, [("acme", value) for value in values])


async def status(place: Place) -> list[tuple[str, str, str]]:
    """(read model, portfolio, why) of what stands still."""
    async with place.connection() as connection:
        rows = await connection.fetch(
            "SELECT read_model, portfolio, stop_detail FROM projector.heads WHERE stop_offset IS NOT NULL ORDER BY 1, 2"
        )
        return [tuple(row) for row in rows]


async def test_two_projectors_that_are_killed_again_and_again_lose_nothing_and_do_nothing_twice(place: Place):
    """Writing goes on; two processes share the partitions; one is killed, three times; rows are the log's fold."""
    stories = [Story(f"{place.prefix}{number}".replace(".", "-"), number) for number in range(6)]
    chance = random.Random(1)  # noqa: S311  a seed is what makes a test repeatable
    processes = [await place.start(), await place.start()]
    try:
        async with place.writer() as writer:
            for turn in range(12):
                for story in stories:
                    story.play(40)
                    await writer.write(story.history, batch=25)
                if turn % 4 == 1:
                    victim = processes.pop(chance.randrange(2))
                    victim.kill()
                    await victim.wait()
                    processes.append(await place.start())
        for story in stories:
            for model in ("entries", "concerns", "initiatives", "backlogs"):
                await place.until_applied(story.history.portfolio, story.history.head.entry, read_model=model)
        await waiting.until(lambda: _owned(place, [2, 2]), "both are at work, and so listen to signals")
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        codes = [await process.wait() for process in processes]
    async with place.connection() as connection:
        assert await stored(connection) == expected(await log_facts(place))
    assert codes == [0, 0]


async def test_replicas_share_the_partitions_and_take_over(place: Place):
    """Four partitions: one replica owns all, two own two each; when one goes the other takes its own."""
    async with place.projecting() as first:
        await waiting.until(lambda: _owned(place, [4]), "one replica owns all partitions")
        async with place.projecting():
            await waiting.until(lambda: _owned(place, [2, 2]), "two replicas own two partitions each")
            first.cancel()
            await waiting.until(lambda: _owned(place, [4]), "the other has taken over")


async def _owned(place: Place, shares: list[int]) -> bool:
    async with place.connection() as connection:
        rows = await connection.fetch(
            "SELECT count(*) AS share FROM pg_locks WHERE locktype = 'advisory' AND classid = $1::int::oid AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY pid",
            ownership.PARTITION_LOCKS,
        )
    return [row["share"] for row in rows] == shares


async def test_a_projector_whose_sessions_are_ended_comes_back(place: Place):
    """PostgreSQL ends every session of the database: the projector connects again and goes on."""
    story = Story("acme", 3)
    async with place.projecting(), place.writer() as writer:
        story.play(20)
        await writer.write(story.history)
        await place.until_applied("acme", story.history.head.entry)
        async with place.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        story.play(20)
        await writer.write(story.history)
        await place.until_applied("acme", story.history.head.entry)
    async with place.connection() as connection:
        assert await stored(connection) == expected(await log_facts(place))


async def test_foreign_records_are_passed_over_and_an_orphan_stops_its_portfolio_only(place: Place):
    """What cannot be read, or lives elsewhere, changes nothing; an altered entry stops one portfolio until a repair names it."""
    other = next(
        name for name in (f"other-{n}" for n in range(100)) if partition_of(name, PARTITIONS) == partition_of("acme", PARTITIONS)
    )
    partition = partition_of("acme", PARTITIONS)
    broken, well = Story("acme", 1), Story(other, 2)
    async with place.projecting():
        async with place.writer() as writer:
            for story in (broken, well):
                story.play(5)
                await writer.write(story.history)
        forged = _forged(broken.history)
        await append_raw(place, partition, b"no json", codec.canonical({"portfolio": "acme"}), forged.value)
        await waiting.until(lambda: _stopped(place), "acme is stopped")
        async with place.writer() as writer:
            well.play(5)
            await writer.write(well.history)
        await place.until_applied(other, well.history.head.entry)
        assert [(model, portfolio) for model, portfolio, _ in await status(place)] == [
            ("backlogs", "acme"),
            ("concerns", "acme"),
            ("entries", "acme"),
            ("initiatives", "acme"),
        ]
        await _repair_and_go_on(place, partition, broken, forged)
        assert await status(place) == []
    async with place.connection() as connection:
        count = await connection.fetchval("SELECT count(*) FROM projector.entries WHERE portfolio = 'acme'")
        assert count == broken.history.head.entry + 1


def _forged(history: History) -> Entry:
    """An entry that follows nothing."""
    copy = History(history.portfolio, head=history.head)
    copy.add("item.item-status-reported", "item/I-1", {"status": "x"})
    return copy.add("item.item-status-reported", "item/I-1", {"status": "y"})


async def _stopped(place: Place) -> bool:
    return len(await status(place)) > 0


async def _repair_and_go_on(place: Place, partition: int, story: Story, forged: Entry) -> None:
    head = {"entry": story.history.head.entry, "hash": story.history.head.hash}
    repair = {"orphans": [forged.hash], "head": head, "reason": "forged", "actor": "operator"}
    await append_raw(place, partition, codec.canonical({"portfolio": "acme", "repair": repair}))
    story.play(5)
    await append_raw(place, partition, *(entry.value for entry in story.history.take()))
    await place.until_applied("acme", story.history.head.entry)


async def test_a_log_that_lost_records_stops_the_partition_visibly(place: Place):
    """A checkpoint beyond the end of the partition: LOG_LOST, said in the status; nothing is reset."""
    async with place.connection() as connection:
        await connection.execute(
            "INSERT INTO projector.positions (read_model, partition, version, next_offset)"
            " SELECT name, 0, version, 500 FROM unnest($1::text[], $2::integer[]) AS model (name, version)",
            [model.name for model in READ_MODELS],
            [model.folding.version for model in READ_MODELS],
        )

        async def lost() -> bool:
            reason = await connection.fetchval("SELECT lost FROM projector.positions WHERE partition = 0 LIMIT 1")
            return reason is not None and "LOG_LOST" in reason

        async with place.projecting():
            await waiting.until(lost, "the status says LOG_LOST")
        assert await connection.fetchval("SELECT next_offset FROM projector.positions WHERE partition = 0 LIMIT 1") == 500


async def test_a_topic_that_could_lose_data_is_refused_with_a_sentence(place: Place):
    """Retention on the ledger topic: exit code 1, and what is wrong."""
    admin = AIOKafkaAdminClient(bootstrap_servers=place.kafka)
    await admin.start()
    try:
        name = place.family.ledger.name
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs={"retention.ms": "1000"})])
    finally:
        await admin.close()
    process = await place.start()
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert "has retention.ms=1000, it must be -1." in errors.decode().splitlines()[-1]


async def test_another_number_of_partitions_than_recorded_is_refused(place: Place):
    """The number is recorded when the topic is first seen."""
    async with place.connection() as connection:
        async with place.projecting():
            await waiting.until(lambda: _owned(place, [4]), "the projector runs")
        assert await connection.fetchval("SELECT partitions FROM projector.topics") == PARTITIONS
        await connection.execute("UPDATE projector.topics SET partitions = 3")
    process = await place.start()
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert "has 4 partitions, 3 are recorded" in errors.decode()


async def test_the_database_of_another_log_is_refused(place: Place):
    """What is stored of one log would be taken for the other's."""
    async with place.projecting():
        await waiting.until(lambda: _owned(place, [4]), "the projector runs")
    process = await dataclasses.replace(place, prefix=f"{place.prefix}other.").start()
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert f"belongs to the log {place.family.ledger.name}, not to " in errors.decode()


async def test_sigterm_ends_it_within_seconds_with_exit_code_0(place: Place):
    """Every log line it wrote is a JSON object."""
    process = await place.start()
    await waiting.until(lambda: _owned(place, [4]), "the projector runs")
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(8):
        _, errors = await process.communicate()
    assert process.returncode == 0
    assert all(json.loads(line)["service"] == "projector-run" for line in errors.splitlines())


async def test_positions_are_mirrored_to_the_consumer_group(place: Place):
    """Lag tools see how far the projector is."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    async with place.projecting(), place.writer() as writer, _group(place) as consumer:
        await writer.write(history)
        one = TopicPartition(place.family.ledger.name, partition_of("acme", PARTITIONS))

        async def mirrored() -> bool:
            committed: int | None = await consumer.committed(one)
            return committed == 1

        await waiting.until(mirrored, "the group has the position")


@asynccontextmanager
async def _group(place: Place) -> AsyncGenerator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(bootstrap_servers=place.kafka, group_id=running.GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()
