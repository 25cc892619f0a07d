# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Hearing receipts: one small consumer of the receipts topic per process, for what other replicas judged."""

from collections.abc import Sequence
from typing import Any

import pydantic_core
import structlog
from faststream.kafka import KafkaBroker, TopicPartition
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage

from portfolio_ledger.http.waiting import Waiting
from portfolio_ledger.intake.records import SUBMISSION_HEADER
from portfolio_ledger.judging.receipt_texts import Told
from portfolio_schemas.receipts import Submission

_BATCH_MAX = 1000
_POLL_MS = 10

_logger = structlog.get_logger()


def subscribe(broker: KafkaBroker, topic: str, partitions: int, waiting: Waiting) -> None:
    """Let a broker hear all receipts from now on."""

    async def hear(records: Sequence[Any]) -> None:
        for record in records:
            try:
                _deliver(record, waiting)
            except Exception as error:  # noqa: BLE001  a receipt that cannot be read must not keep the others from being heard
                _logger.warning(
                    "receipt-unreadable", partition=record.partition, offset=record.offset, error=type(error).__name__
                )

    subscriber: Any = broker.subscriber(
        partitions=[TopicPartition(topic, partition) for partition in range(partitions)],
        batch=True,
        max_records=_BATCH_MAX,
        batch_timeout_ms=_POLL_MS,
        auto_offset_reset="latest",
        parser=_pass_through,
        decoder=_keep,
        title="receipts",
        description="Receipts, one record for each intake record.",
    )
    subscriber(hear)


async def _pass_through(records: Sequence[Any]) -> KafkaMessage:
    """Hand records on as they are: what they mean is read by their headers."""
    return KafkaMessage(body=b"", headers={}, raw_message=records, consumer=FAKE_CONSUMER)


async def _keep(message: KafkaMessage) -> object:
    return message.raw_message


def _deliver(record: Any, waiting: Waiting) -> None:  # noqa: ANN401  a ConsumerRecord, which has no types
    name = next((value for header, value in record.headers if header == SUBMISSION_HEADER), None)
    if name is None:
        return
    first = Submission.read(name.decode())
    if not waiting.knows(first.partition, first.offset, first.index):
        waiting.deliver(first.partition, first.offset, read(record.value), first=first.index)


def read(value: bytes) -> Sequence[Told]:
    """Read a record of the receipts topic: one receipt, or an array of them."""
    document: Any = pydantic_core.from_json(value)
    receipts = document if isinstance(document, list) else [document]
    return [Told.of(receipt) for receipt in receipts]
