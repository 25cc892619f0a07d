"""What may happen to iterations of a team, to what it calls done, and to what is foretold of a release."""

from typing import Any

from msgspec.structs import replace

from tests.rules import OPENED, RECORDED, Fact, Specification, fact, flagged, refused
from tests.unit.domain.governance_specifications import life
from tests.unit.domain.item_specifications import PAYMENTS, added, dropped
from tests.unit.domain.matter_specifications import FORMED
from tests.unit.domain.transition_specifications import GEMINI, release

HOME, A, B, X = "initiative/gemini", "item/A", "item/B", "item/X"


def planned(
    subject: str = "iteration/1",
    start: str = "2026-03-02",
    finish: str = "2026-03-13",
    *items: str,
    at: int = 2,
    **data: Any,  # noqa: ANN401  a body holds anything
):
    """The team plans an iteration."""
    body: dict[str, Any] = {"initiative": HOME, "team": "team/1", "no": 1, "committed": list(items), **data}
    return fact("iteration-planned.v1", subject, at=at, start=start, finish=finish, **body)


def begun(subject: str = "iteration/1", *, at: int = 3):
    """Work on it began."""
    return fact("iteration-started.v1", subject, at=at)


def scope(*items: str, removed: tuple[str, ...] = ()):
    """Its scope changes."""
    return fact("iteration-scope-changed.v1", "iteration/1", at=4, why="Because", added=list(items), removed=list(removed))


def closed(*completed: str, carried: tuple[str, ...] = (), points: str = "0", at: int = 20, subject: str = "iteration/1"):
    """It is over."""
    body: dict[str, Any] = {"completed": list(completed), "carried_over": list(carried), "points_done": points}
    return fact("iteration-closed.v1", subject, at=at, **body)


def cancelled(subject: str = "iteration/1", *, at: int = 20):
    """It is not held."""
    return fact("iteration-cancelled.v1", subject, at=at, why="Nobody is there")


def done(item: str, points: str | None = None, *, accepted: bool = True) -> tuple[Fact, ...]:
    """An item is estimated, done, and accepted."""
    estimated = () if points is None else (fact("item-estimated.v1", item, at=5, points=points),)
    taken = (fact("item-accepted.v1", item, at=8, accepted_by="eva"),) if accepted else ()
    return (*estimated, fact("item-started.v1", item, at=6), fact("item-completed.v1", item, at=7), *taken)


def forecast(p50: str = "2026-05-01", p85: str = "2026-06-01", method: str = "velocity", **data: Any):  # noqa: ANN401  a body holds anything
    """Somebody says when the release will be there."""
    return fact("forecast-published.v1", "release/1", at=5, method=method, p50=p50, p85=p85, **data)


TEAM = (OPENED, GEMINI, FORMED, added(A, product=HOME, version=2), added(B, product=HOME, version=2))
OTHERS = (*TEAM, PAYMENTS, added(X))
PLANNED = (*TEAM, planned())
COMMITTED = (*TEAM, planned("iteration/1", "2026-03-02", "2026-03-13", A, B), begun())
NEXT = planned("iteration/2", "2026-03-14", "2026-03-27")
SECOND_TEAM = fact("team-formed.v1", "team/2", at=1, name="Two", kind="temporary")
ELSEWHERE = planned("iteration/2", team="team/2")
STOPPED = replace(life("cancelled", at=9), subject=HOME)
OVERLAP, WRONG_STATE, ENDED = refused("OVERLAP"), refused("WRONG_STATE"), refused("ENDED")
CRITERIA = fact("definition-of-done-changed.v1", "team/1", at=5, criteria=["Reviewed", "In production"])
RELEASED = (OPENED, GEMINI, release())
SHIPPED = fact("release-shipped.v1", "release/1", at=10, version="1.0")
MOVED = replace(planned("iteration/1", "2026-03-09", "2026-03-20"), corrects=5)

PLANS = [
    Specification("an iteration is planned", TEAM, planned(), RECORDED),
    Specification("an iteration of a day", TEAM, planned(finish="2026-03-02"), RECORDED),
    Specification("an iteration that ends before it begins", TEAM, planned(finish="2026-03-01"), refused("PLAN_ORDER")),
    Specification("an iteration after another", PLANNED, NEXT, RECORDED),
    Specification(
        "an iteration on the last day of another", PLANNED, planned("iteration/2", "2026-03-13", "2026-03-20"), OVERLAP
    ),
    Specification(
        "an iteration up to the day before another", PLANNED, planned("iteration/2", "2026-02-16", "2026-03-01"), RECORDED
    ),
    Specification(
        "an iteration up to the first day of another", PLANNED, planned("iteration/2", "2026-02-16", "2026-03-02"), OVERLAP
    ),
    Specification("an iteration around another", PLANNED, planned("iteration/2", "2026-01-01", "2026-12-31"), OVERLAP),
    Specification("an iteration over one that is closed", (*PLANNED, begun(), closed()), planned("iteration/2"), OVERLAP),
    Specification("an iteration instead of one that is not held", (*PLANNED, cancelled()), planned("iteration/2"), RECORDED),
    Specification("an iteration of another team", (*PLANNED, SECOND_TEAM), ELSEWHERE, RECORDED),
    Specification(
        "what it commits to is open",
        (*TEAM, dropped(A)),
        planned("iteration/1", "2026-03-02", "2026-03-13", A),
        flagged("ITEM_CLOSED"),
    ),
    Specification(
        "what it commits to is its initiative's",
        OTHERS,
        planned("iteration/1", "2026-03-02", "2026-03-13", X),
        flagged("OTHER_BACKLOG"),
    ),
    Specification("an iteration is moved", PLANNED, MOVED, RECORDED),
    Specification("an iteration is moved onto another", (*PLANNED, NEXT), MOVED, OVERLAP),
    Specification("an iteration that is not held is moved onto another", (*PLANNED, NEXT, cancelled()), MOVED, RECORDED),
    Specification(
        "where an iteration was is free", (*PLANNED, MOVED), planned("iteration/2", "2026-03-02", "2026-03-08"), RECORDED
    ),
    Specification(
        "where an iteration went is taken", (*PLANNED, MOVED), planned("iteration/2", "2026-03-16", "2026-03-20"), OVERLAP
    ),
    Specification(
        "an iteration commits to something else",
        PLANNED,
        replace(planned("iteration/1", "2026-03-02", "2026-03-13", A), corrects=5),
        RECORDED,
    ),
    Specification(
        "what it commits to now is carried over",
        (*PLANNED, replace(planned("iteration/1", "2026-03-02", "2026-03-13", A), corrects=5), begun()),
        closed(),
        refused("SCOPE_LOST"),
    ),
    Specification(
        "an iteration stays with its team",
        (*PLANNED, SECOND_TEAM),
        replace(planned(team="team/2"), corrects=5),
        refused("CORRECTION_FIXED"),
    ),
    Specification(
        "an iteration stays with its initiative",
        (*PLANNED, replace(GEMINI, subject="initiative/leo")),
        replace(planned(initiative="initiative/leo"), corrects=5),
        refused("CORRECTION_FIXED"),
    ),
]
RUNS = [
    Specification("an iteration begins", PLANNED, begun(), RECORDED),
    Specification("an iteration begins once", (*PLANNED, begun()), begun(), WRONG_STATE),
    Specification("an iteration begins before it was planned", PLANNED, begun(at=1), flagged("DATES_DISAGREE")),
    Specification("a second one of the team begins", (*PLANNED, NEXT, begun()), begun("iteration/2"), OVERLAP),
    Specification(
        "a second one begins after the first", (*PLANNED, NEXT, begun(), closed()), begun("iteration/2", at=21), RECORDED
    ),
    Specification(
        "a second one begins instead of the first", (*PLANNED, NEXT, begun(), cancelled()), begun("iteration/2", at=21), RECORDED
    ),
    Specification("one of another team begins", (*PLANNED, SECOND_TEAM, ELSEWHERE, begun()), begun("iteration/2"), RECORDED),
    Specification("what is over does not begin", (*PLANNED, cancelled()), begun(at=21), ENDED),
    Specification("scope is taken in", (*PLANNED, begun()), scope(A), RECORDED),
    Specification("scope is taken in once", COMMITTED, scope(A), refused("SCOPE_TWICE")),
    Specification("scope is taken in and out at once", PLANNED, scope(A, removed=(A,)), refused("SCOPE_TWICE")),
    Specification("scope is taken out", COMMITTED, scope(removed=(A,)), RECORDED),
    Specification("scope is taken out that is none", PLANNED, scope(removed=(A,)), refused("NOT_IN_SCOPE")),
    Specification("scope is taken in again", (*COMMITTED, scope(removed=(A,))), scope(A), RECORDED),
    Specification("no scope is taken in or out", COMMITTED, scope(), refused("NOTHING_CHANGED")),
    Specification("closed scope is taken in", (*PLANNED, dropped(A)), scope(A), flagged("ITEM_CLOSED")),
    Specification("scope of others is taken in", (*OTHERS, planned()), scope(X), flagged("OTHER_BACKLOG")),
    Specification("scope of what is over", (*PLANNED, begun(), closed()), scope(A), ENDED),
]
ENDS = [
    Specification("an iteration is closed", (*PLANNED, begun()), closed(), RECORDED),
    Specification("an iteration that did not begin is not closed", PLANNED, closed(), WRONG_STATE),
    Specification("an iteration is closed once", (*PLANNED, begun(), closed()), closed(), WRONG_STATE),
    Specification("an iteration is closed before it began", (*PLANNED, begun()), closed(at=2), flagged("DATES_DISAGREE")),
    Specification("everything open is carried over", COMMITTED, closed(carried=(A, B)), RECORDED),
    Specification("something open is lost", COMMITTED, closed(carried=(A,)), refused("SCOPE_LOST")),
    Specification(
        "something in work is lost", (*COMMITTED, fact("item-started.v1", B, at=5)), closed(carried=(A,)), refused("SCOPE_LOST")
    ),
    Specification("something open is not completed", COMMITTED, closed(B, carried=(A,)), refused("SCOPE_LOST")),
    Specification("something that left is not lost", (*COMMITTED, scope(removed=(B,))), closed(carried=(A,)), RECORDED),
    Specification("something that came is lost", (*PLANNED, begun(), scope(A)), closed(), refused("SCOPE_LOST")),
    Specification("something that was dropped is not lost", (*COMMITTED, dropped(B)), closed(carried=(A,)), RECORDED),
    Specification("something done is carried over", (*COMMITTED, *done(B)), closed(carried=(A, B)), flagged("ITEM_CLOSED")),
    Specification(
        "something is completed and carried over", (*COMMITTED, *done(B)), closed(B, carried=(A, B)), refused("SCOPE_TWICE")
    ),
    Specification("something completed is not in scope", (*PLANNED, begun(), *done(A)), closed(A), refused("NOT_IN_SCOPE")),
    Specification("something carried over is not in scope", (*PLANNED, begun()), closed(carried=(A,)), refused("NOT_IN_SCOPE")),
    Specification(
        "points that were accepted are done", (*COMMITTED, *done(B, "5")), closed(B, carried=(A,), points="5"), RECORDED
    ),
    Specification(
        "points that nobody accepted",
        (*COMMITTED, *done(B, "5", accepted=False)),
        closed(B, carried=(A,), points="5"),
        refused("UNACCEPTED_POINTS"),
    ),
    Specification("nobody accepted, no points", (*COMMITTED, *done(B, "5", accepted=False)), closed(B, carried=(A,)), RECORDED),
    Specification(
        "points that nobody estimated",
        (*COMMITTED, *done(B)),
        closed(B, carried=(A,), points="0.5"),
        refused("UNACCEPTED_POINTS"),
    ),
    Specification(
        "more points than were accepted",
        (*COMMITTED, *done(B, "5")),
        closed(B, carried=(A,), points="5.5"),
        refused("UNACCEPTED_POINTS"),
    ),
    Specification(
        "an item is done once", (*COMMITTED, *done(B, "5")), closed(B, B, carried=(A,), points="10"), refused("UNACCEPTED_POINTS")
    ),
    Specification(
        "points of what is not named", (*COMMITTED, *done(B, "5")), closed(carried=(A,), points="5"), refused("UNACCEPTED_POINTS")
    ),
    Specification(
        "fewer points than were accepted",
        (*COMMITTED, *done(B, "5")),
        closed(B, carried=(A,), points="3"),
        flagged("POINTS_DISAGREE"),
    ),
    Specification(
        "what was done is corrected",
        (*COMMITTED, *done(B, "5"), closed(B, carried=(A,), points="3", at=10)),
        replace(closed(B, carried=(A,), points="5"), corrects=11),
        RECORDED,
    ),
    Specification(
        "what was done is corrected to what is lost",
        (*COMMITTED, closed(carried=(A, B), at=10)),
        replace(closed(carried=(A,)), corrects=7),
        refused("SCOPE_LOST"),
    ),
    Specification("an iteration of what was cancelled is closed", (*COMMITTED, STOPPED), closed(carried=(A, B)), RECORDED),
    Specification("an iteration is not held", PLANNED, cancelled(), RECORDED),
    Specification("an iteration is broken off", COMMITTED, cancelled(), RECORDED),
    Specification("an iteration is broken off before it began", COMMITTED, cancelled(at=2), flagged("DATES_DISAGREE")),
    Specification("an iteration is broken off once", (*COMMITTED, cancelled()), cancelled(), ENDED),
    Specification("an iteration of what was cancelled is broken off", (*COMMITTED, STOPPED), cancelled(), RECORDED),
]
FORETOLD = [
    Specification("a team says what done is", TEAM, CRITERIA, RECORDED),
    Specification("a release is foretold", RELEASED, forecast(), RECORDED),
    Specification("a release is foretold for one day", RELEASED, forecast(p85="2026-05-01", p95="2026-05-01"), RECORDED),
    Specification("a likelier day is earlier", RELEASED, forecast(p85="2026-04-30"), refused("PERCENTILES")),
    Specification("the likeliest day is earlier", RELEASED, forecast(p95="2026-05-31"), refused("PERCENTILES")),
    Specification("a release is foretold for today", RELEASED, forecast(p50="2026-03-02"), RECORDED),
    Specification("a release is foretold for the past", RELEASED, forecast(p50="2026-03-01"), refused("FORECAST_PAST")),
    Specification("a simulation can be done again", RELEASED, forecast(method="monte_carlo", seed=7, runs=1000), RECORDED),
    Specification("a simulation without a seed", RELEASED, forecast(method="monte_carlo", runs=1000), refused("NOT_REPEATABLE")),
    Specification("a simulation without runs", RELEASED, forecast(method="monte_carlo", seed=7), refused("NOT_REPEATABLE")),
    Specification("what is out is not foretold", (*RELEASED, SHIPPED), forecast(), WRONG_STATE),
    Specification(
        "what was foretold wrongly", (*RELEASED, forecast(), SHIPPED), replace(forecast(p85="2026-07-01"), corrects=3), RECORDED
    ),
]

SPECIFICATIONS = [*PLANS, *RUNS, *ENDS, *FORETOLD]
