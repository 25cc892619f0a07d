"""The routes of `change_requests`."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.members import unknown_initiative
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.change_requests import answers
from portfolio_projector.read_models.change_requests.fold import CHANGE_REQUESTS
from portfolio_projector.read_models.change_requests.state import ChangeRequests, StateName

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["control"], responses=http_answers.CARRIED)


@router.get("/{initiative}/changes", response_model=answers.ChangeRequestsAnswer, responses=http_answers.tabular("changes"))
async def list_change_requests(
    asked: Asked,
    initiative: Id,
    state: Annotated[StateName | None, Query(description="only requests in this state")] = None,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """List every change request: what was asked for, by whom, what became of it, and which baseline implemented it."""
    list_ = f"changes/{asked.portfolio}/{initiative}"
    after = (cursors.decode(cursor, list_, int) or (-1,))[0]

    def build(known: ChangeRequests, moment: Moment) -> Mapping[str, object]:
        if known.mode is None:
            raise unknown_initiative(initiative, moment)
        found = answers.selected(known, state, after)
        page = found[:limit]
        return {
            "initiative": initiative,
            "name": known.name,
            "mode": known.mode,
            "totals": answers.totals(known),
            "changes": [answers.change(name, one, known.currency, moment.today, moment.zone) for name, one in page],
            "next_cursor": cursors.encode(list_, page[-1][1].raised.entry) if len(found) > limit else None,
        }

    return await asked.tell(CHANGE_REQUESTS, f"initiative/{initiative}", build, table="changes")
