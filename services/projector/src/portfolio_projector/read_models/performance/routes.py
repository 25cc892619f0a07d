"""The route of `performance`."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.members import unknown_initiative
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.iterations import progress
from portfolio_projector.read_models.iterations.fold import ITERATIONS
from portfolio_projector.read_models.iterations.performance import by_release
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.performance import answers, telling
from portfolio_projector.read_models.performance.fold import PERFORMANCE

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["initiatives"], responses=http_answers.CARRIED)


@router.get("/{initiative}/performance", response_model=answers.PerformanceAnswer, responses=http_answers.tabular("periods"))
async def show_performance(asked: Asked, initiative: Id, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """Show earned value and earned schedule, by period and today, against current, previous and original baseline."""
    page = Paging(f"performance/{asked.portfolio}/{initiative}", cursor, limit)
    member = f"initiative/{initiative}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        known = states["performance"]
        if known.mode is None:
            raise unknown_initiative(initiative, moment)
        account = states["money"].of(member)
        spent_by = progress.spent_from(account, moment.zone)
        told = telling.tell(known, account, moment.today, moment.zone)
        return {
            "initiative": initiative,
            **told,
            "baselines": page.take("baselines", told["baselines"], lambda one: (paging.moment(one["at"]), one["entry"])),
            "periods": page.take("periods", told["periods"], _by_day),
            "agile": by_release(states["iterations"], spent_by, moment.today, moment.zone, page),
            "next_cursor": page.next_cursor,
        }

    parts = {"performance": (PERFORMANCE, member), "money": (MONEY, member), "iterations": (ITERATIONS, member)}
    return await asked.tell_all(parts, build, table="periods")


def _by_day(period: Mapping[str, Any]) -> Key:
    return period["status_date"], -1 if period["entry"] is None else period["entry"]
