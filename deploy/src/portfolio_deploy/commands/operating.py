"""What an operator does about something that stands still: `resume`."""

from typing import Annotated

import typer

from portfolio_deploy.commands.options import DATA, Data

_ENVIRONMENT = (
    "Works on the local stack that runs on DIR; on any other installation when PORTFOLIO_KAFKA, PORTFOLIO_LEDGER_POSTGRES and "
    "PORTFOLIO_PROJECTOR_POSTGRES (connection strings of the services' roles) are set."
)

Partition = Annotated[
    int | None, typer.Option("--partition", metavar="N", help="Instead of a portfolio: all portfolios of a partition of the log.")
]


def resume(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[READ_MODEL] PORTFOLIO", help="As `portfolio status` names it.", show_default=False),
    ] = None,
    *,
    partition: Partition = None,
    skip: Annotated[
        int | None, typer.Option("--skip", metavar="ENTRY", help="Have the read model never fold the entry that it failed at.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it is skipped: answers of the read model show it.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Who says so; without it, who is logged in.")] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make it anew from the log, even when nothing stands still.")
    ] = False,
    data: Data = DATA,
) -> None:
    """Let a stopped portfolio, a failed read model or a lost partition go on, after the cause was put right.

    PORTFOLIO alone: ledger and read models compare what they hold with the log, and read that portfolio again where the log has
    all of it. Where something was given up by `portfolio abandon`, they make the portfolio anew from the log.

    READ_MODEL PORTFOLIO: the read model folds on from the entry that it failed at, with a newer program or with --skip.

    Exit code 0 when it goes on, 1 when it does not, with the reason; 2 for wrong use.
    """
    import asyncio
    import os

    from portfolio_deploy import installation, operating
    from portfolio_deploy.errors import WrongUse

    named = what or []
    if len(named) > 2 or (partition is None) == (not named):  # noqa: PLR2004  READ_MODEL and PORTFOLIO
        raise WrongUse("Name a portfolio, a read model and a portfolio, or --partition N.")
    if (skip is None) != (reason is None) or (skip is not None and len(named) < 2):  # noqa: PLR2004  the same
        raise WrongUse("--skip ENTRY needs a --reason, a read model and a portfolio.")
    skipped = None if skip is None or reason is None else operating.Skip(entry=skip, reason=reason, actor=actor)
    where = installation.find(data, os.environ)
    raise typer.Exit(asyncio.run(operating.resume(where, named, partition=partition, skip=skipped, rebuild=rebuild)))


resume.__doc__ = f"{resume.__doc__}\n\n    {_ENVIRONMENT}"
