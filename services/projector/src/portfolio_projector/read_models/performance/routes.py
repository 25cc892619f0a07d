"""The route of `performance`."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, Id
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.money.state import Money
from portfolio_projector.read_models.performance import answers, telling
from portfolio_projector.read_models.performance.fold import PERFORMANCE
from portfolio_projector.read_models.performance.state import Performance

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["initiatives"], responses=http_answers.CARRIED)


@router.get("/{initiative}/performance", response_model=answers.PerformanceAnswer, responses=http_answers.TABULAR)
async def show_performance(asked: Asked, initiative: Id) -> Response:
    """Show earned value and earned schedule, by period and today, against current, previous and original baseline."""
    member = f"initiative/{initiative}"

    def build(states: Mapping[str, object], moment: Moment) -> Mapping[str, object]:
        known, money = states["performance"], states["money"]
        if not isinstance(known, Performance) or not isinstance(money, Money) or known.mode is None:
            raise Problem(404, "UNKNOWN_INITIATIVE", f"There is no initiative {initiative}.", entry=moment.entry)
        return {"initiative": initiative, **telling.tell(known, money.of(member), moment.today, moment.zone)}

    parts = {"performance": (PERFORMANCE, member), "money": (MONEY, member)}
    return await asked.tell_all(parts, build, table="periods")
