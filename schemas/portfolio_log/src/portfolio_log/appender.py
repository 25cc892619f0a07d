"""The appender: a compare-and-swap on the log, made of an append and the follow rule.

One batch is in flight per partition. When the log acknowledges exactly the offset up to which the partition was followed, nobody
wrote in between and the batch is recorded. In every other case the partition is followed to its end, which tells.
Start-up is the same.
"""

from collections.abc import Sequence

from portfolio_log.follower import Followed, Follower
from portfolio_log.log import InDoubt, Log
from portfolio_schemas.entries import Entry


class Appender:
    """The only writer of a process to one partition of the ledger topic; shares its follower with nobody."""

    def __init__(self, log: Log, follower: Follower) -> None:
        self._log = log
        self._follower = follower

    async def append(self, batch: Sequence[Entry]) -> Followed:
        """Append the entries as one record batch and return everything that the log holds now and did not before.

        That is the batch itself when it was recorded. When another writer came first, or the answer was lost, it is whatever
        the log says: the caller looks for its submissions there and judges again those that it does not find.

        Raises:
            LogLost: when the log has lost records that were acknowledged or followed before.

        """
        expected = self._follower.next_offset
        try:
            base = await self._log.append(self._follower.partition, [(entry.portfolio, entry.value) for entry in batch])
        except InDoubt:
            base = None
        if base == expected:
            return self._follower.accept(batch)
        return await self._follower.read_to_end()
