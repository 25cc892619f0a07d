# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""What people write: a FastStream handler that takes one typed message and writes it in a transaction of its own.

    python -m tests.bench.comparators.plain_faststream KAFKA TOPIC POSTGRES SECONDS

It keeps each entry, and the last state of each subject, so that a message that comes twice changes nothing.
"""

import asyncio
import json
import sys
import time
from typing import Any

import asyncpg
from faststream import FastStream
from faststream.kafka import KafkaBroker, KafkaMessage
from pydantic import BaseModel

from tests.bench.processes import say

_TABLES = """
CREATE TABLE plain_entries (
    portfolio text, entry bigint, type text NOT NULL, subject text NOT NULL, recordedtime timestamptz NOT NULL,
    body bytea NOT NULL, PRIMARY KEY (portfolio, entry)
);
CREATE TABLE plain_subjects (
    portfolio text, subject text, version integer NOT NULL, last_entry bigint NOT NULL, state jsonb NOT NULL,
    PRIMARY KEY (portfolio, subject)
);
"""
_KEEP = """
INSERT INTO plain_entries (portfolio, entry, type, subject, recordedtime, body) VALUES ($1, $2, $3, $4, $5::text::timestamptz, $6)
ON CONFLICT DO NOTHING
"""
_FOLD = """
INSERT INTO plain_subjects (portfolio, subject, version, last_entry, state) VALUES ($1, $2, $3, $4, $5::text::jsonb)
ON CONFLICT (portfolio, subject) DO UPDATE
SET version = EXCLUDED.version, last_entry = EXCLUDED.last_entry, state = plain_subjects.state || EXCLUDED.state
WHERE plain_subjects.last_entry < EXCLUDED.last_entry
"""


class Event(BaseModel):
    """What the ledger recorded."""

    type: str
    subject: str
    time: str
    data: dict[str, Any] = {}


class Entry(BaseModel):
    """An entry of the ledger topic."""

    portfolio: str
    entry: int
    version: int
    recordedtime: str
    event: Event


async def run(kafka: str, topic: str, postgres: str, seconds: float) -> None:
    """Handle messages for so long."""
    broker = KafkaBroker(kafka, logger=None)
    application = FastStream(broker, logger=None)
    done = 0
    async with asyncpg.create_pool(postgres, min_size=4, max_size=4) as pool:
        await pool.execute(_TABLES)

        @broker.subscriber(topic, group_id="plain-faststream", auto_offset_reset="earliest")
        async def handle(entry: Entry, message: KafkaMessage) -> None:
            nonlocal done
            if done == 0:
                say("begin", done=0)
                asyncio.get_running_loop().call_later(seconds, application.exit)
            event = entry.event
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute(
                    _KEEP, entry.portfolio, entry.entry, event.type, event.subject, entry.recordedtime, message.body
                )
                state = json_of(event.data)
                await connection.execute(_FOLD, entry.portfolio, event.subject, entry.version, entry.entry, state)
            done += 1

        began = time.monotonic()
        await application.run()
        say("end", done=done, seconds=time.monotonic() - began)


def json_of(data: dict[str, Any]) -> str:
    """Return a body as text for a column of JSON."""
    return json.dumps(data)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])))
