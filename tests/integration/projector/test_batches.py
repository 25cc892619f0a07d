"""Batches against a real PostgreSQL: rows, checkpoints, what stops and what does not. The log is a list in memory."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from portfolio_log.follower import Follower
from portfolio_log.log import Bounds, Record
from portfolio_projector import sessions
from portfolio_projector.projecting import checkpoints
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.projecting.checkpoints import Checkpoint
from portfolio_projector.projecting.partitions import Projector
from portfolio_projector.projecting.storage import PostgresStore
from portfolio_projector.read_models import READ_MODELS
from portfolio_projector.read_models.backlogs import ranks
from portfolio_projector.read_models.entries.fold import SPAN_LENGTH
from portfolio_schemas.entries import Entry
from tests.histories import History, no_old_hash
from tests.integration.projector.conftest import Place
from tests.integration.projector.stories import Story, expected, facts, stored


class ListLog:
    """A partition in memory, for reading."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._records = [Record(offset, b"", entry.value) for offset, entry in enumerate(entries)]

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """See Log."""
        assert (partition, wait_ms) == (0, 0)
        return self._records[offset : offset + limit]

    async def bounds(self, partition: int) -> Bounds:
        """See Log."""
        assert partition == 0
        return Bounds(0, len(self._records))

    async def append(self, partition: int, records: Sequence[tuple[str, bytes]]) -> int | None:
        """Nobody appends here."""
        raise AssertionError(f"nobody appends here: {len(records)} records to {partition}")


class WaitingLog(ListLog):
    """The same, of which more may come: whoever is at its end waits."""

    async def read(self, partition: int, offset: int, *, limit: int, wait_ms: int) -> Sequence[Record]:
        """See Log."""
        assert wait_ms > 0
        records = await super().read(partition, offset, limit=limit, wait_ms=0)
        if not records:
            await asyncio.Event().wait()
        return records


@asynccontextmanager
async def pool(place: Place) -> "AsyncGenerator[sessions.Pool]":
    """A pool as the projector has."""
    async with sessions.writing_pool(place.dsn, connections_max=3) as opened:
        yield opened


def follower(entries: Sequence[Entry], known: dict[str, Checkpoint]) -> Follower:
    """A follower that goes on where a checkpoint stands."""
    lowest = min(known.values(), key=lambda checkpoint: checkpoint.next_offset)
    places = {portfolio: standing.place for portfolio, standing in lowest.standings.items()}
    return Follower(
        ListLog(entries), partition=0, partitions=1, next_offset=lowest.next_offset, places=places, old_hash=no_old_hash
    )


async def project(
    opened: "sessions.Pool", entries: Sequence[Entry], sizes: random.Random, models: Sequence[Any] = READ_MODELS
) -> None:
    """Project entries from the stored checkpoint on, in batches of random sizes, keeping rows between them or not."""
    store = PostgresStore(opened)
    known = await store.load(0, models)
    reader = follower(entries, known)
    async with store.session() as session:
        while reader.next_offset < len(entries):
            batch = Batch(models, known, await reader.read(limit=sizes.choice([1, 3, 20, 100])))
            await batch.fold(session)
            await batch.write(session, 0)
            batch.settle(size_max=sizes.choice([0, 10_000, 1_000_000]))


def mixed(stories: Sequence[Story], seed: int) -> list[Entry]:
    """Entries of several portfolios, as they may lie in one partition."""
    order = random.Random(seed)  # noqa: S311  a seed is what makes a test repeatable
    queues = [story.history.entries[:] for story in stories]
    entries = list[Entry]()
    while any(queues):
        queue = order.choice([queue for queue in queues if queue])
        entries.append(queue.pop(0))
    return entries


@pytest.mark.parametrize("seed", range(6))
async def test_rows_are_the_fold_of_the_log_whatever_the_batches(place: Place, seed: int):
    """Three portfolios in one partition, batches of one entry to a hundred: row for row what a fold of everything gives."""
    stories = [Story(name, seed * 10 + number) for number, name in enumerate(("acme", "beta", "gamma"))]
    for story in stories:
        story.play(120)
    entries = mixed(stories, seed)
    async with pool(place) as opened, place.connection() as connection:
        await project(opened, entries, random.Random(seed))  # noqa: S311  a seed is what makes a test repeatable
        assert await stored(connection) == expected(facts(entries, range(len(entries))))


async def test_a_backlog_that_is_ranked_anew_loads_what_it_needs(place: Place, monkeypatch: pytest.MonkeyPatch):
    """With short ranks only, every few moves rank the whole backlog anew, in batches that know a part of it."""
    monkeypatch.setattr(ranks, "RANK_LENGTH_MAX", 4)
    story = Story("acme", 7)
    story.play(300)
    entries = story.history.entries
    async with pool(place) as opened, place.connection() as connection:
        await project(opened, entries, random.Random(7))  # noqa: S311  a seed is what makes a test repeatable
        assert await connection.fetchval("SELECT rankings FROM projector.backlog_products") > 0
        assert await stored(connection) == expected(facts(entries, range(len(entries))))


async def test_a_stale_projector_writes_nothing(place: Place):
    """Two that began at one checkpoint: the second finds another position than it thinks, and rolls everything back."""
    story = Story("acme", 1)
    story.play(20)
    entries = story.history.entries
    async with pool(place) as opened, PostgresStore(opened).session() as session:
        first, second = [await PostgresStore(opened).load(0, READ_MODELS) for _ in range(2)]
        one = Batch(READ_MODELS, first, await follower(entries, first).read(limit=10))
        other = Batch(READ_MODELS, second, await follower(entries, second).read(limit=15))
        await one.fold(session)
        await other.fold(session)
        await one.write(session, 0)
        with pytest.raises(checkpoints.Stale):
            await other.write(session, 0)
        async with place.connection() as looking:
            assert await stored(looking) == expected(facts(entries[:10], range(10)))
            assert await looking.fetchval("SELECT max(next_offset) FROM projector.positions") == 10


async def test_a_type_from_the_future_stops_the_models_that_fold_for_that_portfolio_only(place: Place):
    """The entry is kept; backlogs and initiatives stand still in that portfolio at the entry before, visibly; others go on."""
    stopped, other = Story("acme", 1), Story("beta", 2)
    for story in (stopped, other):
        story.play(10)
    at = stopped.history.head.entry
    stopped.history.add("item.item-teleported", "item/I-1", {})
    for story in (stopped, other):
        story.play(10)
    entries = mixed([stopped, other], 3)
    folded = [fact for fact in facts(entries, range(len(entries))) if fact.portfolio == "beta" or fact.number <= at]
    async with pool(place) as opened, place.connection() as connection:
        await project(opened, entries, random.Random(3))  # noqa: S311  a seed is what makes a test repeatable
        rows = await stored(connection)
        assert len(rows.pop("entries")) == len(entries)
        assert len(rows.pop("refusals")) == sum(not entry.recorded for entry in entries)
        assert len(rows.pop("flags")) == sum(len(entry.flags) for entry in entries)
        spans = {(entry.portfolio, entry.entry - entry.entry % SPAN_LENGTH) for entry in entries if entry.recorded}
        assert sorted(spans) == [row[:2] for row in rows.pop("spans")]
        wanted = {table: kept for table, kept in expected(folded).items() if table in rows}
        assert rows == wanted
        failures = await connection.fetch(
            "SELECT read_model, portfolio, failed_entry, failed_detail FROM projector.heads WHERE failed_entry IS NOT NULL"
        )
        assert sorted((row["read_model"], row["portfolio"], row["failed_entry"]) for row in failures) == [
            ("backlogs", "acme", at + 1),
            ("concerns", "acme", at + 1),
            ("initiatives", "acme", at + 1),
        ]
        assert all("portfolio.item.item-teleported.v1" in row["failed_detail"] for row in failures)


async def test_a_fold_that_raises_stops_one_model_for_one_portfolio(place: Place):
    """An impossible event of a backlog stops backlogs there and nothing else; its head stays at the entry before."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("initiative.initiative-proposed", "initiative/a", {"name": "A", "mode": "agile", "currency": "EUR"})
    history.add("item.item-completed", "item/never-added", {})
    history.add("initiative.initiative-approved", "initiative/a", {})
    history.add("product.product-conceived", "product/pay", {"name": "Pay"})
    async with pool(place) as opened, place.connection() as connection:
        await project(opened, history.entries, random.Random(3))  # noqa: S311  a seed is what makes a test repeatable
        assert await connection.fetchval("SELECT state FROM projector.initiatives") == "Approved"
        assert await connection.fetchval("SELECT count(*) FROM projector.backlog_products") == 0
        rows = await connection.fetch("SELECT read_model, failed_entry FROM projector.heads WHERE failed_entry IS NOT NULL")
        assert [tuple(row) for row in rows] == [("backlogs", 2)]


async def test_what_begins_twice_is_looked_up(place: Place):
    """No ledger records it. A log that has it all the same is folded as it is: a batch that took it for new is begun again."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("product.product-conceived", "product/pay", {"name": "Pay"})
    for title in ("One", "Two", "Again"):
        added = {"product": "product/pay", "title": title, "kind": "feature"}
        history.add("item.item-added", "item/a" if title != "Two" else "item/b", added)
    entries = history.entries
    done = asyncio.Event()
    async with pool(place) as opened, place.connection() as connection:
        await project(opened, entries[:4], random.Random(1))  # noqa: S311  a seed is what makes a test repeatable
        store = PostgresStore(opened)
        known = await store.load(0, READ_MODELS)
        batch = Batch(READ_MODELS, known, await follower(entries, known).read(limit=1))
        async with store.session() as session:
            await batch.fold(session)
            with pytest.raises(checkpoints.AlreadyThere, match=r"\(acme, item/a\) already exists"):
                await batch.write(session, 0)
        projector = Projector(
            models=READ_MODELS,
            log=WaitingLog(entries),
            store=store,
            note=lambda _, offset: done.set() if offset == len(entries) else None,
            chance=random.Random(2),  # noqa: S311  the same
            owner="test",
            partitions=1,
        )
        working = asyncio.ensure_future(projector.project(0, lambda: True))
        async with asyncio.timeout(30):
            await done.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert await stored(connection) == expected(facts(entries, range(len(entries))))


async def test_a_new_read_model_catches_up_beside_those_that_are_ahead(place: Place):
    """The log is read from the lowest position; who has an entry already skips it; in the end all rows are there once."""
    story = Story("acme", 5)
    story.play(60)
    entries = story.history.entries
    few = [model for model in READ_MODELS if model.name != "backlogs"]
    async with pool(place) as opened, place.connection() as connection:
        await project(opened, entries[:50], random.Random(1), few)  # noqa: S311  a seed is what makes a test repeatable
        await project(opened, entries, random.Random(2))  # noqa: S311  the same
        assert await stored(connection) == expected(facts(entries, range(len(entries))))


async def test_rows_of_another_version_of_a_fold_are_not_mixed(place: Place):
    """The program refuses to run and says what to do."""
    async with pool(place) as opened, place.connection() as admin:
        store = PostgresStore(opened)
        await store.load(0, READ_MODELS)
        await admin.execute("UPDATE projector.positions SET version = 99 WHERE read_model = 'backlogs'")
        with pytest.raises(checkpoints.WrongVersion, match="backlogs are of version 99"):
            await store.load(0, READ_MODELS)


async def test_the_ledger_sees_what_was_applied(place: Place):
    """The contract's view holds each portfolio's last applied entry and its hash."""
    story = Story("acme", 5)
    story.play(10)
    async with pool(place) as opened, place.connection() as connection:
        await project(opened, story.history.entries, random.Random(1))  # noqa: S311  a seed is what makes a test repeatable
        rows = await connection.fetch("SELECT reader, portfolio, entry, hash FROM contract.applied_heads")
        head = story.history.head
        assert [tuple(row) for row in rows] == [("entries", "acme", head.entry, head.hash)]
