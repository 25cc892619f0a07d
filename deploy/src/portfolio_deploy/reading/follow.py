"""Following entries as they are recorded: server-sent events of one portfolio or of all, over every lost connection."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus

import httpx

from portfolio_deploy import addresses
from portfolio_deploy.errors import CommandError, WrongUse
from portfolio_deploy.reading.read_api import NotThere, ReadApi, path

SILENCE_SECONDS_MAX = 40.0  # the read API says that it is still here every 15 s
_PAUSE_SECONDS_FIRST = 0.5
_PAUSE_SECONDS_MAX = 5.0
_LOOK_FOR_NEW_SECONDS = 2.0

Hear = Callable[[str], None]


async def entries(api: ReadApi, portfolio: str, first: int | None, hear: Hear) -> AsyncGenerator[str]:
    """Give the entries of a portfolio, each as the JSON text that lies in the log, without end.

    Args:
        api: the read API.
        portfolio: whose entries.
        first: the entry to begin with; None: those recorded from now on.
        hear: is told when the connection is lost, and why it is not back yet.

    Raises:
        NotThere: there is no such portfolio.

    """
    if first is None:
        head = await api.get(path("portfolios", portfolio, "entries"), {"limit": "1"})
        first = int(head["entry"]) + 1  # and not whatever is new when a first connection comes about at last
    last: str | None = None
    pause = _PAUSE_SECONDS_FIRST
    while True:
        parameters = {"from": str(first)} if last is None else {}
        headers = {} if last is None else {"Last-Event-ID": last}
        timeout = httpx.Timeout(SILENCE_SECONDS_MAX, connect=10)
        try:
            stream = api.http.stream(
                "GET", path("portfolios", portfolio, "stream"), params=parameters, headers=headers, timeout=timeout
            )
            async with stream as answer:
                if answer.status_code != HTTPStatus.OK:
                    await answer.aread()
                    api.read(answer)
                async for number, text in _events(answer):
                    last, pause = number, _PAUSE_SECONDS_FIRST
                    yield text
            why = "closed the stream"
        except httpx.TransportError as error:
            why = addresses.failure(error)
        except (NotThere, WrongUse):
            raise
        except CommandError as error:  # not now
            why = f"says: {error}"
        hear(f"The read API at {api.address} {why}; following {portfolio} again in {pause:g} s")
        await asyncio.sleep(pause)
        pause = min(2 * pause, _PAUSE_SECONDS_MAX)


async def portfolios(api: ReadApi, hear: Hear) -> AsyncGenerator[tuple[str, bool]]:
    """Give every portfolio once, those that are opened later too; the second part tells whether it is one of these."""
    known = set[str]()
    later = False
    while True:
        try:
            found = [one["portfolio"] async for one in api.pages("/portfolios", "portfolios")]
        except CommandError as error:
            if not later:
                raise
            hear(str(error))
            found = list[str]()
        for portfolio in found:
            if portfolio not in known:
                known.add(portfolio)
                yield portfolio, later
        later = True
        await asyncio.sleep(_LOOK_FOR_NEW_SECONDS)


async def _events(answer: httpx.Response) -> AsyncGenerator[tuple[str, str]]:
    """Read server-sent events: their ids and their data, which the read API writes on one line."""
    identity, data = "", ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(":")
        match name:
            case "id":
                identity = value.strip()
            case "data":
                data = value.removeprefix(" ")
            case "" if data and not line:
                yield identity, data
                data = ""
            case _:
                pass
