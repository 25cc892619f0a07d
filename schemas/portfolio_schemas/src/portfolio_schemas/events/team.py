"""Events of a team: people who deliver together, for a while or for long."""

from typing import Literal

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, Fraction, MemberRef, Name


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


@event_type("team", ledger_only=True)
class TeamRetained(EventData):
    """The initiative or product that the team works for became another: the team stays with it, and is persistent now."""

    member: MemberRef
    to: MemberRef


TeamEvent = TeamFormed | TeamAssigned | TeamFreed | TeamRetained
