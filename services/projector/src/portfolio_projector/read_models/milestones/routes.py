"""The routes of `milestones`."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.members import unknown_initiative
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.milestones import answers
from portfolio_projector.read_models.milestones.fold import MILESTONES
from portfolio_projector.read_models.milestones.state import Milestones

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["control"], responses=http_answers.CARRIED)


@router.get("/{initiative}/milestones", response_model=answers.MilestonesAnswer, responses=http_answers.tabular("milestones"))
async def list_milestones(asked: Asked, initiative: Id, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """List milestones with their date in every baseline, every forecast, and when they were reached."""
    page = Paging(f"milestones/{asked.portfolio}/{initiative}", cursor, limit)

    def build(state: Milestones, moment: Moment) -> Mapping[str, object]:
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        return {
            "initiative": initiative,
            "name": state.name,
            "mode": state.mode,
            "baseline": state.current,
            "milestones": answers.milestones(state, moment.today, page),
            "next_cursor": page.next_cursor,
        }

    return await asked.tell(MILESTONES, f"initiative/{initiative}", build, table="milestones")
