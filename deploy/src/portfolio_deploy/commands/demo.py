"""The demo portfolio: `demo`."""

from datetime import datetime
from pathlib import Path
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
    load: Annotated[
        Path | None,
        typer.Option(
            "--load",
            metavar="DIR",
            help="Print nothing: load it, where the log of --kafka is empty, through --to. DIR remembers how far that got.",
        ),
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The ledger to load it into.")] = "http://127.0.0.1:8080",
    kafka: Annotated[
        str, typer.Option("--kafka", metavar="BROKERS", envvar="PORTFOLIO_KAFKA", help="The brokers of that ledger.")
    ] = "127.0.0.1:9092",
) -> None:
    """Print the events of the demo portfolio as JSON Lines: two years of three ways of delivery, the same for the same arguments.

    portfolio demo | portfolio publish - --to http://127.0.0.1:8080
    """
    import sys
    from datetime import UTC

    from portfolio_deploy.demo import story
    from portfolio_deploy.errors import WrongUse

    if load is not None:
        if end is not None or (portfolio, seed) != (story.PORTFOLIO, story.SEED):
            raise WrongUse("--load loads the usual story: leave --end, --portfolio and --seed out, or publish what is printed.")
        _load(load, to, kafka)
        return
    today = datetime.now(UTC).date()
    last = story.default_end(today) if end is None else end.date()
    if last > today:
        raise WrongUse(f"--end {last} lies ahead: the ledger takes no facts from the future.")
    sys.stdout.buffer.writelines(story.lines(story.tell(last, portfolio=portfolio, seed=seed)))
    sys.stdout.flush()


def _load(folder: Path, ledger: str, kafka: str) -> None:
    import asyncio

    from portfolio_deploy.demo import loading

    folder.mkdir(parents=True, exist_ok=True)
    target = loading.Target(kafka=kafka, ledger=ledger, folder=folder)
    asyncio.run(loading.load_into(target, loading.Marker(folder), typer.echo))
