"""The local stack: `up`, `down`, `status`."""

from typing import Annotated

import typer

from portfolio_deploy.commands.options import DATA, AsJson, Data


def up(
    data: Data = DATA,
    fresh: Annotated[bool, typer.Option("--fresh", help="First delete the state in DIR, without asking.")] = False,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Do not load the demo portfolio where the ledger is empty.")] = False,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", help="Also stop when the process that started this one ends: for make and the like.")
    ] = False,
) -> None:
    """Start Kafka, PostgreSQL and the services on 127.0.0.1 and stay in the foreground.

    The first start downloads Kafka; later ones need no network and find yesterday's data. Free ports are found when the usual
    ones are taken. Ctrl-C, SIGTERM or closing the terminal stops everything; nothing is lost. What a crash or kill -9 left
    behind is cleared up by the next start.

    An empty ledger gets the demo portfolio, beside everything else; what is interrupted goes on with the next start.
    """
    import asyncio
    import logging

    from portfolio_deploy.demo import loading
    from portfolio_deploy.local import reports
    from portfolio_deploy.local.up import up as run

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a broker that is still starting is no news
    demo = None if no_demo else loading.load
    asyncio.run(run(data, report=reports.choose(), fresh=fresh, with_parent=with_parent, afterwards=demo))


def down(data: Data = DATA) -> None:
    """Stop the stack that runs on DIR, from another terminal, and wait until it has stopped.

    Exit code 0 also when nothing runs there.
    """
    import asyncio

    from portfolio_deploy.local.status import down as stop

    typer.echo(asyncio.run(stop(data)))


def status(data: Data = DATA, as_json: AsJson = False) -> None:
    """Show each part of the stack on DIR: whether it runs, is ready, where, and its process id; and what stands still.

    Beneath the table are the portfolios, read models and partitions that wait for an operator, each with the reason and the
    command that answers it. Exit code 0 when every part runs and is ready, else 1; a stopped portfolio makes no part unready.
    """
    import asyncio

    from portfolio_deploy.local import status_page
    from portfolio_deploy.local.status import status as look

    parts = asyncio.run(look(data))
    (status_page.print_json if as_json else status_page.print_table)(data, parts)
    raise typer.Exit(0 if all(part.running and part.ready for part in parts) else 1)
