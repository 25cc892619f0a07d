"""What may happen to teams: their people, their capacity, whom they work for, and the time that they log."""

from typing import Any

from msgspec.structs import replace

from tests.rules import RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.iteration_specifications import PLANNED as WITH_ITERATION
from tests.unit.domain.iteration_specifications import TEAM as WITH_ITEMS
from tests.unit.domain.iteration_specifications import begun, planned
from tests.unit.domain.matter_specifications import APOLLO, CANCELLED, FREED, GEMINI, PAYMENTS, TEAM, assigned


def team(what: str, /, *, at: int = 5, by: str = "ines", why: str | None = None, **data: Any):  # noqa: ANN401  a body holds anything
    """Something happens to the team."""
    return fact(f"{what}.v1", "team/1", at=at, by=by, why=why, **data)


def joined(person: str = "finn", fte: str = "1"):
    """A person joins the team."""
    return team("person-joined", person=person, fte=fte)


def left(person: str = "finn"):
    """A person leaves the team."""
    return team("person-left", at=6, person=person)


def accepted(up_to: str | None = None, until: str | None = None, by: str = "ines"):
    """More than the whole team may be assigned."""
    return team("over-allocation-accepted", why="Until Christmas", by=by, up_to=up_to, until=until, proposed_by="ben")


def logged(what: str = "time-logged", on: str = "2026-03-02", hours: str = "7.5", at: int = 8):
    """A person says on what they worked."""
    return team(what, at=at, person="finn", hours=hours, on=on, target=APOLLO)


def corrected(number: int):
    """What was logged was otherwise."""
    return replace(logged("time-corrected", hours="0"), corrects=number)


OVER, PLAN = refused("OVER_ALLOCATED"), refused("PLAN_ORDER")
DISSOLVED = team("team-dissolved", at=9)
WORKING = (*TEAM, joined())

PEOPLE = [
    Specification("a person joins", TEAM, joined(), RECORDED),
    Specification("a person joins once", WORKING, joined(), refused("PERSON_TWICE")),
    Specification("a person joins again", (*WORKING, left()), joined(), RECORDED),
    Specification("another person joins", WORKING, joined("eva"), RECORDED),
    Specification("a person works less than was said", WORKING, replace(joined(fte="0.5"), corrects=5), RECORDED),
    Specification("a person was another", WORKING, replace(joined("eva"), corrects=5), refused("CORRECTION_FIXED")),
    Specification("a person leaves", WORKING, left(), RECORDED),
    Specification("a person leaves who is not there", TEAM, left(), refused("NOT_IN_TEAM")),
    Specification("a person leaves once", (*WORKING, left()), left(), refused("NOT_IN_TEAM")),
    Specification(
        "a correction brings nobody back",
        (*WORKING, left(), replace(joined(fte="0.5"), corrects=5)),
        left(),
        refused("NOT_IN_TEAM"),
    ),
    Specification("capacity is declared", TEAM, team("capacity-declared", period="2026-03", hours="480"), RECORDED),
    Specification("a part is kept free", TEAM, team("unplanned-reserve-set", share="0.2"), RECORDED),
    Specification("time is logged", WORKING, logged(), RECORDED),
    Specification("time is logged of who left", (*WORKING, left()), logged(), RECORDED),
    Specification("time is logged of who was never there", TEAM, logged(), flagged("NOT_OF_TEAM")),
    Specification("time of a whole day is logged", WORKING, logged(hours="24"), RECORDED),
    Specification("time of more than a day is logged", WORKING, logged(hours="24.01"), flagged("LONG_DAY")),
    Specification("time is logged where it is tomorrow", WORKING, logged(on="2026-03-03"), RECORDED),
    Specification("time is logged that will be", WORKING, logged(on="2026-03-04"), flagged("DATES_DISAGREE")),
    Specification("time is logged on what has ended", (*WORKING, CANCELLED), logged(at=10), RECORDED),
    Specification("time was not worked", (*WORKING, logged()), corrected(6), RECORDED),
    Specification("a correction of time is corrected", (*WORKING, logged(), corrected(6)), corrected(7), RECORDED),
    Specification(
        "time was not worked twice",
        (*WORKING, logged(), corrected(6)),
        corrected(6),
        refused("CORRECTS_TWICE"),
    ),
    Specification("a correction of what was never logged", WORKING, corrected(5), refused("CORRECTS_UNKNOWN")),
    Specification(
        "a correction of more than a day",
        (*WORKING, logged()),
        replace(logged("time-corrected", hours="25"), corrects=6),
        flagged("LONG_DAY"),
    ),
    Specification("a correction of who was never there", (*TEAM, logged()), corrected(5), flagged("NOT_OF_TEAM")),
]
SHARES = [
    Specification(
        "a team for a day before another",
        (*TEAM, assigned("1", start="2026-03-03")),
        assigned("1", PAYMENTS, until="2026-03-02"),
        RECORDED,
    ),
    Specification(
        "a team up to the day of another",
        (*TEAM, assigned("1", start="2026-03-03")),
        assigned("0.1", PAYMENTS, until="2026-03-03"),
        OVER,
    ),
    Specification(
        "a team after another",
        (*TEAM, assigned("1", until="2026-03-08")),
        assigned("1", PAYMENTS, start="2026-03-09"),
        RECORDED,
    ),
    Specification(
        "a team on the last day of another",
        (*TEAM, assigned("1", until="2026-03-09")),
        assigned("0.1", PAYMENTS, start="2026-03-09"),
        OVER,
    ),
    Specification(
        "a team around a day of two others",
        (*TEAM, assigned("0.5", start="2026-04-01", until="2026-04-30"), assigned("0.4", PAYMENTS, start="2026-04-30")),
        assigned("0.2", GEMINI, until="2026-05-31"),
        OVER,
    ),
    Specification(
        "a team around two others that do not meet",
        (*TEAM, assigned("0.5", start="2026-04-01", until="2026-04-30"), assigned("0.5", PAYMENTS, start="2026-05-01")),
        assigned("0.5", GEMINI, until="2026-05-31"),
        RECORDED,
    ),
    Specification(
        "what was assigned before holds to the day before",
        (*TEAM, assigned("0.6"), assigned("0.4", start="2026-04-01")),
        assigned("0.5", PAYMENTS, start="2026-03-31"),
        OVER,
    ),
    Specification(
        "what is assigned anew holds from its day on",
        (*TEAM, assigned("0.6"), assigned("0.4", start="2026-04-01")),
        assigned("0.6", PAYMENTS, start="2026-04-01"),
        RECORDED,
    ),
    Specification(
        "what is assigned anew holds instead of what was to come",
        (*TEAM, assigned("0.6", start="2026-05-01"), assigned("0.4", start="2026-04-01")),
        assigned("0.6", PAYMENTS, start="2026-04-01"),
        RECORDED,
    ),
    Specification("more than all is accepted", TEAM, accepted(), RECORDED),
    Specification("more than all, accepted", (*TEAM, assigned("1"), accepted()), assigned("1", PAYMENTS), RECORDED),
    Specification(
        "as much as was accepted",
        (*TEAM, assigned("1"), accepted("1.2")),
        assigned("0.2", PAYMENTS),
        RECORDED,
    ),
    Specification("more than was accepted", (*TEAM, assigned("1"), accepted("1.2")), assigned("0.3", PAYMENTS), OVER),
    Specification(
        "as long as was accepted",
        (*TEAM, assigned("1"), accepted(until="2026-04-30")),
        assigned("0.2", PAYMENTS, until="2026-04-30"),
        RECORDED,
    ),
    Specification(
        "longer than was accepted",
        (*TEAM, assigned("1"), accepted(until="2026-04-30")),
        assigned("0.2", PAYMENTS, until="2026-05-01"),
        OVER,
    ),
    Specification(
        "after what was accepted the first one is over",
        (*TEAM, assigned("1", until="2026-04-30"), accepted(until="2026-04-30")),
        assigned("0.2", PAYMENTS, until="2026-05-01"),
        RECORDED,
    ),
    Specification(
        "what was accepted last holds", (*TEAM, assigned("1"), accepted(), accepted("1.1")), assigned("0.2", PAYMENTS), OVER
    ),
]
ENDS = [
    Specification("a team is dissolved", TEAM, DISSOLVED, RECORDED),
    Specification("a team is dissolved that works", (*TEAM, assigned("1")), DISSOLVED, refused("STILL_ASSIGNED")),
    Specification(
        "a team is dissolved that will work",
        (*TEAM, assigned("1", start="2026-04-01")),
        DISSOLVED,
        refused("STILL_ASSIGNED"),
    ),
    Specification(
        "a team is dissolved on its last day",
        (*TEAM, assigned("1", until="2026-03-02")),
        DISSOLVED,
        refused("STILL_ASSIGNED"),
    ),
    Specification("a team is dissolved that was freed", (*TEAM, assigned("1"), FREED), DISSOLVED, RECORDED),
    Specification(
        "a team is dissolved after its last day",
        (*TEAM, assigned("1", start="2026-02-02", until="2026-03-01")),
        DISSOLVED,
        RECORDED,
    ),
    Specification("a team that is no more works for nobody", (*TEAM, DISSOLVED), assigned("1"), refused("ENDED")),
    Specification("a team that is no more is not joined", (*TEAM, DISSOLVED), joined(), refused("ENDED")),
    Specification("time of a team that is no more", (*WORKING, DISSOLVED), logged(at=10), RECORDED),
    Specification("a team that is no more plans nothing", (*WITH_ITEMS, DISSOLVED), planned(at=10), refused("ENDED")),
    Specification(
        "a team that is no more begins nothing",
        (*WITH_ITERATION, DISSOLVED),
        begun(at=10),
        refused("ENDED"),
    ),
]

SPECIFICATIONS = [*PEOPLE, *SHARES, *ENDS]
