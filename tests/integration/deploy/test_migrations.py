"""Migrations on a real PostgreSQL: once, in order, whole or not at all, and with the rights that services have."""

import asyncio
import secrets
from collections.abc import AsyncGenerator

import asyncpg
import pytest

from portfolio_deploy import migrations
from portfolio_deploy.errors import StackError
from portfolio_deploy.migrations import Migration

PASSWORDS = {role: f"{role}-of-the-tests" for role in migrations.ROLES}
TABLE = Migration(name="ledger/0001_subjects.sql", sql="CREATE TABLE ledger.subjects (id text PRIMARY KEY);")
VIEW = Migration(name="projector/0001_heads.sql", sql="CREATE VIEW contract.applied_heads AS SELECT 1 AS entry;")


@pytest.fixture
async def empty(postgres: str) -> AsyncGenerator[str]:
    """The name of a database that does not exist yet."""
    name = f"test_{secrets.token_hex(6)}"
    yield name
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await connection.close()


async def migrate(postgres: str, database: str, *wanted: Migration) -> list[str]:
    """Apply these migrations."""
    return await migrations.migrate(postgres, passwords=PASSWORDS, database=database, migrations=wanted)


async def ask(postgres: str, database: str, role: str, query: str) -> object:
    """Ask as one of the roles."""
    connection = await asyncpg.connect(migrations.dsn(postgres, role=role, password=PASSWORDS[role], database=database))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_each_migration_runs_once(postgres: str, empty: str):
    """Run it again as often as you like."""
    assert await migrate(postgres, empty, TABLE) == [TABLE.name]
    assert await migrate(postgres, empty, TABLE, VIEW) == [VIEW.name]
    assert await migrate(postgres, empty, TABLE, VIEW) == []


async def test_of_runners_at_the_same_time_one_does_the_work(postgres: str, empty: str):
    """Replicas that start together do not race."""
    ran = await asyncio.gather(*(migrate(postgres, empty, TABLE, VIEW) for _ in range(4)))
    assert sorted(ran) == [[], [], [], [TABLE.name, VIEW.name]]


async def test_changed_migration_is_refused(postgres: str, empty: str):
    """History does not change; a change is a new file."""
    await migrate(postgres, empty, TABLE)
    with pytest.raises(StackError, match=r"ledger/0001_subjects\.sql has changed"):
        await migrate(postgres, empty, Migration(name=TABLE.name, sql="SELECT 2;"))


async def test_failed_migration_leaves_nothing_and_can_be_mended(postgres: str, empty: str):
    """Whole or not at all."""
    broken = Migration(name="ledger/0002_more.sql", sql="CREATE TABLE ledger.more (id text); SELECT nonsense;")
    with pytest.raises(StackError, match=r"ledger/0002_more\.sql failed and was rolled back"):
        await migrate(postgres, empty, TABLE, broken)
    assert await migrate(postgres, empty, TABLE, Migration(name=broken.name, sql="SELECT 1;")) == [broken.name]
    assert await ask(postgres, empty, "portfolio_owner", "SELECT to_regclass('ledger.more')") is None


async def test_a_service_changes_rows_of_its_own_schema_only(postgres: str, empty: str):
    """And reads what the other shows it."""
    await migrate(postgres, empty, TABLE, VIEW)
    insert = "INSERT INTO ledger.subjects VALUES ('item/1') RETURNING id"
    assert await ask(postgres, empty, "portfolio_ledger", insert) == "item/1"
    assert await ask(postgres, empty, "portfolio_ledger", "SELECT entry FROM contract.applied_heads") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(postgres, empty, "portfolio_projector", "SELECT count(*) FROM ledger.subjects")


async def test_a_service_has_no_right_to_change_tables(postgres: str, empty: str):
    """Migrations run apart."""
    await migrate(postgres, empty, TABLE)
    for statement in ("CREATE TABLE ledger.own (id text)", "DROP TABLE ledger.subjects", "CREATE TABLE public.own (id text)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(postgres, empty, "portfolio_ledger", statement)


async def test_a_postgresql_that_is_away_is_one_sentence():
    """Without the password in it."""
    with pytest.raises(StackError, match=r"PostgreSQL at 127\.0\.0\.1:1 cannot be used") as caught:
        await migrations.migrate("postgresql://postgres:secret@127.0.0.1:1/postgres")
    assert "secret" not in str(caught.value)


async def test_what_is_installed_applies(database: object):
    """The fixture has done it: every installed migration runs on an empty database."""
    assert database is not None
