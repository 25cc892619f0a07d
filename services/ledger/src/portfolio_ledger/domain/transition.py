"""The rules by which an initiative becomes a product, or goes on in another mode: a conversation that loses nothing.

It is proposed with a disposition for everything open, approved by somebody else, and then happens as one set of entries: the
append that holds the approval holds all of them, or none.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from portfolio_ledger.domain import (
    accounts,
    baseline,
    calendars,
    change_request,
    dispositions,
    earned_value,
    matters,
    portfolio,
    succession,
)
from portfolio_ledger.domain.baseline import Baselines
from portfolio_ledger.domain.decider import ACCEPTED, Accepted, Consequence, Decision, Fact, Refused, State, States, member_of
from portfolio_ledger.domain.earned_value import Figures
from portfolio_schemas import codes
from portfolio_schemas.events.initiative import (
    BaselineFrozen,
    DeliveryModeChanged,
    InitiativeTransitioned,
    TransitionApproved,
    TransitionProposed,
)
from portfolio_schemas.events.product import Origin, ProductOpenedFrom
from portfolio_schemas.events.release import ReleasePlanned
from portfolio_schemas.values import Money

TransitionEvent = TransitionProposed | TransitionApproved | DeliveryModeChanged


class Transition(State, frozen=True):
    """The transition that is proposed for an initiative."""

    proposed_by: str
    reason: str | None
    proposal: TransitionProposed


KINDS: Mapping[str, type[State]] = {"transition": Transition, **matters.KINDS}


class Subject(Struct, frozen=True, gc=False):
    """The initiative that a transition is about: its key, its currency, its baselines."""

    key: str
    currency: str
    baselines: Baselines


def reads(fact: Fact, data: TransitionEvent, states: States) -> Iterable[str]:
    """Name what a transition looks at, and what its consequences will."""
    plan = baseline.plan_of(states, baseline.current_key(fact.subject))
    open_ = matters.of(states, fact.subject).subjects
    days = (calendars.key_of(fact.subject), calendars.key_of(fact.portfolio_key))
    own = (baseline.current_key(fact.subject), *succession.keys(fact.subject), *plan.parts, *open_, *days)
    match data:
        case TransitionProposed():
            return (*own, data.product, *_items(data), *data.teams_freed)
        case TransitionApproved():
            known = of(states, fact.subject)
            target = (known.proposal.product, *succession.keys(known.proposal.product), *_items(known.proposal)) if known else ()
            return (_key(fact.subject), *own, *target)
        case DeliveryModeChanged():
            return (*own, data.release, *map(dispositions.item_of, data.dispositions))


def evolve(fact: Fact, data: TransitionProposed) -> Mapping[str, State]:
    """Remember what is proposed."""
    return {_key(fact.subject): Transition(fact.actor, fact.reason, data)}


def decide_proposed(fact: Fact, data: TransitionProposed, own: Subject, states: States) -> Decision:
    """Judge a proposal by what is open now."""
    return _check(fact, data, own, states, reason=fact.reason, is_final=False) or ACCEPTED


def decide_approved(fact: Fact, own: Subject, states: States) -> Decision:
    """Judge an approval by what is open now, and let everything happen."""
    known = of(states, fact.subject)
    if known is None:
        return Refused(codes.NO_TRANSITION, f"Nobody proposed a transition of {fact.subject}: state TransitionProposed before.")
    if fact.actor == known.proposed_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} proposed the transition: somebody else approves it.")
    proposal = known.proposal
    reason = fact.reason or known.reason
    refused = _check(fact, proposal, own, states, reason=reason, is_final=True) or succession.check_left(fact.subject, states)
    if refused:
        return refused
    plan = baseline.plan_of(states, baseline.current_key(fact.subject))
    days = calendars.in_force(states, fact.subject, fact.portfolio_key)
    figures = earned_value.figures(plan, states, proposal.cut_over, days)
    opened = ProductOpenedFrom(origins=[Origin(member=fact.subject, share="1")], opened=proposal.opened)
    return Accepted(
        consequences=(
            *_frozen(own, figures, states, proposal.cut_over, "transition"),
            Consequence(proposal.product, opened),
            *dispositions.consequences(
                plan,
                proposal.dispositions,
                states,
                backlog=proposal.product,
                currency=own.currency,
                reason=reason,
            ),
            *succession.transferred(proposal.items, proposal.product),
            *succession.carried(fact.subject, proposal.product, accounts.of(states, fact.subject).available, own.currency),
            *succession.matters_carried(
                fact.subject,
                proposal.product,
                (key for key in matters.of(states, fact.subject).subjects if not key.startswith("change-request/")),
                states,
                freed=proposal.teams_freed,
                owner=proposal.benefit_owner,
            ),
            Consequence(fact.subject, InitiativeTransitioned(product=proposal.product)),
        )
    )


def decide_mode(fact: Fact, data: DeliveryModeChanged, own: Subject, states: States) -> Decision:
    """Judge a change of mode: the plan is frozen, what is open becomes items, a release has the rest of the budget."""
    plan = baseline.plan_of(states, baseline.current_key(fact.subject))
    refused = _check_answered(fact, states) or dispositions.check(
        fact.subject, plan, data.dispositions, states, reason=fact.reason, is_final=True
    )
    if refused:
        return refused
    if baseline.current_version(own.baselines) is None:
        return Refused(codes.WRONG_STATE, f"{fact.subject} has no approved baseline to go on from.")
    if states.get(data.release) is not None:
        return Refused(codes.ALREADY_EXISTS, f"{data.release} exists already: choose another id.")
    days = calendars.in_force(states, fact.subject, fact.portfolio_key)
    figures = earned_value.figures(plan, states, data.start, days)
    planned = ReleasePlanned(
        initiative=fact.subject,
        name=data.release.partition("/")[2],
        planned_iterations=data.planned_iterations,
        iteration_days=data.iteration_days,
        release_points=data.release_points,
        bac=Money(minor=max(figures.bac - figures.ev, 0), currency=own.currency),
        start=data.start,
        earned=Money(minor=figures.ev, currency=own.currency),
    )
    return Accepted(
        consequences=(
            *_frozen(own, figures, states, data.start, "mode_change"),
            *dispositions.consequences(
                plan, data.dispositions, states, backlog=fact.subject, currency=own.currency, reason=fact.reason
            ),
            Consequence(data.release, planned),
        )
    )


def of(states: States, initiative: str) -> Transition | None:
    """Return the transition that is proposed for an initiative, None where there is none."""
    state = states.get(_key(initiative))
    return state if isinstance(state, Transition) else None


def _check(
    fact: Fact, data: TransitionProposed, own: Subject, states: States, *, reason: str | None, is_final: bool
) -> Refused | None:
    plan = baseline.plan_of(states, baseline.current_key(fact.subject))
    return (
        _check_answered(fact, states)
        or _check_target(data, states)
        or dispositions.check(fact.subject, plan, data.dispositions, states, reason=reason, is_final=is_final)
        or succession.check_items(fact.subject, data.items, states)
        or _check_money(fact, data, own, states)
    )


def _check_answered(fact: Fact, states: States) -> Refused | None:
    for key in matters.of(states, fact.subject).of_kind("change-request"):
        known = change_request.of(states, key)
        if known is not None and known.is_open:
            return Refused(codes.OPEN_CHANGE_REQUEST, f"{key} waits for its answer: approve, reject or withdraw it before.")
    return None


def _check_target(data: TransitionProposed, states: States) -> Refused | None:
    target = member_of(states, data.product)
    if target is None:
        if data.opened is None:
            return Refused(codes.UNKNOWN_PRODUCT, f"There is no {data.product}: describe it in `opened`, where it is new.")
        return None
    if target.has_ended:
        return Refused(
            codes.TARGET_ENDED, f"{data.product} has ended: name a product that lives, or describe a new one in `opened`."
        )
    if data.opened is not None:
        return Refused(codes.ALREADY_EXISTS, f"{data.product} exists already: leave `opened` out.")
    return None


def _check_money(fact: Fact, data: TransitionProposed, own: Subject, states: States) -> Refused | None:
    left = accounts.of(states, fact.subject).available
    if data.carried_over is not None and data.carried_over.minor != max(left, 0):
        detail = f"{left} of {fact.subject} are approved and neither spent nor returned, not {data.carried_over.minor}."
        return Refused(codes.CARRIED_SUM, detail)
    home = portfolio.of(states, fact.portfolio_key)
    if left > 0 and home is not None and home.currency != own.currency:
        detail = f"{left} in {own.currency} cannot go to {data.product}, which is kept in {home.currency}: return them before."
        return Refused(codes.CURRENCY, detail)
    return None


def _frozen(own: Subject, found: Figures, states: States, day: date, why: str) -> list[Consequence]:
    version = baseline.current_version(own.baselines)
    if version is None:
        return []
    spent = accounts.of(states, own.key).spent

    def money(minor: int) -> Money:
        return Money(minor=minor, currency=own.currency)

    frozen = BaselineFrozen.model_validate(
        {
            "version": version,
            "status_date": day,
            "bac": money(found.bac),
            "pv": money(found.pv),
            "ev": money(found.ev),
            "ac": money(max(spent, 0)),
            "eac": money((2 * found.bac * spent + found.ev) // (2 * found.ev)) if found.ev and spent > 0 else None,
            "earned_schedule_days": f"{found.earned_schedule:f}",
            "why": why,
        }
    )
    return [Consequence(own.key, frozen)]


def _items(data: TransitionProposed) -> list[str]:
    return [*map(dispositions.item_of, data.dispositions), *data.items]


def _key(initiative: str) -> str:
    return f"transition/{initiative}"
