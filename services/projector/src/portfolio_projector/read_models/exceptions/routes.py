"""The routes of `exceptions`."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.members import unknown_initiative
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.http.telling import Part
from portfolio_projector.read_models.exceptions import answers
from portfolio_projector.read_models.exceptions.fold import EXCEPTIONS
from portfolio_projector.read_models.exceptions.measured import measure
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.outcomes import answers as outcomes
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.performance import telling
from portfolio_projector.read_models.performance.fold import PERFORMANCE
from portfolio_projector.read_models.risks import answers as risks
from portfolio_projector.read_models.risks.fold import RISKS

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["control"], responses=http_answers.CARRIED)

_OF_MEMBER: Mapping[str, Chronicle[Any]] = {"exceptions": EXCEPTIONS, "money": MONEY, "performance": PERFORMANCE}
_OF_ALL: Mapping[str, Part] = {"risks": (RISKS, WHOLE), "outcomes": (OUTCOMES, WHOLE)}


@router.get("/{initiative}/exceptions", response_model=answers.ExceptionsAnswer, responses=http_answers.tabular("exceptions"))
async def show_exceptions(asked: Asked, initiative: Id, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """Show tolerances against current figures and forecasts, exceptions with their plans, and the management reserve."""
    page = Paging(f"exceptions/{asked.portfolio}/{initiative}", cursor, limit)
    member = f"initiative/{initiative}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        state, account = states["exceptions"], states["money"].of(member)
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        told = telling.current(states["performance"], account, moment.today, moment.zone)
        exposed = {one["member"]: one for one in risks.exposures(states["risks"])["members"]}
        measured = measure(told, outcomes.benefits(states["outcomes"], moment.today, member), exposed.get(member))
        spent = sums.spent(account)
        return {
            "initiative": initiative,
            **answers.exceptions(state, spent, moment.today, moment.zone, paging=page, measured=measured),
        }

    return await asked.tell_all(
        {**_OF_ALL, **{name: (one, member) for name, one in _OF_MEMBER.items()}}, build, table="exceptions"
    )
