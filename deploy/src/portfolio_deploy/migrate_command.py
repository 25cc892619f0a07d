"""`portfolio migrate`: which PostgreSQL is meant, and which passwords its roles get."""

from collections.abc import Mapping
from pathlib import Path

from portfolio_deploy import migrations
from portfolio_deploy.errors import StackError
from portfolio_deploy.local import postgres, run_files
from portfolio_deploy.local.state_directory import StateDirectory


async def run(directory: Path, admin: str | None, database: str, environment: Mapping[str, str]) -> str:
    """Migrate the named PostgreSQL, or that of the running local stack, and return a sentence on what was done."""
    passwords = {
        role: environment[variable] for role in migrations.ROLES if (variable := f"{role.upper()}_PASSWORD") in environment
    }
    if admin is None:
        admin, passwords = _local(directory)
    ran = await migrations.migrate(admin, passwords=passwords, database=database)
    return "\n".join((*ran, f"Applied {len(ran)} migrations; the database {database} is up to date."))


def _local(directory: Path) -> tuple[str, Mapping[str, str]]:
    state = StateDirectory(directory)
    record, file = state.record(), run_files.read(state.run, "postgres")
    if record is None or file is None or not file.runs():
        raise StackError(
            f"No local stack runs on {state.path}: start one with `portfolio up`, or name a PostgreSQL with --postgres."
        )
    return postgres.dsn(record.ports["postgres"], record.passwords["postgres"]), record.passwords
