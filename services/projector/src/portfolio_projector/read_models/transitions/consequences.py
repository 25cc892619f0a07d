"""What follows from a transition, in the same append: figures that are frozen, scope, money and matters that go along. Pure."""

from typing import assert_never

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.transitions.state import (
    Converted,
    Dropped,
    Frozen,
    Given,
    Matter,
    Member,
    Moved,
    Part,
    Transition,
    Transitions,
)
from portfolio_schemas.events import (
    benefit,
    dependency,
    funding,
    incident,
    initiative,
    issue,
    item,
    product,
    risk,
    team,
    work_package,
)

_Ending = initiative.BaselineFrozen | initiative.InitiativeTransitioned | product.ProductOpenedFrom
_Scope = work_package.WorkPackageConverted | work_package.WorkPackageDropped | item.ItemTransferred
_Along = (
    funding.FundingCarriedOver
    | risk.RiskCarriedOver
    | issue.IssueCarriedOver
    | incident.IncidentCarriedOver
    | benefit.BenefitCarriedOver
    | dependency.DependencyRepointed
    | dependency.DependencyFulfilled
    | team.TeamRetained
    | team.TeamFreed
)
Consequence = _Ending | _Scope | _Along


def fold_consequence(state: Transitions, fact: Fact, data: Consequence) -> None:
    """Add a consequence to the transition that caused it; what has another cause is no part of one."""
    place = state.causes.get(str(fact.causation))
    known = None if place is None else state.transitions[place]
    if isinstance(data, item.ItemTransferred):
        state.settle(fact.id, data.to)
    if isinstance(data, _Ending):
        _fold_ending(state, fact, data, known)
    elif known is None:
        return
    elif isinstance(data, _Scope):
        _fold_scope(known, fact, data)
    else:
        _fold_along(known, fact, data)


def _fold_ending(state: Transitions, fact: Fact, data: _Ending, known: Transition | None) -> None:
    match data:
        case product.ProductOpenedFrom(origins=origins, opened=opened):
            if opened is not None:
                state.members[fact.subject] = Member(opened.name, "product", act_of(fact))
            if known is not None and not known.parts:
                known.parts = [Part(fact.subject, origins[0].share, opened is not None)]
        case initiative.InitiativeTransitioned():
            if fact.subject in state.members:
                state.members[fact.subject].ended = act_of(fact)
        case initiative.BaselineFrozen():
            if known is not None:
                known.frozen = _frozen(data)
        case _:
            assert_never(data)


def _frozen(data: initiative.BaselineFrozen) -> Frozen:
    return Frozen(
        data.version,
        data.status_date,
        data.bac.minor,
        data.pv.minor,
        data.ev.minor,
        data.ac.minor,
        None if data.eac is None else data.eac.minor,
        data.earned_schedule_days,
    )


def _fold_scope(known: Transition, fact: Fact, data: _Scope) -> None:
    match data:
        case work_package.WorkPackageConverted():
            converted = Converted(fact.id, data.item.partition("/")[2], data.remaining_budget.minor, data.created_at)
            known.converted.append(converted)
        case work_package.WorkPackageDropped():
            known.dropped.append(Dropped(fact.id, data.remaining_budget.minor, fact.reason))
        case item.ItemTransferred(to=to):
            known.items.append(Moved(fact.id, to))
        case _:
            assert_never(data)


def _fold_along(known: Transition, fact: Fact, data: _Along) -> None:
    match data:
        case funding.FundingCarriedOver():
            known.money.append(Given(data.to, data.amount.minor))
        case risk.RiskCarriedOver(to=to) | issue.IssueCarriedOver(to=to) | incident.IncidentCarriedOver(to=to):
            known.matters.append(Matter(fact.subject, "carried_over", to))
        case benefit.BenefitCarriedOver(to=to, owner=owner):
            known.matters.append(Matter(fact.subject, "carried_over", to, owner))
        case dependency.DependencyRepointed(new=new):
            known.matters.append(Matter(fact.subject, "repointed", new))
        case dependency.DependencyFulfilled():
            known.matters.append(Matter(fact.subject, "fulfilled", None))
        case team.TeamRetained(to=to):
            known.matters.append(Matter(fact.subject, "retained", to))
        case team.TeamFreed():
            known.matters.append(Matter(fact.subject, "freed", None))
        case _:
            assert_never(data)
