"""Renewing: what other rules have folded is forgotten, and made again from the log, which must hold all of it."""

from collections.abc import Callable

import structlog

from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.store import Store
from portfolio_log import survey
from portfolio_log.log import Log, LogLost

_logger = structlog.get_logger()


async def renew(store: Store, log: Log, state: PartitionState, partitions: int, alive: Callable[[], bool]) -> None:
    """Forget a partition's state that other rules have made: it begins at nothing.

    Raises:
        LogLost: when something is stored that the log does not hold: it is not forgotten.
        NotOwned: when another process may own the partition.
        Stale: when another process moved it.

    """
    partition, position = state.partition, state.position
    found = await survey.survey(log, partition, partitions)
    if found.end < position.next_offset:
        raise LogLost(f"Partition {partition} was folded up to offset {position.next_offset}, and ends at {found.end}.")
    for portfolio, standing in sorted(state.standings.items()):
        difference = await found.compare(portfolio, standing.place.head, store.hash_of)
        if difference is not None:
            raise LogLost(survey.missing(portfolio, standing.place.head, difference))
    _logger.warning(
        "state-made-anew", partition=partition, end=found.end, portfolios=len(state.standings), folded_by=position.fold
    )
    await store.forget(partition, position, alive)
