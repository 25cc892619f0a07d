"""`portfolio tail`: entries of one portfolio, or of all, as they are recorded."""

import asyncio
import json
import sys
from dataclasses import dataclass

from portfolio_deploy import terminals
from portfolio_deploy.errors import Interrupted
from portfolio_deploy.local.task_groups import failing_as_one
from portfolio_deploy.reading import follow, lines
from portfolio_deploy.reading.read_api import ReadApi


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for. `portfolio` None: all. `first` None: what is recorded from now on. `count` None: without end."""

    portfolio: str | None
    first: int | None
    count: int | None
    as_json: bool


class Tail:
    """Prints entries until there are enough. `printed` counts them, `next` is the one after, where one portfolio is followed."""

    def __init__(self, wanted: Wanted) -> None:
        self.printed = 0
        self.next: int | None = None
        self._wanted = wanted
        self._console = terminals.results()
        self._enough = asyncio.Event()

    async def run(self, api: ReadApi) -> None:
        """Follow what is wanted.

        Raises:
            CommandError: there is no such portfolio, or no read API.

        """
        async with failing_as_one() as tasks:
            work = tasks.create_task(self._follow_all(api) if self._wanted.portfolio is None else self._one(api))
            await self._enough.wait()
            work.cancel()

    async def _one(self, api: ReadApi) -> None:
        await self._follow(api, self._wanted.portfolio or "", self._wanted.first)

    async def _follow_all(self, api: ReadApi) -> None:
        async with failing_as_one() as tasks:
            async for portfolio, opened_later in follow.portfolios(api, self._hear):
                first = 0 if opened_later else self._wanted.first
                tasks.create_task(self._follow(api, portfolio, first))

    async def _follow(self, api: ReadApi, portfolio: str, first: int | None) -> None:
        async for text in follow.entries(api, portfolio, first, self._hear):
            if self._enough.is_set():
                return
            entry = json.loads(text)
            if self._wanted.as_json:
                print(text, flush=True)  # noqa: T201  this is what was asked for
            else:
                self._console.print(lines.line(entry), soft_wrap=not self._console.is_terminal)
            self.printed += 1
            self.next = None if self._wanted.portfolio is None else entry["entry"] + 1
            if self.printed == self._wanted.count:
                self._enough.set()

    def _hear(self, what: str) -> None:
        print(f"portfolio: {what}", file=sys.stderr, flush=True)  # noqa: T201  not a result


def tail(address: str, wanted: Wanted) -> None:
    """Print entries until there are enough, or for ever.

    Raises:
        Interrupted: Ctrl-C; says how to go on.

    """
    printing = Tail(wanted)
    try:
        asyncio.run(_run(address, printing))
    except KeyboardInterrupt:
        go_on = "" if printing.next is None else f"; --from {printing.next} goes on"
        raise Interrupted(f"Ended after {printing.printed} entries{go_on}.") from None


async def _run(address: str, printing: Tail) -> None:
    async with ReadApi(address) as api:
        await printing.run(api)
