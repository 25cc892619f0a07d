"""Interrupting: the work on a partition pauses while an instruction is carried out, and begins again at the stored state."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection

import structlog

from portfolio_ledger import sessions
from portfolio_ledger.instructions.resuming import Resuming
from portfolio_ledger.instructions.storage import Answer, Instruction, Instructions
from portfolio_log import endings

_LOOK_SECONDS = 0.7
_HEAL_SECONDS_MIN = 1.0
_HEAL_SECONDS_MAX = 60.0

_logger = structlog.get_logger()

Work = Callable[[int, Callable[[], bool]], Awaitable[None]]


class Interrupting:
    """Runs the work on partitions, and what operators instruct in between. `lost` tells which have lost their log."""

    def __init__(
        self, instructions: Instructions, resuming: Resuming, work: Work, lost: Callable[[], Awaitable[Collection[int]]]
    ) -> None:
        self._instructions = instructions
        self._resuming = resuming
        self._work = work
        self._lost = lost
        self._waits = defaultdict[int, asyncio.Event](asyncio.Event)
        self._healing = dict[int, tuple[float, float]]()

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
        """Look for instructions, and for what is lost, until cancelled."""
        while True:
            try:
                for partition in await self._instructions.partitions():
                    self._waits[partition].set()
                self._look_at_lost(await self._lost())
            except sessions.UNAVAILABLE as error:
                _logger.info("instructions-not-known", error=type(error).__name__)
            endings.obey()
            await asyncio.sleep(_LOOK_SECONDS)

    def _look_at_lost(self, lost: Collection[int]) -> None:
        """Now and then look whether lost partitions have everything again: a broker may just have been restored."""
        now = asyncio.get_running_loop().time()
        self._healing = {partition: self._healing.get(partition, (now, _HEAL_SECONDS_MIN)) for partition in lost}
        for partition, (at, pause) in self._healing.items():
            if now >= at:
                self._healing[partition] = (now + pause, min(pause * 2, _HEAL_SECONDS_MAX))
                self._waits[partition].set()

    async def _carry_out(self, partition: int, alive: Callable[[], bool]) -> None:
        """Carry out what waits. What fails is answered so, or tried again later, and never keeps the partition from its work."""
        if not self._waits[partition].is_set():
            return
        self._waits[partition].clear()
        try:
            for instruction in await self._instructions.open(partition):
                await self._instructions.answer(instruction, await self._answer(instruction, alive))
            healed = await self._resuming.heal(partition, alive)
            if healed is not None:
                _logger.warning("log-compared", partition=partition, done=healed.done, answer=healed.text)
        except Exception as error:  # noqa: BLE001  broker or database are away: the work itself says so, and what waits goes on waiting
            _logger.info("instructions-wait", partition=partition, error=type(error).__name__)
            endings.obey()

    async def _answer(self, instruction: Instruction, alive: Callable[[], bool]) -> Answer:
        try:
            answer = await self._resuming.carry_out(instruction, alive)
        except Exception as error:
            _logger.exception("instruction-failed", partition=instruction.partition)
            endings.obey()
            return Answer.no(f"It failed ({type(error).__name__}: {error}); the log of who serves it says more. Ask again.")
        log = _logger.warning if answer.done else _logger.error
        log("instructed", partition=instruction.partition, done=answer.done, answer=answer.text)
        return answer
