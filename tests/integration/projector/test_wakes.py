"""Who waits for a portfolio is woken, for as long as the read API runs."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import asyncpg
import pytest
import pytest_asyncio

from portfolio_projector.http import wakes
from portfolio_projector.http.wakes import Wakes
from tests import waiting
from tests.conftest import Database


@pytest_asyncio.fixture
async def listening(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Wakes]:
    """Wakes that listen, and ask whether their session is alive all the time."""
    monkeypatch.setattr(wakes, "_ASK_SECONDS", 0.05)
    listener = Wakes(database.projector, asyncio.Event())
    task = asyncio.create_task(listener.run())
    yield listener
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def woken(listener: Wakes, times: int) -> None:
    """Wait until a portfolio that nobody writes to has been woken so many times, as it is after each question."""
    with listener.of("acme") as event:
        for _ in range(times):
            await waiting.until(event.is_set, "woken after a question")
            event.clear()


async def test_listening_outlasts_the_questions_whether_it_is_alive(listening: Wakes):
    """Each is answered, and everybody looks again in case something was missed."""
    await woken(listening, 5)


async def test_what_is_told_wakes_who_waits(database: Database, monkeypatch: pytest.MonkeyPatch):
    """At once, not at the next question."""
    monkeypatch.setattr(wakes, "_ASK_SECONDS", 3600)
    listener = Wakes(database.projector, asyncio.Event())
    task = asyncio.create_task(listener.run())
    with listener.of("acme") as event, listener.of("other") as other:
        await waiting.until(event.is_set, "listening")
        event.clear()
        other.clear()
        connection = await asyncpg.connect(database.projector)
        await connection.execute(f"NOTIFY {wakes.CHANNEL}, 'zeta acme'")
        await connection.close()
        await waiting.until(event.is_set, "woken")
        assert not other.is_set()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_listening_begins_again_when_its_session_is_ended(database: Database, listening: Wakes):
    """As a restart of PostgreSQL does."""
    await woken(listening, 2)
    connection = await asyncpg.connect(database.admin)
    ended = await connection.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND usename = 'portfolio_projector'",
        database.name,
    )
    await connection.close()
    assert ended == 1
    await woken(listening, 5)
