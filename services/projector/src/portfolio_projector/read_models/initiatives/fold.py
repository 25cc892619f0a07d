"""The fold of `initiatives`: what each event does to initiatives, baselines, work packages and costs."""

from collections.abc import Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from portfolio_projector.folding.facts import Fact, Impossible, types_of
from portfolio_projector.folding.folding import Folding
from portfolio_projector.folding.retelling import retelling
from portfolio_projector.folding.rows import Rows
from portfolio_projector.read_models.initiatives import plans
from portfolio_projector.read_models.initiatives.rows import BaselineRow, CostRow, InitiativeRow, InitiativeState, PackageRow
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import work_package as packages
from portfolio_schemas.events.funding import CostPosted
from portfolio_schemas.values import PlannedTime

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
TYPES = INITIATIVE_TYPES | PACKAGE_TYPES | types_of(CostPosted)

JUDGED_ANEW = (
    CostPosted,
    packages.ProgressReported,
    packages.ProgressCorrected,
    initiatives.BaselineApproved,
    initiatives.InitiativeProposed,
)
"""What a correction of these says is shown; one of any other type changes nothing that is shown here."""

Key = tuple[str, str]
BaselineKey = tuple[str, str, int]
CostKey = tuple[str, int]


class Initiatives:
    """Initiatives and work packages by portfolio and id, baselines by version too, costs by entry."""

    def __init__(self, complete: bool) -> None:  # noqa: FBT001  the description of a read model says what it is
        self.initiatives = Rows[Key, InitiativeRow]("initiatives", itemgetter(0, 1), complete=complete)
        self.baselines = Rows[BaselineKey, BaselineRow]("baselines", itemgetter(0, 1, 2), complete=complete)
        self.packages = Rows[Key, PackageRow]("packages", itemgetter(0, 1), complete=complete)
        self.costs = Rows[CostKey, CostRow]("costs", itemgetter(0, 1), complete=complete)

    def keep(self) -> int:
        """Take what changed as stored."""
        return sum(rows.keep() for rows in self._tables.values())

    def rows(self) -> Mapping[str, list[Any]]:
        """See `Retold`."""
        return {name: rows.sorted() for name, rows in self._tables.items()}

    def learn(self, rows: Mapping[str, list[Any]]) -> None:
        """See `Retold`."""
        for name, table in self._tables.items():
            table.learn((), rows[name])

    @property
    def _tables(self) -> Mapping[str, Rows[Any, Any]]:
        return {"initiatives": self.initiatives, "baselines": self.baselines, "packages": self.packages, "costs": self.costs}


def fold(state: Initiatives, fact: Fact) -> None:  # noqa: C901, PLR0912  one line for each type of event
    """Fold one event.

    Raises:
        Impossible: when the event cannot follow those before it.

    """
    if fact.corrects is not None and not isinstance(fact.data, JUDGED_ANEW):
        return
    match fact.data:
        case CostPosted() as cost:
            _post(state, fact, cost)
        case packages.ProgressReported() | packages.ProgressCorrected() as report:
            package = _package(state, fact)
            hours = report.remaining_hours
            state.packages.put(package._replace(fraction=report.fraction, remaining_hours=hours, last_entry=fact.number))
        case packages.WorkPackageStarted() as started:
            _start(state, fact, started)
        case packages.WorkPackageCompleted():
            package = _package(state, fact)
            state.packages.put(
                package._replace(
                    state="Completed", fraction="1", remaining_hours=None, completed_at=fact.time, last_entry=fact.number
                )
            )
        case packages.WorkPackageReopened():
            package = _package(state, fact)
            state.packages.put(package._replace(state="Started", fraction="0", completed_at=None, last_entry=fact.number))
        case initiatives.BaselineProposed() as proposed:
            _propose_baseline(state, fact, proposed)
        case initiatives.BaselineApproved() as approved:
            _approve_baseline(state, fact, approved)
        case initiatives.BaselineRejected(version=version):
            state.baselines.put(_decided(_baseline(state, fact, version), fact)._replace(state="Rejected"))
        case initiatives.BaselineSuperseded(version=version, by=by):
            state.baselines.put(_baseline(state, fact, version)._replace(state="Superseded", superseded_by=by))
        case packages.WorkPackageConverted() | packages.WorkPackageDropped() as end:
            left = "Converted" if isinstance(end, packages.WorkPackageConverted) else "Dropped"
            state.packages.put(_package(state, fact)._replace(state=left, last_entry=fact.number))
        case initiatives.BaselineWithdrawn(version=version):
            state.baselines.put(_decided(_baseline(state, fact, version), fact)._replace(state="Withdrawn"))
        case initiatives.BaselineReviewed(version=version):
            state.baselines.put(_baseline(state, fact, version)._replace(state="Reviewed"))
        case initiatives.BaselineFrozen(version=version):
            state.baselines.put(_baseline(state, fact, version)._replace(state="Frozen"))
        case initiatives.DeliveryModeChanged(to=mode):
            state.initiatives.put(_initiative(state, fact, fact.id)._replace(mode=mode, last_entry=fact.number))
        case initiatives.InitiativeProposed() as proposed:
            (_propose if fact.corrects is None else _propose_anew)(state, fact, proposed)
        case other:
            next_state = _NEXT.get(type(other))
            if next_state is None:
                raise Impossible(f"The type {fact.type} is not one of this read model.")
            own = _initiative(state, fact, fact.id)
            state.initiatives.put(own._replace(state=next_state, state_since=fact.time, last_entry=fact.number))


_NEXT: dict[type[object], InitiativeState] = {
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
            rough_start=_day(dates.start) if dates else None,
            rough_finish=_day(dates.finish) if dates else None,
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
        )
    )


def _propose_anew(state: Initiatives, fact: Fact, data: initiatives.InitiativeProposed) -> None:
    dates = data.rough_dates
    state.initiatives.put(
        _initiative(state, fact, fact.id)._replace(
            name=data.name,
            sponsor=data.sponsor,
            objective=data.objective,
            rough_cost=data.rough_cost.minor if data.rough_cost else None,
            rough_start=_day(dates.start) if dates else None,
            rough_finish=_day(dates.finish) if dates else None,
            last_entry=fact.number,
        )
    )


def _propose_baseline(state: Initiatives, fact: Fact, data: initiatives.BaselineProposed) -> None:
    own = _initiative(state, fact, fact.id)
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
    own = _initiative(state, fact, fact.id)
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
                fact.portfolio, name, fact.id, "Planned", "", None, "", "", 0, "", "0", None, None, None, fact.number
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


def _start(state: Initiatives, fact: Fact, data: packages.WorkPackageStarted) -> None:
    started = _day(data.actual_start) or plans.instant(fact.time)
    state.packages.put(_package(state, fact)._replace(state="Started", actual_start=started, last_entry=fact.number))


def _post(state: Initiatives, fact: Fact, data: CostPosted) -> None:
    """Count a cost. One that corrects another replaces it, or what replaced that already."""
    if fact.corrects is not None:
        _take_back(state, fact, fact.corrects)
    aggregate, _, member = data.member.partition("/")
    if aggregate != "initiative":
        return
    own = _initiative(state, fact, member)
    if data.amount.currency != own.currency:
        raise Impossible(f"The initiative {member} is kept in {own.currency}, the cost is in {data.amount.currency}.")
    state.costs.put(
        CostRow(
            fact.portfolio, fact.number, member, data.amount.minor, data.period, data.category, data.treatment, fact.time, None
        )
    )
    state.initiatives.put(own._replace(cost=own.cost + data.amount.minor, costs=own.costs + 1, last_entry=fact.number))


def _take_back(state: Initiatives, fact: Fact, corrected: int) -> None:
    cost = state.costs.get((fact.portfolio, corrected))
    while cost is not None and cost.corrected_by is not None:
        cost = state.costs.get((fact.portfolio, cost.corrected_by))
    if cost is None:
        return
    state.costs.put(cost._replace(corrected_by=fact.number))
    own = _initiative(state, fact, cost.initiative)
    state.initiatives.put(own._replace(cost=own.cost - cost.minor, costs=own.costs - 1, last_entry=fact.number))


def _decided(baseline: BaselineRow, fact: Fact) -> BaselineRow:
    return baseline._replace(decided_entry=fact.number, decided_at=fact.time, decided_by=fact.actor, reason=fact.reason)


def _initiative(state: Initiatives, fact: Fact, initiative: str) -> InitiativeRow:
    row = state.initiatives.get((fact.portfolio, initiative))
    if row is None:
        raise Impossible(f"There is no initiative {initiative}.")
    return row


def _baseline(state: Initiatives, fact: Fact, version: int) -> BaselineRow:
    row = state.baselines.get((fact.portfolio, fact.id, version))
    if row is None:
        raise Impossible(f"The initiative {fact.id} has no baseline {version}.")
    return row


def _package(state: Initiatives, fact: Fact) -> PackageRow:
    row = state.packages.get((fact.portfolio, fact.id))
    if row is None:
        raise Impossible(f"There is no work package {fact.id}.")
    return row


def _day(planned: PlannedTime | None) -> str | None:
    if planned is None:
        return None
    return plans.instant(planned) if isinstance(planned, datetime) else date.isoformat(planned)


FOLDING = Folding(name="initiatives", version=2, types=TYPES, begin=Initiatives, fold=fold)

CHRONICLE = retelling(FOLDING, {"initiatives": InitiativeRow, "baselines": BaselineRow, "packages": PackageRow, "costs": CostRow})
