"""The database: `migrate`."""

from typing import Annotated

import typer

from portfolio_deploy.commands.options import DATA, Data


def migrate(
    data: Data = DATA,
    postgres: Annotated[
        str | None,
        typer.Option(
            envvar="PORTFOLIO_POSTGRES_ADMIN",
            help="Connection string of one who may create roles and databases. Without it: the local stack that runs on DIR.",
        ),
    ] = None,
    database: Annotated[str, typer.Option(envvar="PORTFOLIO_DATABASE", help="Created when it does not exist.")] = "portfolio",
) -> None:
    """Create roles and database where they are missing, and apply the migrations that have not been applied.

    Passwords of the roles come from PORTFOLIO_OWNER_PASSWORD, PORTFOLIO_LEDGER_PASSWORD and PORTFOLIO_PROJECTOR_PASSWORD; a
    role whose variable is not set keeps the password it has. Run it again as often as you like: what is done stays done.
    """
    import asyncio
    import os

    from portfolio_deploy import migrate_command

    typer.echo(asyncio.run(migrate_command.run(data, postgres, database, os.environ)))
