"""The fold of `outcomes`. Pure: the order is the log's; what has no premise is passed over."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.outcomes.state import Benefit, Carried, KeyResult, Objective, Outcomes, Owner, Point, Way
from portfolio_schemas.events import benefit as benefits
from portfolio_schemas.events import objective as objectives

_Followed = (
    benefits.BenefitBaselineSet
    | benefits.BenefitTargetSet
    | benefits.BenefitMeasured
    | benefits.BenefitOwnerChanged
    | benefits.BenefitRealised
    | benefits.BenefitNotRealised
    | benefits.BenefitCarriedOver
)
_OfObjective = objectives.ObjectiveSet | objectives.KeyResultSet | objectives.KeyResultMeasured
Known = benefits.BenefitIdentified | _Followed | _OfObjective


def fold(state: Outcomes, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    if isinstance(data, _OfObjective):
        _aim(state, fact, data)
        return
    if isinstance(data, benefits.BenefitIdentified):
        act = act_of(fact)
        state.benefits[fact.id] = Benefit(data.title, data.kind, data.unit, data.member, act, [Owner(data.owner, act)])
        return
    benefit = state.benefits.get(fact.id)
    if benefit is not None:
        _follow(benefit, fact, data)


def _aim(state: Outcomes, fact: Fact, data: _OfObjective) -> None:
    act = act_of(fact)
    if isinstance(data, objectives.ObjectiveSet):
        state.objectives[fact.id] = Objective(data.title, data.cycle, data.member, data.parent, data.owner, data.description, act)
        return
    objective = state.objectives.get(fact.id)
    if objective is None:
        return
    match data:
        case objectives.KeyResultSet(key_result=name, unit=unit):
            way = Way(data.title, data.start, data.target, act)
            known = objective.key_results.setdefault(name, KeyResult())
            known.unit = unit
            known.ways.append(way)
        case objectives.KeyResultMeasured(key_result=name, value=value, date=day):
            objective.key_results.setdefault(name, KeyResult()).measurements.append(Point(day, value, None, act))
        case _:
            assert_never(data)


def _follow(benefit: Benefit, fact: Fact, data: _Followed) -> None:
    act = act_of(fact)
    match data:
        case benefits.BenefitBaselineSet(value=value, date=day):
            benefit.baselines.append(Point(day, value, None, act))
        case benefits.BenefitTargetSet(value=value, date=day, proposed_by=who):
            benefit.targets.append(Point(day, value, who, act))
        case benefits.BenefitMeasured(value=value, date=day, method=method):
            benefit.measurements.append(Point(day, value, method, act))
        case benefits.BenefitOwnerChanged(owner=owner):
            benefit.owners.append(Owner(owner, act))
        case benefits.BenefitRealised():
            benefit.conclusion, benefit.concluded = "Realised", act
        case benefits.BenefitNotRealised():
            benefit.conclusion, benefit.concluded = "NotRealised", act
        case benefits.BenefitCarriedOver(to=to, owner=owner):
            benefit.carried.append(Carried(benefit.member, to, act))
            benefit.member = to
            if owner != benefit.owners_in_time[-1].owner:
                benefit.owners.append(Owner(owner, act))
        case _:
            assert_never(data)


OUTCOMES = chronicle("outcomes", 3, types=types_of(*get_args(Known)), state=Outcomes, fold=fold, of_portfolio=True)
