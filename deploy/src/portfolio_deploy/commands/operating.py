"""What an operator does about something that stands still: `resume`, `repair`, `abandon`, `accept-loss`."""

from typing import Annotated

import typer

from portfolio_deploy.commands.options import DATA, Data

ENVIRONMENT = (
    "Works on the local stack that runs on DIR; on any other installation when PORTFOLIO_KAFKA, PORTFOLIO_LEDGER_POSTGRES and "
    "PORTFOLIO_PROJECTOR_POSTGRES (connection strings of the services' roles) are set."
)

Partition = Annotated[
    int | None, typer.Option("--partition", metavar="N", help="Instead of a portfolio: all portfolios of a partition of the log.")
]

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking; else, without a terminal, it is only shown.")]


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


def repair(
    portfolio: Annotated[str | None, typer.Argument(help="As `portfolio status` names it.", show_default=False)] = None,
    *,
    partition: Partition = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; it stands in the log for ever.")] = None,
    actor: Annotated[
        str | None, typer.Option("--actor", help="Who does so, for ever in the log; without it, who is logged in.")
    ] = None,
    yes: Yes = False,
    data: Data = DATA,
) -> None:
    """Put back into the log what it has lost, set aside what follows nothing, and let everybody go on.

    The missing entries are taken from the projector's read model `entries` and appended again, byte for byte; a repair record
    says who did so and why. What will be written is shown first. It may be interrupted and run again, beside running services.

    Exit code 0 when the log is in order and everybody goes on, 1 when not, with the reason; 2 for wrong use.
    """
    import asyncio
    import os

    from portfolio_deploy import installation, operating
    from portfolio_deploy.errors import WrongUse

    if (portfolio is None) == (partition is None):
        raise WrongUse("Name a portfolio, or --partition N.")
    options = [*_given("--reason", reason), *_given("--actor", actor), *(["--yes"] if yes else [])]
    raise typer.Exit(asyncio.run(operating.repair(installation.find(data, os.environ), portfolio, partition, options)))


def abandon(
    portfolio: Annotated[str, typer.Argument(help="As `portfolio status` names it.")],
    *,
    after: Annotated[int, typer.Option("--after", metavar="ENTRY", help="The last entry that stays.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the log for ever.")],
    actor: Annotated[str, typer.Option("--actor", help="Who decides so; it stands in the log for ever.")],
    yes: Yes = False,
    data: Data = DATA,
) -> None:
    """Give up the entries of a portfolio that the log has lost and nobody can put back, and let everybody go on without them.

    Try `portfolio repair` first: it says when this is what is left. Readers that hold such entries are made anew from the log;
    the projector keeps those entries as evidence. Their submissions that are still in intake are judged again.

    Exit code 0 when it is written and everybody goes on, 1 when not, with the reason; 2 for wrong use.
    """
    import asyncio
    import os

    from portfolio_deploy import installation, operating

    options = ["--after", str(after), "--reason", reason, "--actor", actor, *(["--yes"] if yes else [])]
    raise typer.Exit(asyncio.run(operating.abandon(installation.find(data, os.environ), portfolio, options)))


def accept_loss(
    partition: Annotated[int, typer.Argument(help="The partition of intake, as `portfolio status` names it.")],
    data: Data = DATA,
) -> None:
    """Go on with a partition whose oldest submissions expired in intake before they were judged: they are lost.

    Exit code 0 when it goes on, 1 when not, with the reason; 2 for wrong use.
    """
    import asyncio
    import os

    from portfolio_deploy import installation, operating

    raise typer.Exit(asyncio.run(operating.accept_loss(installation.find(data, os.environ), partition)))


def _given(name: str, value: str | None) -> list[str]:
    return [] if value is None else [name, value]


for _command in (resume, repair, abandon, accept_loss):
    _command.__doc__ = f"{_command.__doc__}\n\n    {ENVIRONMENT}"
