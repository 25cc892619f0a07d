"""GET /receipts: the receipt of a submission or of an event, from the recent ones or from what is stored."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from portfolio_ledger import sessions
from portfolio_ledger.http.problems import Problem
from portfolio_ledger.http.waiting import Waiting
from portfolio_ledger.state import rows
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.statements import SQL
from portfolio_schemas import codec, codes
from portfolio_schemas.codec import Document
from portfolio_schemas.receipts import Submission

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Pool

_EVENT = ("portfolio", "source", "id")
LENGTH_MAX = 256


class Lookup:
    """Answers for receipts that were given before."""

    def __init__(self, pool: "Pool", waiting: Waiting) -> None:
        self._pool = pool
        self._waiting = waiting

    async def get(self, request: Request) -> Response:
        """Answer one GET."""
        query = _query(request)
        try:
            receipt = await self._find(query)
        except sessions.UNAVAILABLE:
            raise Problem(
                "NO_DATABASE", "Receipts cannot be looked up at the moment; try again.", status=503, retry_seconds=2
            ) from None
        if receipt is None:
            raise Problem("NOT_FOUND", "No such receipt is known yet.", status=404)
        return Response(codec.canonical(receipt), media_type="application/json")

    async def _find(self, query: Mapping[str, str]) -> Document | None:
        event = tuple(query[name] for name in _EVENT) if all(name in query for name in _EVENT) else None
        if "submission" not in query:
            answer = await self._stored("answer_to_event", *(event or ()))
            return answer.receipt() if answer else None
        name = _submission(query["submission"])
        told = self._waiting.get(name.partition, name.offset, name.index)
        if told is not None:
            return told.receipt
        answer = await self._stored("answer_to_submission", str(name))
        if answer is not None:
            return answer.receipt()
        if event is not None and await self._is_passed(name):
            # Judged, and yet no entry bears its name: it was a duplicate of what is recorded.
            answer = await self._stored("answer_to_event", *event)
            return answer.receipt("duplicate") if answer and answer.recorded else None
        return None

    async def _stored(self, statement: str, *arguments: str) -> Answer | None:
        async with sessions.acquire(self._pool) as connection:
            row: Any = await connection.fetchrow(SQL[statement], *arguments)
        return None if row is None else rows.read_answer(*row)

    async def _is_passed(self, name: Submission) -> bool:
        async with sessions.acquire(self._pool) as connection:
            positions = await connection.fetch(SQL["intake_positions"])
        return any(row["partition"] == name.partition and (row["intake_offset"] or 0) > name.offset for row in positions)


def _query(request: Request) -> dict[str, str]:
    query = dict(request.query_params)
    wrong = [name for name in query if name not in (*_EVENT, "submission")]
    if len(request.query_params.multi_items()) > len(query):
        raise Problem(codes.MALFORMED, "A parameter stands twice.")
    if wrong or not ("submission" in query or all(name in query for name in _EVENT)):
        raise Problem(codes.MALFORMED, "Ask by `submission`, or by `portfolio`, `source` and `id`.")
    if any(not value or len(value) > LENGTH_MAX or "\x00" in value for value in query.values()):
        raise Problem(codes.MALFORMED, f"A parameter has 1 to {LENGTH_MAX} characters.")
    return query


def _submission(text: str) -> Submission:
    try:
        return Submission.read(text)
    except ValueError as error:
        raise Problem(codes.MALFORMED, str(error)) from None
