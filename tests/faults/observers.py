"""Readers of the system, all the time: of the read API, of a stream, and of PostgreSQL's tables in snapshots."""

import asyncio
import contextlib
import hashlib
import random
import time
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

import asyncpg
import httpx

from tests.faults.records import Sample, Seen
from tests.faults.world import World

if TYPE_CHECKING:
    Connection = asyncpg.Connection[Any]  # generic in its stubs only

_PAUSE_S = 0.15
_SAMPLE_S = 1.0
_TIMEOUT = httpx.Timeout(15, connect=3)
_AWAY = (httpx.HTTPError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@contextlib.asynccontextmanager
async def running(world: World, seed: str) -> AsyncGenerator[None]:
    """Keep observers at work."""
    tasks = [
        asyncio.create_task(_read(world, "reader", seed)),
        asyncio.create_task(_stream(world, world.portfolios[0])),
        asyncio.create_task(_sample(world, seed)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


async def _read(world: World, observer: str, seed: str) -> None:
    """Ask for what was acknowledged last, of one read API or the other; no answer may be older."""
    chance = random.Random(f"{seed}/{observer}")  # noqa: S311  a seed makes runs alike
    addresses = world.addresses("read-api")
    async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
        while True:
            portfolio = chance.choice(world.portfolios)
            wanted = max((told.entry or 0 for told in world.history.answered[-200:] if told.portfolio == portfolio), default=0)
            try:
                answer = await client.get(
                    f"{chance.choice(addresses)}/portfolios/{portfolio}/products/pay/backlog",
                    params={"min_entry": wanted, "limit": 1},
                )
                if answer.status_code == 200:
                    entry: int = answer.json()["entry"]
                    world.history.note(
                        Seen(at=time.monotonic(), observer=observer, portfolio=portfolio, entry=entry, min_entry=wanted)
                    )
                elif answer.status_code not in (404, 503):
                    world.history.failed_reads.append(f"{answer.status_code} {answer.text[:200]}")
            except (httpx.HTTPError, ValueError):
                pass  # cut, away, or half an answer: asked again
            await asyncio.sleep(_PAUSE_S)


async def _stream(world: World, portfolio: str) -> None:
    """Follow a portfolio's stream; after a break go on after the last entry seen."""
    addresses, last, turn = world.addresses("read-api"), -1, 0
    async with httpx.AsyncClient(timeout=httpx.Timeout(20, connect=3)) as client:
        while True:
            turn = (turn + 1) % len(addresses)
            asked = {"from": 0} if last < 0 else {}
            headers = {} if last < 0 else {"Last-Event-ID": str(last)}
            with contextlib.suppress(httpx.HTTPError):
                url = f"{addresses[turn]}/portfolios/{portfolio}/stream"
                async with client.stream("GET", url, params=asked, headers=headers) as answer:
                    async for line in answer.aiter_lines():
                        if line.startswith("id:"):
                            last = int(line.removeprefix("id:"))
                            world.history.note(
                                Seen(at=time.monotonic(), observer="stream", portfolio=portfolio, entry=last, stream=True)
                            )
            await asyncio.sleep(_PAUSE_S)


async def _sample(world: World, seed: str) -> None:
    """Take snapshots of one portfolio after another."""
    chance = random.Random(f"{seed}/sampler")  # noqa: S311  a seed makes runs alike
    while True:
        with contextlib.suppress(*_AWAY):
            connection = await asyncpg.connect(world.database, timeout=3, command_timeout=10)
            try:
                while True:
                    world.history.note(await snapshot(connection, chance.choice(world.portfolios)))
                    await asyncio.sleep(_SAMPLE_S)
            finally:
                connection.terminate()
        await asyncio.sleep(_SAMPLE_S)


async def sample_all(world: World) -> None:
    """Take a snapshot of every portfolio under load."""
    connection = await asyncpg.connect(world.database)
    try:
        for portfolio in world.portfolios:
            world.history.note(await snapshot(connection, portfolio))
    finally:
        await connection.close()


async def snapshot(connection: "Connection", portfolio: str) -> Sample:
    """Read all that the read models hold of a portfolio, as of one moment."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        heads = await connection.fetch(_HEADS, portfolio)
        hashes = [row["hash"] for row in await connection.fetch(_ENTRIES, portfolio)]
        items = await connection.fetch(_ITEMS, portfolio)
        moves = await connection.fetch(_MOVES, portfolio)
        products = await connection.fetch(_PRODUCTS, portfolio)
    order = dict[str, list[str]]()
    for row in items:
        if row["rank"] is not None:
            order.setdefault(row["product"], []).append(row["item"])
    return Sample(
        at=time.monotonic(),
        portfolio=portfolio,
        positions={row["read_model"]: row["next_offset"] for row in heads},
        heads={row["read_model"]: (row["entry"], row["hash"]) for row in heads},
        entries=len(hashes),
        hashes=hashlib.sha256("".join(hashes).encode()).hexdigest(),
        items={row["item"]: [row["product"], row["state"], row["status"], row["last_entry"]] for row in items},
        order=order,
        moves=[[row["entry"], row["item"], row["move"], row["after"]] for row in moves],
        open_items={row["product"]: row["open_items"] for row in products},
    )


_HEADS = """
SELECT h.read_model, h.entry, h.hash, p.next_offset
FROM projector.heads h JOIN projector.positions p USING (read_model, partition)
WHERE h.portfolio = $1
"""
_ENTRIES = (
    "SELECT encode(sha256('\\x00'::bytea || value), 'hex') AS hash FROM projector.entries WHERE portfolio = $1 ORDER BY entry"
)
_ITEMS = """
SELECT item, product, state, status, last_entry, rank FROM projector.backlog_items WHERE portfolio = $1 ORDER BY rank, item
"""
_MOVES = """
SELECT entry, item, move, after FROM projector.backlog_moves
WHERE portfolio = $1 AND until_entry IS NULL AND move <> 'ranked' ORDER BY entry, item
"""
_PRODUCTS = "SELECT product, open_items FROM projector.backlog_products WHERE portfolio = $1"
