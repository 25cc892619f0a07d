"""The fold of `exceptions`. Pure."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding import plans
from portfolio_projector.folding.acts import act_of, by_time
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.exceptions.state import (
    Amounts,
    Breach,
    Dimension,
    Draw,
    Estimate,
    Exceptions,
    Promise,
    Raised,
    Tolerance,
)
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import work_package as packages
from portfolio_schemas.events.release import ReleasePlanned

_Plan = (
    initiatives.InitiativeProposed
    | initiatives.DeliveryModeChanged
    | initiatives.BaselineProposed
    | initiatives.BaselineApproved
    | initiatives.EstimateToCompleteReported
    | ReleasePlanned
    | packages.WorkPackageCompleted
    | packages.WorkPackageConverted
    | packages.WorkPackageDropped
)
_Limit = (
    initiatives.BusinessCaseApproved
    | initiatives.ToleranceSet
    | initiatives.ToleranceBreachForecast
    | initiatives.ExceptionRaised
    | initiatives.ExceptionPlanApproved
    | initiatives.ReserveDrawn
)
Known = _Plan | _Limit


def fold(state: Exceptions, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    if isinstance(data, _Limit):
        _fold_limit(state, fact, data)
    else:
        _fold_plan(state, fact, data)


def _fold_plan(state: Exceptions, fact: Fact, data: _Plan) -> None:
    match data:
        case initiatives.InitiativeProposed(name=name, mode=mode, currency=currency):
            state.name, state.mode, state.currency = name, mode, currency
        case initiatives.DeliveryModeChanged(to=mode):
            state.mode, state.current = mode, None
        case initiatives.BaselineProposed():
            reserve = data.management_reserve.minor if data.management_reserve else None
            state.promises[str(data.version)] = Promise(data.bac.minor, reserve, plans.finish_of(data))
        case initiatives.BaselineApproved(version=version):
            state.current = state.promises.get(str(version), state.current)
        case ReleasePlanned():
            state.current = _with_release(state.current, data)
        case initiatives.EstimateToCompleteReported():
            estimate = Estimate(act_of(fact), data.etc.minor, data.finish_forecast)
            if data.work_package is None:
                state.estimate = _newer(state.estimate, estimate)
            else:
                state.estimates[data.work_package] = _newer(state.estimates.get(data.work_package), estimate)
        case packages.WorkPackageCompleted() | packages.WorkPackageConverted() | packages.WorkPackageDropped():
            state.estimates.pop(fact.subject, None)
        case _:
            assert_never(data)


def _newer(known: Estimate | None, told: Estimate) -> Estimate:
    """Return the estimate that holds: one that is told late does not take the place of a newer one."""
    return told if known is None or by_time(known) <= by_time(told) else known


def _with_release(before: Promise | None, data: ReleasePlanned) -> Promise:
    """Return what all releases promise together, with what was earned before the first of them."""
    bac, finish = data.bac.minor + (data.earned.minor if data.earned else 0), plans.release_finish_of(data)
    return Promise(bac, None, finish) if before is None else Promise(before.bac + bac, None, max(before.finish, finish))


def _fold_limit(state: Exceptions, fact: Fact, data: _Limit) -> None:
    match data:
        case initiatives.BusinessCaseApproved(tolerances=limits):
            if limits is not None:
                _allow_by_case(state, fact, _amounts(limits))
        case initiatives.ToleranceSet():
            allowed = Tolerance(act_of(fact), _amounts(data.limits), data.proposed_by, "tolerance")
            state.tolerances.setdefault(data.dimension, []).append(allowed)
        case initiatives.ToleranceBreachForecast():
            state.breaches.append(Breach(act_of(fact), data.dimension, _amounts(data.forecast), data.basis))
        case initiatives.ExceptionRaised():
            state.raised.append(Raised(act_of(fact), data.dimension, data.options))
        case initiatives.ExceptionPlanApproved():
            if state.raised and state.raised[-1].ended is None:
                state.raised[-1].plan, state.raised[-1].ended = data.plan, act_of(fact)
        case initiatives.ReserveDrawn():
            state.draws.append(Draw(act_of(fact), data.amount.minor, data.to, data.proposed_by))
        case _:
            assert_never(data)


def _allow_by_case(state: Exceptions, fact: Fact, limits: Amounts) -> None:
    of: dict[Dimension, Amounts] = {
        "cost": Amounts(cost=limits.cost),
        "time": Amounts(days=limits.days),
        "scope": Amounts(scope=limits.scope),
        "benefit": Amounts(benefit=limits.benefit),
    }
    for dimension, allowed in of.items():
        if allowed != Amounts():
            state.tolerances.setdefault(dimension, []).append(Tolerance(act_of(fact), allowed, None, "business_case"))


def _amounts(said: initiatives.Tolerances) -> Amounts:
    return Amounts(said.cost.minor if said.cost else None, said.days, said.scope, said.benefit)


EXCEPTIONS = chronicle("exceptions", 3, types=types_of(*get_args(Known)), state=Exceptions, fold=fold)
