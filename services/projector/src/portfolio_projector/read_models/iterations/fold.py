"""The fold of `iterations`. Pure: points of items are those that were estimated last, in the order of the log."""

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.iterations.state import (
    Changed,
    Closed,
    Earned,
    Forecast,
    Frozen,
    Item,
    Iteration,
    Iterations,
    Release,
    ScopeChange,
)
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import item as items
from portfolio_schemas.events import iteration as iterations
from portfolio_schemas.events import release as releases

_Life = initiatives.InitiativeProposed | initiatives.DeliveryModeChanged | initiatives.BaselineFrozen
_OfRelease = (
    releases.ReleasePlanned
    | releases.ReleaseBaselineApproved
    | releases.ScopeAdded
    | releases.ScopeRemoved
    | releases.ForecastPublished
    | releases.ReleaseShipped
)
_OfItem = items.ItemEstimated | items.ItemReestimated | items.ItemAccepted | items.ItemReopened
Known = _Life | _OfRelease | iterations.IterationEvent | _OfItem


def fold(state: Iterations, fact: Fact) -> None:
    """Change the state by one fact. What is said of a release or an iteration that is not known is passed over."""
    data = cast("Known", fact.data)
    if isinstance(data, _OfItem):
        _fold_item(state, fact, data)
    elif isinstance(data, iterations.IterationEvent):
        _fold_iteration(state, fact, data)
    elif isinstance(data, _OfRelease):
        _fold_release(state, fact, data)
    else:
        _fold_life(state, fact, data)


def _fold_life(state: Iterations, fact: Fact, data: _Life) -> None:
    match data:
        case initiatives.InitiativeProposed(name=name, mode=mode, currency=currency):
            state.name, state.mode, state.currency = name, mode, currency
        case initiatives.DeliveryModeChanged(to=mode):
            state.mode, state.changed = mode, act_of(fact)
        case initiatives.BaselineFrozen(why="mode_change"):
            eac = None if data.eac is None else data.eac.minor
            figures = (data.bac.minor, data.pv.minor, data.ev.minor, data.ac.minor, eac)
            state.frozen = Frozen(act_of(fact), data.version, data.status_date, *figures)
        case initiatives.BaselineFrozen():
            pass
        case _:
            assert_never(data)


def _fold_release(state: Iterations, fact: Fact, data: _OfRelease) -> None:
    if isinstance(data, releases.ReleasePlanned):
        state.releases[fact.id] = _planned(fact, data)
        return
    known = state.releases.get(fact.id)
    if known is None:
        return
    match data:
        case releases.ReleaseBaselineApproved():
            known.approved = act_of(fact)
        case releases.ScopeAdded():
            known.scope.append(ScopeChange(act_of(fact), has_entered=True, points=data.points, items=data.items))
        case releases.ScopeRemoved():
            known.scope.append(ScopeChange(act_of(fact), has_entered=False, points=f"-{data.points}", items=data.items))
        case releases.ForecastPublished():
            days = (data.p50, data.p85, data.p95)
            known.forecasts.append(Forecast(act_of(fact), data.method, *days, data.items, data.seed, data.runs))
        case releases.ReleaseShipped():
            known.shipped, known.version = act_of(fact), data.version
        case _:
            assert_never(data)


def _planned(fact: Fact, data: releases.ReleasePlanned) -> Release:
    return Release(
        act_of(fact),
        data.name,
        data.planned_iterations,
        data.iteration_days,
        data.release_points,
        data.bac.minor,
        data.start,
        None if data.earned is None else data.earned.minor,
    )


def _fold_iteration(state: Iterations, fact: Fact, data: iterations.IterationEvent) -> None:
    if isinstance(data, iterations.IterationPlanned):
        plan = (data.team.partition("/")[2], data.no, data.start, data.finish, data.goal, data.committed)
        state.iterations[fact.id] = Iteration(act_of(fact), *plan)
        return
    known = state.iterations.get(fact.id)
    if known is None:
        return
    match data:
        case iterations.IterationStarted():
            scope = scope_of(known)
            known.started, known.committed_points = act_of(fact), _points(state, scope)
            known.unestimated = [name for name in scope if _item(state, name).points is None]
        case iterations.IterationScopeChanged():
            known.changes.append(Changed(act_of(fact), data.added, data.removed))
        case iterations.IterationClosed():
            carried = _points(state, data.carried_over)
            known.closed = Closed(act_of(fact), data.completed, data.carried_over, data.points_done, carried)
        case iterations.IterationCancelled():
            known.cancelled = act_of(fact)
        case _:
            assert_never(data)


def scope_of(iteration: Iteration) -> list[str]:
    """Return the items of an iteration as they are now, those that were committed to first."""
    scope = dict.fromkeys(iteration.committed)
    for change in iteration.changes:
        for name in change.removed:
            scope.pop(name, None)
        scope.update(dict.fromkeys(change.added))
    return list(scope)


def _fold_item(state: Iterations, fact: Fact, data: _OfItem) -> None:
    item = _item(state, fact.subject)
    match data:
        case items.ItemEstimated(points=points) | items.ItemReestimated(new=points):
            item.points = points
        case items.ItemAccepted():
            item.earned = item.points
            if item.earned is not None:
                state.earned.append(Earned(fact.number, fact.time, fact.subject, item.earned))
        case items.ItemReopened():
            if item.earned is not None:
                state.earned.append(Earned(fact.number, fact.time, fact.subject, f"{-Decimal(item.earned):f}"))
                item.earned = None
        case _:
            assert_never(data)


def _item(state: Iterations, subject: str) -> Item:
    return state.items.setdefault(subject, Item())


def _points(state: Iterations, named: Iterable[str]) -> str:
    return f"{sum((Decimal(_item(state, name).points or 0) for name in named), Decimal(0)):f}"


ITERATIONS = chronicle("iterations", 1, types=types_of(*get_args(Known)), state=Iterations, fold=fold)
