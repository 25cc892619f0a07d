"""The rows of `initiatives`, in the order of their columns. Money is in minor units of the initiative's currency.

A planned time is a text as baselines have it: a day, or an instant in UTC where the source plans by instants.
"""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from portfolio_projector.folding.quick import quick

InitiativeState = Literal[
    "Proposed", "Approved", "Active", "OnHold", "Rejected", "Completed", "Closed", "Cancelled", "Transitioned"
]
_ENDINGS: frozenset[InitiativeState] = frozenset(("Rejected", "Completed", "Closed", "Cancelled", "Transitioned"))
BaselineState = Literal["Proposed", "Reviewed", "Approved", "Superseded", "Rejected", "Withdrawn", "Frozen"]
PackageState = Literal["Planned", "Started", "Completed", "Removed", "Converted", "Dropped"]

Plan = dict[str, Any]
"""What a baseline plans, as its publisher said it: `work_packages`, `milestones`, `dependencies`, and a `calendar` or none."""


@quick
class InitiativeRow(NamedTuple):
    """An initiative, with the promise of its current baseline. `cost` is what its `costs` postings add up to.

    `stage` is the one that it has entered and not ended, as `stage_entry` says.
    """

    portfolio: str
    initiative: str
    name: str
    mode: Literal["waterfall", "agile"]
    state: InitiativeState
    sponsor: str | None
    objective: str | None
    currency: str
    rough_cost: int | None
    rough_start: str | None
    rough_finish: str | None
    proposed_at: datetime
    proposed_by: str
    state_since: datetime
    baseline: int | None
    bac: int | None
    management_reserve: int | None
    start: str | None
    finish: str | None
    effective_date: str | None
    baselines_approved: int
    cost: int
    costs: int
    last_entry: int
    stage: str | None
    stage_entry: int | None

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing is to come of it any more."""
        return self.state in _ENDINGS


@quick
class BaselineRow(NamedTuple):
    """One version of the plan: what it promises, who proposed it, and who decided on it and why."""

    portfolio: str
    initiative: str
    version: int
    state: BaselineState
    bac: int
    management_reserve: int | None
    start: str
    finish: str
    previous: int | None
    plan: Plan
    proposed_entry: int
    proposed_at: datetime
    proposed_by: str
    decided_entry: int | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    effective_date: str | None
    change_class: str | None
    variances_kept: bool | None
    change_request: str | None
    superseded_by: int | None


@quick
class PackageRow(NamedTuple):
    """A work package: what the current baseline plans, and how far it is.

    `start_entry` and `fraction_entry` are the entries that say so: a correction of one of these replaces it, a correction of an
    older one changes nothing. `started_at` is when the start was true, whatever was corrected since.
    """

    portfolio: str
    package: str
    initiative: str
    state: PackageState
    name: str
    wbs: str | None
    start: str
    finish: str
    budget: int
    ev_method: str
    fraction: str
    remaining_hours: str | None
    actual_start: str | None
    completed_at: datetime | None
    start_entry: int | None
    started_at: datetime | None
    fraction_entry: int | None
    last_entry: int


@quick
class ReleaseRow(NamedTuple):
    """A release that an Agile initiative promises: by the days of its planned iterations.

    The entries are those that planned it, and shipped it.
    """

    portfolio: str
    release: str
    initiative: str
    start: str
    finish: str
    planned_entry: int
    shipped_entry: int | None


@quick
class CostRow(NamedTuple):
    """A cost or accrual of an initiative, or a reversal, below 0. One that was corrected counts no more: `corrected_by` does."""

    portfolio: str
    entry: int
    initiative: str
    kind: Literal["cost", "accrual", "reversal"]
    minor: int
    period: str
    category: str
    treatment: str
    time: datetime
    corrected_by: int | None
