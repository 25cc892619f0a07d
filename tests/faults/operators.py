"""What operators do by mistake: topics lose their settings or records, another log is configured, an old database restored.

Each step says what the right answer is: to refuse with a sentence, or to stand still and say so, and never to go on with less.
After each, what was changed is put back, or answered with the commands that there are for it, and everything goes on.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx

from portfolio_log import topics
from portfolio_log.topics import Topics
from tests import waiting
from tests.faults import invariants, load, observers, raw_log, read_models, repairs, topic_faults, world
from tests.faults.clients import HttpClient, Patience
from tests.faults.outcomes import Outcome, conclude, log_ends
from tests.faults.raw_log import RawLog, RawRecord
from tests.faults.replicas import Replica
from tests.faults.stories import Event, Story
from tests.faults.world import World, until_projected

_KINDS = {"ledger-1": "ledger", "projector-1": "projector", "read-api-1": "read-api"}
_REFUSED = 1
_REFUSE_LIMIT_S = 60
_STEP_EVENTS = 12
_STRANGER = b"?"


async def run(seed: str, folder: Path) -> Outcome:
    """Go through all mistakes on one log."""
    outcome = Outcome("operators")
    environment = {"PORTFOLIO_CREATE_TOPICS": "false"}
    async with world.running(folder, kinds=_KINDS, environment=environment, begin=_create_topics) as system:
        system.portfolios = load.portfolios("operators")
        steps = _Steps(system, seed, outcome)
        async with steps:
            await steps.write()
            await steps.refuse_settings()
            await steps.pass_over_what_is_foreign()
            await repairs.repair_an_orphan_under_load(system, seed, outcome)
            await steps.restore_an_old_database()
            await steps.refuse_another_log()
            before = await steps.compare_samples()
            await steps.lose_the_log()
            await steps.refuse_a_topic_without_its_beginning()
            await steps.write()
            await steps.compare_samples()
            await repairs.give_up(system, outcome)
            await steps.write()
        system.history.faults.clear()  # each took as long as its step; how soon writing resumed is no figure
        found = await conclude("operators", system, foreign=steps.foreign)
        after = raw_log.follow(await raw_log.read(system.kafka, system.ledger_topic))
    outcome.violations += [*found.violations, *invariants.restored(before, after)]
    outcome.figures = found.figures
    return outcome


async def _create_topics(kafka: str) -> None:
    await topics.create_missing(kafka, Topics(), partitions=load.PARTITIONS)


class _Steps:
    """The steps, and the client that writes between them. Use as an asynchronous context manager."""

    def __init__(self, system: World, seed: str, outcome: Outcome) -> None:
        self._system = system
        self._outcome = outcome
        self._topic = system.ledger_topic
        self._client = HttpClient(system.addresses("ledger"), system.history, Patience(), seed)
        self._stories = [Story(name, "operators", seed) for name in system.portfolios]
        self._begun = False
        self._open = list[Event]()
        self.foreign = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.__aexit__()

    async def write(self) -> None:
        """Record events in every portfolio, and see that they are projected."""
        for story in self._stories:
            if not self._begun:
                await self._client.post_batch(story.beginning())
            await self._client.post_batch(story.chapter(_STEP_EVENTS))
        self._begun = True
        await until_projected(self._system, await log_ends(self._system.kafka, self._topic))
        await observers.sample_all(self._system)

    async def compare_samples(self) -> RawLog:
        """Compare what was sampled so far with the log as it is, and return that: soon entries have other offsets in it."""
        log, samples = raw_log.follow(await raw_log.read(self._system.kafka, self._topic)), self._system.history.samples
        self._outcome.violations += read_models.check(samples, log)
        samples.clear()
        return log

    async def refuse_settings(self) -> None:
        """A retention, and compaction: the services do not start, and say which setting."""
        for setting, value in {"retention_ms": "86400000", "cleanup_policy": "compact"}.items():
            name = setting.replace("_", ".")
            await self._stop()
            await topic_faults.alter(self._system.kafka, self._topic, **{setting: value})
            await self._expect_refusals(name, f"{name}={value}")
            await topic_faults.alter(self._system.kafka, self._topic)
            await self._start()
            await self.write()

    async def pass_over_what_is_foreign(self) -> None:
        """Records that are no entries lie in the ledger topic: they are passed over."""
        strangers = [
            RawRecord(partition, 0, _STRANGER, value) for partition in range(load.PARTITIONS) for value in (b"\xff\x00", b"[1]")
        ]
        await topic_faults.append(self._system.kafka, self._topic, strangers)
        self.foreign = len(strangers)
        await self.write()

    async def restore_an_old_database(self) -> None:
        """The database is as it was a while ago: both services fold again what it does not know."""
        await self._stop()
        await self._copy_database("faults", "kept")
        await self._start()
        await self.write()
        await self._stop()
        await self._copy_database("kept", "faults")
        await self._start()
        await self.write()

    async def refuse_another_log(self) -> None:
        """Services that are told of another log on this database do not start; the others go on meanwhile."""
        other = "other."
        await topics.create_missing(self._system.kafka, Topics(other), partitions=load.PARTITIONS)
        await self._stop()
        for kind in ("ledger", "projector"):
            [replica] = self._system.of(kind)
            stranger = replica.differently({"PORTFOLIO_TOPIC_PREFIX": other})
            await self._expect_refusal(stranger, "another log", "belongs to the log")
        await self._start()
        await self.write()

    async def lose_the_log(self) -> None:
        """The topic is deleted, and comes back empty, shorter, as another one; and what it lost is put back into it at last."""
        system = self._system
        kept = await raw_log.read(system.kafka, self._topic)
        await self._stop()
        await topic_faults.delete(system.kafka, self._topic)
        await self._expect_refusals("deleted topic", "does not exist")
        await topic_faults.create(system.kafka, self._topic)
        counts = Counter(record.partition for record in kept)
        half = [record for record in kept if record.offset < counts[record.partition] // 2]
        other = [RawRecord(record.partition, record.offset, record.key, record.value) for record in kept if record.offset > 0] * 2
        for name, records in {"empty": [], "shorter": half, "another": other}.items():
            if records:
                await topic_faults.recreate(system.kafka, self._topic, records)
            await self._expect_standstill(f"recreated, {name}", records)
        await topic_faults.recreate(system.kafka, self._topic, half)
        self.foreign = sum(record.key == _STRANGER for record in half)
        await repairs.repair_a_lost_log(system, kept, self._outcome)
        for event in self._open:
            await self._client.post(event)  # what was taken meanwhile is judged now
        await self.write()

    async def refuse_a_topic_without_its_beginning(self) -> None:
        """Its first records are deleted, or it gets another partition: the services do not start; restored, they do."""
        system = self._system
        kept = await raw_log.read(system.kafka, self._topic)
        await self._stop()
        await topic_faults.delete_records(system.kafka, self._topic, 0, 2)
        await self._expect_refusals("DeleteRecords", "begins at offset 2")
        await topic_faults.add_partition(system.kafka, self._topic)
        await self._expect_refusals("partition added", "partitions")
        await topic_faults.recreate(system.kafka, self._topic, kept)
        await self._start()

    async def _expect_refusals(self, what: str, said: str) -> None:
        for kind in ("ledger", "projector"):
            [replica] = self._system.of(kind)
            await self._expect_refusal(replica, what, said)

    async def _expect_refusal(self, replica: Replica, what: str, said: str) -> None:
        """Start a service, which has to end by itself with a sentence."""
        with contextlib.suppress(FileNotFoundError):
            replica.log.unlink()
        await replica.start()
        await waiting.until(lambda: not replica.runs, f"{replica.name} refuses: {what}", limit_s=_REFUSE_LIMIT_S)
        text = replica.log.read_text(encoding="utf-8")
        refused = replica.exit_code == _REFUSED and said in text and "Traceback" not in text
        self._outcome.expect(
            refused, "guards", "not refused", f"{what}: {replica.name} ended with {replica.exit_code}: {text[-300:]}"
        )
        if refused:
            self._outcome.notes.append(f"{what}: {text.strip().splitlines()[-1]}")
        await replica.kill()

    async def _expect_standstill(self, what: str, records: Sequence[RawRecord]) -> None:
        """Start everything: it must not record, nor change a row, nor append; and readiness must say why."""
        system = self._system
        rows, ends = await self._rows(), await log_ends(system.kafka, self._topic)
        for replica in system.replicas.values():
            await replica.start()
        [ledger] = system.of("ledger")
        told: dict[str, Any] = {}

        async def says_so() -> bool:
            told.clear()
            with contextlib.suppress(httpx.HTTPError, ValueError):
                async with httpx.AsyncClient(timeout=5) as client:
                    told.update((await client.get(f"{ledger.address}/health/ready")).json())
            return sum("LOG_LOST" in problem for problem in told.get("problems", [])) == load.PARTITIONS

        await waiting.until(says_so, f"{what}: the ledger says LOG_LOST of every partition", limit_s=_REFUSE_LIMIT_S)
        posted = [story.next() for story in self._stories]
        verdicts = [await self._client.once(event) for event in posted]
        self._open += posted
        self._outcome.expect(not any(verdicts), "I1", "lost", f"{what}: something was acknowledged: {verdicts}")
        await self._stop()
        same = await self._rows() == rows and await log_ends(system.kafka, self._topic) == ends
        self._outcome.expect(
            same, "I9", "diverged", f"{what}: rows or log changed although the log is lost ({len(records)} records)"
        )
        self._outcome.notes.append(f"{what}: {told['problems'][0]}")

    async def _rows(self) -> list[list[Any]]:
        """Read what the read models hold of each portfolio, and where they stand."""
        connection = await asyncpg.connect(self._system.database)
        try:
            taken = [await observers.snapshot(connection, name) for name in self._system.portfolios]
        finally:
            await connection.close()
        return [[one.positions, one.heads, one.hashes, one.items, one.order, one.moves] for one in taken]

    async def _stop(self) -> None:
        await asyncio.gather(*(replica.terminate() for replica in self._system.replicas.values()))

    async def _start(self) -> None:
        await asyncio.gather(*(replica.start() for replica in self._system.replicas.values()))
        await asyncio.gather(*(replica.ready() for replica in self._system.replicas.values()))

    async def _copy_database(self, source: str, target: str) -> None:
        """Replace a database by a copy of another one."""
        connection = await asyncpg.connect(self._system.stack.postgres)
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        finally:
            await connection.close()
