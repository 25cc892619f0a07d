"""Events of a risk: what may happen to an initiative or a product."""

from typing import Literal

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, Days, Fraction, IssueRef, MemberRef, Money, Name, Person, Text

RiskCategory = Literal["schedule", "cost", "scope", "quality", "resource", "technical", "security", "supplier", "legal", "other"]


@event_type("risk", occurs="first", member="member", restated="judged", codes="CORRECTION_FIXED")
class RiskIdentified(EventData):
    """Somebody sees that something may happen to an initiative or a product. It is open until it is closed."""

    member: MemberRef
    title: Name
    category: RiskCategory
    owner: Person | None = None
    description: Text | None = None


@event_type("risk", restated="freely", codes="WRONG_STATE")
class RiskAssessed(EventData):
    """How likely it is now, and what it would cost in money and days; its exposure is the product."""

    probability: Fraction
    impact_money: Money | None = None
    impact_days: Days | None = None


@event_type("risk", restated="freely", codes="WRONG_STATE")
class ResponsePlanned(EventData):
    """What will be done about it, and by whom: it is avoided, reduced, transferred to others, accepted, or made use of."""

    response: Literal["avoid", "reduce", "transfer", "accept", "exploit"]
    owner: Person | None = None
    plan: Text | None = None


@event_type("risk", second_person=True, restated="judged", codes="WRONG_STATE PLAN_ORDER")
class RiskAccepted(EventData):
    """It is lived with until the end of a day, when it is looked at again. `proposed_by` asks for that."""

    until: Date
    proposed_by: Person


@event_type("risk", refers="issue", restated="judged", codes="WRONG_STATE OTHER_MEMBER")
class RiskMaterialised(EventData):
    """It has happened: from now on it is the issue that is named, of the same initiative or product. The link stays."""

    issue: IssueRef


@event_type("risk", needs_reason=True, restated="freely", codes="WRONG_STATE")
class RiskClosed(EventData):
    """It can not happen any more, or does not matter any more."""


@event_type("risk", ledger_only=True)
class RiskCarriedOver(EventData):
    """It was open when its initiative or product became another: it belongs to that one now."""

    to: MemberRef


RiskEvent = RiskIdentified | RiskAssessed | ResponsePlanned | RiskAccepted | RiskMaterialised | RiskClosed | RiskCarriedOver
