"""The ledger's door, as a client that does not give up at the first "not now": batches in, receipts out."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Self

import httpx

from portfolio_deploy import addresses
from portfolio_deploy.errors import CommandError
from portfolio_schemas.codec import Document

ANSWER_SECONDS_MAX = 60.0  # the ledger itself answers 202 long before

_BATCH = {"Content-Type": "application/cloudevents-batch+json"}
_NOT_NOW = (429, 500, 502, 503, 504)
_PAUSE_SECONDS_FIRST = 0.5
_PAUSE_SECONDS_MAX = 10.0
_LOOK_AGAIN_SECONDS = 0.5

Receipt = Document
Hear = Callable[[str], None]


class GaveUp(CommandError):
    """The ledger has not taken a batch for too long. Whatever became of it: it is safe to send it again."""


class NotTaken(CommandError):
    """The ledger says that the request itself is wrong, or what answers is no ledger."""


class Ledger:
    """A ledger by its address. Use as an asynchronous context manager.

    What is not taken now is sent again, as Retry-After says or after a growing pause, until `patience_s` have passed; `hear` is
    told why. A retry is safe: `(source, id)` is recorded once.
    """

    def __init__(self, address: str, *, patience_s: float, hear: Hear) -> None:
        self.address = address
        self._patience_s = patience_s
        self._hear = hear
        self._client = addresses.client(address, answer_seconds_max=ANSWER_SECONDS_MAX)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def submit(self, texts: Sequence[bytes]) -> list[Receipt]:
        """Send events as one batch and return their receipts in their order.

        Raises:
            GaveUp: the ledger has not taken them for too long.
            NotTaken: it never will.

        """
        answer = await self._ask("POST", "/events", content=b"[" + b",".join(texts) + b"]", headers=_BATCH)
        try:
            receipts, places = _read(answer, len(texts))
        except (ValueError, KeyError, TypeError):
            raise NotTaken(f"What answers at {self.address} is no ledger.") from None
        for index in sorted(places, reverse=True):  # the last one first: when it is there, the others are
            receipts[index] = await self._await_receipt(places[index])
        return receipts

    async def find(self, portfolio: str, source: str, identity: str) -> Receipt | None:
        """Return the receipt of an event, None when the ledger knows none."""
        parameters = {"portfolio": portfolio, "source": source, "id": identity}
        answer = await self._ask("GET", "/receipts", params=parameters, fine=(HTTPStatus.NOT_FOUND,))
        return answer.json() if answer.status_code == HTTPStatus.OK else None

    async def _await_receipt(self, location: str) -> Receipt:
        deadline = time.monotonic() + self._patience_s
        while True:
            answer = await self._ask("GET", location, fine=(HTTPStatus.NOT_FOUND,))
            if answer.status_code == HTTPStatus.OK:
                return answer.json()
            if time.monotonic() > deadline:
                raise GaveUp(f"The ledger at {self.address} took a batch and has not judged it for {self._patience_s:g} s.")
            self._hear("what was sent waits to be judged")
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _ask(self, method: str, path: str, *, fine: Sequence[int] = (), **request: Any) -> httpx.Response:  # noqa: ANN401  what httpx takes
        deadline = time.monotonic() + self._patience_s
        pause = _PAUSE_SECONDS_FIRST
        while True:
            wanted = pause
            try:
                answer = await self._client.request(method, path, **request)
            except httpx.TransportError as error:
                why = f"the ledger at {self.address} {addresses.failure(error)}"
            else:
                if answer.is_success or answer.status_code in fine:
                    return answer
                if answer.status_code not in _NOT_NOW:
                    raise NotTaken(f"{self.address} answers {answer.status_code}: {_detail(answer).rstrip('.')}.")
                why = f"the ledger says {_detail(answer).rstrip('.')}"
                wanted = _retry_after(answer) or pause
            if time.monotonic() + wanted > deadline:
                raise GaveUp(f"Nothing was taken for {self._patience_s:g} s: {why}.")
            self._hear(f"{why}; next try in {wanted:.1f} s")
            await asyncio.sleep(wanted * random.uniform(1, 1.1))  # noqa: S311  so that not all clients come back at once
            pause = min(pause * 2, _PAUSE_SECONDS_MAX)


def _read(answer: httpx.Response, count: int) -> tuple[list[Receipt], dict[int, str]]:
    """Return the receipts of a batch, and for those that are not there yet where they will be, by their index."""
    document: Any = answer.json()
    receipts: list[Any] = document["receipts"]
    if len(receipts) != count:
        raise ValueError("each event has its receipt")
    places = dict[int, str]()
    if answer.status_code == HTTPStatus.ACCEPTED:
        submissions: Any = iter(document["submissions"])  # of each event that could be read
        for index, receipt in enumerate(receipts):
            if receipt is None or receipt["verdict"] != "quarantined":
                submission: Any = next(submissions, None)
                if receipt is None:
                    places[index] = submission["location"]
    return receipts, places


def _retry_after(answer: httpx.Response) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _detail(answer: httpx.Response) -> str:
    """Return what an answer says of itself, in a sentence."""
    try:
        problem: Any = answer.json()
        return f"{problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code} {answer.reason_phrase}, and is no answer of a ledger"
