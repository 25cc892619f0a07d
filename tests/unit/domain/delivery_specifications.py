"""What may happen to changes, deployments, features and published releases."""

from typing import Any

from msgspec.structs import replace

from portfolio_ledger.domain.decider import Fact
from tests.rules import OPENED, RECORDED, START, Specification, fact, flagged, refused
from tests.unit.domain.flow_specifications import SCOPED, scope
from tests.unit.domain.governance_specifications import CONCEIVED
from tests.unit.domain.item_specifications import BACKLOG
from tests.unit.domain.transition_specifications import conceived

PAYMENTS, OTHER = "product/payments", "product/other"
MEMBERS = (OPENED, CONCEIVED, conceived(OTHER))
CHANGE, A, B = "change/1", "deployment/A", "deployment/B"


def instant(at: float) -> str:
    """A moment so many hours after the start, as it stands in a message."""
    return START.replace(hour=START.hour + int(at), minute=int(at % 1 * 60)).isoformat()


def committed(member: str = PAYMENTS, *, authored: float = 1, author: str | None = "kim", items: tuple[str, ...] = ()) -> Fact:
    """A change begins."""
    body: dict[str, Any] = {"repo": "pay/api", "sha": "c0ffee", "author": author, "items": list(items)}
    return fact("change-committed.v1", CHANGE, at=1, member=member, authored_at=instant(authored), **body)


def reviewed(by: str = "lou", at: int = 3) -> Fact:
    """Somebody looked at the change."""
    return fact("first-reviewed.v1", CHANGE, at=at, reviewer=by)


def deploying(
    subject: str = A,
    /,
    *,
    member: str = PAYMENTS,
    environment: str = "production",
    shas: tuple[str, ...] = ("c0ffee",),
    scope: str = "api",
) -> Fact:
    """An attempt begins."""
    return fact("deployment-started.v1", subject, at=1, member=member, scope=scope, environment=environment, shas=list(shas))


def succeeded(subject: str = A, /, *, previous: str | None = None, finished: float = 2) -> Fact:
    """An attempt succeeds."""
    return fact("deployment-succeeded.v1", subject, at=2, finished_at=instant(finished), previous_success=previous)


def back(to: str | None = None, at: int = 3) -> Fact:
    """What the second deployment brought is taken back."""
    return fact("deployment-rolled-back.v1", B, at=at, to=to)


def published(member: str = PAYMENTS) -> Fact:
    """A version is published."""
    return fact("release-published.v1", "release/1", at=1, member=member, version="1.0", repos=[{"repo": "pay/api"}])


def exposed(member: str = PAYMENTS) -> Fact:
    """Some see the feature."""
    return fact("feature-exposed.v1", "feature/1", at=1, member=member, flag="new:checkout", share="0.05")


ADDED = fact("commit-added.v1", CHANGE, at=2, sha="dead", authored_at=instant(2))
REVIEW = fact("review-opened.v1", CHANGE, at=2)
BUILT = fact("build-finished.v1", CHANGE, at=2, ok=False)
MERGED = fact("change-merged.v1", CHANGE, at=4, merge_sha="beef")
ABANDONED = fact("change-abandoned.v1", CHANGE, at=4)
FAILED = fact("deployment-failed.v1", A, at=2, finished_at=instant(2))
INCIDENT = fact("incident-opened.v1", "incident/1", at=1, member=PAYMENTS, title="Down", severity=1, started_at=instant(0))
REWORK = fact("deployment-marked-rework.v1", A, at=2, incident="incident/1")
WITHDRAWN = fact("feature-withdrawn.v1", "feature/1", at=2)
DATES, PREVIOUS = flagged("DATES_DISAGREE"), flagged("PREVIOUS_DISAGREES")
FIXED, WRONG_STATE, NO_COMMIT = refused("CORRECTION_FIXED"), refused("WRONG_STATE"), refused("NO_COMMIT")
CHANGED = (*MEMBERS, committed())
STARTED = (*MEMBERS, deploying())
LIVE = (*STARTED, succeeded())
SECOND = (*LIVE, deploying(B))

CHANGES = [
    Specification("a change begins", MEMBERS, committed(), RECORDED),
    Specification("a change for an item", BACKLOG, committed(items=("item/A",)), RECORDED),
    Specification("a commit that was authored after it was committed", MEMBERS, committed(authored=1.5), DATES),
    Specification("a change is described anew", CHANGED, replace(committed(author=None), corrects=3), RECORDED),
    Specification("a change stays with its member", CHANGED, replace(committed(OTHER), corrects=3), FIXED),
    Specification("a commit is added", CHANGED, ADDED, RECORDED),
    Specification(
        "a commit is added that was authored later",
        CHANGED,
        fact("commit-added.v1", CHANGE, at=2, sha="dead", authored_at=instant(2.5)),
        DATES,
    ),
    Specification("a commit is added to what is merged", (*CHANGED, MERGED), ADDED, RECORDED),
    Specification("a review is opened", CHANGED, REVIEW, RECORDED),
    Specification("a review is opened once", (*CHANGED, REVIEW), REVIEW, WRONG_STATE),
    Specification("a review was opened before the first commit", CHANGED, replace(REVIEW, time=START), DATES),
    Specification("a change is reviewed", (*CHANGED, REVIEW), reviewed(), RECORDED),
    Specification("a change is reviewed first once", (*CHANGED, REVIEW, reviewed()), reviewed("mo"), WRONG_STATE),
    Specification("a change is reviewed by its author", (*CHANGED, REVIEW), reviewed("kim"), flagged("SELF_REVIEW")),
    Specification("the reviewer is corrected", (*CHANGED, REVIEW, reviewed("kim")), replace(reviewed(), corrects=5), RECORDED),
    Specification("a change is reviewed before that was asked for", (*CHANGED, REVIEW), reviewed(at=1), DATES),
    Specification("a review is told of before its opening", (*CHANGED, reviewed()), REVIEW, RECORDED),
    Specification("a review was over before its opening", (*CHANGED, reviewed(at=1)), REVIEW, DATES),
    Specification("a build fails", CHANGED, BUILT, RECORDED),
    Specification("a change is merged without a review", CHANGED, MERGED, RECORDED),
    Specification("a change is reviewed after it was merged", (*CHANGED, REVIEW, MERGED), reviewed(at=5), RECORDED),
    Specification(
        "a change is merged before its review was opened", (*CHANGED, MERGED), replace(REVIEW, time=MERGED.time), RECORDED
    ),
    Specification("a change is merged once", (*CHANGED, MERGED), MERGED, WRONG_STATE),
    Specification("a change is abandoned", (*CHANGED, REVIEW), ABANDONED, RECORDED),
    Specification("what is merged is not abandoned", (*CHANGED, MERGED), ABANDONED, WRONG_STATE),
    Specification("what is abandoned is not merged", (*CHANGED, ABANDONED), MERGED, WRONG_STATE),
]
DEPLOYMENTS = [
    Specification("a deployment begins", MEMBERS, deploying(), RECORDED),
    Specification("a deployment of which nothing is known", MEMBERS, deploying(shas=()), RECORDED),
    Specification("a deployment succeeds", STARTED, succeeded(), RECORDED),
    Specification("a deployment succeeds once", LIVE, succeeded(), WRONG_STATE),
    Specification("a deployment that has succeeded has not failed", LIVE, FAILED, WRONG_STATE),
    Specification("a deployment that has failed does not succeed", (*STARTED, FAILED), succeeded(), WRONG_STATE),
    Specification("nothing new succeeds in production", (*MEMBERS, deploying(shas=())), succeeded(), NO_COMMIT),
    Specification("nothing new succeeds elsewhere", (*MEMBERS, deploying(environment="staging", shas=())), succeeded(), RECORDED),
    Specification("nothing new fails in production", (*MEMBERS, deploying(shas=())), FAILED, RECORDED),
    Specification(
        "the commit is told later",
        (*MEMBERS, deploying(shas=()), replace(deploying(), corrects=3)),
        succeeded(),
        RECORDED,
    ),
    Specification("a success keeps a commit", LIVE, replace(deploying(shas=()), corrects=3), NO_COMMIT),
    Specification("a success was elsewhere", LIVE, replace(deploying(environment="testing", shas=()), corrects=3), RECORDED),
    Specification("a deployment stays with its member", STARTED, replace(deploying(member=OTHER), corrects=3), FIXED),
    Specification("a deployment that took no time", STARTED, succeeded(finished=1), RECORDED),
    Specification("a success before it began", STARTED, succeeded(finished=0.5), DATES),
    Specification("a success that lies ahead of its report", STARTED, succeeded(finished=2.5), DATES),
    Specification("a success is corrected", LIVE, replace(succeeded(finished=1.5), corrects=4), RECORDED),
    Specification("a success is corrected to before it began", LIVE, replace(succeeded(finished=0), corrects=4), DATES),
    Specification("a deployment fails", STARTED, FAILED, RECORDED),
    Specification("a deployment fails once", (*STARTED, FAILED), FAILED, WRONG_STATE),
    Specification("a failure is corrected", (*STARTED, FAILED), replace(FAILED, corrects=4), RECORDED),
    Specification("a success follows another", SECOND, succeeded(B, previous=A), RECORDED),
    Specification("a success follows itself", STARTED, succeeded(previous=A), PREVIOUS),
    Specification("a success follows what is not finished", (*STARTED, deploying(B)), succeeded(B, previous=A), PREVIOUS),
    Specification("a success follows a failure", (*STARTED, FAILED, deploying(B)), succeeded(B, previous=A), PREVIOUS),
    Specification(
        "a success follows one elsewhere",
        (*LIVE, deploying(B, environment="staging")),
        succeeded(B, previous=A),
        PREVIOUS,
    ),
    Specification(
        "a success follows one of something else", (*LIVE, deploying(B, scope="web")), succeeded(B, previous=A), PREVIOUS
    ),
    Specification("a success is taken back", (*SECOND, succeeded(B, previous=A)), back(A), RECORDED),
    Specification("a success is taken back to nothing", (*SECOND, succeeded(B)), back(), RECORDED),
    Specification("a success is taken back to itself", (*SECOND, succeeded(B)), back(B), PREVIOUS),
    Specification("a success is taken back before it was one", (*SECOND, succeeded(B)), back(A, at=1), DATES),
    Specification(
        "a success follows what was taken back",
        (*LIVE, deploying(B), succeeded(B), back(), deploying("deployment/C")),
        succeeded("deployment/C", previous=B),
        RECORDED,
    ),
    Specification(
        "a failure is taken back",
        (*SECOND, fact("deployment-failed.v1", B, at=2, finished_at=instant(2))),
        back(A),
        RECORDED,
    ),
    Specification("what goes on is not taken back", SECOND, back(A), WRONG_STATE),
    Specification("a success is taken back once", (*SECOND, succeeded(B), back(A)), back(A), WRONG_STATE),
    Specification("an incident made it necessary", (*STARTED, INCIDENT), REWORK, RECORDED),
]
OTHERS = [
    Specification("some see a feature", MEMBERS, exposed(), RECORDED),
    Specification("more see a feature", (*MEMBERS, exposed()), exposed(), RECORDED),
    Specification("a feature goes with its product", (*MEMBERS, exposed()), exposed(OTHER), RECORDED),
    Specification("nobody sees a feature", (*MEMBERS, exposed()), WITHDRAWN, RECORDED),
    Specification("nobody sees a feature any more", (*MEMBERS, exposed(), WITHDRAWN), WITHDRAWN, WRONG_STATE),
    Specification(
        "who saw a feature is corrected, and nobody does still",
        (*MEMBERS, exposed(), WITHDRAWN, replace(exposed(), corrects=3)),
        WITHDRAWN,
        WRONG_STATE,
    ),
    Specification("a feature is shown again", (*MEMBERS, exposed(), WITHDRAWN, exposed()), WITHDRAWN, RECORDED),
    Specification("a version is published", MEMBERS, published(), RECORDED),
    Specification("a version is described anew", (*MEMBERS, published()), replace(published(), corrects=3), RECORDED),
    Specification("a version stays with its member", (*MEMBERS, published()), replace(published(OTHER), corrects=3), FIXED),
    Specification("what is published has no open scope", (*BACKLOG, published()), scope("added", "item/A"), WRONG_STATE),
    Specification("what is planned is no news", SCOPED, published(), refused("ALREADY_EXISTS")),
]

SPECIFICATIONS = [*CHANGES, *DEPLOYMENTS, *OTHERS]
