"""The route of `overview`."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.reading import Asked
from portfolio_projector.http.telling import Each, Part
from portfolio_projector.read_models.delivery.fold import DELIVERY
from portfolio_projector.read_models.funding.fold import FUNDING_OF_ALL
from portfolio_projector.read_models.initiatives.fold import CHRONICLE as INITIATIVES
from portfolio_projector.read_models.money.fold import MONEY_OF_ALL
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.overview import answers
from portfolio_projector.read_models.overview.fold import HEARD
from portfolio_projector.read_models.performance.fold import PERFORMANCE
from portfolio_projector.read_models.products.answers import Known as Products
from portfolio_projector.read_models.products.fold import PRODUCTS_OF_ALL
from portfolio_projector.read_models.risks.fold import RISKS

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)

_PARTS: Mapping[str, Part] = {
    "initiatives": (INITIATIVES, Each.INITIATIVE),
    "performance": (PERFORMANCE, Each.INITIATIVE),
    "delivery": (DELIVERY, Each.PRODUCT),
    "heard": (HEARD, Each.MEMBER),
    "products": (PRODUCTS_OF_ALL, WHOLE),
    "money": (MONEY_OF_ALL, WHOLE),
    "rules": (FUNDING_OF_ALL, WHOLE),
    "risks": (RISKS, WHOLE),
    "outcomes": (OUTCOMES, WHOLE),
}


@router.get("/overview", response_model=answers.OverviewAnswer, responses=http_answers.TABULAR)
async def show_overview(asked: Asked) -> Response:
    """Show the one view: every initiative and product by columns that do not depend on how it is delivered."""

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        known = answers.Known(
            initiatives=states["initiatives"],
            performance=states["performance"],
            delivery=states["delivery"],
            heard=states["heard"],
            products=Products(states["products"], moment.today),
            money=states["money"],
            rules=states["rules"],
            risks=states["risks"],
            outcomes=states["outcomes"],
        )
        return answers.answer(known, moment)

    return await asked.tell_all(_PARTS, build, table="members")
