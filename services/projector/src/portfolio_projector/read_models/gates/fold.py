"""The fold of `gates`. Pure: the order is the log's, in which the ledger judged."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.gates.state import (
    Gates,
    Item,
    ModeChange,
    Report,
    Review,
    Stage,
    StagePlan,
    TargetMove,
    Visit,
)
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import item as items
from portfolio_schemas.events import product as products

_Life = initiatives.InitiativeProposed | initiatives.DeliveryModeChanged | products.ProductConceived | products.ProductOpenedFrom
_Control = (
    initiatives.StagePlanned
    | initiatives.StageEntered
    | initiatives.StageEnded
    | initiatives.GateReviewHeld
    | initiatives.ExceptionRaised
    | initiatives.ExceptionPlanApproved
)
_OfItem = (
    items.ItemTransferred
    | items.ItemStatusReported
    | items.ItemStageReported
    | items.ItemMilestoneReported
    | items.ItemTargetSet
    | items.ItemTargetMoved
    | items.ItemTargetCleared
)
Known = _Life | _Control | _OfItem


def fold(state: Gates, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    if isinstance(data, _OfItem):
        _fold_item(state, fact, data)
    elif isinstance(data, _Control):
        _fold_control(state, fact, data)
    else:
        _fold_life(state, fact, data)


def _fold_life(state: Gates, fact: Fact, data: _Life) -> None:
    match data:
        case initiatives.InitiativeProposed(name=name, mode=mode, currency=currency):
            state.name, state.mode, state.currency = name, mode, currency
        case initiatives.DeliveryModeChanged(to=mode):
            state.mode = mode
            state.mode_changes.append(ModeChange(act_of(fact), mode))
        case products.ProductConceived(name=name):
            state.name, state.mode = name, "product"
        case products.ProductOpenedFrom(opened=opened):
            if opened is not None and state.mode is None:
                state.name, state.mode = opened.name, "product"
        case _:
            assert_never(data)


def _fold_control(state: Gates, fact: Fact, data: _Control) -> None:
    match data:
        case initiatives.StagePlanned():
            stage = state.stages.setdefault(data.stage, Stage())
            stage.name = data.name or stage.name
            stage.plans.append(_plan(fact, data))
        case initiatives.StageEntered(stage=name):
            _leave(state, fact, implied=True)
            state.stages.setdefault(name, Stage()).visits.append(Visit(act_of(fact)))
            state.stage, state.is_passed = name, False
        case initiatives.StageEnded():
            _leave(state, fact, implied=False)
        case initiatives.GateReviewHeld():
            state.is_passed = data.decision in {"go", "conditional_go"}
            state.reviews.append(_review(state, fact, data))
        case initiatives.ExceptionRaised():
            state.exception = act_of(fact)
        case initiatives.ExceptionPlanApproved():
            state.exception = None
        case _:
            assert_never(data)


def _plan(fact: Fact, data: initiatives.StagePlanned) -> StagePlan:
    allowed = data.tolerance
    if allowed is None:
        return StagePlan(act_of(fact), data.start, data.finish)
    return StagePlan(act_of(fact), data.start, data.finish, allowed.cost.minor if allowed.cost else None, allowed.days)


def _review(state: Gates, fact: Fact, data: initiatives.GateReviewHeld) -> Review:
    return Review(
        act_of(fact),
        data.gate,
        state.stage,
        data.decision,
        [(one.id, one.kind, one.met) for one in data.criteria],
        data.conditions,
        data.evidence,
        data.proposed_by,
    )


def _leave(state: Gates, fact: Fact, *, implied: bool) -> None:
    stage = None if state.stage is None else state.stages.get(state.stage)
    if stage is not None and stage.visits and stage.visits[-1].ended is None:
        stage.visits[-1].ended, stage.visits[-1].is_implied = act_of(fact), implied


def _fold_item(state: Gates, fact: Fact, data: _OfItem) -> None:
    match data:
        case items.ItemTransferred(to=to):
            if fact.id in state.items:
                state.items[fact.id].moved_to = to
        case items.ItemStatusReported(status=word):
            _item(state, fact).status = Report(act_of(fact), word)
        case items.ItemStageReported(stage=word):
            _item(state, fact).stages.append(Report(act_of(fact), word))
        case items.ItemMilestoneReported(milestone=word):
            _item(state, fact).milestone = Report(act_of(fact), word)
        case items.ItemTargetSet(gate=gate, target=target) | items.ItemTargetMoved(gate=gate, target=target):
            _move(state, fact, gate, target)
        case items.ItemTargetCleared(gate=gate):
            _move(state, fact, gate, None)
        case _:
            assert_never(data)


def _move(state: Gates, fact: Fact, gate: str, target: str | None) -> None:
    _item(state, fact).targets.setdefault(gate, []).append(TargetMove(act_of(fact), target))


def _item(state: Gates, fact: Fact) -> Item:
    return state.items.setdefault(fact.id, Item())


GATES = chronicle("gates", 2, types=types_of(*get_args(Known)), state=Gates, fold=fold)
