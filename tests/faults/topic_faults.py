# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""What operators do to topics, by mistake or to put things right."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from tests import waiting
from tests.faults.load import PARTITIONS
from tests.faults.raw_log import RawRecord

KEPT = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "message.timestamp.type": "LogAppendTime",
    "max.message.bytes": "8388608",
    "unclean.leader.election.enable": "false",
}
"""The settings of a ledger topic that loses nothing."""


async def alter(kafka: str, topic: str, **settings: str) -> None:
    """Set a topic's settings, and those that are not named as they should be."""
    wanted = KEPT | {name.replace("_", "."): value for name, value in settings.items()}
    async with _admin(kafka) as admin:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=wanted)])


async def delete(kafka: str, topic: str) -> None:
    """Delete a topic, and wait until it is gone."""
    async with _admin(kafka) as admin:
        await admin.delete_topics([topic])

        async def gone() -> bool:
            return topic not in await admin.list_topics()

        await waiting.until(gone, f"{topic} is gone")


async def create(kafka: str, topic: str, *, settings: dict[str, str] | None = None) -> None:
    """Create a topic, as soon as what was deleted lets it be."""
    new = NewTopic(topic, PARTITIONS, 1, topic_configs=KEPT if settings is None else settings)
    async with _admin(kafka) as admin:

        async def made() -> bool:
            answer: Any = await admin.create_topics([new])
            return all(error[1] == 0 for error in answer.topic_errors)

        await waiting.until(made, f"{topic} is created")


async def recreate(kafka: str, topic: str, records: Sequence[RawRecord] = ()) -> None:
    """Delete a topic, create it anew, and fill it with these records, verbatim and in their order."""
    await delete(kafka, topic)
    await create(kafka, topic)
    await append(kafka, topic, records)


async def append(kafka: str, topic: str, records: Sequence[RawRecord]) -> None:
    """Append records to a topic's partitions in their order."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for record in records:
            await producer.send(topic, record.value, key=record.key, partition=record.partition)
        await producer.flush()
    finally:
        await producer.stop()


async def delete_records(kafka: str, topic: str, partition: int, before: int) -> None:
    """Delete the first records of a partition."""
    async with _admin(kafka) as admin:
        await admin.delete_records({TopicPartition(topic, partition): RecordsToDelete(before_offset=before)})


async def add_partition(kafka: str, topic: str) -> None:
    """Give a topic one partition more."""
    async with _admin(kafka) as admin:
        await admin.create_partitions({topic: NewPartitions(PARTITIONS + 1)})


@asynccontextmanager
async def _admin(kafka: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    try:
        for _ in range(3):
            try:
                await admin.start()
                break
            except KafkaError:
                await asyncio.sleep(0.5)
        yield admin
    finally:
        await admin.close()
