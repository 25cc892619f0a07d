"""The `portfolio` command. Each command imports what it needs when it runs, so that `--help` answers at once."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from portfolio_deploy.errors import StackError

app = typer.Typer(
    name="portfolio",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The portfolio ledger on this machine: start it, stop it, look at it, migrate its database.",
)

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where the stack's state lives, and is there again next time.")]
_DATA = Path(".portfolio")


@app.command()
def up(
    data: Data = _DATA,
    fresh: Annotated[bool, typer.Option("--fresh", help="First delete the state in DIR, without asking.")] = False,  # noqa: FBT002  # how typer spells a flag
    with_parent: Annotated[  # noqa: FBT002  # the same
        bool, typer.Option("--with-parent", help="Also stop when the process that started this one ends: for make and the like.")
    ] = False,
) -> None:
    """Start Kafka, PostgreSQL and the services on 127.0.0.1 and stay in the foreground.

    The first start downloads Kafka; later ones need no network and find yesterday's data. Free ports are found when the usual
    ones are taken. Ctrl-C, SIGTERM or closing the terminal stops everything; nothing is lost. What a crash or kill -9 left
    behind is cleared up by the next start.
    """
    import asyncio  # noqa: PLC0415  # slow to import: see above
    import logging  # noqa: PLC0415  # the same

    from portfolio_deploy import reports  # noqa: PLC0415  # the same
    from portfolio_deploy.up import up as run  # noqa: PLC0415  # the same

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a broker that is still starting is no news
    asyncio.run(run(data, report=reports.choose(), fresh=fresh, with_parent=with_parent))


@app.command()
def down(data: Data = _DATA) -> None:
    """Stop the stack that runs on DIR, from another terminal, and wait until it has stopped.

    Exit code 0 also when nothing runs there.
    """
    import asyncio  # noqa: PLC0415  # slow to import: see above

    from portfolio_deploy.status import down as stop  # noqa: PLC0415  # the same

    typer.echo(asyncio.run(stop(data)))


@app.command()
def status(
    data: Data = _DATA,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one JSON document.")] = False,  # noqa: FBT002  # how typer spells a flag
) -> None:
    """Show each part of the stack on DIR: whether it runs, is ready, where, and its process id.

    Exit code 0 when every part runs and is ready, else 1.
    """
    import asyncio  # noqa: PLC0415  # slow to import: see above

    from portfolio_deploy import status_page  # noqa: PLC0415  # the same
    from portfolio_deploy.status import status as look  # noqa: PLC0415  # the same

    parts = asyncio.run(look(data))
    (status_page.print_json if as_json else status_page.print_table)(data, parts)
    raise typer.Exit(0 if all(part.running and part.ready for part in parts) else 1)


@app.command()
def migrate(
    data: Data = _DATA,
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
    import asyncio  # noqa: PLC0415  # slow to import: see above

    from portfolio_deploy import migrate_command  # noqa: PLC0415  # the same

    typer.echo(asyncio.run(migrate_command.run(data, postgres, database, os.environ)))


def main() -> None:
    """Run the command; end with one sentence on standard error and exit code 1 when the answer is no."""
    try:
        app()
    except StackError as error:
        print(f"portfolio: {error}", file=sys.stderr)  # noqa: T201  # the sentence itself
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
