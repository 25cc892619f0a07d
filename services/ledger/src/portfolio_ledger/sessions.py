"""Sessions with PostgreSQL: none may hold a lock, run or idle in a transaction for longer than its limits."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[Any] | PoolConnectionProxy[Any]  # generic in its stubs only
    Pool = asyncpg.Pool[Any]

CONNECT_SECONDS_MAX = 5.0
COMMAND_SECONDS_MAX = 15.0
ACQUIRE_SECONDS_MAX = 10.0

_LIMITS = {
    "application_name": "portfolio-ledger",
    "TimeZone": "UTC",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "3000",
}
_KEYED = {
    # Every query names its rows by key. A plan made while a table was empty must not read all of it once it is large.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_WORKING = {**_LIMITS, **_KEYED, "statement_timeout": "10000"}
_OWNING = {**_LIMITS, "statement_timeout": "2000", "idle_session_timeout": "2000"}

UNAVAILABLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises when PostgreSQL is away, or has had enough of a session."""


def pool(dsn: str, *, connections_max: int) -> AbstractAsyncContextManager["Pool"]:
    """Return a pool for look-ups and for writing state."""
    return asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=connections_max,
        timeout=CONNECT_SECONDS_MAX,
        command_timeout=COMMAND_SECONDS_MAX,
        server_settings=_WORKING,
    )


def acquire(pool: "Pool") -> "AbstractAsyncContextManager[PoolConnectionProxy[Any]]":
    """Take a session of a pool for a while; never wait for one without end."""
    return pool.acquire(timeout=ACQUIRE_SECONDS_MAX)


async def connect_owner(dsn: str) -> "asyncpg.Connection[Any]":
    """Open a session that holds advisory locks: it ends, and they with it, two seconds after its process falls silent."""
    return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS_MAX, server_settings=_OWNING)
