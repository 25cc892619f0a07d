"""`projector check`, on the traces that a `projector run` leaves in PostgreSQL."""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from portfolio_projector import sessions
from portfolio_projector.projecting.checking import check
from portfolio_projector.projecting.ownership import MEMBER_LOCKS
from portfolio_projector.settings import CheckSettings
from tests.conftest import Database

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[Any]  # generic in its stubs only


@pytest.fixture
def settings(database: Database) -> CheckSettings:
    """What the check is told."""
    return CheckSettings(postgres=database.projector)


@pytest_asyncio.fixture
async def replica(database: Database) -> AsyncGenerator["Connection"]:
    """A session that counts among the replicas, on a topic of two partitions that were worked on a moment ago."""
    connection = await sessions.connect_owner(database.projector)
    await connection.execute("DELETE FROM projector.topics; DELETE FROM projector.partitions; DELETE FROM projector.positions")
    await connection.execute("INSERT INTO projector.topics VALUES ('portfolio.ledger', 2)")
    await connection.execute("INSERT INTO projector.partitions SELECT n, 'host:1', 0, now() FROM generate_series(0, 1) AS n")
    await connection.execute("INSERT INTO projector.positions SELECT 'entries', n, 1, 0 FROM generate_series(0, 1) AS n")
    await connection.execute("SELECT pg_advisory_lock_shared($1::integer, 7)", MEMBER_LOCKS)
    yield connection
    await connection.close()


async def test_a_projector_at_work_is_fine(settings: CheckSettings, replica: "Connection"):
    """It is alive, and each partition was worked on lately."""
    assert not replica.is_closed()
    assert await check(settings) == []


async def test_a_projector_that_fell_silent_is_told(settings: CheckSettings, replica: "Connection"):
    """Its session is gone, and its lock with it, whoever works on the partitions now."""
    await replica.close()
    assert await check(settings) == ["No projector that is alive runs at this address."]


async def test_a_partition_that_stands_still_is_told(settings: CheckSettings, replica: "Connection"):
    """For how long."""
    await replica.execute("UPDATE projector.partitions SET seen_at = now() - interval '31 seconds' WHERE partition = 1")
    assert await check(settings) == ["Partition 1 has not been worked on for 31 s."]


async def test_a_partition_that_nobody_took_is_told(settings: CheckSettings, replica: "Connection"):
    """As a projector has it that waits for Kafka."""
    await replica.execute("DELETE FROM projector.partitions WHERE partition = 0")
    assert await check(settings) == ["Partition 0 has never been worked on."]


async def test_a_lost_partition_is_told(settings: CheckSettings, replica: "Connection"):
    """With the reason that was stored."""
    await replica.execute("UPDATE projector.positions SET lost = 'LOG_LOST: gone' WHERE partition = 1")
    assert await check(settings) == ["Partition 1 stands still: LOG_LOST: gone"]


async def test_a_topic_that_was_never_seen_is_told(settings: CheckSettings, replica: "Connection"):
    """A projector that has not passed the guards yet has nothing to work on."""
    await replica.execute("DELETE FROM projector.topics")
    assert await check(settings) == ["The topic portfolio.ledger has not been seen yet."]


async def test_a_database_that_is_away_is_told():
    """In a sentence, not a traceback."""
    problems = await check(CheckSettings(postgres="postgresql://portfolio_projector@127.0.0.1:1/portfolio"))
    assert len(problems) == 1
    assert problems[0].startswith("PostgreSQL cannot be asked: ")
