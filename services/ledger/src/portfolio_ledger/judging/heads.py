"""Comparing heads: whatever a reader has applied must be in the log that a judge is about to append to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portfolio_ledger import sessions
from portfolio_ledger.statements import SQL
from portfolio_log.log import LogLost
from portfolio_log.partitions import partition_of

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Pool

AppliedHead = tuple[str, str, int, str]
"""Reader, portfolio, number and hash of the last entry that it has applied."""


async def applied(pool: "Pool", partition: int, partitions: int) -> list[AppliedHead]:
    """Return the heads that readers have applied in a partition; none where no reader shows any.

    Ask before following to the end of the log: what was applied by then must be found there.
    """
    async with sessions.acquire(pool) as connection:
        if not await connection.fetchval(SQL["has_applied_heads"]):
            return []
        rows = await connection.fetch(SQL["applied_heads"])
    return [tuple(row) for row in rows if partition_of(row["portfolio"], partitions) == partition]  # type: ignore[misc]  # four columns


async def compare(pool: "Pool", heads: Sequence[AppliedHead]) -> None:
    """Check that each is an entry of the stored state, with the same hash.

    Raises:
        LogLost: when one is not: the log is an older copy, or another one.

    """
    if not heads:
        return
    async with sessions.acquire(pool) as connection:
        lost = await connection.fetch(SQL["not_held"], *zip(*heads, strict=True))
    if lost:
        reader, portfolio, entry, hash_ = lost[0]
        raise LogLost(
            f"The read model {reader} has applied entry {entry} of {portfolio} with hash {hash_}, which is not in the log; "
            f"{len(lost)} portfolios have lost entries."
        )
