"""Saying which partitions stand still: where every door, and every operator, sees it."""

from collections.abc import Callable, Collection, Mapping

from portfolio_ledger.instructions.storage import Instructions
from portfolio_ledger.state.standings import LOG_LOST, Trouble


class Saying:
    """Says what `state` tells of each partition that this process owns: that it is served, or why it waits for an operator."""

    def __init__(self, instructions: Instructions, state: Callable[[], Mapping[int, Trouble | None]]) -> None:
        self._instructions = instructions
        self._state = state
        self._said = dict[int, Trouble | None]()

    async def lost(self) -> Collection[int]:
        """Say it where it changed, and of what is lost again and again; return the partitions that have lost their log."""
        said = dict(self._state())
        if said != self._said or any(said.values()):
            await self._instructions.say_lost(said)
            self._said = said
        return [partition for partition, trouble in said.items() if trouble and trouble.code == LOG_LOST]
