"""Keeps programs running: starts again what ends, with back-off, and gives up on what refuses again and again."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence

from portfolio_deploy.errors import ProgramEnded, StackError
from portfolio_deploy.local.local_stack import LocalStack
from portfolio_deploy.local.programs import Child, Program
from portfolio_deploy.local.reports import Report
from portfolio_deploy.local.task_groups import failing_as_one

_ENDS_MAX = 5
_WITHIN_S = 60
_FIRST_PAUSE_S = 0.5
_PAUSE_MAX_S = 8.0


class Supervisor:
    """Supervises all programs of a stack: those it runs already, and the ones that are given to `run`."""

    def __init__(self, stack: LocalStack, report: Report) -> None:
        self._stack = stack
        self._report = report

    async def run(self, programs: Sequence[Program], *, ready: asyncio.Event) -> None:
        """Start the programs, set `ready` when all are, and keep everything running until this is cancelled.

        Raises:
            StackError: a program ended too often, or was not ready in time; says what it said last.

        """
        async with failing_as_one() as tasks:
            for child in tuple(self._stack.children.values()):
                tasks.create_task(self._keep(child))
            for program in programs:
                tasks.create_task(self._keep(await self._stack.start(program)))
            for program in programs:
                await self._wait_ready(program)
            ready.set()

    async def _keep(self, child: Child) -> None:
        program = child.program
        ends: deque[float] = deque()
        while True:
            code = await child.wait()
            now = time.monotonic()
            ends.append(now)
            while ends[0] < now - _WITHIN_S:
                ends.popleft()
            if len(ends) >= _ENDS_MAX:
                raise StackError(
                    f"{program.title} ended {len(ends)} times within a minute (exit code {code}), so everything is stopped."
                    f" Its last lines:\n{child.last_lines()}"
                )
            pause = min(_FIRST_PAUSE_S * 2 ** (len(ends) - 1), _PAUSE_MAX_S)
            self._report.say(f"{program.title} ended with exit code {code}; it is started again in {pause:g} s")
            await asyncio.sleep(pause)
            child = await self._stack.start(program)

    async def _wait_ready(self, program: Program) -> None:
        while True:
            try:
                return await self._stack.children[program.name].wait_ready(self._report)
            except ProgramEnded:  # it is started again, or has ended too often: see `_keep`
                await asyncio.sleep(_FIRST_PAUSE_S)
