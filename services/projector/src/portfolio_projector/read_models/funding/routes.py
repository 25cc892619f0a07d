"""The routes of `funding`."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, Id
from portfolio_projector.http.telling import Each
from portfolio_projector.read_models.funding import answers
from portfolio_projector.read_models.funding.fold import FUNDING
from portfolio_projector.read_models.funding.whole import all_money, all_rules
from portfolio_projector.read_models.money.fold import MONEY

router = APIRouter(prefix="/portfolios/{portfolio}/products", tags=["products"], responses=http_answers.CARRIED)


@router.get("/{product}/funding", response_model=answers.FundingAnswer, responses=http_answers.TABULAR)
async def show_funding(asked: Asked, product: Id) -> Response:
    """Show a product's money: tranches, spending by month and kind, burn and runway, guardrails, forecasts, limits.

    As CSV: the months.
    """
    member = f"product/{product}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        money, rules = states["money"], states["rules"]
        if member not in rules or product not in rules[member].products:
            raise Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)
        return answers.answer(product, (money[member], rules[member]), (all_money(money), all_rules(rules)), moment)

    return await asked.tell_all({"money": (MONEY, Each.MEMBER), "rules": (FUNDING, Each.MEMBER)}, build, table="periods")
