"""The fold of `initiatives`: what each event does to initiatives, baselines, work packages, releases and costs."""

from collections.abc import Callable
from typing import Any, Literal

from portfolio_projector.folding.facts import Fact, Impossible, types_of
from portfolio_projector.folding.folding import Folding
from portfolio_projector.folding.retelling import retelling
from portfolio_projector.read_models.initiatives import costs, plans, releases, work_packages
from portfolio_projector.read_models.initiatives.rows import (
    BaselineRow,
    CostRow,
    InitiativeRow,
    InitiativeState,
    PackageRow,
    ReleaseRow,
)
from portfolio_projector.read_models.initiatives.state import Initiatives
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import work_package as packages
from portfolio_schemas.events.event_data import EventData
from portfolio_schemas.events.funding import AccrualReversed, CostAccrued, CostPosted, CostReversed
from portfolio_schemas.events.release import ReleasePlanned, ReleaseShipped

INITIATIVE_TYPES = types_of(
    initiatives.InitiativeProposed,
    initiatives.InitiativeApproved,
    initiatives.InitiativeRejected,
    initiatives.InitiativeActivated,
    initiatives.InitiativePutOnHold,
    initiatives.InitiativeResumed,
    initiatives.InitiativeCancelled,
    initiatives.BaselineProposed,
    initiatives.BaselineApproved,
    initiatives.BaselineRejected,
    initiatives.BaselineSuperseded,
    initiatives.BaselineReviewed,
    initiatives.BaselineWithdrawn,
    initiatives.BaselineFrozen,
    initiatives.InitiativeCompleted,
    initiatives.InitiativeClosed,
    initiatives.InitiativeTransitioned,
    initiatives.DeliveryModeChanged,
    initiatives.StageEntered,
    initiatives.StageEnded,
)
PACKAGE_TYPES = types_of(
    packages.WorkPackageStarted,
    packages.ProgressReported,
    packages.ProgressCorrected,
    packages.WorkPackageCompleted,
    packages.WorkPackageReopened,
    packages.WorkPackageConverted,
    packages.WorkPackageDropped,
)
COST_TYPES = types_of(CostPosted, CostAccrued, CostReversed, AccrualReversed)
RELEASE_TYPES = types_of(ReleasePlanned, ReleaseShipped)
TYPES = INITIATIVE_TYPES | PACKAGE_TYPES | COST_TYPES | RELEASE_TYPES

CORRECTABLE = (
    CostPosted,
    CostAccrued,
    CostReversed,
    AccrualReversed,
    packages.WorkPackageStarted,
    packages.ProgressReported,
    packages.ProgressCorrected,
    initiatives.BaselineApproved,
    initiatives.BaselineRejected,
    initiatives.BaselineWithdrawn,
    initiatives.InitiativeProposed,
    initiatives.StageEntered,
    ReleasePlanned,
)
"""What a correction of these says is shown; one of any other type changes nothing that is shown here.

A correction of what is shown takes its place, a correction of something older changes nothing. An approval that corrects another
approves another version, and is an approval of its own.
"""


def fold(state: Initiatives, fact: Fact) -> None:
    """Fold one event.

    Raises:
        Impossible: when the event cannot follow those before it.

    """
    data = fact.data
    if fact.corrects is not None and not isinstance(data, CORRECTABLE):
        return
    handle = _HANDLERS.get(type(data))
    if handle is None:
        raise Impossible(f"The type {fact.type} is not one of this read model.")
    handle(state, fact, data)


def _live(state: Initiatives, fact: Fact, data: EventData) -> None:
    """Let an initiative enter another state of its life."""
    own = state.initiative(fact.portfolio, fact.id)
    state.initiatives.put(own._replace(state=_NEXT[type(data)], state_since=fact.time, last_entry=fact.number))


def _change_mode(state: Initiatives, fact: Fact, data: initiatives.DeliveryModeChanged) -> None:
    """Let an initiative go on in another mode, which has no stages."""
    own = state.initiative(fact.portfolio, fact.id)
    state.initiatives.put(own._replace(mode=data.to, stage=None, stage_entry=None, last_entry=fact.number))


def _enter_stage(state: Initiatives, fact: Fact, data: initiatives.StageEntered) -> None:
    own = state.initiative(fact.portfolio, fact.id)
    if fact.corrects in {None, own.stage_entry}:
        state.initiatives.put(own._replace(stage=data.stage, stage_entry=fact.number, last_entry=fact.number))


def _end_stage(state: Initiatives, fact: Fact, _: initiatives.StageEnded) -> None:
    own = state.initiative(fact.portfolio, fact.id)
    state.initiatives.put(own._replace(stage=None, stage_entry=None, last_entry=fact.number))


_NEXT: dict[type[EventData], InitiativeState] = {
    initiatives.InitiativeApproved: "Approved",
    initiatives.InitiativeRejected: "Rejected",
    initiatives.InitiativeActivated: "Active",
    initiatives.InitiativePutOnHold: "OnHold",
    initiatives.InitiativeResumed: "Active",
    initiatives.InitiativeCancelled: "Cancelled",
    initiatives.InitiativeCompleted: "Completed",
    initiatives.InitiativeClosed: "Closed",
    initiatives.InitiativeTransitioned: "Transitioned",
}


def _propose(state: Initiatives, fact: Fact, data: initiatives.InitiativeProposed) -> None:
    if fact.corrects is not None:
        _propose_anew(state, fact, data)
        return
    dates = data.rough_dates
    state.initiatives.put(
        InitiativeRow(
            portfolio=fact.portfolio,
            initiative=fact.id,
            name=data.name,
            mode=data.mode,
            state="Proposed",
            sponsor=data.sponsor,
            objective=data.objective,
            currency=data.currency,
            rough_cost=data.rough_cost.minor if data.rough_cost else None,
            rough_start=plans.text(dates.start) if dates else None,
            rough_finish=plans.text(dates.finish) if dates else None,
            proposed_at=fact.time,
            proposed_by=fact.actor,
            state_since=fact.time,
            baseline=None,
            bac=None,
            management_reserve=None,
            start=None,
            finish=None,
            effective_date=None,
            baselines_approved=0,
            cost=0,
            costs=0,
            last_entry=fact.number,
            stage=None,
            stage_entry=None,
        )
    )


def _propose_anew(state: Initiatives, fact: Fact, data: initiatives.InitiativeProposed) -> None:
    dates = data.rough_dates
    state.initiatives.put(
        state.initiative(fact.portfolio, fact.id)._replace(
            name=data.name,
            sponsor=data.sponsor,
            objective=data.objective,
            rough_cost=data.rough_cost.minor if data.rough_cost else None,
            rough_start=plans.text(dates.start) if dates else None,
            rough_finish=plans.text(dates.finish) if dates else None,
            last_entry=fact.number,
        )
    )


def _propose_baseline(state: Initiatives, fact: Fact, data: initiatives.BaselineProposed) -> None:
    own = state.initiative(fact.portfolio, fact.id)
    plan = plans.of(data)
    state.baselines.put(
        BaselineRow(
            portfolio=fact.portfolio,
            initiative=fact.id,
            version=data.version,
            state="Proposed",
            bac=data.bac.minor,
            management_reserve=data.management_reserve.minor if data.management_reserve else None,
            start=plans.start(plan),
            finish=plans.finish(plan),
            previous=data.previous,
            plan=plan,
            proposed_entry=fact.number,
            proposed_at=fact.time,
            proposed_by=fact.actor,
            decided_entry=None,
            decided_at=None,
            decided_by=None,
            reason=None,
            effective_date=None,
            change_class=None,
            variances_kept=None,
            change_request=None,
            superseded_by=None,
        )
    )
    state.initiatives.put(own._replace(last_entry=fact.number))


def _approve_baseline(state: Initiatives, fact: Fact, data: initiatives.BaselineApproved) -> None:
    own = state.initiative(fact.portfolio, fact.id)
    approved = _decided(_baseline(state, fact, data.version), fact)._replace(
        state="Approved",
        effective_date=data.effective_date.isoformat(),
        change_class=data.change_class,
        variances_kept=data.variances_kept,
        change_request=data.change_request,
    )
    before = None if own.baseline is None else _baseline(state, fact, own.baseline)
    _replan(state, fact, approved, before)
    state.baselines.put(approved)
    state.initiatives.put(
        own._replace(
            baseline=approved.version,
            bac=approved.bac,
            management_reserve=approved.management_reserve,
            start=approved.start,
            finish=approved.finish,
            effective_date=approved.effective_date,
            baselines_approved=own.baselines_approved + 1,
            last_entry=fact.number,
        )
    )


def _replan(state: Initiatives, fact: Fact, approved: BaselineRow, before: BaselineRow | None) -> None:
    """Give work packages the new plan; how far they are stays. What the new plan leaves out is removed, and may come back."""
    planned = plans.work_packages(approved.plan)
    for name in plans.work_packages(before.plan) if before else ():
        package = state.packages.get((fact.portfolio, name))
        if package is not None and name not in planned:
            state.packages.put(package._replace(state="Removed", last_entry=fact.number))
    for name, part in planned.items():
        package = state.packages.get((fact.portfolio, name))
        if package is None:
            package = PackageRow(
                portfolio=fact.portfolio,
                package=name,
                initiative=fact.id,
                state="Planned",
                name="",
                wbs=None,
                start="",
                finish="",
                budget=0,
                ev_method="",
                fraction="0",
                remaining_hours=None,
                actual_start=None,
                completed_at=None,
                start_entry=None,
                started_at=None,
                fraction_entry=None,
                last_entry=fact.number,
            )
        elif package.state == "Removed":
            package = package._replace(state="Planned" if package.actual_start is None else "Started")
        state.packages.put(
            package._replace(
                name=part["name"],
                wbs=part.get("wbs"),
                start=part["start"],
                finish=part["finish"],
                budget=plans.budget(part),
                ev_method=part["ev_method"],
                last_entry=fact.number,
            )
        )


def _reject(state: Initiatives, fact: Fact, data: initiatives.BaselineRejected) -> None:
    _turn_down(state, fact, data.version, "Rejected")


def _withdraw(state: Initiatives, fact: Fact, data: initiatives.BaselineWithdrawn) -> None:
    _turn_down(state, fact, data.version, "Withdrawn")


def _turn_down(state: Initiatives, fact: Fact, version: int, turned: Literal["Rejected", "Withdrawn"]) -> None:
    """Say that a baseline is not taken; a correction of that may say who and why."""
    baseline = _baseline(state, fact, version)
    if fact.corrects is None:
        state.baselines.put(_decided(baseline, fact)._replace(state=turned))
    elif fact.corrects == baseline.decided_entry:
        state.baselines.put(baseline._replace(decided_entry=fact.number, decided_by=fact.actor, reason=fact.reason))


def _supersede(state: Initiatives, fact: Fact, data: initiatives.BaselineSuperseded) -> None:
    state.baselines.put(_baseline(state, fact, data.version)._replace(state="Superseded", superseded_by=data.by))


def _review(state: Initiatives, fact: Fact, data: initiatives.BaselineReviewed) -> None:
    state.baselines.put(_baseline(state, fact, data.version)._replace(state="Reviewed"))


def _freeze(state: Initiatives, fact: Fact, data: initiatives.BaselineFrozen) -> None:
    state.baselines.put(_baseline(state, fact, data.version)._replace(state="Frozen"))


def _decided(baseline: BaselineRow, fact: Fact) -> BaselineRow:
    return baseline._replace(decided_entry=fact.number, decided_at=fact.time, decided_by=fact.actor, reason=fact.reason)


def _baseline(state: Initiatives, fact: Fact, version: int) -> BaselineRow:
    row = state.baselines.get((fact.portfolio, fact.id, version))
    if row is None:
        raise Impossible(f"The initiative {fact.id} has no baseline {version}.")
    return row


_HANDLERS: dict[type[EventData], Callable[[Initiatives, Fact, Any], None]] = {
    **dict.fromkeys(_NEXT, _live),
    initiatives.InitiativeProposed: _propose,
    initiatives.DeliveryModeChanged: _change_mode,
    initiatives.StageEntered: _enter_stage,
    initiatives.StageEnded: _end_stage,
    ReleasePlanned: releases.plan,
    ReleaseShipped: releases.ship,
    initiatives.BaselineProposed: _propose_baseline,
    initiatives.BaselineReviewed: _review,
    initiatives.BaselineApproved: _approve_baseline,
    initiatives.BaselineRejected: _reject,
    initiatives.BaselineWithdrawn: _withdraw,
    initiatives.BaselineSuperseded: _supersede,
    initiatives.BaselineFrozen: _freeze,
    packages.WorkPackageStarted: work_packages.start,
    packages.ProgressReported: work_packages.report,
    packages.ProgressCorrected: work_packages.report,
    packages.WorkPackageCompleted: work_packages.complete,
    packages.WorkPackageReopened: work_packages.reopen,
    packages.WorkPackageConverted: work_packages.convert,
    packages.WorkPackageDropped: work_packages.drop,
    CostPosted: costs.post,
    CostAccrued: costs.post,
    CostReversed: costs.reverse,
    AccrualReversed: costs.reverse,
}
"""By class, since a `match` over classes would ask each of them in turn, for every event of the log."""

FOLDING = Folding(name="initiatives", version=4, types=TYPES, begin=Initiatives, fold=fold)

CHRONICLE = retelling(
    FOLDING,
    {
        "initiatives": InitiativeRow,
        "baselines": BaselineRow,
        "packages": PackageRow,
        "releases": ReleaseRow,
        "costs": CostRow,
    },
)
