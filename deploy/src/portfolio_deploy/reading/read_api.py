"""The read API as a client that waits a little for what is not there yet."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import quote

import httpx

from portfolio_deploy import addresses
from portfolio_deploy.errors import CommandError, WrongUse

ANSWER_SECONDS_MAX = 30.0
PATIENCE_SECONDS = 15.0

Document = dict[str, Any]

_PAUSE_SECONDS = 0.5
_PAGE = 1000


class NotThere(CommandError):
    """What was asked for does not exist."""


class ReadApi:
    """A read API by its address. Use as an asynchronous context manager."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = addresses.client(address, answer_seconds_max=ANSWER_SECONDS_MAX)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Document:
        """Return an answer, trying again for a while when it is not possible now.

        Raises:
            NotThere: the read API knows nothing of that name.
            WrongUse: it does not take the parameters.
            CommandError: it does not answer.

        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self.http.get(path, params=dict(parameters or {}))
            except httpx.TransportError as error:
                raise CommandError(f"The read API at {self.address} {addresses.failure(error)}.") from None
            if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < deadline:
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            return self.read(answer)

    async def pages(self, path: str, key: str, parameters: Mapping[str, str] | None = None) -> AsyncGenerator[Document]:
        """Give the elements of a list, page after page."""
        asked = {"limit": str(_PAGE), **(parameters or {})}
        while True:
            page = await self.get(path, asked)
            for element in page[key]:
                yield element
            if page["next_cursor"] is None:
                return
            asked["cursor"] = page["next_cursor"]

    async def whole(self, path: str, lists: Sequence[str], parameters: Mapping[str, str] | None = None) -> Document:
        """Return an answer with lists side by side as one, however many pages they have."""
        asked = {"limit": str(_PAGE), **(parameters or {})}
        answer = page = await self.get(path, asked)
        while page["next_cursor"] is not None:
            page = await self.get(path, {**asked, "cursor": page["next_cursor"]})
            for name in lists:
                answer[name] += page[name]
        return {**answer, "next_cursor": None}

    def read(self, answer: httpx.Response) -> Document:
        """Return the document of an answer; raises what `get` does."""
        try:
            document: Any = answer.json()
            detail = "" if answer.is_success else str(document["detail"])
        except (ValueError, KeyError, TypeError):
            raise CommandError(f"What answers at {self.address} ({answer.status_code}) is no read API.") from None
        match answer.status_code:
            case HTTPStatus.OK:
                return document
            case HTTPStatus.NOT_FOUND:
                raise NotThere(detail)
            case HTTPStatus.UNPROCESSABLE_ENTITY:
                raise WrongUse(" ".join([detail, *_details(document)]))
            case status:
                raise CommandError(f"The read API at {self.address} answers {status}: {detail}")


def path(*parts: str) -> str:
    """Return a path of these parts, whatever characters are in them."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def _details(document: Document) -> list[str]:
    """Return what is wrong with each parameter, where that says more than the whole."""
    told = [str(one["detail"]) for one in document.get("errors") or ()]
    return [f"{one.rstrip('.')}." for one in told if one != document["detail"]]
