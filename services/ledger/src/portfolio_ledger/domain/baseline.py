"""The rules of an initiative's baselines: a plan is proposed, approved by somebody else, and never changes after that."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal, assert_never

from msgspec import Struct
from msgspec.structs import replace

from portfolio_ledger.domain import calendars, change_request, work_package
from portfolio_ledger.domain.calendars import WorkingDays
from portfolio_ledger.domain.decider import ACCEPTED, Accepted, Consequence, Decision, Fact, Refused, State, States, accept
from portfolio_ledger.domain.planning import find_cycle
from portfolio_ledger.domain.work_package import WorkPackage
from portfolio_schemas import codes
from portfolio_schemas.events.initiative import (
    BaselineApproved,
    BaselineFrozen,
    BaselineProposed,
    BaselineRejected,
    BaselineReviewed,
    BaselineSuperseded,
    BaselineWithdrawn,
    PlannedWorkPackage,
)

BaselineEvent = (
    BaselineProposed
    | BaselineReviewed
    | BaselineApproved
    | BaselineRejected
    | BaselineWithdrawn
    | BaselineSuperseded
    | BaselineFrozen
)


class PlannedPart(Struct, frozen=True, gc=False):
    """What a baseline says of one work package: its days, its budget in minor units, how it earns value, what it waits for."""

    name: str
    start: date
    finish: date
    at_start: int
    over_time: int
    ev_method: str
    waits_for: tuple[str, ...] = ()

    @property
    def budget(self) -> int:
        """All of its budget."""
        return self.at_start + self.over_time


class Plan(State, frozen=True):
    """The content of one version, by the work packages' subjects, and its management reserve in minor units.

    It is kept beside the initiative, since it may be large. `days` are those of its own calendar, None where it has none.
    """

    parts: Mapping[str, PlannedPart]
    days: WorkingDays | None = None
    reserve: int = 0


class Baseline(Struct, frozen=True, gc=False):
    """One version of the plan, without its content."""

    state: Literal["Proposed", "Reviewed", "Approved", "Superseded", "Rejected", "Withdrawn", "Frozen"]
    proposed_by: str
    bac: int
    effective_date: date | None = None


Baselines = Mapping[int, Baseline]
KINDS: Mapping[str, type[State]] = {"plan": Plan, "current-plan": Plan}
_NO_PLAN = Plan({})


def reads(fact: Fact, data: BaselineEvent, states: States) -> Iterable[str]:
    """Name the subjects that the rules of a baseline look at."""
    match data:
        case BaselineProposed():
            return [key_of(part.id) for part in data.work_packages]
        case BaselineApproved():
            plans = (_plan_key(fact.subject, data.version), current_key(fact.subject))
            request = (data.change_request,) if data.change_request else ()
            return (*plans, *request, *(key for plan in plans for key in plan_of(states, plan).parts))
        case BaselineRejected() | BaselineReviewed() | BaselineWithdrawn() | BaselineSuperseded() | BaselineFrozen():
            return ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: BaselineEvent, baselines: Baselines, states: States) -> tuple[Baselines, Mapping[str, State]]:
    """Return the baselines, and the plans and work packages that a recorded fact changes."""
    match data:
        case BaselineProposed():
            made = Baseline("Proposed", fact.actor, data.bac.minor)
            return {**baselines, data.version: made}, {_plan_key(fact.subject, data.version): _plan(data)}
        case BaselineApproved():
            approved = replace(baselines[data.version], state="Approved", effective_date=data.effective_date)
            plan = plan_of(states, _plan_key(fact.subject, data.version))
            others = _replanned(fact, plan, plan_of(states, current_key(fact.subject)), states)
            return {**baselines, data.version: approved}, {current_key(fact.subject): plan, **others}
        case BaselineReviewed():
            return {**baselines, data.version: replace(baselines[data.version], state="Reviewed")}, {}
        case BaselineRejected() | BaselineWithdrawn():
            state = "Rejected" if isinstance(data, BaselineRejected) else "Withdrawn"
            ended = replace(baselines[data.version], state=state)
            return {**baselines, data.version: ended}, {_plan_key(fact.subject, data.version): _NO_PLAN}
        case BaselineSuperseded():
            superseded = replace(baselines[data.version], state="Superseded")
            return {**baselines, data.version: superseded}, {_plan_key(fact.subject, data.version): _NO_PLAN}
        case BaselineFrozen():
            frozen = replace(baselines[data.version], state="Frozen")
            nothing = {_plan_key(fact.subject, data.version): _NO_PLAN, current_key(fact.subject): _NO_PLAN}
            return {**baselines, data.version: frozen}, nothing
        case _:
            assert_never(data)


def decide(fact: Fact, data: BaselineEvent, baselines: Baselines, states: States) -> Decision:
    """Judge a fact about a baseline of an initiative that goes on."""
    if isinstance(data, BaselineProposed):
        return _decide_proposed(fact, data, baselines, states)
    known = baselines.get(data.version)
    if known is None:
        return Refused(
            codes.BASELINE_VERSION, f"{fact.subject} has no baseline {data.version}: propose it, or name one that was proposed."
        )
    match data:
        case BaselineApproved():
            return _decide_approved(fact, data, known, baselines, states)
        case BaselineRejected() | BaselineReviewed() | BaselineWithdrawn():
            if known.state not in ("Proposed", "Reviewed"):
                return Refused(
                    codes.WRONG_STATE,
                    f"Baseline {data.version} of {fact.subject} is {known.state} already: propose a new version.",
                )
            return ACCEPTED
        case BaselineSuperseded() | BaselineFrozen():
            return ACCEPTED
        case _:
            assert_never(data)


def current_key(initiative: str) -> str:
    """Return the key of the plan that is current for an initiative."""
    return f"current-plan/{initiative}"


def plan_of(states: States, key: str) -> Plan:
    """Return a plan; one of nothing where there is none."""
    state = states.get(key)
    return state if isinstance(state, Plan) else _NO_PLAN


def key_of(work_package_id: str) -> str:
    """Return the subject of a work package that a baseline names by its id."""
    return f"work-package/{work_package_id}"


def _decide_proposed(fact: Fact, data: BaselineProposed, baselines: Baselines, states: States) -> Decision:
    newest = max(baselines, default=0)
    if data.version != newest + 1 or (data.previous or 0) != newest:
        expected = f"version {newest + 1}" + (f" with previous {newest}" if newest else "")
        return Refused(
            codes.BASELINE_VERSION,
            f"The next baseline of {fact.subject} is {expected}, not {data.version}: number versions without a gap.",
        )
    refused = (
        _check_parts(fact.subject, data, states)
        or _check_money(data)
        or _check_dates(data.work_packages)
        or _check_dependencies(data)
    )
    return refused or accept(codes.SCHEDULE_ONLY if data.bac.minor == 0 else None)


def _check_parts(subject: str, data: BaselineProposed, states: States) -> Refused | None:
    counts = Counter(part.id for part in data.work_packages)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        return Refused(
            codes.WORK_PACKAGE_TWICE, f"{twice[0]} stands in the baseline {counts[twice[0]]} times: plan each work package once."
        )
    return _check_owners(subject, map(key_of, counts), states)


def _check_owners(subject: str, keys: Iterable[str], states: States) -> Refused | None:
    for key in keys:
        known = work_package.of(states, key)
        if known is not None and known.initiative != subject:
            return Refused(codes.WORK_PACKAGE_TWICE, f"{key} belongs to {known.initiative}: give the work package another id.")
    return None


def _check_money(data: BaselineProposed) -> Refused | None:
    budgets = [money for part in data.work_packages for money in (part.budget_at_start, part.budget_over_time) if money]
    total = sum(money.minor for money in budgets)
    if total != data.bac.minor:
        return Refused(codes.BASELINE_SUM, f"The budgets add up to {total}, the budget at completion is {data.bac.minor}.")
    return None


def _check_dates(parts: Iterable[PlannedWorkPackage]) -> Refused | None:
    for part in parts:
        start, finish = part.start, part.finish
        if isinstance(start, datetime) != isinstance(finish, datetime):
            return Refused(codes.PLAN_ORDER, f"{part.id} mixes a day and an instant: plan start and finish in one way.")
        if finish < start:
            return Refused(codes.PLAN_ORDER, f"{part.id} would finish at {finish}, before it starts at {start}.")
    return None


def _check_dependencies(data: BaselineProposed) -> Refused | None:
    known = {part.id for part in data.work_packages}
    for dependency in data.dependencies:
        for name in (dependency.from_, dependency.to):
            if name not in known:
                return Refused(codes.UNKNOWN_WORK_PACKAGE, f"A dependency names {name}, which the baseline does not plan.")
    cycle = find_cycle({(dependency.from_, dependency.to) for dependency in data.dependencies})
    if cycle:
        return Refused(
            codes.DEPENDENCY_CYCLE, f"These wait for each other: {', '.join(cycle[:20])}. Leave one of their dependencies out."
        )
    return None


def _decide_approved(fact: Fact, data: BaselineApproved, known: Baseline, baselines: Baselines, states: States) -> Decision:
    if known.state not in ("Proposed", "Reviewed"):
        return Refused(
            codes.WRONG_STATE, f"Baseline {data.version} of {fact.subject} is {known.state} already: propose a new version."
        )
    if fact.actor == known.proposed_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} proposed baseline {data.version}: somebody else approves it.")
    current = _current(baselines)
    plan = plan_of(states, _plan_key(fact.subject, data.version))
    refused = _check_owners(fact.subject, plan.parts, states)
    if refused:
        return refused
    if current is None:
        if data.change_class != "initial":
            return Refused(codes.CHANGE_CLASS, "The first baseline to be approved is of the class initial.")
        return ACCEPTED
    refused = _check_change(fact, data, known, current, states)
    if refused:
        return refused
    version = next(version for version, one in baselines.items() if one is current)
    return Accepted(consequences=(Consequence(fact.subject, BaselineSuperseded(version=version, by=data.version)),))


def _check_change(fact: Fact, data: BaselineApproved, known: Baseline, current: Baseline, states: States) -> Refused | None:
    if data.change_class == "initial":
        return Refused(codes.CHANGE_CLASS, "A baseline is approved already: this one is a change, of another class.")
    if current.effective_date is not None and current.effective_date > data.effective_date:
        return Refused(
            codes.LATER_BASELINE,
            f"The current baseline is effective from {current.effective_date}: this one cannot be from an earlier day.",
        )
    request = change_request.of(states, data.change_request) if data.change_request else None
    if request is None or request.state != "Approved" or request.initiative != fact.subject:
        return Refused(codes.NO_CHANGE_REQUEST, f"Name an approved change request of {fact.subject}.")
    if data.change_class == "internal_replan" and known.bac != current.bac:
        detail = f"An internal replan keeps the budget at completion of {current.bac}; this one has {known.bac}."
        return Refused(codes.CHANGE_CLASS, detail)
    if data.change_class == "over_target" and fact.reason is None:
        return Refused(codes.NO_REASON, "A baseline over target says why, in the envelope's `reason`.")
    if data.change_class == "over_target" and data.estimate_to_complete is None:
        return Refused(codes.NO_ESTIMATE, "A baseline over target says what the remaining work costs, in `estimate_to_complete`.")
    is_correction = data.change_class == "administrative" and fact.corrects is not None
    if is_correction:
        return None
    planned, now = plan_of(states, _plan_key(fact.subject, data.version)), plan_of(states, current_key(fact.subject))
    return _check_completed(planned, now, states) or _check_past(planned, now, data.effective_date, states)


def _check_completed(known: Plan, current: Plan, states: States) -> Refused | None:
    for key in current.parts:
        state = work_package.of(states, key)
        if state is not None and state.state == "Completed":
            part = known.parts.get(key)
            if part is None or part.budget != state.budget:
                return Refused(codes.CHANGE_CLASS, f"{key} is completed; a new baseline keeps it and its budget as they are.")
    return None


def _check_past(planned: Plan, now: Plan, effective: date, states: States) -> Refused | None:
    """Refuse new work, and new starts, before the effective date: what was planned for the past stays as it was."""
    for key, part in planned.parts.items():
        before = now.parts.get(key)
        is_new = states.get(key) is None if before is None else before.start != part.start
        if part.start < effective and is_new:
            detail = f"{key} would start at {part.start}, before the baseline is effective at {effective}."
            return Refused(codes.RETROACTIVE, detail)
    return None


def _plan(data: BaselineProposed) -> Plan:
    waits = dict[str, list[str]]()
    for dependency in data.dependencies:
        if dependency.type == "FS":
            waits.setdefault(dependency.to, []).append(key_of(dependency.from_))
    parts = {
        key_of(part.id): PlannedPart(
            name=part.name,
            start=_day(part.start),
            finish=_day(part.finish),
            at_start=part.budget_at_start.minor if part.budget_at_start else 0,
            over_time=part.budget_over_time.minor if part.budget_over_time else 0,
            ev_method=part.ev_method,
            waits_for=tuple(waits.get(part.id, ())),
        )
        for part in data.work_packages
    }
    reserve = data.management_reserve.minor if data.management_reserve else 0
    return Plan(parts, calendars.of(data.calendar), reserve)


def _day(planned: date | datetime) -> date:
    return planned.date() if isinstance(planned, datetime) else planned


def _replanned(fact: Fact, approved: Plan, current: Plan, states: States) -> Mapping[str, State]:
    changed = dict[str, State]()
    for key in current.parts:
        state = work_package.of(states, key)
        if state is not None and key not in approved.parts:
            changed[key] = replace(state, state="Removed")
    for key, part in approved.parts.items():
        state = work_package.of(states, key) or WorkPackage(fact.subject, part.ev_method, part.budget, born_at=fact.time)
        back = ("Started" if state.since else "Planned") if state.state == "Removed" else state.state
        changed[key] = replace(state, ev_method=part.ev_method, budget=part.budget, waits_for=part.waits_for, state=back)
    return changed


def current_version(baselines: Baselines) -> int | None:
    """Return the version that is current, None where there is none."""
    return next((version for version, one in baselines.items() if one.state == "Approved"), None)


def _current(baselines: Baselines) -> Baseline | None:
    return next((one for one in baselines.values() if one.state == "Approved"), None)


def _plan_key(initiative: str, version: int) -> str:
    return f"plan/{initiative}/{version}"
