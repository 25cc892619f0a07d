"""Events of a deployment: one attempt to bring commits into one environment."""

from typing import Annotated, Literal

from pydantic import Field

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import DeploymentRef, IncidentRef, Instant, MemberRef, Sha, Text, Word

Environment = Literal["production", "staging", "testing", "development", "other"]


@event_type(
    "deployment",
    occurs="first",
    member="member",
    modes=("agile", "product"),
    restated="judged",
    codes="CORRECTION_FIXED NO_COMMIT",
)
class DeploymentStarted(EventData):
    """An attempt to deploy began at the event's `time`.

    `scope` is what is deployed on its own: a service, a pipeline. `environment` says what kind of place it goes to, whatever the
    source calls it, which is `place`; `other` where the source does not tell. `shas` are the commits that it brings there, beyond
    what was there before.
    """

    member: MemberRef
    scope: Word
    environment: Environment
    place: Word | None = None
    version: Word | None = None
    shas: Annotated[list[Sha], Field(default_factory=list, max_length=2000)]


@event_type(
    "deployment",
    refers="previous_success",
    restated="judged",
    after_end=True,
    codes="WRONG_STATE NO_COMMIT PREVIOUS_DISAGREES",
)
class DeploymentSucceeded(EventData):
    """The attempt succeeded: what it brought runs since `finished_at`.

    `previous_success` is the successful deployment of the same scope into the same environment before it; null for the first that
    is known.
    """

    finished_at: Instant
    previous_success: DeploymentRef | None = None


@event_type("deployment", restated="judged", after_end=True, codes="WRONG_STATE")
class DeploymentFailed(EventData):
    """The attempt failed at `finished_at`; what was there before still runs, or nothing does."""

    finished_at: Instant
    cause: Text | None = None


@event_type("deployment", refers="to", after_end=True, codes="WRONG_STATE PREVIOUS_DISAGREES")
class DeploymentRolledBack(EventData):
    """What it had brought was taken back: what the deployment `to` brought runs again, null where nothing does."""

    to: DeploymentRef | None = None


@event_type("deployment", refers="incident", restated="freely", after_end=True)
class DeploymentMarkedRework(EventData):
    """It was not planned: an incident made it necessary."""

    incident: IncidentRef


DeploymentEvent = DeploymentStarted | DeploymentSucceeded | DeploymentFailed | DeploymentRolledBack | DeploymentMarkedRework
