"""The demo portfolio: `demo`."""

from datetime import datetime
from typing import Annotated

import typer


def demo(
    end: Annotated[
        datetime | None,
        typer.Option(
            "--end",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="The story ends before it; without it before this week's Monday.",
        ),
    ] = None,
    portfolio: Annotated[str, typer.Option("--portfolio", metavar="ID", help="The portfolio that it is told about.")] = "demo",
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another number tells another story of the same kind.")] = 1,
) -> None:
    """Print the events of the demo portfolio as JSON Lines: two years of three ways of delivery, the same for the same arguments.

    portfolio demo | portfolio publish - --to http://127.0.0.1:8080
    """
    import sys
    from datetime import UTC

    from portfolio_deploy.demo import story
    from portfolio_deploy.errors import WrongUse

    today = datetime.now(UTC).date()
    last = story.default_end(today) if end is None else end.date()
    if last > today:
        raise WrongUse(f"--end {last} lies ahead: the ledger takes no facts from the future.")
    sys.stdout.buffer.writelines(story.lines(story.tell(last, portfolio=portfolio, seed=seed)))
    sys.stdout.flush()
