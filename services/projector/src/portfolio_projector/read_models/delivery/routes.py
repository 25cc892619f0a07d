"""The routes of `delivery`."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.delivery import answers
from portfolio_projector.read_models.delivery.causes import Causes
from portfolio_projector.read_models.delivery.fold import DELIVERY
from portfolio_projector.read_models.delivery.state import Delivery
from portfolio_schemas.values import Date

router = APIRouter(prefix="/portfolios/{portfolio}/products", tags=["products"], responses=http_answers.CARRIED)

From = Annotated[Date | None, Query(alias="from", description="the first day, in the portfolio's zone; 90 days before the last")]
To = Annotated[Date | None, Query(description="the last day, included; the day of the answer")]


@router.get("/{product}/delivery", response_model=answers.DeliveryAnswer, responses=http_answers.tabular("deployments"))
async def show_delivery(  # noqa: PLR0917  parameters of a query, which are passed by name
    asked: Asked,
    product: Id,
    from_: From = None,
    to: To = None,
    causes: Annotated[
        Causes,
        Query(
            description="whose word about causes counts: `all` assumes the nearest deployment where nobody linked or unlinked one"
        ),
    ] = "all",
    limit: Limit = paging.WHOLE_MAX,
    cursor: CursorText = None,
) -> Response:
    """Show how a product is delivered in a window of days: the five metrics of DORA, what they were counted from, service levels.

    What caused an incident is a judgement: the same window can have another figure at a later entry. As CSV: the deployments.
    """
    page = Paging(f"delivery/{asked.portfolio}/{product}", cursor, limit)

    def build(state: Delivery, moment: Moment) -> Mapping[str, object]:
        if state.name is None:
            raise Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)
        window = answers.window(from_, to, moment.today)
        if not 1 <= window.days <= answers.DAYS_MAX:
            detail = (
                f"The window has {window.days} days, from {window.first} to {window.last}; it can have 1 to {answers.DAYS_MAX}."
            )
            raise Problem(422, "WINDOW", detail, errors=[FieldProblem(pointer="query/from", detail=detail)])
        return answers.answer(state, window, causes, moment, page)

    return await asked.tell(DELIVERY, f"product/{product}", build, table="deployments")
