"""Events of a benefit: what an initiative or a product is for, measured long after it was delivered."""

from typing import Literal

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, MemberRef, Name, Number, Person, Text


@event_type("benefit", occurs="first", member="member", restated="judged", codes="CORRECTION_FIXED")
class BenefitIdentified(EventData):
    """Somebody expects a benefit of an initiative or a product. `unit` is what its values are counted in, such as `EUR/year`."""

    member: MemberRef
    title: Name
    owner: Person
    kind: Literal["cash", "non_cash", "compliance"]
    unit: Name


@event_type("benefit", restated="judged", codes="WRONG_STATE PLAN_ORDER")
class BenefitBaselineSet(EventData):
    """What the value was on a day, in the benefit's unit, before anything was done for it. Its gain is counted from there."""

    value: Number
    date: Date


@event_type("benefit", second_person=True, restated="judged", codes="WRONG_STATE PLAN_ORDER")
class BenefitTargetSet(EventData):
    """So much of it is promised by a day, in the benefit's unit. `proposed_by` promises; somebody else accepts."""

    value: Number
    date: Date
    proposed_by: Person


@event_type("benefit", restated="judged")
class BenefitMeasured(EventData):
    """What the value was on a day, in the benefit's unit, and how that was found out. It is never edited, only corrected.

    A benefit is measured as long as anybody wants to know, also after its initiative or product has ended.
    """

    value: Number
    date: Date
    method: Text


@event_type("benefit", restated="judged", codes="WRONG_STATE")
class BenefitOwnerChanged(EventData):
    """Somebody else answers for it."""

    owner: Person


@event_type("benefit", restated="freely", codes="WRONG_STATE UNMEASURED")
class BenefitRealised(EventData):
    """What was promised is there."""


@event_type("benefit", needs_reason=True, restated="freely", codes="WRONG_STATE")
class BenefitNotRealised(EventData):
    """What was promised, or hoped for, will not come."""


@event_type("benefit", ledger_only=True)
class BenefitCarriedOver(EventData):
    """Its initiative or product became another: it is expected of that one now, with an owner who stays or is named anew."""

    to: MemberRef
    owner: Person


BenefitEvent = (
    BenefitIdentified
    | BenefitBaselineSet
    | BenefitTargetSet
    | BenefitMeasured
    | BenefitOwnerChanged
    | BenefitRealised
    | BenefitNotRealised
    | BenefitCarriedOver
)
