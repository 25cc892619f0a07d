"""What changed between two moments: every subject that anything was recorded of, with the entries that did it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from portfolio_projector.http import answers, cursors, moments
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.http.reading import AskedRecorded, CursorText, Limit
from portfolio_projector.http.values import Instant
from portfolio_projector.read_models.entries.fold import FOLDING
from portfolio_projector.statements import Statements

router = APIRouter(prefix="/portfolios/{portfolio}")

ENTRIES_OF_SUBJECT_MAX = 100

_SQL = Statements("portfolio_projector.read_models.entries")
_DECODER = msgspec.json.Decoder()


class Change(BaseModel):
    """An entry that changed a subject."""

    entry: int
    type: str
    time: Instant = Field(description="when it was true, as its publisher wrote it")
    recordedtime: Instant
    actor: str
    reason: str | None
    corrects: int | None = Field(description="the entry that it corrects")
    caused_by: int | None = Field(description="the entry that it is a consequence of")
    flags: list[str] = Field(description="what is ugly about it, by code")
    data: dict[str, Any] = Field(description="its body, as it was published")


class SubjectChanges(BaseModel):
    """What changed of one subject."""

    subject: str
    is_new: bool = Field(description="whether nothing was recorded of it before")
    recorded: int = Field(description="how many events were recorded")
    refused: int = Field(description="how many were refused, which changed nothing")
    entries: list[Change] = Field(description=f"the last {ENTRIES_OF_SUBJECT_MAX} at most; /subjects/.../history has all of them")


class ChangesAnswer(Answer):
    """What changed after one moment, up to and with another, by subject."""

    from_entry: int = Field(description="the last entry of the first moment; -1 before the first")
    to_entry: int
    recorded: int
    refused: int
    subjects: list[SubjectChanges]
    next_cursor: str | None


@router.get("/changes", response_model=ChangesAnswer, responses=answers.tabular("subjects"))
async def list_changes(
    asked: AskedRecorded,
    from_: Annotated[
        str, Query(alias="from", max_length=64, description="an entry number, or an instant: what came after it", examples=["10"])
    ],
    to: Annotated[
        str | None, Query(max_length=64, description="an entry number, or an instant: up to and with it; without it the present")
    ] = None,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """Say what changed between two moments, by subject, with the entries that did it."""
    async with asked.moment(FOLDING.name) as (connection, moment):
        first = await _entry(connection, asked.portfolio, from_, moment.entry, "from")
        last = moment.entry if to is None else await _entry(connection, asked.portfolio, to, moment.entry, "to")
        if first > last:
            detail = f"`from` is entry {first}, which comes after `to`, entry {last}."
            raise Problem(422, "PARAMETER", detail, errors=[FieldProblem(pointer="query/from", detail=detail)])
        list_ = f"changes/{asked.portfolio}/{first}/{last}"
        after = cursors.decode(cursor, list_, str)
        found = await connection.fetch(_SQL["changed"], asked.portfolio, first, last, after[0] if after else "", limit + 1)
        page = found[:limit]
        names = [row["subject"] for row in page]
        rows = await connection.fetch(_SQL["changes"], asked.portfolio, first, last, names, ENTRIES_OF_SUBJECT_MAX)
        counts = await connection.fetchrow(_SQL["counts"], asked.portfolio, first, last)
    by_subject = dict[str, list[Change]]()
    for change, subject in _read(rows):
        by_subject.setdefault(subject, []).append(change)
    content = {
        "from_entry": first,
        "to_entry": last,
        "recorded": counts["recorded"] if counts else 0,
        "refused": counts["refused"] if counts else 0,
        "subjects": [
            {
                "subject": row["subject"],
                "is_new": row["is_new"],
                "recorded": row["recorded"],
                "refused": row["refused"],
                "entries": by_subject.get(row["subject"], []),
            }
            for row in page
        ],
        "next_cursor": cursors.encode(list_, names[-1]) if len(found) > limit else None,
    }
    return answers.respond(asked.request, asked.basis(FOLDING, moment), content, table="subjects")


async def _entry(connection: Any, portfolio: str, text: str, head: int, name: str) -> int:  # noqa: ANN401  generic in its stubs only
    """Return the last entry of the moment that a parameter names."""
    try:
        wanted = moments.read_as_of(text)
    except Problem:
        detail = f"`{name}` is an entry number, or an instant with an offset such as 2026-03-31T14:00:00Z."
        raise Problem(422, "PARAMETER", detail, errors=[FieldProblem(pointer=f"query/{name}", detail=detail)]) from None
    if isinstance(wanted, int) and wanted > head:
        detail = f"`{name}` is entry {wanted}, and entry {head} is the last."
        raise Problem(422, "PARAMETER", detail, errors=[FieldProblem(pointer=f"query/{name}", detail=detail)])
    if wanted is None or isinstance(wanted, int):
        return head if wanted is None else wanted
    return (await moments.resolve(connection, portfolio, wanted, head)).entry


def _read(rows: Sequence[Mapping[str, Any]]) -> Iterable[tuple[Change, str]]:
    for row in rows:
        document = _DECODER.decode(row["value"])
        event = document["event"]
        yield (
            Change(
                entry=row["entry"],
                type=event["type"],
                time=event["time"],
                recordedtime=document["recordedtime"],
                actor=event["actor"],
                reason=event.get("reason"),
                corrects=event.get("corrects"),
                caused_by=event.get("causationid"),
                flags=[flag if isinstance(flag, str) else flag["code"] for flag in document.get("flags", ())],
                data=event.get("data") or {},
            ),
            row["subject"],
        )
