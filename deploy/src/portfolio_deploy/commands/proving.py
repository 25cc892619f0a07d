"""What proves that read models are what the log makes of them: `rebuild`, `replay`."""

from typing import Annotated

import typer

from portfolio_deploy.commands.operating import ENVIRONMENT
from portfolio_deploy.commands.options import DATA, Data

Json = Annotated[bool, typer.Option("--json", help="The outcome as one JSON document.")]


def rebuild(
    read_model: Annotated[str, typer.Argument(help="`initiatives` or `backlogs`.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Build and compare; do not switch.")] = False,
    back: Annotated[bool, typer.Option("--back", help="Put the tables from before the last rebuild back.")] = False,
    json: Json = False,
    data: Data = DATA,
) -> None:
    """Build a read model anew beside the old one, compare them row by row, and switch, while everybody reads on.

    What differs is said: the table, the row, the column, both values, and the entry that changed the row last. The old tables
    stay until the next rebuild. After an upgrade that folds a read model in another way, do this before the new projector runs.

    Exit code 0 when it is switched (with --dry-run: when nothing differs), 1 when not, 2 for wrong use.
    """
    options = [*_flag("--dry-run", dry_run), *_flag("--back", back), *_flag("--json", json)]
    raise typer.Exit(_projector(data, "rebuild", read_model, *options))


def replay(
    portfolio: Annotated[str, typer.Argument(help="The portfolio whose log is folded.")],
    *,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="X", help="Up to an entry, or an instant: the last entry recorded by then.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Compare with what is kept, row by row: now, or as it was at X.")
    ] = False,
    json: Json = False,
    data: Data = DATA,
) -> None:
    """Fold a portfolio's log from nothing, judging every record, and say what came of it.

    For each table there is the number of rows and a digest of them, which two people can compare. With --compare every entry
    that is kept, what the ledger remarked on it, whom it concerns, and every row are compared with the fold; what differs first
    is named by table, key, column and entry, and at last the commands that make it good.

    Exit code 0 when it is folded (with --compare: and equal), 1 when the log cannot be followed or rows differ, 2 for wrong use.
    """
    options = [*([] if as_of is None else ["--as-of", as_of]), *_flag("--compare", compare), *_flag("--json", json)]
    raise typer.Exit(_projector(data, "replay", portfolio, *options))


def _projector(data: Data, *arguments: str) -> int:
    import asyncio
    import os

    from portfolio_deploy import installation

    return asyncio.run(installation.find(data, os.environ).run_projector(*arguments))


def _flag(name: str, given: bool) -> list[str]:  # noqa: FBT001  an option as it was given
    return [name] if given else []


for _command in (rebuild, replay):
    _command.__doc__ = f"{_command.__doc__}\n\n    {ENVIRONMENT}"
