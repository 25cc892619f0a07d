"""Events of a work package: a part of an initiative's scope that a baseline has planned."""

from typing import Annotated

from pydantic import Field

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Fraction, Hours, Instant, ItemRef, Money, PlannedTime, Text


@event_type("work-package", restated="freely", codes="UNKNOWN_WORK_PACKAGE WRONG_STATE OUT_OF_SEQUENCE")
class WorkPackageStarted(EventData):
    """Work on it began. `actual_start` is when, where that differs from the event's time."""

    actual_start: PlannedTime | None = None


@event_type("work-package", restated="judged", codes="UNKNOWN_WORK_PACKAGE WRONG_STATE PROGRESS_FELL")
class ProgressReported(EventData):
    """So much of it is done, by the judgement of those who do it. The fraction never falls; a correction says so."""

    fraction: Fraction
    remaining_hours: Hours | None = None
    evidence: Annotated[list[Text], Field(default_factory=list, max_length=20)]


@event_type(
    "work-package", needs_reason=True, corrects="ProgressReported", restated="judged", codes="UNKNOWN_WORK_PACKAGE WRONG_STATE"
)
class ProgressCorrected(EventData):
    """An earlier report was wrong: this much is done, more or less than was said."""

    fraction: Fraction
    remaining_hours: Hours | None = None


@event_type("work-package", restated="freely", codes="UNKNOWN_WORK_PACKAGE WRONG_STATE NOT_COMPLETE")
class WorkPackageCompleted(EventData):
    """All of it is done."""


@event_type("work-package", needs_reason=True, modes=("waterfall",), restated="freely", codes="UNKNOWN_WORK_PACKAGE WRONG_STATE")
class WorkPackageReopened(EventData):
    """It turned out not to be done. Once its initiative goes on by another mode, what is left to do is an item of a backlog."""


@event_type("work-package", ledger_only=True)
class WorkPackageConverted(EventData):
    """What was left of it became an item of a backlog. The item's age begins when the work package was created."""

    item: ItemRef
    remaining_budget: Money
    created_at: Instant


@event_type("work-package", ledger_only=True)
class WorkPackageDropped(EventData):
    """What was left of it is not done: `reason` in the envelope says why."""

    remaining_budget: Money


WorkPackageEvent = (
    WorkPackageStarted
    | ProgressReported
    | ProgressCorrected
    | WorkPackageCompleted
    | WorkPackageReopened
    | WorkPackageConverted
    | WorkPackageDropped
)
