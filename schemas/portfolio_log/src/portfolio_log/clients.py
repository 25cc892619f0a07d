# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Starting and stopping clients of a broker that may be away, or go away meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from portfolio_log import records

records.install()

Client = AIOKafkaProducer | AIOKafkaConsumer

_SECONDS_MAX = 2.0


async def start(client: Client) -> None:
    """Start a client; a client that cannot start, or whose start is cancelled, leaves nothing behind.

    A cancelled `start` would leave the connection that it was opening, which nobody could close any more: it is let finish.
    """
    starting = asyncio.ensure_future(client.start())
    try:
        await asyncio.shield(starting)
    except BaseException:
        done, _ = await asyncio.wait({starting}, timeout=_SECONDS_MAX)
        if not done:
            starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await stop(client)
        raise


async def stop(client: Client) -> None:
    """Stop a client whose broker may be away: its own `stop` can wait for ever."""
    with contextlib.suppress(KafkaError, TimeoutError, OSError, AssertionError):
        async with asyncio.timeout(_SECONDS_MAX):
            await client.stop()


@contextlib.asynccontextmanager
async def running(client: Client) -> AsyncGenerator[None]:
    """Start a client and stop it at the end."""
    await start(client)
    try:
        yield
    finally:
        await stop(client)
