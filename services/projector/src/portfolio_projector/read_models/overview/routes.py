"""The route of `overview`."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.http.telling import Each, Part, Telling
from portfolio_projector.read_models.backlogs.chronicle import CHRONICLE as BACKLOG
from portfolio_projector.read_models.delivery.fold import DELIVERY
from portfolio_projector.read_models.dependencies.fold import DEPENDENCIES
from portfolio_projector.read_models.flow.fold import FLOW
from portfolio_projector.read_models.funding.fold import FUNDING_OF_ALL
from portfolio_projector.read_models.gates.fold import GATES
from portfolio_projector.read_models.initiatives.fold import CHRONICLE as INITIATIVES
from portfolio_projector.read_models.iterations.fold import ITERATIONS
from portfolio_projector.read_models.money.fold import MONEY_OF_ALL
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.overview import answers, outlook
from portfolio_projector.read_models.overview.fold import HEARD
from portfolio_projector.read_models.performance.fold import PERFORMANCE
from portfolio_projector.read_models.products.answers import Known as Products
from portfolio_projector.read_models.products.fold import PRODUCTS_OF_ALL
from portfolio_projector.read_models.risks.fold import RISKS

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["portfolio"], responses=http_answers.CARRIED)

_PARTS: Mapping[str, Part] = {
    "initiatives": (INITIATIVES, Each.INITIATIVE),
    "performance": (PERFORMANCE, Each.INITIATIVE),
    "delivery": (DELIVERY, Each.MEMBER),
    "heard": (HEARD, Each.MEMBER),
    "products": (PRODUCTS_OF_ALL, WHOLE),
    "money": (MONEY_OF_ALL, WHOLE),
    "rules": (FUNDING_OF_ALL, WHOLE),
    "risks": (RISKS, WHOLE),
    "outcomes": (OUTCOMES, WHOLE),
    "iterations": (ITERATIONS, Each.INITIATIVE),
    "gates": (GATES, Each.PRODUCT),
    "dependencies": (DEPENDENCIES, WHOLE),
}


@router.get("/overview", response_model=answers.OverviewAnswer, responses=http_answers.tabular("members"))
async def show_overview(asked: Asked, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """Show the one view: every initiative and product by columns that do not depend on how it is delivered."""
    page = Paging(f"overview/{asked.portfolio}", cursor, limit)

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, Any]:
        products = Products(states["products"], moment.today)
        others = {name: state for name, state in states.items() if name != "products"}
        known = answers.Known(products=products, **others)
        told = answers.answer(known, moment, page)
        return {"told": told, "promised": answers.simulated_promises(known, told["members"])}

    async def finish(telling: Telling, built: Mapping[str, Any]) -> Callable[[], Mapping[str, object]]:
        promised: Mapping[str, list[str]] = built["promised"]
        flows = await telling.parts({member: (FLOW, member) for member in promised})
        backlogs = await telling.parts({member: (BACKLOG, member) for member in promised})

        def forecast() -> Mapping[str, object]:
            for columns in built["told"]["members"]:
                member: str = columns["member"]
                if member in promised:
                    question = (telling.portfolio, member.partition("/")[2])
                    likely = outlook.likely(question, promised[member], flows[member], backlogs[member], telling.moment)
                    columns["promise"] |= answers.likely_columns(likely)
            return built["told"]

        return forecast

    return await asked.tell_all(_PARTS, build, table="members", finish=finish, also=(FLOW, BACKLOG))
