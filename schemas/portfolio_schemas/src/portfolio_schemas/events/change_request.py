"""Events of a change request: the permission to replace an approved baseline."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Days, InitiativeRef, Name, SignedMoney, Text, WorkPackageRef


@event_type("change-request", occurs="first", member="initiative", restated="judged", codes="CORRECTION_FIXED")
class ChangeRequestRaised(EventData):
    """Somebody asks to change what a baseline of an initiative promises."""

    initiative: InitiativeRef
    title: Name
    kind: Literal["scope", "time", "cost", "quality", "other"]
    cost_delta: SignedMoney | None = None
    days_delta: Annotated[StrictInt, Field(ge=-36_500, le=36_500)] | None = None
    scope_delta: Text | None = None
    affected: Annotated[list[WorkPackageRef], Field(default_factory=list, max_length=1000)]


@event_type("change-request", second_person=True, restated="freely", codes="WRONG_STATE")
class ChangeRequestApproved(EventData):
    """The request is approved, by somebody else than who raised it: a baseline may now be approved that names it."""


@event_type("change-request", needs_reason=True, restated="freely", codes="WRONG_STATE")
class ChangeRequestRejected(EventData):
    """The request is rejected."""


@event_type("change-request", restated="freely", codes="WRONG_STATE")
class ChangeRequestAssessed(EventData):
    """Somebody found out what the change would mean, for money, for time, and otherwise."""

    cost_delta: SignedMoney | None = None
    days_delta: Days | None = None
    findings: Text


@event_type("change-request", restated="freely", codes="WRONG_STATE")
class ChangeRequestImplemented(EventData):
    """What was approved is done."""


@event_type("change-request", needs_reason=True, restated="freely", codes="WRONG_STATE")
class ChangeRequestWithdrawn(EventData):
    """Who raised it does not ask for it any more."""


ChangeRequestEvent = (
    ChangeRequestRaised
    | ChangeRequestAssessed
    | ChangeRequestApproved
    | ChangeRequestRejected
    | ChangeRequestImplemented
    | ChangeRequestWithdrawn
)
