"""Events of a change to what runs: commits that are reviewed, built and merged together, a pull request where there are such."""

from typing import Annotated

from pydantic import Field, StrictBool

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Instant, ItemRef, MemberRef, Name, Person, Sha, Word


@event_type(
    "change",
    occurs="first",
    member="member",
    modes=("agile", "product"),
    refers="items",
    restated="judged",
    codes="CORRECTION_FIXED",
)
class ChangeCommitted(EventData):
    """A change begins with its first commit, which its author made at `authored_at`: its lead time counts from there.

    The subject names the change as its source does: by the number of a pull request, by the hash of a commit where there is no
    review. `items` are those of the backlog that it is made for.
    """

    member: MemberRef
    repo: Word
    sha: Sha
    authored_at: Instant
    author: Person | None = None
    items: Annotated[list[ItemRef], Field(default_factory=list, max_length=100)]


@event_type("change", restated="freely", after_end=True)
class CommitAdded(EventData):
    """A further commit of the change."""

    sha: Sha
    authored_at: Instant


@event_type("change", restated="freely", after_end=True, codes="WRONG_STATE")
class ReviewOpened(EventData):
    """Others are asked to look at the change."""

    title: Name | None = None


@event_type("change", restated="judged", after_end=True, codes="WRONG_STATE SELF_REVIEW")
class FirstReviewed(EventData):
    """Somebody else than its author looked at the change, for the first time."""

    reviewer: Person


@event_type("change", restated="freely", after_end=True)
class BuildFinished(EventData):
    """The change, as it was at a commit, was built and tested: it holds, or it does not."""

    ok: StrictBool
    sha: Sha | None = None
    pipeline: Word | None = None


@event_type("change", restated="freely", after_end=True, codes="WRONG_STATE")
class ChangeMerged(EventData):
    """The change is in the line that is deployed, by the commit `merge_sha`: what deploys that commit deploys the change."""

    merge_sha: Sha


@event_type("change", restated="freely", after_end=True, codes="WRONG_STATE")
class ChangeAbandoned(EventData):
    """The change will not be merged."""


ChangeEvent = ChangeCommitted | CommitAdded | ReviewOpened | FirstReviewed | BuildFinished | ChangeMerged | ChangeAbandoned
