"""The routes of `decisions`."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.http.remarks import SUBJECT
from portfolio_projector.read_models.decisions import answers
from portfolio_projector.read_models.decisions.fold import DECISIONS
from portfolio_projector.read_models.decisions.state import Decisions

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)

About = Annotated[
    str | None,
    Query(
        pattern=SUBJECT,
        description="only those about a subject, or noted or sealed about it; and the reviews that held them",
        examples=["initiative/apollo"],
    ),
]


@router.get("/decisions", response_model=answers.DecisionsAnswer, responses=http_answers.tabular("decisions"))
async def list_decisions(
    asked: Asked, about: About = None, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None
) -> Response:
    """Show what was decided, by whom and why, with what was noted and sealed of it, and the reviews. As CSV: the decisions."""
    page = Paging(f"decisions/{asked.portfolio}", cursor, limit)

    def build(state: Decisions, _: Moment) -> Mapping[str, object]:
        return answers.answer(state, about, page)

    return await asked.tell(DECISIONS, None, build, table="decisions")
