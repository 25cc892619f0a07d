# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""How fast the projector is: rebuild from zero against raw consuming in the same run, and how soon an append is visible.

    .venv/bin/python -m tests.bench.projector [--events 100000]

Kafka and PostgreSQL are those of the tests (see tests/stacks.py). CPU seconds are those of one Python process each.
"""

import argparse
import asyncio
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import httpx
import psutil
from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console
from rich.table import Table

from portfolio_deploy import migrations
from portfolio_log import topics
from portfolio_log.kafka import KafkaLog
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics
from tests import stacks, waiting
from tests.histories import History, Writer

PARTITIONS = 4
APPENDS = 200
_ROLE = "portfolio_projector"
_PASSWORD = "of-the-bench"  # noqa: S105  and is no secret


def history(portfolio: str, count: int) -> History:
    """A product whose backlog grows by a third of the events; a tenth are moves, the others reports."""
    chance, made, items = random.Random(portfolio), History(portfolio), list[str]()  # noqa: S311  a seed makes runs alike
    made.add("portfolio.portfolio-opened", f"portfolio/{portfolio}", {"name": portfolio, "currency": "EUR"})
    made.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
    for number in range(count - 2):
        which = chance.random()
        if which < 0.3 or not items:
            data = {"product": "product/pay", "title": f"Item {number}", "kind": "feature", "after": items[-1] if items else None}
            items.append(f"item/I-{number}")
            made.add("item.item-added", items[-1], data)
        elif which < 0.4:
            item, after = chance.choice(items), chance.choice(items)
            made.add("item.item-moved", item, {"after": None if item == after else after})
        else:
            made.add(
                "item.item-status-reported", chance.choice(items), {"status": chance.choice(["provisional", "implementable"])}
            )
    return made


async def raw(kafka: str, family: Topics) -> float:
    """Consume everything without looking at it; return records per CPU second."""
    places = [TopicPartition(family.ledger.name, partition) for partition in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, enable_auto_commit=False, fetch_max_bytes=16 << 20, max_partition_fetch_bytes=9 << 20
    )
    await consumer.start()
    try:
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        total, count, began = sum((await consumer.end_offsets(places)).values()), 0, time.process_time()
        while count < total:
            found = await consumer.getmany(*places, timeout_ms=200, max_records=2000)
            count += sum(map(len, found.values()))
        return count / (time.process_time() - began)
    finally:
        await consumer.stop()


async def start(*command: str, **environment: str) -> asyncio.subprocess.Process:
    """Start a program of the projector."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "portfolio_projector", *command,
        env={**os.environ, **environment}, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def latency(client: httpx.AsyncClient, writer: Writer) -> list[float]:
    """Append one event at a time to an idle system; return how long each took to be read back, in milliseconds."""
    made, times = History("latency"), list[float]()
    made.add("portfolio.portfolio-opened", "portfolio/latency", {"name": "Latency", "currency": "EUR"})
    made.add("product.product-conceived", "product/pay", {"name": "Pay"})
    for number in range(APPENDS):
        made.add("item.item-added", f"item/I-{number}", {"product": "product/pay", "title": "x", "kind": "debt"})
        await writer.write(made)
        began = time.perf_counter()
        answer = await client.get("/portfolios/latency/products/pay/backlog", params={"min_entry": made.head.entry, "limit": 1})
        answer.raise_for_status()
        times.append((time.perf_counter() - began) * 1000)
    return times


async def measure(stack: stacks.Stack, events: int, table: Table) -> None:
    """Run everything and fill the table."""
    prefix, database = f"bench-{secrets.token_hex(4)}.", f"bench_{secrets.token_hex(4)}"
    family = Topics(prefix)
    await topics.create_missing(stack.kafka, family, partitions=PARTITIONS)
    await migrations.migrate(stack.postgres, passwords=dict.fromkeys(migrations.ROLES, _PASSWORD), database=database)
    names = {partition_of(f"p-{number}", PARTITIONS): f"p-{number}" for number in range(100)}
    async with KafkaLog(stack.kafka, family.ledger.name, client_id="bench") as log:
        writer = Writer(log, partitions=PARTITIONS)
        for name in names.values():
            await writer.write(history(name, events // PARTITIONS))
        consumed = max([await raw(stack.kafka, family) for _ in range(3)])
        table.add_row("raw aiokafka consume", f"{consumed:,.0f} records per CPU-s", "1.00 x")
        environment = {
            "PORTFOLIO_KAFKA": stack.kafka,
            "PORTFOLIO_POSTGRES": migrations.dsn(stack.postgres, role=_ROLE, password=_PASSWORD, database=database),
            "PORTFOLIO_TOPIC_PREFIX": prefix,
            "PORTFOLIO_PORT": "8981",
        }
        await rebuild(migrations.with_database(stack.postgres, database), environment, events, consumed, table)
        await visible(environment, writer, table)
    connection = await asyncpg.connect(stack.postgres)
    await connection.execute(f"DROP DATABASE {database} WITH (FORCE)")
    await connection.close()


async def rebuild(admin: str, environment: dict[str, str], events: int, consumed: float, table: Table) -> None:
    """Project the whole log into empty tables."""
    connection = await asyncpg.connect(admin)

    async def done() -> bool:
        position = await connection.fetchval("SELECT sum(next_offset) FROM projector.positions WHERE read_model = 'backlogs'")
        return position is not None and position >= events // PARTITIONS * PARTITIONS

    process, began = await start("run", **environment), time.perf_counter()
    await waiting.until(done, "everything projected", limit_s=600)
    wall, used = time.perf_counter() - began, psutil.Process(process.pid)
    cpu = used.cpu_times()
    rate = events / (cpu.user + cpu.system)
    table.add_row("rebuild from zero, all read models", f"{rate:,.0f} events per CPU-s", f"{rate / consumed:.3f} x raw")
    table.add_row("", f"{events / wall:,.0f} events per s", f"{used.memory_info().rss / 1e6:.0f} MB")
    process.terminate()
    await process.wait()
    await connection.close()


async def visible(environment: dict[str, str], writer: Writer, table: Table) -> None:
    """Measure how soon an append is visible."""
    processes = [await start(command, **environment) for command in ("run", "serve")]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{environment['PORTFOLIO_PORT']}", timeout=30) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/health/ready")).json().get("projecting", False)
            except httpx.TransportError:
                return False

        await waiting.until(ready, "reads are answered")
        times = sorted(await latency(client, writer))
    p50, p99 = statistics.median(times), times[int(len(times) * 0.99) - 1]
    table.add_row("acknowledged append to visible in the read API", f"p50 {p50:.1f} ms", f"p99 {p99:.1f} ms")
    for process in processes:
        process.terminate()
        await process.wait()


async def main() -> None:
    """Start what is needed, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    events: int = parser.parse_args().events
    table = Table("what", "measured", "", title=f"Projector, {events:,} events, {PARTITIONS} partitions")
    kind, _ = stacks.choose()
    with tempfile.TemporaryDirectory() as directory:
        async with stacks.running(kind, Path(directory)) as stack:
            await measure(stack, events, table)
    Console().print(table)


if __name__ == "__main__":
    asyncio.run(main())
