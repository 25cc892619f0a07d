"""The routes of `capacity`."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.read_models.capacity import answers
from portfolio_projector.read_models.capacity.fold import CAPACITY
from portfolio_projector.read_models.capacity.state import Capacity

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)

Period = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9]{4}(-(H[12]|Q[1-4]|0[1-9]|1[0-2]))?$",
        description="a year, half, quarter or month; else those that a team declared, or where there are none the current month",
        examples=["2026-Q3"],
    ),
]


@router.get("/capacity", response_model=answers.CapacityAnswer, responses=http_answers.tabular("capacity"))
async def show_capacity(
    asked: Asked, period: Period = None, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None
) -> Response:
    """Show what teams can work against what is promised of them, by team and period. As CSV: these rows."""
    page = Paging(f"capacity/{asked.portfolio}", cursor, limit)

    def build(state: Capacity, moment: Moment) -> Mapping[str, object]:
        return answers.answer(state, moment.today, period, page)

    return await asked.tell(CAPACITY, None, build, table="capacity")
