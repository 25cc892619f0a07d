"""Events of a team: people who deliver together, for a while or for long, and how much of them there is."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, FiscalPeriod, Fraction, Hours, MemberRef, Name, Person, Text, WorkRef

Load = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9](\.[0-9]{1,6})?$"),
    Field(description='A share of a team that may be more than all of it, from 1, `"1.2"`.'),
]


@event_type("team", occurs="first", restated="freely")
class TeamFormed(EventData):
    """A team is formed: `temporary` for an initiative, `persistent` for products."""

    name: Name
    kind: Literal["temporary", "persistent"]


@event_type("team", restated="judged", codes="PERSON_TWICE CORRECTION_FIXED")
class PersonJoined(EventData):
    """A person works in the team, with so much of a full-time equivalent. To work with more or less they leave and join again."""

    person: Person
    fte: Fraction


@event_type("team", codes="NOT_IN_TEAM")
class PersonLeft(EventData):
    """A person works in the team no longer."""

    person: Person


@event_type("team", restated="freely")
class CapacityDeclared(EventData):
    """So many hours the team can work in a period; what was declared before for the same period does not hold any more."""

    period: FiscalPeriod
    hours: Hours


@event_type("team", restated="freely")
class UnplannedReserveSet(EventData):
    """A share of the team's hours is kept free for what nobody planned, from now on."""

    share: Fraction


@event_type("team", refers="to", codes="OVER_ALLOCATED PLAN_ORDER")
class TeamAssigned(EventData):
    """A share of the team works for an initiative or a product from a day on; `until` is the last day, null where it is open.

    From its first day on it holds instead of what the team was assigned to the same member before. On no day are the shares
    together more than the whole team, unless that was accepted.
    """

    to: MemberRef
    share: Fraction
    start: Date
    until: Date | None = None


@event_type("team", codes="NOT_ASSIGNED")
class TeamFreed(EventData):
    """The team works no longer for an initiative or a product."""

    member: MemberRef


@event_type("team", needs_reason=True, second_person=True)
class OverAllocationAccepted(EventData):
    """More than the whole team may be assigned: `up_to` so much of it, without a limit where it is null, and to a last day.

    It holds instead of what was accepted before. `proposed_by` asks for it; somebody else accepts.
    """

    up_to: Load | None = None
    until: Date | None = None
    proposed_by: Person


@event_type("team", after_end=True, refers="target", codes="NOT_OF_TEAM LONG_DAY")
class TimeLogged(EventData):
    """A person of the team worked so many hours on a day, on something. It may be told after that has ended."""

    person: Person
    hours: Hours
    on: Date
    target: WorkRef


@event_type(
    "team",
    occurs="ever",
    after_end=True,
    refers="target",
    corrects="TimeLogged",
    restated="judged",
    always_corrects=True,
    codes="NOT_OF_TEAM LONG_DAY",
)
class TimeCorrected(EventData):
    """What was logged was otherwise: the whole of it, as it was. Hours of 0 take it back."""

    person: Person
    hours: Hours
    on: Date
    target: WorkRef


@event_type("team", restated="freely")
class DefinitionOfDoneChanged(EventData):
    """What holds of an item before the team calls it done, all of it; from now on, not for what is done already."""

    criteria: Annotated[list[Text], Field(min_length=1, max_length=50)]


@event_type("team", codes="STILL_ASSIGNED")
class TeamDissolved(EventData):
    """The team is no more; it was freed of everything before, or its assignments are over. Time may still be logged."""


@event_type("team", ledger_only=True)
class TeamRetained(EventData):
    """The initiative or product that the team works for became another: the team stays with it, and is persistent now."""

    member: MemberRef
    to: MemberRef


TeamEvent = (
    TeamFormed
    | PersonJoined
    | PersonLeft
    | CapacityDeclared
    | UnplannedReserveSet
    | TeamAssigned
    | TeamFreed
    | OverAllocationAccepted
    | TimeLogged
    | TimeCorrected
    | DefinitionOfDoneChanged
    | TeamDissolved
    | TeamRetained
)
