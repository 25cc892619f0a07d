"""Events of a service level: how well something that runs is promised to do, and does."""

from typing import Annotated

from pydantic import Field, StrictInt

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Fraction, MemberRef, Name, Person


@event_type("service-level", occurs="ever", second_person=True, member="member", modes=("agile", "product"), restated="judged")
class SloSet(EventData):
    """The share of good events, as `sli` says what is good, is to be `target` at least over any window of so many days.

    What is left to 1 is the error budget. `proposed_by` promises; somebody else agrees. It is set anew by the same.
    """

    member: MemberRef
    sli: Name
    target: Fraction
    window_days: Annotated[StrictInt, Field(ge=1, le=366)]
    proposed_by: Person


@event_type("service-level", restated="judged")
class SloMeasured(EventData):
    """The share of good events was `value`, over the window that ends with the event's `time`."""

    value: Fraction


@event_type("service-level", restated="freely", codes="BUDGET_DISAGREES")
class ErrorBudgetExhausted(EventData):
    """More went wrong in the window than the service level allows."""


ServiceLevelEvent = SloSet | SloMeasured | ErrorBudgetExhausted
