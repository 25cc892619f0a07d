"""What may happen to objectives and decisions, and to what auditors note and seal."""

from typing import Any

from msgspec.structs import replace

from tests.rules import RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.matter_specifications import APOLLO, CANCELLED, MEMBERS, PAYMENTS

HASH = "0123456789abcdef" * 4


def objective(member: str | None = APOLLO, subject: str = "objective/1", **data: Any):  # noqa: ANN401  a body holds anything
    """Somebody sets an objective."""
    return fact("objective-set.v1", subject, at=2, title="Better", cycle="2026-Q1", member=member, **data)


def key_result(start: str = "10", target: str = "20", unit: str = "calls"):
    """Something tells how far it is."""
    return fact("key-result-set.v1", "objective/1", at=3, key_result="kr", title="More", start=start, target=target, unit=unit)


def measured(name: str = "kr", date: str = "2026-03-02"):
    """It was measured."""
    return fact("key-result-measured.v1", "objective/1", at=10, key_result=name, value="12", date=date)


def decided(*about: str):
    """A question was decided."""
    choice: dict[str, Any] = {"question": "Which?", "choice": "This one", "decided_by": ["ines"]}
    return fact("decision-recorded.v1", "decision/1", at=4, why="It is cheaper", about=list(about), **choice)


def noted(subject: str = "decision/1", entry: int | None = None, **data: Any):  # noqa: ANN401  a body holds anything
    """Somebody who audits notes something."""
    return fact("audit-note-added.v1", subject, at=10, note="Seen", entry=entry, **data)


def sealed(sha256: str = HASH, subject: str = "decision/1"):
    """A document is sealed."""
    return fact("attachment-sealed.v1", subject, at=10, name="Minutes", sha256=sha256)


SET = (*MEMBERS, objective(), key_result())
FIXED = refused("CORRECTION_FIXED")

OBJECTIVES = [
    Specification("an initiative sets an objective", MEMBERS, objective(), RECORDED),
    Specification("the portfolio sets an objective", MEMBERS, objective(None), RECORDED),
    Specification(
        "an objective contributes to another",
        (*MEMBERS, objective(None)),
        objective(subject="objective/2", parent="objective/1"),
        RECORDED,
    ),
    Specification(
        "an objective of what has ended",
        (*MEMBERS, CANCELLED),
        replace(objective(), time=CANCELLED.time),
        refused("ENDED"),
    ),
    Specification(
        "an objective is described anew",
        (*MEMBERS, objective()),
        replace(objective(owner="eva"), corrects=4),
        RECORDED,
    ),
    Specification(
        "an objective stays with its member",
        (*MEMBERS, objective()),
        replace(objective(PAYMENTS), corrects=4),
        FIXED,
    ),
    Specification(
        "an objective of the portfolio stays its own",
        (*MEMBERS, objective(None)),
        replace(objective(), corrects=4),
        FIXED,
    ),
    Specification("a key result is set", (*MEMBERS, objective()), key_result(), RECORDED),
    Specification("a key result goes down", (*MEMBERS, objective()), key_result("20", "-1.5"), RECORDED),
    Specification(
        "a key result goes nowhere",
        (*MEMBERS, objective()),
        key_result("20", "20.0"),
        refused("NO_DISTANCE"),
    ),
    Specification("a key result is set anew", SET, key_result(target="30"), RECORDED),
    Specification("a key result is set anew in another unit", SET, key_result(unit="days"), refused("OTHER_UNIT")),
    Specification("a key result is measured", SET, measured(), RECORDED),
    Specification("a key result is measured that is none", SET, measured("other"), refused("UNKNOWN_KEY_RESULT")),
    Specification("a key result is measured where it is tomorrow", SET, measured(date="2026-03-03"), RECORDED),
    Specification(
        "a key result is measured that will be",
        SET,
        measured(date="2026-03-04"),
        flagged("DATES_DISAGREE"),
    ),
    Specification("a key result of what has ended is measured", (*SET, CANCELLED), measured(), RECORDED),
    Specification("a key result was measured otherwise", (*SET, measured()), replace(measured(), corrects=6), RECORDED),
    Specification(
        "a measurement is of what there is",
        (*SET, measured()),
        replace(measured("other"), corrects=6),
        refused("UNKNOWN_KEY_RESULT"),
    ),
]
DECISIONS = [
    Specification("a question is decided", MEMBERS, decided(), RECORDED),
    Specification("a question is decided about what has ended", (*MEMBERS, CANCELLED), decided(APOLLO), RECORDED),
    Specification("a decision is worded anew", (*MEMBERS, decided()), replace(decided(APOLLO), corrects=4), RECORDED),
    Specification("an auditor notes something", (*MEMBERS, decided()), noted(), RECORDED),
    Specification(
        "an auditor notes something beside decisions",
        MEMBERS,
        noted("decision/audit", about=[APOLLO]),
        RECORDED,
    ),
    Specification("a decision follows what was noted", (*MEMBERS, noted()), decided(), RECORDED),
    Specification("an auditor notes something on an entry", MEMBERS, noted(entry=3), RECORDED),
    Specification(
        "an auditor notes something on an entry to come",
        MEMBERS,
        noted(entry=4),
        refused("UNKNOWN_ENTRY"),
    ),
    Specification("a document is sealed", (*MEMBERS, decided()), sealed(), RECORDED),
    Specification("a document is sealed twice", (*MEMBERS, decided(), sealed()), sealed(), refused("SEALED_TWICE")),
    Specification("another document is sealed", (*MEMBERS, decided(), sealed()), sealed("f" * 64), RECORDED),
    Specification(
        "a document is sealed for something else",
        (*MEMBERS, decided(), sealed()),
        sealed(subject="decision/2"),
        RECORDED,
    ),
]

SPECIFICATIONS = [*OBJECTIVES, *DECISIONS]
