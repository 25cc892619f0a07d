"""Events of an objective: what is to be better after a cycle, and the key results by which anybody can tell."""

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, FiscalPeriod, Id, MemberRef, Name, Number, ObjectiveRef, Person, Text


@event_type("objective", occurs="first", member="member", refers="parent", restated="judged", codes="CORRECTION_FIXED")
class ObjectiveSet(EventData):
    """An initiative, a product, or where `member` is null the whole portfolio sets itself an objective for a cycle.

    `parent` is the objective that it contributes to.
    """

    title: Name
    cycle: FiscalPeriod
    member: MemberRef | None = None
    parent: ObjectiveRef | None = None
    owner: Person | None = None
    description: Text | None = None


@event_type("objective", codes="NO_DISTANCE OTHER_UNIT")
class KeyResultSet(EventData):
    """By this it is told how far the objective is: from `start` to `target`, upward or downward, in a unit.

    Set again it has another start and target from now on; what was measured stays, and so does the unit.
    """

    key_result: Id
    title: Name
    start: Number
    target: Number
    unit: Name


@event_type("objective", after_end=True, restated="judged", codes="UNKNOWN_KEY_RESULT")
class KeyResultMeasured(EventData):
    """What the value was on a day, in the key result's unit; also when the cycle, its initiative or its product is over."""

    key_result: Id
    value: Number
    date: Date


ObjectiveEvent = ObjectiveSet | KeyResultSet | KeyResultMeasured
