"""The migrations runner: roles, schemas, then each distribution's numbered .sql files, once, in one fixed order.

A distribution advertises its package through the entry-point group `portfolio.migrations`. Its files lie in
`migrations/NNNN_name.sql` and, for a read model's own tables, in `read_models/<name>/migrations/NNNN_name.sql`. They run as
`portfolio_owner`, each in a transaction of its own; the schemas `ledger`, `projector`, `contract` and `reading` exist before the
first, and the rights on tables and views are granted after the last (see sql/grants.sql), so that no file speaks of roles.
"""

import contextlib
import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from portfolio_deploy.errors import StackError

DATABASE = "portfolio"
OWNER = "portfolio_owner"
ROLES = (OWNER, "portfolio_ledger", "portfolio_projector", "portfolio_reader")

if TYPE_CHECKING:
    Connection = asyncpg.Connection[Any]  # generic in its stubs only

_GROUP = "portfolio.migrations"
_ORDER = ("ledger", "projector")
_LOCK = 0x706F7274  # "port": any number would do, as long as every runner takes the same


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One .sql file: its name in the fixed order, such as `projector/read_models/backlogs/0001_items.sql`, and its text."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """What tells whether the file is the one that ran: lower-case hex."""
        return hashlib.sha256(self.sql.encode("utf-8")).hexdigest()


def installed() -> list[Migration]:
    """Return the migrations of what is installed, in the order in which they run."""
    found = {entry.name: entry.value for entry in metadata.entry_points(group=_GROUP)}
    names = [*(name for name in _ORDER if name in found), *sorted(found.keys() - set(_ORDER))]
    return [migration for name in names for migration in of_package(name, resources.files(found[name]))]


def of_package(name: str, package: Traversable) -> list[Migration]:
    """Return one package's migrations: those of the whole, then those of each read model by name."""
    migrations = _of_folder(name, package / "migrations")
    read_models = package / "read_models"
    if read_models.is_dir():
        for model in sorted(read_models.iterdir(), key=lambda folder: folder.name):
            migrations += _of_folder(f"{name}/read_models/{model.name}", model / "migrations")
    return migrations


def dsn(admin: str, *, role: str, password: str, database: str = DATABASE) -> str:
    """Return the connection string of a role, on the server of the administrator's connection string."""
    parts = urlsplit(admin)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password, safe='')}@{place}", path=f"/{quote(database)}"))


def with_database(admin: str, database: str) -> str:
    """Return the administrator's connection string with another database."""
    return urlunsplit(urlsplit(admin)._replace(path=f"/{quote(database)}"))


async def migrate(
    admin: str,
    *,
    passwords: Mapping[str, str] | None = None,
    database: str = DATABASE,
    migrations: Sequence[Migration] | None = None,
) -> list[str]:
    """Bring a PostgreSQL to the installed state and return the names of the migrations that ran now.

    Args:
        admin: connection string of one who may create roles and databases.
        passwords: by role; a role that is not named keeps the password it has.
        database: created where it does not exist.
        migrations: what to apply; by default what is installed.

    Raises:
        StackError: PostgreSQL cannot be reached, a file changed after it ran, or its SQL fails.

    """
    wanted = installed() if migrations is None else migrations
    async with _connection(admin) as connection, _alone(connection):
        await _create_roles(connection, passwords or {})
        await _create_database(connection, database)
    async with _connection(with_database(admin, database)) as connection, _alone(connection):
        await connection.execute(f"SET ROLE {OWNER}")
        await connection.execute(_statement("schemas"))
        ran = await _apply(connection, wanted)
        await connection.execute(_statement("grants"))
    return ran


def _of_folder(name: str, folder: Traversable) -> list[Migration]:
    if not folder.is_dir():
        return []
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [Migration(name=f"{name}/{file.name}", sql=file.read_text(encoding="utf-8")) for file in files]


async def _create_roles(connection: "Connection", passwords: Mapping[str, str]) -> None:
    await connection.execute(_statement("roles"))
    for role, password in passwords.items():
        if role in ROLES:
            await connection.execute(await connection.fetchval(_statement("password"), role, password))


async def _create_database(connection: "Connection", database: str) -> None:
    create = await connection.fetchval(_statement("database"), database)
    if create is not None:
        await connection.execute(create)


async def _apply(connection: "Connection", wanted: Sequence[Migration]) -> list[str]:
    applied = {row["name"]: row["sha256"] for row in await connection.fetch(_statement("applied"))}
    ran: list[str] = []
    for migration in wanted:
        if migration.name not in applied:
            await _run(connection, migration)
            ran.append(migration.name)
        elif applied[migration.name] != migration.sha256:
            raise StackError(
                f"The migration {migration.name} has changed since it ran; put the file back, and write a new one for the change."
            )
    return ran


async def _run(connection: "Connection", migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(_statement("record"), migration.name, migration.sha256)
    except asyncpg.PostgresError as error:
        raise StackError(f"The migration {migration.name} failed and was rolled back: {error}") from error


@contextlib.asynccontextmanager
async def _connection(connection_string: str) -> AsyncGenerator["Connection"]:
    try:
        connection = await asyncpg.connect(connection_string, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        place = urlsplit(connection_string).netloc.rpartition("@")[2]
        raise StackError(f"PostgreSQL at {place} cannot be used for migrations: {str(error) or type(error).__name__}") from error
    try:
        yield connection
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def _alone(connection: "Connection") -> AsyncGenerator[None]:
    """Hold the database's advisory lock: of two runners one waits, and then finds everything done."""
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


def _statement(name: str) -> str:
    return resources.files("portfolio_deploy").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
