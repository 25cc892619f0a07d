# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The floor: aiokafka gives every record of a topic, and nothing is done with it.

python -m tests.bench.comparators.raw_consume KAFKA TOPIC PARTITIONS
"""

import asyncio
import gc
import sys

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.bench.processes import say

_RECORDS_MAX = 2000


async def consume(kafka: str, topic: str, partitions: int) -> None:
    """Consume a topic up to its present end."""
    places = [TopicPartition(topic, partition) for partition in range(partitions)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, enable_auto_commit=False, fetch_max_bytes=16 << 20, max_partition_fetch_bytes=9 << 20
    )
    await consumer.start()
    try:
        total = left = sum((await consumer.end_offsets(places)).values())
        gc.collect()
        gc.freeze()
        say("begin", done=0)
        consumer.assign(places)  # nothing is fetched before
        await consumer.seek_to_beginning(*places)
        while left > 0:
            found = await consumer.getmany(*places, timeout_ms=200, max_records=_RECORDS_MAX)
            left -= sum(map(len, found.values()))
        say("end", done=total)
    finally:
        await consumer.stop()


if __name__ == "__main__":
    asyncio.run(consume(sys.argv[1], sys.argv[2], int(sys.argv[3])))
