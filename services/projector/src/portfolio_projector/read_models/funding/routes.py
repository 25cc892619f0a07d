"""The routes of `funding`."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.funding import answers
from portfolio_projector.read_models.funding.fold import FUNDING_OF_ALL
from portfolio_projector.read_models.money.fold import MONEY_OF_ALL

router = APIRouter(prefix="/portfolios/{portfolio}/products", tags=["products"], responses=http_answers.CARRIED)


@router.get("/{product}/funding", response_model=answers.FundingAnswer, responses=http_answers.tabular("periods"))
async def show_funding(asked: Asked, product: Id, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """Show a product's money: tranches, spending by month and kind, burn and runway, guardrails, forecasts, limits.

    As CSV: the months.
    """
    page = Paging(f"funding/{asked.portfolio}/{product}", cursor, limit)

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        if product not in states["rules"].products:
            raise Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)
        return answers.answer(product, states["money"], states["rules"], moment, page)

    return await asked.tell_all({"money": (MONEY_OF_ALL, WHOLE), "rules": (FUNDING_OF_ALL, WHOLE)}, build, table="periods")
