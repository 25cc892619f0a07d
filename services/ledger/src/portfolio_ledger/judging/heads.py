"""Comparing heads: whatever a reader has applied must be in the log that a judge is about to append to."""

from collections.abc import Sequence

from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.store import AppliedHead, Store
from portfolio_log.log import LogLost
from portfolio_log.partitions import partition_of


async def applied(store: Store, partition: int, partitions: int) -> list[AppliedHead]:
    """Return the heads that readers have applied in a partition.

    Ask before following to the end of the log: what was applied by then must be found there.
    """
    return [head for head in await store.applied_heads() if partition_of(head[1], partitions) == partition]


async def compare(state: PartitionState, heads: Sequence[AppliedHead]) -> None:
    """Check that each is an entry of a state that is stored up to the end of the log, with the same hash.

    Raises:
        LogLost: when one is not: the log is an older copy, or another one.

    """
    lost = await state.not_held(heads) if heads else []
    if lost:
        reader, portfolio, entry, hash_ = lost[0]
        raise LogLost(
            f"The read model {reader} has applied entry {entry} of {portfolio} with hash {hash_}, which is not in the log; "
            f"{len(lost)} portfolios have lost entries."
        )
