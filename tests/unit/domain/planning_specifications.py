"""What may happen to baselines and to the work packages that they plan."""

from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from tests.rules import OPENED, RECORDED, Fact, Specification, fact, flagged, refused
from tests.unit.domain.governance_specifications import life, proposed

APOLLO = "initiative/apollo"


def part(name: str, *, budget: int = 100, start: str = "2026-03-02", finish: str = "2026-03-31", **more: Any):  # noqa: ANN401  a body holds anything
    """A planned work package."""
    money = {"budget_over_time": {"minor": budget, "currency": "EUR"}} if budget else {}
    return {"id": name, "name": name, "start": start, "finish": finish, **money, **more}


def chain(*names: str, kind: str = "FS"):
    """Dependencies of each on the one before it."""
    return [{"from": before, "to": after, "type": kind} for before, after in pairwise(names)]


def planned(*parts: dict[str, Any], version: int = 1, bac: int | None = None, subject: str = APOLLO, at: int = 3, **more: Any):  # noqa: ANN401  a body holds anything
    """Ben proposes a baseline; its budget is what its parts have."""
    budgets = [part["budget_over_time"]["minor"] for part in parts if "budget_over_time" in part]
    plan: dict[str, Any] = {
        "bac": {"minor": sum(budgets) if bac is None else bac, "currency": "EUR"},
        "work_packages": list(parts),
    }
    previous: dict[str, Any] = {"previous": version - 1} if version > 1 else {}
    return fact("baseline-proposed.v1", subject, by="ben", at=at, version=version, **(plan | previous | more))


def approved(version: int = 1, change: str = "initial", *, by: str = "ines", at: int = 4, **more: Any):  # noqa: ANN401  a body holds anything
    """Ines approves a baseline."""
    subject, why, effective = more.pop("subject", APOLLO), more.pop("why", None), more.pop("effective", "2026-03-02")
    return fact(
        "baseline-approved.v1",
        subject,
        by=by,
        at=at,
        why=why,
        version=version,
        effective_date=effective,
        change_class=change,
        **more,
    )


def changed(change: str, *, by: str = "ines", effective: str = "2026-04-01", **more: Any):  # noqa: ANN401  a body holds anything
    """Ines approves version 2, by the change request that is approved."""
    request = {"change_request": "change-request/1"} if "change_request" not in more else {}
    return approved(2, change, by=by, effective=effective, at=9, **request, **more)


def rejected(version: int = 1):
    """A baseline is rejected."""
    return fact("baseline-rejected.v1", APOLLO, by="ines", at=4, why="Too late", version=version)


def worked(kind: str, name: str = "a", *, at: int = 5, **data: Any):  # noqa: ANN401  a body holds anything
    """Something happens to a work package."""
    return fact(f"{kind}.v1", f"work-package/{name}", at=at, why="Because", **data)


def started(name: str = "a", *, at: int = 5, **data: Any):  # noqa: ANN401  a body holds anything
    """A work package is started."""
    return worked("work-package-started", name, at=at, **data)


def progress(fraction: str, *, at: int = 6):
    """Progress of the first work package is reported."""
    return worked("progress-reported", at=at, fraction=fraction)


def completed(name: str = "a", *, at: int = 7):
    """A work package is completed."""
    return worked("work-package-completed", name, at=at)


def corrected(fraction: str):
    """An earlier report was wrong."""
    return worked("progress-corrected", at=6, fraction=fraction)


REOPENED = worked("work-package-reopened", at=8)
RAISED = fact("change-request-raised.v1", "change-request/1", by="ben", at=5, initiative=APOLLO, title="More", kind="scope")
GRANTED = fact("change-request-approved.v1", "change-request/1", by="ines", at=6)
PROPOSED = (OPENED, proposed(), life("approved"), life("activated", at=2))
PLANNED = (*PROPOSED, planned(part("a"), part("b"), dependencies=chain("a", "b")))
CURRENT = (*PLANNED, approved())
CHANGING = (*CURRENT, RAISED, GRANTED)
REPLANNED = (*CHANGING, planned(part("a"), part("b", budget=150), version=2, at=8))
SAME_BUDGET = (
    *CHANGING,
    planned(part("a", budget=50), part("c", budget=150, start="2026-04-01", finish="2026-04-30"), version=2, at=8),
)
RUNNING = (*CURRENT, started())
DONE = (*RUNNING, completed())
AGILE = (OPENED, proposed(mode="agile"))
CANCELLED = life("cancelled", at=9)
ELSEWHERE = (*CURRENT, proposed("initiative/gemini"))

BASELINE_PROPOSED = [
    Specification("a plan is proposed", PROPOSED, planned(part("a")), RECORDED),
    Specification("a plan before the initiative is approved", (OPENED, proposed()), planned(part("a")), RECORDED),
    Specification("a plan of nothing known", (OPENED,), planned(part("a")), refused("UNKNOWN_AGGREGATE")),
    Specification("a plan of what has ended", (*PROPOSED, CANCELLED), planned(part("a"), at=10), refused("ENDED")),
    Specification("a plan of work packages for an agile initiative", AGILE, planned(part("a")), refused("MODE")),
    Specification("the first version is 1", PROPOSED, planned(part("a"), version=2), refused("BASELINE_VERSION")),
    Specification("the next version names the one before it", PLANNED, planned(part("a"), version=2), RECORDED),
    Specification("the next version skips none", PLANNED, planned(part("a"), version=3), refused("BASELINE_VERSION")),
    Specification("a version is proposed once", PLANNED, planned(part("a")), refused("BASELINE_VERSION")),
    Specification(
        "a version that forgets the one before it",
        PLANNED,
        planned(part("a"), version=2, previous=None),
        refused("BASELINE_VERSION"),
    ),
    Specification("a work package stands in a plan once", PROPOSED, planned(part("a"), part("a")), refused("WORK_PACKAGE_TWICE")),
    Specification(
        "a work package belongs to one initiative",
        ELSEWHERE,
        planned(part("a"), subject="initiative/gemini"),
        refused("WORK_PACKAGE_TWICE"),
    ),
    Specification("the budgets add up", PROPOSED, planned(part("a"), part("b"), bac=200), RECORDED),
    Specification("the budgets do not add up", PROPOSED, planned(part("a"), part("b"), bac=201), refused("BASELINE_SUM")),
    Specification("a plan without a budget", PROPOSED, planned(part("a", budget=0)), flagged("SCHEDULE_ONLY")),
    Specification(
        "a budget in another currency",
        PROPOSED,
        planned(part("a"), bac=0, management_reserve={"minor": 1, "currency": "USD"}),
        refused("CURRENCY"),
    ),
    Specification("a day's work package", PROPOSED, planned(part("a", finish="2026-03-02")), RECORDED),
    Specification("a planned finish before its start", PROPOSED, planned(part("a", finish="2026-03-01")), refused("PLAN_ORDER")),
    Specification(
        "a plan by the hour",
        PROPOSED,
        planned(part("a", start="2026-03-02T09:00:00Z", finish="2026-03-02T10:00:00+01:00")),
        RECORDED,
    ),
    Specification("a day and an hour", PROPOSED, planned(part("a", finish="2026-03-02T10:00:00Z")), refused("PLAN_ORDER")),
    Specification("a chain", PROPOSED, planned(part("a"), part("b"), part("c"), dependencies=chain("a", "b", "c")), RECORDED),
    Specification(
        "a circle", PROPOSED, planned(part("a"), part("b"), dependencies=chain("a", "b", "a")), refused("DEPENDENCY_CYCLE")
    ),
    Specification(
        "a circle of starts",
        PROPOSED,
        planned(part("a"), part("b"), dependencies=chain("a", "b", "a", kind="SS")),
        refused("DEPENDENCY_CYCLE"),
    ),
    Specification(
        "what waits for itself", PROPOSED, planned(part("a"), dependencies=chain("a", "a")), refused("DEPENDENCY_CYCLE")
    ),
    Specification(
        "what waits for nothing known",
        PROPOSED,
        planned(part("a"), dependencies=chain("z", "a")),
        refused("UNKNOWN_WORK_PACKAGE"),
    ),
]

BASELINE_ANSWERED = [
    Specification("a plan is approved by somebody else", PLANNED, approved(), RECORDED),
    Specification("a plan is approved by who proposed it", PLANNED, approved(by="ben"), refused("SELF_APPROVAL")),
    Specification("nothing known is approved", (OPENED,), approved(), refused("UNKNOWN_AGGREGATE")),
    Specification("a plan of what has ended is approved", (*PLANNED, CANCELLED), approved(), refused("ENDED")),
    Specification("an agile initiative has no such baselines", AGILE, approved(), refused("MODE")),
    Specification("a version that is not there", PLANNED, approved(2), refused("BASELINE_VERSION")),
    Specification("a plan is approved once", CURRENT, approved(), refused("WRONG_STATE")),
    Specification("a rejected plan is not approved", (*PLANNED, rejected()), approved(), refused("WRONG_STATE")),
    Specification("the first plan is no change", PLANNED, approved(1, "scope_change"), refused("CHANGE_CLASS")),
    Specification("the second plan by an approved request", REPLANNED, changed("scope_change"), RECORDED),
    Specification("the second plan is not the first", REPLANNED, changed("initial"), refused("CHANGE_CLASS")),
    Specification(
        "the second plan without a request", REPLANNED, changed("scope_change", change_request=None), refused("NO_CHANGE_REQUEST")
    ),
    Specification(
        "a request that nobody raised",
        REPLANNED,
        changed("scope_change", change_request="change-request/9"),
        refused("NO_CHANGE_REQUEST"),
    ),
    Specification(
        "a request that is not approved",
        (*CURRENT, RAISED, planned(part("a"), version=2, at=8)),
        changed("scope_change"),
        refused("NO_CHANGE_REQUEST"),
    ),
    Specification(
        "effective on the day of the current one", REPLANNED, changed("scope_change", effective="2026-03-02"), RECORDED
    ),
    Specification(
        "effective before the current one", REPLANNED, changed("scope_change", effective="2026-03-01"), refused("LATER_BASELINE")
    ),
    Specification("a replan within its budget", SAME_BUDGET, changed("internal_replan"), RECORDED),
    Specification("a replan that changes the budget", REPLANNED, changed("internal_replan"), refused("CHANGE_CLASS")),
    Specification("over target, without one", REPLANNED, changed("over_target"), refused("NO_REASON")),
    Specification(
        "a plan that keeps what is completed",
        (
            *CHANGING,
            started(),
            completed(),
            planned(part("a"), part("c", start="2026-04-01", finish="2026-04-30"), version=2, at=8),
        ),
        changed("scope_change"),
        RECORDED,
    ),
    Specification(
        "a plan without what is completed",
        (*CHANGING, started(), completed(), planned(part("c"), version=2, at=8)),
        changed("scope_change"),
        refused("CHANGE_CLASS"),
    ),
    Specification(
        "a plan that gives what is completed another budget",
        (*CHANGING, started(), completed(), planned(part("a", budget=99), version=2, at=8)),
        changed("scope_change"),
        refused("CHANGE_CLASS"),
    ),
    Specification(
        "an administrative correction of what is completed",
        (*CHANGING, started(), completed(), planned(part("a", budget=99), version=2, at=8)),
        replace(changed("administrative"), corrects=5),
        RECORDED,
    ),
    Specification(
        "a work package that another plan took in the meantime",
        (
            *PLANNED,
            proposed("initiative/gemini"),
            planned(part("a"), subject="initiative/gemini"),
            approved(subject="initiative/gemini"),
        ),
        approved(),
        refused("WORK_PACKAGE_TWICE"),
    ),
    Specification("a plan is rejected", PLANNED, rejected(), RECORDED),
    Specification("an approved plan is not rejected", CURRENT, rejected(), refused("WRONG_STATE")),
    Specification("a version that is not there is not rejected", PLANNED, rejected(2), refused("BASELINE_VERSION")),
    Specification("a plan of nothing known is not rejected", (OPENED,), rejected(), refused("UNKNOWN_AGGREGATE")),
    Specification("a plan of what has ended is not rejected", (*PLANNED, CANCELLED), rejected(), refused("ENDED")),
    Specification("an agile initiative has none to reject", AGILE, rejected(), refused("MODE")),
]

NOT_PLANNED = refused("UNKNOWN_WORK_PACKAGE")
WRONG_STATE = refused("WRONG_STATE")
EVERY_FACT: dict[str, Fact] = {
    "started": started(at=10),
    "reported": progress("0.5", at=10),
    "corrected": corrected("0.5"),
    "completed": completed(at=10),
    "reopened": REOPENED,
}
BY_METHOD = (*PROPOSED, planned(part("a", ev_method="0/100")), approved(), started())

RETURNED = (
    *CHANGING,
    started(),
    planned(part("b"), version=2, at=8),
    changed("scope_change"),
    planned(part("a"), part("b"), version=3, at=10),
    approved(3, "scope_change", at=11, effective="2026-05-01", change_request="change-request/1"),
)

WORK_PACKAGE = [
    Specification("what is planned is started", CURRENT, started(), RECORDED),
    Specification("what is planned is started once", RUNNING, started(), WRONG_STATE),
    Specification("what waits is started before", CURRENT, started("b"), flagged("OUT_OF_SEQUENCE")),
    Specification("what waited is started after", DONE, started("b", at=8), RECORDED),
    Specification("a start on the day of its report", CURRENT, started(actual_start="2026-03-02"), RECORDED),
    Specification("a start after its report", CURRENT, started(actual_start="2026-03-04"), flagged("DATES_DISAGREE")),
    Specification(
        "a start an hour after its report", CURRENT, started(actual_start="2026-03-02T15:00:00Z"), flagged("DATES_DISAGREE")
    ),
    Specification("a start before its plan was approved", CURRENT, started(at=2), flagged("DATES_DISAGREE")),
    Specification("progress grows", (*RUNNING, progress("0.5")), progress("0.6"), RECORDED),
    Specification("progress stays", (*RUNNING, progress("0.5")), progress("0.50"), RECORDED),
    Specification("progress falls", (*RUNNING, progress("0.5")), progress("0.499999"), refused("PROGRESS_FELL")),
    Specification("progress of what is not started", CURRENT, progress("0.5"), WRONG_STATE),
    Specification("progress before the start", (*CURRENT, started(at=6)), progress("0.5", at=5), flagged("DATES_DISAGREE")),
    Specification("progress at the hour of the start", (*CURRENT, started(at=6)), progress("0.5", at=6), RECORDED),
    Specification("reopened before it was completed", (*RUNNING, completed(at=9)), REOPENED, flagged("DATES_DISAGREE")),
    Specification("what left the plan comes back as it was", RETURNED, progress("0.5", at=20), RECORDED),
    Specification("what left the plan when it was started is not started again", RETURNED, started(at=20), WRONG_STATE),
    Specification("a correction of progress", (*RUNNING, progress("0.5")), corrected("0.4"), RECORDED),
    Specification("progress after a correction", (*RUNNING, progress("0.5"), corrected("0.4")), progress("0.45"), RECORDED),
    Specification(
        "a report is corrected downward by another",
        (*RUNNING, progress("0.5")),
        replace(progress("0.3"), corrects=len(RUNNING)),
        RECORDED,
    ),
    Specification(
        "a report is corrected twice",
        (*RUNNING, progress("0.5"), replace(corrected("0.4"), corrects=len(RUNNING))),
        replace(corrected("0.3"), corrects=len(RUNNING)),
        refused("CORRECTS_TWICE"),
    ),
    Specification("a correction of what is not started", CURRENT, corrected("0.4"), WRONG_STATE),
    Specification("what is started is completed", RUNNING, completed(), RECORDED),
    Specification("what is not started is not completed", CURRENT, completed(), WRONG_STATE),
    Specification("what is completed is not completed again", DONE, completed(), WRONG_STATE),
    Specification("completed before it was started", (*CURRENT, started(at=6)), completed(at=5), flagged("DATES_DISAGREE")),
    Specification("all or nothing, all of it", (*BY_METHOD, progress("1")), completed(), RECORDED),
    Specification("all or nothing, almost all", (*BY_METHOD, progress("0.999999")), completed(), refused("NOT_COMPLETE")),
    Specification("what is completed is reopened", DONE, REOPENED, RECORDED),
    Specification("what is not completed is not", RUNNING, REOPENED, WRONG_STATE),
    Specification("progress after reopening", (*DONE, REOPENED), progress("0.9", at=9), RECORDED),
    Specification(
        "what a new plan leaves out is no more",
        (*CHANGING, planned(part("b"), version=2, at=8), changed("scope_change")),
        started(at=10),
        NOT_PLANNED,
    ),
    Specification(
        "what another initiative completed is no matter here",
        (
            *CHANGING,
            planned(part("a"), part("b", budget=150), version=2, at=8),
            proposed("initiative/gemini"),
            planned(part("x"), subject="initiative/gemini"),
            approved(subject="initiative/gemini"),
            started("x"),
            completed("x"),
        ),
        changed("scope_change"),
        RECORDED,
    ),
    *(
        Specification(f"only what is in the current baseline: {name}", PLANNED, one, NOT_PLANNED)
        for name, one in EVERY_FACT.items()
    ),
    *(
        Specification(f"nothing after the initiative's end: {name}", (*DONE, CANCELLED), one, refused("ENDED"))
        for name, one in EVERY_FACT.items()
    ),
]

SPECIFICATIONS = [*BASELINE_PROPOSED, *BASELINE_ANSWERED, *WORK_PACKAGE]
