"""Events of an initiative: what has an end and a budget, planned by baselines (waterfall) or by releases (agile)."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.events.product import NewProduct
from portfolio_schemas.values import (
    Amount,
    Calendar,
    ChangeRequestRef,
    CurrencyCode,
    Date,
    Days,
    Fraction,
    Hours,
    Id,
    ItemRef,
    Money,
    Name,
    Person,
    PlannedTime,
    Points,
    ProductRef,
    ReleaseRef,
    SignedMoney,
    TeamRef,
    Text,
    Value,
    VersionNumber,
    WorkingDays,
    WorkPackageRef,
)

WORK_PACKAGES_MAX = 1000


class RoughDates(Value):
    """A first idea of when, before anything is planned."""

    start: Date | None = None
    finish: Date | None = None


@event_type("initiative", occurs="first", restated="judged", codes="CORRECTION_FIXED PLAN_ORDER")
class InitiativeProposed(EventData):
    """Somebody proposes an initiative. `rough_cost` and `rough_dates` are a first idea; the promise comes with a baseline."""

    name: Name
    mode: Literal["waterfall", "agile"]
    currency: CurrencyCode
    sponsor: Person | None = None
    objective: Text | None = None
    calendar: Calendar | None = None
    rough_cost: Money | None = None
    rough_dates: RoughDates | None = None


@event_type("initiative", second_person=True, restated="freely", codes="WRONG_STATE")
class InitiativeApproved(EventData):
    """The proposal is approved, by somebody else than who proposed it."""

    conditions: Text | None = None


@event_type("initiative", needs_reason=True, restated="freely", codes="WRONG_STATE")
class InitiativeRejected(EventData):
    """The proposal is rejected: the initiative has ended."""


@event_type("initiative", restated="freely", codes="WRONG_STATE")
class InitiativeActivated(EventData):
    """Work begins on an approved initiative."""


@event_type("initiative", needs_reason=True, restated="freely", codes="WRONG_STATE")
class InitiativePutOnHold(EventData):
    """Work stops for a while."""


@event_type("initiative", restated="freely", codes="WRONG_STATE")
class InitiativeResumed(EventData):
    """Work goes on after a hold."""


@event_type("initiative", needs_reason=True, restated="freely")
class InitiativeCancelled(EventData):
    """The initiative ends without its result."""


class PlannedWorkPackage(Value):
    """A work package as a baseline plans it.

    `id` names it in the whole portfolio: its events have the subject `work-package/<id>`. `budget_at_start` is earned when it
    starts, `budget_over_time` as its fraction grows. `ev_method` says how progress earns value.
    """

    id: Id
    name: Name
    wbs: Id | None = None
    start: PlannedTime
    finish: PlannedTime
    working_hours: Hours | None = None
    budget_at_start: Money | None = None
    budget_over_time: Money | None = None
    ev_method: Literal["0/100", "50/50", "milestone_weights", "percent", "LOE"] = "percent"


class PlannedMilestone(Value):
    """A milestone as a baseline plans it."""

    id: Id
    name: Name
    date: Date
    weight: Fraction | None = None


class PlannedDependency(Value):
    """One work package waits for another: finish to start (FS), start to start and so on, with a lag in hours."""

    from_: Annotated[Id, Field(alias="from")]
    to: Id
    type: Literal["FS", "SS", "FF", "SF"] = "FS"
    lag_h: Annotated[StrictInt, Field(ge=-100_000, le=100_000)] = 0


@event_type(
    "initiative",
    modes=("waterfall",),
    codes="BASELINE_VERSION WORK_PACKAGE_TWICE BASELINE_SUM PLAN_ORDER UNKNOWN_WORK_PACKAGE DEPENDENCY_CYCLE SCHEDULE_ONLY",
)
class BaselineProposed(EventData):
    """A plan of scope, time and cost is put forward for approval.

    `bac`, the budget at completion, is the sum of the work packages' budgets, without `management_reserve`; 0 makes a
    schedule-only baseline. `version` is 1 for the first and one more than the newest after that; `previous` is the version
    before it.
    """

    version: VersionNumber
    bac: Money
    work_packages: Annotated[list[PlannedWorkPackage], Field(min_length=1, max_length=WORK_PACKAGES_MAX)]
    management_reserve: Money | None = None
    milestones: Annotated[list[PlannedMilestone], Field(default_factory=list, max_length=500)]
    dependencies: Annotated[list[PlannedDependency], Field(default_factory=list, max_length=5000)]
    calendar: Calendar | None = None
    previous: VersionNumber | None = None


@event_type(
    "initiative",
    second_person=True,
    modes=("waterfall",),
    restated="judged",
    codes="BASELINE_VERSION WRONG_STATE WORK_PACKAGE_TWICE CHANGE_CLASS LATER_BASELINE NO_CHANGE_REQUEST "
    "NO_REASON NO_ESTIMATE RETROACTIVE",
)
class BaselineApproved(EventData):
    """A proposed baseline becomes the current one, and never changes again.

    `change_class` says what kind of change it is; every one but the first names an approved change request.
    `variances_kept` says whether the variances against the baseline before are carried on; a class `over_target` needs a reason
    and an `estimate_to_complete`, what the remaining work costs. What lay before `effective_date` is not planned anew.
    """

    version: VersionNumber
    effective_date: Date
    change_class: Literal["initial", "internal_replan", "scope_change", "over_target", "administrative"]
    variances_kept: StrictBool = True
    change_request: ChangeRequestRef | None = None
    estimate_to_complete: Money | None = None


@event_type("initiative", needs_reason=True, modes=("waterfall",), restated="freely", codes="BASELINE_VERSION WRONG_STATE")
class BaselineRejected(EventData):
    """A proposed baseline is not taken."""

    version: VersionNumber


@event_type("initiative", ledger_only=True)
class BaselineSuperseded(EventData):
    """The current baseline made place for the next; a consequence of its approval."""

    version: VersionNumber
    by: VersionNumber


class Tolerances(Value):
    """By how much the initiative may miss what it promises before somebody else decides."""

    cost: Money | None = None
    days: Days | None = None
    scope: Text | None = None
    benefit: Fraction | None = None


@event_type("initiative", second_person=True, restated="freely", codes="NO_SPONSOR")
class BusinessCaseApproved(EventData):
    """Somebody else than who proposed the initiative finds that it is worth its money."""

    npv: SignedMoney
    payback_months: Annotated[StrictInt, Field(ge=0, le=1200)] | None = None
    assumptions: Annotated[list[Text], Field(default_factory=list, max_length=100)]
    tolerances: Tolerances | None = None


class Disposition(Value):
    """What becomes of an open work package: an `item` of the backlog, `dropped`, or something to `finish_in_project` before.

    An item has an id of its own, and the work package's name where no `title` is given. What is dropped says why here, or in the
    envelope's `reason`.
    """

    work_package: WorkPackageRef
    becomes: Literal["item", "dropped", "finish_in_project"]
    item: ItemRef | None = None
    title: Name | None = None
    kind: Literal["feature", "defect", "risk", "debt"] = "feature"
    reason: Text | None = None


Dispositions = Annotated[list[Disposition], Field(default_factory=list, max_length=WORK_PACKAGES_MAX)]


@event_type("initiative", codes="WRONG_STATE UNACCOUNTED_SCOPE NO_REASON UNFINISHED")
class InitiativeCompleted(EventData):
    """What it was for is done. Every work package that is still open is named as dropped, with a reason."""

    dispositions: Dispositions


@event_type("initiative", restated="freely", codes="WRONG_STATE OPEN_RESERVATIONS")
class InitiativeClosed(EventData):
    """After its completion the books are in order: the initiative has ended."""


@event_type(
    "initiative",
    codes="UNACCOUNTED_SCOPE OPEN_CHANGE_REQUEST ALREADY_EXISTS UNKNOWN_PRODUCT TARGET_ENDED NO_REASON CARRIED_SUM",
)
class TransitionProposed(EventData):
    """The initiative should become a product: one that exists, or one that `opened` describes. A later proposal replaces it.

    Every open work package has its disposition, and every open item of an agile initiative stands in `items`, in its order.
    Everything else that is open goes along: risks, issues, dependencies, benefits, and teams but for `teams_freed`.
    `benefit_owner` answers for the benefits from then on; null leaves their owners. `carried_over` is the money that goes along:
    what was approved, less what was spent and returned; null lets the ledger work it out.
    """

    product: ProductRef
    opened: NewProduct | None = None
    cut_over: Date
    dispositions: Dispositions
    items: Annotated[list[ItemRef], Field(default_factory=list, max_length=4000)]
    teams_freed: Annotated[list[TeamRef], Field(default_factory=list, max_length=100)]
    benefit_owner: Person | None = None
    carried_over: Money | None = None


@event_type(
    "initiative",
    second_person=True,
    codes="NO_TRANSITION UNACCOUNTED_SCOPE OPEN_CHANGE_REQUEST UNFINISHED ALREADY_EXISTS TARGET_ENDED CARRIED_SUM CURRENCY "
    "OPEN_RESERVATIONS",
)
class TransitionApproved(EventData):
    """The proposed transition happens, as a whole: baseline, work packages, money, teams and open matters in one append.

    The initiative has ended then; its figures are frozen, and later costs are the product's.
    """

    conditions: Text | None = None


@event_type("initiative", ledger_only=True)
class BaselineFrozen(EventData):
    """The current baseline is the last one, with the figures of the initiative at the end of `status_date`.

    Planned value and earned schedule are worked out by working days of the baseline's calendar, or else of the initiative's or
    the portfolio's. `eac` is null before anything is earned or spent; `earned_schedule_days` counts working days from the first
    planned one.
    """

    version: VersionNumber
    status_date: Date
    bac: Money
    pv: Money
    ev: Money
    ac: Money
    eac: Money | None = None
    earned_schedule_days: WorkingDays
    why: Literal["transition", "mode_change"]


@event_type("initiative", ledger_only=True)
class InitiativeTransitioned(EventData):
    """It has ended by becoming a product. It is neither completed nor closed: what it was for goes on."""

    product: ProductRef


@event_type(
    "initiative",
    second_person=True,
    modes=("waterfall",),
    codes="WRONG_STATE UNACCOUNTED_SCOPE OPEN_CHANGE_REQUEST UNFINISHED ALREADY_EXISTS NO_REASON",
)
class DeliveryModeChanged(EventData):
    """A waterfall initiative goes on as an agile one: with its identity, money, risks, and what it has earned.

    Its baseline is frozen; a release is planned for the budget that is not earned yet. Every open work package becomes an item
    of the initiative's own backlog, or is dropped. `proposed_by` asks for it.
    """

    to: Literal["agile"]
    release: ReleaseRef
    planned_iterations: Annotated[StrictInt, Field(ge=1, le=1000)]
    iteration_days: Annotated[StrictInt, Field(ge=1, le=365)]
    release_points: Points
    start: Date
    dispositions: Dispositions
    proposed_by: Person


@event_type("initiative", modes=("waterfall",), restated="freely", codes="PLAN_ORDER")
class StagePlanned(EventData):
    """A stage of the initiative is planned, or planned anew."""

    stage: Id
    name: Name | None = None
    start: Date
    finish: Date
    tolerance: Tolerances | None = None


@event_type("initiative", modes=("waterfall",), restated="freely", codes="GATE WRONG_STATE EXCEPTION_OPEN UNPLANNED_STAGE")
class StageEntered(EventData):
    """A stage begins. Every one but the first needs a gate that was passed since the one before it began."""

    stage: Id


@event_type("initiative", modes=("waterfall",), restated="freely", codes="WRONG_STATE")
class StageEnded(EventData):
    """The stage in which the initiative is has ended."""

    stage: Id


class GateCriterion(Value):
    """What was to be shown at a gate, whether it had to be, and whether it was."""

    id: Id
    kind: Literal["must", "should"]
    met: StrictBool


@event_type("initiative", second_person=True, restated="freely", codes="GATE_CRITERIA")
class GateReviewHeld(EventData):
    """A gate was held, by somebody else than who proposed the initiative or asks for the decision.

    `go` needs every criterion that must be met; `conditional_go` names its conditions instead. With either the next stage may
    be entered.
    """

    gate: Id
    criteria: Annotated[list[GateCriterion], Field(default_factory=list, max_length=200)]
    decision: Literal["go", "kill", "hold", "recycle", "conditional_go"]
    conditions: Annotated[list[Text], Field(default_factory=list, max_length=100)]
    evidence: Annotated[list[Text], Field(default_factory=list, max_length=100)]
    proposed_by: Person


Dimension = Literal["cost", "time", "scope", "benefit", "risk", "quality"]


@event_type("initiative", second_person=True, restated="freely")
class ToleranceSet(EventData):
    """So much may one dimension be missed before it is an exception."""

    dimension: Dimension
    limits: Tolerances
    proposed_by: Person


@event_type("initiative", restated="freely")
class ToleranceBreachForecast(EventData):
    """Somebody expects that a tolerance will not hold."""

    dimension: Dimension
    forecast: Tolerances
    basis: Text


@event_type("initiative", codes="EXCEPTION_OPEN")
class ExceptionRaised(EventData):
    """A tolerance does not hold: there is no mandate to carry on. While it is open no stage is entered, and costs are flagged."""

    dimension: Dimension
    options: Annotated[list[Text], Field(default_factory=list, max_length=20)]


@event_type("initiative", second_person=True, codes="NO_EXCEPTION")
class ExceptionPlanApproved(EventData):
    """Somebody else than who raised the exception approves how it goes on."""

    plan: Text


@event_type("initiative", second_person=True, needs_reason=True, modes=("waterfall",), refers="to", codes="OVER_RESERVE")
class ReserveDrawn(EventData):
    """A part of the current baseline's management reserve goes to a work package."""

    amount: Amount
    to: WorkPackageRef
    proposed_by: Person


@event_type("initiative", restated="freely", codes="FORECAST_PAST")
class EstimateToCompleteReported(EventData):
    """What is still to be spent, on a work package or on all of it (null), and when it will be finished."""

    work_package: WorkPackageRef | None = None
    etc: Money
    finish_forecast: Date | None = None
    basis: Text | None = None


@event_type("initiative", restated="freely", codes="WRONG_STATE")
class MilestoneForecast(EventData):
    """When a milestone is expected now."""

    milestone: Id
    date: Date


@event_type("initiative", restated="freely", codes="WRONG_STATE")
class MilestoneReached(EventData):
    """A milestone was reached, on a day."""

    milestone: Id
    date: Date


class StatedFigures(Value):
    """What the planning tool said at the end of a period, where it did."""

    pv: Money | None = None
    ev: Money | None = None
    ac: Money | None = None


@event_type("initiative", restated="freely", codes="PERIOD_ORDER")
class ReportingPeriodClosed(EventData):
    """A period of reporting is over: `status_date` is its last day, not before that of the one before."""

    period: Name
    status_date: Date
    stated: StatedFigures | None = None


@event_type("initiative", modes=("waterfall",), restated="freely", codes="BASELINE_VERSION WRONG_STATE")
class BaselineReviewed(EventData):
    """A proposed baseline was looked through by others."""

    version: VersionNumber
    reviewers: Annotated[list[Person], Field(min_length=1, max_length=100)]
    findings: Annotated[list[Text], Field(default_factory=list, max_length=200)]


@event_type("initiative", modes=("waterfall",), restated="freely", codes="BASELINE_VERSION WRONG_STATE")
class BaselineWithdrawn(EventData):
    """Who proposed a baseline does not propose it any more."""

    version: VersionNumber


InitiativeEvent = (
    BusinessCaseApproved
    | InitiativeCompleted
    | InitiativeClosed
    | StagePlanned
    | StageEntered
    | StageEnded
    | GateReviewHeld
    | ToleranceSet
    | ToleranceBreachForecast
    | ExceptionRaised
    | ExceptionPlanApproved
    | ReserveDrawn
    | EstimateToCompleteReported
    | MilestoneForecast
    | MilestoneReached
    | ReportingPeriodClosed
    | BaselineReviewed
    | BaselineWithdrawn
    | TransitionProposed
    | TransitionApproved
    | BaselineFrozen
    | InitiativeTransitioned
    | DeliveryModeChanged
    | InitiativeProposed
    | InitiativeApproved
    | InitiativeRejected
    | InitiativeActivated
    | InitiativePutOnHold
    | InitiativeResumed
    | InitiativeCancelled
    | BaselineProposed
    | BaselineApproved
    | BaselineRejected
    | BaselineSuperseded
)
