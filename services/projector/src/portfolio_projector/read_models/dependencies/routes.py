"""The routes of `dependencies`."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.read_models.dependencies import answers
from portfolio_projector.read_models.dependencies.fold import DEPENDENCIES
from portfolio_projector.read_models.dependencies.state import Dependencies, StateName

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["across"], responses=http_answers.CARRIED)


@router.get("/dependencies", response_model=answers.DependenciesAnswer, responses=http_answers.tabular("dependencies"))
async def list_dependencies(
    asked: Asked,
    member: Annotated[
        str | None,
        Query(
            pattern=r"^(initiative|product)/[A-Za-z0-9._-]{1,64}$",
            description="only dependencies of which one end is this initiative or product",
            examples=["initiative/apollo"],
        ),
    ] = None,
    state: Annotated[StateName | None, Query(description="only dependencies in this state")] = None,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """List who waits for whom: days that were promised and moved, whether they are in time, and who waits in a circle."""
    list_ = f"dependencies/{asked.portfolio}"
    after = (cursors.decode(cursor, list_, str) or ("",))[0]

    def build(known: Dependencies, moment: Moment) -> Mapping[str, object]:
        names = answers.selected(known, member, state, after)
        found = answers.cycles_of(known)
        page = names[:limit]
        return {
            "dependencies": answers.dependencies(known, page, found, moment.today, moment.zone),
            "cycles": found,
            "next_cursor": cursors.encode(list_, page[-1]) if len(names) > limit else None,
        }

    return await asked.tell(DEPENDENCIES, None, build, table="dependencies")
