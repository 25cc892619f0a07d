"""The answers about initiatives, and how rows become them. What has no basis is null with a reason, never 0."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import ChangeClass, Day, InitiativeMode, PlannedTime
from portfolio_projector.metrics import definitions, metric
from portfolio_projector.metrics.metric import Known, MoneyMetric
from portfolio_projector.metrics.reasons import NO_BASELINE, NO_BUDGET, NO_COST, NOT_GIVEN
from portfolio_projector.read_models.initiatives import comparison, releases
from portfolio_projector.read_models.initiatives.differences import Difference, PlanAnswer
from portfolio_projector.read_models.initiatives.rows import (
    BaselineRow,
    BaselineState,
    InitiativeRow,
    InitiativeState,
    PackageRow,
    PackageState,
    ReleaseRow,
)
from portfolio_schemas.values import Money

Reason = Literal["ENDED", "NO_BASELINE", "NO_RELEASE", "NO_STAGE", "NOT_GIVEN"]


class MoneyFigure(BaseModel):
    """An amount, or why there is none."""

    value: Money | None
    reason: Reason | None


class TextFigure(BaseModel):
    """A text such as a day, or why there is none."""

    value: str | None
    reason: Reason | None


class InitiativeMoney(BaseModel):
    """What may be and has been spent."""

    budget_at_completion: MoneyMetric = Field(description="of the current baseline, without its management reserve")
    management_reserve: MoneyMetric
    cost: MoneyMetric = Field(description="posted and accrued so far, less what was reversed")
    rough_cost: MoneyFigure = Field(description="the first idea, from the proposal")


class Initiative(BaseModel):
    """An initiative: it has an end, and is led by baselines (waterfall) or releases (agile)."""

    initiative: str
    name: str
    mode: InitiativeMode
    state: InitiativeState
    stage: TextFigure = Field(description="the one that was entered and has not ended")
    sponsor: str | None
    objective: str | None
    currency: str
    proposed_at: datetime
    proposed_by: str
    state_since: datetime
    rough_start: Day | None
    rough_finish: Day | None
    baseline: int | None = Field(description="the version of the current baseline")
    baseline_effective: Day | None
    baselines_approved: int
    planned_start: TextFigure
    next_promise: TextFigure = Field(
        description="the planned finish of the current baseline: a day, or an instant in UTC; of an Agile initiative that has "
        "releases the last planned day of the next one; null once it has ended"
    )
    promised_by: str | None = Field(description="what promises that: `baseline 2`, or `release/R-1`")
    money: InitiativeMoney
    last_entry: int


class WorkPackage(BaseModel):
    """A work package, as the current baseline plans it and as far as it is."""

    work_package: str
    name: str
    wbs: str | None
    state: PackageState
    planned_start: PlannedTime
    planned_finish: PlannedTime
    budget: Money
    ev_method: str
    fraction: str
    remaining_hours: str | None
    actual_start: PlannedTime | None
    completed_at: datetime | None
    last_entry: int


class InitiativesAnswer(Answer):
    """Initiatives, by id."""

    initiatives: list[Initiative]
    next_cursor: str | None


class InitiativeAnswer(Answer, Initiative):
    """One initiative with its work packages."""

    work_packages: list[WorkPackage]


class Decision(BaseModel):
    """Who decided on a baseline, and why."""

    entry: int
    at: datetime
    by: str
    reason: str | None


class Moved(BaseModel):
    """What a baseline promises otherwise than the one that it replaces or would replace."""

    previous: int
    bac: int = Field(description="difference in minor units")
    finish_days: int = Field(description="days that the planned finish moved; later is positive")


class Baseline(BaseModel):
    """One version of the plan."""

    version: int
    state: BaselineState
    bac: Money
    management_reserve: Money | None
    start: PlannedTime
    finish: PlannedTime
    proposed: Decision
    decided: Decision | None
    effective_date: Day | None
    change_class: ChangeClass | None
    variances_kept: bool | None
    change_request: str | None
    superseded_by: int | None
    moved: Moved | None = Field(description="null for a first version")


class BaselinesAnswer(Answer):
    """Every version, the oldest first."""

    initiative: str
    current: int | None
    baselines: list[Baseline]
    next_cursor: str | None


class BaselineAnswer(Answer, Baseline):
    """One version with what it plans."""

    initiative: str
    plan: PlanAnswer


class ComparisonAnswer(Answer):
    """What moved between two versions, by how much, why and on whose approval."""

    initiative: str
    currency: str
    from_: Baseline = Field(alias="from")
    to: Baseline
    difference: Difference
    approved_between: list[Baseline] = Field(description="every baseline approved after the earlier one, up to the later one")


def initiative(row: InitiativeRow, planned: Sequence[ReleaseRow] = ()) -> dict[str, Any]:
    """Return an initiative as answers show it; `planned` are the releases of an Agile one."""
    return {
        "initiative": row.initiative,
        "name": row.name,
        "mode": row.mode,
        "state": row.state,
        "stage": _figure(row.stage, "NO_STAGE"),
        "sponsor": row.sponsor,
        "objective": row.objective,
        "currency": row.currency,
        "proposed_at": _utc(row.proposed_at),
        "proposed_by": row.proposed_by,
        "state_since": _utc(row.state_since),
        "rough_start": row.rough_start,
        "rough_finish": row.rough_finish,
        "baseline": row.baseline,
        "baseline_effective": row.effective_date,
        "baselines_approved": row.baselines_approved,
        "planned_start": _figure(row.start, "NO_BASELINE"),
        **_next_promise(row, planned),
        "money": {
            "budget_at_completion": metric.money(
                definitions.BAC, row.bac or (NO_BASELINE if row.bac is None else NO_BUDGET), row.currency
            ),
            "management_reserve": metric.money(definitions.RESERVE, _reserve(row), row.currency),
            "cost": metric.money(definitions.AC, row.cost if row.costs else NO_COST, row.currency),
            "rough_cost": _figure(_money(row.rough_cost, row), "NOT_GIVEN"),
        },
        "last_entry": row.last_entry,
    }


def _next_promise(row: InitiativeRow, planned: Sequence[ReleaseRow]) -> dict[str, Any]:
    if row.has_ended:
        return {"next_promise": _figure(None, "ENDED"), "promised_by": None}
    if row.mode == "waterfall" or (row.finish is not None and not planned):
        by = None if row.baseline is None else f"baseline {row.baseline}"
        return {"next_promise": _figure(row.finish, "NO_BASELINE"), "promised_by": by}
    promised = releases.next_of(planned)
    if promised is None:
        return {"next_promise": _figure(None, "NO_RELEASE"), "promised_by": None}
    return {"next_promise": _figure(promised.finish, "NO_RELEASE"), "promised_by": f"release/{promised.release}"}


def work_package(row: PackageRow, currency: str) -> dict[str, Any]:
    """Return a work package as answers show it."""
    return {
        "work_package": row.package,
        "name": row.name,
        "wbs": row.wbs,
        "state": row.state,
        "planned_start": row.start,
        "planned_finish": row.finish,
        "budget": {"minor": row.budget, "currency": currency},
        "ev_method": row.ev_method,
        "fraction": row.fraction,
        "remaining_hours": row.remaining_hours,
        "actual_start": row.actual_start,
        "completed_at": _utc(row.completed_at),
        "last_entry": row.last_entry,
    }


def baseline(row: BaselineRow, previous: BaselineRow | None, currency: str) -> dict[str, Any]:
    """Return a version of the plan as answers show it, with what it promises otherwise than the one before."""
    reserve = row.management_reserve
    return {
        "version": row.version,
        "state": row.state,
        "bac": {"minor": row.bac, "currency": currency},
        "management_reserve": None if reserve is None else {"minor": reserve, "currency": currency},
        "start": row.start,
        "finish": row.finish,
        "proposed": {"entry": row.proposed_entry, "at": _utc(row.proposed_at), "by": row.proposed_by, "reason": None},
        "decided": _decision(row),
        "effective_date": row.effective_date,
        "change_class": row.change_class,
        "variances_kept": row.variances_kept,
        "change_request": row.change_request,
        "superseded_by": row.superseded_by,
        "moved": None if previous is None else _moved(previous, row),
    }


def previous_of(row: BaselineRow, versions: Sequence[BaselineRow]) -> BaselineRow | None:
    """Return the version that one replaced, or would replace: the last before it that was ever approved."""
    approved = [
        other for other in versions if other.version < row.version and other.state in ("Approved", "Superseded", "Frozen")
    ]
    return max(approved, key=lambda other: other.version, default=None)


def _moved(previous: BaselineRow, row: BaselineRow) -> dict[str, int]:
    return {
        "previous": previous.version,
        "bac": row.bac - previous.bac,
        "finish_days": comparison.days(previous.finish, row.finish),
    }


def _decision(row: BaselineRow) -> dict[str, Any] | None:
    if row.decided_entry is None:
        return None
    return {"entry": row.decided_entry, "at": _utc(row.decided_at), "by": row.decided_by, "reason": row.reason}


def _reserve(row: InitiativeRow) -> Known:
    if row.management_reserve is None:
        return NO_BASELINE if row.baseline is None else NOT_GIVEN
    return row.management_reserve


def _figure(value: object, reason: Reason) -> dict[str, object]:
    return {"value": value, "reason": reason if value is None else None}


def _money(minor: int | None, row: InitiativeRow) -> dict[str, object] | None:
    return None if minor is None else {"minor": minor, "currency": row.currency}


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
