"""Reading: `tail`, `show` and `diff`."""

from typing import Annotated

import typer

from portfolio_deploy.commands.options import DATA, AsJson, Data

ReadApiAddress = Annotated[
    str | None,
    typer.Option("--read-api", metavar="URL", help="The read API. Without it: that of the local stack that runs on DIR."),
]


def tail(
    portfolio: Annotated[str | None, typer.Argument(help="Whose entries; without it those of every portfolio.")] = None,
    first: Annotated[
        int | None,
        typer.Option("--from", metavar="ENTRY", min=0, help="Begin with this entry, 0 for all, not with the next one."),
    ] = None,
    count: Annotated[int | None, typer.Option("--count", metavar="N", min=1, help="End after so many entries.")] = None,
    read_api: ReadApiAddress = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Follow entries as they are recorded, a line for each; refusals too. Ctrl-C ends it.

    A lost connection is made again, and no entry is left out or shown twice. With --json each line is the entry as it lies in the
    log.

        portfolio tail acme --from 0
    """
    from portfolio_deploy import addresses
    from portfolio_deploy.reading import tail as tailing

    address = addresses.find("read-api", read_api, data, option="--read-api")
    wanted = tailing.Wanted(portfolio=portfolio, first=first, count=count, as_json=as_json)
    tailing.tail(address, wanted)


def show(
    what: Annotated[list[str], typer.Argument(metavar="SUBJECT", help="initiative/ID, product/ID or portfolio/ID.")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="ENTRY|INSTANT", help="As it was known then: an entry number, or a time with an offset."),
    ] = None,
    effective: Annotated[
        str | None,
        typer.Option("--effective", metavar="DATE", help="What was true by the end of that day, where that is served."),
    ] = None,
    portfolio: Annotated[
        str | None,
        typer.Option("--portfolio", metavar="ID", help="Where the subject is, when several portfolios have one of that id."),
    ] = None,
    items: Annotated[int, typer.Option("--items", metavar="N", min=1, help="How many items of a backlog.")] = 15,
    read_api: ReadApiAddress = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show a report on an initiative, a product or a portfolio: now, or as it was known at any entry.

    portfolio show initiative/apollo

    portfolio show product/payments --as-of 1200 --items 5

    portfolio show portfolio/acme --json
    """
    import asyncio

    from portfolio_deploy import addresses
    from portfolio_deploy.reading import reports

    kind, identity = reports.subject(what)
    address = addresses.find("read-api", read_api, data, option="--read-api")
    moment = {"as_of": as_of, "effective": effective}
    wanted = reports.Wanted(
        kind=kind,
        id=identity,
        portfolio=portfolio,
        moment={name: value for name, value in moment.items() if value is not None},
        items_max=items,
        as_json=as_json,
    )
    asyncio.run(reports.show(address, wanted))


def diff(
    portfolio: Annotated[str, typer.Argument(help="Whose changes.")],
    first: Annotated[str, typer.Argument(metavar="FROM", help="What came after it: an entry number, or a time with an offset.")],
    last: Annotated[
        str | None, typer.Argument(metavar="[TO]", help="Up to and with it; without it the present.", show_default=False)
    ] = None,
    read_api: ReadApiAddress = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two moments, by subject, with the entries that did it: who, when and why.

    portfolio diff demo 7000

    portfolio diff demo 2026-03-01T00:00:00Z 2026-04-01T00:00:00Z --json

    Exit code 0 when something changed, 1 when nothing did, 2 for wrong use.
    """
    import asyncio

    from portfolio_deploy import addresses
    from portfolio_deploy.reading import difference

    address = addresses.find("read-api", read_api, data, option="--read-api")
    wanted = difference.Wanted(portfolio=portfolio, first=first, last=last, as_json=as_json)
    raise typer.Exit(0 if asyncio.run(difference.show(address, wanted)) else 1)
