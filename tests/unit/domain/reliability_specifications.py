"""What may happen to incidents, service levels and experiments."""

from msgspec.structs import replace

from portfolio_ledger.domain.decider import Fact
from tests.rules import RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.delivery_specifications import MEMBERS, OTHER, PAYMENTS, A, B, deploying, instant, succeeded
from tests.unit.domain.flow_specifications import ACTIVE, RETIRED
from tests.unit.domain.transition_specifications import merged, piece, split

ONE = "incident/1"


def opened(member: str = PAYMENTS, *, severity: int = 2, began: float = 3) -> Fact:
    """Something does not work."""
    return fact("incident-opened.v1", ONE, at=3, member=member, title="Down", severity=severity, started_at=instant(began))


def told(what: str, at: int = 4, why: str | None = None) -> Fact:
    """Something happens to the incident."""
    return fact(f"incident-{what}.v1", ONE, at=at, why=why)


def resolved(at: float = 5) -> Fact:
    """It is over."""
    return fact("incident-resolved.v1", ONE, at=5, resolved_at=instant(at))


def severity(value: int) -> Fact:
    """It is of another severity."""
    return fact("incident-reclassified.v1", ONE, at=4, severity=value)


def linked(deployment: str = A, method: str = "declared") -> Fact:
    """A deployment is taken for the cause."""
    return fact("cause-linked.v1", ONE, at=4, deployment=deployment, method=method)


def agreed(target: str = "0.99", member: str = PAYMENTS) -> Fact:
    """A service level is promised."""
    return fact(
        "slo-set.v1",
        "service-level/1",
        by="ines",
        at=1,
        member=member,
        sli="Fast answers",
        target=target,
        window_days=28,
        proposed_by="eva",
    )


def measured(value: str) -> Fact:
    """The service level is measured."""
    return fact("slo-measured.v1", "service-level/1", at=2, value=value)


def tried(member: str = PAYMENTS) -> Fact:
    """An experiment begins."""
    return fact("experiment-started.v1", "experiment/1", at=2, member=member, hypothesis="H", metric="M", stop_rule="A week")


def concluded(at: int = 3) -> Fact:
    """An experiment is over."""
    return fact("experiment-concluded.v1", "experiment/1", at=at, decision="keep")


UNLINKED = fact("cause-unlinked.v1", ONE, at=5, why="No")
EXHAUSTED = fact("error-budget-exhausted.v1", "service-level/1", at=3)
DATES, DISAGREES = flagged("DATES_DISAGREE"), flagged("BUDGET_DISAGREES")
FIXED, WRONG_STATE, LATER = refused("CORRECTION_FIXED"), refused("WRONG_STATE"), refused("CAUSE_LATER")
OPEN = (*MEMBERS, opened())
LIVE = (*MEMBERS, deploying(), succeeded(), deploying(B), succeeded(B))
CAUSED = (*LIVE, opened())
PROMISED = (*MEMBERS, agreed())

INCIDENTS = [
    Specification("an incident is opened", MEMBERS, opened(), RECORDED),
    Specification("an incident began before it was found", MEMBERS, opened(began=1), RECORDED),
    Specification("an incident was found before it began", MEMBERS, opened(began=3.5), DATES),
    Specification("an incident is described anew", OPEN, replace(opened(severity=3), corrects=3), RECORDED),
    Specification("an incident stays with its member", OPEN, replace(opened(OTHER), corrects=3), FIXED),
    Specification("somebody works on it", OPEN, told("acknowledged"), RECORDED),
    Specification("somebody works on it already", (*OPEN, told("acknowledged")), told("acknowledged"), WRONG_STATE),
    Specification("somebody worked on it before it was opened", OPEN, told("acknowledged", at=2), DATES),
    Specification("users suffer no more", OPEN, told("mitigated"), RECORDED),
    Specification("nobody begins when users suffer no more", (*OPEN, told("mitigated")), told("acknowledged"), WRONG_STATE),
    Specification(
        "users suffered no more before somebody worked on it", (*OPEN, told("acknowledged")), told("mitigated", at=3), DATES
    ),
    Specification("users suffer no more once", (*OPEN, told("mitigated")), told("mitigated"), WRONG_STATE),
    *(
        Specification(f"an incident that was {what} is over", (*OPEN, told(what)), resolved(), RECORDED)
        for what in ("acknowledged", "mitigated")
    ),
    Specification("an incident is over at once", OPEN, resolved(3), RECORDED),
    Specification("an incident was over before it began", OPEN, resolved(2.5), DATES),
    Specification("an incident is over before that is so", OPEN, resolved(5.5), DATES),
    Specification("an incident is over once", (*OPEN, resolved()), resolved(), WRONG_STATE),
    Specification("when it was over is corrected", (*OPEN, resolved()), replace(resolved(4), corrects=4), RECORDED),
    Specification("when it was over is corrected wrongly", (*OPEN, resolved()), replace(resolved(1), corrects=4), DATES),
    Specification("an incident is not over", (*OPEN, resolved()), told("reopened", at=6), RECORDED),
    Specification("an incident that is not over is not reopened", OPEN, told("reopened"), WRONG_STATE),
    Specification("an incident is over again", (*OPEN, resolved(), told("reopened", at=5)), resolved(), RECORDED),
    Specification("an incident was none", OPEN, told("cancelled"), RECORDED),
    Specification("an incident was none once", (*OPEN, told("cancelled")), told("cancelled"), WRONG_STATE),
    Specification("what was none is not over", (*OPEN, told("cancelled")), resolved(), WRONG_STATE),
    Specification("what is over was one", (*OPEN, resolved()), told("cancelled", at=6), WRONG_STATE),
    Specification("an incident is worse", OPEN, severity(1), RECORDED),
    Specification("an incident was worse", (*OPEN, resolved()), severity(1), WRONG_STATE),
    Specification("how bad it was is corrected", (*OPEN, severity(1), resolved()), replace(severity(2), corrects=4), RECORDED),
]
CAUSES = [
    Specification("a deployment caused it", CAUSED, linked(), RECORDED),
    Specification("a deployment caused what is over", (*CAUSED, resolved()), linked(), RECORDED),
    Specification("a deployment caused nothing", (*CAUSED, told("cancelled")), linked(), WRONG_STATE),
    Specification("a deployment finished when it began", (*LIVE, opened(began=2)), linked(), RECORDED),
    Specification("a deployment finished after it began", (*LIVE, opened(began=1.9)), linked(), LATER),
    Specification("a deployment that goes on", (*MEMBERS, deploying(), opened()), linked(), LATER),
    Specification(
        "a deployment into another environment",
        (*MEMBERS, deploying(environment="staging"), succeeded(), opened()),
        linked(),
        refused("NOT_PRODUCTION"),
    ),
    Specification("another deployment caused it", (*CAUSED, linked()), linked(B), RECORDED),
    Specification("the nearest caused it", CAUSED, linked(method="nearest"), RECORDED),
    Specification("what is declared beats the nearest", (*CAUSED, linked(method="nearest")), linked(B), RECORDED),
    Specification(
        "the nearest does not beat what is declared", (*CAUSED, linked()), linked(B, "nearest"), refused("CAUSE_DECLARED")
    ),
    Specification(
        "the nearest after what is not declared any more", (*CAUSED, linked(), UNLINKED), linked(B, "nearest"), RECORDED
    ),
    Specification("a deployment did not cause it", (*CAUSED, linked()), UNLINKED, RECORDED),
    Specification("nothing is no cause", CAUSED, UNLINKED, WRONG_STATE),
    Specification("an incident began after its cause", (*CAUSED, linked()), replace(opened(began=2), corrects=7), RECORDED),
    Specification("an incident began before its cause", (*CAUSED, linked()), replace(opened(began=1), corrects=7), LATER),
]
ENDS = [
    Specification("a product ends while little is wrong", (*ACTIVE, opened(severity=2)), RETIRED, RECORDED),
    Specification("a product ends while much is wrong", (*ACTIVE, opened(severity=1)), RETIRED, refused("OPEN_INCIDENT")),
    Specification("a product ends after that is over", (*ACTIVE, opened(severity=1), resolved()), RETIRED, RECORDED),
    Specification(
        "a product ends while it is wrong again",
        (*ACTIVE, opened(severity=1), resolved(), told("reopened", at=6)),
        RETIRED,
        refused("OPEN_INCIDENT"),
    ),
    Specification("a product ends while it is not so bad", (*ACTIVE, opened(severity=1), severity(2)), RETIRED, RECORDED),
    Specification("a product ends while it is worse", (*ACTIVE, opened(), severity(1)), RETIRED, refused("OPEN_INCIDENT")),
    Specification(
        "what it was thought to be at first does not matter then",
        (*ACTIVE, opened(), severity(2), replace(opened(severity=1), corrects=4)),
        RETIRED,
        RECORDED,
    ),
    Specification(
        "how bad it is now is corrected",
        (*ACTIVE, opened(), severity(2), replace(severity(1), corrects=5)),
        RETIRED,
        refused("OPEN_INCIDENT"),
    ),
    Specification("an incident is over after its product", (*ACTIVE, opened(), RETIRED), resolved(), RECORDED),
    Specification(
        "an incident goes along when products are merged",
        (*ACTIVE, MEMBERS[2], opened(OTHER, severity=1), replace(merged(into=PAYMENTS), subject=OTHER)),
        RETIRED,
        refused("OPEN_INCIDENT"),
    ),
    *(
        Specification(
            f"an incident {what} a part when a product is split",
            (*ACTIVE, opened()),
            split(piece("product/1", "0.5", matters=named), piece("product/2", "0.5")),
            then,
        )
        for what, named, then in (("goes to", (ONE,), RECORDED), ("goes to no", (), refused("UNACCOUNTED_SCOPE")))
    ),
]
PROMISES = [
    Specification("a service level is promised", MEMBERS, agreed(), RECORDED),
    Specification("a service level is promised anew", PROMISED, agreed("0.999"), RECORDED),
    Specification("a service level goes with its product", PROMISED, agreed(member=OTHER), RECORDED),
    Specification("a service level is measured", PROMISED, measured("1"), RECORDED),
    Specification("an error budget is spent without a measurement", PROMISED, EXHAUSTED, RECORDED),
    Specification("an error budget is spent to the last", (*PROMISED, measured("0.99")), EXHAUSTED, RECORDED),
    Specification("an error budget of which there is some", (*PROMISED, measured("0.990001")), EXHAUSTED, DISAGREES),
    Specification(
        "an error budget by a corrected measurement",
        (*PROMISED, measured("1"), replace(measured("0.9"), corrects=4)),
        EXHAUSTED,
        RECORDED,
    ),
    Specification(
        "an error budget by the last measurement, not by a corrected one before",
        (*PROMISED, measured("0.9"), measured("1"), replace(measured("0.8"), corrects=4)),
        EXHAUSTED,
        DISAGREES,
    ),
    Specification(
        "an error budget by the corrected promise",
        (*PROMISED, measured("0.99"), replace(agreed("0.9"), corrects=3)),
        EXHAUSTED,
        DISAGREES,
    ),
    Specification(
        "an error budget by the last promise, not by a corrected one before",
        (*PROMISED, agreed("0.9"), measured("0.9"), replace(agreed("0.8"), corrects=3)),
        EXHAUSTED,
        RECORDED,
    ),
    Specification("an experiment begins", MEMBERS, tried(), RECORDED),
    Specification("an experiment is described anew", (*MEMBERS, tried()), replace(tried(), corrects=3), RECORDED),
    Specification("an experiment stays with its member", (*MEMBERS, tried()), replace(tried(OTHER), corrects=3), FIXED),
    Specification("an experiment is over", (*MEMBERS, tried()), concluded(), RECORDED),
    Specification("an experiment is over that never began", MEMBERS, concluded(), refused("UNKNOWN_AGGREGATE")),
    Specification("an experiment was over before it began", (*MEMBERS, tried()), concluded(at=1), DATES),
    Specification("an experiment is over once", (*MEMBERS, tried(), concluded()), concluded(), WRONG_STATE),
]

SPECIFICATIONS = [*INCIDENTS, *CAUSES, *ENDS, *PROMISES]
