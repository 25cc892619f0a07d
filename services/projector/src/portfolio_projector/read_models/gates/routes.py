"""The routes of `gates`."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.members import unknown_initiative, unknown_product
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.gates import answers, targets
from portfolio_projector.read_models.gates.fold import GATES
from portfolio_projector.read_models.gates.state import Gates

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["control"], responses=http_answers.CARRIED)

OneItem = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="only this item")]


@router.get("/initiatives/{initiative}/gates", response_model=answers.GatesAnswer, responses=http_answers.tabular("stages"))
async def show_gates(
    asked: Asked, initiative: Id, item: OneItem = None, limit: Limit = 100, cursor: CursorText = None
) -> Response:
    """Show stages against their plans, gate reviews, and what is reported of the items of its backlog, page by page."""
    member = f"initiative/{initiative}"
    place = _Place(f"gates/{asked.portfolio}/{member}", item, limit, cursor)

    def build(state: Gates, moment: Moment) -> Mapping[str, object]:
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        control = answers.of_initiative(state, moment.today, moment.zone)
        return {"initiative": initiative, **control, **place.items(state, member)}

    return await asked.tell(GATES, member, build, table="stages")


@router.get("/products/{product}/gates", response_model=answers.ProductGatesAnswer, responses=http_answers.tabular("items"))
async def show_product_gates(
    asked: Asked, product: Id, item: OneItem = None, limit: Limit = 100, cursor: CursorText = None
) -> Response:
    """Show what sources report of a product's items: stages, and targets for gates with every move, page by page."""
    member = f"product/{product}"
    place = _Place(f"gates/{asked.portfolio}/{member}", item, limit, cursor)

    def build(state: Gates, moment: Moment) -> Mapping[str, object]:
        if state.mode is None:
            raise unknown_product(product, moment)
        return {"product": product, "name": state.name, **place.items(state, member)}

    return await asked.tell(GATES, member, build, table="items")


class _Place:
    """Where a page of items begins, and how long it is."""

    def __init__(self, list_: str, only: str | None, limit: int, cursor: str | None) -> None:
        self._list = list_
        self._only = only
        self._limit = limit
        self._after = (cursors.decode(cursor, list_, str) or ("",))[0]

    def items(self, state: Gates, member: str) -> dict[str, object]:
        """Return a page of the items that a member has, and how the targets of all of them moved."""
        found = answers.items_of(state, member, self._only)
        shown, more = answers.page(found, self._after, self._limit)
        return {
            "target_moves": targets.moves_of([known for _, known in found]),
            "items": shown,
            "next_cursor": cursors.encode(self._list, str(shown[-1]["item"])) if more else None,
        }
