"""The routes of `flow`."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, Id
from portfolio_projector.read_models.backlogs.chronicle import CHRONICLE as BACKLOG
from portfolio_projector.read_models.backlogs.state import Backlogs
from portfolio_projector.read_models.flow import answers, forecasts, in_work, journeys, window
from portfolio_projector.read_models.flow.asking import AskedForecast, AskedWindow, ForecastAsked, over
from portfolio_projector.read_models.flow.fold import FLOW, microseconds
from portfolio_projector.read_models.flow.journeys import Conventions, Journeys
from portfolio_projector.read_models.flow.state import Flow, Workflow
from portfolio_projector.read_models.flow.window import Shown, written

router = APIRouter(prefix="/portfolios/{portfolio}/products", tags=["products"], responses=http_answers.CARRIED)


@router.get("/{product}/flow", response_model=answers.FlowAnswer, responses=http_answers.tabular("cfd"))
async def show_flow(asked: Asked, product: Id, wanted: AskedWindow) -> Response:
    """Show how the product's items flow: in a window of days, and what is in work now."""

    def build(state: Flow, moment: Moment) -> Mapping[str, object]:
        known(state, product, moment)
        days = wanted.at(moment)
        read = journeys.read(state, moment.zone, midnight(moment), wanted.conventions)
        told = window.tell(read, days)
        return {
            "product": product,
            "first_day": written(days.first),
            "last_day": written(days.last),
            "basis": {**basis(state, read.workflow), "conventions": wanted.shown(moment)},
            **told,
            "in_work": in_work.tell(read, moment.today.toordinal(), days),
            "wip_limits": in_work.limits(state, read, journeys.days_in(moment.zone), days),
        }

    return await asked.tell(FLOW, f"product/{product}", build, table="cfd")


@router.get("/{product}/forecast", response_model=answers.ForecastAnswer, responses=http_answers.CARRIED)
async def show_forecast(asked: Asked, product: Id, wanted: AskedForecast) -> Response:
    """Say when what is open will be done, and how much in some weeks, by simulating futures from the weeks that there were."""
    scope = f"product/{product}"
    parts = {"flow": (FLOW, scope), **({"backlog": (BACKLOG, scope)} if wanted.item else {})}

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        state: Flow = states["flow"]
        known(state, product, moment)
        read = journeys.read(state, moment.zone, midnight(moment), Conventions())
        remaining, remaining_is = _remaining(asked.portfolio, wanted, read, states.get("backlog"), moment)
        weeks = forecasts.samples(read, wanted.simulation.window, over(moment))
        told = forecasts.tell(weeks, remaining, moment.today, wanted.simulation, (asked.portfolio, product))
        return {"product": product, **told, "remaining_is": remaining_is, "item": wanted.item}

    return await asked.tell_all(parts, build)


def _remaining(
    portfolio: str, wanted: ForecastAsked, read: Journeys, backlog: Backlogs | None, moment: Moment
) -> tuple[int, str]:
    """Return how many items must be done, and what that number is."""
    if wanted.item is not None and backlog is not None:
        row = backlog.items.get((portfolio, wanted.item))
        if row is None or row.rank is None:
            raise Problem(404, "UNKNOWN_ITEM", f"There is no open item {wanted.item} in this backlog.", entry=moment.entry)
        return backlog.order(portfolio, row.product).position(row.rank), "place"
    if wanted.remaining is not None:
        return wanted.remaining, "given"
    return sum(1 for one in read.found if one.is_open), "open_items"


def known(state: Flow, product: str, moment: Moment) -> None:
    """Refuse what is asked of a product that nothing is known of.

    Raises:
        Problem: UNKNOWN_PRODUCT.

    """
    if not state.is_known:
        raise Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)


def midnight(moment: Moment) -> int:
    """Return the end of the day of the answer, in microseconds since 1970: what has not ended has lasted until then."""
    return microseconds(datetime.combine(moment.today + timedelta(days=1), time.min, moment.zone))


def basis(state: Flow, workflow: Workflow) -> Shown:
    """Return the workflow that figures rest on, and all that ever were."""
    return {
        "workflow": _workflow(workflow),
        "committed": workflow.states[workflow.committed - 1].name,
        "workflows": [_workflow(one) for one in state.workflows],
    }


def _workflow(one: Workflow) -> Shown:
    states = [{"name": state.name, "active": state.is_active, "counts_from": state.counts_from} for state in one.states]
    return {"version": one.version, "entry": one.entry, "states": states}
