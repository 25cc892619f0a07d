"""The route of `anomalies`."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.members import Member
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.http.remarks import Code, Source, Subject
from portfolio_projector.http.telling import Each, Part, Telling
from portfolio_projector.read_models.anomalies import answers, findings, standing
from portfolio_projector.read_models.anomalies.known import Known
from portfolio_projector.read_models.anomalies.pages import Narrowed
from portfolio_projector.read_models.delivery.fold import DELIVERY
from portfolio_projector.read_models.dependencies.fold import DEPENDENCIES
from portfolio_projector.read_models.flow.fold import FLOW
from portfolio_projector.read_models.money.fold import MONEY_OF_ALL
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.overview.fold import HEARD
from portfolio_projector.read_models.performance.fold import PERFORMANCE

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)

_PARTS: Mapping[str, Part] = {
    "performance": (PERFORMANCE, Each.INITIATIVE),
    "flow": (FLOW, Each.MEMBER),
    "delivery": (DELIVERY, Each.MEMBER),
    "heard": (HEARD, Each.MEMBER),
    "money": (MONEY_OF_ALL, WHOLE),
    "dependencies": (DEPENDENCIES, WHOLE),
    "outcomes": (OUTCOMES, WHOLE),
}


@router.get("/anomalies", response_model=answers.AnomaliesAnswer, responses=http_answers.tabular("anomalies"))
async def list_anomalies(
    asked: Asked,
    *,
    code: Code = None,
    subject: Subject = None,
    source: Source = None,
    member: Member = None,
    holds: Annotated[bool | None, Query(description="only those that are still true, or that are not any more")] = None,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """List what is ugly but true, the newest first: flags of the ledger, and what the read side finds in all entries together."""
    list_ = f"anomalies/{asked.portfolio}"
    after = cursors.decode(cursor, list_, int, str, str)
    wanted = Narrowed(code=code, subject=subject, source=source, member=member, holds=holds)

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
        known = Known(**states)
        return {"findings": list(findings.find(known, moment)), "still": standing.still_true(known, moment)}

    async def finish(telling: Telling, built: Mapping[str, Any]) -> Callable[[], Mapping[str, object]]:
        place = None if after is None else (after[0], after[1], after[2])
        content, more = await answers.answer(telling, wanted, place, limit, **built)
        return lambda: {**content, "next_cursor": cursors.encode(list_, *more) if more else None}

    return await asked.tell_all(_PARTS, build, table="anomalies", finish=finish)
