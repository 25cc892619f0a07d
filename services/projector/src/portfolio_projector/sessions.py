"""Sessions with PostgreSQL: none may hold a lock, run or idle in a transaction for longer than its limits."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[Any] | PoolConnectionProxy[Any]  # generic in its stubs only
    Pool = asyncpg.Pool[Any]

CONNECT_SECONDS_MAX = 5.0
ACQUIRE_SECONDS_MAX = 5.0
"""How long a read waits for a session of its pool."""

_LIMITS = {
    "application_name": "portfolio-projector",
    "TimeZone": "UTC",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "3000",
}
_BY_KEY = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "join_collapse_limit": "1"}
"""Statements look rows up by key, and begin with the keys. Of a table that grew since it was last analysed the planner might
rather read all."""

_WRITING = {**_LIMITS, **_BY_KEY, "statement_timeout": "30000", "synchronous_commit": "on"}
_READING = {
    **_LIMITS,
    **_BY_KEY,
    "statement_timeout": "10000",
    "idle_in_transaction_session_timeout": "10000",  # a reader works between its queries, and no writer waits for it
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "repeatable read",
}
_OWNING = {**_LIMITS, "statement_timeout": "2000", "idle_session_timeout": "2000"}

UNAVAILABLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises when PostgreSQL is away, or has had enough of a session."""


def writing_pool(dsn: str, *, connections_max: int) -> AbstractAsyncContextManager["Pool"]:
    """Return a pool for the projector's batches."""
    return _pool(dsn, _WRITING, connections_max)


def reading_pool(dsn: str, *, connections_max: int) -> AbstractAsyncContextManager["Pool"]:
    """Return a pool whose transactions cannot write and read one snapshot."""
    return _pool(dsn, _READING, connections_max)


async def connect(dsn: str) -> "asyncpg.Connection[Any]":
    """Open a session for listening."""
    return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS_MAX, command_timeout=5, server_settings=_READING)


async def connect_owner(dsn: str) -> "asyncpg.Connection[Any]":
    """Open a session that holds advisory locks: it ends, and they with it, two seconds after its process falls silent."""
    return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS_MAX, command_timeout=2, server_settings=_OWNING)


def _pool(dsn: str, settings: dict[str, str], connections_max: int) -> AbstractAsyncContextManager["Pool"]:
    return asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=connections_max,
        timeout=CONNECT_SECONDS_MAX,
        command_timeout=35,
        server_settings=settings,
        init=_read_json_columns,
        reset=_leave_as_it_is,
    )


async def _leave_as_it_is(_: "Connection") -> None:
    """Save the round trip that asyncpg makes for each release: no session here listens, locks or sets anything."""


async def _read_json_columns(connection: "asyncpg.Connection[Any]") -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_dump, decoder=_load, format="binary")


_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
_FORMAT = b"\x01"
"""What PostgreSQL's binary form of jsonb begins with: the version of that form, before the text."""

_EMPTY = _FORMAT + b"{}"


def _dump(value: object) -> bytes:
    return _FORMAT + _ENCODER.encode(value) if value else _EMPTY


def _load(value: bytes) -> object:
    return _DECODER.decode(memoryview(value)[1:]) if value != _EMPTY else {}
