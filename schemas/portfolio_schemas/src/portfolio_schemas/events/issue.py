"""Events of an issue: what has happened to an initiative or a product, and wants an answer."""

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import MemberRef, Name, Person, Severity, Text


@event_type("issue", occurs="first", member="member", restated="judged", codes="CORRECTION_FIXED")
class IssueOpened(EventData):
    """Something has happened to an initiative or a product that wants an answer."""

    member: MemberRef
    title: Name
    severity: Severity
    owner: Person | None = None
    description: Text | None = None


@event_type("issue", restated="freely", codes="WRONG_STATE")
class IssueEscalated(EventData):
    """Whoever works on it cannot answer it: it is put before somebody who can decide more."""

    to: Person


@event_type("issue", restated="freely", codes="WRONG_STATE")
class IssueResolved(EventData):
    """It has its answer."""

    resolution: Text | None = None


@event_type("issue", ledger_only=True)
class IssueCarriedOver(EventData):
    """It was open when its initiative or product became another: it belongs to that one now."""

    to: MemberRef


IssueEvent = IssueOpened | IssueEscalated | IssueResolved | IssueCarriedOver
