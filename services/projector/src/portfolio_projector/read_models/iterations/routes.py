"""The routes of `iterations`."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http.members import unknown_initiative
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, Id, Number
from portfolio_projector.metrics import forecasting
from portfolio_projector.read_models.iterations import answers, burn_up, performance, progress
from portfolio_projector.read_models.iterations.burn_up import Today
from portfolio_projector.read_models.iterations.fold import ITERATIONS
from portfolio_projector.read_models.iterations.forecasts import Draws
from portfolio_projector.read_models.iterations.state import Iterations
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.fold import MONEY

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["agile"], responses=http_answers.CARRIED)

OneRelease = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9._-]{1,64}$", description="a release; without it the one that is worked on at the day of the answer"
    ),
]
Seed = Annotated[
    Number | None,
    Query(ge=0, le=forecasting.SEED_MAX, description="draws futures with this seed, even where all could be looked at"),
]
Runs = Annotated[Number, Query(ge=1, le=forecasting.RUNS_MAX, description="how many futures are drawn")]


@router.get("/{initiative}/iterations", response_model=answers.IterationsAnswer)
async def list_iterations(asked: Asked, initiative: Id) -> Response:
    """List iterations with what was committed to, done and carried over; releases with their velocity."""

    def build(state: Iterations, moment: Moment) -> Mapping[str, object]:
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        return {
            "initiative": initiative,
            **answers.head(state),
            "frozen": answers.frozen(state),
            "releases": answers.releases(state, moment.zone),
            "iterations": answers.iterations(state),
        }

    return await asked.tell(ITERATIONS, f"initiative/{initiative}", build, table="iterations")


@router.get("/{initiative}/burn-up", response_model=answers.BurnUpAnswer)
async def show_burn_up(
    asked: Asked, initiative: Id, release: OneRelease = None, seed: Seed = None, runs: Runs = forecasting.RUNS
) -> Response:
    """Show the scope line and the done line of a release, when it may be done, and its agile earned value."""
    member = f"initiative/{initiative}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        state: Iterations = states["iterations"]
        if state.mode is None:
            raise unknown_initiative(initiative, moment)
        name = progress.release_on(state, moment.today) if release is None else release
        content = {"initiative": initiative, **answers.head(state), "releases": [one for one, _ in progress.ordered(state)]}
        if name is None:
            return {**content, "release": None, "burn_up": None, "performance": None}
        if name not in state.releases:
            raise Problem(404, "UNKNOWN_RELEASE", f"The initiative {initiative} has no release {name}.", entry=moment.entry)
        costs = [(one.time.astimezone(moment.zone).date(), one.minor) for one in sums.postings(states["money"].of(member))]
        steps = progress.steps(state, name, progress.spent_by(costs), moment.zone)
        lines = burn_up.burn_up(state, name, steps, Today(moment.today, moment.zone), Draws(seed, runs))
        figures = performance.performance(state, state.releases[name], steps)
        return {**content, "release": answers.release(state, name, steps), "burn_up": lines, "performance": figures}

    return await asked.tell_all({"iterations": (ITERATIONS, member), "money": (MONEY, member)}, build)
