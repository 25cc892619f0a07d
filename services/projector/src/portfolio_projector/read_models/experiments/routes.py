"""The routes of `experiments`."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.members import Member
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.read_models.experiments import answers
from portfolio_projector.read_models.experiments.fold import EXPERIMENTS
from portfolio_projector.read_models.experiments.state import Experiments

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)


@router.get("/experiments", response_model=answers.ExperimentsAnswer, responses=http_answers.tabular("experiments"))
async def list_experiments(
    asked: Asked, member: Member = None, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None
) -> Response:
    """Show what was put to the test and what came of it, and who sees which feature. As CSV: the experiments."""
    page = Paging(f"experiments/{asked.portfolio}", cursor, limit)

    def build(state: Experiments, _: Moment) -> Mapping[str, object]:
        return answers.answer(state, member, page)

    return await asked.tell(EXPERIMENTS, None, build, table="experiments")
