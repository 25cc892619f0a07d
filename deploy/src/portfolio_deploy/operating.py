"""What an operator does about something that stands still, on both services: each has commands of its own for what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from portfolio_deploy.installation import Installation


@dataclass(frozen=True, kw_only=True)
class Skip:
    """An entry that a read model shall never fold."""

    entry: int
    reason: str
    actor: str | None


async def resume(
    installation: Installation, what: Sequence[str], *, partition: int | None, skip: Skip | None, rebuild: bool
) -> int:
    """Resume a portfolio or a partition in ledger and projector, or a read model in the projector alone."""
    arguments = [*what, *([] if partition is None else ["--partition", str(partition)]), *(["--rebuild"] if rebuild else [])]
    if skip is not None:
        arguments += ["--skip", str(skip.entry), "--reason", skip.reason]
        arguments += ["--actor", skip.actor] if skip.actor else []
    projector = await installation.run_projector("resume", *arguments)
    if len(what) > 1:
        return projector
    return max(projector, await installation.run_ledger("resume", *arguments))


async def repair(installation: Installation, portfolio: str | None, partition: int | None, options: Sequence[str]) -> int:
    """Put back what the log has lost, then let ledger and projector go on."""
    which = [portfolio] if portfolio is not None else ["--partition", str(partition)]
    code = await installation.run_projector("repair", *which, *options)
    return code or await resume(
        installation, which if portfolio else (), partition=None if portfolio else partition, skip=None, rebuild=False
    )


async def abandon(installation: Installation, portfolio: str, options: Sequence[str]) -> int:
    """Give up what nobody can put back, then let ledger and projector go on without it."""
    code = await installation.run_projector("abandon", portfolio, *options)
    return code or await resume(installation, [portfolio], partition=None, skip=None, rebuild=False)


async def accept_loss(installation: Installation, partition: int) -> int:
    """Accept that submissions which expired before they were judged are lost."""
    return await installation.run_ledger("accept-loss", str(partition))
