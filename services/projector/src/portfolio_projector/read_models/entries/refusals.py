"""What was refused in a portfolio: the newest first, with the code, the sentence, and who sent it."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from portfolio_projector.http import answers, cursors
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.problems import FieldProblem
from portfolio_projector.http.reading import AskedRecorded, CursorText, Limit
from portfolio_projector.http.remarks import Code, CodeCount, Source, Subject, sentence
from portfolio_projector.http.values import Instant
from portfolio_projector.read_models.entries.fold import FOLDING
from portfolio_projector.statements import Statements

router = APIRouter(prefix="/portfolios/{portfolio}")

_SQL = Statements("portfolio_projector.read_models.entries")
_DECODER = msgspec.json.Decoder()


class RefusalAnswer(BaseModel):
    """What was not recorded, and why."""

    entry: int
    code: str
    sentence: str = Field(description="what the code means, and what to do")
    detail: str = Field(description="what it was in this case")
    subject: str
    type: str
    source: str
    id: str = Field(description="the id that its source gave it; it may be submitted again")
    actor: str
    time: Instant = Field(description="when it was true, by its publisher's word")
    recordedtime: Instant
    door: Literal["http", "kafka"]
    errors: list[FieldProblem] = Field(description="the fields that were wrong")


class RefusalsAnswer(Answer):
    """Refusals, the newest first."""

    total: int = Field(description="how many there are of what is asked for")
    codes: list[CodeCount]
    refusals: list[RefusalAnswer]
    next_cursor: str | None


@router.get("/refusals", response_model=RefusalsAnswer, responses=answers.tabular("refusals"))
async def list_refusals(
    asked: AskedRecorded,
    *,
    code: Code = None,
    subject: Subject = None,
    source: Source = None,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """List what was refused, the newest first. Nothing of it was recorded: it is what it is, and no day makes it true."""
    list_ = f"refusals/{asked.portfolio}"
    after = cursors.decode(cursor, list_, int)
    async with asked.moment(FOLDING.name) as (connection, moment):
        before = moment.entry + 1 if after is None else min(after[0], moment.entry + 1)
        rows = await connection.fetch(_SQL["refused"], asked.portfolio, before, code, subject, source, limit + 1)
        counts = await connection.fetch(_SQL["refused_by_code"], asked.portfolio, moment.entry, subject, source)
    page = rows[:limit]
    content = {
        "total": sum(row["count"] for row in counts if code in {None, row["code"]}),
        "codes": [{**dict(row), "sentence": sentence(row["code"])} for row in counts],
        "refusals": [_refusal(row) for row in page],
        "next_cursor": cursors.encode(list_, page[-1]["entry"]) if len(rows) > limit else None,
    }
    return answers.respond(asked.request, asked.basis(FOLDING, moment), content, table="refusals")


def _refusal(row: Mapping[str, Any]) -> dict[str, Any]:
    document = _DECODER.decode(row["value"])
    refusal = document["refusal"]
    return {
        "entry": row["entry"],
        "code": row["code"],
        "sentence": sentence(row["code"]),
        "subject": row["subject"],
        "source": row["source"],
        **{name: refusal.get(name, "") for name in ("detail", "type", "id", "actor", "time")},
        "recordedtime": document["recordedtime"],
        "door": document.get("door", ""),
        "errors": refusal.get("errors", []),
    }
