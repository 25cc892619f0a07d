"""The routes of `entries`: the portfolios, the entries themselves, one subject's entries, and the stream of new ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import pydantic_core
from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import Field

from portfolio_projector.http import answers, cursors, moments
from portfolio_projector.http.answers import Basis
from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.http.reading import DIGITS, AskedRecorded, CursorText, Id, Limit, Reads
from portfolio_projector.http.stream import EventStream
from portfolio_projector.read_models.entries import answers as told
from portfolio_projector.read_models.entries import changes, pages, refusals
from portfolio_projector.read_models.entries.fold import FOLDING
from portfolio_projector.read_models.entries.pages import Page
from portfolio_projector.read_models.entries.tail import Tail
from portfolio_projector.statements import Statements
from portfolio_schemas import codec
from portfolio_schemas.codec import INTEGER_MAX

router = APIRouter(tags=["entries"])
_of_portfolio = APIRouter(prefix="/portfolios/{portfolio}")

_SQL = Statements("portfolio_projector.read_models.entries")


@router.get(
    "/portfolios", response_model=told.Portfolios, responses={304: {"description": "What the client holds is still the answer."}}
)
async def list_portfolios(request: Request, limit: Limit = 100, cursor: CursorText = None) -> Response:
    """List the portfolios that were opened."""
    reads: Reads = request.app.state.reads
    after = cursors.decode(cursor, "portfolios", str)
    async with reads.snapshot() as connection:
        rows = await connection.fetch(_SQL["portfolios"], after[0] if after else "", limit + 1)
    more = rows[limit:]
    page = [dict(row) for row in rows[:limit]]
    next_cursor = cursors.encode("portfolios", page[-1]["portfolio"]) if more else None
    body = pydantic_core.to_json({"portfolios": page, "next_cursor": next_cursor, "model": FOLDING.label})
    return answers.respond_bytes(request, body, None, next_cursor=next_cursor)


@_of_portfolio.get("/entries", response_model=told.EntriesAnswer, responses=answers.CARRIED)
async def list_entries(
    asked: AskedRecorded,
    from_: Annotated[int, Field(ge=0, le=INTEGER_MAX), DIGITS, Query(alias="from", description="the first entry wanted")] = 0,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """Return the entries themselves, refusals and all, as they lie in the log."""
    after = cursors.decode(cursor, f"entries/{asked.portfolio}", int)
    first = from_ if after is None else after[0] + 1
    async with asked.moment(FOLDING.name) as (connection, moment):
        page = await pages.read(connection, asked.portfolio, first, moment.entry, limit=limit)
    basis = asked.basis(FOLDING, moment)
    return _answer(asked.request, basis, page, list_=f"entries/{asked.portfolio}", content={}, skips=moment.skips)


@_of_portfolio.get("/subjects/{aggregate}/{id}/history", response_model=told.HistoryAnswer, responses=answers.CARRIED)
async def list_subject_history(
    asked: AskedRecorded,
    aggregate: Annotated[str, Path(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=32)],
    id: Id,  # noqa: A002  the contract calls it so
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """Return every entry of one subject: what was recorded about it, and what was refused."""
    subject = f"{aggregate}/{id}"
    list_ = f"history/{asked.portfolio}/{subject}"
    after = cursors.decode(cursor, list_, int)
    first = 0 if after is None else after[0] + 1
    async with asked.moment(FOLDING.name) as (connection, moment):
        page = await pages.read_history(connection, asked.portfolio, subject, first, moment.entry, limit=limit)
    if not page.rows and after is None:
        raise Problem(404, "UNKNOWN_SUBJECT", f"There is no entry about {subject}.", entry=moment.entry)
    basis, content = asked.basis(FOLDING, moment), {"subject": subject}
    return _answer(asked.request, basis, page, list_=list_, content=content, skips=moment.skips)


@_of_portfolio.get(
    "/stream",
    response_class=Response,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Server-sent events: `id` is the entry number, `data` the entry.",
        }
    },
)
async def stream_entries(
    asked: AskedRecorded,
    from_: Annotated[
        Annotated[int, Field(ge=0, le=INTEGER_MAX), DIGITS] | None,
        Query(alias="from", description="begin here, not at the present"),
    ] = None,
    last_event_id: Annotated[str | None, Header(description="the last entry that the client has")] = None,
) -> Response:
    """Send entries as they are projected, each as it lies in the log; the id of an event is the entry's number."""
    if asked.as_of is not None:
        detail = "A stream begins at `from` or at Last-Event-ID, and has no end: it takes no `as_of`."
        raise Problem(422, "PARAMETER", detail, errors=[FieldProblem(pointer="query/as_of", detail=detail)])
    async with asked.moment(FOLDING.name) as (_, moment):
        head = moment.entry
    if last_event_id:
        last = codec.read_number(last_event_id)
        if last is None:
            detail = "Last-Event-ID is an entry number."
            raise Problem(422, "PARAMETER", detail, errors=[FieldProblem(pointer="header/Last-Event-ID", detail=detail)])
        first = last + 1
    else:
        first = head + 1 if from_ is None else from_
    state = asked.request.app.state
    return EventStream(Tail(asked.reads, asked.portfolio, first), state.streams)


router.include_router(_of_portfolio)
router.include_router(changes.router)
router.include_router(refusals.router)


def _answer(
    request: Request,
    basis: Basis,
    page: Page,
    *,
    list_: str,
    content: Mapping[str, object],
    skips: Sequence[moments.Skip],
) -> Response:
    """Put the entries' own bytes into the answer: nothing parses and writes them again."""
    next_cursor = cursors.encode(list_, page.rows[-1]["entry"]) if page.more else None
    shown = {row["entry"] for row in page.rows} if skips else ()
    skipped = [skip for skip in skips if skip["entry"] in shown]
    rest = pydantic_core.to_json(
        {
            **replace(basis, skipped=skipped).head(),
            **content,
            "hashes": [row["hash"] for row in page.rows],
            "next_cursor": next_cursor,
        }
    )
    body = b"%s,%s[%s]}" % (rest[:-1], b'"entries":', b",".join(row["value"] for row in page.rows))
    return answers.respond_bytes(request, body, basis, next_cursor=next_cursor)
