"""The routes of `iterations`."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import paging
from portfolio_projector.http.members import unknown_initiative, unknown_product
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.capacity.fold import CAPACITY
from portfolio_projector.read_models.flow import journeys
from portfolio_projector.read_models.flow.fold import FLOW
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.flow.routes import midnight
from portfolio_projector.read_models.flow.state import Flow
from portfolio_projector.read_models.iterations import answers, burn_up, performance, progress
from portfolio_projector.read_models.iterations.asking import AskedRelease, AskedStates, ReleaseAsked, StatesAsked
from portfolio_projector.read_models.iterations.burn_up import Today
from portfolio_projector.read_models.iterations.fold import ITERATIONS
from portfolio_projector.read_models.iterations.item_lines import UnknownState, item_lines
from portfolio_projector.read_models.iterations.state import Iterations
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.money.state import Account

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["agile"], responses=http_answers.CARRIED)


@router.get(
    "/initiatives/{initiative}/iterations", response_model=answers.IterationsAnswer, responses=http_answers.tabular("iterations")
)
async def list_iterations(asked: Asked, initiative: Id, limit: Limit = paging.WHOLE_MAX, cursor: CursorText = None) -> Response:
    """List iterations with what was committed to, done and carried over; releases with their velocity."""
    page = Paging(f"iterations/{asked.portfolio}/{initiative}", cursor, limit)

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        state: Iterations = states["iterations"]
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        return {
            "initiative": initiative,
            **answers.head(state),
            "frozen": answers.frozen(state),
            "releases": answers.releases(state, moment.zone, page),
            "iterations": answers.iterations(state, states["teams"], page),
            "next_cursor": page.next_cursor,
        }

    parts = {"iterations": (ITERATIONS, f"initiative/{initiative}"), "teams": (CAPACITY, WHOLE)}
    return await asked.tell_all(parts, build, table="iterations")


@router.get("/initiatives/{initiative}/burn-up", response_model=answers.BurnUpAnswer)
async def show_burn_up(asked: Asked, initiative: Id, wanted: AskedRelease, between: AskedStates) -> Response:
    """Show scope line and done line of a release in points, and of the backlog in items; forecasts and agile earned value."""
    member = f"initiative/{initiative}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        state: Iterations = states["iterations"]
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        return {
            "initiative": initiative,
            **answers.head(state),
            "releases": [name for name, _ in progress.ordered(state)],
            **_of_release(state, states["money"].of(member), wanted, moment),
            "items": _lines(states["flow"], between, moment),
        }

    parts = {"iterations": (ITERATIONS, member), "money": (MONEY, member), "flow": (FLOW, member)}
    return await asked.tell_all(parts, build)


@router.get("/products/{product}/burn-up", response_model=answers.ProductBurnUpAnswer)
async def show_product_burn_up(asked: Asked, product: Id, between: AskedStates) -> Response:
    """Show the scope line and the done line of a product's backlog, in items."""

    def build(state: Flow, moment: Moment) -> Mapping[str, object]:
        if not state.is_known:
            raise unknown_product(product, moment)
        return {"product": product, "items": _lines(state, between, moment)}

    return await asked.tell(FLOW, f"product/{product}", build)


def _of_release(state: Iterations, account: Account, wanted: ReleaseAsked, moment: Moment) -> dict[str, object]:
    """Return what is told of the release that is asked for.

    Raises:
        Problem: UNKNOWN_RELEASE.

    """
    name = progress.release_on(state, moment.today) if wanted.release is None else wanted.release
    if name is None:
        return {"release": None, "burn_up": None, "performance": None}
    if name not in state.releases:
        raise Problem(404, "UNKNOWN_RELEASE", f"The initiative has no release {name}.", entry=moment.entry)
    steps = progress.steps(state, name, progress.spent_from(account, moment.zone), moment.zone)
    return {
        "release": answers.release(state, name, steps),
        "burn_up": burn_up.burn_up(state, name, steps, Today(moment.today, moment.zone), wanted.draws),
        "performance": performance.performance(state, state.releases[name], steps),
    }


def _lines(state: Flow, between: StatesAsked, moment: Moment) -> dict[str, Any]:
    """Return the lines of a backlog in items.

    Raises:
        Problem: UNKNOWN_WORKFLOW_STATE.

    """
    read = journeys.read(state, moment.zone, midnight(moment), Conventions())
    try:
        return item_lines(read, moment.today, between.scope_from, between.done_at)
    except UnknownState as error:
        wrong = FieldProblem(pointer=f"query/{error.name}", detail=str(error))
        raise Problem(422, "UNKNOWN_WORKFLOW_STATE", str(error), errors=[wrong]) from None
