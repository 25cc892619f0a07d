"""The shapes of a plan, and of what one has otherwise than another. What did not change is absent, except in the totals."""

from pydantic import BaseModel, Field

from portfolio_projector.http.values import PlannedTime
from portfolio_schemas.events.initiative import PlannedDependency, PlannedMilestone
from portfolio_schemas.values import Calendar, Money


class PackagePlan(BaseModel):
    """A work package as it was proposed. What the proposal left out is absent."""

    id: str
    name: str
    wbs: str | None = None
    start: PlannedTime
    finish: PlannedTime
    working_hours: str | None = None
    budget_at_start: Money | None = Field(default=None, description="earned when it starts")
    budget_over_time: Money | None = Field(default=None, description="earned as it goes on")
    ev_method: str


class PlanAnswer(BaseModel):
    """A plan as it was proposed. What the proposal left out is absent."""

    work_packages: list[PackagePlan]
    milestones: list[PlannedMilestone]
    dependencies: list[PlannedDependency]
    calendar: Calendar | None = None


class AmountChange(BaseModel):
    """How an amount changed, in minor units."""

    from_: int | None = Field(alias="from")
    to: int | None
    difference: int | None = Field(description="null where one of them is")


class TimeChange(BaseModel):
    """How a planned time moved."""

    from_: PlannedTime = Field(alias="from")
    to: PlannedTime
    days: int = Field(description="later is positive")


class TextChange(BaseModel):
    """How a text changed."""

    from_: str | None = Field(alias="from")
    to: str | None


class PackageChanges(BaseModel):
    """What of a work package changed; what did not is absent."""

    start: TimeChange | None = None
    finish: TimeChange | None = None
    name: TextChange | None = None
    wbs: TextChange | None = None
    working_hours: TextChange | None = None
    ev_method: TextChange | None = None
    budget_at_start: AmountChange | None = None
    budget_over_time: AmountChange | None = None


class PackageInPlan(BaseModel):
    """A work package that only one of the plans has."""

    id: str
    name: str
    start: PlannedTime
    finish: PlannedTime
    budget: int = Field(description="in minor units")


class ChangedPackage(BaseModel):
    """A work package that both plans have, and not alike."""

    id: str
    name: str
    changes: PackageChanges


class PackagesDifference(BaseModel):
    """The work packages that differ."""

    added: list[PackageInPlan]
    removed: list[PackageInPlan]
    changed: list[ChangedPackage]


class MovedMilestone(TimeChange):
    """A milestone with another day."""

    id: str
    name: str


class MilestonesDifference(BaseModel):
    """The milestones that differ."""

    added: list[PlannedMilestone]
    removed: list[PlannedMilestone]
    moved: list[MovedMilestone]


class DependenciesDifference(BaseModel):
    """What waits for what in one plan only."""

    added: list[PlannedDependency]
    removed: list[PlannedDependency]


class Difference(BaseModel):
    """What the later plan has otherwise than the earlier one."""

    bac: AmountChange
    management_reserve: AmountChange
    start: TimeChange
    finish: TimeChange
    work_packages: PackagesDifference
    milestones: MilestonesDifference
    dependencies: DependenciesDifference
    calendar_changed: bool
