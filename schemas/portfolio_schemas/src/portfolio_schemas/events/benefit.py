"""Events of a benefit: what an initiative or a product is for, measured long after it was delivered."""

from typing import Literal

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, MemberRef, Name, Number, Person


@event_type("benefit", occurs="first", member="member", restated="judged", codes="CORRECTION_FIXED")
class BenefitIdentified(EventData):
    """Somebody expects a benefit of an initiative or a product. `unit` is what its values are counted in, such as `EUR/year`."""

    member: MemberRef
    title: Name
    owner: Person
    kind: Literal["cash", "non_cash", "compliance"]
    unit: Name


@event_type("benefit", second_person=True)
class BenefitTargetSet(EventData):
    """So much of it is promised by a day, in the benefit's unit. `proposed_by` promises; somebody else accepts."""

    value: Number
    date: Date
    proposed_by: Person


@event_type("benefit", ledger_only=True)
class BenefitCarriedOver(EventData):
    """Its initiative or product became another: it is expected of that one now, with an owner who stays or is named anew."""

    to: MemberRef
    owner: Person


BenefitEvent = BenefitIdentified | BenefitTargetSet | BenefitCarriedOver
