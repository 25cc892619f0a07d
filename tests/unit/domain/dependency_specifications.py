"""What may happen to dependencies: promises, circles, and their ends."""

from typing import Any

from tests.rules import RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.matter_specifications import APOLLO, CANCELLED, FULFILLED, GEMINI, MEMBERS, PAYMENTS, dependency, repointed
from tests.unit.domain.transition_specifications import GEMINI as AGILE_GEMINI
from tests.unit.domain.transition_specifications import release


def waits(subject: str, one: str, other: str, kind: str = "needs"):
    """One member waits for another."""
    ends: dict[str, Any] = {"from": one, "to": other}
    return fact("dependency-identified.v1", subject, at=1, kind=kind, **ends)


def committed(**promise: Any):  # noqa: ANN401  a body holds anything
    """It is promised."""
    return fact("dependency-committed.v1", "dependency/1", at=4, promise=promise)


def redated(old: str, **new: Any):  # noqa: ANN401  a body holds anything
    """The promise moves."""
    return fact("dependency-redated.v1", "dependency/1", at=5, why="Half the team is ill", old={"date": old}, new=new)


def over(what: str, subject: str = "dependency/1"):
    """It has an end."""
    return fact(f"dependency-{what}.v1", subject, at=6, why="Because")


DAY, LATER = "2026-05-01", "2026-06-01"
RELEASE = {"release": "release/1"}
WAITING = (*MEMBERS, dependency())
PROMISED = (*WAITING, committed(date=DAY))
AGILE = tuple(AGILE_GEMINI if one.subject == GEMINI else one for one in WAITING)
RELEASED = (*AGILE, release())
WRONG_STATE, NO_PROMISE, UNKNOWN = refused("WRONG_STATE"), refused("NO_PROMISE"), refused("UNKNOWN_AGGREGATE")
ENDED = refused("ENDED")
BETWEEN = (*MEMBERS, waits("dependency/1", PAYMENTS, GEMINI))
CIRCLE = flagged("CIRCULAR_WAIT")
BACK = waits("dependency/2", PAYMENTS, APOLLO)
CHAIN = (*WAITING, waits("dependency/2", PAYMENTS, GEMINI))
LAST = waits("dependency/3", GEMINI, APOLLO)
ENDS = ("fulfilled", "broken", "withdrawn")


def ends(what: str) -> list[Specification]:
    """What ends a dependency ends it once, promised or not, and ends the waiting."""
    return [
        Specification(f"it is {what}", WAITING, over(what), RECORDED),
        Specification(f"it is {what} after it was promised", PROMISED, over(what), RECORDED),
        Specification(f"it is {what} after that was over", (*WAITING, FULFILLED), over(what), WRONG_STATE),
        Specification(f"nothing is promised of what is {what}", (*WAITING, over(what)), committed(date=DAY), WRONG_STATE),
        Specification(f"who waited for what is {what} is waited for", (*WAITING, over(what)), BACK, RECORDED),
    ]


SPECIFICATIONS = [
    Specification("a day is promised", WAITING, committed(date=DAY), RECORDED),
    Specification("a release is promised", RELEASED, committed(**RELEASE), RECORDED),
    Specification("a release is promised that nobody planned", WAITING, committed(**RELEASE), UNKNOWN),
    Specification("nothing is promised", WAITING, committed(), NO_PROMISE),
    Specification("a day and a release are promised", RELEASED, committed(date=DAY, **RELEASE), NO_PROMISE),
    Specification("it is promised once", PROMISED, committed(date=LATER), WRONG_STATE),
    Specification("a promise moves", PROMISED, redated(DAY, date=LATER), RECORDED),
    Specification(
        "a promise moves to a release",
        (*RELEASED, committed(date=DAY)),
        redated(DAY, **RELEASE),
        RECORDED,
    ),
    Specification("a promise moves to a release that nobody planned", PROMISED, redated(DAY, **RELEASE), UNKNOWN),
    Specification("a promise moves to nothing", PROMISED, redated(DAY), NO_PROMISE),
    Specification("a promise moves to where it is", PROMISED, redated(DAY, date=DAY), refused("NOTHING_CHANGED")),
    Specification(
        "a promise moves from elsewhere",
        PROMISED,
        redated(LATER, date="2026-07-01"),
        flagged("PROMISE_DISAGREES"),
    ),
    Specification("a promise moves twice", (*PROMISED, redated(DAY, date=LATER)), redated(LATER, date="2026-07-01"), RECORDED),
    Specification("a promise that is none moves", WAITING, redated(DAY, date=LATER), WRONG_STATE),
    Specification("a promise of what is there moves", (*PROMISED, FULFILLED), redated(DAY, date=LATER), WRONG_STATE),
    Specification("nobody waits for what has ended", (*MEMBERS, CANCELLED), waits("dependency/1", PAYMENTS, APOLLO), ENDED),
    Specification("nothing is repointed to what has ended", (*BETWEEN, CANCELLED), repointed(GEMINI, APOLLO), ENDED),
    Specification("nothing is repointed to what nobody knows", WAITING, repointed(PAYMENTS, "product/none"), UNKNOWN),
    Specification("two wait for each other", WAITING, BACK, CIRCLE),
    Specification("two wait for a third", WAITING, waits("dependency/2", GEMINI, PAYMENTS), RECORDED),
    Specification("one waits for two", WAITING, waits("dependency/2", APOLLO, GEMINI), RECORDED),
    Specification("one waits for another twice", WAITING, waits("dependency/2", APOLLO, PAYMENTS), RECORDED),
    Specification("three wait in a row", WAITING, waits("dependency/2", PAYMENTS, GEMINI), RECORDED),
    Specification("three wait in a circle", CHAIN, LAST, CIRCLE),
    Specification(
        "three who are blocked in a circle",
        CHAIN,
        waits("dependency/3", GEMINI, APOLLO, "blocks"),
        CIRCLE,
    ),
    Specification(
        "who shares something waits for nobody",
        CHAIN,
        waits("dependency/3", GEMINI, APOLLO, "shares"),
        RECORDED,
    ),
    Specification(
        "for who shares something nobody waits", (*MEMBERS, waits("dependency/1", APOLLO, PAYMENTS, "shares")), BACK, RECORDED
    ),
    Specification(
        "an end is repointed into a circle",
        (*WAITING, waits("dependency/2", GEMINI, APOLLO)),
        repointed(PAYMENTS, GEMINI),
        CIRCLE,
    ),
    Specification(
        "an end is repointed out of a circle",
        (*CHAIN, repointed(PAYMENTS, GEMINI)),
        waits("dependency/3", PAYMENTS, APOLLO),
        RECORDED,
    ),
    *(one for what in ENDS for one in ends(what)),
]
