"""Events of an incident: something that runs does not do what it should."""

from typing import Literal

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import DeploymentRef, Instant, MemberRef, Name, Severity, Text, Word


@event_type(
    "incident",
    occurs="first",
    member="member",
    modes=("agile", "product"),
    restated="judged",
    codes="CORRECTION_FIXED CAUSE_LATER",
)
class IncidentOpened(EventData):
    """Somebody found that something does not work; it began at `started_at`, at the event's `time` at the latest."""

    member: MemberRef
    title: Name
    severity: Severity
    started_at: Instant
    service: Word | None = None
    description: Text | None = None


@event_type("incident", restated="judged", after_end=True, codes="WRONG_STATE")
class IncidentReclassified(EventData):
    """It is worse than was thought, or less bad."""

    severity: Severity


@event_type("incident", restated="freely", after_end=True, codes="WRONG_STATE")
class IncidentAcknowledged(EventData):
    """Somebody works on it."""


@event_type("incident", restated="freely", after_end=True, codes="WRONG_STATE")
class IncidentMitigated(EventData):
    """Users do not suffer from it any more; what caused it is still there."""


@event_type("incident", restated="judged", after_end=True, codes="WRONG_STATE")
class IncidentResolved(EventData):
    """It is over since `resolved_at`."""

    resolved_at: Instant
    resolution: Text | None = None


@event_type("incident", restated="freely", codes="WRONG_STATE")
class IncidentReopened(EventData):
    """It is not over."""


@event_type("incident", restated="freely", after_end=True, codes="WRONG_STATE")
class IncidentCancelled(EventData):
    """It was none: a false alarm, or another incident by a second name. It counts nowhere."""


@event_type(
    "incident",
    refers="deployment",
    after_end=True,
    codes="WRONG_STATE NOT_PRODUCTION CAUSE_LATER CAUSE_DECLARED",
)
class CauseLinked(EventData):
    """A deployment into production is taken for what caused it; it takes the place of the one taken before.

    `declared`: somebody says so. `nearest`: it is the last that had succeeded when the incident began; what was declared stays.
    """

    deployment: DeploymentRef
    method: Literal["declared", "nearest"]


@event_type("incident", needs_reason=True, after_end=True, codes="WRONG_STATE")
class CauseUnlinked(EventData):
    """The deployment that was taken for its cause is not."""


@event_type("incident", ledger_only=True)
class IncidentCarriedOver(EventData):
    """It was open when its initiative or product became another: it belongs to that one now."""

    to: MemberRef


IncidentEvent = (
    IncidentOpened
    | IncidentReclassified
    | IncidentAcknowledged
    | IncidentMitigated
    | IncidentResolved
    | IncidentReopened
    | IncidentCancelled
    | CauseLinked
    | CauseUnlinked
    | IncidentCarriedOver
)
