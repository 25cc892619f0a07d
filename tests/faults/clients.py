# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Clients of the ledger that do what the API's documentation tells them: try again, the same event, until there is a verdict."""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Sequence
from typing import Any, Self

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from tests.faults.records import FINAL, History
from tests.faults.stories import Event

_SINGLE = "application/cloudevents+json"
_BATCH = "application/cloudevents-batch+json"
_WAIT_S = 5
_SPARE_S = 4
_CONNECT_S_MAX = 3
_PAUSE_S_MAX = 2.0
_RECEIPT_S_MAX = 8.0
_SEND_S_MAX = 6.0


class GaveUp(Exception):
    """No verdict came before the client was told to give up."""


class Patience:
    """How long clients try: until `until`, which is moved when the load is over."""

    def __init__(self) -> None:
        self.until = float("inf")

    def check(self) -> None:
        """Give up when it is time to."""
        if time.monotonic() > self.until:
            raise GaveUp


class HttpClient:
    """Posts events to one ledger or another, which answer within `wait_s`. Use as an asynchronous context manager."""

    def __init__(
        self, addresses: Sequence[str], history: History, patience: Patience, seed: str, *, wait_s: int = _WAIT_S
    ) -> None:
        self._addresses = addresses
        self._history = history
        self._patience = patience
        self._chance = random.Random(seed)  # noqa: S311  a seed makes runs alike
        self._turn = self._chance.randrange(len(addresses))
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(wait_s + _SPARE_S, connect=_CONNECT_S_MAX), headers={"prefer": f"wait={wait_s}"}
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def post(self, event: Event) -> dict[str, Any]:
        """Post one event until there is a verdict, and return the receipt.

        Raises:
            GaveUp: when there was none in time.

        """
        return (await self._until_told([event], "http", json.dumps(event), _SINGLE))[0]

    async def post_batch(self, events: Sequence[Event]) -> list[dict[str, Any]]:
        """Post a batch until there is a verdict on each, and return the receipts."""
        return await self._until_told(events, "batch", json.dumps(events), _BATCH)

    async def once(self, event: Event) -> dict[str, Any] | None:
        """Post one event once; return the receipt, None when the outcome is unknown."""
        return (await self._send([event], "http", json.dumps(event), _SINGLE))[0][0]

    async def _until_told(self, events: Sequence[Event], door: str, content: str, kind: str) -> list[dict[str, Any]]:
        while True:
            self._patience.check()
            receipts, pause_s = await self._send(events, door, content, kind)
            if all(receipts):
                return [receipt for receipt in receipts if receipt]
            await asyncio.sleep(min(pause_s, _PAUSE_S_MAX) * self._chance.uniform(0.5, 1))

    async def _send(
        self, events: Sequence[Event], door: str, content: str, kind: str
    ) -> tuple[list[dict[str, Any] | None], float]:
        """Send once; return what is told of each event, and how long to wait before the next try."""
        for event in events:
            self._history.send(event, door)
        self._turn = (self._turn + 1) % len(self._addresses)
        try:
            answer = await self._client.post(
                f"{self._addresses[self._turn]}/events", content=content, headers={"content-type": kind}
            )
            told = _read(answer, len(events))
        except (httpx.HTTPError, ValueError) as error:
            told, answer = list[dict[str, Any] | None]([None] * len(events)), None
            why = type(error).__name__
        else:
            why = str(answer.status_code)
        for event, receipt in zip(events, told, strict=True):
            if receipt is None:
                self._history.hear_nothing(event, door, why)
            else:
                self._history.hear(event, door, receipt)
        return told, float(answer.headers.get("retry-after", 0.2)) if answer is not None else 0.2


def _read(answer: httpx.Response, count: int) -> list[dict[str, Any] | None]:
    """Return the receipts of an answer, None where there is none yet."""
    document: Any = answer.json()
    if "receipts" in document:
        return [one if one and one.get("verdict") in FINAL else None for one in document["receipts"]]
    if document.get("verdict") in FINAL:
        return [document]
    if answer.status_code in (202, 404, 429, 500, 502, 503):
        return [None] * count
    raise AssertionError(f"{answer.status_code} {answer.text[:500]}")


class Receipts:
    """Hears all receipts on their topic. Use as an asynchronous context manager.

    A duplicate is told the first receipt again, which names the first submission: what is answered stands in the header.
    """

    def __init__(self, bootstrap: str, topic: str, history: History) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._history = history
        self._waiting = dict[str, asyncio.Future[dict[str, Any]]]()
        self._heard = dict[str, dict[str, Any]]()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._hear())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def of(self, submission: str) -> dict[str, Any]:
        """Return the receipt of a submission as soon as it is heard."""
        if submission in self._heard:
            return self._heard[submission]
        future = self._waiting.setdefault(submission, asyncio.get_running_loop().create_future())
        return await asyncio.shield(future)

    async def _hear(self) -> None:
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, group_id=None, enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign([TopicPartition(self._topic, partition) for partition in range(4)])
            await consumer.seek_to_beginning()
            while True:
                with contextlib.suppress(KafkaError):
                    for records in (await consumer.getmany(timeout_ms=500)).values():
                        for record in records:
                            self._take(dict(record.headers)["submission"].decode(), json.loads(record.value or b""))
        finally:
            await _stopped(consumer)

    def _take(self, first: str, document: Any) -> None:  # noqa: ANN401  JSON
        """Take the receipts of a record, which answers submissions from the one on that its header names."""
        partition, offset, index = first.split("-")
        for n, receipt in enumerate(document if isinstance(document, list) else [document], start=int(index)):
            name = f"{partition}-{offset}-{n}"
            self._heard[name] = receipt
            if receipt.get("source"):
                self._history.hear(receipt, "receipts", receipt)
            future = self._waiting.pop(name, None)
            if future is not None and not future.done():
                future.set_result(receipt)


class KafkaClient:
    """Publishes straight to intake, and waits for the receipts. Use as an asynchronous context manager."""

    def __init__(self, bootstrap: str, topic: str, receipts: Receipts, history: History, patience: Patience) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._receipts = receipts
        self._history = history
        self._patience = patience
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._drop(self._producer)

    async def publish(self, events: Sequence[Event]) -> list[dict[str, Any]]:
        """Publish events of one portfolio, as an array when there are several, until there is a verdict on each."""
        value = json.dumps(events[0] if len(events) == 1 else events).encode()
        while True:
            self._patience.check()
            place = await self._send(events, value)
            if place is not None:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_RECEIPT_S_MAX):
                        names = [f"{place[0]}-{place[1]}-{index}" for index in range(len(events))]
                        return [await self._receipts.of(name) for name in names]
            for event in events:
                self._history.hear_nothing(event, "kafka", "no receipt")

    async def _send(self, events: Sequence[Event], value: bytes) -> tuple[int, int] | None:
        for event in events:
            self._history.send(event, "kafka")
        producer = None
        try:
            async with asyncio.timeout(_SEND_S_MAX):
                producer = await self._running()
                sent: Any = await producer.send_and_wait(self._topic, value, key=events[0]["portfolio"].encode())
        except (KafkaError, TimeoutError, OSError, AssertionError):
            await self._drop(producer)
            await asyncio.sleep(0.3)
            return None
        return (sent.partition, sent.offset) if sent.offset >= 0 else None

    async def _running(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, acks="all", enable_idempotence=True)
                try:
                    await producer.start()
                except BaseException:
                    await _stopped(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _drop(self, producer: AIOKafkaProducer | None) -> None:
        if producer is not None and producer is self._producer:
            self._producer = None
            await _stopped(producer)


async def _stopped(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop a client whose broker may be away."""
    with contextlib.suppress(KafkaError, TimeoutError, OSError, AssertionError):
        async with asyncio.timeout(2):
            await client.stop()
