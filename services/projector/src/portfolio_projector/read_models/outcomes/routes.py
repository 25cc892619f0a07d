"""The routes of `outcomes`."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.members import Member
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.read_models.outcomes import answers
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.outcomes.state import Outcomes

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)


@router.get("/outcomes", response_model=answers.OutcomesAnswer, responses=http_answers.tabular("benefits"))
async def show_outcomes(
    asked: Asked, member: Member = None, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None
) -> Response:
    """Show what is expected, promised and measured, also of what has ended. As CSV: the benefits."""
    page = Paging(f"outcomes/{asked.portfolio}", cursor, limit)

    def build(state: Outcomes, moment: Moment) -> Mapping[str, object]:
        return answers.answer(state, moment.today, member, page)

    return await asked.tell(OUTCOMES, None, build, table="benefits")
