"""Events of a risk: what may happen to an initiative or a product."""

from typing import Literal

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import MemberRef, Name, Person, Text

RiskCategory = Literal["schedule", "cost", "scope", "quality", "resource", "technical", "security", "supplier", "legal", "other"]


@event_type("risk", occurs="first", member="member", restated="judged", codes="CORRECTION_FIXED")
class RiskIdentified(EventData):
    """Somebody sees that something may happen to an initiative or a product. It is open until it is closed."""

    member: MemberRef
    title: Name
    category: RiskCategory
    owner: Person | None = None
    description: Text | None = None


@event_type("risk", needs_reason=True, restated="freely", codes="WRONG_STATE")
class RiskClosed(EventData):
    """It can not happen any more, or does not matter any more."""


@event_type("risk", ledger_only=True)
class RiskCarriedOver(EventData):
    """It was open when its initiative or product became another: it belongs to that one now."""

    to: MemberRef


RiskEvent = RiskIdentified | RiskClosed | RiskCarriedOver
