"""The routes of `risks`."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.members import Member
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.read_models.risks import answers
from portfolio_projector.read_models.risks.fold import RISKS
from portfolio_projector.read_models.risks.state import Risks

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)


@router.get("/risks", response_model=answers.RisksAnswer, responses=http_answers.tabular("risks"))
async def show_risks(asked: Asked, member: Member = None, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """Show risks with what they may cost, as it was assessed over time, and issues. As CSV: the risks."""
    page = Paging(f"risks/{asked.portfolio}", cursor, limit)

    def build(state: Risks, moment: Moment) -> Mapping[str, object]:
        return answers.answer(state, moment.today, member, page)

    return await asked.tell(RISKS, None, build, table="risks")
