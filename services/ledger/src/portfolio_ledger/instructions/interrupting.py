"""Interrupting: the work on a partition pauses while an instruction is carried out, and begins again at the stored state."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

import structlog

from portfolio_ledger import sessions
from portfolio_ledger.instructions.resuming import Resuming
from portfolio_ledger.instructions.storage import Answer, Instructions
from portfolio_ledger.state.standings import Trouble
from portfolio_log import endings

_LOOK_SECONDS = 0.7

_logger = structlog.get_logger()

Work = Callable[[int, Callable[[], bool]], Awaitable[None]]


class Interrupting:
    """Runs the work on partitions, and what operators instruct in between. `state` tells of each partition whether it is lost."""

    def __init__(
        self, instructions: Instructions, resuming: Resuming, work: Work, state: Callable[[], Mapping[int, Trouble | None]]
    ) -> None:
        self._instructions = instructions
        self._resuming = resuming
        self._work = work
        self._state = state
        self._said = dict[int, Trouble | None]()
        self._waits = defaultdict[int, asyncio.Event](asyncio.Event)

    async def work(self, partition: int, alive: Callable[[], bool]) -> None:
        """Work on one partition until cancelled. Raises what the work raises."""
        self._waits[partition].set()  # something may have waited before this process began
        while True:
            await self._carry_out(partition, alive)
            endings.obey()
            working = asyncio.ensure_future(self._work(partition, alive))
            asked = asyncio.ensure_future(self._waits[partition].wait())
            try:
                await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                asked.cancel()
                working.cancel()
                await asyncio.wait({working})
            if not working.cancelled():
                working.result()

    async def watch(self) -> None:
        """Look for instructions, and say which partitions are lost, until cancelled."""
        while True:
            try:
                await self._say_lost()
                for partition in await self._instructions.partitions():
                    self._waits[partition].set()
            except sessions.UNAVAILABLE as error:
                _logger.info("instructions-not-known", error=type(error).__name__)
            endings.obey()
            await asyncio.sleep(_LOOK_SECONDS)

    async def _say_lost(self) -> None:
        said = dict(self._state())
        if said != self._said or any(said.values()):
            await self._instructions.say_lost(said)
            self._said = said

    async def _carry_out(self, partition: int, alive: Callable[[], bool]) -> None:
        """Carry out what waits. One that fails is answered so, and never keeps the partition from its work."""
        if not self._waits[partition].is_set():
            return
        self._waits[partition].clear()
        with contextlib.suppress(*sessions.UNAVAILABLE):
            for instruction in await self._instructions.open(partition):
                try:
                    answer = await self._resuming.carry_out(instruction, alive)
                except Exception as error:
                    _logger.exception("instruction-failed", partition=partition, portfolio=instruction.portfolio)
                    answer = Answer.no(f"It failed ({type(error).__name__}: {error}); the ledger's log says more. Ask again.")
                log = _logger.warning if answer.done else _logger.error
                log("instructed", partition=partition, portfolio=instruction.portfolio, done=answer.done, answer=answer.text)
                await self._instructions.answer(instruction, answer)
