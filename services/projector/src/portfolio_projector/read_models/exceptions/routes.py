"""The routes of `exceptions`."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http.members import unknown_initiative
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.reading import Asked, Id
from portfolio_projector.read_models.exceptions import answers
from portfolio_projector.read_models.exceptions.fold import EXCEPTIONS
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.fold import MONEY

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["control"], responses=http_answers.CARRIED)


@router.get("/{initiative}/exceptions", response_model=answers.ExceptionsAnswer, responses=http_answers.TABULAR)
async def show_exceptions(asked: Asked, initiative: Id) -> Response:
    """Show tolerances against current figures and forecasts, exceptions with their plans, and the management reserve."""
    member = f"initiative/{initiative}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        state, spent = states["exceptions"], sums.spent(states["money"].of(member))
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        return {"initiative": initiative, **answers.exceptions(state, spent, moment.today, moment.zone)}

    return await asked.tell_all({"exceptions": (EXCEPTIONS, member), "money": (MONEY, member)}, build, table="exceptions")
