"""What an operator answers with: `portfolio repair` and `portfolio abandon`, as commands, on a system that is at work."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import asyncpg
import httpx

from tests import waiting
from tests.faults import load, raw_log, topic_faults
from tests.faults.outcomes import Outcome, log_ends
from tests.faults.raw_log import RawRecord
from tests.faults.replicas import Replica
from tests.faults.stories import Story
from tests.faults.world import World, until_projected

_COMMAND_S_MAX = 120
_ON = 20
"""So many events more are acknowledged by what goes on."""

_SAID = ("--reason", "as an operator does it", "--actor", "ines")
_TABLES = "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'projector'"


async def command(system: World, *arguments: str) -> tuple[int, str]:
    """Run the `portfolio` command against the system; return its exit code and what it said."""
    ledger, projector = (_postgres(system.of(kind)[0]) for kind in ("ledger", "projector"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "portfolio_deploy", *arguments,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")},
            "PORTFOLIO_KAFKA": system.kafka,
            "PORTFOLIO_LEDGER_POSTGRES": ledger,
            "PORTFOLIO_PROJECTOR_POSTGRES": projector,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(_COMMAND_S_MAX):
        said, _ = await process.communicate()
    return await process.wait(), said.decode()


async def repair_an_orphan_under_load(system: World, seed: str, outcome: Outcome) -> None:
    """An entry that follows nothing comes into the topic while everybody writes: one portfolio stops, till it is repaired."""
    victim, *others = system.portfolios
    async with load.running(system, seed):
        await _until_more(system, system.portfolios)
        record = await _orphan(system, victim)
        await topic_faults.append(system.kafka, system.ledger_topic, [record])
        await waiting.until(lambda: _is_stopped(system, victim), f"{victim} is stopped by an orphan", limit_s=60)
        await _until_more(system, others)
        await _answered(system, outcome, "orphan under load", "repair", victim, *_SAID, "--yes")
        await _until_more(system, system.portfolios)
    outcome.notes.append(f"orphan under load: {victim} stopped alone, was repaired, and went on with what had waited")


async def repair_a_lost_log(system: World, kept: Sequence[RawRecord], outcome: Outcome) -> None:
    """A log that has lost its second half is filled up again, while the services stand still, partition by partition."""
    for replica in system.replicas.values():
        await replica.start()
    await waiting.until(lambda: _has_lost_all(system), "every partition is lost", limit_s=60)
    for partition in range(load.PARTITIONS):
        await _answered(system, outcome, "half a log", "repair", "--partition", str(partition), *_SAID, "--yes")
    await asyncio.gather(*(replica.ready() for replica in system.replicas.values()))
    await until_projected(system, await log_ends(system.kafka, system.ledger_topic))
    before, after = (raw_log.follow(records) for records in (kept, await raw_log.read(system.kafka, system.ledger_topic)))
    count = sum(map(len, before.entries.values()))
    outcome.notes.append(f"half a log: {count} entries, {sum(map(len, after.entries.values()))} after the repair")


async def give_up(system: World, outcome: Outcome) -> None:
    """What the log has lost and nobody keeps is given up: of a portfolio that no publisher of the load writes to."""
    story = Story(_beside(system), "given-up", "one seed")
    events = [*story.beginning(), *story.chapter(6)]
    await _post(system, events)
    last = len(events) - 1
    await until_projected(system, await log_ends(system.kafka, system.ledger_topic))
    kept = await raw_log.read(system.kafka, system.ledger_topic)
    await asyncio.gather(*(replica.terminate() for replica in system.replicas.values()))
    await topic_faults.recreate(
        system.kafka, system.ledger_topic, [record for record in kept if not _is_after(record, story.portfolio, last - 2)]
    )
    await _forget_what_the_projector_keeps(system)
    for replica in system.replicas.values():
        await replica.start()
    await waiting.until(lambda: _has_lost_some(system), "its partition is lost", limit_s=60)
    code, said = await command(system, "repair", story.portfolio, "--yes")
    outcome.expect(
        code == 1 and "portfolio abandon" in said, "guards", "not refused", f"repair without the entries: {code}: {said[-300:]}"
    )
    await _answered(system, outcome, "given up", "abandon", story.portfolio, "--after", str(last - 2), *_SAID, "--yes")
    await asyncio.gather(*(replica.ready() for replica in system.replicas.values()))
    receipts = await _post(system, [story.next()])
    outcome.expect(
        receipts[0]["verdict"] in ("recorded", "refused"), "I11", "stands still", f"a portfolio that was given up: {receipts}"
    )
    outcome.notes.append(
        f"given up: 2 entries of {story.portfolio} that nobody kept; it goes on with entry {receipts[0]['entry']}"
    )


def _beside(system: World) -> str:
    """Return a portfolio in a partition that others of the load share."""
    [*_, name] = [name for name in load.portfolios("given-up") if name not in system.portfolios]
    return name


async def _answered(system: World, outcome: Outcome, what: str, *arguments: str) -> None:
    code, said = await command(system, *arguments)
    outcome.expect(code == 0, "guards", "not repaired", f"{what}: portfolio {arguments[0]} ended with {code}: {said[-500:]}")


async def _until_more(system: World, portfolios: Sequence[str]) -> None:
    """Wait until more is acknowledged in each of some portfolios."""
    history = system.history

    def acknowledged(portfolio: str) -> int:
        return sum(one.acknowledged for one in history.answered if one.portfolio == portfolio)

    wanted = {name: acknowledged(name) + _ON for name in portfolios}
    await waiting.until(
        lambda: all(acknowledged(name) >= count for name, count in wanted.items()), f"{portfolios} go on", limit_s=90
    )


async def _orphan(system: World, portfolio: str) -> RawRecord:
    """Return an entry that follows nothing, for the partition of a portfolio."""
    log = raw_log.follow(await raw_log.read(system.kafka, system.ledger_topic))
    last = log.entries[portfolio][-1]
    ahead = last.number + 100_000
    document = {**last.document, "entry": ahead, "append": ahead, "previous": "f" * 64}
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return RawRecord(log.partitions[portfolio], 0, portfolio.encode(), text.encode())


def _is_after(record: RawRecord, portfolio: str, entry: int) -> bool:
    document: Any = json.loads(record.value or b"") if (record.value or b"").startswith(b"{") else {}
    return document.get("portfolio") == portfolio and document.get("entry", -1) > entry


async def _forget_what_the_projector_keeps(system: World) -> None:
    connection = await asyncpg.connect(system.database)
    try:
        names = [row["name"] for row in await connection.fetch(_TABLES)]
        await connection.execute(f"TRUNCATE {', '.join(names)}")
    finally:
        await connection.close()


async def _post(system: World, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Post a batch as somebody whose history nobody writes down."""
    [address] = system.addresses("ledger")
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.post(
            f"{address}/events", content=json.dumps(events), headers={"content-type": "application/cloudevents-batch+json"}
        )
    return answer.json()["receipts"]


async def _readiness(system: World) -> dict[str, Any]:
    [ledger] = system.of("ledger")
    with contextlib.suppress(httpx.HTTPError, ValueError):
        async with httpx.AsyncClient(timeout=5) as client:
            return (await client.get(f"{ledger.address}/health/ready")).json()
    return {}


async def _is_stopped(system: World, portfolio: str) -> bool:
    return portfolio in [one["portfolio"] for one in (await _readiness(system)).get("stopped", [])]


async def _has_lost_all(system: World) -> bool:
    return len((await _readiness(system)).get("lost", [])) == load.PARTITIONS


async def _has_lost_some(system: World) -> bool:
    return bool((await _readiness(system)).get("lost"))


def _postgres(replica: Replica) -> str:
    return replica.program.environment["PORTFOLIO_POSTGRES"]
