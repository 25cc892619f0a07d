"""Events of a team: people who deliver together, for a while or for long."""

from typing import Annotated, Literal

from pydantic import Field

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, Fraction, MemberRef, Name, Text


@event_type("team", occurs="first", restated="freely")
class TeamFormed(EventData):
    """A team is formed: `temporary` for an initiative, `persistent` for products."""

    name: Name
    kind: Literal["temporary", "persistent"]


@event_type("team", refers="to", codes="OVER_ALLOCATED PLAN_ORDER")
class TeamAssigned(EventData):
    """A share of the team works for an initiative or a product from a day on; `until` is the last day, null where it is open."""

    to: MemberRef
    share: Fraction
    start: Date
    until: Date | None = None


@event_type("team", codes="NOT_ASSIGNED")
class TeamFreed(EventData):
    """The team works no longer for an initiative or a product."""

    member: MemberRef


@event_type("team", restated="freely")
class DefinitionOfDoneChanged(EventData):
    """What holds of an item before the team calls it done, all of it; from now on, not for what is done already."""

    criteria: Annotated[list[Text], Field(min_length=1, max_length=50)]


@event_type("team", ledger_only=True)
class TeamRetained(EventData):
    """The initiative or product that the team works for became another: the team stays with it, and is persistent now."""

    member: MemberRef
    to: MemberRef


TeamEvent = TeamFormed | TeamAssigned | TeamFreed | DefinitionOfDoneChanged | TeamRetained
