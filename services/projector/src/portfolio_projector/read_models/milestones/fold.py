"""The fold of `milestones`. Pure."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.milestones.state import Expected, Milestone, Milestones, Planned, Promised
from portfolio_schemas.events import initiative as initiatives

Known = (
    initiatives.InitiativeProposed
    | initiatives.DeliveryModeChanged
    | initiatives.BaselineProposed
    | initiatives.BaselineApproved
    | initiatives.MilestoneForecast
    | initiatives.MilestoneReached
)


def fold(state: Milestones, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    match data:
        case initiatives.InitiativeProposed(name=name, mode=mode):
            state.name, state.mode = name, mode
        case initiatives.DeliveryModeChanged(to=mode):
            state.mode = mode
        case initiatives.BaselineProposed():
            state.proposals[str(data.version)] = [Planned(one.id, one.name, one.date) for one in data.milestones]
        case initiatives.BaselineApproved(version=version):
            _approve(state, fact, version)
        case initiatives.MilestoneForecast():
            _milestone(state, data.milestone).forecasts.append(Expected(act_of(fact), data.date))
        case initiatives.MilestoneReached():
            _milestone(state, data.milestone).reached = Expected(act_of(fact), data.date)
        case _:
            assert_never(data)


def _approve(state: Milestones, fact: Fact, version: int) -> None:
    """Promise what a baseline plans. One that was not proposed by the day that is asked about says nothing yet."""
    planned = state.proposals.get(str(version))
    if planned is None:
        return
    state.current = version
    for milestone in planned:
        one = _milestone(state, milestone.milestone)
        one.name = milestone.name
        one.promised.append(Promised(act_of(fact), version, milestone.date))


def _milestone(state: Milestones, name: str) -> Milestone:
    return state.milestones.setdefault(name, Milestone())


MILESTONES = chronicle("milestones", 2, types=types_of(*get_args(Known)), state=Milestones, fold=fold)
