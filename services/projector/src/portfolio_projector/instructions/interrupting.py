"""Interrupting: the work on a partition pauses while an instruction is carried out, and begins again at the stored state."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable

import structlog

from portfolio_log import endings
from portfolio_projector import sessions
from portfolio_projector.instructions.resuming import Resuming
from portfolio_projector.instructions.storage import Answer, Instructions

_LOOK_SECONDS = 0.7

_logger = structlog.get_logger()

Work = Callable[[int, Callable[[], bool]], Awaitable[None]]


class Interrupting:
    """Runs the work on partitions, and what operators instruct in between."""

    def __init__(self, instructions: Instructions, resuming: Resuming, work: Work) -> None:
        self._instructions = instructions
        self._resuming = resuming
        self._work = work
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
        """Look for instructions until cancelled."""
        while True:
            try:
                for partition in await self._instructions.partitions():
                    self._waits[partition].set()
            except sessions.UNAVAILABLE as error:
                _logger.info("instructions-not-known", error=type(error).__name__)
            endings.obey()
            await asyncio.sleep(_LOOK_SECONDS)

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
                    _logger.exception("instruction-failed", partition=partition, portfolio=instruction.wish.portfolio)
                    answer = Answer.no(f"It failed ({type(error).__name__}: {error}); the projector's log says more. Ask again.")
                log = _logger.warning if answer.done else _logger.error
                log("instructed", partition=partition, portfolio=instruction.wish.portfolio, done=answer.done, answer=answer.text)
                await self._instructions.answer(instruction, answer)
