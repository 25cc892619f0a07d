"""The routes of `membership`."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.read_models.membership import answers
from portfolio_projector.read_models.membership.fold import MEMBERSHIP
from portfolio_projector.read_models.membership.state import Membership

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)


@router.get("/members", response_model=answers.MembersAnswer, responses=http_answers.tabular("members"))
async def list_members(asked: Asked, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """Show what the portfolio governs, in its rank: who was admitted, ranked and scored, by whom and why."""
    page = Paging(f"members/{asked.portfolio}", cursor, limit)

    def build(state: Membership, _: Moment) -> Mapping[str, object]:
        return answers.answer(state, page)

    return await asked.tell(MEMBERSHIP, None, build, table="members")
