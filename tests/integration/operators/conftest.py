# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
"""A ledger and a projector on one log and one database, an operator's commands, and what looks at all of it from the outside."""

import asyncio
import contextlib
import dataclasses
import json
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from portfolio_deploy import migrations
from portfolio_ledger.instructions import asking as ledger_asking
from portfolio_ledger.instructions.storage import Answer
from portfolio_log import topics
from portfolio_log.kafka import KafkaLog
from portfolio_log.log import Record
from portfolio_log.partitions import partition_of
from portfolio_projector.instructions import asking
from portfolio_projector.instructions.storage import Wish
from portfolio_projector.read_models import READ_MODELS
from portfolio_projector.repairing import repairing
from portfolio_projector.repairing.planning import Refused
from portfolio_projector.repairing.repairing import Order
from portfolio_schemas import entries
from portfolio_schemas.entries import Entry, Repair
from tests import waiting
from tests.integration.ledger import conftest as ledgers
from tests.integration.ledger.conftest import PARTITIONS
from tests.integration.ledger.stories import post_batch, reported
from tests.integration.projector import conftest as projectors
from tests.integration.projector.stories import expected, stored

_PASSWORD = "portfolio_projector-of-the-tests"  # noqa: S105  as the ledger's tests set it
_COMMAND_LIMIT_S = 90


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command answered."""

    code: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """Topics, a database, and the services that run on them."""

    ledgers: ledgers.Place
    projectors: projectors.Place

    @contextlib.asynccontextmanager
    async def running(self, *, ready: bool = True) -> AsyncGenerator[httpx.AsyncClient]:
        """Run a ledger and a projector in this process, and give a client of the ledger."""
        async with self.projectors.projecting(), self.ledgers.ledger(ready=ready) as client:
            yield client

    async def command(self, module: str, *arguments: str, **settings: str) -> Said:
        """Run an operator's command of a service as a process of its own."""
        dsn = self.ledgers.dsn if module == "portfolio_ledger" else self.projectors.dsn
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments,
            env={
                **ledgers.bare_environment(),
                "PORTFOLIO_KAFKA": self.ledgers.kafka,
                "PORTFOLIO_POSTGRES": dsn,
                "PORTFOLIO_TOPIC_PREFIX": self.ledgers.prefix,
                **settings,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(_COMMAND_LIMIT_S):
            said, _ = await process.communicate()
        return Said(code=await process.wait(), text=said.decode())

    async def resume_ledger(self, portfolio: str | None = None, *, partition: int | None = None, rebuild: bool = False) -> Answer:
        """Do what `ledger resume` does."""
        return await ledger_asking.resume(
            self.ledgers.dsn,
            self.ledgers.topics.ledger.name,
            portfolio=portfolio,
            partition=partition,
            rebuild=rebuild,
            wait_s=_COMMAND_LIMIT_S,
        )

    async def resume_projector(self, wish: Wish, *, partition: int | None = None) -> Answer:
        """Do what `projector resume` does."""
        topic = self.ledgers.topics.ledger.name
        answer = await asking.resume(self.projectors.dsn, topic, wish, partition=partition, wait_s=_COMMAND_LIMIT_S)
        return Answer(done=answer.done, text=answer.text)

    @contextlib.asynccontextmanager
    async def log(self) -> AsyncGenerator[KafkaLog]:
        """The ledger topic itself."""
        async with KafkaLog(self.ledgers.kafka, self.ledgers.topics.ledger.name, client_id="operator-test") as log:
            yield log

    async def append(self, portfolio: str, *values: bytes) -> None:
        """Put records into the ledger topic as no judge would, in one batch."""
        async with self.log() as log:
            await log.append(partition_of(portfolio, PARTITIONS), [(portfolio, value) for value in values])

    async def records(self, partition: int) -> list[Record]:
        """Every record of a partition of the ledger topic."""
        found = list[Record]()
        async with self.log() as log:
            end = (await log.bounds(partition)).end
            while len(found) < end:
                found += await log.read(partition, len(found), limit=1000, wait_ms=1000)
        return found

    async def entries(self, portfolio: str) -> list[Entry]:
        """The entries of a portfolio, recomputed from the raw topic and what repairs set aside; nothing else is wrong with it."""
        accepted, aside = list[Entry](), set[str]()
        items = list(_readable(await self.records(partition_of(portfolio, PARTITIONS))))
        for item in items:
            if item.portfolio == portfolio and isinstance(item, Repair):
                aside |= item.orphans
                accepted = _chain(items, portfolio, aside)
                assert (len(accepted) - 1, accepted[-1].hash) >= (item.head_entry, "")
                assert accepted[item.head_entry].hash == item.head_hash
        return _chain(items, portfolio, aside)

    async def replace_log(self, keep: Callable[[int, list[Record]], Sequence[tuple[str, bytes]]]) -> None:
        """Delete the ledger topic and make it anew with what is kept of each partition, as who restores a copy does."""
        kept = {partition: keep(partition, await self.records(partition)) for partition in range(PARTITIONS)}
        name = self.ledgers.topics.ledger.name
        admin = AIOKafkaAdminClient(bootstrap_servers=self.ledgers.kafka)
        await admin.start()
        try:
            await admin.delete_topics([name])

            async def gone() -> bool:
                return name not in await admin.list_topics()

            await waiting.until(gone, "the topic deleted")
        finally:
            await admin.close()
        await topics.create_missing(self.ledgers.kafka, self.ledgers.topics, partitions=PARTITIONS)
        async with self.log() as log:
            for partition, values in kept.items():
                if values:
                    assert await log.append(partition, values) == 0

    async def repair(self, portfolio: str | None = None, *, agree: bool = True, **order: int) -> tuple[bool, str]:
        """Do what `projector repair` and `abandon` do; return whether the log is in order, and what was said."""
        said = list[str]()
        asked = Order(portfolio=portfolio, reason="test", actor="ines", **order)
        topic = self.ledgers.topics.ledger.name
        try:
            done = await repairing.repair(
                self.ledgers.kafka, self.projectors.dsn, topic, asked, say=said.append, agree=lambda: agree
            )
        except Refused as refusal:
            return False, str(refusal)
        return done, "\n".join(said)

    async def execute(self, *statements: str) -> None:
        """Change the database as its administrator."""
        async with self.ledgers.database() as connection:
            for statement in statements:
                await connection.execute(statement)

    async def forget(self, schema: str) -> None:
        """Empty all tables of a service, as who drops its schema does."""
        query = "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables WHERE schemaname = $1"
        async with self.ledgers.database() as connection:
            await connection.execute(f"TRUNCATE {await connection.fetchval(query, schema)}")

    async def until_projected(self, portfolio: str, entry: int) -> None:
        """Return once every read model has applied an entry, and stands nowhere still in that portfolio."""

        async def applied() -> bool:
            async with self.projectors.connection() as connection:
                rows = await connection.fetch(
                    "SELECT entry, stop_offset, failed_entry FROM projector.heads WHERE portfolio = $1", portfolio
                )
            return len(rows) == len(READ_MODELS) and all(tuple(row) == (entry, None, None) for row in rows)

        await waiting.until(applied, f"all read models at entry {entry} of {portfolio}", limit_s=60)

    async def is_sound(self, portfolio: str) -> int:
        """Check that ledger and read models are what the raw log says, and return its last entry."""
        log = await self.entries(portfolio)
        assert [entry.entry for entry in log] == list(range(len(log)))
        await self.until_projected(portfolio, len(log) - 1)
        ids = [(entry.event["source"], entry.event["id"]) for entry in log if entry.event]
        assert len(ids) == len(set(ids)), "an event is recorded twice"
        await self._until_stored(log)
        async with self.ledgers.database() as connection:
            kept = await connection.fetch("SELECT value FROM projector.entries WHERE portfolio = $1 ORDER BY entry", portfolio)
        assert [row[0] for row in kept] == [entry.value for entry in log]
        await self._rows_are_the_fold_of(log)
        return len(log) - 1

    async def _until_stored(self, log: Sequence[Entry]) -> None:
        """Return once the ledger, whose state follows behind, holds exactly these entries."""

        async def stored_all() -> bool:
            async with self.ledgers.database() as connection:
                query = "SELECT encode(hash, 'hex') FROM ledger.entries WHERE portfolio = $1 ORDER BY entry"
                held = await connection.fetch(query, log[0].portfolio)
            return [row[0] for row in held] == [entry.hash for entry in log]

        await waiting.until(stored_all, f"the ledger holds {len(log)} entries")

    async def _rows_are_the_fold_of(self, log: Sequence[Entry]) -> None:
        from portfolio_projector.folding.facts import Fact  # noqa: PLC0415  the projector's own, for what its rows must be

        portfolio = log[0].portfolio
        wanted = expected(Fact(entry, 0) for entry in log)
        async with self.projectors.connection() as connection:
            found = await stored(connection)
        for table, rows in wanted.items():
            if table != "entries":
                assert [row for row in found[table] if row[0] == portfolio] == rows


def _readable(records: Sequence[Record]) -> Iterator[Entry | Repair]:
    for record in records:
        with contextlib.suppress(entries.Foreign):
            yield entries.read(record.value)


def _chain(items: Sequence[Entry | Repair], portfolio: str, aside: set[str]) -> list[Entry]:
    """Follow the links, record by record, and pass over what does not extend: who lost a race, and what was set aside."""
    chain = list[Entry]()
    for item in items:
        if item.portfolio != portfolio or isinstance(item, Repair):
            continue
        previous = chain[-1].hash if chain else entries.EMPTY_HASH
        if item.entry == len(chain) and item.previous == previous:
            chain.append(item)
        else:
            assert item.hash in aside or item.entry < len(chain), f"a hole before entry {item.entry}"
    return chain


async def publish(client: httpx.AsyncClient, portfolio: str, first: int, count: int) -> None:
    """Report on an item, so often, and see each report recorded."""
    events = [reported(portfolio, "A", f"r{n}") for n in range(first, first + count)]
    answer = await post_batch(client, events)
    assert answer.status_code == 200, answer.text
    assert {receipt["verdict"] for receipt in answer.json()["receipts"]} == {"recorded"}, answer.text


async def readiness(client: httpx.AsyncClient) -> dict[str, Any]:
    """What a service says of itself."""
    return json.loads((await client.get("/health/ready")).content)


@pytest.fixture
async def site(place: ledgers.Place) -> Site:
    """Empty topics and an empty database for one test."""
    dsn = migrations.dsn(place.admin, role="portfolio_projector", password=_PASSWORD, database=place.admin.rpartition("/")[2])
    beside = projectors.Place(kafka=place.kafka, family=place.topics, prefix=place.prefix, dsn=dsn, admin=place.admin)
    return Site(ledgers=dataclasses.replace(place), projectors=beside)


place = ledgers.place
