"""What a judge looks up it finds by key, also by plans that were made while the tables were empty."""

import asyncpg

from portfolio_ledger import sessions
from portfolio_ledger.state.storage import PostgresStore
from portfolio_ledger.state.store import Wanted
from tests.integration.ledger.conftest import Place

ENTRIES, ASKED = 4000, 50
FILL = """
INSERT INTO ledger.entries (portfolio, entry, hash, submission, source, id, type, subject, digest, version, recordedtime, flags)
SELECT 'acme', n, sha256(n::text::bytea), '1-' || n || '-0', '/source', 'id-' || n, 'portfolio.item.item-ready.v1', 'item/' || n,
       sha256('x'), 1, '2026-01-01T00:00:00.000000Z', '{}'
FROM generate_series(0, $1::int - 1) n
"""
READ = """
SELECT sum(pg_stat_get_tuples_returned(indexrelid) + pg_stat_get_tuples_fetched(indexrelid))
     + pg_stat_get_tuples_returned('ledger.entries'::regclass) AS rows
FROM pg_index WHERE indrelid = 'ledger.entries'::regclass
"""


def wanted(first: int) -> Wanted:
    """Fifty events, submissions and entries at once."""
    numbers = range(first, first + ASKED)
    return Wanted(
        events={("acme", "/source", f"id-{number}") for number in numbers},
        submissions={("acme", f"1-{number}-0") for number in numbers},
        entries={("acme", number) for number in numbers},
    )


async def test_a_look_up_reads_what_it_finds_and_not_the_portfolio(place: Place):
    """Rows read grow with what is asked, not with what there is: of all entries the oldest cost as little as the newest."""
    admin = await asyncpg.connect(place.admin)
    async with sessions.pool(place.dsn, connections_max=1) as pool:
        store = PostgresStore(pool)
        await store.look_up(0, wanted(0))
        await admin.execute(FILL, ENTRIES)
        for first in (0, ENTRIES - ASKED):
            before = await read(pool)
            found = await store.look_up(0, wanted(first))
            assert (len(found.events), len(found.submissions), len(found.entries)) == (ASKED, ASKED, ASKED)
            assert await read(pool) - before <= 20 * ASKED
    await admin.close()


async def read(pool: "sessions.Pool") -> int:
    """How many rows and index entries were read so far; the session that read them says it."""
    async with pool.acquire() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        return int(await connection.fetchval(READ))
