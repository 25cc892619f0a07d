"""Events of an experiment: an assumption is put to the test, and something is decided by what comes of it."""

from typing import Literal

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import MemberRef, Name, Text


@event_type(
    "experiment", occurs="first", member="member", modes=("agile", "product"), restated="judged", codes="CORRECTION_FIXED"
)
class ExperimentStarted(EventData):
    """An assumption is put to the test: by what it is judged, and when it is enough, is said before."""

    member: MemberRef
    hypothesis: Text
    metric: Name
    stop_rule: Text


@event_type("experiment", restated="freely", after_end=True, codes="WRONG_STATE")
class ExperimentConcluded(EventData):
    """It is over: what was tried stays, goes, is tried differently, or nobody can tell."""

    decision: Literal["keep", "drop", "iterate", "inconclusive"]
    findings: Text | None = None


ExperimentEvent = ExperimentStarted | ExperimentConcluded
