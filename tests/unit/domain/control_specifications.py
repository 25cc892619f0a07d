"""What may happen to the control of an initiative: its end, stages, gates, tolerances, reserve, milestones, periods, reviews."""

from typing import Any

from msgspec.structs import replace

from tests.rules import OPENED, RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.governance_specifications import cost, life, proposed
from tests.unit.domain.money_specifications import accrued, eur, released, reserved
from tests.unit.domain.planning_specifications import CHANGING, approved, changed, completed, part, planned, started
from tests.unit.domain.transition_specifications import disposed

APOLLO = "initiative/apollo"


def happened(what: str, /, *, by: str = "ines", at: int = 5, why: str | None = "Because", **data: Any):  # noqa: ANN401  a body holds anything
    """Something happens to Apollo."""
    return fact(f"{what}.v1", APOLLO, by=by, at=at, why=why, **data)


def case(by: str = "ines"):
    """The business case is approved."""
    return happened("business-case-approved", by=by, npv=eur(100))


def stage(what: str, name: str = "design"):
    """Something happens to a stage."""
    days: dict[str, Any] = {"start": "2026-03-02", "finish": "2026-03-31"} if what == "planned" else {}
    return happened(f"stage-{what}", stage=name, **days)


def gate(decision: str = "go", *, met: bool = True, kind: str = "must", by: str = "ines", **more: Any):  # noqa: ANN401  a body holds anything
    """A gate is held."""
    criteria = [{"id": "tested", "kind": kind, "met": met}]
    return happened("gate-review-held", by=by, gate="g1", criteria=criteria, decision=decision, proposed_by="dan", **more)


def drawn(minor: int):
    """A part of the reserve is drawn."""
    return happened("reserve-drawn", amount=eur(minor), to="work-package/a", proposed_by="ben")


def estimated(finish: str):
    """What is still to be spent."""
    return happened("estimate-to-complete-reported", etc=eur(10), finish_forecast=finish)


def milestone(what: str):
    """Something is said of a milestone."""
    return happened(f"milestone-{what}", milestone="m1", date="2026-03-31")


def period(day: str, name: str | None = None):
    """A period of reporting ends."""
    return happened("reporting-period-closed", period=name or day, status_date=day)


def plan_of(what: str, by: str = "ines"):
    """Something happens to the first baseline."""
    more: dict[str, Any] = {"reviewers": ["ines"]} if what == "reviewed" else {}
    return happened(f"baseline-{what}", by=by, version=1, **more)


def done(*dispositions: dict[str, Any], why: str | None = None):
    """The initiative is completed."""
    return happened("initiative-completed", at=12, why=why, dispositions=list(dispositions))


RAISED = happened("exception-raised", by="ben", dimension="cost")
PLAN = happened("exception-plan-approved", plan="Smaller")
TOLERANCE = happened("tolerance-set", dimension="cost", limits={"cost": eur(5)}, proposed_by="ben")
BREACH = happened("tolerance-breach-forecast", dimension="cost", forecast={"cost": eur(9)}, basis="Invoices")
CLOSED = happened("initiative-closed", at=13)
PROPOSED = (OPENED, proposed(sponsor="carla"), life("approved"), life("activated", at=2))
STAGED = (*PROPOSED, stage("planned"), stage("planned", "build"))
ENTERED = (*STAGED, stage("entered"))
RESERVE: dict[str, Any] = {"management_reserve": eur(50)}
RUNNING = (*PROPOSED, planned(part("a"), part("b"), **RESERVE), approved(), started("a"), completed("a"))
FINISHED = (*RUNNING, started("b"), completed("b"))
WAITING = (*PROPOSED, planned(part("a")))
WRONG_STATE, SELF_APPROVAL = refused("WRONG_STATE"), refused("SELF_APPROVAL")
DROPPED = disposed("b", becomes="dropped", reason="Enough")
MINE = replace(reserved(), data=reserved().data.model_copy(update={"member": APOLLO}))
OVER: dict[str, Any] = {"estimate_to_complete": eur(60)}
REPLANNED = (*CHANGING, planned(part("a"), part("b", budget=150), version=2, at=8))

CONTROL = [
    Specification("a case is approved", PROPOSED, case(), RECORDED),
    Specification("a case is approved by who proposed it", PROPOSED, case("ben"), SELF_APPROVAL),
    Specification("a case without a sponsor", (OPENED, proposed()), case(), refused("NO_SPONSOR")),
    Specification(
        "a case after the sponsor was found",
        (OPENED, proposed(), replace(proposed(sponsor="carla"), corrects=1)),
        case(),
        RECORDED,
    ),
    Specification("a stage is planned", PROPOSED, stage("planned"), RECORDED),
    Specification(
        "a stage that ends before it begins",
        PROPOSED,
        happened("stage-planned", stage="x", start="2026-03-02", finish="2026-03-01"),
        refused("PLAN_ORDER"),
    ),
    Specification("the first stage needs no gate", STAGED, stage("entered"), RECORDED),
    Specification("a stage that nobody planned", STAGED, stage("entered", "other"), flagged("UNPLANNED_STAGE")),
    Specification("the next stage without a gate", ENTERED, stage("entered", "build"), refused("GATE")),
    Specification("the next stage after a gate", (*ENTERED, gate()), stage("entered", "build"), RECORDED),
    Specification(
        "the next stage after a gate with conditions",
        (*ENTERED, gate("conditional_go", met=False, conditions=["Soon"])),
        stage("entered", "build"),
        RECORDED,
    ),
    *(
        Specification(
            f"the next stage after {decision}",
            (*ENTERED, gate(), gate(decision)),
            stage("entered", "build"),
            refused("GATE"),
        )
        for decision in ("kill", "hold", "recycle")
    ),
    Specification(
        "one gate for two stages",
        (*ENTERED, gate(), stage("entered", "build")),
        stage("entered", "test"),
        refused("GATE"),
    ),
    Specification("a stage is entered once", ENTERED, stage("entered"), WRONG_STATE),
    Specification("a stage ends", ENTERED, stage("ended"), RECORDED),
    Specification("another stage ends", ENTERED, stage("ended", "build"), WRONG_STATE),
    Specification("a gate is passed", PROPOSED, gate(), RECORDED),
    Specification("a gate is passed with something unmet that should be", PROPOSED, gate(met=False, kind="should"), RECORDED),
    Specification("a gate is passed with something unmet that must be", PROPOSED, gate(met=False), refused("GATE_CRITERIA")),
    Specification("conditions without conditions", PROPOSED, gate("conditional_go"), refused("GATE_CRITERIA")),
    Specification("a gate by who proposed the initiative", PROPOSED, gate(by="ben"), SELF_APPROVAL),
    Specification("a tolerance", PROPOSED, TOLERANCE, RECORDED),
    Specification("a tolerance will not hold", PROPOSED, BREACH, RECORDED),
    Specification("an exception", PROPOSED, RAISED, RECORDED),
    Specification("an exception in another", (*PROPOSED, RAISED), RAISED, refused("EXCEPTION_OPEN")),
    Specification("no stage begins in an exception", (*STAGED, RAISED), stage("entered"), refused("EXCEPTION_OPEN")),
    Specification("a stage begins after an exception", (*STAGED, RAISED, PLAN), stage("entered"), RECORDED),
    Specification("a plan for an exception", (*PROPOSED, RAISED), PLAN, RECORDED),
    Specification("a plan by who raised the exception", (*PROPOSED, RAISED), replace(PLAN, actor="ben"), SELF_APPROVAL),
    Specification("a plan for no exception", PROPOSED, PLAN, refused("NO_EXCEPTION")),
    *(
        Specification(
            f"a cost in an exception, v{version}",
            (*PROPOSED, RAISED),
            cost(version=version),
            flagged("DURING_EXCEPTION"),
        )
        for version in (1, 2)
    ),
    Specification("an accrual in an exception", (*PROPOSED, RAISED), accrued(member=APOLLO), flagged("DURING_EXCEPTION")),
    Specification("all of the reserve", RUNNING, drawn(50), RECORDED),
    Specification("more than the reserve", RUNNING, drawn(51), refused("OVER_RESERVE")),
    Specification("more than what is left of it", (*RUNNING, drawn(30)), drawn(21), refused("OVER_RESERVE")),
    Specification("finished today", RUNNING, estimated("2026-03-02"), RECORDED),
    Specification("finished yesterday, and open", RUNNING, estimated("2026-03-01"), refused("FORECAST_PAST")),
    *(
        specification
        for what in ("forecast", "reached")
        for specification in (
            Specification(f"a milestone: {what}", PROPOSED, milestone(what), RECORDED),
            Specification(
                f"a milestone that is reached: {what}",
                (*PROPOSED, milestone("reached")),
                milestone(what),
                WRONG_STATE,
            ),
        )
    ),
    Specification("a period ends", PROPOSED, period("2026-03-31"), RECORDED),
    Specification("the next period ends", (*PROPOSED, period("2026-03-31")), period("2026-04-30"), RECORDED),
    Specification("another ends on the same day", (*PROPOSED, period("2026-03-31")), period("2026-03-31", "Q1"), RECORDED),
    Specification("a period ends before", (*PROPOSED, period("2026-03-31")), period("2026-03-30"), refused("PERIOD_ORDER")),
    Specification("a period ends twice", (*PROPOSED, period("2026-03-31")), period("2026-03-31"), refused("PERIOD_ORDER")),
]
ENDS = [
    Specification("all is done", FINISHED, done(), RECORDED),
    Specification("all is done but for what is dropped", RUNNING, done(*DROPPED), RECORDED),
    Specification("all is done and something forgotten", RUNNING, done(), refused("UNACCOUNTED_SCOPE")),
    Specification("all is done and something becomes an item", RUNNING, done(*disposed("b")), refused("UNACCOUNTED_SCOPE")),
    Specification(
        "all is done and something dropped for nothing",
        RUNNING,
        done(*disposed("b", becomes="dropped")),
        refused("NO_REASON"),
    ),
    Specification(
        "all is done and something is not",
        RUNNING,
        done(*disposed("b", becomes="finish_in_project")),
        refused("UNFINISHED"),
    ),
    Specification("all is done before it began", (OPENED, proposed()), done(), WRONG_STATE),
    Specification("the books are in order", (*FINISHED, done()), CLOSED, RECORDED),
    Specification("the books before the end", FINISHED, CLOSED, WRONG_STATE),
    Specification(
        "the books with something reserved",
        (*FINISHED, released(member=APOLLO), MINE, done()),
        CLOSED,
        refused("OPEN_RESERVATIONS"),
    ),
    Specification("nothing happens after the books", (*FINISHED, done(), CLOSED), stage("planned"), refused("ENDED")),
    *(
        specification
        for what, by in (("reviewed", "ines"), ("withdrawn", "ben"))
        for specification in (
            Specification(f"a plan is {what}", WAITING, plan_of(what, by), RECORDED),
            Specification(f"a plan of no version is {what}", PROPOSED, plan_of(what, by), refused("BASELINE_VERSION")),
            Specification(f"an approved plan is {what}", (*WAITING, approved()), plan_of(what, by), WRONG_STATE),
        )
    ),
    Specification("a reviewed plan is approved", (*WAITING, plan_of("reviewed")), approved(), RECORDED),
    Specification("a withdrawn plan is not", (*WAITING, plan_of("withdrawn", "ben")), approved(), WRONG_STATE),
    Specification("over target with an estimate", REPLANNED, changed("over_target", why="Late", **OVER), RECORDED),
    Specification("over target without an estimate", REPLANNED, changed("over_target", why="Late"), refused("NO_ESTIMATE")),
    Specification(
        "work that is new and lies before the effective date",
        (*CHANGING, planned(part("a"), part("b"), part("c"), version=2, at=8)),
        changed("scope_change"),
        refused("RETROACTIVE"),
    ),
    Specification(
        "work that is new and lies after it",
        (*CHANGING, planned(part("a"), part("b"), part("c", start="2026-04-01", finish="2026-04-02"), version=2, at=8)),
        changed("scope_change"),
        RECORDED,
    ),
]

SPECIFICATIONS = [*CONTROL, *ENDS]
